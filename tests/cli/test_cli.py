"""The command line as a user meets it: output, exit codes, errors in one line, nothing half-written."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from command_line import HINGE, mtp

from mtp_theory.attacks import COLUMNS

RNG = np.random.default_rng(3)
Y = np.repeat([1.0, -1.0], 20)
X = np.clip(RNG.normal(0.5, 0.2, (40, 5)) + 0.15 * Y[:, None], 0, 1)


def test_installed_command_in_its_own_process(tmp_path):
    """Exit code and streams as a shell sees them."""
    executable = Path(sys.executable).parent / "mtp-theory"
    for args, code in ((["claims", "--json"], 0), (["chekc"], 2)):
        p = subprocess.run([executable, *args], capture_output=True, text=True, cwd=tmp_path, check=False)
        assert p.returncode == code
        assert bool(p.stdout) == (code == 0)
        assert bool(p.stderr) == (code == 2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Data, a clean model and a target."""
    path = tmp_path_factory.mktemp("cli")
    np.savez(path / "data.npz", X=X, y=Y)
    np.savez(path / "flip.npz", X=np.vstack([X, X[:8], X[:8]]), y=np.concatenate([Y, -Y[:8], -Y[:8]]))
    for source, model in (("data", "clean"), ("flip", "target")):
        code, out, err = mtp("train", f"{source}.npz", *HINGE, "--out", f"{model}.npz", "--json", cwd=path)
        assert code == 0, err
        assert json.loads(out)["gap"] <= 1e-8
    return path


def test_train_writes_theta_with_the_bias_last(folder):
    with np.load(folder / "clean.npz") as f:
        assert f["theta"].shape == (6,)


@pytest.mark.parametrize("loss", ["hinge", "squared_hinge", "logistic", "exponential"])
def test_distance(folder, loss):
    code, out, _ = mtp(
        "distance", "data.npz", "--model", "clean.npz", "--target", "target.npz", "--loss", loss, "--json", cwd=folder
    )
    o = json.loads(out)
    assert code == 0
    assert o["lower"] <= o["value"] <= o["upper"]
    assert len(o["x"]) == 5
    assert o["label"] in (1, -1)


def test_attack_writes_its_folder_and_resumes(folder):
    args = ("attack", "data.npz", "--target", "target.npz", *HINGE, "--epsilon", "0", "--out", "run")
    code, out, err = mtp(*args, "--max-points", "12", "--json", cwd=folder)
    assert code == 0, err
    o = json.loads(out)
    assert (o["points"], o["status"]) == (12, "budget")
    rows = list(csv.DictReader(io.StringIO((folder / "run" / "trajectory.csv").read_text())))
    assert len(rows) == 13
    assert tuple(rows[0]) == COLUMNS
    assert float(rows[12]["distance"]) == o["distance"]
    with np.load(folder / "run" / "points.npz") as f:
        assert f["X"].shape == (12, 5)
        first = f["X"].copy()
    record = json.loads((folder / "run" / "run.json").read_text())
    assert record["points"] == 12
    assert len(record["data"]["identity"]) == 64
    code, _, err = mtp(*args, "--max-points", "15", cwd=folder)
    assert code == 2
    assert "--resume" in err
    code, out, _ = mtp(*args, "--max-points", "15", "--resume", "--json", cwd=folder)
    assert code == 0
    with np.load(folder / "run" / "points.npz") as f:
        assert f["X"].shape == (15, 5)
        assert np.array_equal(f["X"][:12], first)


def test_attack_that_cannot_converge_is_stalled(folder):
    np.savez(folder / "far.npz", theta=[60.0, -60.0, 0, 0, 0, 0])
    code, out, _ = mtp(
        "attack", "data.npz", "--target", "far.npz", *HINGE, "--epsilon", "1e-6", "--out", "far", "--json", cwd=folder
    )
    assert code == 3
    assert json.loads(out)["status"] == "stalled"


def test_check_reports_and_records(folder):
    code, out, _ = mtp("check", "lemma-2", "--examples", "30", "--no-embedded", "--json", cwd=folder)
    o = json.loads(out)
    assert code == 0
    verdicts = {r["statement"]: r["verdict"] for r in o["results"]}
    assert verdicts == {"printed": "violated", "repaired": "holds"}
    assert o["results"][0]["arithmetic"] == "rational"
    entry = json.loads((folder / "evidence" / o["file"].rsplit("/", 1)[1]).read_text())
    assert entry["seed"] == 0
    code, out, _ = mtp("check", "lemma-2", "--examples", "5", "--no-embedded", cwd=folder)
    assert code == 0
    assert "as expected" in out


def test_claims_lists_every_id(folder):
    code, out, _ = mtp("claims", "--json", cwd=folder)
    o = json.loads(out)
    assert code == 0
    assert {"definition-1", "theorem-1", "two-phases", "last-iterate"} <= {c["claim"] for c in o["claims"]}


def bad_files(folder):
    """Data files that must be refused."""
    broken = X.copy()
    broken[0, 0] = np.nan
    infinite = X.copy()
    infinite[1, 1] = np.inf
    cases = {
        "nan": {"X": broken, "y": Y},
        "inf": {"X": infinite, "y": Y},
        "labels": {"X": X, "y": np.where(Y > 0, 1, 0)},
        "one_class": {"X": X, "y": np.ones(40)},
        "shape": {"X": X, "y": Y[:-1]},
        "bounds": {"X": X, "y": Y, "lower": np.ones(5), "upper": np.zeros(5)},
        "outside": {"X": X + 3, "y": Y, "lower": np.zeros(5), "upper": np.ones(5)},
        "pickle": {"X": np.array([{"a": 1}], dtype=object), "y": Y},
    }
    for name, arrays in cases.items():
        np.savez(folder / f"{name}.npz", **arrays)
    (folder / "cut.npz").write_bytes((folder / "data.npz").read_bytes()[:200])
    return [*(f"{n}.npz" for n in cases), "cut.npz", "missing.npz"]


def test_bad_input_is_one_line_and_writes_nothing(folder):
    np.savez(folder / "short.npz", theta=np.zeros(3))
    commands = [("train", name, *HINGE, "--out", "never.npz") for name in bad_files(folder)]
    commands += [
        ("train", "data.npz", "--loss", "hinge", "--c-r", "-1", "--out", "never.npz"),
        ("train", "data.npz", "--loss", "hinge", "--c-r", "nan", "--out", "never.npz"),
        ("train", "data.npz", "--loss", "hing", "--c-r", "0.1", "--out", "never.npz"),
        ("train", "data.npz", *HINGE, "--engine", "nope", "--out", "never.npz"),
        ("train", "digits-1-8", *HINGE, "--out", "never.npz"),
        ("train", "data.npz", *HINGE, "--out", "no/such/folder/never.npz"),
        ("target", "data.npz", *HINGE, "--method", "nope", "--out", "never.npz"),
        ("target", "data.npz", *HINGE, "--goal", "7", "--out", "never.npz"),
        ("distance", "data.npz", "--model", "short.npz", "--target", "target.npz", "--loss", "hinge"),
        ("attack", "data.npz", "--target", "short.npz", *HINGE, "--max-points", "3", "--out", "never"),
        ("attack", "data.npz", "--target", "target.npz", *HINGE, "--out", "never"),
        (
            "attack",
            "data.npz",
            "--target",
            "target.npz",
            *HINGE,
            "--method",
            "onlin",
            "--max-points",
            "3",
            "--out",
            "n",
        ),
        ("check", "theorem-99"),
        ("chekc",),
        ("train", "data.npz"),
    ]
    before = {p.name for p in folder.iterdir()}
    failures = []
    for command in commands:
        code, out, err = mtp(*command, cwd=folder)
        if code != 2 or out or len(err.strip().splitlines()) != 1 or not err.startswith("error: "):
            failures.append((command, code, out, err))
    assert not failures
    assert {p.name for p in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("command", "nearest"),
    [(("train", "digits-1-8", *HINGE, "--out", "n.npz"), "digits-1-7"), (("check", "theorm-1"), "theorem-1")],
)
def test_the_nearest_name_is_offered(folder, command, nearest):
    assert f"did you mean {nearest!r}" in mtp(*command, cwd=folder)[2]


def test_data_round_trip_keeps_the_identity(folder):
    identities = []
    for source, name in (("digits-1-7", "a.npz"), ("a.npz", "b.npz")):
        code, out, err = mtp("data", source, "--out", name, "--json", cwd=folder)
        assert code == 0, err
        identities.append(json.loads(out)["identity"])
    assert identities[0] == identities[1]


def test_help_and_version(folder):
    code, out, _ = mtp("--help", cwd=folder)
    assert code == 0
    assert "Threat model" in out
    for command in ("data", "target", "train", "distance", "attack", "check", "claims"):
        code, out, _ = mtp(command, "--help", cwd=folder)
        assert code == 0
        assert "--json" in out
    assert mtp("--version", cwd=folder)[0] == 0


def test_without_a_command_it_helps(tmp_path):
    code, out, err = mtp(cwd=tmp_path)
    assert (code, err) == (0, "")
    assert out.startswith("Usage: mtp-theory")
    assert "attack" in out


def test_no_bias_says_what_a_model_with_a_bias_is_in_its_way(folder):
    args = ("distance", "data.npz", "--model", "clean.npz", "--target", "target.npz", "--loss", "hinge", "--no-bias")
    code, out, err = mtp(*args, cwd=folder)
    assert (code, out) == (2, "")
    assert "needs (5,), no bias; the model has one, so leave out --no-bias" in err
    assert "bias last" not in err
