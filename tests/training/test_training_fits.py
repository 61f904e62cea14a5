"""Random degenerate fits against an independent conic formulation."""

from __future__ import annotations

import numpy as np
import pytest
from reference.training_checks import History, run, stationarity
from reference.training_degenerate import random_problem

from mtp_theory.training import make_trainer
from mtp_theory.training.hinge import sketch

LOSSES = ("hinge", "squared_hinge", "logistic", "exponential")


@pytest.mark.parametrize("block", range(5))
@pytest.mark.parametrize("loss", LOSSES)
def test_degenerate_fits(loss, block):
    """At least 500 fits in all, cold and warm, all storage kinds."""
    fits = 0
    for seed in range(block * 15, block * 15 + 15):
        problem, batches = random_problem(np.random.default_rng(seed), loss)
        fits += run(problem, batches, make_trainer)
    assert fits >= 25  # 4 losses x 5 blocks x 25


@pytest.mark.parametrize("block", range(3))
def test_degenerate_fits_with_sketch(block, monkeypatch):
    """The same with screening through a sketch, which short rows do not use by themselves."""
    monkeypatch.setattr(sketch, "SKETCH_FROM", 1)
    monkeypatch.setattr(sketch, "SKETCH", 2)
    monkeypatch.setattr(sketch, "SKETCH_SHARE", 1)
    for seed in range(1000 + block * 15, 1000 + block * 15 + 15):
        run(*random_problem(np.random.default_rng(seed), "hinge"), make_trainer)


@pytest.mark.parametrize("seed", range(25))
def test_hinge_stationarity(seed):
    """0 lies in the subdifferential of the objective, by least squares over the slopes at the kink."""
    problem, batches = random_problem(np.random.default_rng(2000 + seed), "hinge")
    history, trainer = History(problem), make_trainer(problem)
    for batch in [[], *batches]:
        for x, y, copies in batch:
            trainer.add(x, y, copies)
            history.add(x, y, copies)
        theta = trainer.fit().theta
        size = np.abs(history.Z).max() + problem.c_r * np.linalg.norm(theta)
        assert stationarity(history, theta) <= 1e-7 * size


@pytest.mark.parametrize("loss", ["squared_hinge", "logistic", "exponential"])
def test_smooth_stationarity(loss):
    """The gradient vanishes to the accuracy that the gap promises."""
    for seed in range(20):
        problem, _ = random_problem(np.random.default_rng(3000 + seed), loss)
        fit, history = make_trainer(problem).fit(), History(problem)
        slopes = problem.loss.slope(history.Z @ fit.theta) * history.counts
        gradient = problem.c_r * fit.theta - slopes @ history.Z / history.counts.sum()
        assert gradient @ gradient / (2 * problem.c_r) <= fit.gap + 1e-14


@pytest.mark.parametrize(
    ("loss", "engine"),
    [
        (loss, engine)
        for loss in LOSSES
        for engine in ("liblinear", "cvxpy")
        if (loss, engine) != ("exponential", "liblinear")
    ],
)
def test_other_engines_agree(loss, engine):
    """Every engine finds the same objective on well-behaved data."""
    rng = np.random.default_rng(7)
    for _ in range(3):
        problem, _ = random_problem(rng, loss)
        if problem.c_r < 1e-3 or problem.scale != 1 or np.abs(problem.X).max() > 10:
            continue
        ours, other = make_trainer(problem).fit(), make_trainer(problem, engine, tolerance=1e-6).fit()
        assert ours.objective <= other.objective + 1e-8 * other.objective
        assert other.objective <= ours.objective + other.gap + 1e-12
