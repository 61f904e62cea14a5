r"""The sketch of the rows: their coordinates along a few directions, and the length of what is left.

For orthonormal directions U, about the leading principal ones of the clean rows, and a change e of the model

.. math:: |\langle z, e\rangle - \langle Uz, Ue\rangle| \le |z - U^TUz|\,|e - U^TUe| .
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...losses import Array
from .. import kernels
from ..rows.store import PointSet
from .anchors import SKETCH_ROUNDING
from .state import RowState

#: Directions of the sketch at most, and as a share of the dimension; rows it is made from, power steps, and the
#: least dimension where it pays.
SKETCH, SKETCH_SHARE, SKETCH_ROWS, SKETCH_STEPS, SKETCH_FROM = 16, 7, 512, 4, 32


class Sketch:
    """Directions U (p, dim), and |z|, Uz and |z - U^T U z| of the rows of one point set."""

    def __init__(self, points: PointSet) -> None:
        self.points = points
        self.basis = principal_directions(points)
        self._clean: tuple[Array, Any, Array] | None = None

    def norms(self) -> Array:
        """|z_i| of all rows."""
        return np.concatenate([self._clean_rows()[0], self.points.norms(self.points.n_clean)])

    def fill(self, rows: RowState) -> None:
        """Write sketches and lengths of all rows of the point set; their norms are there."""
        points, clean, n = self.points, self.points.n_clean, self.points.n_rows
        _, rows.sketch[:clean], rows.outside[:clean] = self._clean_rows()
        coordinates = points.added @ self.basis[:, : points.problem.d].T
        if points.problem.bias:
            coordinates += self.basis[:, -1]
        # Labels only turn the signs, of the sketch as of its row.
        rows.sketch[clean:n] = coordinates * points.labels[clean:, None]
        rows.outside[clean:n] = _outside(rows.norm[clean:n], (coordinates**2).sum(axis=1))
        rows.inside[:n] = np.sqrt((1.0 + 2.0 * SKETCH_ROUNDING) * rows.norm[:n] ** 2 - rows.outside[:n] ** 2)

    def _clean_rows(self) -> tuple[Array, Any, Array]:
        """|z_i|, Uz and what is outside the span of U, of the clean rows; computed once, in one pass."""
        if self._clean is None:
            points, problem = self.points, self.points.problem
            p, n, d = self.basis.shape[0], points.n_clean, problem.d
            coordinates, squares = np.empty((n, p)), np.empty(n)
            constant = self.basis[:, d].copy() if problem.bias else np.zeros(p)
            directions = np.ascontiguousarray(self.basis[:, :d].T)
            kernels.project(points.clean, problem.scale, directions, constant, coordinates, squares)
            norms = np.sqrt(squares + float(problem.bias))
            outside = _outside(norms, (coordinates**2).sum(axis=1))
            self._clean = norms, (coordinates * points.labels[:n, None]).astype(np.float32), outside
        return self._clean


def principal_directions(points: PointSet) -> Array:
    """About the leading SKETCH principal directions of the clean rows, orthonormal, shape (p, dim).

    From a few rows and a few power steps: screening is right for every orthonormal basis, a good one is
    only sharper.
    No directions (p = 0) where rows are short or sparse, so that looking at a row is cheap.
    """
    X, dim = points.clean[0], points.problem.dim
    p = min(SKETCH, dim // SKETCH_SHARE) if X.ndim == 2 and dim >= SKETCH_FROM else 0
    sample = np.ones((min(points.n_clean, SKETCH_ROWS), dim))
    if p == 0 or sample.shape[0] < p:
        return np.empty((0, dim))
    chosen = np.linspace(0, points.n_clean - 1, sample.shape[0]).astype(np.intp)
    sample[:, : X.shape[1]] = X[chosen] / points.problem.scale
    basis, _ = np.linalg.qr(sample[:: sample.shape[0] // p][:p].T)
    for _ in range(SKETCH_STEPS):
        basis, _ = np.linalg.qr(sample.T @ (sample @ basis))
    return np.ascontiguousarray(basis.T)


def _outside(norm: Any, square: Any) -> Any:
    """Norm of the part of a row outside the sketch's span, with the rounding of both squares on the safe side."""
    return np.sqrt(np.maximum(norm**2 - square, 0.0) + SKETCH_ROUNDING * norm**2)


__all__ = ["Sketch", "principal_directions"]
