r"""Polishing a float target: its support vectors exactly on the margin, in rationals.

A target trained in floats has its support vectors at :math:`1 \pm 10^{-10}`; there the fractional minimum of the float
vector as it stands and that of the model which was meant differ. Polished is

.. math:: \theta + Z_K^T (Z_K Z_K^T)^{+} (1 - Z_K \theta)

up to rounding to a grid, with what the grid leaves taken out exactly through as many coordinates as there are
independent rows in K.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import scipy.linalg as sla
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from ...convex_set import KINK_TOLERANCE
from ...convex_set.clean import dense_rows
from ...losses import Array
from ...problem import Problem

#: Grid of the float part: finer than the spacing of float64 near 1.
GRID = 2**60
#: Rows whose triangular factor is smaller, relative to the largest, depend on the others.
INDEPENDENT = 1e-9


def on_margin(problem: Problem, target: Array, tolerance: float = KINK_TOLERANCE) -> NDArray[np.intp]:
    """Clean rows within ``tolerance`` of margin 1."""
    return np.flatnonzero((np.abs(problem.margins(target) - 1.0) <= tolerance) & (problem.counts > 0))


def polished(problem: Problem, target: Array, tolerance: float = KINK_TOLERANCE) -> tuple[Fraction, ...]:
    """The target moved so that an independent set of its near-margin rows has margin exactly 1; shape (dim,)."""
    rows = on_margin(problem, target, tolerance)
    if rows.size == 0:
        return tuple(Fraction(float(t)) for t in target)
    Z = problem.y[rows, None] * dense_rows(problem, rows)
    _, r, order = sla.qr(Z.T, mode="economic", pivoting=True)
    size = np.abs(np.diag(r))
    kept = order[: int((size > INDEPENDENT * size[0]).sum())]
    Zk = Z[kept]
    near = target + np.linalg.lstsq(Zk, 1.0 - Zk @ target, rcond=None)[0]
    grid = [Fraction(round(Fraction(float(t)) * GRID), GRID) for t in near]
    _, _, columns = sla.qr(Zk, mode="economic", pivoting=True)
    chosen = columns[: len(kept)]
    exact = exact_rows(problem, rows[kept])
    matrix = fmpq_mat([[fmpq(row[j].numerator, row[j].denominator) for j in chosen] for row in exact])
    left = [1 - sum((a * b for a, b in zip(row, grid, strict=True) if a), Fraction(0)) for row in exact]
    step = matrix.solve(fmpq_mat([[fmpq(v.numerator, v.denominator)] for v in left]))
    for i, j in enumerate(chosen):
        grid[int(j)] += Fraction(int(step[i, 0].p), int(step[i, 0].q))
    return tuple(grid)


def exact_rows(problem: Problem, rows: NDArray[np.intp]) -> list[list[Fraction]]:
    """y_i (x_i, 1) in rationals, for few rows."""
    scale = Fraction(problem.scale)
    picked = problem.X[rows]
    picked = picked.toarray() if hasattr(picked, "toarray") else picked
    out = []
    for x, y in zip(picked.tolist(), problem.y[rows].tolist(), strict=True):
        entries = [int(y) * Fraction(v) / scale for v in x]
        out.append([*entries, Fraction(int(y))] if problem.bias else entries)
    return out


__all__ = ["exact_rows", "on_margin", "polished"]
