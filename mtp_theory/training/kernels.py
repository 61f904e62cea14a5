r"""Compiled access to rows of any storage kind.

A *store* is a tuple of arrays: ``(X,)`` for dense rows of any number type, ``(data, indices, indptr)``
for CSR. Rows are read where they lie, sums are accumulated in float64. The functions below know features only:
label, scale and bias are the caller's (:class:`mtp_theory.training.rows.PointSet`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload

# Only the order of summation is left to the compiler, so that it may use vector registers; no
# assumption is made about NaN or infinities. Gathers of CSR rows get slower by it, so not there.
REORDER = {"fastmath": {"reassoc", "contract"}}


#: Units of rounding allowed in an inner product of float64, as a share of the norms; unit roundoff of float32, of which
#: a sum of d products over at least eight partial sums has d / 8 and a few for those, the weights and the products.
ROUNDING, SINGLE_ROUNDOFF = 64 * 2.2e-16, 6e-8


def row_dot(store: Any, i: int, w: Any) -> Any:
    """<x_i, w>; compiled code only."""
    raise NotImplementedError


def quick_dot(store: Any, i: int, w: Any, single: Any) -> Any:
    """<x_i, w> and its error as a share of |x_i| |w|, in float32 where rows are bytes; compiled code only.

    ``single``: w in float32.
    """
    raise NotImplementedError


def row_axpy(store: Any, i: int, c: float, out: Any) -> Any:
    """out += c x_i; compiled code only."""
    raise NotImplementedError


def row_square(store: Any, i: int) -> Any:
    """|x_i|^2; compiled code only."""
    raise NotImplementedError


def row_count(store: Any) -> Any:
    """Number of rows; compiled code only."""
    raise NotImplementedError


@overload(row_dot, jit_options=REORDER)
def _dense_dot(store, i, w):  # type: ignore[no-untyped-def]
    if len(store) != 1:
        return None

    def dot(store, i, w):  # type: ignore[no-untyped-def]
        x = store[0][i]
        total = 0.0
        for j in range(x.size):
            total += np.float64(x[j]) * w[j]
        return total

    return dot


@overload(row_dot)
def _csr_dot(store, i, w):  # type: ignore[no-untyped-def]
    if len(store) != 3:
        return None

    def dot(store, i, w):  # type: ignore[no-untyped-def]
        data, indices, indptr = store
        total = 0.0
        for j in range(indptr[i], indptr[i + 1]):
            total += np.float64(data[j]) * w[indices[j]]
        return total

    return dot


@overload(quick_dot, jit_options=REORDER)
def _quick_dot(store, i, w, single):  # type: ignore[no-untyped-def]
    # Bytes only: features of float32 may be so large or small that products leave its range.
    if len(store) == 1 and store[0].dtype == types.uint8:

        def dot(store, i, w, single):  # type: ignore[no-untyped-def]
            x = store[0][i]
            total = np.float32(0.0)
            for j in range(x.size):
                # Through int32, for which there are vector conversions.
                total += np.float32(np.int32(x[j])) * single[j]
            return np.float64(total), (x.size / 8 + 32) * SINGLE_ROUNDOFF

        return dot
    return lambda store, i, w, single: (row_dot(store, i, w), ROUNDING)


@overload(row_axpy)
def _dense_axpy(store, i, c, out):  # type: ignore[no-untyped-def]
    if len(store) != 1:
        return None

    def axpy(store, i, c, out):  # type: ignore[no-untyped-def]
        x = store[0][i]
        for j in range(x.size):
            out[j] += c * np.float64(x[j])

    return axpy


@overload(row_axpy)
def _csr_axpy(store, i, c, out):  # type: ignore[no-untyped-def]
    if len(store) != 3:
        return None

    def axpy(store, i, c, out):  # type: ignore[no-untyped-def]
        data, indices, indptr = store
        for j in range(indptr[i], indptr[i + 1]):
            out[indices[j]] += c * np.float64(data[j])

    return axpy


@overload(row_square)
def _dense_square(store, i):  # type: ignore[no-untyped-def]
    if len(store) != 1:
        return None

    def square(store, i):  # type: ignore[no-untyped-def]
        x = store[0][i]
        total = 0.0
        for j in range(x.size):
            total += np.float64(x[j]) ** 2
        return total

    return square


@overload(row_square)
def _csr_square(store, i):  # type: ignore[no-untyped-def]
    if len(store) != 3:
        return None

    def square(store, i):  # type: ignore[no-untyped-def]
        data, _, indptr = store
        total = 0.0
        for j in range(indptr[i], indptr[i + 1]):
            total += np.float64(data[j]) ** 2
        return total

    return square


@overload(row_count)
def _dense_count(store):  # type: ignore[no-untyped-def]
    if len(store) != 1:
        return None
    return lambda store: store[0].shape[0]


@overload(row_count)
def _csr_count(store):  # type: ignore[no-untyped-def]
    if len(store) != 3:
        return None
    return lambda store: store[2].size - 1


@njit(cache=True, fastmath={"reassoc", "contract"})
def dot(a: Any, b: Any) -> float:
    """Inner product of two float64 vectors."""
    total = 0.0
    for j in range(a.size):
        total += a[j] * b[j]
    return total


@njit(cache=True)
def decisions(store: Any, w: Any, bias: float, out: Any) -> None:
    """out_i = <x_i, w> + bias for the first ``out.size`` rows."""
    for i in range(out.size):
        out[i] = row_dot(store, i, w) + bias


@njit(cache=True)
def combine(store: Any, weights: Any, out: Any) -> None:
    """out += sum_i weights_i x_i over the first ``weights.size`` rows."""
    for i in range(weights.size):
        if weights[i] != 0.0:
            row_axpy(store, i, weights[i], out)


@njit(cache=True)
def squares(store: Any, out: Any) -> None:
    """out_i = |x_i|^2 for the first ``out.size`` rows."""
    for i in range(out.size):
        out[i] = row_square(store, i)


__all__ = [
    "combine",
    "decisions",
    "dot",
    "row_axpy",
    "row_count",
    "row_dot",
    "row_square",
    "squares",
]
