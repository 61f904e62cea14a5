"""What an attack returns: its points, its last model and one row of metrics for each model."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np

from ..losses import Array

Status = Literal["converged", "budget", "stalled"]


@dataclass(frozen=True)
class Row:
    r"""Metrics of the model trained on the clean data and the first ``points`` poisoning points.

    ``distance`` is D(theta_k, theta_p) at the maximiser found, ``distance_upper`` the upper end of its enclosure,
    ``euclidean`` is :math:`|\theta_k-\theta_p|_2`, ``gap`` the primal-dual gap of the mean objective,
    ``lower_bound`` Theorem 2's bound tested at this model (None where it was not evaluated or says nothing),
    ``regret`` the exact regret :math:`\sum_{j\le k}\delta_j`, ``epsilon`` the repaired Theorem 1's bound
    :math:`(D_0 + \mathrm{regret})/(k\gamma)` on the least distance of the first k models (None without gamma > 0).
    """

    points: int
    distance: float
    distance_upper: float
    euclidean: float
    gap: float
    lower_bound: float | None
    regret: float
    epsilon: float | None

    def to_list(self) -> list[float]:
        """The columns as floats, NaN for None."""
        values = (getattr(self, c) for c in COLUMNS)
        return [np.nan if v is None else float(v) for v in values]

    @staticmethod
    def from_list(values: list[float]) -> Row:
        """Inverse of :meth:`to_list`."""
        optional = {"lower_bound", "epsilon"}
        cells = {c: None if c in optional and np.isnan(v) else v for c, v in zip(COLUMNS, values, strict=True)}
        return Row(**{**cells, "points": int(values[0])})  # type: ignore[arg-type]


COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Row))


@dataclass(frozen=True, eq=False)
class AttackRun:
    """Result of an attack: row k of ``rows`` is the model after round k, row 0 the clean one.

    ``X`` (points, d) and ``y`` (points,): the poisoning points, copies as rows. ``theta``: the model trained on all of
    them. ``thetas``: every model, in row order, if they were asked for (``keep_models``), else first and last only.
    """

    X: Array
    y: Array
    theta: Array
    thetas: tuple[Array, ...]
    rows: tuple[Row, ...]
    status: Status

    @property
    def points(self) -> int:
        """Number of poisoning points, with multiplicity."""
        return int(self.y.size)

    @property
    def best(self) -> Row:
        """The row of smallest distance, the earliest among ties."""
        return min(self.rows, key=lambda r: r.distance)

    @property
    def lower_bound(self) -> float | None:
        """Best value of Theorem 2's bound over the models of this run: points that *exact* recovery needs."""
        bounds = [r.lower_bound for r in self.rows if r.lower_bound is not None]
        return max(bounds) if bounds else None


__all__ = ["COLUMNS", "AttackRun", "Row", "Status"]
