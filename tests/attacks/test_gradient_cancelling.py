"""Gradient cancelling: derivative, what a small gradient means, its threshold below t*."""

import numpy as np
import pytest

import mtp_theory as mtp
from mtp_theory.attacks.gradient_cancelling import GradientCancelling, direction_threshold, half_square
from mtp_theory.convex_set import fractional_minimum
from mtp_theory.domains import Box
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem
from mtp_theory.training import make_trainer

D = 3


def problem_of(loss, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.random((40, D))
    y = np.where(X @ [1.0, -1.0, 0.5] + 0.1 * rng.standard_normal(40) > 0.3, 1.0, -1.0)
    return Problem(X, y, loss, 0.05, Box(np.zeros(D), np.ones(D))), rng


def reachable(problem, rng, n=20):
    """The model of the clean data and n vertices."""
    trainer = make_trainer(problem)
    trainer.add_many(rng.integers(0, 2, (n, D)).astype(float), rng.choice([-1.0, 1.0], n))
    return trainer.fit().theta


@pytest.mark.parametrize("loss", ["hinge", "logistic", "exponential"])
def test_the_derivative(loss):
    problem, rng = problem_of(loss)
    y = rng.choice([-1.0, 1.0], 5)
    size = half_square(problem, reachable(problem, rng), y)
    X = rng.random(5 * D)
    value, gradient = size(X)
    assert value > 0
    for _ in range(5):
        way = rng.standard_normal(X.size)
        ends = [size(X + s * 1e-6 * way)[0] for s in (1.0, -1.0)]
        assert gradient @ way == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_a_cancelled_gradient_is_the_target_reached(seed):
    problem, rng = problem_of("logistic", seed)
    theta = reachable(problem, rng)
    run = mtp.attack(problem.target(theta), "gradient-cancelling", max_points=20)
    left = run.extra.gradient
    # a local descent: how near it comes depends on where it starts
    assert left < 0.03
    assert np.linalg.norm(run.theta - theta) <= left / problem.c_r * (1 + 1e-6) + 1e-9
    few = mtp.attack(problem.target(theta), "gradient-cancelling", max_points=1)
    assert few.extra.gradient > 3 * left, "one point should not do"


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
@pytest.mark.parametrize("seed", range(6))
def test_the_threshold_is_below_t_star(loss, seed):
    problem, rng = problem_of(loss, seed)
    theta = reachable(problem, rng)
    threshold, least = direction_threshold(problem, theta), fractional_minimum(problem, theta).upper
    assert threshold <= least * (1 + 1e-6) + 1e-6
    assert direction_threshold(problem, problem.clean.theta) == pytest.approx(0.0, abs=1e-4)


def test_what_it_needs():
    problem, _ = problem_of("hinge")
    with pytest.raises(InputError, match="Target"):
        mtp.attack(problem.errors(problem.X, problem.y), "gradient-cancelling", max_points=3)
    with pytest.raises(InputError, match="rounds"):
        GradientCancelling(rounds=0)
