"""Theorem 2 at models and along directions: never above t*, and equal to it in the limit."""

from __future__ import annotations

from math import inf, isnan

import numpy as np
import pytest
from reference.attainability_instances import poisoned_target, problem_of

from mtp_theory.bounds.theorem_2 import direction_bound, theorem_2_value
from mtp_theory.convex_set import fractional_minimum
from mtp_theory.domains import Box
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem
from mtp_theory.shadow import maximise


@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared_hinge"])
@pytest.mark.parametrize("seed", range(5))
def test_never_above_the_fractional_minimum(loss: str, seed: int) -> None:
    problem = problem_of("box", loss, seed)
    target = poisoned_target(problem, seed, 6)
    result = fractional_minimum(problem, target)
    rng = np.random.default_rng(seed)
    for _ in range(60):
        theta = target + rng.normal(size=problem.dim) * rng.choice([1e-2, 0.3, 3.0])
        upper = maximise(problem.loss, problem.domain, theta, target, bias=problem.bias).upper
        z = theorem_2_value(problem, target, theta, upper)
        along = direction_bound(problem, target, theta - target)
        assert isnan(z) or z <= along * (1 + 1e-7) + 1e-7
        assert along <= result.upper * (1 + 1e-7) + 1e-7


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
@pytest.mark.parametrize("seed", range(5))
def test_the_dual_direction_reaches_the_fractional_minimum(loss: str, seed: int) -> None:
    """At a model close to the target on the dual ray Theorem 2 itself gives nearly t*: strong duality."""
    problem = problem_of("box", loss, seed)
    target = poisoned_target(problem, seed, 6)
    result = fractional_minimum(problem, target)
    assert result.direction is not None
    assert direction_bound(problem, target, -result.direction) == pytest.approx(result.lower, rel=1e-9)
    theta = target - 1e-5 * result.direction / np.abs(result.direction).max()
    upper = maximise(problem.loss, problem.domain, theta, target, bias=problem.bias).upper
    # 1e-5 away the quadratic terms cost about as much, relative to the directional derivatives
    assert theorem_2_value(problem, target, theta, upper) == pytest.approx(result.value, rel=1e-2)


def test_semantics_of_the_denominator() -> None:
    box = Box(np.array([-1.0]), np.array([1.0]))
    problem = Problem(X=np.array([[1.0]]), y=np.array([1.0]), loss="hinge", c_r=1.0, domain=box, bias=False)
    # theta_p = 3, theta = 1: numerator 4, denominator 2/3 - 4: unattainable
    assert theorem_2_value(problem, [3.0], [1.0], 2 / 3) == inf
    assert isnan(theorem_2_value(problem, [3.0], [3.0], 0.0))
    # theta worse than the target on the clean data: no information, and not an infinite bound
    assert theorem_2_value(problem, [1.0], [2.0], 2.0) < 0
    assert theorem_2_value(problem, [1.0], [0.0], inf) == 0
    with pytest.raises(InputError, match="upper bound"):
        theorem_2_value(problem, [1.0], [2.0], float("nan"))
    # D_c = {(1/2, +1)}, theta_p = 1/2, c = 2: the limit towards smaller models is infinite
    extremal = Problem(X=np.array([[0.5]]), y=np.array([1.0]), loss="hinge", c_r=2.0, domain=box, bias=False)
    # (in float64 the denominator is 0 up to rounding, on the safe side)
    assert direction_bound(extremal, [0.5], [-1.0]) > 1e12
    assert direction_bound(extremal, [0.5], [1.0]) == 0
