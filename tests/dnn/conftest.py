"""A small perceptron on digits 1-7; every test here but those of the door needs PyTorch."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from mtp_theory import dnn, load

if find_spec("torch") is None:
    collect_ignore = ["test_attack.py", "test_grid.py", "test_last_layer.py", "test_problem.py"]


def pytest_report_header(config):
    if find_spec("torch") is None:
        return "tests/dnn: skipped but for the door's, PyTorch is absent; pip install mtp-theory[dnn]"
    return None


@pytest.fixture(scope="session")
def halves():
    return dnn.halves(load("digits-1-7"), seed=0)


@pytest.fixture(scope="session")
def problem(halves):
    how = dnn.Training(seed=3, epochs=40, learning_rate=0.02, device="cpu")
    return dnn.NetworkProblem.of(halves[0], dnn.Perceptron(64, (32, 8), 0.2), how, weight_decay=0.02)


@pytest.fixture(scope="session")
def target(problem, halves):
    return dnn.flipped_target(problem, label=1, ratio=0.45, search=dnn.flipped(halves[1], 1))
