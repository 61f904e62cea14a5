"""Running: every kind on the digits, skipping, kill -9, processes, dask with a worker that dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from mtp_theory.attacks.label_flip import LabelFlip
from mtp_theory.datasets import load
from mtp_theory.errors import InputError, UndecidedError
from mtp_theory.experiments import Store, expand, load_grid, run, status
from mtp_theory.experiments import schedule as module
from mtp_theory.experiments.kinds.attacked import check_own
from mtp_theory.experiments.seeds import generator
from mtp_theory.experiments.setting import share_of
from mtp_theory.experiments.spec import FRACTIONS
from mtp_theory.shadow import Oracle
from mtp_theory.shadow.distance import distance
from mtp_theory.targets import search
from mtp_theory.training import make_trainer, train

#: Seconds until a process must have written or a worker must have answered; ordinarily one or two.
PATIENCE = 90.0

SMALL = """
name: small
defaults: {data: digits-1-7, loss: hinge, c_r: 0.09}
runs:
  - {name: targets, kind: targets, method: label_flip, goals: [0.03]}
  - name: attack-{n}
    each: {n: [5, 6, 7, 8, 9, 10]}
    kind: online
    target: targets:0.03
    max_points: "{n}"
  - {name: minimum, kind: minimum, model: "attack-10:induced"}
"""


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return load_grid(path)


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """The committed small grid, run in two processes."""
    folder = tmp_path_factory.mktemp("digits")
    grid = load_grid("digits-small")
    outcome = run(grid, folder=folder, jobs=2)
    assert outcome.complete, outcome.failed
    assert sorted(outcome.done) == sorted(r.name for r in expand(grid))
    store = Store(folder)
    return grid, folder, {r.name: store.read(r) for r in expand(grid)}


def test_second_time_everything_is_skipped(digits):
    grid, folder, results = digits
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*.json")}
    assert len(before) == len(results)
    outcome = run(grid, folder=folder)
    assert outcome.done == []
    assert sorted(outcome.skipped) == sorted(results)
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*.json")} == before
    assert {row["state"] for row in status(grid, folder)} == {"done"}


def test_small_grid_has_every_kind(digits):
    from mtp_theory.experiments import KINDS
    from mtp_theory.experiments.spec import NETWORKS

    networks = {kind.kind for kind in NETWORKS}
    assert {r.spec.kind for r in expand(digits[0])} == set(KINDS) - networks
    assert {r.spec.kind for r in expand(load_grid("networks-small"))} == networks


def test_results_are_what_they_say(digits):
    """Attack, target and bounds recomputed from the models in the results."""
    _, _, results = digits
    dataset = load("digits-1-7")
    problem = dataset.problem("hinge", 0.09)
    target = np.array(results["targets"].models["0.05"])
    online, induced = results["online"], np.array(results["online"].models["induced"])
    assert online.values["status"] == "converged"
    assert distance(problem, induced, target).upper <= 0.1
    assert online.values["euclidean"] == pytest.approx(float(np.linalg.norm(induced - target)))
    accuracy = 100 * (1 - problem.error_rate(induced))
    assert online.values["accuracy"]["test"]["1"] == pytest.approx(accuracy)
    candidates, _ = search(dataset, "hinge", 0.09, method="koh", grid="koh")
    assert results["targets"].values["candidates"] == len(candidates)
    best = min((c for c in candidates if c.error_rate > 0.05), key=lambda c: c.clean_loss)
    np.testing.assert_allclose(target, best.theta, atol=1e-8)
    # Theorem 2's bound at any model is at most t*; no integer features, so relaxed is exact.
    bounds = results["induced"].values["bounds"]
    assert bounds["exact"]["value"] == pytest.approx(bounds["relaxed"]["value"])
    assert bounds["exact"]["value"] <= results["minimum"].values["upper"] * (1 + 1e-6)
    assert results["minimum"].values["lower"] <= online.values["points"]
    # the attack as the authors train: the same count or nearly
    assert abs(results["authors-12"].values["points"] - online.values["points"]) <= 3
    assert results["authors-12"].values["gap_max"] is None


def test_the_minimum_attack_is_no_further_than_the_online_one(digits):
    """Its numbers are those of its models, and at no share is it further than where its search started."""
    _, _, results = digits
    problem = load("digits-1-7").problem("hinge", 0.09)
    target = np.array(results["targets"].models["0.05"])
    found = results["minimum-attack"]
    assert [f["points"] for f in found.values["fractions"].values()] == [
        share_of(f, results["online"].values["points"]) for f in FRACTIONS
    ]
    for share, row in found.values["fractions"].items():
        theta = np.array(found.models[share])
        assert row["test"] == pytest.approx(100 * (1 - problem.error_rate(theta)))
        assert row["distance"] == pytest.approx(distance(problem, theta, target).value)
        assert row["distance"] <= row["start_distance"] + 1e-9
    whole = found.values["fractions"]["1"]
    assert whole["distance"] < whole["start_distance"] <= 0.1


def test_kkt_result_is_its_retrained_model(digits):
    _, _, results = digits
    problem = load("digits-1-7").problem("hinge", 0.09)
    for share, row in results["kkt"].values["fractions"].items():
        theta = np.array(results["kkt"].models[share])
        assert row["test"] == pytest.approx(100 * (1 - problem.error_rate(theta)))
        assert row["points"] == int(float(share) * results["online"].values["points"] + 1e-9)
        assert row["best_pct"] <= row["test"]
        assert row["pairs_open"] == 0
    signs = {s: results[f"lr-kkt-{s}"].values["fractions"]["1"]["euclidean"] for s in ("authors", "correct")}
    assert signs["correct"] < signs["authors"]


def test_label_flip_and_candidates(digits):
    _, _, results = digits
    flips = results["label-flip"].values
    assert flips["points"] == results["online"].values["points"]
    assert list(flips["fractions"]) == ["0.2", "0.4", "0.6", "0.8", "1"]
    for share, row in flips["fractions"].items():
        assert row["points"] == int(float(share) * flips["points"] + 1e-9)
        assert len(row["test"]["each"]) == 3
    # the shares of one repeat in one solver: the last model is that of all flips at once
    problem = load("digits-1-7").problem("hinge", 0.09)
    rng = generator(kind="label_flip", data="digits-1-7", loss="hinge", cluster=None, repeat=1)
    total = flips["points"]
    at_once = LabelFlip(seed=rng, at=(total,)).run(problem.errors(problem.X / 16, problem.y), max_points=total)
    trainer = make_trainer(problem)
    trainer.add_many(at_once.X, at_once.y)
    accuracy = 100 * (1 - problem.error_rate(trainer.fit().theta))
    assert flips["fractions"]["1"]["test"]["each"][1] == pytest.approx(accuracy)
    table = results["candidates"]
    reached = [row for row in table.rows if row[table.columns.index("reached")]]
    points = [row[table.columns.index("points")] for row in reached]
    assert table.values["points"] == (int(min(points)) if points else None)


def test_an_attack_is_measured_and_held_against_the_fewest_points(digits):
    _, _, results = digits
    problem = load("digits-1-7").problem("hinge", 0.09)
    for name in ("attacked", "attacked-target", "attacked-held-out"):
        found = results[name]
        theta = np.array(found.models["induced"])
        assert found.values["accuracy"]["test"] == pytest.approx(100 * (1 - problem.error_rate(theta)))
    held = results["attacked-held-out"].values
    # N counts the victim's rows, not those that the attacker trains on
    assert held["points"] == share_of(0.01, problem.n_points) == 3
    for name in ("attacked", "attacked-target"):
        values = results[name].values
        assert values["points"] == share_of(0.05, problem.n_points)
        assert 1 <= values["own"]["lower"] <= values["points"]
    # the check can fail: fewer points than are proved to be needed stop the run
    own = results["attacked"].values["own"]
    check_own("min-max", own["lower"], own)
    with pytest.raises(UndecidedError, match="are proved to be needed"):
        check_own("min-max", own["lower"] - 1, own)
    with pytest.raises(UndecidedError, match="inf are proved"):
        check_own("min-max", 10**6, own | {"status": "unattainable"})


def test_one_process_and_two_give_the_same_numbers(small, tmp_path):
    for jobs in (1, 2):
        run(small, folder=tmp_path / str(jobs), jobs=jobs)
    a, b = (Store(tmp_path / str(j)) for j in (1, 2))
    for r in expand(small):
        one, two = a.read(r), b.read(r)
        assert (one.values, one.models, one.rows) == (two.values, two.models, two.rows)


def test_killed_at_any_point_goes_on(small, tmp_path):
    """kill -9 after each number of results: complete files only, and the next run does the rest."""
    folder = tmp_path / "out"
    script = (
        "import sys; from pathlib import Path; from mtp_theory.experiments import load_grid, run;"
        "run(load_grid(sys.argv[1]), folder=Path(sys.argv[2]))"
    )
    done_before = 0
    for wanted in (1, 4):
        process = subprocess.Popen([sys.executable, "-c", script, str(small.path), str(folder)])
        end = time.monotonic() + PATIENCE
        while len(list(folder.rglob("*.json"))) < wanted and process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        named = {r.name: r for r in expand(small)}
        for path in folder.rglob("*.json"):
            Store(folder).read(named[path.stem])
        count = len(list(folder.rglob("*.json")))
        assert count >= max(wanted, done_before)
        done_before = count
    outcome = run(small, folder=folder)
    assert len(outcome.skipped) == done_before
    assert len(outcome.done) + len(outcome.skipped) == len(expand(small))


def test_damaged_result_stops_the_grid_and_is_not_overwritten(small, tmp_path):
    run(small, folder=tmp_path / "out")
    path = Store(tmp_path / "out").path(expand(small)[0])
    path.write_text("{}")
    with pytest.raises(InputError, match="--replace"):
        run(small, folder=tmp_path / "out")
    assert path.read_text() == "{}"
    assert [row["state"] for row in status(small, tmp_path / "out")].count("damaged") == 1
    assert run(small, folder=tmp_path / "out", replace_results=True).complete
    assert {row["state"] for row in status(small, tmp_path / "out")} == {"done"}


def test_a_result_of_another_configuration_is_not_taken(small, tmp_path):
    """A changed grid under the same names: the runs that it changes are done anew, those that need them too."""
    text = small.path.read_text()
    run(small, folder=tmp_path / "out")
    old = {r.name: r.key for r in expand(small)}
    small.path.write_text(text.replace("goals: [0.03]", "goals: [0.03, 0.02]"))
    grid = load_grid(small.path)
    changed = {r.name for r in expand(grid) if r.key != old[r.name]}
    assert changed == old.keys()
    states = {row["run"]: row["state"] for row in status(grid, tmp_path / "out")}
    assert {name for name, state in states.items() if state == "outdated"} == changed
    stale = next(r for r in expand(grid) if r.name == "minimum")
    with pytest.raises(InputError, match="another configuration"):
        Store(tmp_path / "out").read(stale)
    outcome = run(grid, folder=tmp_path / "out")
    assert set(outcome.done) == changed
    assert {row["state"] for row in status(grid, tmp_path / "out")} == {"done"}


def test_one_configuration_under_two_names_is_done_once(small, tmp_path, monkeypatch):
    """Both names have the result, also where the second name comes later."""
    started = []
    real = module.perform
    monkeypatch.setattr(module, "perform", lambda key, *rest: started.append(key) or real(key, *rest))
    first = '  - {name: least, kind: minimum, model: "targets:clean"}\n'
    for text in (SMALL + first, SMALL + first + first.replace("least", "again")):
        small.path.write_text(text)
        outcome = run(load_grid(small.path), folder=tmp_path / "out")
    assert outcome.done == ["again"]
    assert len(started) == len(set(started))
    one, two = ((tmp_path / "out" / "small" / f"{n}.json").read_text() for n in ("least", "again"))
    assert json.loads(one)["sha256"] == json.loads(two)["sha256"]
    outcome = run(load_grid(small.path), folder=tmp_path / "both")
    assert {"least", "again"} <= set(outcome.done)


def test_a_failed_run_blocks_only_what_needs_it(small, tmp_path):
    text = SMALL + "  - {name: hard, kind: targets, method: label_flip, goals: [1.0]}\n"
    text += '  - {name: after, kind: minimum, model: "hard:1.0"}\n'
    text += '  - {name: misnamed, kind: minimum, model: "targets:0.3"}\n'
    small.path.write_text(text)
    outcome = run(load_grid(small.path), folder=tmp_path / "out")
    assert set(outcome.failed) == {"hard", "misnamed"}
    assert "no target" in outcome.failed["hard"]
    assert "did you mean '0.03'" in outcome.failed["misnamed"]
    assert outcome.blocked == ["after"]
    assert len(outcome.done) == 8


def test_missing_data_is_told_and_nothing_is_lost(small, tmp_path):
    text = SMALL + "  - {name: none, kind: targets, data: dogfish, method: koh, goals: [0.1]}\n"
    small.path.write_text(text)
    outcome = run(load_grid(small.path), folder=tmp_path / "out", data_dir=str(tmp_path))
    assert list(outcome.failed) == ["none"]
    assert "dogfish" in outcome.failed["none"]
    assert len(outcome.done) == 8


def test_two_processes_do_not_run_one_grid(small, tmp_path):
    from filelock import FileLock

    with FileLock(tmp_path / ".small.lock"), pytest.raises(InputError, match="another process"):
        run(small, folder=tmp_path)


def test_jobs_and_scheduler_are_checked(small, tmp_path, monkeypatch):
    with pytest.raises(InputError, match="jobs"):
        run(small, folder=tmp_path, jobs=0)
    pytest.importorskip("distributed")
    monkeypatch.setattr(module, "CONNECT_SECONDS", 1.0)
    with pytest.raises(InputError, match="check the address"):
        run(small, folder=tmp_path, scheduler="tcp://127.0.0.1:1")


def slow_perform(key, spec, inputs, data_dir):
    """Leave a trace of every start, take a while, then do the run."""
    with open(os.environ["MTP_TRACE"], "a", encoding="utf-8") as trace:
        trace.write(f"{key}\n")
    time.sleep(1.0)
    return module.perform(key, spec, inputs, data_dir)


@pytest.mark.filterwarnings("default")
def test_dask_worker_killed_in_the_middle(small, tmp_path, monkeypatch):
    """Two workers, one is killed while it works: every run has one result, and none that had one is done again."""
    distributed = pytest.importorskip("distributed")
    trace = tmp_path / "trace"
    trace.touch()
    monkeypatch.setenv("MTP_TRACE", str(trace))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    one = run(small, folder=tmp_path / "reference")
    assert one.complete
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        import test_schedule as importable

        monkeypatch.setattr(module, "perform", importable.slow_perform)
        finished: list[str] = []

        def on_run(name: str, seconds: float) -> None:
            finished.append(name)
            if len(finished) == 2:
                worker = next(iter(cluster.workers.values()))
                os.kill(worker.pid, signal.SIGKILL)

        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster:
            outcome = run(small, folder=tmp_path / "out", scheduler=cluster.scheduler_address, on_run=on_run)
    finally:
        sys.path.remove(str(Path(__file__).parent))
    assert outcome.complete, outcome.failed
    assert sorted(outcome.done) == sorted(r.name for r in expand(small))
    assert len(finished) == len(set(finished)) == len(expand(small))
    reference, store = Store(tmp_path / "reference"), Store(tmp_path / "out")
    for r in expand(small):
        assert store.read(r).values == reference.read(r).values
    # only what the dead worker held was started twice
    starts = trace.read_text().split()
    assert len(starts) >= len(expand(small))
    assert max(starts.count(k) for k in set(starts)) <= 1 + module.RETRIES


def test_planted_oracle_that_is_not_the_maximum_is_seen(digits):
    """A bound with too small a maximum in its denominator exceeds t*: the comparison above would catch it."""
    _, _, results = digits
    from mtp_theory.bounds.theorem_2 import theorem_2_value

    problem = load("digits-1-7").problem("hinge", 0.09)
    target = np.array(results["online"].models["induced"])
    clean = train(problem).theta
    upper = Oracle(problem.loss, problem.domain, target).maximise(clean).upper
    honest = theorem_2_value(problem, target, clean, upper)
    assert honest <= results["minimum"].values["upper"]
    assert theorem_2_value(problem, target, clean, 0.02 * upper) > results["minimum"].values["upper"]


def test_authors_trainer_agrees_with_the_exact_one():
    from mtp_theory.experiments.authors import AuthorsTrainer

    for loss in ("hinge", "logistic"):
        problem = load("digits-1-7").problem(loss, 0.09)
        a, b = AuthorsTrainer(problem, 12), make_trainer(problem)
        for trainer in (a, b):
            trainer.add(np.full(64, 0.5), -1, 3)
        # both objectives within 1e-6 of the minimum: models within sqrt(2e-6 / 0.09)
        assert a.n_points == b.n_points == problem.n_points + 3
        assert np.linalg.norm(a.fit().theta - b.fit().theta) < 5e-3
