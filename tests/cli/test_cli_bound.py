"""``bound`` and ``verify`` as a user meets them."""

import contextlib
import io
import json
import sys
from unittest import mock

import numpy as np
import pytest

from mtp_theory.cli import main

RNG = np.random.default_rng(3)
Y = np.repeat([1.0, -1.0], 12)
X = np.clip(RNG.normal(0.5, 0.2, (24, 4)) + 0.15 * Y[:, None], 0, 1)
HINGE = ("--loss", "hinge", "--c-r", "0.09")


def mtp(*args, cwd):
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
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("bound")
    np.savez(path / "data.npz", X=X, y=Y, lower=np.zeros(4), upper=np.ones(4))
    flipped = {"X": np.vstack([X, X[:4]]), "y": np.concatenate([Y, -Y[:4]])}
    np.savez(path / "flip.npz", **flipped, lower=np.zeros(4), upper=np.ones(4))
    code, _, err = mtp("train", "flip.npz", *HINGE, "--out", "target.npz", cwd=path)
    assert code == 0, err
    return path


def test_bound_writes_what_verify_accepts(folder):
    files = ("--certificate", "c.json", "--upper-certificate", "u.json", "--points", "p.npz")
    code, out, err = mtp("bound", "data.npz", "--target", "target.npz", *HINGE, *files, "--json", cwd=folder)
    assert code == 0, err
    result = json.loads(out)
    assert result["target_mode"] == "radius"
    assert result["radius"] == 1e-8
    assert result["lower_bound"] <= result["constructed"] <= 4
    assert result["kink_tolerance"] == 1e-6
    assert "scipy" in result["versions"]
    for certificate, value in (("c.json", result["lower_bound"]), ("u.json", result["constructed"])):
        for more in ((), ("--second",), ("--points", "p.npz", "--second")):
            code, out, err = mtp("verify", certificate, "data.npz", *more, "--json", cwd=folder)
            assert code == 0, (out, err)
            checked = json.loads(out)
            assert checked["valid"]
            assert checked["value"] == value
            assert checked["claim"] in ("tight-lower-bound", "minimum-poisoning")
    assert mtp("verify", "c.json", "flip.npz", cwd=folder)[0] == 1
    (folder / "broken.json").write_text('{"a": ')
    for bad in ("broken.json", "none.json"):
        code, out, err = mtp("verify", bad, "data.npz", "--json", cwd=folder)
        assert code == 2
        assert err.count("\n") == 1


def test_modes_and_bad_options(folder):
    base = ("bound", "data.npz", "--target", "target.npz", *HINGE)
    for mode in ("polished", "literal"):
        code, out, err = mtp(*base, "--target-mode", mode, "--json", cwd=folder)
        assert code == 0, err
        assert json.loads(out)["radius"] == 0
    for more in (("--target-mode", "nearly"), ("--radius", "-1"), ("--engine", "none")):
        code, _, err = mtp(*base, *more, cwd=folder)
        assert code == 2
        assert err.count("\n") == 1


def test_verify_takes_a_registered_name(tmp_path):
    code, _, err = mtp("data", "digits-1-7", "--out", "digits.npz", cwd=tmp_path)
    assert code == 0, err
    np.savez(tmp_path / "b.npz", theta=np.full(65, 0.01))
    base = ("bound", "digits-1-7", "--target", "b.npz", *HINGE, "--certificate", "c.json", "--json")
    code, out, err = mtp(*base, cwd=tmp_path)
    assert code == 0, err
    for data in ("digits-1-7", "digits.npz"):
        code, out, err = mtp("verify", "c.json", data, "--json", cwd=tmp_path)
        assert code == 0, (out, err)
