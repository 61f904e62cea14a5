r"""Loss-based distance (Definition 1): :math:`D(\theta,\theta') = \sup_{x,y} \ell(\theta;x,y) - \ell(\theta';x,y)`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from ..display import frame
from ..losses import Array
from ..problem import Problem
from ..result import Enclosure, How
from .oracle import Oracle

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Distance(Enclosure):
    """D(theta, target) between two ends, with the point at which the loss difference is ``value``.

    ``x`` (d,), without the constant feature, and ``y``: the maximiser found. ``kind``: what that point is, see
    :class:`~mtp_theory.shadow.result.Maximiser`.
    """

    value: float
    x: Array
    y: int
    kind: str
    #: The features' names, where the problem has them.
    feature_names: tuple[str, ...] | None = field(default=None, kw_only=True)

    def to_pandas(self) -> pd.DataFrame:
        """One row: the summary, then the maximiser's features by name ("feature 0", ... without names)."""
        names = self.feature_names or tuple(f"feature {j}" for j in range(len(self.x)))
        return frame([self.summary() | dict(zip(names, self.x.tolist(), strict=True))])

    def _quantity(self) -> str:
        return "loss-based distance to the target"

    @property
    def label(self) -> int:
        """The maximiser's label, -1 or +1."""
        return self.y

    def close(self, epsilon: float) -> bool:
        """Is the first model certainly epsilon-close to the second (every loss larger by at most epsilon)?"""
        return self.upper <= epsilon


def distance(
    problem: Problem, theta: ArrayLike, target: ArrayLike, *, method: str = "auto", oracle: Oracle | None = None
) -> Distance:
    r"""Loss-based distance of ``theta`` from ``target`` over the problem's domain and both labels.

    Exact for every margin loss of the package by the planar shadow. ``oracle``: the search prepared
    for this problem and target. Raises InputError for models of the wrong length. Source: Definition 1.
    """
    a = problem.check_theta(theta, "theta")
    b = problem.check_theta(target, "target")
    if oracle is None:
        oracle = Oracle(problem.loss, problem.domain, b, bias=problem.bias, method=method)
    m = oracle.maximise(a)
    how: How = "heuristic" if m.kind == "heuristic" else "float"
    return Distance(m.lower, m.upper, m.value, m.x, m.y, m.kind, how=how, feature_names=problem.feature_names)


__all__ = ["Distance", "distance"]
