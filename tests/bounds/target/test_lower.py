"""The certified lower bound: exact whatever floats chose, never above the truth, and close to t*."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import attainability_exact as exact
from reference.attainability_instances import poisoned_target, problem_of

from mtp_theory.bounds.target.lower import LowerBound, certified_lower
from mtp_theory.certificates import checker
from mtp_theory.certificates import format as write
from mtp_theory.certificates.second import checker as flint_checker
from mtp_theory.certificates.second.arithmetic import fraction
from mtp_theory.convex_set import fractional_minimum
from mtp_theory.datasets import Dataset
from mtp_theory.domains import Box
from mtp_theory.errors import InputError, UndecidedError
from mtp_theory.exact.hull import Hull
from mtp_theory.exact.rows import DataRows
from mtp_theory.exact.sides import Sides
from mtp_theory.problem import Problem

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


def subject_of(problem: Problem, data: Dataset, target: object, radius: Fraction = Fraction(0)) -> write.Subject:
    entries = tuple(Fraction(float(t)) for t in target)  # type: ignore[attr-defined]
    c_r = write.decimal(problem.c_r)
    return write.Subject(data.identity, problem.loss.key, c_r, problem.bias, entries, "radius", radius)


def proved(problem: Problem, target: object, witness: dict[str, object]) -> LowerBound:
    """What a witness proves at radius 0, whatever it is."""
    data = problem.dataset
    top = write.certificate(subject_of(problem, data, target), "lower_bound", 0, witness)
    numerator, denominator, _ = flint_checker.Check(checker.parse(write.text(top).encode()), data, None).sides()
    return LowerBound(fraction(numerator), fraction(denominator), witness)


def ratio(bound: LowerBound) -> Fraction | float:
    """The exact ratio, 0 where it says nothing, inf where no number of points suffices."""
    if bound.numerator <= 0:
        return Fraction(0)
    return bound.numerator / bound.denominator if bound.denominator > 0 else inf


@given(lines(), st.tuples(st.integers(-40, 40), st.integers(-40, 40)), st.integers(0, 4), st.integers(0, 4))
def test_any_witness_is_valid(
    case: tuple[exact.Line, tuple[Fraction, ...]], theta: tuple[int, int], plus: int, minus: int
) -> None:
    """Whatever model and multipliers it names, its bound is at most the true fractional minimum."""
    line, target = case
    if line.points[0][0] == 9 and 9 * target[0] + (target[1] if line.bias else 0) == 1:
        return
    model = [Fraction(t, 16) for t in theta[: len(target)]]
    witness = write.hinge_bound_witness(model, {1: Fraction(plus, 4), -1: Fraction(minus, 4)})
    assert ratio(proved(as_problem(line), target, witness)) <= exact.minimum(line, target)


@given(lines())
def test_the_dual_direction_gives_nearly_everything(case: tuple[exact.Line, tuple[Fraction, ...]]) -> None:
    line, target = case
    problem, theta = as_problem(line), np.array([float(t) for t in target])
    if np.any(problem.margins(theta) == 1):
        return
    true = exact.minimum(line, target)
    result = fractional_minimum(problem, theta, kink_tolerance=0)
    if true == 0 or true == inf or result.direction is None or not np.any(result.direction):
        return
    data = problem.dataset
    bound = certified_lower(problem, data, subject_of(problem, data, theta), result.direction)
    assert true * Fraction(99, 100) <= ratio(bound) <= true


def at_radius(problem: Problem, target: object, direction: object) -> LowerBound:
    data = problem.dataset
    plain = data.problem(problem.loss, problem.c_r, bias=problem.bias)
    return certified_lower(plain, data, subject_of(problem, data, target, RADIUS), direction)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["box", "fixed", "mixed"])
@pytest.mark.parametrize("loss", ["hinge", "squared_hinge", "logistic"])
@pytest.mark.parametrize("seed", range(3))
def test_never_more_than_the_points_that_made_the_target(kind: str, loss: str, seed: int) -> None:
    """With the radius, a bound above the number of points that trained the target would be false."""
    problem = problem_of(kind, loss, seed)
    for count in (1, 7):
        target = poisoned_target(problem, seed, count)
        result = fractional_minimum(problem, target)
        bound = at_radius(problem, target, result.direction)
        assert bound.points is not None
        assert bound.points <= count
        assert bound.value <= result.upper * (1 + 1e-9)
        # the radius and the step cost a little where the dual direction is long
        assert bound.value >= 0.9 * result.value


def test_storage_does_not_matter() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, size=(9, 3), dtype=np.uint8)
    y = np.array([1.0, -1.0] * 4 + [1.0])
    target = np.array([0.5, -0.75, 0.25, 0.125])
    model = [Fraction(t, 8) for t in (3, -5, 2, 1)]
    witness = write.hinge_bound_witness(model, {-1: Fraction(1, 2), 1: Fraction(1)})

    def bound(X: object, scale: float) -> Fraction | float:
        problem = Problem(X=X, y=y, loss="hinge", c_r=0.125, domain=Box.unit(3), scale=scale)  # type: ignore[arg-type]
        return ratio(proved(problem, target, witness))

    value = bound(pixels, 256.0)
    assert value == bound(pixels / 256.0, 1.0) == bound((pixels / 256.0).astype(np.float32), 1.0)
    assert value == bound(pixels.astype(float), 256.0)
    # 255 is no power of two: bytes stand for the exact quotients, floats for themselves
    assert bound(pixels, 255.0) == pytest.approx(bound(pixels / 255.0, 1.0), rel=1e-12)


def test_bad_input() -> None:
    problem = problem_of("box", "hinge", 0)
    data = problem.dataset
    subject = subject_of(problem, data, np.ones(5))
    for direction in (np.zeros(5), np.full(5, np.inf)):
        with pytest.raises(UndecidedError, match="direction"):
            certified_lower(problem, data, subject, direction)
    with pytest.raises(InputError, match="L2Ball"):
        _ = problem_of("l2", "hinge", 0).dataset
    short = write.hinge_bound_witness([Fraction(1)] * 2, {1: Fraction(0), -1: Fraction(0)})
    with pytest.raises(checker.Refused, match="length"):
        proved(problem, np.ones(5), short)
    with pytest.raises(checker.Malformed, match="mu_plus"):
        proved(problem, np.ones(5), {**write.hinge_bound_witness([Fraction(1)] * 5, {1: Fraction(2), -1: Fraction(0)})})


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
            try:
                count += at_radius(problem, target, direction).value > result.upper * (1 + 1e-9)
            except UndecidedError:
                continue
    return count


def test_planted_bugs_overclaim(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bugs in the finder's exact evaluation show."""
    assert overclaims() == 0
    support, reach, products = Hull.support, Sides.reach, DataRows.products
    with monkeypatch.context() as patch:
        # the maximum over X understated
        patch.setattr(Hull, "support", lambda self, form: support(self, form) - abs(form[0]) / 5)
        assert overclaims() > 0
    with monkeypatch.context() as patch:
        # the reach of the loss difference understated
        patch.setattr(Sides, "reach", lambda self, model, mu, far=0: reach(self, model, mu, far) / 2)
        assert overclaims() > 0
    with monkeypatch.context() as patch:
        # margins of the clean points stretched
        patch.setattr(DataRows, "products", lambda self, v: [[2 * m for m in row] for row in products(self, v)])
        assert overclaims() > 0


def test_points_follow_the_ratio() -> None:
    bound = LowerBound(Fraction(7), Fraction(2), {})
    assert (bound.value, bound.points) == (3.5, 4)
    assert replace(bound, numerator=Fraction(-1)).points == 0
    assert replace(bound, denominator=Fraction(0)).points is None
    assert replace(bound, denominator=Fraction(0)).value == inf
