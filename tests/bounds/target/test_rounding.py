"""Integer sets: points of the domain, margins at most 1, sums nearly those of the relaxation, near the target."""

from __future__ import annotations

import numpy as np
import pytest

from mtp_theory.bounds.target import bound
from mtp_theory.bounds.target.rounding import _quotas, split
from mtp_theory.convex_set import clean_gradient, fractional_minimum
from mtp_theory.datasets import Dataset
from mtp_theory.domains import Box, MixedBox
from mtp_theory.training import make_trainer


def census(seed, rule="at_most_one", n=400):
    """0/1 columns, a group and two continuous columns; the second class has shifted odds."""
    rng = np.random.default_rng(seed)
    y = np.where(rng.random(n) < 0.5, 1.0, -1.0)
    ones = (rng.random((n, 6)) < 0.4 + 0.15 * y[:, None]).astype(float)
    group = np.eye(3)[rng.integers(3, size=n)]
    real = np.clip(0.5 + 0.15 * y[:, None] + 0.2 * rng.normal(size=(n, 2)), 0, 1)
    X = np.hstack([ones, group, real])
    groups = np.array([-1] * 6 + [0] * 3 + [-1] * 2)
    integer = np.array([True] * 9 + [False] * 2)
    return Dataset(X, y, lower=np.zeros(11), upper=np.ones(11), integer=integer, groups=groups,
                   group_rule=rule, name="census")  # fmt: skip


@pytest.mark.parametrize("rule", ["at_most_one", "exactly_one"])
@pytest.mark.parametrize("seed", range(3))
def test_integer_set_comes_near_the_target(seed, rule):
    data = census(seed, rule)
    problem = data.problem("hinge", 0.05)
    trainer = make_trainer(problem)
    rows = np.argsort(problem.margins(trainer.fit().theta))[:60]
    trainer.add_many(data.X[rows], -data.y[rows])
    target = trainer.fit().theta
    result = bound(problem, target, data=data, engine="cvxpy")
    assert result.kind == "relaxed"
    assert result.lower_bound <= 60
    if result.X is None:
        pytest.skip("no split keeps the margins")
    assert all(problem.domain.contains(x, 0.0) for x in result.X)
    assert result.found <= 1.01 * result.lower_bound + 1
    clean = make_trainer(problem).fit().theta
    assert result.recovered_distance < 0.15 * np.linalg.norm(clean - target)
    assert (result.y * problem.decision(target, result.X)).max() <= 1 + 1e-9
    # nothing is called constructed that does not reach the target
    assert result.constructed is None
    assert result.status == "bounds"
    clean_gradient(problem, target)
    assert result.fractional_minimum == pytest.approx(fractional_minimum(problem, target).value, rel=1e-6)


@pytest.mark.parametrize("exactly", [True, False])
def test_quotas_are_near_the_shares(exactly):
    rng = np.random.default_rng(0)
    for _ in range(200):
        k = int(rng.integers(1, 30))
        shares = k * rng.dirichlet(np.ones(4)) * (1.0 if exactly else rng.random())
        quota = _quotas(shares, k, exactly)
        assert quota.sum() <= k
        assert np.abs(quota - shares).max() < 1
        if exactly:
            assert quota.sum() == k


def test_split_keeps_sums_and_levels_margins():
    rng = np.random.default_rng(1)
    domain = MixedBox(Box(np.zeros(6), np.array([1.0, 1, 1, 1, 3, 1])), np.arange(6) < 5, np.full(6, -1))
    data = Dataset(
        np.vstack([np.zeros(6), np.ones(6)]), np.array([1.0, -1.0]), lower=np.zeros(6), upper=domain.upper, name="d"
    )
    problem = data.problem("hinge", 0.1)
    target = rng.normal(size=7)
    k, share = 40, rng.random(6) * domain.upper
    X = split(problem, domain, target, 1, k, k * share)
    assert all(domain.contains(x, 0.0) for x in X)
    assert np.abs(X.sum(axis=0) - k * share).max() <= 0.5 + 1e-9
    margins = problem.decision(target, X)
    assert np.ptp(margins) <= 2 * np.abs(target[:6]).max()
