"""The convex companion: softmax with weight decay c is logistic regression with C_R = c/2, and the theory applies."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is absent: pip install mtp-theory[dnn]")

import mtp_theory as mtp  # noqa: E402
from mtp_theory import dnn  # noqa: E402
from mtp_theory.errors import InputError  # noqa: E402
from mtp_theory.training import train  # noqa: E402


@pytest.fixture(scope="module")
def companion(problem, target):
    return dnn.last_layer(problem, problem.clean.theta, target.search)


def test_softmax_is_logistic_regression_with_half_the_decay(problem, companion):
    last, _ = companion
    softmax = dnn.softmax_last_layer(last, problem.c_r)
    assert last.c_r == problem.c_r / 2
    np.testing.assert_allclose(softmax, last.clean.theta, atol=1e-5)
    whole = train(dataclasses.replace(last, c_r=problem.c_r)).theta
    assert np.abs(softmax - whole).max() > 1e-2


def test_features_are_the_inputs_of_the_last_layer(problem, halves):
    theta, data = problem.clean.theta, halves[0]
    found = dnn.features(problem, theta, data.X, data.scale)
    last = list(problem.at(theta).children())[-1]
    weights = last.weight.detach().double().numpy()
    decision = found @ (weights[0] - weights[1]) + float((last.bias[0] - last.bias[1]).detach())
    np.testing.assert_allclose(decision, problem.decision(theta, data.X, data.scale), atol=1e-4)


def test_lookup_over_candidates_is_below_the_box(companion):
    last, candidates = companion
    flips = dnn.flipped_rows(last.y, 1, 60, 0)
    trainer = last.trainer()
    trainer.add_many(last.X[flips], -last.y[flips])
    target = last.target(trainer.fit().theta)
    looked = dnn.Lookup(last, target.theta, candidates).maximise(last.clean.theta)
    assert looked.value <= mtp.distance(target, last.clean.theta).upper
    assert 0 < mtp.gamma(target).lower < 1
    answer = mtp.bound(target, search=False)
    assert 0 < answer.lower <= 60  # the flips themselves reach it


def test_networks_without_a_last_layer_are_refused(halves, target):
    class Whole(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = torch.nn.Linear(64, 2)

        def forward(self, x):
            return self.inner(x)

    problem = dnn.NetworkProblem.of(halves[0], Whole, dnn.Training(epochs=1, device="cpu"), weight_decay=0.1)
    with pytest.raises(InputError, match="that ends with a Linear"):
        dnn.last_layer(problem, np.zeros(problem.dim), target.search)
