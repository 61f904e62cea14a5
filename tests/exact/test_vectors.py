"""Exact vectors against brute force, the planar shadow and the float solver."""

from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtp_theory.claims.facts.drawing import SeededDraw
from mtp_theory.claims.facts.instances import vector_pair
from mtp_theory.domains import Box, L1Ball
from mtp_theory.errors import InputError
from mtp_theory.exact import vectors as v
from mtp_theory.exact.line import RationalProblem
from mtp_theory.problem import Problem
from mtp_theory.shadow import maximise
from mtp_theory.training import train

small = st.fractions(min_value=-3, max_value=3, max_denominator=4)


def pairs(count):
    for seed in range(count):
        domain, _, theta, target = vector_pair(SeededDraw(f"vectors/{seed}"))
        if domain is not None:
            yield domain, theta, target


def test_distance_without_search_equals_brute_force():
    seen = {type(d).__name__ for d, _, _ in pairs(200)}
    assert seen == {"RationalBox", "CrossPolytope"}
    for domain, theta, target in pairs(400):
        assert v.distance(domain, theta, target) == v.edge_maximum(domain, theta, target)


def test_distance_agrees_with_the_planar_shadow():
    for domain, theta, target in pairs(150):
        if isinstance(domain, v.CrossPolytope):
            space = L1Ball(np.zeros(domain.dim), float(domain.radius))
        else:
            space = Box(np.array(domain.lower, dtype=float), np.array(domain.upper, dtype=float))
        a, b = np.array(theta, dtype=float), np.array(target, dtype=float)
        found = maximise("hinge", space, a, b, bias=False)
        assert found.value == pytest.approx(float(v.distance(domain, theta, target)), abs=1e-9)


@given(small, small)
def test_one_dimension_agrees_with_the_signed_features(a, b):
    line = RationalProblem((F(1),), F(1))
    assert v.distance(v.cube(F(1), 1), (a,), (b,)) == line.distance(a, b)


@given(small, small, st.integers(0, 4))
def test_distance_over_the_whole_space(x, y, k):
    target = (x, y)
    theta = v.combine(F(k, 4), target, v.ZERO, target)
    expected = v.ray_distance(theta, target)
    assert expected == (0 if theta == target else 1 - F(k, 4))
    # the distance over growing cubes tends to it
    assert v.distance(v.cube(F(10**6), 2), theta, target) <= expected
    if target != (0, 0):
        assert v.ray_distance((-x, -y), target) is None
        assert v.distance(v.cube(F(10**6), 2), (-x, -y), target) > 10**4


@given(st.lists(st.tuples(small, small), min_size=1, max_size=4), st.sampled_from([F(1, 20), F(1, 2), F(3)]))
def test_erm_is_the_minimiser(points, weight):
    theta = v.erm(points, weight)

    def objective(t):
        return sum((v.hinge(t, z, 1) for z in points), F(0)) / len(points) + weight * v.regulariser(t)

    for step in ((F(1, 1000), F(0)), (F(0), F(-1, 1000)), (F(-1, 3), F(1, 2))):
        other = v.combine(F(1), theta, F(1), step)
        assert objective(theta) + weight * v.dot(step, step) / 2 <= objective(other)


def test_erm_agrees_with_the_float_solver():
    draw = SeededDraw("erm")
    for _ in range(25):
        points = [tuple(F(draw.integer(-4, 4), 2) for _ in range(2)) for _ in range(3)]
        X = np.array([[float(c) for c in z] for z in points])
        problem = Problem(X, np.ones(3), "hinge", 0.5, Box(np.full(2, -2.0), np.full(2, 2.0)), bias=False)
        assert np.allclose(train(problem, "liblinear").theta, [float(c) for c in v.erm(points, F(1, 2))], atol=1e-4)


def test_planted_a_wrong_breakpoint_is_caught():
    # the ends of [0, 1] alone overestimate the minimum of a function with a kink inside
    theta, target = v.vector(1, 1), v.vector(2, -2)
    box = v.unit_box(2)
    ends = max(
        min((1 - t) + box.support(v.combine(t * y, target, F(-y), theta)) for t in (v.ZERO, v.ONE)) for y in (-1, 1)
    )
    assert ends != v.edge_maximum(box, theta, target)
    assert v.distance(box, theta, target) == v.edge_maximum(box, theta, target)


def test_no_data_is_refused():
    with pytest.raises(InputError, match="no data"):
        v.erm([], F(1))
