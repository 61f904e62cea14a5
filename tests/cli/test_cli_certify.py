"""``certify`` writes every kind that ``verify`` checks."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from mtp_theory.certificates import checker
from mtp_theory.cli import main
from mtp_theory.cli.certify import KINDS

HINGE = ("--loss", "hinge", "--c-r", "0.09")
#: Kinds that are about goals that are no model, which `bound --certificate` writes.
BY_BOUND = {kind for kind in checker.CLAIMS if kind.startswith("goal")}


def mtp(*args: object, cwd: Path) -> tuple[object, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd),
        mock.patch.object(sys, "argv", ["mtp-theory", *map(str, args)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as stop,
    ):
        main()
    return stop.value.code, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data with a group of which exactly one member is 1, a target, the clean model and a run."""
    path = tmp_path_factory.mktemp("certify")
    rng = np.random.default_rng(4)
    y = np.repeat([1.0, -1.0], 10)
    X = np.column_stack([np.eye(2)[rng.integers(2, size=20)], np.clip(rng.normal(0.5, 0.2, 20) + 0.2 * y, 0, 1)])
    marks = {"lower": np.zeros(3), "upper": np.ones(3), "groups": np.array([0, 0, -1]), "group_rule": "exactly_one"}
    np.savez(path / "data.npz", X=X, y=y, **marks)
    np.savez(path / "flip.npz", X=np.vstack([X, X[:4]]), y=np.concatenate([y, -y[:4]]), **marks)
    np.savez(path / "box.npz", X=X, y=y, lower=np.zeros(3), upper=np.ones(3))
    for command in (
        ("train", "flip.npz", *HINGE, "--out", "target.npz"),
        ("train", "data.npz", *HINGE, "--out", "clean.npz"),
        (
            "attack",
            "data.npz",
            "--target",
            "target.npz",
            *HINGE,
            "--epsilon",
            "0",
            "--max-points",
            "12",
            "--out",
            "run",
        ),
    ):
        code, _, err = mtp(*command, cwd=path)
        assert code in (0, 3), err
    return path


def test_every_kind_has_a_command() -> None:
    assert set(KINDS) | {"unattainable"} | BY_BOUND == set(checker.CLAIMS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_certify_writes_verify_accepts(kind: str, folder: Path) -> None:
    # integer points come near a target, but only sets of a box reach it
    data = "box.npz" if kind in ("epsilon_lower_bound", "upper_bound") else "data.npz"
    more = {"distance": ("--model", "clean.npz"), "run": ("--run", "run"), "epsilon_lower_bound": ("--epsilon", "0.05")}
    given = ("certify", kind, data, "--target", "target.npz", *HINGE, *more.get(kind, ()), "--out", f"{kind}.json")
    code, out, err = mtp(*given, "--json", cwd=folder)
    assert code == 0, err
    assert json.loads(out)["kind"] == kind
    points = ("--points", "run/points.npz") if kind == "run" else ()
    code, out, err = mtp("verify", f"{kind}.json", data, *points, "--second", "--json", cwd=folder)
    assert code == 0, (out, err)
    assert json.loads(out)["valid"]


def test_what_is_missing_is_said(folder: Path) -> None:
    common = ("data.npz", "--target", "target.npz", *HINGE, "--out", "never.json")
    needed = {"distance": "--model", "run": "--run", "epsilon_lower_bound": "--epsilon", "gama": "gamma"}
    for kind, message in needed.items():
        code, _, err = mtp("certify", kind, *common, cwd=folder)
        assert code == 2
        assert message in err
    code, _, err = mtp("certify", "run", *common, "--run", ".", cwd=folder)
    assert (code, "points.npz" in err) == (2, True)
    code, _, err = mtp("certify", "gamma", "data.npz", "--target", "target.npz", "--loss", "logistic", "--c-r", "0.09",
                       "--out", "never.json", cwd=folder)  # fmt: skip
    assert code == 2
    assert "logistic" in err
    assert not (folder / "never.json").exists()
