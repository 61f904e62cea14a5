r"""A fit and its certificate: the duality gap of regularised empirical risk minimisation.

Primal, over a multiset of n points with multiplicities k_i and signed rows
:math:`z_i = y_i (x_i, 1)`, margins :math:`m_i = \langle\theta, z_i\rangle`:

.. math:: P(\theta) = \frac1n \sum_i k_i\,\varphi(m_i) + \frac{C_R}{2}|\theta|^2 .

Every choice of slopes :math:`s_i` in the range of :math:`\psi = -\varphi'` gives a lower bound of the
minimum, the Fenchel dual with :math:`v = \sum_i k_i s_i z_i`:

.. math:: D(s) = -\frac1n \sum_i k_i\,\varphi^*(-s_i) - \frac{|v|^2}{2 n^2 C_R} .

The difference is a sum of terms that are each non-negative, so it is evaluated without
cancellation, and it can be far below the rounding error of P itself:

.. math:: P(\theta) - D(s) = \frac1n \sum_i k_i\bigl[\varphi(m_i) + \varphi^*(-s_i) + s_i m_i\bigr]
          + \frac{1}{2 C_R}\bigl|C_R\theta - v/n\bigr|^2 .

For a differentiable loss the choice :math:`s_i = \psi(m_i)` makes the first sum vanish and
the second term equal to :math:`|\nabla P|^2 / (2 C_R)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from ..losses import (
    Array,
    MarginLoss,
)
from .rows.store import PointSet


@dataclass(frozen=True, eq=False)
class Fit:
    """A minimiser of the regularised mean loss with its certificate."""

    #: Model, shape (dim,), the bias last.
    theta: Array
    #: Mean objective P(theta).
    objective: float
    #: Absolute primal-dual gap of the mean objective, >= 0: P(theta) - min P <= gap.
    gap: float
    #: Number of points of the multiset, with multiplicity.
    n_points: int
    #: Steps of the engine that made this fit (what a step is depends on the engine).
    iterations: int
    #: Name of the engine.
    engine: str


class Trainer(Protocol):
    """Holds the clean data and the points added so far; fits the minimiser on all of them.

    Two trainers of the same problem that receive the same calls in the same order give bit-equal
    fits. A warm fit and a cold one of the same points agree to within their gaps, not in the
    last bits; ``rebuild`` brings a warm trainer to the state of a fresh one.
    """

    #: The rows, clean and added, with their multiplicities.
    points: PointSet

    @property
    def n_points(self) -> int:
        """Points of the multiset, with multiplicity."""

    def add(self, x: Array, y: int, copies: int = 1) -> None:
        """Multiset union with ``copies`` of the point (x, y), x (d,); a repeated point counts again."""

    def add_many(self, X: ArrayLike, y: ArrayLike, counts: ArrayLike | None = None) -> None:
        """Multiset union with the rows of X (k, d), labels y (k,), each ``counts`` times (default once)."""

    def set_counts(self, counts: ArrayLike) -> None:
        """Give the clean rows other multiplicities, integers >= 0, shape (n,); the added points stay."""

    def fit(self) -> Fit:
        """The minimiser on all points so far, warm-started from the last fit."""

    def full_gap(self) -> float:
        """Gap of the last fit recomputed from scratch by a pass over all data in float64."""

    def rebuild(self) -> None:
        """Forget the warm start: the next fit is that of a fresh trainer given the same points at once."""


def slope_range(loss: MarginLoss) -> tuple[float, float]:
    """The interval on which the loss's ``conjugate`` is finite."""
    return 0.0, loss.lipschitz


def fenchel_terms(loss: MarginLoss, margins: Array, slopes: Array, minorant: MarginLoss | None = None) -> Array:
    r""":math:`\varphi(m_i) + \varphi^*(-s_i) + s_i m_i \ge 0`; rounding below zero is cut off.

    The conjugate of ``minorant``, a loss nowhere above this one, may take the place of an unknown conjugate: it
    is nowhere below.
    """
    if minorant is not None:
        return np.maximum(0.0, loss.value(margins) + minorant.conjugate(slopes) + slopes * margins)
    return loss.fenchel(margins, slopes)


def duality_gap(
    loss: MarginLoss,
    c_r: float,
    theta: Array,
    margins: Array,
    slopes: Array,
    counts: Array,
    combined: Array,
    minorant: MarginLoss | None = None,
) -> float:
    r"""Gap of the mean objective between theta and the dual point ``slopes``.

    ``margins``, ``slopes``, ``counts``: one entry for each row; ``combined``: :math:`v = \sum k_i s_i z_i`;
    ``minorant``: see ``fenchel_terms``.
    """
    n = float(counts.sum())
    residual = c_r * theta - combined / n
    return float(fenchel_terms(loss, margins, slopes, minorant) @ counts / n + residual @ residual / (2.0 * c_r))


__all__ = ["Fit", "Trainer", "duality_gap", "fenchel_terms", "slope_range"]
