"""The experiment group as a user meets it; errors in one line, exit codes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from mtp_theory.cli.experiment import experiment
from mtp_theory.errors import InputError
from mtp_theory.experiments import Result, Store, expand, load_grid

GRID = """
name: mine
defaults: {data: digits-1-7, loss: hinge, c_r: 0.09}
runs:
  - {name: targets, kind: targets, method: label_flip, goals: [0.03]}
  - {name: minimum, kind: minimum, model: "targets:0.03"}
"""


def call(*args):
    """Exit code and stdout; errors that the entry point would print are raised."""
    result = CliRunner().invoke(experiment, [str(a) for a in args], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result.return_value, result.stdout


@pytest.fixture
def grid(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(GRID)
    return path


def test_list_names_every_grid():
    code, out = call("list", "--json")
    grids = {g["grid"]: g for g in json.loads(out)["grids"]}
    assert not code
    assert grids["adult-svm"]["runs"] == len(expand(load_grid("adult-svm")))
    assert "table-4" in call("list")[1]


def test_run_status_and_again(grid, tmp_path):
    out_folder = tmp_path / "out"
    assert [r["state"] for r in json.loads(call("status", grid, "--out", out_folder, "--json")[1])["runs"]] == [
        "missing",
        "missing",
    ]
    code, out = call("run", grid, "--out", out_folder, "--json")
    assert code == 0
    assert json.loads(out) == {"done": ["targets", "minimum"], "skipped": [], "failed": {}, "blocked": []}
    code, out = call("run", grid, "--out", out_folder)
    assert (code, out.strip()) == (0, "0 done, 2 skipped, 0 failed, 0 blocked")
    assert "done" in call("status", grid, "--out", out_folder)[1]
    counts = {g["grid"]: g["done"] for g in json.loads(call("list", "--out", out_folder, "--json")[1])["grids"]}
    assert set(counts.values()) == {0}


def test_status_of_several_grids_lists_a_shared_run_once(grid, tmp_path):
    second = tmp_path / "second.yaml"
    second.write_text(
        "name: second\nuses: [mine]\ndefaults: {data: digits-1-7, loss: hinge, c_r: 0.09}\n"
        'runs:\n  - {name: own, kind: minimum, model: "mine/targets:clean"}\n'
    )
    out_folder = tmp_path / "out"
    call("run", grid, "--out", out_folder)
    rows = json.loads(call("status", grid, second, "--out", out_folder, "--json")[1])["runs"]
    assert [(r["run"], r["state"]) for r in rows] == [("mine/targets", "done"), ("minimum", "done"), ("own", "missing")]
    assert all(r["cpu_seconds"] > 0 for r in rows[:2])
    text = call("status", grid, second, "--out", out_folder)[1]
    assert "2 done, 1 missing" in text
    assert "for 2 of them" in text


def test_list_counts_what_is_done(tmp_path):
    run = expand(load_grid("digits-small"))[0]
    Store(tmp_path).write(run, Result({"points": 1}), {}, 0.0)
    grids = {g["grid"]: g for g in json.loads(call("list", "--out", tmp_path, "--json")[1])["grids"]}
    assert grids["digits-small"]["done"] == 1 < grids["digits-small"]["runs"]
    assert grids["adult-svm"]["done"] == 0


def test_failed_run_is_exit_code_3(grid, tmp_path):
    grid.write_text(GRID.replace("0.03", "1.0"))
    code, out = call("run", grid, "--out", tmp_path / "out", "--json")
    assert code == 3
    assert json.loads(out)["blocked"] == ["minimum"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("run", "adult-svn"), "did you mean 'adult-svm'"),
        (("status", "nothing.yaml"), "cannot be read"),
        (("report", "table-33"), "did you mean 'table-3'"),
    ],
)
def test_unknown_grids(args, message, tmp_path):
    with pytest.raises(InputError, match=message):
        call(*args, "--out", tmp_path)


def test_report_of_an_empty_folder_says_what_is_missing(tmp_path):
    code, out = call("report", "--out", tmp_path, "--to", tmp_path / "report", "--json")
    summary = json.loads(out)
    assert not code
    assert summary["reproduced"] == summary["differs"] == 0
    assert summary["not_run"] == 338
    text = (tmp_path / "report" / "comparison.md").read_text()
    assert "mtp-theory experiment run dogfish-svm dogfish-lr --data-dir DIR" in text
