"""Rows of features as they come from users: arrays of any number, scipy's sparse matrices, data frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ..errors import InputError
from ..losses import Array
from .frames import frame_rows, is_frame

#: Integers up to this size are float64 numbers.
EXACT_INTEGER = 2**53
#: Rows that are unpacked together where a matrix is sparse.
BLOCK_ROWS = 512


def read_rows(name: str, value: Any) -> tuple[Any, tuple[str, ...] | None]:
    """The features ``value`` (n, d) as Dataset holds them, and the columns' names where they have names.

    Arrays: float64, float32 and uint8 are kept (and not copied), other numbers become float64 if they are float64
    numbers. Sparse matrices: CSR of float64, rows in canonical form. Raises InputError: no numbers, two dimensions or
    rows, values that are not finite or not float64 numbers.
    """
    names = None
    if isinstance(value, str):
        raise InputError(f"data: {name} is the word {value!r}; give (n, d) numbers, and a name as name={value!r}")
    if sp.issparse(value):
        return _sparse(name, value), None
    if is_frame(value):
        value, names = frame_rows(name, value)
    return _dense(name, value, names), names


def row_blocks(X: Any) -> Iterator[NDArray[Any]]:
    """The rows of ``X`` in order, as dense blocks of :data:`BLOCK_ROWS`; no copy where X is an array."""
    for start in range(0, X.shape[0], BLOCK_ROWS):
        block = X[start : start + BLOCK_ROWS]
        yield block.toarray() if sp.issparse(block) else block


def dense(X: Any) -> NDArray[Any]:
    """``X`` as an array; an array is returned as it is."""
    return np.asarray(X.toarray() if sp.issparse(X) else X)


def column_range(X: Any, scale: float) -> tuple[Array, Array]:
    """Least and greatest value of each column of X / ``scale``."""
    low, high = X.min(axis=0), X.max(axis=0)
    if sp.issparse(X):
        low, high = low.toarray().ravel(), high.toarray().ravel()
    return low.astype(np.float64) / scale, high.astype(np.float64) / scale


def feature(j: int, names: Sequence[str] | None) -> str:
    """How messages call feature j."""
    return f"feature {j}" if names is None else f"feature {j} ({names[j]!r})"


def plain_array(name: str, value: Any) -> NDArray[Any]:
    """``value`` as a numpy array. InputError for masked entries and for what has no rectangular shape."""
    if np.ma.is_masked(value):
        raise InputError(f"data: {name} has masked entries; remove or impute them")
    try:
        return np.asarray(value)
    except ValueError as error:
        raise InputError(f"data: {name} is no rectangular array ({error}); give rows of equal length") from None


def _dense(name: str, value: Any, names: Sequence[str] | None) -> NDArray[Any]:
    X = plain_array(name, value)
    if X.ndim == 2 and X.dtype.kind == "O":
        X = _numbers_of_objects(name, X)
    if X.dtype.kind not in "biuf":
        raise InputError(f"data: {name} has dtype {X.dtype}; give float64, float32 or uint8")
    if X.ndim != 2 or 0 in X.shape:
        raise InputError(f"data: {name} has shape {X.shape}; give (n, d) with n, d >= 1")
    if X.dtype.kind == "f" and not np.isfinite(X).all():
        i, j = (int(k) for k in np.argwhere(~np.isfinite(X))[0])
        raise InputError(f"data: {name} has the value {X[i, j]} at row {i}, {feature(j, names)}; remove or impute it")
    native = X.dtype.newbyteorder("=")
    kept = native if native in (np.dtype(np.float32), np.dtype(np.uint8)) else np.dtype(np.float64)
    _check_exact(name, X)
    return np.ascontiguousarray(X, dtype=kept)


def _sparse(name: str, value: Any) -> Any:
    if value.ndim != 2 or 0 in value.shape:
        raise InputError(f"data: {name} has shape {value.shape}; give (n, d) with n, d >= 1")
    if value.dtype.kind not in "biuf":
        raise InputError(f"data: {name} is sparse of dtype {value.dtype}; give real numbers")
    _check_exact(
        name, value.data if hasattr(value, "data") and isinstance(value.data, np.ndarray) else value.tocsr().data
    )
    X = sp.csr_matrix(value, dtype=np.float64, copy=True)
    X.sum_duplicates()
    if not np.isfinite(X.data).all():
        entries = X.tocoo()
        k = int(np.flatnonzero(~np.isfinite(entries.data))[0])
        raise InputError(
            f"data: {name} has the value {entries.data[k]} at row {entries.row[k]}, feature {entries.col[k]};"
            " remove or impute it"
        )
    return X


def _check_exact(name: str, X: NDArray[Any]) -> None:
    """Every number must be a float64 number: nothing is rounded on the way in."""
    if X.dtype.kind in "iu" and X.dtype.itemsize == 8 and X.size:
        if max(-int(X.min()), int(X.max())) > EXACT_INTEGER:
            raise InputError(f"data: {name} has integers beyond 2^53, which float64 cannot hold; rescale them")
    elif X.dtype.itemsize > 8 and X.dtype.kind == "f" and (X.astype(np.float64) != X).any():
        raise InputError(f"data: {name} has dtype {X.dtype} and values that float64 cannot hold; round them to float64")


def _numbers_of_objects(name: str, X: NDArray[Any]) -> NDArray[Any]:
    """The columns of an array of Python objects, where each is of real numbers."""
    columns = []
    for j in range(X.shape[1]):
        column = np.array(X[:, j].tolist())
        if column.dtype.kind not in "biuf" or column.ndim != 1:
            found = next((v for v in X[:, j] if not isinstance(v, int | float | np.number | np.bool_)), X[0, j])
            raise InputError(
                f"data: {name} holds {found!r} in column {j}, which is no number; encode the column"
                " (Dataset.from_frame does so for data frames) or leave it out"
            )
        columns.append(column)
    return np.column_stack(columns) if columns else np.zeros(X.shape)


__all__ = ["BLOCK_ROWS", "EXACT_INTEGER", "column_range", "dense", "feature", "plain_array", "read_rows", "row_blocks"]
