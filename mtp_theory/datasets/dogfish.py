"""Dogfish: Inception features of photos of dogs and fish, in files that the user brings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .dataset import Dataset
from .npz import read_npz
from .raw import FOLDER_VARIABLE, cache_folder, local_folder

TRAIN_FILE = "dogfish_900_300_inception_features_train.npz"
TEST_FILE = "dogfish_900_300_inception_features_test.npz"
_FEATURES, _LABELS = "inception_features_val", "labels"


def load_dogfish(data_dir: Path | None = None) -> Dataset:
    """Dogfish from the two npz files of its makers; they cannot be downloaded here, so bring them.

    Both files, in ``data_dir``, the folder MTP_DATA_DIR names or the user's cache (or a subfolder dogfish), hold
    ``inception_features_val`` (n, d), Inception-v3 features (d = 2048; n = 1,800 for training, 600 for the test), and
    ``labels`` (n,) in {0, 1}. Label 1 becomes +1 and 0 becomes -1, as in the authors' code. Domain: each feature's
    range over training and test rows together, as in the authors' code.

    Source: P. W. Koh and P. Liang, "Understanding black-box predictions via influence functions", ICML 2017, from
    ImageNet photos: research use only. Raises InputError where a file is missing or of another format.
    """
    X, y = _read(TRAIN_FILE, data_dir)
    X_test, y_test = _read(TEST_FILE, data_dir)
    if X.shape[1] != X_test.shape[1]:
        raise InputError(f"Dogfish: {X.shape[1]} training and {X_test.shape[1]} test features; the files do not match")
    lower = np.minimum(X.min(axis=0), X_test.min(axis=0)).astype(np.float64)
    upper = np.maximum(X.max(axis=0), X_test.max(axis=0)).astype(np.float64)
    dataset = Dataset(X, y, X_test, y_test, lower=lower, upper=upper, name="dogfish")
    dataset.check_clean()
    return dataset


def _read(name: str, data_dir: Path | None) -> tuple[NDArray[Any], NDArray[Any]]:
    path = _find(name, data_dir)
    arrays = read_npz(path)
    for key in (_FEATURES, _LABELS):
        if key not in arrays:
            raise InputError(
                f"data file {path}: array {key!r} is missing; Dogfish files hold {_FEATURES} and {_LABELS}"
            )
    features, labels = arrays[_FEATURES], arrays[_LABELS]
    if features.dtype.kind != "f" or features.ndim != 2:
        raise InputError(
            f"data file {path}: {_FEATURES} is {features.dtype} of shape {features.shape}; give floats (n, d)"
        )
    labels = labels.reshape(-1) if labels.ndim == 2 and labels.shape[1] == 1 else labels
    if labels.shape != (features.shape[0],) or not np.isin(labels, (0, 1)).all():
        raise InputError(f"data file {path}: {_LABELS} must be 0 or 1, shape ({features.shape[0]},)")
    return features, np.where(labels == 1, 1.0, -1.0)


def _find(name: str, data_dir: Path | None) -> Path:
    folder = local_folder(data_dir) or cache_folder()
    for place in (folder / "dogfish" / name, folder / name):
        if place.is_file():
            return place
    raise InputError(
        f"data file {name} is not in {folder}: ask the makers of Dogfish (Koh and Liang 2017; research use only) for"
        f" it, put it into a folder, and name that folder with --data-dir or {FOLDER_VARIABLE}"
    )


__all__ = ["TEST_FILE", "TRAIN_FILE", "load_dogfish"]
