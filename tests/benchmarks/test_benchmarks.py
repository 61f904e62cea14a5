"""The benchmarks' two sides do the same work. Nothing here looks at a clock."""

import json

import numpy as np
import pytest

from benchmarks import ablation, paper_way, storage
from benchmarks.__main__ import PARTS, RESULTS
from benchmarks.cases import CASES, available, by_name, synthetic
from benchmarks.clock import Clock, least
from mtp_theory.attacks import online
from mtp_theory.domains import Box, MixedBox
from mtp_theory.problem import Problem
from mtp_theory.shadow import Oracle
from mtp_theory.training import train

#: liblinear at tolerance 1e-8 on objectives of order 1.
OBJECTIVE = 1e-6
#: HiGHS's feasibility tolerance times weights of order 10.
VALUE = 1e-5


def mixed(problem):
    """The same data with 0/1 features but the first two."""
    d = problem.d
    domain = MixedBox(Box.unit(d), np.arange(d) > 1, np.full(d, -1), "at_most_one")
    return Problem(np.rint(problem.X * (np.arange(d) > 1)), problem.y, problem.loss, problem.c_r, domain)


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
def test_paper_training_finds_the_same_minimum(loss):
    problem, target = synthetic(80, 5, loss)
    run = online(problem, target, max_points=30)
    for k in (0, 1, 30):
        grown = Problem(
            np.vstack([problem.X, run.X[:k]]), np.append(problem.y, run.y[:k]), loss, problem.c_r, problem.domain
        )
        theta = paper_way.Training(problem, run.X, run.y).fit(k)
        assert abs(grown.objective(theta) - train(grown).objective) < OBJECTIVE


@pytest.mark.parametrize("integer", [False, True])
def test_paper_programs_find_the_same_maximum(integer):
    problem, target = synthetic(60, 6, "hinge")
    if integer:
        problem = mixed(problem)
    generator = np.random.default_rng(1)
    theirs, ours = paper_way.oracle(problem, target), Oracle(problem.loss, problem.domain, target)
    assert isinstance(theirs, paper_way.IntegerPrograms if integer else paper_way.LinearPrograms)
    for _ in range(6):
        theta = target + generator.normal(size=7)
        value, x, y = theirs.maximise(theta)
        assert value == pytest.approx(ours.maximise(theta).value, abs=VALUE)
        assert problem.point_loss(theta, x, y) - problem.point_loss(target, x, y) == pytest.approx(value, abs=VALUE)


def test_adam_climbs_and_stays_below_the_maximum():
    problem, target = synthetic(60, 4, "logistic")
    theta = target + np.array([2.0, -1.0, 1.0, 0.5, 0.0])
    adam = paper_way.oracle(problem, target)
    value, x, y = adam.maximise(theta)
    best = Oracle(problem.loss, problem.domain, target).maximise(theta)
    assert 0.9 * best.value < value <= best.upper + 1e-12
    assert problem.point_loss(theta, x, y) - problem.point_loss(target, x, y) == pytest.approx(value)
    assert adam.steps >= 2 * paper_way.RESTARTS


def test_every_stage_of_the_ablation_trains_the_same_model():
    problem, target = synthetic(120, 6, "hinge")
    run = online(problem, target, max_points=25)
    models = {}
    for name, make in ablation.stages(problem).items():
        trainer = make()
        trainer.fit()
        for x, y in zip(run.X, run.y, strict=True):
            trainer.add(x, int(y))
            fit = trainer.fit()
        models[name] = np.asarray(getattr(fit, "theta", fit))
    for theta in models.values():
        assert theta == pytest.approx(run.theta, abs=1e-6)


def test_storage_sees_copies_and_allocations(monkeypatch):
    problem, target = synthetic(300, 40, "hinge")
    seen = storage.measure(problem, target, 12)
    assert seen["shared"]
    assert 0 < seen["median_bytes_of_a_fit"] < problem.X.nbytes / 4
    assert 0 < seen["rows_read"]
    assert seen["free"] <= seen["support"]
    # Planted: rows in another memory order are copied once, and a fit that copies the data allocates their size.
    turned = Problem(np.asfortranarray(problem.X), problem.y, "hinge", problem.c_r, problem.domain)
    assert not storage.measure(turned, target, 2)["shared"]
    fit = storage.ActiveSetTrainer.fit
    monkeypatch.setattr(storage.ActiveSetTrainer, "fit", lambda self: (problem.X.copy(), fit(self))[1])
    assert storage.measure(problem, target, 12)["median_bytes_of_a_fit"] >= problem.X.nbytes


def test_cases_and_clock(tmp_path):
    assert sum(c.table for c in CASES) == 6
    assert [c.data for c in available(None, short=True)] == ["digits-1-7", "digits-1-7"]
    (tmp_path / "mnist").mkdir()
    assert {c.data for c in available(str(tmp_path), short=False)} == {"digits-1-7", "mnist-1-7"}
    assert by_name(CASES[0].name) is CASES[0]
    clock = Clock()
    assert clock.call(lambda: 3) == 3
    assert clock.seconds == sum(clock.laps)
    assert least(lambda: None, 3) >= 0


def test_committed_result_is_whole():
    """The book reads it: the cases are all there, with both sides and a load beside them; no path, no host name."""
    text = RESULTS.read_text(encoding="utf-8")
    record = json.loads(text)
    assert [row["case"] for row in record["attacks"]] == [c.name for c in CASES]
    assert not record["short"]
    assert record["threads"] == 1
    assert set(record["runs"]) == set(PARTS)
    assert all(set(run) == {"seconds", "load", "environment"} for run in record["runs"].values())
    assert {row["case"] for row in record["ablation"]} == {c.name for c in CASES if c.loss == "hinge"}
    assert all(row["shared"] for row in record["storage"])
    assert {row["type"] for row in record["storage"]} >= {"uint8", "float64"}
    assert record["growth"]
    assert {row["d"] for row in record["oracles"]} >= {784, 1_000_000}
    for row in record["attacks"]:
        assert row["ratio"]["total"] == pytest.approx(row["paper"]["ms_total"] / row["ours"]["ms_total"])
        assert 0 <= row["ours"]["gap"] <= 1e-8
        assert len(row["ours"]["load"]) == 2
    assert "/work" not in text
    assert "/home" not in text
