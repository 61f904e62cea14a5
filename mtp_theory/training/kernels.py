r"""Compiled access to rows of any storage kind.

A *store* is a tuple of arrays: ``(X,)`` for dense rows of any number type, ``(data, indices, indptr)``
for CSR. Rows are read where they lie, sums are accumulated in float64. The functions below know features only:
label, scale and bias are the caller's (:class:`mtp_theory.training.rows.store.PointSet`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

from ..kernel import kernel

# Only the order of summation is left to the compiler, so that it may use vector registers; no
# assumption is made about NaN or infinities. Gathers of CSR rows get slower by it, so not there.
REORDER = {"fastmath": {"reassoc", "contract"}}


#: Units of rounding allowed in an inner product of float64, as a share of the norms; unit roundoff of float32, of which
#: a sum of d products over at least eight partial sums has d / 8 and a few for those, the weights and the products.
ROUNDING, SINGLE_ROUNDOFF = 64 * 2.2e-16, 6e-8

#: Bytes that one access to memory brings.
CACHE_LINE = 64


def row_dot(store: Any, i: int, w: Any) -> Any:
    """<x_i, w>; compiled code only."""
    raise NotImplementedError


def quick_dot(store: Any, i: int, w: Any, single: Any) -> Any:
    """<x_i, w> and its error as a share of |x_i| |w|, in float32 where rows are bytes; compiled code only.

    ``single``: w in float32.
    """
    raise NotImplementedError


def quick_dots(store: Any, which: Any, w: Any, single: Any, out: Any) -> Any:
    """``quick_dot`` of the rows ``which`` into ``out``; their error. Compiled code only.

    Of bytes four rows at a time, so that the weights are loaded once for all four.
    """
    raise NotImplementedError


def project_row(store: Any, i: int, basis: Any, out: Any) -> Any:
    """out += x_i B for a basis B (d, p), and |x_i|^2; compiled code only. Zeros of a row cost next to nothing."""
    raise NotImplementedError


def prefetch_row(store: Any, i: int) -> Any:
    """Have row i brought to the second-level cache while the program goes on; compiled code only."""
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
        X, total = store[0], 0.0
        for j in range(X.shape[1]):
            total += np.float64(X[i, j]) * w[j]
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
            X, total = store[0], np.float32(0.0)
            for j in range(X.shape[1]):
                # Through int32, for which there are vector conversions.
                total += np.float32(np.int32(X[i, j])) * single[j]
            return np.float64(total), (X.shape[1] / 8 + 32) * SINGLE_ROUNDOFF

        return dot
    return lambda store, i, w, single: (row_dot(store, i, w), ROUNDING)


@overload(quick_dots)
def _quick_dots(store, which, w, single, out):  # type: ignore[no-untyped-def]
    if len(store) == 1 and store[0].dtype == types.uint8:

        def four_at_a_time(store, which, w, single, out):  # type: ignore[no-untyped-def]
            X, whole = store[0], which.size // 4 * 4
            for i in range(0, whole, 4):
                out[i], out[i + 1], out[i + 2], out[i + 3] = four_dots(
                    X, which[i], which[i + 1], which[i + 2], which[i + 3], single
                )
            for i in range(whole, which.size):
                out[i], _ = quick_dot(store, which[i], w, single)
            return (w.size / 8 + 32) * SINGLE_ROUNDOFF

        return four_at_a_time

    def dots(store, which, w, single, out):  # type: ignore[no-untyped-def]
        for i in range(which.size):
            out[i], _ = quick_dot(store, which[i], w, single)
        return ROUNDING

    return dots


@kernel(inner=True, fastmath={"reassoc", "contract"})
def four_dots(X: Any, a: int, b: int, c: int, d: int, w: Any) -> Any:
    """Inner products of four rows of bytes with one vector of float32."""
    p = q = r = s = np.float32(0.0)
    for j in range(w.size):
        p += np.float32(np.int32(X[a, j])) * w[j]
        q += np.float32(np.int32(X[b, j])) * w[j]
        r += np.float32(np.int32(X[c, j])) * w[j]
        s += np.float32(np.int32(X[d, j])) * w[j]
    return p, q, r, s


@overload(project_row)
def _dense_project(store, i, basis, out):  # type: ignore[no-untyped-def]
    if len(store) != 1:
        return None

    def project(store, i, basis, out):  # type: ignore[no-untyped-def]
        X, square = store[0], 0.0
        for j in range(X.shape[1]):
            c = np.float64(X[i, j])
            if c != 0.0:
                square += c * c
                for q in range(out.size):
                    out[q] += c * basis[j, q]
        return square

    return project


@overload(project_row)
def _csr_project(store, i, basis, out):  # type: ignore[no-untyped-def]
    if len(store) != 3:
        return None

    def project(store, i, basis, out):  # type: ignore[no-untyped-def]
        (data, indices, indptr), square = store, 0.0
        for j in range(indptr[i], indptr[i + 1]):
            c = np.float64(data[j])
            square += c * c
            for q in range(out.size):
                out[q] += c * basis[indices[j], q]
        return square

    return project


@intrinsic
def _prefetch(context: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of an array's entry number ``index``, which may lie behind its end; rows in order."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        entries = context.make_array(array)(context, builder, arguments[0])
        address = builder.bitcast(builder.gep(entries.data, [arguments[1]]), cgutils.voidptr_t)
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        # For reading, into the second-level cache, data.
        builder.call(function, [address, number(0), number(2), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


@overload(prefetch_row)
def _dense_prefetch(store, i):  # type: ignore[no-untyped-def]
    if len(store) != 1:
        return None

    def prefetch(store, i):  # type: ignore[no-untyped-def]
        X = store[0]
        d = X.shape[1]
        for j in range(0, d, CACHE_LINE // X.itemsize):
            _prefetch(X, i * d + j)

    return prefetch


@overload(prefetch_row)
def _csr_prefetch(store, i):  # type: ignore[no-untyped-def]
    if len(store) != 3:
        return None

    def prefetch(store, i):  # type: ignore[no-untyped-def]
        data, indices, indptr = store
        for j in range(indptr[i], indptr[i + 1], CACHE_LINE // data.itemsize):
            _prefetch(data, j)
            _prefetch(indices, j)

    return prefetch


@overload(row_axpy)
def _dense_axpy(store, i, c, out):  # type: ignore[no-untyped-def]
    if len(store) != 1:
        return None

    def axpy(store, i, c, out):  # type: ignore[no-untyped-def]
        X = store[0]
        for j in range(X.shape[1]):
            out[j] += c * np.float64(X[i, j])

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
        X, total = store[0], 0.0
        for j in range(X.shape[1]):
            total += np.float64(X[i, j]) ** 2
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


@kernel(inner=True, fastmath={"reassoc", "contract"})
def dot(a: Any, b: Any) -> float:
    """Inner product of two float64 vectors."""
    total = 0.0
    for j in range(a.size):
        total += a[j] * b[j]
    return total


# Rows by their number, here and above: a view of a row may be counted as one more user of the array.
@kernel(inner=True, fastmath={"reassoc", "contract"})
def row_inner(Z: Any, i: int, v: Any) -> float:
    """Inner product of row i of Z and v, float64."""
    total = 0.0
    for j in range(v.size):
        total += Z[i, j] * v[j]
    return total


@kernel(inner=True)
def add_row(c: float, Z: Any, i: int, v: Any) -> None:
    """v += c times row i of Z."""
    for j in range(v.size):
        v[j] += c * Z[i, j]


@kernel()
def decisions(store: Any, w: Any, bias: float, out: Any) -> None:
    """out_i = <x_i, w> + bias for the first ``out.size`` rows."""
    for i in range(out.size):
        out[i] = row_dot(store, i, w) + bias


@kernel()
def project(store: Any, scale: float, basis: Any, constant: Any, out: Any, squares: Any) -> None:
    """out_i = x_i B / scale + constant and squares_i = |x_i / scale|^2 for the first ``squares.size`` rows.

    ``basis`` B (d, p), ``constant`` (p,), ``out`` (n, p).
    """
    image = np.empty(constant.size)
    for i in range(squares.size):
        image[:] = 0.0
        squares[i] = project_row(store, i, basis, image) / (scale * scale)
        for q in range(image.size):
            out[i, q] = image[q] / scale + constant[q]


@kernel()
def combine(store: Any, weights: Any, out: Any) -> None:
    """out += sum_i weights_i x_i over the first ``weights.size`` rows."""
    for i in range(weights.size):
        if weights[i] != 0.0:
            row_axpy(store, i, weights[i], out)


@kernel()
def squares(store: Any, out: Any) -> None:
    """out_i = |x_i|^2 for the first ``out.size`` rows."""
    for i in range(out.size):
        out[i] = row_square(store, i)


__all__ = [
    "add_row",
    "combine",
    "decisions",
    "dot",
    "prefetch_row",
    "project",
    "quick_dot",
    "quick_dots",
    "row_axpy",
    "row_count",
    "row_dot",
    "row_inner",
    "row_square",
    "squares",
]
