"""Attacks on networks: the lookup, resume, the identity, what is refused."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is absent: pip install mtp-theory[dnn]")

import mtp_theory as mtp  # noqa: E402
from mtp_theory import dnn  # noqa: E402
from mtp_theory.dnn.targets import NetworkTarget  # noqa: E402
from mtp_theory.errors import InputError  # noqa: E402

#: The outputs are float32; the sums of the identity have some hundred terms.
FLOAT32 = 1e-4


@pytest.fixture(scope="module")
def run(target):
    ledger = dnn.Ledger(target.problem, target.theta)
    return mtp.attack(target, "online", copies=5, max_points=60, stop=ledger, keep_models=True), ledger


def test_every_point_is_the_candidate_of_largest_difference(run, target, problem):
    """Scored by torch itself, one candidate at a time."""
    attack, candidates = run[0], target.search
    chosen = candidates.indices(attack.X[::5], attack.y[::5])
    aim = problem.at(target.theta)
    X = problem.tensor(candidates.X, candidates.scale)
    for theta, row, index in zip(attack.thetas, attack.rows, chosen, strict=False):
        losses = []
        for network in (problem.at(theta), aim):
            wrong = torch.ones(len(X), dtype=torch.int64)
            losses.append(torch.nn.functional.cross_entropy(network(X), wrong, reduction="none").detach().numpy())
        difference = losses[0] - losses[1]
        assert difference[index] == pytest.approx(difference.max(), abs=1e-5)
        assert row.distance == pytest.approx(difference.max(), abs=1e-5)
        assert difference.min() < difference.max() - 1e-3
    assert attack.rows[-1].distance < attack.rows[0].distance
    assert set(attack.y) == {-1.0}
    with pytest.raises(InputError, match="a point is none of them"):
        candidates.indices(1 - attack.X[:1], attack.y[:1])


def test_the_identity_holds_with_training_measured(run, target, problem):
    attack, ledger = run
    balance = ledger.balance(attack)
    scale = abs(balance.gains) + abs(balance.regret)
    assert abs(balance.residual) < FLOAT32 * scale
    # a gain that was not there is seen
    ledger.gains += 0.01 * scale
    assert abs(dnn.Ledger.balance(ledger, attack).residual) > FLOAT32 * scale
    assert attack.last.lower_bound is None  # Theorem 2 says nothing here
    assert math.isnan(attack.last.gap)


def test_killed_and_resumed_is_the_same_run(run, target, tmp_path, halves):
    class Killed(Exception):  # noqa: N818
        pass

    def kill(row):
        if row.points == 35:
            raise Killed

    with pytest.raises(Killed):
        mtp.attack(target, "online", copies=5, max_points=60, folder=tmp_path, checkpoint_every=2, on_row=kill)
    resumed = mtp.attack(
        target, "online", copies=5, max_points=60, folder=tmp_path, checkpoint_every=2, resume=True
    )  # fmt: skip
    assert np.array_equal(resumed.X, run[0].X)
    assert np.array_equal(resumed.theta, run[0].theta)
    assert [r.distance for r in resumed.rows] == [r.distance for r in run[0].rows]
    other = NetworkTarget(target.problem.retrained(seed=4), target.theta, target.search)
    with pytest.raises(InputError, match="belongs to other data, goal, method, seed"):
        mtp.attack(other, "online", copies=5, max_points=60, folder=tmp_path, resume=True)


def test_run_is_saved(run, tmp_path):
    import json

    run[0].save(tmp_path)
    saved = json.loads((tmp_path / "run.json").read_text())
    assert saved["goal"]["goal"] == "network"
    assert saved["goal"]["seed"] == 3
    assert saved["gap"] is None


def test_distance_is_not_negative_with_both_labels(problem, halves):
    """Softmax: what one label gains the other loses, so the larger difference of the two is not negative."""
    rng = np.random.default_rng(0)
    both, one = dnn.flipped(halves[1]), dnn.flipped(halves[1], 1)
    one_sided = []
    for _ in range(10):
        a, b = (rng.normal(size=problem.dim) * 0.3 for _ in range(2))
        assert NetworkTarget(problem, b, both).distance(a).value >= 0
        one_sided.append(NetworkTarget(problem, b, one).distance(a).value)
    assert min(one_sided) < 0


def test_direct_optimisation_stays_in_the_box_and_finds_more(target, problem):
    search = dnn.Ascent(starts=4, steps=60)
    direct = NetworkTarget(problem, target.theta, search)
    theta = problem.clean.theta
    found = direct.distance(theta)
    assert 0 <= found.x.min() <= found.x.max() <= 1
    assert found.upper == math.inf
    assert found.value > target.distance(theta).value
    start = dnn.Ascent(starts=4, steps=1, rate=1e-9)
    assert found.value > NetworkTarget(problem, target.theta, start).distance(theta).value
    again = direct.distance(theta)
    assert np.array_equal(again.x, found.x)


def test_label_flips(problem, halves):
    data = halves[0]
    goal = problem.errors(halves[1].X / halves[1].scale, halves[1].y)
    run = mtp.attack(goal, "label-flip", rows=data.y == 1, at=(70,), max_points=70)
    assert run.rows[-1].error > run.rows[0].error
    assert set(run.y) == {-1.0}


def test_a_method_of_ones_own_works(target):
    class Nearest(mtp.Attack):
        """The first candidate again and again."""

        name = "first"

        def points(self, goal, budget):
            from mtp_theory.attacks.base import Batch

            while True:
                yield Batch(target.search.point(0), -1)

    run = mtp.attack(target, Nearest(), max_points=3)
    assert run.points == 3


def test_what_needs_convexity_is_refused(target):
    for method in ("minimum", "online-gradient", "online-approximate", "online-vertex", "kkt"):
        with pytest.raises(InputError, match="a linear model, got a NetworkProblem"):
            mtp.attack(target, method, max_points=5)
    with pytest.raises(InputError, match="bound: rests on convexity"):
        mtp.bound(target)
    with pytest.raises(InputError, match="gamma: rests on convexity"):
        mtp.gamma(target)


def test_bad_candidates_and_targets_are_refused(problem, target, halves):
    good = target.search
    with pytest.raises(InputError, match=r"candidates: feature 2 is 14, outside \[0, 1\]"):
        NetworkTarget(problem, target.theta, dataclasses.replace(good, X=16 * good.X))
    with pytest.raises(InputError, match="is nan, outside"):
        NetworkTarget(problem, target.theta, dnn.Candidates(np.full((1, 64), np.nan), np.ones(1)))
    with pytest.raises(InputError, match="candidates: 3 features"):
        NetworkTarget(problem, target.theta, dnn.Candidates(np.ones((1, 3)), np.ones(1)))
    with pytest.raises(InputError, match="labels other than"):
        dnn.Candidates(np.ones((1, 64)), np.zeros(1))
    with pytest.raises(InputError, match="candidates: X has shape"):
        dnn.Candidates(np.ones(64), np.ones(1))
    with pytest.raises(InputError, match="search is a str"):
        NetworkTarget(problem, target.theta, "online")
    with pytest.raises(InputError, match="the problem's network has"):
        NetworkTarget(problem, torch.nn.Linear(64, 2), good)
    with pytest.raises(InputError, match="shape"):
        NetworkTarget(problem, np.ones(5), good)
    assert np.array_equal(NetworkTarget(problem, problem.at(target.theta), good).theta, target.theta)
    with pytest.raises(InputError, match="ratio = 0"):
        dnn.flipped_target(problem, label=1, ratio=0, search=good)
    with pytest.raises(InputError, match="label = 2"):
        dnn.flipped(halves[1], 2)
    with pytest.raises(InputError, match="no row has the label 2"):
        dnn.flipped_rows(problem.y, 2, 5, 0)
    with pytest.raises(InputError, match="ascent"):
        dnn.Ascent(starts=0)
