"""The network as a learning problem: loss, training, determinism, refusals."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is absent: pip install mtp-theory[dnn]")

from mtp_theory import dnn  # noqa: E402
from mtp_theory.dnn.problem import NetworkTrainer, vector  # noqa: E402
from mtp_theory.dnn.training import train  # noqa: E402
from mtp_theory.errors import InputError  # noqa: E402

#: Differences of float32 sums in another order, after some training.
FLOAT32 = 1e-3


def test_loss_is_two_class_cross_entropy(problem, halves):
    theta, data = problem.clean.theta, halves[0]
    outputs = problem.at(theta)(problem.tensor(data.X, data.scale))
    classes = torch.from_numpy((data.y < 0).astype(np.int64))
    wanted = torch.nn.functional.cross_entropy(outputs, classes).item()
    assert problem.loss_sum(theta) / problem.n_points == pytest.approx(wanted, rel=1e-5)
    assert problem.clean.objective == pytest.approx(problem.objective(theta))
    swapped = torch.nn.functional.cross_entropy(outputs, 1 - classes).item()
    assert problem.loss_sum(theta) / problem.n_points != pytest.approx(swapped, rel=1e-2)


def test_one_seed_one_model_bit_for_bit(problem):
    state = torch.random.get_rng_state()
    again = dataclasses.replace(problem, architecture=problem.architecture, training=problem.training)
    assert np.array_equal(again.clean.theta, problem.clean.theta)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert not np.array_equal(problem.retrained(seed=4).clean.theta, problem.clean.theta)
    # another order alone is another dropout from the same initial weights
    assert not np.array_equal(problem.retrained(order_seed=0).clean.theta, problem.clean.theta)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_copies_and_empty_columns_are_a_matter_of_speed(halves, dropout):
    """Training that multiplies each row once is that on all rows, written out and trained by a plain loop."""
    data, net = halves[0], dnn.Perceptron(64, (16, 8), dropout)
    X = torch.from_numpy(np.asarray(data.X, dtype=np.float32) / 16)
    y = torch.from_numpy((data.y < 0).astype(np.int64))
    counts = torch.ones(len(y), dtype=torch.int64)
    counts[-20:] = 3
    how = dnn.Training(seed=1, epochs=10, learning_rate=0.01, device="cpu")
    ours = vector(train(net, X, y, counts, 0.01, how))
    torch.manual_seed(1)
    network = net()
    adam = torch.optim.Adam(network.parameters(), lr=0.01, weight_decay=0.01)
    rows, classes = X.repeat_interleave(counts, dim=0), y.repeat_interleave(counts)
    for _ in range(10):
        adam.zero_grad()
        torch.nn.functional.cross_entropy(network(rows), classes).backward()
        adam.step()
    np.testing.assert_allclose(ours, vector(network), atol=FLOAT32)
    single = vector(train(net, X, y, torch.ones_like(counts), 0.01, how))
    assert np.abs(ours - single).max() > 10 * FLOAT32


def test_batches_see_every_row(halves):
    how = dnn.Training(seed=1, epochs=5, learning_rate=0.01, batch_size=32, order_seed=7, device="cpu")
    problem = dnn.NetworkProblem.of(halves[0], dnn.Perceptron(64, (16,), 0.0), how, weight_decay=0.01)
    assert problem.error_rate(problem.clean.theta) < 0.05
    assert not np.array_equal(problem.retrained(order_seed=8).clean.theta, problem.clean.theta)


def test_convolutional(halves):
    how = dnn.Training(seed=1, epochs=30, learning_rate=0.02, device="cpu")
    problem = dnn.NetworkProblem.of(halves[0], dnn.Convolutional(8, (4, 4), 8), how, weight_decay=0.01)
    assert problem.error_rate(problem.clean.theta) < 0.1


def test_halves(halves):
    first, second = halves
    assert abs(first.n - second.n) <= 2
    assert abs((first.y > 0).sum() - (second.y > 0).sum()) <= 1
    small, other = dnn.halves(first, 0, rows=40)
    assert small.n == other.n == 40
    rows = {x.tobytes() for x in first.X}
    assert len(rows & {x.tobytes() for x in second.X}) < 3  # equal images apart
    with pytest.raises(InputError, match="too few for halves"):
        dnn.halves(first, 0, rows=0)


@pytest.mark.parametrize(
    ("architecture", "message"),
    [
        (torch.nn.Linear(64, 2), "architecture is a Linear; give a function"),
        (3, "architecture is a int; give a function"),
        (lambda: 3, r"returned a int, no torch.nn.Module"),
        (lambda: torch.nn.Linear(64, 3), r"maps \(2, 64\) to \(2, 3\); it must have two outputs"),
        (lambda: torch.nn.Linear(63, 2), "fails on rows of 64 features"),
        (lambda: torch.nn.Sequential(torch.nn.BatchNorm1d(64), torch.nn.Linear(64, 2)), "state that is no parameter"),
    ],
)
def test_what_is_no_network_is_refused(halves, architecture, message):
    with pytest.raises(InputError, match=message):
        dnn.NetworkProblem.of(halves[0], architecture, dnn.Training(device="cpu"), weight_decay=0.1)


def test_bad_values_are_refused(problem, halves):
    with pytest.raises(InputError, match=r"clean rows: a feature is 16, outside \[0, 1\]"):
        dnn.NetworkProblem.of(
            dataclasses.replace(halves[0], X=16 * halves[0].X, upper=None),
            problem.architecture,
            problem.training,
            weight_decay=0.1,
        )
    with pytest.raises(InputError, match=r"added point: a feature is 1.5, outside \[0, 1\]"):
        NetworkTrainer(problem).add(np.full(64, 1.5), 1)
    for name, value in (("seed", -1), ("seed", 0.5), ("epochs", 0), ("learning_rate", 0.0), ("batch_size", 0)):
        with pytest.raises(InputError, match=f"{name} = "):
            dnn.Training(**{name: value})
    with pytest.raises(InputError, match="unknown device 'gpu'"):
        dnn.Training(device="gpu")
    with pytest.raises(InputError, match="give one hidden layer or more"):
        dnn.Perceptron(64, ())
    with pytest.raises(InputError, match="dropout = 1"):
        dnn.Perceptron(64, (8,), 1.0)
    with pytest.raises(InputError, match="a network is no linear model"):
        problem.split(problem.clean.theta)


@pytest.mark.skipif(torch.cuda.is_available(), reason="a CUDA device is here")
def test_cuda_where_there_is_none():
    with pytest.raises(InputError, match="no such device is here"):
        dnn.Training(device="cuda").on()
