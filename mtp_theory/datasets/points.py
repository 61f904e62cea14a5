"""Rows that are not a data set: poisoning points, or the rows that an attacker wants wrong."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..losses import Array
from .npz import read_npz


def read_points(path: str | os.PathLike[str], d: int, what: str = "points") -> tuple[Array, Array]:
    """``X`` (k, d) and ``y`` (k,) of an npz file, as float64; X / ``scale`` where the file has one and X is bytes.

    Other arrays are let pass. Raises InputError: no such file, a missing array, another number of features, labels
    other than -1 and +1, values that are not finite.
    """
    file = Path(path)
    label, arrays = f"{what} file {file}", read_npz(file, what)
    for key in ("X", "y"):
        if key not in arrays:
            raise InputError(f"{label}: array {key!r} is missing; it needs X (k, {d}) and y (k,)")
    X, y, scale = arrays["X"], arrays["y"], arrays.get("scale", np.ones(()))
    if X.dtype.kind not in "biuf" or y.dtype.kind not in "biuf":
        raise InputError(f"{label}: X has dtype {X.dtype}, y {y.dtype}; store plain real numbers")
    if X.shape != (y.size, d) or y.ndim != 1:
        raise InputError(f"{label}: X has shape {X.shape}, y {y.shape}; this data set needs (k, {d}) and (k,)")
    if scale.size != 1 or scale.dtype.kind not in "iuf" or not np.isfinite(scale).all() or scale.min() <= 0:
        raise InputError(f"{label}: scale {scale.tolist()!r}; give one finite number > 0")
    factor = float(scale.reshape(())[()])
    if factor != 1 and X.dtype != np.uint8:
        raise InputError(f"{label}: scale {factor:g} with {X.dtype} features; a scale is for uint8 X, divide X by it")
    rows, labels = X.astype(np.float64) / factor, y.astype(np.float64)
    if not np.isfinite(rows).all():
        raise InputError(f"{label}: X has NaN or infinite values; remove or impute them")
    wrong = np.flatnonzero(~np.isin(labels, (-1.0, 1.0)))
    if wrong.size:
        i = int(wrong[0])
        raise InputError(f"{label}: label {y[i]} at row {i} is not -1 or +1; map the labels to -1 and +1")
    return rows, labels


__all__ = ["read_points"]
