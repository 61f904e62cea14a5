"""``check`` on data of one's own."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from command_line import HINGE, mtp

from mtp_theory.cli.claims import exit_code

FEW = ("--examples", "30", "--no-embedded")


@pytest.mark.parametrize(
    ("statement", "verdict", "expected", "code"),
    [
        ("repaired", "holds", "holds", 0),
        ("repaired", "violated", "holds", 1),
        ("extended", "violated", "holds", 1),
        ("extended", "undecided", "holds", 3),
        ("extended", "not_applicable", "holds", 0),
        ("printed", "violated", "violated", 0),
        ("printed", "holds", "violated", 1),
        ("printed_appendix", "not_applicable", "holds", 1),
        ("printed", "undecided", "holds", 3),
    ],
)
def test_exit_codes_follow_the_contract(statement, verdict, expected, code):
    fine = SimpleNamespace(statement="repaired", verdict="holds", expected="holds")
    assert exit_code([fine, SimpleNamespace(statement=statement, verdict=verdict, expected=expected)]) == code


def test_violation_comes_before_undecided():
    rows = [SimpleNamespace(statement="repaired", verdict=v, expected="holds") for v in ("undecided", "violated")]
    assert exit_code(rows) == 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data file in the unit box and a target trained on it with flipped labels."""
    path = tmp_path_factory.mktemp("own")
    rng = np.random.default_rng(4)
    X = rng.integers(0, 5, (30, 3)) / 4.0
    y = np.where(X.sum(axis=1) > 1.5, 1.0, -1.0)
    np.savez(path / "mine.npz", X=X, y=y, lower=np.zeros(3), upper=np.ones(3))
    np.savez(path / "bent.npz", X=X, y=np.where(np.arange(30) % 3 == 0, -y, y), lower=np.zeros(3), upper=np.ones(3))
    assert mtp("train", "bent.npz", *HINGE, "--out", "target.npz", cwd=path)[0] == 0
    return path


def test_the_trajectory_is_one_more_instance_and_is_recorded(folder):
    ids = ("theorem-1", "two-phases", "reach-frontier")
    plain = json.loads(mtp("check", *ids, *FEW, "--json", cwd=folder)[1])
    options = ("--data", "mine.npz", "--target", "target.npz", "--c-r", "0.09", "--points", "12")
    code, out, _ = mtp("check", *ids, *FEW, *options, "--json", cwd=folder)
    found = json.loads(out)
    assert code == 0
    more = [
        (a["claim"], b["instances"] - a["instances"]) for a, b in zip(plain["results"], found["results"], strict=True)
    ]
    assert ("theorem-1", 1) in more
    assert ("two-phases", 1) in more
    arithmetic = {r["arithmetic"] for r in found["results"] if r["verdict"] == "holds"}
    assert "float" in arithmetic
    entry = json.loads((folder / "evidence" / found["file"].rsplit("/", 1)[1]).read_text())
    (source,) = entry["data"]
    assert source["points"] == 12
    assert len(source["identity"]) == 64


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--data", "mine.npz"), "go together"),
        (("--target", "target.npz"), "go together"),
        (("--data", "mine.npz", "--target", "target.npz", "--loss", "hing"), "hinge"),
        (("--data", "mine.npz", "--target", "target.npz", "--c-r", "-1"), "C_R"),
        (("--data", "absent.npz", "--target", "target.npz"), "absent.npz"),
    ],
)
def test_unusable_data_are_refused_in_one_line(folder, options, message):
    code, out, err = mtp("check", "lemma-2", *FEW, *options, cwd=folder)
    assert code == 2
    assert out == ""
    assert message in err
    assert len(err.strip().splitlines()) == 1


def test_absent_paper_data_are_said_and_nothing_is_downloaded(folder):
    code, out, err = mtp("check", "lemma-2", *FEW, "--paper-data", "--data-dir", folder, "--json", cwd=folder)
    assert code == 0
    assert "left out" in err
    assert "MNIST 1-7, 5 %" in err
    assert len(json.loads(out)["results"]) == 2


@pytest.mark.slow
def test_paper_data(folder, data_dir):
    options = ("--paper-data", "--data-dir", data_dir, "--points", "5", "--json")
    code, out, err = mtp("check", "theorem-2", "two-phases", *FEW, *options, cwd=folder)
    assert code == 0, err
    found = json.loads(out)
    rows = {(r["claim"], r["variant"]): r for r in found["results"] if r["statement"] != "printed"}
    assert rows["theorem-2", ""]["instances"] == 30 + 6
    assert rows["two-phases", ""]["instances"] == 30 + 3  # on Adult's integer features t* is known for the hull only
    entry = json.loads((folder / "evidence" / found["file"].rsplit("/", 1)[1]).read_text())
    assert len(entry["data"]) == 6
