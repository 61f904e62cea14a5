"""The implicit derivative against finite differences of retrained victims."""

import numpy as np
import pytest

from mtp_theory.attacks.sensitivity import Surrogate
from mtp_theory.domains import Box
from mtp_theory.problem import Problem


def problem_of(loss, seed, bias=True):
    rng = np.random.default_rng(seed)
    X = rng.random((30, 4))
    y = np.where(X @ [1.0, -1.0, 0.5, 0.2] + 0.2 * rng.standard_normal(30) > 0.3, 1.0, -1.0)
    return Problem(X, y, loss, 0.05, Box(np.zeros(4), np.ones(4)), bias=bias), rng


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared_hinge"])
@pytest.mark.parametrize("seed", range(4))
def test_is_the_derivative_of_the_retrained_loss(loss, seed, bias):
    problem, rng = problem_of(loss, seed, bias)
    surrogate = Surrogate(problem, rng.random((9, 4)), rng.choice([-1.0, 1.0], 9))
    X, y, copies = rng.random((5, 4)), rng.choice([-1.0, 1.0], 5), np.array([1, 2, 1, 3, 1])
    surrogate.train(X, y, copies)
    exact = surrogate.gradient(X, y, copies)

    def loss_at(Z):
        surrogate.train(Z, y, copies)
        return surrogate.loss

    # float64 models are good to 1e-9 or better: central differences of this step to about 1e-5
    h, seen = 1e-5, 0
    for _ in range(6):
        way = rng.standard_normal(X.shape)
        ends = [loss_at(X + s * h * way) for s in (1.0, -1.0)]
        middle = loss_at(X)
        one_sided = [(ends[0] - middle) / h, (middle - ends[1]) / h]
        if abs(one_sided[0] - one_sided[1]) > 1e-3:
            continue  # a row reaches or leaves margin 1 between the two
        seen += 1
        assert (exact * way).sum() == pytest.approx(0.5 * sum(one_sided), abs=2e-4, rel=1e-3)
    assert seen >= 3


def test_a_free_point_is_among_those_tried():
    """The hinge's second term is not zero everywhere above."""
    problem, _ = problem_of("hinge", 0)
    surrogate = Surrogate(problem, problem.X[:5], problem.y[:5])
    theta = surrogate.train(problem.X[:1], problem.y[:1], np.array([1])).theta
    w, b = problem.split(theta)
    # a point of label 1 moved along w to margin 1 is free, with a multiplier of 0 at first; pushed in, it takes weight
    x = np.full(4, 0.5)
    x = x + (1.0 - 1e-3 - (w @ x + b)) / (w @ w) * w
    surrogate.train(x[None], np.array([1.0]), np.array([4]))
    margin = float(surrogate.fit.theta @ np.append(x, 1.0))
    assert margin == pytest.approx(1.0, abs=1e-9), "the point is not on the margin: another instance is needed"
    exact = surrogate.gradient(x[None], np.array([1.0]), np.array([4]))[0]
    for way in np.eye(4):
        ends = []
        for s in (1.0, -1.0):
            surrogate.train((x + s * 1e-6 * way)[None], np.array([1.0]), np.array([4]))
            ends.append(surrogate.loss)
        assert way @ exact == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-5)
    assert np.abs(exact).max() > 1e-3


def test_equal_points_share_a_row():
    problem, rng = problem_of("hinge", 3)
    x = rng.random(4)
    surrogate = Surrogate(problem, problem.X, -problem.y)
    surrogate.train(np.array([x, x]), np.array([-1.0, -1.0]), np.array([1, 2]))
    apart = surrogate.gradient(np.array([x, x]), np.array([-1.0, -1.0]), np.array([1, 2]))
    surrogate.train(x[None], np.array([-1.0]), np.array([3]))
    together = surrogate.gradient(x[None], np.array([-1.0]), np.array([3]))
    np.testing.assert_allclose(apart.sum(axis=0), together[0], atol=1e-12)
    np.testing.assert_allclose(apart[1], 2 * apart[0], atol=1e-12)


def test_the_flat_derivative_is_another_one_and_a_multiple_of_the_rows_pull():
    problem, rng = problem_of("logistic", 1)
    surrogate = Surrogate(problem, problem.X, problem.y)
    X, y, copies = rng.random((3, 4)), np.array([1.0, -1.0, 1.0]), np.ones(3, dtype=int)
    surrogate.train(X, y, copies)
    flat, exact = surrogate.flat_gradient(X, y, copies), surrogate.gradient(X, y, copies)
    assert np.linalg.matrix_rank(flat) == 1
    assert not np.allclose(flat, exact)
