"""The canonical instance: what it is, by the slow way."""

from __future__ import annotations

import numpy as np
import pytest
from reference.flip_targets import fit_copies

from mtp_theory.datasets import load
from mtp_theory.targets import canonical


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
def test_target_is_the_documented_label_flip(loss: str) -> None:
    digits = load("digits-1-7")
    clean = fit_copies(digits.X, digits.y, loss, 0.09)
    losses = -digits.y * (digits.X @ clean[:-1] + clean[-1])  # both losses fall with the margin
    worst = np.argsort(-losses)[:18]
    # The cut between the 18 chosen rows and the rest is far wider than any solver's error.
    assert np.diff(np.sort(-losses))[17] > 1e-4
    X = np.vstack([digits.X, digits.X[worst], digits.X[worst]])
    y = np.concatenate([digits.y, -digits.y[worst], -digits.y[worst]])
    expected = fit_copies(X, y, loss, 0.09)
    problem, target = canonical(loss=loss)
    assert problem.n_points == 361
    assert target.n_points == 397
    np.testing.assert_allclose(target.theta, expected, atol=1e-4)
    assert target.gap <= 1e-8


def test_planted_wrong_rows_would_be_seen() -> None:
    """Flipping the rows of LOWEST clean loss gives another model, by far more than the tolerance above."""
    digits = load("digits-1-7")
    clean = fit_copies(digits.X, digits.y, "hinge", 0.09)
    best = np.argsort(-digits.y * (digits.X @ clean[:-1] + clean[-1]))[:18]
    wrong = fit_copies(
        np.vstack([digits.X, digits.X[best], digits.X[best]]),
        np.concatenate([digits.y, -digits.y[best], -digits.y[best]]),
        "hinge",
        0.09,
    )
    assert np.abs(canonical()[1].theta - wrong).max() > 0.1


def test_without_bias_and_for_other_losses() -> None:
    problem, target = canonical(loss="squared_hinge", c_r=0.5, bias=False)
    assert problem.dim == target.theta.size == 64
    assert problem.objective(target.theta) > 0
