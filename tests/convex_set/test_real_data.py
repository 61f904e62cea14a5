"""K on real data: the canonical instance, and slow checks on Adult and MNIST."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from reference import attainability_dual as dual

from mtp_theory.convex_set import fractional_minimum, gamma
from mtp_theory.datasets import load
from mtp_theory.problem import Problem
from mtp_theory.targets.canonical import FLIPPED_COPIES, FLIPPED_SHARE, canonical
from mtp_theory.targets.pool import FlipPool, highest_loss_copies
from mtp_theory.training import train

#: Seconds for one hinge programme at d = 784 on one busy core; 0.1 to 0.3 on a free one.
HINGE_SECONDS = 5.0


def test_canonical_instance_needs_18_points() -> None:
    problem, fit = canonical()
    result = fractional_minimum(problem, fit.theta)
    assert result.status == "optimal"
    assert result.value == pytest.approx(17.6894, abs=1e-3)
    assert result.value == pytest.approx(dual.hinge_minimum(problem, fit.theta), rel=1e-5)
    assert result.mass(-1) + result.mass(1) == pytest.approx(result.upper)
    answer = gamma(problem, fit.theta)
    assert answer.attainable == "yes"
    assert answer.lambda_star.value == pytest.approx(dual.hinge_lambda(problem, fit.theta), rel=1e-5)


def test_canonical_mixture_retrains_to_the_target() -> None:
    """Clean data with the fractional poison as weights: an independent training finds the target again."""
    import cvxpy as cp

    problem, fit = canonical()
    result = fractional_minimum(problem, fit.theta)
    rows = np.vstack([np.asarray(problem.X, dtype=float) / problem.scale, result.mixture.X])
    y = np.concatenate([problem.y, result.mixture.y])
    weights = np.concatenate([problem.counts.astype(float), result.mixture.masses])
    Z = y[:, None] * np.column_stack([rows, np.ones(len(y))])
    theta = cp.Variable(problem.dim)
    hinge = cp.sum(cp.multiply(weights, cp.pos(1 - Z @ theta)))
    cp.Problem(cp.Minimize(hinge + weights.sum() * problem.c_r / 2 * cp.sum_squares(theta))).solve(
        solver=cp.CLARABEL, tol_gap_abs=1e-12, tol_gap_rel=1e-12, tol_feas=1e-12
    )
    # an objective gap of 1e-12 leaves |theta - theta_p|^2 <= 2e-12 / (mass * C_R)
    assert np.linalg.norm(theta.value - fit.theta) < 1e-5


def test_canonical_logistic_instance_has_a_bound() -> None:
    problem, fit = canonical(loss="logistic")
    result = fractional_minimum(problem, fit.theta)
    assert result.status == "optimal"
    assert 0 < result.lower <= result.upper <= 36 * (1 + 1e-3)
    assert gamma(problem, fit.theta).attainable == "yes"


def flipped_target(name: str, loss: str, data_dir: Path) -> tuple[Problem, np.ndarray]:
    """The canonical recipe on another data set."""
    pool = FlipPool(load(name, data_dir=data_dir), loss, 0.09, bias=True, from_training=True)
    copies = highest_loss_copies(pool.margins(pool.clean_fit.theta), pool.clean.loss, FLIPPED_SHARE, FLIPPED_COPIES)
    return pool.clean, pool.fit(copies).theta


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["hinge", "logistic"])
@pytest.mark.parametrize("name", ["adult", "mnist-1-7"])
def test_both_sides_meet(name: str, loss: str, data_dir: Path) -> None:
    problem, target = flipped_target(name, loss, data_dir)
    started = time.process_time()
    result = fractional_minimum(problem, target)
    seconds = time.process_time() - started
    assert result.status == "optimal"
    flips = 2 * int(FLIPPED_SHARE * problem.n_points)
    # the flipped rows lie in the domain, so they are a poisoning of that mass
    assert 0 < result.lower <= flips * (1 + 1e-3)
    assert result.upper <= result.lower * (1 + 1e-4)
    answer = gamma(problem, target)
    assert answer.lambda_star.upper <= answer.lambda_star.lower * (1 + 2e-4)
    # the target is trained on rows of the domain, the clean ones and flipped ones
    assert answer.lambda_star.upper >= problem.c_r
    if loss == "hinge":
        assert seconds < HINGE_SECONDS


@pytest.mark.slow
def test_clean_model_needs_nothing(data_dir: Path) -> None:
    problem = load("mnist-1-7", data_dir=data_dir).problem("hinge", 0.09)
    result = fractional_minimum(problem, train(problem).theta)
    assert result.upper == pytest.approx(0.0, abs=1e-3)
