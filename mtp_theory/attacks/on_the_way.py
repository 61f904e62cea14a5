r"""For smooth losses: from the online attack's model on towards the target, with the same number of points.

n points of the online attack make a model :math:`\theta_n`, but fewer would: :math:`t^*(\theta_n) \le n`. What is left
over carries the model on towards the target,

.. math:: \theta_a = (1-a)\,\theta_n + a\,\theta_p, \qquad \max\{a \in [0, 1] : t^*(\theta_a) \le n\},

and the distance falls at least in proportion: D is a maximum of functions convex in :math:`\theta` and 0 at the target,
so :math:`D(\theta_a, \theta_p) \le (1-a)\,D(\theta_n, \theta_p)`. Points that are built for a model are a few more than
t*; where they do not fit, the mass allowed is less by as many, once more. Integer features are rounded, which may lose
more than was gained: then the online attack's points stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from ..bounds.target import bound
from ..convex_set import fractional_minimum
from ..errors import InputError, UndecidedError
from ..losses import Array
from ..problem import Problem
from ..result import Enclosure
from ..shadow.distance import Distance, distance
from ..training import make_trainer
from .online import online

#: Relative width of t* in the search. Its attained side, which counts, is a tenth of that off in practice.
WIDTH = 5e-3
#: A share is settled when its t* is within this share of the mass allowed, or within half a point.
SETTLED, HALF_POINT = 1e-3, 0.5
#: Values of t* for one mass (each takes seconds where d is in the hundreds), after which the best share so far stands.
MOST_VALUES = 6
#: Sets built for one number of points before it is given up.
ATTEMPTS = 4


@dataclass(frozen=True, eq=False)
class Within(Enclosure):
    """D of the model trained on the best set X, y found of at most n points that starts from the online attack's n.

    ``start``: D of the model trained on the online attack's points. ``share``: of the way from that model to the target
    that was aimed at, 0 where its own points stand; None where the closest set was sought instead.
    """

    X: Array
    y: Array
    start: Enclosure
    share: float | None

    def _quantity(self) -> str:
        return "loss-based distance to the target"


class Way:
    """The models on the way from ``start`` (dim,) to ``target`` (dim,), and t* of those that were asked for."""

    def __init__(self, problem: Problem, start: Array, target: Array) -> None:
        self.problem, self.start, self.target = problem, start, target
        #: t* by share, the side that a mixture attains; inf where none is known.
        self.masses: dict[float, float] = {}

    def model(self, share: float) -> Array:
        """theta_a."""
        return (1 - share) * self.start + share * self.target

    def mass(self, share: float) -> float:
        """t*(theta_a), from above."""
        if share not in self.masses:
            try:
                self.masses[share] = fractional_minimum(self.problem, self.model(share), tolerance=WIDTH).upper
            except UndecidedError:
                self.masses[share] = inf
        return self.masses[share]

    def share(self, mass: float) -> float:
        """The largest share found whose t* is at most ``mass``: t* between two known values is taken for linear."""
        if self.mass(1.0) <= mass:
            return 1.0
        if self.mass(0.0) > mass:
            return 0.0
        settled = max(HALF_POINT, SETTLED * mass)
        for _ in range(MOST_VALUES):
            low = max(a for a, t in self.masses.items() if t <= mass)
            high = min((a for a, t in self.masses.items() if a > low), default=low)
            below, above = self.masses[low], self.masses[high]
            if high == low or mass - below <= settled:
                break
            aim = 0.5 if above == inf else (mass - 0.5 * settled - below) / (above - below)
            self.mass(low + min(max(aim, 0.02), 0.98) * (high - low))
        return max(a for a, t in self.masses.items() if t <= mass)

    def points(self, budget: int) -> tuple[float, Array, Array] | None:
        """Share, X and y of the furthest model that at most ``budget`` points make; None where none is found."""
        mass = float(budget)
        for _ in range(ATTEMPTS):
            share = self.share(mass)
            if share == 0.0:
                return None
            try:
                found = bound(self.problem, self.model(share))
            except UndecidedError:
                mass -= 1.0
                continue
            if found.X is not None and found.y is not None and len(found.X) <= budget:
                return share, found.X, found.y
            mass -= 1.0 if found.X is None else float(len(found.X) - budget)
        return None


def onward(problem: Problem, target: ArrayLike, counts: Sequence[int]) -> list[Within]:
    """For each number of points the set found on the way, or the online attack's where that comes no closer.

    Raises InputError for negative counts; UndecidedError when training fails.
    """
    if any(n < 0 for n in counts):
        raise InputError(f"counts {list(counts)}: give integers >= 0")
    theta_p, most = problem.check_theta(target, "target"), max(counts, default=0)
    run = online(problem, theta_p, max_points=most, keep_models=True) if most else None
    out = []
    at_target: dict[float, float] = {}
    for n in counts:
        if run is None or n == 0:
            model, X, y = make_trainer(problem).fit().theta, np.zeros((0, problem.d)), np.zeros(0)
        else:
            model, X, y = run.thetas[n], run.X[:n], run.y[:n]
        away = distance(problem, model, theta_p)
        way = Way(problem, model, theta_p)
        way.masses.update(at_target)
        found = way.points(n) if n else None
        at_target = {a: t for a, t in way.masses.items() if a == 1.0}
        share, reached = 0.0, away
        if found is not None:
            ours = _reached(problem, found[1], found[2], theta_p)
            if ours.upper < away.upper:
                (share, X, y), reached = found, ours
        out.append(Within(*reached.ends, X, y, away, share))
    return out


def _reached(problem: Problem, X: Array, y: Array, target: Array) -> Distance:
    """D of the model trained on the clean data and the points."""
    trainer = make_trainer(problem)
    trainer.add_many(X, y)
    return distance(problem, trainer.fit().theta, target)


__all__ = ["Way", "Within", "onward"]
