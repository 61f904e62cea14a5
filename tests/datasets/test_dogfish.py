"""Dogfish's loader on a small file in its makers' format; the real features are not at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtp_theory.datasets import load
from mtp_theory.datasets.dogfish import TEST_FILE, TRAIN_FILE
from mtp_theory.errors import InputError

FEATURES = np.array([[0.5, 2.0, 0.0], [1.5, 0.0, 0.25], [0.0, 3.0, 1.0]], dtype=np.float32)


def write(folder: Path, **change: np.ndarray) -> None:
    train = {"inception_features_val": FEATURES, "labels": np.array([0, 1, 1])} | change
    np.savez(folder / TRAIN_FILE, **train)
    np.savez(folder / TEST_FILE, inception_features_val=FEATURES[:2] * 2, labels=np.array([1.0, 0.0]))


def test_small_files_in_the_format(tmp_path: Path) -> None:
    write(tmp_path)
    data = load("dogfish", data_dir=tmp_path)
    np.testing.assert_array_equal(data.X, FEATURES)
    assert data.y.tolist() == [-1, 1, 1]
    assert data.y_test.tolist() == [1, -1]
    # Bounds span both files, as in the published code.
    assert data.lower.tolist() == [0, 0, 0]
    assert data.upper.tolist() == [3, 4, 1]


def test_subfolder_and_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dogfish").mkdir()
    write(tmp_path / "dogfish")
    monkeypatch.setenv("MTP_DATA_DIR", str(tmp_path))
    assert load("dogfish").n == 3


def test_missing_files_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"{TRAIN_FILE} is not in .*--data-dir or MTP_DATA_DIR"):
        load("dogfish", data_dir=tmp_path)
    write(tmp_path)
    (tmp_path / TEST_FILE).unlink()
    with pytest.raises(InputError, match=TEST_FILE):
        load("dogfish", data_dir=tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": np.array([0, 1, 2])}, "labels must be 0 or 1"),
        ({"labels": np.array([0, 1])}, "labels must be 0 or 1"),
        ({"labels": np.array([1, 1, 1])}, "every label"),
        ({"inception_features_val": FEATURES[:, :2]}, "the files do not match"),
        ({"inception_features_val": FEATURES.astype(int)}, "give floats"),
        ({"inception_features_val": FEATURES * np.nan}, "nan"),
        ({"inception_features_val": np.array([None, 1, 2])}, "Python objects"),
    ],
)
def test_other_formats_are_refused(change: dict, message: str, tmp_path: Path) -> None:
    write(tmp_path, **change)
    with pytest.raises(InputError, match=message):
        load("dogfish", data_dir=tmp_path)


def test_keys_are_needed(tmp_path: Path) -> None:
    write(tmp_path)
    np.savez(tmp_path / TEST_FILE, X=FEATURES, labels=np.array([0, 1, 1]))
    with pytest.raises(InputError, match="'inception_features_val' is missing"):
        load("dogfish", data_dir=tmp_path)
