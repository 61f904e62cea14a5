"""``bound --flip`` and ``--wrong``: form of the output, files, sweeps that resume, and bad input."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from mtp_theory.cli.bound import bound
from mtp_theory.cli.verify import verify
from mtp_theory.errors import InputError

COMMON = ["--loss", "hinge", "--c-r", "0.1", "--seconds", "10"]


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(4)
    X = rng.integers(0, 9, (8, 1)) / 8
    y = np.where(X[:, 0] > 0.5, 1.0, -1.0)
    y[:2] = 1, -1
    path = tmp_path / "data.npz"
    np.savez(path, X=X, y=y, X_test=X[:3], y_test=y[:3], lower=[0.0], upper=[1.0])
    return str(path)


def run(command, *args, standalone=False):
    result = CliRunner().invoke(command, [str(a) for a in args], standalone_mode=standalone)
    if result.exception is not None:
        raise result.exception
    return result


def right(data):
    """Rows whose flip takes points."""
    rows = [json.loads(v) for v in run(bound, data, "--flip", "train:all", *COMMON).stdout.splitlines()]
    return [r for r in rows if r["lower_bound"] > 0]


def test_one_row_with_its_files(data, tmp_path):
    row = right(data)[0]["row"]
    out = json.loads(
        run(
            bound, data, "--flip", f"train:{row}", *COMMON, "--certificate", tmp_path / "c.json", "--points",
            tmp_path / "p.npz", "--json",
        ).stdout
    )  # fmt: skip
    assert {"lower_bound", "constructed", "status", "goal", "tau", "nodes"} <= out.keys()
    assert 0 < out["lower_bound"] <= out["constructed"]
    assert len(np.load(tmp_path / "p.npz")["y"]) == out["constructed"]

    def verdict(*options):
        result = run(verify, tmp_path / "c.json", data, *options, "--second", "--json")
        return result.return_value, json.loads(result.stdout)

    code, said = verdict("--flip", f"train:{row}")
    assert code == 0
    assert said["about"]["goal"]["goal"] == "flip"
    assert str(out["lower_bound"]) in said["text"]
    for other in (("--flip", f"train:{row}", "--tau", "1e-3"), ("--wrong", 1, "--rows", "train")):
        code, said = verdict(*other)
        assert code == 1
        assert "another goal" in said["reason"]


def test_a_sweep_is_resumed_from_its_file(data, tmp_path):
    file = tmp_path / "r.jsonl"
    first = run(bound, data, "--flip", "test:all", *COMMON, "--results", file).stdout
    lines = file.read_text().splitlines()
    assert len(lines) == 4
    # a changed number shows that rows of the file are taken as they stand; the cut-off last line is done anew
    kept = json.loads(lines[1])
    kept["lower_bound"] = 77
    file.write_text("\n".join([lines[0], json.dumps(kept), lines[2], lines[3][:20]]))
    again = [
        json.loads(v) for v in run(bound, data, "--flip", "test:all", *COMMON, "--results", file).stdout.splitlines()
    ]
    assert again[0]["lower_bound"] == 77
    assert again[2]["lower_bound"] == json.loads(first.splitlines()[2])["lower_bound"]
    with pytest.raises(InputError, match="another question"):
        run(bound, data, "--flip", "train:all", *COMMON, "--results", file)


def test_rows_that_are_wrong(data):
    out = json.loads(run(bound, data, "--wrong", 6, "--rows", "train", *COMMON, "--json").stdout)
    assert out["goal"]["at_least"] == 6
    assert out["constructed"] is None or out["lower_bound"] <= out["constructed"]


@pytest.mark.parametrize(
    "options",
    [
        ("--flip", "train:99"),
        ("--flip", "train:-1"),
        ("--flip", "nowhere:0"),
        ("--flip", "train:x"),
        ("--flip", "train"),
        ("--flip", "train:0", "--wrong", 1, "--rows", "train"),
        ("--wrong", 1),
        ("--wrong", 9, "--rows", "train"),
        ("--wrong", 1, "--rows", "absent.npz"),
        ("--flip", "train:0", "--tau", -1),
        ("--flip", "train:0", "--target", "b.npz"),
        ("--flip", "train:all", "--certificate", "c.json"),
        (),
    ],
)
def test_bad_input(data, options):
    with pytest.raises(InputError):
        run(bound, data, *options, *COMMON)


def test_other_losses_are_refused(data):
    with pytest.raises(InputError, match="hinge"):
        run(bound, data, "--flip", "train:0", "--loss", "logistic", "--c-r", 0.1)
