"""The committed sets for goals that are no model: form of the files, and the script's parts that need no data."""

import importlib
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from mtp_theory import datasets
from mtp_theory.errors import InputError
from mtp_theory.training import make_trainer

EXPERIMENTS = Path(__file__).parents[3] / "experiments"
FOLDER = EXPERIMENTS / "results" / "goals"
FILES = sorted(p for p in FOLDER.glob("*.json") if p.stem != "summary")


@pytest.fixture(scope="module")
def goals():
    sys.path.insert(0, str(EXPERIMENTS))
    try:
        return importlib.import_module("goals")
    finally:
        sys.path.remove(str(EXPERIMENTS))


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.stem)
def test_a_row_is_labelled_and_has_its_points(file):
    row = json.loads(file.read_text())
    assert file.stem == f"{row['name']}-{row['goal']}"
    assert row["kind"] == "heuristic"
    # nothing that could be read as a bound
    assert not [k for k in row if "lower" in k or "bound" in k or "certificate" in k]
    assert 0 < row["goal_wrong"] <= row["rows"]
    if row["points"] is None:
        return
    assert row["goal_wrong"] <= row["wrong"] <= row["rows"]
    with np.load(file.with_suffix(".points.npz")) as points:
        assert int(points["counts"].sum()) == row["points"]
        assert set(points["y"]) <= {-1.0, 1.0}
        assert len(np.unique(np.column_stack([points["y"], points["X"]]), axis=0)) == len(points["y"])


def test_the_summary_repeats_every_row(goals):
    summary = json.loads((FOLDER / "summary.json").read_text())
    rows = [json.loads(p.read_text()) for p in FILES]
    assert {r["name"] for r in summary} == set(goals.NAMES)
    key = lambda r: (r["name"], r["goal"])  # noqa: E731
    assert sorted(summary, key=key) == sorted(rows, key=key)


def retrained(goals, file):
    row = json.loads(file.read_text())
    try:
        dataset = datasets.load(row["data"], data_dir=os.environ.get("MTP_DATA_DIR"))
    except InputError as error:
        pytest.skip(f"data not here: {str(error)[:80]}")
    assert dataset.identity == row["identity"]
    problem = dataset.problem(row["loss"], row["c_r"])
    rows = goals.rows_of(row["name"], dataset, problem)
    with np.load(file.with_suffix(".points.npz")) as points:
        X, y, counts = points["X"], points["y"], points["counts"]
    assert all(problem.domain.contains(x) for x in X)
    trainer = make_trainer(problem, "liblinear")
    trainer.add_many(np.repeat(X, counts, axis=0), np.repeat(y, counts))
    assert rows.wrong(trainer.fit().theta) == row["wrong"] >= row["goal_wrong"]
    # planted: without the points the rows are right
    assert rows.wrong(make_trainer(problem).fit().theta) < row["goal_wrong"]


@pytest.mark.parametrize("file", [p for p in FILES if p.stem.startswith("digits")], ids=lambda p: p.stem)
def test_the_points_do_it_on_the_embedded_data(goals, file):
    retrained(goals, file)


@pytest.mark.slow
@pytest.mark.parametrize("file", [p for p in FILES if not p.stem.startswith("digits")], ids=lambda p: p.stem)
def test_the_points_do_it_on_data_that_are_not_embedded(goals, file):
    retrained(goals, file)


def test_first_number_of_points_that_reaches(goals):
    trajectory = goals.stored_errors("points,test_pct\n0,100\n3,75\n7,50\n9,62.5\n", "test_pct", 8)
    assert trajectory == [(0, 0.0), (3, 2.0), (7, 4.0), (9, 3.0)]
    assert [goals.first_reaching(trajectory, k) for k in (2.0, 2.5, 4.5)] == [3, 7, None]


def test_a_set_that_does_for_both_goals_is_taken_for_both(goals, tmp_path):
    found = dict.fromkeys(goals.FOUND, 0) | {"points": 4, "wrong": 9.0}
    for goal, row in (("attack", {"goal_wrong": 7.0, **found}), ("target", {"goal_wrong": 9.0, "points": None})):
        (tmp_path / f"n-{goal}.json").write_text(json.dumps(row | {"goal": goal}))
    (tmp_path / "n-attack.points.npz").write_bytes(b"points")
    goals.settle(tmp_path, "n")
    assert json.loads((tmp_path / "n-target.json").read_text())["points"] == 4
    assert (tmp_path / "n-target.points.npz").read_bytes() == b"points"
    # planted: a goal out of the set's reach does not take it
    (tmp_path / "n-target.json").write_text(json.dumps({"goal": "target", "goal_wrong": 9.5, "points": None}))
    goals.settle(tmp_path, "n")
    assert json.loads((tmp_path / "n-target.json").read_text())["points"] is None


def test_the_paper_has_points_for_six_targets(goals):
    assert [goals.paper_points(n) for n in ("digits", "mnist-0.05", "adult-19")] == [None, 1737.0, 2163.3]


def test_half_spaces_keep_the_rows_wrong(goals):
    dataset = datasets.load("digits-1-7")
    problem = dataset.problem("hinge", 0.09)
    rows = goals.rows_of("digits", dataset, problem)
    rng = np.random.default_rng(3)
    model = rng.normal(size=problem.dim)
    count = rows.wrong(model)
    assert 5 < count < len(rows.y)
    A, b = rows.keep(model, count - 4)
    assert A.shape == (count - 4, problem.dim)
    assert (A @ model <= b + 1e-12).all()
    inside = [near for t in rng.normal(size=(50, problem.dim)) if (A @ (near := model + 0.003 * t) <= b).all()]
    assert inside
    assert all(rows.wrong(near) >= count - 4 for near in inside)
    # planted: the clean model breaks them
    assert not (A @ make_trainer(problem).fit().theta <= b).all()
