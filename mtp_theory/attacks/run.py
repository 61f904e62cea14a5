"""What an attack returns: its points, its models and one row of metrics for each model."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .. import inputs
from ..display import axes, frame, one_column
from ..losses import Array

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from ..datasets import Dataset
    from ..goal import Goal

#: Inches of the plot.
PLOT = (6.0, 4.0)
Status = Literal["converged", "budget", "stalled"]


@dataclass(frozen=True)
class Row:
    r"""Metrics of the model trained on the clean data and the first ``points`` poisoning points.

    ``distance`` is D(theta_k, theta_p) at the maximiser found, ``distance_upper`` the upper end of its enclosure,
    ``euclidean`` is :math:`|\theta_k-\theta_p|_2` (these three NaN where the goal has no target), ``gap`` the
    primal-dual gap of the mean objective, ``lower_bound`` Theorem 2's bound tested at this model (None where it was not
    evaluated or says nothing), ``regret`` the exact regret :math:`\sum_{j\le k}\delta_j`, ``epsilon`` the repaired
    Theorem 1's bound :math:`(D_0 + \mathrm{regret})/(k\gamma)` on the least distance of the first k models (None
    without gamma > 0), ``error`` the share of the goal's rows that the model gets wrong (None where it has none).
    """

    points: int
    distance: float
    distance_upper: float
    euclidean: float
    gap: float
    lower_bound: float | None
    regret: float
    epsilon: float | None
    error: float | None = None

    @property
    def score(self) -> float:
        """What the best row has least of: the distance; without a target minus the error, else minus the points."""
        if not math.isnan(self.distance):
            return self.distance
        return -self.error if self.error is not None else -float(self.points)

    def to_list(self) -> list[float]:
        """The columns as floats, NaN for None."""
        values = (getattr(self, c) for c in COLUMNS)
        return [np.nan if v is None else float(v) for v in values]

    @staticmethod
    def from_list(values: list[float]) -> Row:
        """Inverse of :meth:`to_list`."""
        optional = {"lower_bound", "epsilon", "error"}
        cells = {c: None if c in optional and np.isnan(v) else v for c, v in zip(COLUMNS, values, strict=True)}
        return Row(**{**cells, "points": int(values[0])})  # type: ignore[arg-type]


COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Row))


@dataclass(frozen=True, eq=False)
class Details:
    """What one method says besides the run; each method that has something to say has a subclass."""

    def summary(self) -> dict[str, Any]:
        """The few of it that belong into the run's JSON."""
        return {}


@dataclass(frozen=True, eq=False)
class AttackRun:
    """Result of an attack: row k of ``rows`` is the model after round k, row 0 the clean one.

    ``X`` (points, d) and ``y`` (points,): the poisoning points, copies as rows. ``theta``: the model trained on all of
    them. ``best_model``: the model of the row :attr:`best`. ``thetas``: every model, in row order, if they were asked
    for (``keep_models``), else first and last only. ``method`` and ``options``: what found the points. ``extra``: what
    that method says besides.
    """

    X: Array
    y: Array
    theta: Array
    thetas: tuple[Array, ...]
    rows: tuple[Row, ...]
    status: Status
    best_model: Array
    goal: Goal
    method: str
    options: dict[str, Any] = field(default_factory=dict)
    extra: Details | None = None

    @property
    def model(self) -> Array:
        """The model trained on all points: ``theta`` by another name."""
        return self.theta

    @property
    def points(self) -> int:
        """Number of poisoning points, with multiplicity."""
        return int(self.y.size)

    @property
    def last(self) -> Row:
        """The row of the model trained on all points."""
        return self.rows[-1]

    @property
    def best(self) -> Row:
        """The row of smallest distance (without a target of largest error), the earliest among ties."""
        return min(self.rows, key=lambda r: r.score)

    @property
    def lower_bound(self) -> float | None:
        """Best value of Theorem 2's bound over the models of this run: points that *exact* recovery needs."""
        bounds = [r.lower_bound for r in self.rows if r.lower_bound is not None]
        return max(bounds) if bounds else None

    @property
    def outside(self) -> int:
        """How many of the points do not lie in the problem's feature domain."""
        from ..domains import labelled

        parts = dict(labelled(self.goal.problem.domain))
        return sum(not parts[int(s)].contains(x) for x, s in zip(self.X, self.y, strict=True))

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a data frame with the columns of trajectory.csv; undefined values are NaN."""
        return frame({"points": r.points} | dict(zip(COLUMNS[1:], r.to_list()[1:], strict=True)) for r in self.rows)

    def points_to_pandas(self) -> pd.DataFrame:
        """The points: one row for each, its features by name and its label."""
        rows = zip(self.goal.problem.named(self.X), self.y, strict=True)
        return frame(features | {"label": int(y)} for features, y in rows)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Distance over the number of points on matplotlib axes; without a target the share of its rows wrong."""
        ax = axes(ax, PLOT)
        targeted = not math.isnan(self.last.distance)
        column = "distance" if targeted else "error"
        ax.plot([r.points for r in self.rows], [getattr(r, column) for r in self.rows], label=self.method)
        ax.set_yscale("log" if targeted else "linear")
        ax.set_ylabel("loss-based distance to the target" if targeted else "share of the goal's rows wrong")
        ax.set_xlabel("poisoning points")
        ax.legend()
        return ax

    def save(self, folder: str | PathLike[str], *, data: Dataset | None = None, poisoned: bool = False) -> None:
        """Write the run to a folder: points, models, trajectory.csv and run.json.

        ``data``: the data set, for the error on its test rows and its name; ``poisoned``: write the clean data with
        the points as poisoned.npz as well, which needs ``data``.
        """
        from .folder import write_run

        inputs.flag("poisoned", poisoned)
        write_run(inputs.path("folder", folder), self, data=data, poisoned=poisoned)

    def _repr_html_(self) -> str:
        from .folder import summary

        return one_column({"method": self.method} | {k: v for k, v in summary(self).items() if v is not None})


__all__ = ["COLUMNS", "AttackRun", "Details", "Row", "Status"]
