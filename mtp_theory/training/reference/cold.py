"""Trainers that solve from scratch at every fit: the base of the simple engines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...errors import InputError, UndecidedError
from ...losses import Array, MarginLoss
from ...problem import Problem
from ..fit import Fit, duality_gap
from ..rows.store import PointSet


class ColdTrainer(ABC):
    """A trainer whose ``solve`` sees all signed rows; the gap comes from a dual point that it returns."""

    engine: str

    def __init__(self, problem: Problem, tolerance: float) -> None:
        self.problem = problem
        self.tolerance = tolerance
        self.points = PointSet(problem)
        #: Set by ``solve`` where the loss has no known conjugate: a loss below it that has one.
        self.minorant: MarginLoss | None = None
        self._last: tuple[Array, Array] | None = None

    @abstractmethod
    def solve(self, rows: Any, counts: Array) -> tuple[Array, Array, int]:
        """Model (dim,), slopes s (n,) in the range of psi, number of iterations.

        ``rows`` (n, dim): signed rows, dense or CSR; ``counts`` (n,), all > 0.
        """

    @property
    def n_points(self) -> int:
        """Points of the multiset, with multiplicity."""
        return self.points.n_points

    def add(self, x: Array, y: int, copies: int = 1) -> None:
        """Multiset union with ``copies`` of the point (x, y)."""
        self.points.add(x, y, copies)

    def add_many(self, X: ArrayLike, y: ArrayLike, counts: ArrayLike | None = None) -> None:
        """Multiset union with the rows of X, each ``counts`` times."""
        self.points.add_many(X, y, counts)

    def set_counts(self, counts: ArrayLike) -> None:
        """Give the clean rows other multiplicities."""
        self.points.set_counts(counts)

    def rebuild(self) -> None:  # noqa: B027 (an empty default on purpose)
        """Nothing to forget: every fit of this engine is cold."""

    def fit(self) -> Fit:
        """The minimiser on all points so far. UndecidedError where the gap stays above the tolerance."""
        present = self.points.counts > 0
        rows, counts = self.points.signed_rows()[present], self.points.counts[present]
        theta, kept_slopes, iterations = self.solve(rows, counts)
        slopes = np.zeros(self.points.n_rows)
        slopes[present] = kept_slopes
        self._last = theta, slopes
        margins = np.asarray(rows @ theta)
        n, c_r = self.n_points, self.problem.c_r
        objective = float(self.problem.loss.value(margins) @ counts) / n + 0.5 * c_r * float(theta @ theta)
        combined = np.asarray(rows.T @ (counts * kept_slopes))
        gap = duality_gap(self.problem.loss, c_r, theta, margins, kept_slopes, counts, combined, self.minorant)
        if not gap <= self.tolerance * max(1.0, objective):
            raise UndecidedError(
                f"engine {self.engine!r}: duality gap {gap:.3g} above the tolerance {self.tolerance:g}"
                f" on {n} points; use another engine or a larger tolerance"
            )
        return Fit(theta, objective, gap, n, iterations, self.engine)

    def full_gap(self) -> float:
        """Gap of the last fit recomputed by a pass over all data. InputError before the first fit."""
        if self._last is None:
            raise InputError("full_gap: nothing fitted yet; call fit first")
        theta, slopes = self._last
        if slopes.size != self.points.n_rows:
            raise InputError("full_gap: points were added since the last fit; call fit first")
        counts = self.points.counts
        combined = self.points.combine(counts * slopes)
        margins = self.points.margins(theta)
        return duality_gap(
            self.problem.loss,
            self.problem.c_r,
            theta,
            margins,
            slopes,
            counts,
            combined,
            self.minorant,
        )


__all__ = ["ColdTrainer"]
