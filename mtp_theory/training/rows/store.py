r"""The rows of a training set: clean data as stored, plus the points added so far.

Signed rows are :math:`z_i = y_i (x_i, 1)` (the 1 only with a bias). The clean rows stay where they are, in
their own type (float64, float32, bytes with a scale, CSR); the added ones lie in a growing float64 buffer
(:mod:`mtp_theory.training.rows.added`). A point equal to an earlier added one only raises that one's multiplicity: the
multiset counts it again, the storage does not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from ...errors import InputError
from ...losses import Array
from ...problem import Problem
from .. import kernels
from .added import AddedRows
from .sweep import sweep


class PointSet:
    """Clean rows and added rows of one problem, numbered 0..n-1 and n..n+a-1."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.n_clean = int(problem.y.size)
        self._counts = problem.counts.astype(np.float64)
        self._labels = problem.y
        X = problem.X
        # Rows are read one by one: other memory orders are copied once.
        self.clean: tuple[NDArray[Any], ...] = (
            (X.data, X.indices, X.indptr) if sp.issparse(X) else (np.ascontiguousarray(X),)
        )
        self._added = AddedRows(problem)
        self.n_points = problem.n_points

    @property
    def n_added(self) -> int:
        """Distinct added points."""
        return self._added.size

    @property
    def n_rows(self) -> int:
        """Stored rows, clean and added; at most the number of points."""
        return self.n_clean + self.n_added

    @property
    def counts(self) -> Array:
        """Multiplicities k, shape (n_rows,)."""
        return self._counts[: self.n_rows]

    @property
    def labels(self) -> Array:
        """Labels, shape (n_rows,)."""
        return self._labels[: self.n_rows]

    @property
    def weighted_labels(self) -> tuple[Array, Array]:
        """Labels and multiplicities with the room behind them, for the compiled kernels; only the rows count."""
        return self._labels, self._counts

    @property
    def added_store(self) -> tuple[Array]:
        """The buffer of added rows as a store for the compiled kernels; only the first a rows count."""
        return (self._added.features,)

    @property
    def coded_store(self) -> tuple[Any, Any, Any]:
        """Those of the added rows that are bytes as such."""
        return self._added.coded

    @property
    def added(self) -> Array:
        """Features of the added rows, shape (a, d)."""
        return self._added.features[: self.n_added]

    def add(self, x: ArrayLike, y: int, copies: int = 1) -> int:
        """Add ``copies`` of a point; returns its row number, an old one if the point was added before."""
        if copies != int(copies) or copies < 1:
            raise InputError(f"added point: {copies!r} copies; give an integer >= 1")
        row, new = self._added.find_or_add(x, y)
        row += self.n_clean
        if new:
            self._make_room(row)
            self._labels[row], self._counts[row] = y, 0.0
        self._counts[row] += int(copies)
        self.n_points += int(copies)
        return row

    def add_many(self, X: ArrayLike, y: ArrayLike, counts: ArrayLike | None = None) -> NDArray[np.intp]:
        """Add the rows of X in order; returns their row numbers. A count of 0 adds nothing (row -1)."""
        rows = np.atleast_2d(np.asarray(X, dtype=np.float64))
        labels = np.asarray(y).reshape(-1)
        times = np.ones(labels.size, dtype=np.int64) if counts is None else np.asarray(counts).reshape(-1)
        self.check_many(rows, labels, times)
        return np.asarray(
            [
                self.add(x, int(label), int(k)) if k else -1
                for x, label, k in zip(rows, labels.tolist(), times.tolist(), strict=True)
            ],
            dtype=np.intp,
        )

    @staticmethod
    def check_many(rows: Array, labels: NDArray[Any], counts: NDArray[Any]) -> None:
        """InputError unless there is a label and a multiplicity >= 0 for each row."""
        if labels.size != rows.shape[0] or counts.size != labels.size:
            raise InputError(
                f"added points: {rows.shape[0]} rows, {labels.size} labels, {counts.size} counts; give as many of each"
            )
        _check_counts(counts, "added points")

    def set_counts(self, counts: ArrayLike) -> None:
        """New multiplicities of the clean rows; the added rows keep theirs."""
        k = np.asarray(counts)
        if k.shape != (self.n_clean,):
            raise InputError(f"counts: shape {k.shape}; the data have {self.n_clean} rows")
        _check_counts(k, "counts")
        total = int(k.sum()) + int(self._counts[self.n_clean : self.n_rows].sum())
        if total == 0:
            raise InputError("counts: all are zero; give at least one point")
        self._counts[: self.n_clean] = k
        self.n_points = total

    def margins(self, theta: Array) -> Array:
        """Margins of all rows in float64, shape (n_rows,)."""
        w, bias = self.problem.split(theta)
        out = np.empty(self.n_rows)
        kernels.decisions(self.clean, w / self.problem.scale, bias, out[: self.n_clean])
        if self.n_added:
            kernels.decisions(self.added_store, np.ascontiguousarray(w), bias, out[self.n_clean :])
        out *= self.labels
        return out

    def combine(self, weights: Array) -> Array:
        """sum_i weights_i z_i over all rows, shape (dim,)."""
        signed, d = weights * self.labels, self.problem.d
        out = np.zeros(self.problem.dim)
        kernels.combine(self.clean, signed[: self.n_clean], out[:d])
        out[:d] /= self.problem.scale
        if self.n_added:
            kernels.combine(self.added_store, signed[self.n_clean :], out[:d])
        out[d:] = signed.sum()
        return out

    def sweep(self, theta: Array, kernel: int) -> tuple[float, Array, Array]:
        """Loss sum, margins (n_rows,) and sum_i k_i psi(m_i) z_i (dim,) of a built-in smooth loss in one pass."""
        (w, bias), d, n = self.problem.split(theta), self.problem.d, self.n_clean
        margins, out, constant = np.empty(self.n_rows), np.zeros(self.problem.dim), np.zeros(1)
        total = sweep(
            self.clean, w / self.problem.scale, bias, self._labels[:n], self._counts[:n], kernel, margins[:n], out[:d],
            constant,
        )  # fmt: skip
        out[:d] /= self.problem.scale
        if self.n_added:
            total += sweep(
                self.added_store, np.ascontiguousarray(w), bias, self._labels[n : self.n_rows],
                self._counts[n : self.n_rows], kernel, margins[n:], out[:d], constant,
            )  # fmt: skip
        out[d:] = constant[0]
        return float(total), margins, out

    def norms(self, start: int = 0) -> Array:
        """|z_i| of the rows from ``start`` on."""
        out = np.empty(self.n_rows)
        if start < self.n_clean:
            kernels.squares(self.clean, out[: self.n_clean])
            out[: self.n_clean] /= self.problem.scale**2
        if self.n_added:
            kernels.squares(self.added_store, out[self.n_clean :])
        return np.asarray(np.sqrt(out[start:] + float(self.problem.bias)))

    def signed_rows(self) -> Any:
        """All signed rows as one new float64 matrix (n_rows, dim), CSR if the data are; slow engines only."""
        problem = self.problem
        if sp.issparse(problem.X):
            parts = [
                problem.X.astype(np.float64) / problem.scale,
                sp.csr_matrix(self.added),
            ]
            features = sp.vstack(parts, format="csr")
            if problem.bias:
                features = sp.hstack([features, np.ones((self.n_rows, 1))], format="csr")
            return sp.diags_array(self.labels) @ features
        dense = np.empty((self.n_rows, problem.dim))
        dense[: self.n_clean, : problem.d] = problem.X
        dense[: self.n_clean, : problem.d] /= problem.scale
        dense[self.n_clean :, : problem.d] = self.added
        dense[:, problem.d :] = 1.0
        return dense * self.labels[:, None]

    def _make_room(self, row: int) -> None:
        """Room in the labels and multiplicities for that row."""
        if row < self._labels.size:
            return
        labels, counts = self._labels, self._counts
        self._labels, self._counts = (
            np.zeros(self.n_clean + 2 * self.n_added),
            np.zeros(self.n_clean + 2 * self.n_added),
        )
        self._labels[: labels.size], self._counts[: counts.size] = labels, counts


def _check_counts(counts: NDArray[Any], name: str) -> None:
    if not np.issubdtype(counts.dtype, np.integer) or (counts < 0).any():
        raise InputError(f"{name}: multiplicities must be integers >= 0")


__all__ = ["PointSet"]
