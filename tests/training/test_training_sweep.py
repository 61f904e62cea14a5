"""The blocked pass over the rows, and Newton's cheaper cold start."""

import numpy as np
import pytest
import scipy.sparse as sp

from mtp_theory.attacks import online
from mtp_theory.domains import Box
from mtp_theory.losses import get_loss
from mtp_theory.problem import Problem
from mtp_theory.targets import canonical
from mtp_theory.training import make_trainer
from mtp_theory.training.rows.store import PointSet
from mtp_theory.training.rows.sweep import BLOCK, LARGEST, decays
from mtp_theory.training.smooth import newton

#: Roundings of a sum of a few hundred terms, relative to the sum of their sizes.
ROUNDINGS = 1e-13


def test_exponentials():
    a = np.concatenate([[0.0, 1e-300, 1e-17, LARGEST], np.random.default_rng(0).exponential(20.0, 5000)])
    out = np.empty_like(a)
    decays(a, out, np.empty_like(a))
    assert np.abs(out / np.exp(-a) - 1.0).max() < 1e-15
    far = np.array([LARGEST + 1, 1e6, np.inf])
    decays(far, out[:3], np.empty(3))
    assert (out[:3] <= 1e-303).all()
    assert (out[:3] >= 0).all()


@pytest.mark.parametrize("storage", ["dense", "bytes", "csr"])
@pytest.mark.parametrize("key", ["squared_hinge", "logistic", "exponential"])
def test_sweep_is_the_formula(key, storage):
    """Sizes around a block, multiplicities 0 to 3, added rows, margins from -60 to 60."""
    loss, rng = get_loss(key), np.random.default_rng(1)
    for n in (1, BLOCK - 1, BLOCK, 2 * BLOCK + 5):
        raw = rng.integers(0, 256, (n, 7)).astype(np.uint8)
        X = raw if storage == "bytes" else raw / 255.0
        problem = Problem(
            sp.csr_matrix(X) if storage == "csr" else X, rng.choice([-1.0, 1.0], n), loss, 0.1, Box.unit(7),
            scale=255.0 if storage == "bytes" else 1.0, counts=np.append(rng.integers(0, 4, n - 1), 1),
        )  # fmt: skip
        points = PointSet(problem)
        points.add(rng.random(7), -1, 2)
        points.add(rng.random(7), 1)
        theta = 20.0 * rng.normal(size=8)
        total, margins, combined = points.sweep(theta, loss.kernel)
        Z, k = points.signed_rows(), points.counts
        Z = Z.toarray() if sp.issparse(Z) else Z
        values, slopes = loss.value(Z @ theta), loss.slope(Z @ theta)
        size = np.abs(Z) @ np.abs(theta)
        assert np.abs(margins - Z @ theta).max() <= ROUNDINGS * size.max()
        # An error in a margin changes value and slope by it times the slope (exponential: relative).
        assert total == pytest.approx(values @ k, rel=1e-12)
        assert np.abs(combined - (slopes * k) @ Z).max() <= 1e-12 * (slopes * k) @ np.abs(Z).max(axis=1)


def test_small_losses_keep_their_digits():
    """log(1 + e) of a block by one logarithm: the sum of tiny terms is right relative to itself."""
    n = BLOCK + 3
    problem = Problem(np.ones((n, 1)), np.ones(n), "logistic", 0.1, Box.unit(1), bias=False)
    for m in (1.0, 30.0, 45.0, 100.0):
        total, _, _ = PointSet(problem).sweep(np.array([m]), 2)
        assert total == pytest.approx(n * np.log1p(np.exp(-m)), rel=1e-13)


@pytest.mark.parametrize("key", ["squared_hinge", "logistic", "exponential"])
def test_cold_start_without_a_hessian(key, monkeypatch):
    """Long rows: with and without the rough start the fits agree to their gaps, and warm ones after them."""
    rng = np.random.default_rng(2)
    y = rng.choice([-1.0, 1.0], 400)
    X = np.clip(0.5 + 0.1 * y[:, None] * rng.normal(size=240) / 4 + 0.2 * rng.normal(size=(400, 240)), 0, 1)
    problem = Problem(X, y, key, 0.1, Box.unit(240))
    fits = []
    for warm_up in (newton.WARM_UP, 10**6):  # the second: a rebuild never costs more, so Hessian at once
        monkeypatch.setattr(newton, "WARM_UP", warm_up)
        trainer = make_trainer(problem)
        fits.append([trainer.fit()])
        for _ in range(5):
            trainer.add(np.ones(240), -1)
            fits[-1].append(trainer.fit())
            assert trainer.full_gap() <= 1e-8
    for one, other in zip(*fits, strict=True):
        assert one.gap <= 1e-8
        assert abs(one.objective - other.objective) <= one.gap + other.gap + 1e-14
    assert fits[0][0].iterations != fits[1][0].iterations


def test_curvature_of_the_new_point_counts():
    """On the attack's own points the first step knows their curvature, and fewer passes are needed than without."""
    problem, target = canonical("digits-1-7", "logistic")
    run = online(problem, target.theta, max_points=80)
    passes = {}
    for known in (True, False):
        trainer = make_trainer(problem)
        trainer.fit()
        passes[known] = 0
        for x, label in zip(run.X, run.y, strict=True):
            trainer.add(x, int(label))
            if not known:
                trainer._news = None
            trainer.fit()
            passes[known] += trainer.passes
    assert passes[True] < 0.9 * passes[False]
