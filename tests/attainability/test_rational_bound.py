"""Model certificates: exact whatever floats chose, never above the truth, and close to t*."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from reference import attainability_exact as exact
from reference.attainability_instances import poisoned_target, problem_of

from mtp_theory.attainability import (
    ModelCertificate,
    exact_bound,
    fractional_minimum,
    model_certificate,
    rational_bound,
)
from mtp_theory.domains import Box
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem
from mtp_theory.targets.canonical import canonical

#: Targets of the tests are trained to about 1e-10; the radius covers that.
RADIUS = Fraction(1, 10**6)

quarters = st.integers(-8, 8).map(lambda k: Fraction(k, 4))


@st.composite
def lines(draw: st.DrawFn) -> tuple[exact.Line, tuple[Fraction, ...]]:
    """A line problem whose clean points avoid the margin at the target."""
    bias = draw(st.booleans())
    points = draw(st.lists(st.tuples(quarters, st.sampled_from([-1, 1]), st.integers(1, 3)), min_size=1, max_size=4))
    target = tuple(draw(quarters.filter(bool)) for _ in range(2 if bias else 1))
    shift = target[1] if bias else 0
    kept = tuple(p for p in points if p[1] * (p[0] * target[0] + shift) != 1) or ((Fraction(9), 1, 1),)
    c = draw(st.sampled_from([Fraction(1, 8), Fraction(1, 2), Fraction(2)]))
    return exact.Line(kept, c, Fraction(-1), Fraction(1), bias), target


def as_problem(line: exact.Line) -> Problem:
    return Problem(
        X=np.array([[float(x)] for x, _, _ in line.points]),
        y=np.array([float(y) for _, y, _ in line.points]),
        counts=np.array([n for _, _, n in line.points]),
        loss="hinge",  # type: ignore[arg-type]
        c_r=float(line.c_r),
        domain=Box(-np.ones(1), np.ones(1)),
        bias=line.bias,
    )


@given(lines(), st.tuples(st.integers(-40, 40), st.integers(-40, 40)), st.integers(0, 4), st.integers(0, 4))
def test_any_certificate_is_valid(
    case: tuple[exact.Line, tuple[Fraction, ...]], theta: tuple[int, int], plus: int, minus: int
) -> None:
    """Whatever model and multipliers it names, its bound is at most the true fractional minimum."""
    line, target = case
    if line.points[0][0] == 9 and 9 * target[0] + (target[1] if line.bias else 0) == 1:
        return
    certificate = ModelCertificate(theta[: len(target)], 16, {-1: Fraction(minus, 4), 1: Fraction(plus, 4)})
    bound = exact_bound(as_problem(line), [float(t) for t in target], certificate)
    assert bound.value <= exact.minimum(line, target)


@given(lines())
def test_the_dual_direction_gives_nearly_everything(case: tuple[exact.Line, tuple[Fraction, ...]]) -> None:
    line, target = case
    problem, theta = as_problem(line), np.array([float(t) for t in target])
    if np.any(problem.margins(theta) == 1):
        return
    true = exact.minimum(line, target)
    result = fractional_minimum(problem, theta, kink_tolerance=0)
    if true == 0 or true == inf or not np.any(result.direction):
        return
    bound = exact_bound(problem, theta, model_certificate(problem, theta, result.direction))
    assert true * Fraction(99, 100) <= bound.value <= true


@pytest.mark.parametrize("kind", ["box", "fixed", "grouped", "exactly_one", "mixed", "per_label"])
@pytest.mark.parametrize("seed", range(4))
def test_never_more_than_the_points_that_made_the_target(kind: str, seed: int) -> None:
    """With the radius, a bound above the number of points that trained the target would be false."""
    problem = problem_of(kind, "hinge", seed)
    for count in (1, 7):
        target = poisoned_target(problem, seed, count)
        result = fractional_minimum(problem, target)
        certificate = model_certificate(problem, target, result.direction, radius=RADIUS)
        bound = exact_bound(problem, target, certificate, radius=RADIUS)
        assert bound.points <= count
        assert float(bound.value) <= result.value * (1 + 1e-9)
        # the radius and the step cost a little where the dual direction is long
        assert float(bound.value) >= 0.9 * result.value


def test_canonical_instance_needs_18_points_exactly() -> None:
    problem, fit = canonical()
    result = fractional_minimum(problem, fit.theta)
    radius = Fraction(1, 10**8)
    certificate = model_certificate(problem, fit.theta, result.direction, radius=radius)
    bound = exact_bound(problem, fit.theta, certificate, radius=radius)
    assert bound.points == 18
    assert float(bound.value) == pytest.approx(17.69, abs=0.1)
    assert exact_bound(problem, fit.theta, certificate).value > bound.value


def test_storage_does_not_matter() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, size=(9, 3), dtype=np.uint8)
    y = np.array([1.0, -1.0] * 4 + [1.0])
    target = np.array([0.5, -0.75, 0.25, 0.125])

    def bound(X: object, scale: float) -> Fraction | float:
        problem = Problem(X=X, y=y, loss="hinge", c_r=0.125, domain=Box.unit(3), scale=scale)  # type: ignore[arg-type]
        certificate = ModelCertificate((3, -5, 2, 1), 8, {-1: Fraction(1, 2), 1: Fraction(1)})
        return exact_bound(problem, target, certificate).value

    value = bound(pixels, 256.0)
    assert value == bound(pixels / 256.0, 1.0) == bound((pixels / 256.0).astype(np.float32), 1.0)
    assert value == bound(sp.csr_array(pixels / 256.0), 1.0)
    assert value == bound(pixels.astype(float), 256.0)
    # 255 is no power of two: bytes stand for the exact quotients, floats for themselves
    assert bound(pixels, 255.0) == pytest.approx(bound(pixels / 255.0, 1.0), rel=1e-12)


def test_bad_input() -> None:
    problem = problem_of("box", "hinge", 0)
    target, zero = np.ones(5), np.zeros(5)
    good = ModelCertificate((1, 1, 1, 1, 1), 2, {-1: Fraction(0), 1: Fraction(0)})
    with pytest.raises(InputError, match="zero"):
        model_certificate(problem, target, zero)
    with pytest.raises(InputError, match="multipliers in"):
        exact_bound(problem, target, replace(good, mu={-1: Fraction(2), 1: Fraction(0)}))
    with pytest.raises(InputError, match="no multiplier"):
        exact_bound(problem, target, replace(good, mu={1: Fraction(0)}))
    with pytest.raises(InputError, match="length"):
        exact_bound(problem, target, replace(good, theta=(1, 1)))
    with pytest.raises(InputError, match="hinge"):
        exact_bound(problem_of("box", "logistic", 0), target, good)
    with pytest.raises(InputError, match="L2Ball"):
        exact_bound(problem_of("l2", "hinge", 0), target, good)


def overclaims() -> int:
    """On how many instances a bound exceeds what a fractional poisoning attains."""
    count = 0
    for seed in range(6):
        problem = problem_of("box", "hinge", seed)
        target = poisoned_target(problem, seed, 7)
        result = fractional_minimum(problem, target)
        # at the dual direction every term is tight at once; others tell the terms apart
        rng = np.random.default_rng(seed)
        for direction in (result.direction, *rng.normal(size=(8, problem.dim))):
            certificate = model_certificate(problem, target, direction, radius=RADIUS)
            count += exact_bound(problem, target, certificate, radius=RADIUS).value > result.upper * (1 + 1e-9)
    return count


def test_planted_bugs_overclaim(monkeypatch: pytest.MonkeyPatch) -> None:
    assert overclaims() == 0
    support = rational_bound._support
    with monkeypatch.context() as patch:
        # the maximum over X understated
        patch.setattr(rational_bound, "_support", lambda domain, form: support(domain, form) - abs(form[0]) / 5)
        assert overclaims() > 0
    with monkeypatch.context() as patch:
        # a label forgotten
        patch.setattr(rational_bound, "labelled", lambda domain: [(1, domain)])
        assert overclaims() > 0
    sums = rational_bound._loss_sum
    with monkeypatch.context() as patch:
        # clean points counted twice
        patch.setattr(rational_bound, "_loss_sum", lambda problem, theta: 2 * sums(problem, theta))
        assert overclaims() > 0
