r"""Loss-based distance (Definition 1): :math:`D(\theta,\theta') = \sup_{x,y} \ell(\theta;x,y) - \ell(\theta';x,y)`."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from ..losses import Array
from ..problem import Problem
from .oracle import Oracle


@dataclass(frozen=True, eq=False)
class Distance:
    """D(theta, target) with its maximiser and an enclosure of the true supremum.

    ``value`` is the loss difference at (``x``, ``y``); ``lower <= D <= upper``. ``kind`` is "exact", "relaxed" (over
    the domain's convex hull: an upper bound for integer domains) or "heuristic" (best point found).
    """

    value: float
    lower: float
    upper: float
    x: Array
    y: int
    kind: str

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
    return Distance(m.value, m.lower, m.upper, m.x, m.y, m.kind)


__all__ = ["Distance", "distance"]
