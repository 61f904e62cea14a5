r"""The distinct points added so far, in a growing buffer; beside it, where that is exact, the same points as bytes.

Maximisers over a box are vertices but for a few features, and copies of data rows are data rows. So where the clean
rows are bytes k, meant as k / scale, an added point mostly is such a row too, but for at most FEW features:

.. math:: x_j = k_j / s \quad\text{except}\quad x_{j_e} = r_e,\ k_{j_e} = 0, \qquad
          \langle x, w\rangle = \langle k, w / s\rangle + \sum_e r_e w_{j_e} .

That is an eighth of the memory to read, and the product is the one that the clean rows use.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import InputError
from ...kernel import kernel
from ...losses import Array
from ...problem import Problem
from ..kernels import ROUNDING, prefetch_row, quick_dot, quick_dots, row_dot

#: Rows of the buffer at first, fewer where they are so long that they would take more than so many bytes; it doubles
#: when full. That is address space: memory not written yet costs nothing, while a buffer that grows is copied.
FIRST_ROWS, FIRST_BYTES = 8192, 1 << 26
#: Features of an encoded point that may differ from every byte.
FEW = 4
#: Odd multiplier of the hash: 2^64 over the golden ratio, of which successive multiples are far apart.
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class AddedRows:
    """Distinct points of one problem with d features; equal ones, label included, share a row."""

    def __init__(self, problem: Problem) -> None:
        self.d, self.scale = problem.d, problem.scale
        self.size = 0
        self.features, self._labels = np.empty((0, self.d)), np.zeros(0)
        self._bytes = isinstance(problem.X, np.ndarray) and problem.X.dtype == np.uint8
        self.coded = self._room_for_codes(0)
        self._rows: dict[int, int] = {}

    def find_or_add(self, x: Any, y: int) -> tuple[int, bool]:
        """Row of the point (x, y), and whether it is new. Raises InputError unless x is (d,) and finite, y -1 or +1."""
        point = np.ascontiguousarray(x, dtype=np.float64)
        if point.shape != (self.d,):
            raise InputError(f"added point: x has shape {point.shape}; this problem needs ({self.d},)")
        if y not in (-1, 1):
            raise InputError(f"added point: label {y!r}; give -1 or +1")
        row = self.size
        if row == self.features.shape[0]:
            self._grow()
        finite, key = _store(point, row, float(y), self.features)
        if not finite:
            raise InputError("added point: x has NaN or infinite values; give finite features")
        known = self._rows.get(key, -1)
        while known >= 0:
            # Equal hashes are a reason to look, not a proof.
            if y == self._labels[known] and _equal(self.features, known, row):
                return known, False
            key += 1
            known = self._rows.get(key, -1)
        self._rows[key] = row
        self._labels[row] = y
        if self._bytes:
            _encode(self.features[row], row, self.scale, *self.coded)
        self.size += 1
        return row, True

    def _grow(self) -> None:
        room, used = max(min(FIRST_ROWS, FIRST_BYTES // (8 * self.d)), 2 * self.size, 1), self.size
        features, labels = np.empty((room, self.d)), np.zeros(room)
        features[:used], labels[:used] = self.features, self._labels
        self.features, self._labels = features, labels
        if self._bytes:
            coded = self._room_for_codes(room)
            for new, old in zip(coded, self.coded, strict=True):
                new[:used] = old
            self.coded = coded

    def _room_for_codes(self, room: int) -> tuple[Any, Any, Any]:
        """Bytes k (room, d); places j_e and values r_e (room, FEW), a first place of -1 for a point not encoded."""
        return (
            np.empty((room, self.d), dtype=np.uint8), np.zeros((room, FEW), dtype=np.int64), np.zeros((room, FEW)),
        )  # fmt: skip


@kernel()
def _store(x: Array, row: int, label: float, features: Array) -> tuple[bool, int]:
    """Copy x to a row of the buffer, -0.0 as 0.0; is it finite, and a hash of it and its label."""
    target = features[row]
    total = 0.0
    for j in range(x.size):
        target[j] = x[j] + 0.0
        # 0 for a finite number, NaN else.
        total += 0.0 * x[j]
    bits = target.view(np.uint64)
    key = np.uint64(label > 0.0)
    for j in range(bits.size):
        # High bits of a number hold most of it; they must reach all bits of the product.
        mixed = (bits[j] ^ (bits[j] >> np.uint64(32))) * (np.uint64(2 * j + 1) * MULTIPLIER)
        key += mixed ^ (mixed >> np.uint64(29))
    return bool(total == 0.0), int(key >> np.uint64(1))


@kernel()
def _equal(features: Array, i: int, k: int) -> bool:
    """Are two rows of the buffer equal?"""
    same = True
    for j in range(features.shape[1]):
        same &= features[i, j] == features[k, j]
    return same


@kernel()
def _encode(x: Array, row: int, scale: float, codes: Any, places: Any, rests: Array) -> None:
    """Write x as bytes and at most FEW exceptions; a first place of -1 where that is not possible."""
    code, used = codes[row], 0
    places[row], rests[row] = 0, 0.0
    for j in range(x.size):
        k = np.rint(x[j] * scale)
        if 0.0 <= k <= 255.0 and k / scale == x[j]:
            code[j] = np.uint8(k)
            continue
        if used == FEW:
            places[row, 0] = -1
            return
        code[j] = np.uint8(0)
        places[row, used], rests[row, used] = j, x[j]
        used += 1


# Inlined, as a call that passes tuples of arrays costs more than the row.
@kernel(inline="always")
def is_encoded(coded: Any, i: int) -> Any:
    """Is row i there as bytes?"""
    return i < coded[0].shape[0] and coded[1][i, 0] >= 0


# Inlined, as a call that passes tuples of arrays costs more than the row.
@kernel(inline="always")
def quick_added_dot(added: Any, coded: Any, i: int, w: Any, scaled: Any, single: Any) -> tuple[float, float]:
    """<x_i, w> and its error as a share of |x_i| |w|; ``scaled``: w / scale, ``single``: that in float32."""
    if not is_encoded(coded, i):
        return row_dot(added, i, w), ROUNDING
    codes, places, rests = coded
    inner, share = quick_dot((codes,), i, scaled, single)
    for e in range(FEW):
        inner += rests[i, e] * w[places[i, e]]
    return inner, share


@kernel()
def quick_added_dots(
    added: Any, coded: Any, which: Any, w: Any, scaled: Any, single: Any, out: Any, shares: Any
) -> None:  # fmt: skip
    """``quick_added_dot`` of the rows ``which`` into ``out`` and ``shares``."""
    codes, places, rests = coded
    if codes.shape[0] == 0:
        for k in range(which.size):
            out[k], shares[k] = row_dot(added, which[k], w), ROUNDING
        return
    # Rows without a code are read all the same, and once more.
    share = quick_dots((codes,), which, scaled, single, out)
    for k in range(which.size):
        i = which[k]
        if places[i, 0] < 0:
            out[k], shares[k] = row_dot(added, i, w), ROUNDING
            continue
        shares[k] = share
        for e in range(FEW):
            out[k] += rests[i, e] * w[places[i, e]]


@kernel(inline="always")
def prefetch_added(added: Any, coded: Any, i: int) -> None:
    """Have what ``quick_added_dot`` reads of row i brought to the cache."""
    if is_encoded(coded, i):
        prefetch_row((coded[0],), i)
    else:
        prefetch_row(added, i)


__all__ = ["AddedRows", "prefetch_added", "quick_added_dot", "quick_added_dots"]
