"""``mtp-theory data`` on files of other habits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from mtp_theory.cli.data import data
from mtp_theory.datasets import Dataset, load
from mtp_theory.errors import InputError

X = np.array([[0.0, 1.0], [0.5, 0.25], [1.0, 0.0]])
Y = np.array([1.0, -1.0, 1.0])


def test_files_of_koh_and_others_are_converted(tmp_path: Path) -> None:
    np.savez(tmp_path / "koh.npz", X_train=X, Y_train=(Y > 0).astype(int), X_test=X, Y_test=(Y > 0).astype(int))
    out = tmp_path / "d.npz"
    arguments = [str(tmp_path / "koh.npz"), "--out", str(out), "--json"]
    result = CliRunner().invoke(data, [*arguments, "--positive", "1"])
    assert json.loads(result.output)["identity"] == Dataset(X, Y).identity == load(out).identity
    with pytest.raises(InputError, match="name the one that is"):
        CliRunner().invoke(data, arguments, catch_exceptions=False)


def test_what_is_no_file_and_no_name(tmp_path: Path) -> None:
    for arguments, message in (
        (["spambas", "--out", "d.npz"], "did you mean 'spambase'"),
        (["digits-1-7", "--out", "d.npz", "--positive", "1"], "leave it out"),
    ):
        with pytest.raises(InputError, match=message):
            CliRunner().invoke(data, arguments, catch_exceptions=False)


def test_help_lists_the_registered_data_sets() -> None:
    text = " ".join(CliRunner().invoke(data, ["--help"]).output.split())
    assert "spamassassin words that occur in e-mails" in text
    assert "from the wheel of spampy 0.3.1; licence: none stated for the data" in text
