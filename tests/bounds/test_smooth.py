"""Sets for smooth losses: certified near the target, confirmed by a general convex solver."""

from __future__ import annotations

import numpy as np
import pytest
from reference.certificate_instances import flipped_target, small_data

from mtp_theory.certificates import checker, write
from mtp_theory.domains import MixedBox
from mtp_theory.minimum import bound
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
    assert write.confirmed(result.upper_certificate, data) is None
    false = {**result.upper_certificate, "value": result.constructed - 1}
    false["seal"] = checker.seal(false)
    assert write.confirmed(false, data) is not None


def test_no_set_on_integer_features():
    data = small_data(0, marks="integer")
    problem = data.problem("logistic", 0.09)
    assert isinstance(problem.domain, MixedBox)
    result = bound(problem, flipped_target(problem, 0), data=data)
    assert result.constructed is None
    assert result.lower_bound is not None
    assert result.reason
