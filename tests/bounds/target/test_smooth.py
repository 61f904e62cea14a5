"""Sets for smooth losses: certified near the target, confirmed by a general convex solver."""

from __future__ import annotations

import numpy as np
import pytest
from reference.certificate_instances import flipped_target, small_data

from mtp_theory.bounds.confirm import confirmed
from mtp_theory.bounds.target import bound, smooth
from mtp_theory.certificates import checker
from mtp_theory.datasets import Dataset
from mtp_theory.domains import MixedBox
from mtp_theory.training import make_trainer


@pytest.mark.parametrize("loss", ["logistic", "squared_hinge"])
@pytest.mark.parametrize("seed", range(2))
def test_set_is_certified_and_recovers_the_target(loss, seed, tmp_path):
    data = small_data(seed, n=16, d=4)
    problem = data.problem(loss, 0.05)
    target = flipped_target(problem, seed, 6)
    result = bound(problem, target, data=data)
    assert result.lower_bound <= 6
    assert result.constructed is not None, result.reason
    assert result.lower_bound <= result.constructed <= 7
    assert result.proved_within <= 1e-8
    trainer = make_trainer(problem, "cvxpy")
    trainer.add_many(result.X, result.y)
    assert np.linalg.norm(trainer.fit().theta - target) < 1e-3
    assert confirmed(result.upper_certificate, data) is None
    false = {**result.upper_certificate, "value": result.constructed - 1}
    false["seal"] = checker.seal(false)
    assert confirmed(false, data) is not None


@pytest.mark.parametrize("marks", ["integer", "groups"])
@pytest.mark.parametrize("seed", range(2))
def test_integer_features_get_a_certified_set_of_the_hull_and_integer_points(marks, seed):
    data = small_data(seed, n=40, marks=marks)
    problem = data.problem("logistic", 0.05)
    assert isinstance(problem.domain, MixedBox)
    target = flipped_target(problem, seed, 16)
    result = bound(problem, target, data=data)
    assert result.constructed is None
    assert result.upper_certificate is not None
    assert result.upper_certificate["domain"] == "hull"
    assert result.lower_bound <= result.upper_certificate["value"] <= result.lower_bound + 3
    assert result.proved_within <= 1e-8
    false = {**result.upper_certificate, "domain": "data"}
    false["seal"] = checker.seal(false)
    assert "outside" in (confirmed(false, data) or "")
    assert all(problem.domain.contains(x) for x in result.X)
    assert 0 < result.recovered_distance < 0.2


def test_large_boxes_are_balanced_too():
    """Four points of 300 features: 1,200 unknowns, 301 equations."""
    rng = np.random.default_rng(0)
    y = np.where(np.arange(60) < 30, 1.0, -1.0)
    X = np.clip(0.5 + 0.1 * y[:, None] + 0.2 * rng.normal(size=(60, 300)), 0, 1)
    data = Dataset(X, y, lower=np.zeros(300), upper=np.ones(300), name="wide")
    problem = data.problem("logistic", 0.05)
    result = bound(problem, flipped_target(problem, 0, 20), data=data)
    assert result.lower_bound <= result.constructed <= result.lower_bound + 1
    assert result.proved_within <= 1e-8


def test_points_off_the_balance_are_not_accepted(monkeypatch):
    """A set that misses the balance by a thousandth does not pass for one that reaches the target."""
    data = small_data(0, n=16, d=4)
    problem = data.problem("logistic", 0.05)
    target = flipped_target(problem, 0, 6)
    monkeypatch.setattr(smooth, "PROGRAMMES", 8)
    finished = smooth._Balance.finished
    monkeypatch.setattr(smooth._Balance, "finished", lambda self, X: np.clip(finished(self, X) + 1e-3, 0, 1))
    assert bound(problem, target, data=data).constructed is None
    monkeypatch.setattr(smooth._Balance, "holds", lambda self, X: True)
    result = bound(problem, target, data=data)
    assert result.constructed is None
    assert result.proved_within > 1e-6
