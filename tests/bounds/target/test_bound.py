"""The bound against attacks, brute force and itself; the construction against independent solvers."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.certificate_instances import flipped_target, small_data

from mtp_theory.attacks import online
from mtp_theory.attacks.minimum import minimum
from mtp_theory.bounds.target import bound, polished
from mtp_theory.bounds.target.polish import exact_rows, on_margin
from mtp_theory.domains import Box, L2Ball
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem
from mtp_theory.targets import canonical
from mtp_theory.training import make_trainer

eighths = st.integers(-8, 8).map(lambda k: Fraction(k, 8))


@st.composite
def lines(draw):
    """Signed clean features in [-1, 1], C_R and a target on the line, all exact in float64."""
    clean = draw(st.lists(eighths, min_size=1, max_size=5))
    c = draw(st.sampled_from([Fraction(1, 16), Fraction(1, 4), Fraction(1)]))
    return clean, c, draw(eighths.map(lambda t: 4 * t).filter(bool))


def fewest(clean, c, theta, limit=400):
    """Least n for which n signed features of [-1, 1] make theta optimal, by trying every n; inf beyond the limit.

    One point pulls with s z, z in [-1, 1], s the slope at theta z: any force between the ends, 0 included.
    """
    kink = 1 / theta
    ends = [Fraction(-1), Fraction(1)]
    forces = [Fraction(0)] + [z for z in [*ends, kink] if abs(z) <= 1 and theta * z <= 1]
    low, high = min(forces), max(forces)
    least = sum((z for z in clean if theta * z < 1), Fraction(0))
    loose = [z for z in clean if theta * z == 1]
    a, b = least + sum(min(z, Fraction(0)) for z in loose), least + sum(max(z, Fraction(0)) for z in loose)
    for n in range(limit):
        wanted = (len(clean) + n) * c * theta
        # wanted in [a, b] + n [low, high]
        if a + n * low <= wanted <= b + n * high:
            return n
    return inf


@given(lines())
@settings(max_examples=40)
def test_integer_brute_force_on_a_line(case):
    clean, c, theta = case
    problem = Problem(
        np.array([[float(z)] for z in clean]), np.ones(len(clean)), "hinge", float(c), Box(-np.ones(1), np.ones(1)),
        bias=False,
    )  # fmt: skip
    true = fewest(clean, c, theta)
    result = bound(problem, [float(theta)], mode="literal", engine="active_set")
    assert result.lower <= true
    if result.status == "unattainable":
        assert true == inf
    if true < inf:
        assert result.lower >= true - 1
        assert result.constructed is None or true <= result.constructed <= true + 1


@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared_hinge"])
@pytest.mark.parametrize("marks", ["box", "integer", "groups"])
@pytest.mark.parametrize("bias", [True, False])
def test_never_above_an_attack_at_the_model_that_it_induces(loss, marks, bias):
    """Online points, flipped rows, random points: the bound at the model that they train is at most their number."""
    for seed in range(3):
        data = small_data(seed, marks=marks)
        problem = data.problem(loss, 0.09, bias=bias)
        rng = np.random.default_rng(seed)
        sets = []
        if loss == "hinge":
            run = online(problem, flipped_target(problem, seed), max_points=7)
            sets.append((run.X, run.y))
        rows = rng.integers(data.n, size=5)
        sets.append((data.X[rows], -data.y[rows]))
        corners = np.array([data.domain().support(rng.normal(size=data.d))[1] for _ in range(4)])
        sets.append((corners, rng.choice([-1.0, 1.0], size=4)))
        for X, y in sets:
            trainer = make_trainer(problem, "active_set" if loss == "hinge" else "auto")
            trainer.add_many(X, y)
            fit = trainer.fit()
            # the float model may be this far from the exact one
            radius = max(1e-8, float(np.sqrt(2 * max(fit.gap, 0.0) / problem.c_r)) * 1.01)
            result = bound(problem, fit.theta, data=data, search=False, radius=radius)
            assert result.status != "unattainable"
            assert result.lower_bound is not None, result.reason
            assert result.lower_bound <= len(y)


def test_canonical_instance_is_settled():
    """18 points are needed and suffice, in both exact modes; a solver that had no part in it recovers the target."""
    problem, fit = canonical()
    for mode in ("radius", "polished"):
        result = bound(problem, fit.theta, mode=mode)
        assert (result.lower_bound, result.constructed, result.status) == (18, 18, "optimal")
        assert result.fractional_minimum == pytest.approx(17.6894, abs=1e-3)
        assert result.lower_value == pytest.approx(17.6894, abs=1e-3)
        assert result.recovered_distance < 1e-6
        assert result.proved_within <= result.radius
        assert result.X.shape == (18, 64)
        assert all(problem.domain.contains(x, 0.0) for x in result.X)
    literal = bound(problem, fit.theta, mode="literal")
    assert literal.lower_bound >= 18


@pytest.mark.parametrize("seed", range(6))
def test_boxes_are_settled_within_two_points(seed):
    data = small_data(seed, n=16, d=4)
    problem = data.problem("hinge", 0.05)
    result = bound(problem, flipped_target(problem, seed, 5), data=data, engine="cvxpy")
    assert result.constructed is not None, result.reason
    assert result.lower_bound <= result.constructed <= min(5, result.lower_bound + 2)
    assert result.recovered_distance < 1e-4


def test_a_larger_radius_or_more_relaxation_never_raises_the_bound():
    data = small_data(3, n=16, d=4)
    problem = data.problem("hinge", 0.05)
    target = flipped_target(problem, 3, 6)
    values = [bound(problem, target, radius=r, search=False).lower_value for r in (1e-9, 1e-6, 1e-4, 1e-3)]
    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1]


def test_polished_rows_lie_exactly_on_the_margin():
    problem, fit = canonical()
    exact = polished(problem, fit.theta)
    rows = on_margin(problem, fit.theta)
    assert rows.size >= 10
    for row in exact_rows(problem, rows):
        assert sum(a * b for a, b in zip(row, exact, strict=True)) == 1
    assert max(abs(float(a) - b) for a, b in zip(exact, fit.theta, strict=True)) < 1e-9


def test_counts_are_rows():
    data = small_data(1)
    problem = data.problem("hinge", 0.09)
    counted = Problem(problem.X, problem.y, "hinge", 0.09, problem.domain, counts=np.arange(1, data.n + 1))
    assert counted.dataset.n == data.n * (data.n + 1) // 2
    target = flipped_target(problem, 1)
    assert bound(counted, target, search=False).lower_bound is not None


def test_unattainable_target():
    data = small_data(0)
    problem = data.problem("hinge", 0.09)
    result = bound(problem, np.full(4, 50.0), data=data)
    assert result.status == "unattainable"
    assert result.lower_bound is None
    assert result.certificate["kind"] == "unattainable"


def test_a_certificate_that_does_not_close_is_not_written(monkeypatch):
    problem, fit = canonical()
    monkeypatch.setattr("mtp_theory.bounds.confirm.confirmed", lambda *given: "planted")
    result = bound(problem, fit.theta)
    assert result.certificate is None
    assert result.lower_bound is None
    assert result.status == "bounds"
    assert "does not close" in result.reason


def test_minimum_attack_with_and_without_enough_points():
    problem, fit = canonical()
    full = minimum(problem, fit.theta)
    assert (full.points, full.status) == (18, "converged")
    assert len(full.rows) == 2
    assert full.rows[0].points == 0
    assert full.rows[-1].distance < 1e-8
    distances = []
    for budget in (0, 12):
        part = minimum(problem, fit.theta, max_points=budget)
        assert part.points <= budget
        assert part.status == "budget"
        # what is proved to be out of reach lies below what was reached
        assert part.extra.refuted is not None
        assert 0 < part.extra.refuted < part.rows[-1].distance
        distances.append(part.rows[-1].distance)
    assert full.rows[-1].distance < distances[1] < distances[0]
    # 12 points come far closer than the share of the way that they can be built for
    assert distances[1] < 0.1
    assert part.extra.bound.lower_bound == 18
    near = minimum(problem, fit.theta, epsilon=0.1)
    assert near.status == "converged"
    assert near.extra.closeness is not None
    assert near.extra.closeness.lower_bound <= near.points < 18
    assert near.rows[-1].distance_upper <= 0.1


def test_minimum_attack_logistic():
    problem, fit = canonical(loss="logistic")
    full = minimum(problem, fit.theta)
    assert (full.points, full.status) == (full.extra.bound.lower_bound, "converged")
    part = minimum(problem, fit.theta, max_points=6)
    assert part.points <= 6
    assert part.status == "budget"
    assert full.rows[-1].distance < part.rows[-1].distance < part.rows[0].distance
    # the frontier is of the hinge loss: nothing is proved about what 6 points reach
    assert part.extra.refuted is None


def test_bad_input():
    problem, fit = canonical()
    with pytest.raises(InputError, match="did you mean 'radius'"):
        bound(problem, fit.theta, mode="radios")
    with pytest.raises(InputError, match="radius"):
        bound(problem, fit.theta, radius=-1.0)
    with pytest.raises(InputError, match="only the target mode"):
        bound(problem, fit.theta, mode="literal", radius=0.1)
    with pytest.raises(InputError, match="shape"):
        bound(problem, fit.theta[:-1])
    ball = Problem(problem.X, problem.y, "hinge", 0.09, L2Ball(np.zeros(64), 1.0), scale=problem.scale)
    with pytest.raises(InputError, match="L2Ball"):
        bound(ball, fit.theta)
    logistic, other = canonical(loss="logistic")
    with pytest.raises(InputError, match="polished"):
        bound(logistic, other.theta, mode="polished")
    exponential = Problem(problem.X, problem.y, "exponential", 0.09, problem.domain, scale=problem.scale)
    with pytest.raises(InputError, match="exponential"):
        minimum(exponential, other.theta)
    with pytest.raises(InputError, match="max_points"):
        minimum(problem, fit.theta, max_points=-1)
