r"""Labelled rows in exact arithmetic: the finders' inner products and weighted sums of :math:`z_i = y_i(x_i, 1)`.

Rows of a data file are whole numbers over a power of two or a scale, so a block of them is one integer matrix and a
product with it is flint's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from flint import fmpq, fmpz_mat
from numpy.typing import NDArray

from .numbers import Whole, dot, rationals

#: Rows turned into one integer matrix at a time: 1,024 rows of 784 features hold some 50 MB of Python integers.
BLOCK = 1024
#: Integer matrices are kept from one product to the next where all have at most so many entries, of 8 bytes or more.
KEPT = 1 << 24
#: Bits of a float64's significand.
SIGNIFICAND = 53


class Rows(ABC):
    """n labelled rows; ``y`` holds the labels as integers."""

    n: int
    y: list[int]

    @abstractmethod
    def products(self, vectors: Sequence[Whole]) -> list[list[fmpq]]:
        r""":math:`\langle v, z_i\rangle` for each vector v and row i."""

    @abstractmethod
    def combination(self, weights: Sequence[fmpq]) -> list[fmpq]:
        r""":math:`\sum_i w_i z_i`."""

    @abstractmethod
    def squares(self) -> list[fmpq]:
        r""":math:`|z_i|^2` for each row."""


class DataRows(Rows):
    """Rows of an array X (n, d), where X / ``scale`` is meant, and labels y (n,)."""

    def __init__(self, X: NDArray[Any], y: NDArray[Any], scale: float, bias: bool) -> None:
        self.X, self.y, self.bias = X, [int(v) for v in y], bias
        self.scale = Fraction(scale)
        self.n, self.d = X.shape
        self._kept: list[tuple[slice, fmpz_mat, int]] = []

    def _blocks(self) -> Iterator[tuple[slice, NDArray[Any], int]]:
        """Blocks of X / scale as integers (int64, or Python's in an object array) over one denominator."""
        for start in range(0, self.n, BLOCK):
            part = slice(start, min(self.n, start + BLOCK))
            if self.X.dtype == np.uint8:
                whole, unit = self.X[part].astype(np.int64), 1
            else:
                values = self.X[part].astype(np.float64)
                significands, exponents = np.frexp(values)
                # v = significand * 2^53 / 2^(53 - exponent), over the finest power of two of the block
                needed = np.where(values != 0, SIGNIFICAND - exponents, 0)
                finest = max(0, int(needed.max(initial=0)))
                shift = np.where(values != 0, finest - needed, 0).astype(object)
                whole = (significands * 2.0**SIGNIFICAND).astype(np.int64).astype(object) << shift
                unit = 1 << finest
            if self.scale.denominator != 1:
                whole = whole.astype(object) * self.scale.denominator
            yield part, whole, unit * self.scale.numerator

    def _matrices(self) -> Iterator[tuple[slice, fmpz_mat, int]]:
        if self._kept:
            yield from self._kept
            return
        made = []
        for part, whole, unit in self._blocks():
            block = part, fmpz_mat(*whole.shape, whole.ravel().tolist()), unit
            if self.X.size <= KEPT:
                made.append(block)
            yield block
        self._kept = made

    def products(self, vectors: Sequence[Whole]) -> list[list[fmpq]]:
        columns = fmpz_mat([[v.n[j] for v in vectors] for j in range(self.d)])
        out: list[list[fmpq]] = [[] for _ in vectors]
        for part, matrix, unit in self._matrices():
            values, labels = matrix * columns, self.y[part]
            for k, v in enumerate(vectors):
                constant = v.n[-1] * unit if self.bias else 0
                out[k] += [fmpq(y * (values[i, k] + constant), v.d * unit) for i, y in enumerate(labels)]
        return out

    def combination(self, weights: Sequence[fmpq]) -> list[fmpq]:
        features, constant = [fmpq(0)] * self.d, fmpq(0)
        for part, matrix, unit in self._matrices():
            signed = [w * y for w, y in zip(weights[part], self.y[part], strict=True)]
            common = lcm(1, *(int(w.q) for w in signed))
            row = fmpz_mat(1, len(signed), [int(w * common) for w in signed]) * matrix
            features = [t + fmpq(row[0, j], common * unit) for j, t in enumerate(features)]
            constant += sum(signed, fmpq(0))
        return [*features, constant] if self.bias else features

    def squares(self) -> list[fmpq]:
        out: list[fmpq] = []
        for _, whole, unit in self._blocks():
            # bytes over a whole scale: 64-bit sums are exact and fast
            out += [fmpq(s, unit * unit) + int(self.bias) for s in (whole * whole).sum(axis=1).tolist()]
        return out


class ListedRows(Rows):
    """A few points with rational features."""

    def __init__(self, labels: Sequence[int], points: Sequence[Sequence[Fraction]], bias: bool) -> None:
        self.y, self.n = list(labels), len(labels)
        self._points = [[*rationals(x), fmpq(1)] if bias else rationals(x) for x in points]

    def products(self, vectors: Sequence[Whole]) -> list[list[fmpq]]:
        entries = [[fmpq(n, v.d) for n in v.n] for v in vectors]
        return [[y * dot(v, x) for y, x in zip(self.y, self._points, strict=True)] for v in entries]

    def combination(self, weights: Sequence[fmpq]) -> list[fmpq]:
        signed = [w * y for w, y in zip(weights, self.y, strict=True)]
        return [dot(signed, column) for column in zip(*self._points, strict=True)]

    def squares(self) -> list[fmpq]:
        return [dot(x, x) for x in self._points]


__all__ = ["DataRows", "ListedRows", "Rows"]
