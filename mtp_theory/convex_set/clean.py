r"""The clean objective's subdifferential at the target: a fixed vector and free kink multipliers.

.. math:: g(s) = N C_R \theta_p - \sum_i n_i s_i y_i \bar x_i, \qquad s_i \in -\partial\varphi(m_i).

Off the kinks of the loss :math:`s_i` is one number; a row whose margin is a kink (within
the kink tolerance) leaves it free in an interval. Poisoning has to cancel some g(s).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ..errors import InputError
from ..losses import Array
from ..problem import Problem

#: Clean rows whose margin is this close to a kink count as lying on it. A target trained in float64
#: has its support vectors at 1 +- 1e-10, one trained in float32 or by LinearSVC at 1 +- 1e-7.
KINK_TOLERANCE = 1e-6

#: Rounding of sums of some 10^4 terms in float64, relative to the sum of their magnitudes.
ROUNDING = 1e-13

#: Rows of uint8 data converted to float64 at a time, so that the data are never copied as a whole.
CHUNK = 4096


@dataclass(frozen=True, eq=False)
class CleanGradient:
    r"""g(s) = ``base`` - sum_k t_k ``rows``[k] with 0 <= t_k <= ``room``[k].

    ``base`` (dim,) has every kink row at its least slope; ``kinks`` (r,) are row numbers of the data,
    ``rows`` (r, dim) their :math:`y_i\bar x_i`, ``least`` (r,) the least slope, ``room`` (r,) the
    length of the slope interval times the row's multiplicity. ``magnitude`` bounds the terms summed up in an entry.
    """

    base: Array
    kinks: NDArray[np.intp]
    rows: Array
    least: Array
    room: Array
    magnitude: float

    def along(self, direction: Array) -> float:
        r"""min over s of :math:`\langle\text{direction}, g(s)\rangle`: the derivative of F0 along it.

        A positive value within rounding of 0 is returned as 0: it would prove nothing, and an
        infinite bound must not come from the last bits of a sum.
        """
        value = float(direction @ self.base - np.maximum(0.0, self.rows @ direction) @ self.room)
        return 0.0 if 0 < value <= ROUNDING * self.magnitude * np.abs(direction).sum() else value


def clean_gradient(problem: Problem, target: Array, kink_tolerance: float = KINK_TOLERANCE) -> CleanGradient:
    """The clean objective's subdifferential at the target, kinks found within ``kink_tolerance``."""
    if not (np.isfinite(kink_tolerance) and kink_tolerance >= 0):
        raise InputError(f"kink tolerance {kink_tolerance!r}; give a finite number >= 0")
    margins = problem.margins(target)
    slopes = problem.loss.slope(margins).astype(np.float64)
    room = np.zeros_like(slopes)
    for kink in problem.loss.kinks:
        on = np.abs(margins - kink) <= kink_tolerance
        least, greatest = problem.loss.slope_interval(kink)
        slopes[on], room[on] = least, greatest - least
    pull = slopes * problem.counts * problem.y
    base = problem.c_r_total * target - signed_sum(problem, pull)
    kinks = np.flatnonzero((room > 0) & (problem.counts > 0))
    rows = problem.y[kinks, None] * dense_rows(problem, kinks)
    values = problem.X.data if sp.issparse(problem.X) else problem.X
    largest = max(1.0, float(np.max(np.abs(values), initial=0)) / problem.scale)
    magnitude = problem.c_r_total * float(np.abs(target).max()) + largest * float(np.abs(pull).sum() + room.sum())
    return CleanGradient(base, kinks, rows, slopes[kinks], room[kinks] * problem.counts[kinks], magnitude)


def signed_sum(problem: Problem, weights: Array) -> Array:
    r""":math:`\sum_i \text{weights}_i \bar x_i`, shape (dim,)."""
    total = np.zeros(problem.d)
    if sp.issparse(problem.X) or problem.X.dtype == np.float64:
        total += weights @ problem.X
    else:
        for start in range(0, len(weights), CHUNK):
            part = slice(start, start + CHUNK)
            total += weights[part] @ problem.X[part].astype(np.float64)
    total /= problem.scale
    return np.append(total, weights.sum()) if problem.bias else total


def dense_rows(problem: Problem, which: NDArray[np.intp]) -> Array:
    r"""Rows :math:`\bar x_i` in float64, shape (len(which), dim)."""
    rows = problem.X[which]
    rows = rows.toarray() if sp.issparse(rows) else rows
    rows = rows.astype(np.float64) / problem.scale
    return np.column_stack([rows, np.ones(len(which))]) if problem.bias else rows


__all__ = ["KINK_TOLERANCE", "CleanGradient", "clean_gradient", "dense_rows", "signed_sum"]
