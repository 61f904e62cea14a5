"""The exact one-dimensional world against definitions and against floats."""

from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtp_theory.domains import Box
from mtp_theory.exact.line import RationalProblem, attack, erm, hinge, regulariser
from mtp_theory.problem import Problem
from mtp_theory.training import train

rationals = st.fractions(min_value=-3, max_value=3, max_denominator=6)
weights = st.sampled_from([F(1, 100), F(1, 3), F(1), F(7, 2)])


def objective(theta, data, c):
    return sum((hinge(theta, s) for s in data), F(0)) + len(data) * c * regulariser(theta)


@given(st.lists(rationals, min_size=1, max_size=6), weights, rationals)
def test_erm_is_a_minimiser(data, c, other):
    theta = erm(data, c)
    assert objective(theta, data, c) <= objective(other, data, c)
    for step in (F(1, 10**6), F(-1, 10**6)):
        assert objective(theta, data, c) < objective(theta + step, data, c)


@given(st.lists(rationals, min_size=1, max_size=5), weights)
def test_erm_agrees_with_the_float_solver(data, c):
    X = np.array([[float(s)] for s in data])
    problem = Problem(X, np.ones(len(data)), "hinge", float(c), Box(np.array([-3.0]), np.array([3.0])), bias=False)
    # Training gap 1e-9 or better; strong convexity c >= 0.01 turns it into sqrt(2e-9 / 0.01) = 5e-4 at worst.
    assert float(erm(data, c)) == pytest.approx(float(train(problem).theta[0]), abs=5e-4)


@given(rationals, rationals, st.fractions(min_value=-1, max_value=1, max_denominator=50))
def test_distance_bounds_every_difference_and_is_attained(a, b, s):
    p = RationalProblem((F(1),), F(1))
    at = p.maximiser(a, b)
    assert hinge(a, s) - hinge(b, s) <= p.distance(a, b)
    assert p.distance(a, b) == hinge(a, at) - hinge(b, at)
    assert -1 <= at <= 1


DOMAINS = [((F(-1), F(1)),), ((F(1, 4), F(1)),), ((F(-2), F(-1, 2)), (F(1, 2), F(2)))]


@pytest.mark.parametrize("domain", DOMAINS)
def test_lambda_star_against_mixtures_of_sampled_points(domain):
    """K from its definition: the hull of -s (margin below 1), 0 (above), all of [-s, 0] at margin 1."""
    grid = [low + (high - low) * F(k, 60) for low, high in domain for k in range(61)]
    for target in (F(1, 2), F(-3, 2), F(4), F(-1, 3)):
        p = RationalProblem((F(1),), F(1), domain)
        points = [1 / target] if any(low <= 1 / target <= high for low, high in domain) else []
        forces = [s if target * s <= 1 else F(0) for s in [*grid, *points]]
        expected = max(f / target for f in forces)
        assert p.lambda_star(target) == expected


@given(st.lists(st.fractions(min_value=-1, max_value=1, max_denominator=8), min_size=1, max_size=4), weights)
def test_every_minimiser_is_attainable_at_its_weight(data, weight):
    p = RationalProblem((F(1),), weight)
    assert p.attainable(erm(data, weight), weight)


def test_models_of_too_large_norm_are_not_attainable():
    p = RationalProblem((F(1),), F(1))
    assert p.attainable(F(1), F(1))
    assert not p.attainable(F(101, 100), F(1))
    assert p.gamma(F(2)) < 0


def test_attack_is_multiset_and_regulariser_grows():
    """With a set union the first poisoning point would be absorbed; here it counts each time."""
    p = RationalProblem(tuple(F(k, 10) for k in (10, 9, 8, 7, 6)), F(1, 10))
    run = attack(p, F(-1), 40)
    assert run.poison[0] == run.poison[1] == F(-1)
    assert p.distance(run.thetas[-1], F(-1)) < p.distance(run.thetas[0], F(-1)) / 10
    assert run.thetas[5] == erm([*p.data, *run.poison[:5]], p.c)


def test_regret_is_the_sum_of_its_definition():
    p = RationalProblem((F(1, 4),), F(1, 2))
    run = attack(p, F(1), 6)
    f = [lambda t, s=s: hinge(t, s) + p.c * regulariser(t) for s in run.poison]
    direct = p.potential(run.thetas[0]) + sum(f[j](run.thetas[j]) for j in range(6))
    best = p.potential(run.thetas[6]) + sum(g(run.thetas[6]) for g in f)
    assert run.regret()[6] == direct - best
