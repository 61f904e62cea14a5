"""Maximisers on boxes against rational arithmetic: the enclosure without any tolerance, and the tie rule."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from reference import shadow_instances as instances
from reference import shadow_scan

from mtp_theory.domains import Box, Domain, PerLabel
from mtp_theory.losses import Array, Hinge, MarginLoss, PiecewiseLinear, SquaredHinge
from mtp_theory.shadow import maximise

LOSSES = [Hinge(), SquaredHinge(), PiecewiseLinear([2, 1, 0.5, 0], [1.5, 1, 0.75, 0])]
IDS = [loss.key for loss in LOSSES]

#: The enclosure's width, relative to S = sum |a_j| max|x_j| and to psi at the least margin, for d <= 30: four times the
#: slack (2 d + 16) 2^-53 of each form.
WIDTH = 4 * (2 * 30 + 16 + 16) * 2.0**-53


def check_enclosure(loss: MarginLoss, domain: Domain, theta: Array, target: Array, method: str = "auto") -> None:
    """lower <= exact maximum <= upper in rationals, and the enclosure is tight."""
    found = maximise(loss, domain, theta, target, method=method)
    exact = shadow_scan.maximum(loss, domain, theta, target).value
    assert Fraction(found.lower) <= exact <= Fraction(found.upper)
    assert found.lower <= found.value <= found.upper
    parts = [d for d in (domain.negative, domain.positive) if d] if isinstance(domain, PerLabel) else [domain]
    reach = np.max([np.maximum(np.abs(d.lower), np.abs(d.upper)) for d in parts], axis=0)
    size = sum(float(np.abs(w) @ np.append(reach, 1.0)) for w in (theta, target))
    steepest = float(loss.slope(-size)) + 1.0
    assert found.upper - found.lower <= WIDTH * (1.0 + size) * steepest


@pytest.mark.parametrize("loss", LOSSES, ids=IDS)
@pytest.mark.parametrize("seed", range(4))
def test_enclosure_holds_exactly(loss: MarginLoss, seed: int) -> None:
    rng = np.random.default_rng([seed, 1])
    for _ in range(60):
        d = int(rng.integers(1, 8))
        theta, target = instances.models(rng, d)
        check_enclosure(loss, instances.box(rng, d), theta, target)
        check_enclosure(loss, instances.box(rng, d), theta, target, method="scan")
        check_enclosure(loss, instances.one_label(rng, instances.box(rng, d)), theta, target)
        check_enclosure(loss, PerLabel(instances.box(rng, d), instances.box(rng, d)), theta, target)


@pytest.mark.parametrize("loss", LOSSES, ids=IDS)
def test_enclosure_holds_with_cancellation(loss: MarginLoss) -> None:
    """Weights over ten orders of magnitude whose sums nearly cancel."""
    rng = np.random.default_rng(2)
    for _ in range(60):
        d = 30
        theta = rng.normal(size=d + 1) * 10.0 ** rng.uniform(-5, 5, d + 1)
        target = theta * rng.choice([0.5, 1.0, 1.5, -1.0], d + 1) + rng.normal(size=d + 1)
        upper = 10.0 ** rng.uniform(-4, 1, d)
        check_enclosure(loss, Box(np.zeros(d), upper), theta, target)


def check_ties(loss: MarginLoss, domain: Domain, theta: Array, target: Array, method: str) -> bool:
    """Same point and label as the rational scan; instances in halves, so that no sum is rounded."""
    exact = shadow_scan.maximum(loss, domain, theta, target)
    if exact.value <= 0:
        # At a maximum of 0 the compiled search may stop at another of the many maximisers.
        return False
    found = maximise(loss, domain, theta, target, method=method)
    assert found.y == exact.y
    np.testing.assert_allclose(found.x, [float(w) for w in exact.x], rtol=0, atol=1e-12)
    return True


@pytest.mark.parametrize("method", ["auto", "scan"])
@pytest.mark.parametrize("loss", [Hinge(), SquaredHinge()], ids=["hinge", "squared_hinge"])
def test_tie_rule(loss: MarginLoss, method: str) -> None:
    rng = np.random.default_rng(3)
    compared = 0
    for _ in range(300):
        d = int(rng.integers(1, 6))
        theta, target = rng.integers(-2, 3, (2, d + 1)) * 0.5
        domain = Box(-np.ones(d), np.ones(d)) if rng.uniform() < 0.5 else instances.box(rng, d)
        compared += check_ties(loss, domain, theta, target, method)
    assert compared > 150


@pytest.mark.parametrize("method", ["auto", "scan"])
def test_tie_rule_by_hand(method: str) -> None:
    """Both labels reach 1/2 and both features have slope 2: label -1, feature 0 first; feature 2 has no weight."""
    theta, target = np.array([0.5, 0.5, 0.0, 0.0]), np.array([1.0, 1.0, 0.0, 0.0])
    found = maximise("hinge", Box(-np.ones(3), np.ones(3)), theta, target, method=method)
    assert found.y == -1
    np.testing.assert_array_equal(found.x, [-1.0, 0.0, -1.0])
    assert found.value == 0.5
