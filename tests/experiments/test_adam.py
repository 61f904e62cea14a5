"""The authors' search: never above the exact maximum, near it on digits; features without weight keep their start."""

from __future__ import annotations

import numpy as np
import pytest
from reference.certificate_instances import flipped_target, small_data

from mtp_theory.datasets import load
from mtp_theory.errors import InputError
from mtp_theory.experiments import adam as module
from mtp_theory.experiments.adam import AdamOracle
from mtp_theory.shadow import Oracle
from mtp_theory.training import make_trainer, train


@pytest.fixture(scope="module")
def case():
    problem = load("digits-1-7").problem("logistic", 0.09)
    trainer = make_trainer(problem)
    trainer.add(np.full(64, 0.5), -1, 60)
    return problem, train(problem).theta, trainer.fit().theta


def test_nearly_the_exact_maximum_and_never_above(case):
    problem, theta, target = case
    found = AdamOracle(problem, target, 12).maximise(theta)
    exact = Oracle(problem.loss, problem.domain, target).maximise(theta)
    assert found.value <= exact.upper == found.upper
    # a start ends when a step gains less than 1e-7; on this instance that is near the maximum
    assert found.value >= 0.999 * exact.value
    assert problem.domain.contains(found.x)
    value = problem.point_loss(theta, found.x, found.y) - problem.point_loss(target, found.x, found.y)
    assert found.value == pytest.approx(value, rel=1e-9)


def test_features_without_weight_keep_their_random_values(case):
    problem, theta, target = case
    theta, target = theta.copy(), target.copy()
    theta[[3, 7]] = target[[3, 7]] = 0.0
    oracle = AdamOracle(problem, target, 12)
    found = oracle.maximise(theta)
    assert any((found.x[[3, 7]] == start[[3, 7]]).all() for start in oracle.starts)
    again = AdamOracle(problem, target, 12).maximise(theta)
    np.testing.assert_array_equal(found.x, again.x)
    assert not np.array_equal(AdamOracle(problem, target, 13).starts, oracle.starts)


def test_planted_descent_is_seen(case, monkeypatch):
    """With the step's sign turned the value falls short of the exact one: the first test would fail."""
    problem, theta, target = case
    monkeypatch.setattr(module, "_ascend", module._ascend.py_func)
    monkeypatch.setattr(module, "LEARNING_RATE", -0.1)
    monkeypatch.setattr(module, "STEPS", 5)
    oracle = AdamOracle(problem, target, 12)
    oracle.starts = oracle.starts[:1]
    exact = Oracle(problem.loss, problem.domain, target).maximise(theta)
    assert oracle.maximise(theta).value < 0.999 * exact.value


@pytest.mark.parametrize("seed", range(6))
def test_integer_features_are_rounded(seed):
    """Points of the domain; what is kept is the rounded point's value, at most the exact maximum over the domain."""
    data = small_data(seed, n=20, d=6, marks="integer")
    problem = data.problem("logistic", 0.05)
    target = flipped_target(problem, seed, 12)
    theta = train(problem).theta
    found = AdamOracle(problem, target, 12).maximise(theta)
    exact = Oracle(problem.loss, problem.domain, target).maximise(theta)
    assert problem.domain.contains(found.x)
    value = problem.point_loss(theta, found.x, found.y) - problem.point_loss(target, found.x, found.y)
    assert found.value == pytest.approx(value, rel=1e-9, abs=1e-12)
    assert 0.9 * exact.value <= found.value <= exact.upper == found.upper


def test_groups_of_features_are_refused():
    problem = small_data(2, marks="groups").problem("logistic", 0.05)
    with pytest.raises(InputError, match="groups"):
        AdamOracle(problem, train(problem).theta, 12)


def test_other_losses_are_refused(case):
    with pytest.raises(InputError, match="use oracle 'auto'"):
        AdamOracle(load("digits-1-7").problem("hinge", 0.09), case[2], 12)
