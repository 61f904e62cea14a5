"""Data files and model files: which arrays they hold."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import InputError, unknown_name
from ..losses import Array
from .dataset import Dataset
from .npz import Check, Declared, read_npz, write_npz
from .rows import dense

#: Arrays of a data file; the first two must be there.
DATA_KEYS = ("X", "y", "X_test", "y_test", "scale", "lower", "upper", "integer", "groups", "group_rule")

#: Bytes of the longest word in a data file.
MAX_LETTERS = 256


#: Other common names of the arrays: those of Koh, Steinhardt and Liang's data sets, and scikit-learn's.
OTHER_KEYS = {"X_train": "X", "Y_train": "y", "y_train": "y", "Y": "y", "Y_test": "y_test"}


def read_dataset(path: str | os.PathLike[str]) -> Dataset:
    """The data set in an npz file, named after the file.

    Arrays ``X`` (n, d), ``y`` (n,) in {-1, +1}; optional ``X_test``, ``y_test``, ``scale``, ``lower``, ``upper``,
    ``integer``, ``groups``, ``group_rule`` as in :class:`Dataset`. Raises InputError: no such file, not such a file, an
    unknown or missing array, one class only, rows outside the box, and what Dataset rejects.
    """
    file = Path(path)

    def check(arrays: Mapping[str, Declared], names: list[str]) -> None:
        other = [key for key in names if key in OTHER_KEYS]
        if other:
            renames = ", ".join(f"{key} to {OTHER_KEYS[key]}" for key in other)
            raise InputError(f"rename {renames}; or convert the file once: mtp-theory data {file.name} --out D.npz")
        _check_arrays(arrays, names)
        for key in ("y", "y_test"):
            if key in arrays and len(arrays[key].shape) != 1:
                raise InputError(f"{key} has shape {arrays[key].shape}; store a vector")

    return _read(file, check)


def convert(path: str | os.PathLike[str], positive: Any = None) -> Dataset:
    """The data set in an npz file of other habits: names as in OTHER_KEYS, labels (n, 1) or of any two kinds.

    ``positive``: the label that becomes +1; a word stands for a number where the labels are numbers. The npz files of
    Koh, Steinhardt and Liang (arrays ``X_train``, ``Y_train``, ``X_test``, ``Y_test``) are such. A data file as
    :func:`read_dataset` takes it gives the same here.
    Raises InputError where an array stands under two names, and what read_dataset rejects otherwise.
    """

    def check(arrays: Mapping[str, Declared], names: list[str]) -> None:
        own: dict[str, Declared] = {}
        for key, array in arrays.items():
            name = OTHER_KEYS.get(key, key)
            if name in own:
                raise InputError(f"array {name!r} stands under two names, one is {key!r}; remove one")
            own[name] = array
        _check_arrays(own, names)

    return _read(Path(path), check, positive)


def _read(file: Path, check: Check, positive: Any = None) -> Dataset:
    label = f"data file {file}: "
    try:
        arrays: dict[str, Any] = {OTHER_KEYS.get(k, k): v for k, v in read_npz(file, check=check).items()}
        if "group_rule" in arrays:
            arrays["group_rule"] = _word("group_rule", arrays["group_rule"])
        if isinstance(positive, str) and "y" in arrays and arrays["y"].dtype.kind in "biuf":
            positive = _number(positive)
        dataset = Dataset(**arrays, name=file.stem, positive=positive)
        dataset.check_clean()
    except InputError as error:
        raise InputError(f"{label}{str(error).removeprefix(label).removeprefix('data: ')}") from None
    return dataset


def _check_arrays(arrays: Mapping[str, Declared], names: list[str]) -> None:
    """Names, and sizes against those of X and X_test, before anything is unpacked."""
    for key in arrays:
        if key not in DATA_KEYS:
            raise unknown_name("array", key, DATA_KEYS)
    for key in DATA_KEYS[:2]:
        if key not in arrays:
            raise InputError(f"array {key!r} is missing; a data file needs X (n, d) and y (n,)")
    most = max(1, *(length for key in ("X", "X_test") if key in arrays for length in arrays[key].shape))
    for key, array in arrays.items():
        letters = array.dtype.itemsize if array.dtype.kind in "US" else 0
        if key not in ("X", "X_test") and (array.size > most or letters > MAX_LETTERS):
            raise InputError(f"array {key!r} has shape {array.shape} of {array.dtype}, more than X has rows or columns")


def _number(word: str) -> float:
    try:
        return {"True": 1.0, "False": 0.0}[word] if word in ("True", "False") else float(word)
    except ValueError:
        raise InputError(f"positive={word!r}, but the labels are numbers; give one of them") from None


def _word(name: str, value: Any) -> str:
    if value.shape != () or value.dtype.kind not in "US":
        raise InputError(f"{name} has dtype {value.dtype}, shape {value.shape}; give one word")
    word = value.reshape(())[()]
    return word.decode("ascii", "replace") if isinstance(word, bytes) else str(word)


def save(dataset: Dataset, path: str | os.PathLike[str]) -> None:
    """Write the data set as an npz data file, in one step; bounds and marks are always stored, sparse rows unpacked.

    Raises InputError where :func:`read_dataset` would not accept the file, or it cannot be written.
    """
    dataset.check_clean()
    arrays: dict[str, Any] = {"X": dense(dataset.X), "y": dataset.y}
    if dataset.X_test is not None:
        arrays |= {"X_test": dense(dataset.X_test), "y_test": dataset.y_test}
    arrays |= {key: getattr(dataset, key) for key in ("scale", "lower", "upper", "integer", "groups", "group_rule")}
    write_npz(path, arrays)


def load_model(path: str | os.PathLike[str], problem_dim: int, *, bias: bool = True) -> Array:
    """The model ``theta`` of an npz file, shape (problem_dim,): the weights, then (with ``bias``) the bias.

    Raises InputError: no such file, no theta, wrong length, values that are not finite. Other arrays are let pass.
    """
    file = Path(path)

    def check(arrays: Mapping[str, Declared], names: list[str]) -> None:
        if "theta" not in arrays:
            raise InputError(f"model file {file}: array 'theta' is missing; it holds {', '.join(names) or 'nothing'}")
        theta = arrays["theta"]
        if theta.dtype.kind not in "iuf":
            raise InputError(f"model file {file}: theta has dtype {theta.dtype}; give float64")
        if theta.shape != (problem_dim,):
            tail = "the bias last"
            if not bias:
                tail = "no bias"
                if theta.shape == (problem_dim + 1,):
                    tail += "; the model has one, so leave out --no-bias or train it without"
            raise InputError(
                f"model file {file}: theta has shape {theta.shape}; this problem needs ({problem_dim},), {tail}"
            )

    theta = read_npz(file, "model", only=("theta",), check=check)["theta"]
    if not np.isfinite(theta).all():
        raise InputError(f"model file {file}: theta has NaN or infinite values; train it again")
    return np.array(theta, dtype=np.float64)


def save_model(path: str | os.PathLike[str], theta: ArrayLike, **extra: Any) -> None:
    """Write ``theta`` (and further arrays, numbers or words) as an npz model file, in one step."""
    model = np.asarray(theta, dtype=np.float64)
    if model.ndim != 1 or not np.isfinite(model).all():
        raise InputError(f"model: shape {model.shape}, or values that are not finite; give a finite vector")
    write_npz(path, {"theta": model, **extra})


__all__ = ["DATA_KEYS", "OTHER_KEYS", "convert", "load_model", "read_dataset", "save", "save_model"]
