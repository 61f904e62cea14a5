"""K for the hinge loss: programmes against their duals in cvxpy, against rationals, and against facts."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import assume, example, given
from hypothesis import strategies as st
from reference import attainability_dual as dual
from reference import attainability_exact as exact
from reference.attainability_instances import DOMAINS, poisoned_target, problem_of

from mtp_theory.convex_set import fractional_minimum, gamma, lambda_star
from mtp_theory.domains import Box, PerLabel
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem

#: Clarabel stops at 1e-8 of gap; interior-point duals of degenerate instances lose a digit or two.
CVXPY = 1e-5

SEEDS = range(4)


def unit_line(theta: float, c: float, x: float, low: float = -1.0, high: float = 1.0) -> Problem:
    """One clean point (x, +1) on the line, no bias."""
    box = Box(np.array([low]), np.array([high]))
    return Problem(X=np.array([[x]]), y=np.array([1.0]), loss="hinge", c_r=c, domain=box, bias=False)


@pytest.mark.parametrize("kind", DOMAINS)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("bias", [True, False])
def test_agrees_with_the_dual_in_cvxpy(kind: str, seed: int, bias: bool) -> None:
    problem = problem_of(kind, "hinge", seed, bias=bias)
    target = poisoned_target(problem, seed + 1, 6)
    star = lambda_star(problem, target)
    assert star.upper >= star.lower == star.value
    assert star.upper == pytest.approx(star.lower, rel=1e-7)
    assert star.value == pytest.approx(dual.hinge_lambda(problem, target), rel=CVXPY, abs=CVXPY)
    result = fractional_minimum(problem, target)
    assert result.value == pytest.approx(dual.hinge_minimum(problem, target), rel=CVXPY, abs=CVXPY)
    assert result.status == "optimal"
    assert result.kind == ("relaxed" if kind == "mixed" else "exact")


@pytest.mark.parametrize("kind", DOMAINS)
@pytest.mark.parametrize("seed", SEEDS)
def test_both_sides_are_proved_by_what_is_returned(kind: str, seed: int) -> None:
    problem = problem_of(kind, "hinge", seed)
    target = poisoned_target(problem, seed + 1, 6)
    hull = problem.domain.relaxation
    parts = {-1: hull, 1: hull}
    if isinstance(hull, PerLabel):
        parts = {-1: hull.negative, 1: hull.positive}
    star, result = lambda_star(problem, target), fractional_minimum(problem, target)
    for mixture in (star.mixture, result.mixture):
        assert (mixture.masses >= 0).all()
        for x, y, s in zip(mixture.X, mixture.y.tolist(), mixture.slopes, strict=True):
            assert parts[y].contains(x, 1e-6)
            margin = problem.point_margin(target, x, y)
            assert margin <= 1 + 1e-6 if s == 1.0 else s == 0.0 and margin >= 1
    assert star.mixture.total == pytest.approx(1.0, abs=1e-8)
    assert star.mixture.resultant(problem.bias) == pytest.approx(star.lower * target, abs=1e-6)
    assert result.mixture.total == pytest.approx(result.upper, rel=1e-8)
    assert result.residual <= 1e-6
    # the balance, from the data: N c theta_p - sum s_i y_i x_i + mass c theta_p = resultant
    slopes = (problem.margins(target) < 1).astype(float)
    slopes[result.kinks] = result.multipliers
    assert ((result.multipliers >= -1e-9) & (result.multipliers <= 1 + 1e-9)).all()
    Z = problem.y[:, None] * np.column_stack([problem.X, np.ones(len(problem.y))])
    pull = (problem.n_points + result.upper) * problem.c_r * target - slopes @ Z
    assert result.mixture.resultant(True) == pytest.approx(pull, abs=1e-6)
    assert result.mass(1) + result.mass(-1) + result.mass(0) == pytest.approx(result.upper)


@pytest.mark.parametrize("kind", DOMAINS)
@pytest.mark.parametrize("seed", range(3))
def test_no_more_than_the_points_that_made_the_target(kind: str, seed: int) -> None:
    """A target trained on the data and k more points is attainable with at most k of them."""
    problem = problem_of(kind, "hinge", 100 + seed, n=14)
    for count in (1, 5, 17):
        target = poisoned_target(problem, seed, count)
        result = fractional_minimum(problem, target)
        assert result.lower <= count * (1 + 1e-6)
        assert result.upper <= count * (1 + 1e-6)


rationals = st.integers(-8, 8).map(lambda k: Fraction(k, 4))


@st.composite
def lines(draw: st.DrawFn) -> tuple[exact.Line, tuple[Fraction, ...]]:
    """A line problem in eighths and a target, none of whose clean points lies on the margin."""
    bias = draw(st.booleans())
    low = draw(st.sampled_from([Fraction(-1), Fraction(0), Fraction(-1, 2)]))
    high = low + draw(st.sampled_from([Fraction(1), Fraction(3, 2)]))
    points = draw(st.lists(st.tuples(rationals, st.sampled_from([-1, 1]), st.integers(1, 3)), min_size=1, max_size=4))
    c = draw(st.sampled_from([Fraction(1, 8), Fraction(1, 2), Fraction(1), Fraction(2)]))
    target = tuple(draw(rationals) for _ in range(2 if bias else 1))
    assume(any(target))
    line = exact.Line(tuple(points), c, low, high, bias)
    for x, y, _ in points:
        assume(y * (x * target[0] + (target[1] if bias else 0)) != 1)
    return line, target


def as_problem(line: exact.Line) -> Problem:
    """The same problem in float64 (all numbers are dyadic, so nothing is rounded)."""
    return Problem(
        X=np.array([[float(x)] for x, _, _ in line.points]),
        y=np.array([float(y) for _, y, _ in line.points]),
        counts=np.array([n for _, _, n in line.points]),
        loss="hinge",
        c_r=float(line.c_r),
        domain=Box(np.array([float(line.low)]), np.array([float(line.high)])),
        bias=line.bias,
    )


EXTREMAL = (exact.Line(((Fraction(1, 2), 1, 1),), Fraction(2), Fraction(-1), Fraction(1), False), (Fraction(1, 2),))


@given(lines())
@example(EXTREMAL)
def test_one_dimension_in_rationals(case: tuple[exact.Line, tuple[Fraction, ...]]) -> None:
    line, target = case
    problem, theta = as_problem(line), np.array([float(t) for t in target])
    true_lambda, true_minimum = exact.lambda_star(line, target), exact.minimum(line, target)
    star = lambda_star(problem, theta)
    assert star.value == pytest.approx(float(true_lambda), rel=1e-9, abs=1e-9)
    answer = gamma(problem, theta)
    if true_lambda != line.c_r:
        assert answer.attainable == ("yes" if true_lambda > line.c_r else "no")
    else:
        assert answer.extremal
        assert answer.value == 0
    result = fractional_minimum(problem, theta, kink_tolerance=0)
    if true_minimum == inf:
        assert result.status == "unattainable"
        assert result.value == inf
    else:
        assert result.status == "optimal"
        assert result.value == pytest.approx(float(true_minimum), rel=1e-8, abs=1e-8)
        assert result.lower <= float(true_minimum) * (1 + 1e-9) + 1e-9


def test_extremal_target() -> None:
    """theta_p = 1/2 on [-1, 1] with c = 2 is attainable, has gamma = 0 and cannot be reached from (1/2, +1)."""
    problem = unit_line(0.5, 2.0, 0.5)
    answer = gamma(problem, [0.5])
    assert (answer.value, answer.lower) == (0.0, 0.0)
    assert answer.lambda_star.upper == pytest.approx(2.0)
    assert answer.attainable == "yes"
    assert answer.extremal
    result = fractional_minimum(problem, [0.5])
    assert (result.value, result.status) == (inf, "unattainable")
    assert result.direction is not None


def test_unattainable_target() -> None:
    """theta_p = 3 on [-1, 1] with c = 1: lambda* = 1/9 < 1."""
    problem = unit_line(3.0, 1.0, 1.0)
    answer = gamma(problem, [3.0])
    assert answer.lambda_star.value == pytest.approx(1 / 9)
    assert answer.attainable == "no"
    assert answer.value == pytest.approx(-8.0)
    assert fractional_minimum(problem, [3.0]).status == "unattainable"


def test_zero_target_and_clean_minimiser() -> None:
    problem = unit_line(0.0, 1.0, 1.0)
    star = gamma(problem, [0.0])
    assert (star.lambda_star.value, star.value, star.attainable) == (inf, 1.0, "yes")
    # one point at +1 is balanced by one point of mass 1 at -1
    assert fractional_minimum(problem, [0.0]).value == pytest.approx(1.0)
    clean = fractional_minimum(unit_line(0.5, 1.0, 0.5), [0.5])
    assert (clean.value, clean.upper, clean.status) == (0.0, 0.0, "optimal")


def test_one_label_alone() -> None:
    """With the positive label only and a bias feature, 0 is not in K: no model without bias weight is attainable."""
    domain = PerLabel(None, Box(np.array([-1.0]), np.array([1.0])))
    problem = Problem(X=np.array([[0.5]]), y=np.array([1.0]), loss="hinge", c_r=0.5, domain=domain)
    answer = gamma(problem, [0.5, 0.0])
    assert answer.attainable == "no"
    assert answer.lambda_star.value == -inf
    assert gamma(problem, [0.0, 0.0]).lambda_star.value == -inf
    # theta_p = (0, 1/2) needs lambda / 2 = 1 exactly: C_R = 1/2 is too small, 2 is right
    assert gamma(problem, [0.0, 0.5]).attainable == "no"
    at_two = Problem(X=np.array([[0.5]]), y=np.array([1.0]), loss="hinge", c_r=2.0, domain=domain)
    assert gamma(at_two, [0.0, 0.5]).lambda_star.value == pytest.approx(2.0)


def test_free_multipliers_matter() -> None:
    """A clean point exactly on the margin may have any slope in [0, 1]."""
    box = Box(np.array([-1.0]), np.array([1.0]))
    problem = Problem(X=np.array([[1.0]]), y=np.array([1.0]), loss="hinge", c_r=0.5, domain=box, bias=False)
    free = fractional_minimum(problem, [1.0])
    assert (free.value, free.multipliers.tolist()) == (0.0, [0.5])
    moved = Problem(X=np.array([[1.001]]), y=np.array([1.0]), loss="hinge", c_r=0.5, domain=box, bias=False)
    # at margin 1.001 the slope is 0: 0.5 + 0.5 t = t
    assert fractional_minimum(moved, [1.0]).value == pytest.approx(1.0)
    assert fractional_minimum(moved, [1.0], kink_tolerance=0.01).value == 0.0


@pytest.mark.parametrize("seed", range(4))
def test_scaling(seed: int) -> None:
    problem = problem_of("box", "hinge", seed, bias=False)
    target = poisoned_target(problem, seed, 5)
    base, star = fractional_minimum(problem, target).value, lambda_star(problem, target).value
    box = problem.domain
    assert isinstance(box, Box)

    def again(**change: object) -> Problem:
        fields = {k: getattr(problem, k) for k in ("X", "y", "loss", "c_r", "domain", "bias", "counts", "scale")}
        return Problem(**{**fields, **change})  # type: ignore[arg-type]

    # every clean point three times: three times the poison
    assert fractional_minimum(again(counts=3 * problem.counts), target).value == pytest.approx(3 * base, rel=1e-7)
    # features times a, model divided by a, C_R times a^2
    wide = again(X=4 * problem.X, domain=Box(4 * box.lower, 4 * box.upper), c_r=16 * problem.c_r)
    assert fractional_minimum(wide, target / 4).value == pytest.approx(base, rel=1e-7)
    assert lambda_star(wide, target / 4).value == pytest.approx(16 * star, rel=1e-7)
    # mirrored features, and exchanged labels
    mirrored = again(X=-problem.X, domain=Box(-box.upper, -box.lower))
    assert fractional_minimum(mirrored, -target).value == pytest.approx(base, rel=1e-7)
    assert fractional_minimum(again(y=-problem.y), -target).value == pytest.approx(base, rel=1e-7)
    # row order and storage
    order = np.random.default_rng(seed).permutation(len(problem.y))
    shuffled = again(X=problem.X[order], y=problem.y[order])
    assert fractional_minimum(shuffled, target).value == pytest.approx(base, rel=1e-7)
    assert fractional_minimum(again(X=sp.csr_array(problem.X)), target).value == pytest.approx(base, rel=1e-9)
    # a larger domain never needs more, a larger C_R never leaves more room
    larger = again(domain=Box(box.lower - 0.2, box.upper + 0.2))
    assert fractional_minimum(larger, target).value <= base * (1 + 1e-9)
    assert lambda_star(larger, target).value >= star * (1 - 1e-9)


def test_bytes_stand_for_scaled_features() -> None:
    rng = np.random.default_rng(0)
    X = rng.integers(0, 256, size=(9, 3), dtype=np.uint8)
    y = np.array([1.0, -1.0] * 4 + [1.0])
    target = np.array([0.5, -0.75, 0.25, 0.125])
    both = [
        fractional_minimum(Problem(X=data, y=y, loss="hinge", c_r=0.1, domain=Box.unit(3), scale=scale), target).value
        for data, scale in ((X, 255.0), (X / 255.0, 1.0))
    ]
    assert both[0] == pytest.approx(both[1], rel=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_closed_form_of_appendix_c(seed: int) -> None:
    """Without bias on [0, 1]^d: lambda* is at least the closed form, and equal to it for weights of one sign."""
    rng = np.random.default_rng(seed)
    target = rng.normal(size=5)
    y = np.ones(1)
    problem = Problem(X=np.ones((1, 5)), y=y, loss="hinge", c_r=0.1, domain=Box.unit(5), bias=False)

    def closed(t: np.ndarray) -> float:
        return 1 / sum(max(part.max(), part @ part) for part in (np.maximum(t, 0), np.maximum(-t, 0)))

    assert lambda_star(problem, target).upper >= closed(target) * (1 - 1e-9)
    for one_sign in (np.abs(target), -np.abs(target)):
        assert lambda_star(problem, one_sign).value == pytest.approx(closed(one_sign), rel=1e-8)
    # with the constant feature the closed form is not a lower bound
    assert closed(np.array([0.1, 3.0])) > 0.1
    biased = Problem(X=np.ones((1, 1)), y=y, loss="hinge", c_r=0.1, domain=Box.unit(1))
    assert lambda_star(biased, np.array([0.1, -3.0])).upper < 10.0


def test_bad_input() -> None:
    problem = unit_line(0.5, 2.0, 0.5)
    with pytest.raises(InputError, match="shape"):
        fractional_minimum(problem, [0.5, 0.5])
    with pytest.raises(InputError, match="kink tolerance"):
        fractional_minimum(problem, [0.5], kink_tolerance=-1.0)
    with pytest.raises(InputError, match="NaN"):
        gamma(problem, [np.nan])
