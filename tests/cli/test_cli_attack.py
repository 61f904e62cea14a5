"""``attack`` with every method and kind of goal, ``evaluate``, and what they refuse."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from command_line import HINGE, mtp

from mtp_theory import datasets
from mtp_theory.attacks.registry import METHODS, method
from mtp_theory.goal import Errors

RNG = np.random.default_rng(3)
Y = np.repeat([1.0, -1.0], 20)
X = np.clip(RNG.normal(0.5, 0.2, (40, 5)) + 0.15 * Y[:, None], 0, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Data with test rows, a target, rows to get wrong."""
    path = tmp_path_factory.mktemp("attack")
    np.savez(path / "data.npz", X=X[::2], y=Y[::2], X_test=X[1::2], y_test=Y[1::2])
    np.savez(path / "rows.npz", X=X[1:5], y=Y[1:5])
    np.savez(path / "flip.npz", X=np.vstack([X[::2], X[:8:2]]), y=np.append(Y[::2], -Y[:8:2]))
    code, _, err = mtp("train", "flip.npz", *HINGE, "--out", "target.npz", cwd=path)
    assert code == 0, err
    return path


def attacked(folder, *args, out="run", goal=("--target", "target.npz"), problem=HINGE):
    return mtp("attack", "data.npz", *goal, *problem, *args, "--out", out, "--json", cwd=folder)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_writes_the_same_folder(folder, name):
    needs = method(name).requires
    goal = ("--rows", "train") if needs.goals == (Errors,) else ("--target", "target.npz")
    problem = [part if part != "hinge" else (needs.losses or ("hinge",))[0] for part in HINGE]
    code, out, err = attacked(
        folder, "--method", name, "--max-points", "4", "--write-data", out=name, goal=goal, problem=problem
    )
    assert code == 0, err
    o = json.loads(out)
    assert o["points"] <= 4
    assert 0 <= o["test_error"] <= 1
    files = {p.name for p in (folder / name).iterdir()} - {"checkpoint.npz"}
    assert files == {"points.npz", "model.npz", "best_model.npz", "trajectory.csv", "run.json", "poisoned.npz"}
    record = json.loads((folder / name / "run.json").read_text())
    assert (record["method"], record["distance"], record["test_error"]) == (name, o["distance"], o["test_error"])
    assert datasets.load(folder / name / "poisoned.npz").n == 20 + o["points"]
    # what the points do is the same, whoever measures it
    code, out, err = mtp(
        "evaluate", "data.npz", "--points", f"{name}/points.npz", *problem, *goal, "--json", cwd=folder
    )
    assert code == 0, err
    e = json.loads(out)
    assert e["points"] == o["points"]
    assert e["outside"] == 0
    # two fits of one set agree to within their gaps
    if "--target" in goal:
        assert e["distance"] == pytest.approx(o["distance"], abs=1e-3)
    assert (e["train_error"], e["test_error"]) == (o["train_error"], o["test_error"])


@pytest.mark.parametrize("rows", ["train", "test", "rows.npz"])
def test_errors_in_place_of_a_target(folder, rows):
    code, out, err = attacked(
        folder, "--method", "label-flip", "--max-points", "6", "--seed", "1", out=f"on-{rows}", goal=("--rows", rows)
    )
    assert code in (0, 3), err
    o = json.loads(out)
    assert o["distance"] is None
    assert "no target" in o["reason"]
    assert 0 <= o["error"] <= o["best_error"] <= 1
    if rows != "rows.npz":
        assert o["error"] == o[f"{rows}_error"]
    table = list(csv.DictReader((folder / f"on-{rows}" / "trajectory.csv").read_text().splitlines()))
    assert table[-1]["distance"] == ""
    assert float(table[-1]["error"]) == o["error"]


def test_list_names_every_method():
    code, out, _ = mtp("attack", "--list", cwd=Path())
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()][: len(METHODS)] == list(METHODS)


@pytest.mark.parametrize(
    ("args", "goal", "message"),
    [
        ((), ("--target", "target.npz"), "no end of its own"),
        (("--method", "label-flip"), ("--target", "target.npz"), "no end of its own"),
        (("--method", "kkt"), ("--target", "target.npz"), "max_points"),
        (("--method", "onlin", "--max-points", "3"), ("--target", "target.npz"), "did you mean 'online'"),
        (("--max-points", "3"), ("--rows", "train"), "got Errors"),
        (("--max-points", "3"), (), "got neither"),
        (("--max-points", "3"), ("--target", "target.npz", "--rows", "train"), "got both"),
        (("--method", "minimum", "--resume"), ("--target", "target.npz"), "cannot be resumed"),
        (("--method", "minimum", "--copies", "2"), ("--target", "target.npz"), "unknown option"),
        (("--max-points", "3", "--option", "copies"), ("--target", "target.npz"), "NAME=VALUE"),
        (("--max-points", "3", "--epsilon", "0.1", "--method", "label-flip"), ("--rows", "train"), "no target"),
    ],
)
def test_bad_input_leaves_nothing(folder, args, goal, message):
    code, out, err = attacked(folder, *args, out="never", goal=goal)
    assert code == 2
    assert out == ""
    assert message in err
    assert len(err.splitlines()) == 1
    assert not (folder / "never").exists()


def test_resumed_label_flips_go_on(folder):
    for points, more in (("3", ()), ("5", ("--resume",))):
        code, out, err = attacked(folder, "--method", "label-flip", "--max-points", points, *more, out="again")
        assert code == 0, err
    assert json.loads(out)["points"] == 5


def test_evaluate_takes_bytes_and_counts_what_lies_outside(folder):
    np.savez(folder / "bytes.npz", X=np.full((3, 5), 130, dtype=np.uint8), y=np.array([1, -1, 1]), scale=100.0)
    code, out, err = mtp(
        "evaluate", "data.npz", "--points", "bytes.npz", *HINGE, "--rows", "rows.npz", "--model", "m.npz", "--json",
        cwd=folder,
    )  # fmt: skip
    assert code == 0, err
    o = json.loads(out)
    assert (o["points"], o["outside"], o["distance"]) == (3, 3, None)
    assert "--target" in o["reason"]
    theta = datasets.load_model(folder / "m.npz", 6)
    wrong = Y[1:5] * (X[1:5] @ theta[:-1] + theta[-1]) < 0
    assert o["rows_error"] == pytest.approx(wrong.mean())


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"X": np.zeros((2, 5))}, "'y' is missing"),
        ({"X": np.zeros((2, 4)), "y": np.ones(2)}, "shape"),
        ({"X": np.zeros((2, 5)), "y": np.zeros(2)}, "label"),
        ({"X": np.full((2, 5), np.nan), "y": np.ones(2)}, "NaN"),
        ({"X": np.zeros((2, 5)), "y": np.ones(2), "scale": np.float64(2)}, "scale"),
        ({"X": np.zeros((2, 5), dtype=np.uint8), "y": np.ones(2), "scale": np.float64(-2)}, "scale"),
        ({"X": np.zeros((2, 5), dtype=complex), "y": np.ones(2)}, "complex"),
        ({"X": np.zeros((0, 5)), "y": np.zeros(0)}, "no points"),
    ],
)
def test_evaluate_refuses_bad_points(folder, arrays, message):
    np.savez(folder / "bad.npz", **arrays)
    code, out, err = mtp("evaluate", "data.npz", "--points", "bad.npz", *HINGE, cwd=folder)
    assert (code, out) == (2, "")
    assert message in err


def test_a_target_that_is_the_clean_model_says_so(folder):
    args = ("target", "data.npz", "--method", "koh", *HINGE, "--out", "koh.npz", "--json")
    code, out, err = mtp(*args, "--goal", "0", cwd=folder)
    assert code in (0, 3), err
    if code == 0:
        o = json.loads(out)
        assert o["clean"] == (o["parameters"]["points"] == 0) == ("reason" in o)


def test_resume_keeps_a_run_of_another_problem_method_or_size(folder):
    code, _, err = attacked(folder, "--max-points", "6", "--write-data", out="kept")
    assert code == 0, err
    before = {p.name: p.read_bytes() for p in (folder / "kept").iterdir()}
    other_problem = [part if part != HINGE[-1] else "0.2" for part in HINGE]
    for args, options, word in (
        (("--max-points", "8"), {"problem": other_problem}, "c_r"),
        (("--max-points", "8", "--method", "label-flip"), {}, "method"),
        (("--max-points", "8", "--copies", "2"), {}, "options"),
        (("--max-points", "8"), {"goal": ("--rows", "train"), "problem": HINGE}, ""),
        (("--max-points", "4"), {}, "6 points"),
    ):
        code, out, err = attacked(folder, *args, "--resume", out="kept", **options)
        assert (code, out) == (2, ""), (args, out)
        assert len(err.strip().splitlines()) == 1
        assert word in err
        assert {p.name: p.read_bytes() for p in (folder / "kept").iterdir()} == before
    (folder / "kept" / "run.json").write_text("{")
    code, _, err = attacked(folder, "--max-points", "8", "--resume", out="kept")
    assert code == 2
    assert "run.json" in err


def test_poisoned_data_are_those_of_the_points(folder):
    code, _, err = attacked(folder, "--max-points", "3", "--write-data", out="grown")
    assert code == 0, err
    code, _, err = attacked(folder, "--max-points", "5", "--resume", out="grown")
    assert code == 0, err
    assert not (folder / "grown" / "poisoned.npz").exists()
    code, _, err = attacked(folder, "--max-points", "5", "--resume", "--write-data", out="grown")
    assert code == 0, err
    assert datasets.load(folder / "grown" / "poisoned.npz").n == 25


def test_a_run_is_certified_for_its_own_problem(folder):
    code, _, err = attacked(folder, "--max-points", "3", out="own")
    assert code == 0, err
    arguments = ("certify", "run", "data.npz", "--target", "target.npz", "--run", "own", "--out", "run.json")
    code, _, err = mtp(*arguments, "--loss", "hinge", "--c-r", "0.2", cwd=folder)
    assert code == 2
    assert "c_r" in err
    assert not (folder / "run.json").exists()
    code, _, err = mtp(*arguments, *HINGE, cwd=folder)
    assert code == 0, err


def test_no_file_is_written_twice_or_over_an_input(folder):
    data, model = (folder / "data.npz").read_bytes(), (folder / "target.npz").read_bytes()
    problem = ("data.npz", "--target", "target.npz", *HINGE)
    for command in (
        ("bound", *problem, "--certificate", "same", "--points", "./same"),
        ("bound", *problem, "--points", "target.npz"),
        ("train", "data.npz", *HINGE, "--out", "data.npz"),
        ("target", "data.npz", *HINGE, "--out", "data.npz"),
        ("certify", "gamma", *problem, "--out", "target.npz"),
    ):
        code, _, err = mtp(*command, cwd=folder)
        assert code == 2, command
        assert "same file" in err
    assert not (folder / "same").exists()
    assert ((folder / "data.npz").read_bytes(), (folder / "target.npz").read_bytes()) == (data, model)


def test_points_that_a_certificate_does_not_speak_of_are_said_not_to_be_read(folder):
    problem = ("data.npz", "--target", "target.npz", *HINGE)
    code, _, err = mtp("bound", *problem, "--certificate", "c.json", "--points", "p.npz", cwd=folder)
    assert code == 0, err
    for points, said in ((("--points", "rows.npz"), True), ((), False)):
        code, out, err = mtp("verify", "c.json", "data.npz", *points, "--json", cwd=folder)
        assert code == 0, err
        assert ("not looked at" in json.loads(out)["text"]) is said


def test_options_of_another_goal_or_kind_are_refused(folder):
    problem = ("data.npz", "--target", "target.npz", *HINGE)
    for command, option in (
        (("bound", *problem, "--seconds", "3"), "--seconds"),
        (("bound", *problem, "--tau", "1"), "--tau"),
        (("bound", *problem, "--results", "rows.jsonl"), "--results"),
        (("certify", "gamma", *problem, "--epsilon", "0.3", "--out", "g.json"), "--epsilon"),
        (("certify", "lower_bound", *problem, "--run", "own", "--out", "g.json"), "--run"),
    ):
        code, out, err = mtp(*command, cwd=folder)
        assert (code, out) == (2, ""), command
        assert option in err
    assert not (folder / "g.json").exists()
