"""Domains: membership, support functions against brute force, and clear errors."""

from itertools import product

import numpy as np
import pytest

from mtp_theory.domains import Box, GroupedBox, L1Ball, L2Ball, MixedBox, PerLabel, Polytope, labelled
from mtp_theory.errors import InputError

GROUPS = np.array([-1, 0, 0, -1, 1, 1])
MIXED = MixedBox(
    Box([0, 0, 0, -1.5, 0, 0], [1, 1, 1, 2.5, 1, 1]), np.array([False, False, False, True, False, False]), GROUPS
)
EXACTLY = MixedBox(MIXED.box, MIXED.integer, GROUPS, "exactly_one")
SQUARE = Polytope(np.vstack([np.eye(2), -np.eye(2)]), np.array([1, 2, 0, 1]))


def points(domain):
    """Extreme points of a mixed domain, by enumeration."""
    values = [np.arange(low, high + 1) if whole else (low, high)
              for low, high, whole in zip(domain.lower, domain.upper, domain.integer, strict=True)]  # fmt: skip
    return [np.array(x) for x in product(*values) if domain.contains(np.array(x))]


@pytest.mark.parametrize("domain", [MIXED, EXACTLY], ids=["at most one", "exactly one"])
def test_mixed_support_is_the_best_of_all_points(domain):
    every = points(domain)
    assert len(every) == (2 * 3 * 4 * 3 if domain is MIXED else 2 * 2 * 4 * 2)
    for c in np.random.default_rng(5).normal(size=(50, 6)):
        value, x = domain.support(c)
        assert domain.contains(x)
        assert value == pytest.approx(max(c @ p for p in every))


def test_integer_bounds_are_rounded_inwards():
    assert MIXED.lower[3] == -1
    assert MIXED.upper[3] == 2
    assert not MIXED.contains([0, 0, 0, 0.5, 0, 0])
    assert not MIXED.contains([0, 1, 1, 0, 0, 0])
    assert isinstance(MIXED.relaxation, GroupedBox)
    assert MIXED.relaxation.contains([0, 0.5, 0.5, 0.5, 0, 0])


@pytest.mark.parametrize(
    "domain",
    [Box([-1, 0], [1, 3]), L1Ball([1.0, 0.0], 2.0), L2Ball([0.0, 1.0], 1.5), SQUARE, MIXED.relaxation],
    ids=lambda d: type(d).__name__,
)
def test_support_bounds_the_domain_and_is_reached(domain):
    rng = np.random.default_rng(6)
    axes = np.eye(domain.dim)
    low, high = (np.array([sign * domain.support(sign * e)[0] for e in axes]) for sign in (-1, 1))
    inside = [x for x in rng.uniform(low, high, size=(1000, domain.dim)) if domain.contains(x)]
    assert len(inside) > 100
    for c in rng.normal(size=(20, domain.dim)):
        value, x = domain.support(c)
        assert domain.contains(x)
        assert value == pytest.approx(c @ x)
        assert max(c @ p for p in inside) <= value + 1e-9


def test_per_label_order_and_missing_label():
    one = PerLabel(None, Box.unit(2))
    assert [label for label, _ in labelled(one)] == [1]
    assert [label for label, _ in labelled(Box.unit(2))] == [-1, 1]
    assert one.relaxation.positive is one.positive


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Box([1.0], [0.0]), "lower 1 > upper 0 at feature 0"),
        (lambda: Box([0.0, 0.0], [1.0]), r"shape \(1,\)"),
        (lambda: Box([np.nan], [1.0]), "not finite"),
        (lambda: L2Ball([0.0], -1.0), "radius"),
        (lambda: Polytope(np.array([[1.0], [-1.0]]), np.array([0.0, -1.0])), "empty"),
        (lambda: Polytope(np.array([[1.0, 0.0]]), np.array([1.0])), "unbounded"),
        (lambda: PerLabel(None, None), "no label"),
        (lambda: MixedBox(Box([0.2], [0.8]), np.array([True]), np.array([-1])), "no integer"),
        (lambda: MixedBox(Box([0.0], [2.0]), np.array([True]), np.array([0])), "need 0 and 1"),
        (lambda: MixedBox(Box.unit(1), np.array([True]), np.array([0]), "one"), "group_rule"),
    ],
)
def test_bad_domains_are_clear_errors(build, message):
    with pytest.raises(InputError, match=message):
        build()
