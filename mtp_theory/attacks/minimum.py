r"""The minimum attack: all points at once, as few as possible.

Where the target is reachable with the budget, the points come from the integer programme of
:mod:`~mtp_theory.bounds.target`. With a smaller budget no set reaches it (if the bound is certified). Then, for the
hinge loss, the online attack's points are changed together until the model that they train comes no closer to the
target (:mod:`~mtp_theory.bounds.closeness`): an upper end of what the budget can do. The lower end is certified beside
it: a distance that no set within the budget comes under. For smooth losses the points carry the online attack's model
on towards the target as far as so many can (:mod:`mtp_theory.attacks.on_the_way`). With an epsilon the points are those
of the smallest set found whose model is that close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..bounds.closeness.closest import Closest
from ..bounds.closeness.fewest import ClosenessResult, closest_refuted, fewest_points
from ..bounds.target import CERTIFIED, BoundResult, bound
from ..errors import InputError
from ..goal import Goal, Target
from ..problem import Problem
from .base import Attack, Batch, Budget, Ending, Points, Requires
from .on_the_way import Within, onward
from .online import online
from .run import AttackRun, Details, Status

#: Halvings of the distance that is certified to be out of a budget's reach.
REFUTED_HALVINGS = 8
#: Steps of the search for the closest set; it ends by itself earlier where nothing is gained.
STEPS = 30


@dataclass(frozen=True, eq=False)
class Proved(Details):
    """The certified bound for the target, and what is known about the budget.

    ``share``: of the way to the target that was aimed at, below 1 counted from the online attack's model with as many
    points; None where the closest set or the fewest points for an epsilon were sought instead. ``refuted``: where the
    budget is below what is needed, a distance certified to be out of its reach (0: nothing is proved); over the
    domain's hull for integer features. ``closeness``: both ends for the epsilon, where one is given.
    """

    bound: BoundResult
    share: float | None
    refuted: float | None = None
    closeness: ClosenessResult | None = None

    def summary(self) -> dict[str, Any]:
        out: dict[str, Any] = {"certified_minimum": self.bound.lower_bound}
        if self.share is not None:
            out["share_of_the_way"] = self.share
        if self.refuted is not None:
            out["distance_out_of_reach"] = self.refuted
        if self.closeness is not None:
            out["certified_for_epsilon"] = self.closeness.lower_bound
        return out


@dataclass(frozen=True)
class Minimum(Attack):
    """The fewest points that make the target the trained model, or the best set found within max_points.

    With an epsilon and the hinge loss the fewest points found for a model that close, if they are fewer and of the
    domain. For smooth losses nothing is proved about closeness: ``refuted`` and ``closeness`` stay None.

    The run has two rows, the clean model and the model trained on all points. Status "converged": the bound's
    construction reaches the target, or the distance is at most epsilon > 0; "budget": the budget is below what was
    found to be needed; "stalled": no set was found, or one that only comes near (integer features). UndecidedError
    when a solver fails.
    """

    name = "minimum"
    requires = Requires(losses=tuple(CERTIFIED), goals=(Target,), stop=False, linear=True)

    def points(self, goal: Goal, budget: Budget) -> Points:
        assert isinstance(goal, Target)
        problem, theta_p, most = goal.problem, goal.theta, budget.max_points
        hinge = problem.loss.is_hinge
        proved = bound(problem, theta_p, engine="active_set" if hinge else "auto")
        X, y = proved.X, proved.y
        share: float | None = 1.0
        refuted: float | None = None
        closeness: ClosenessResult | None = None
        status: Status = "converged" if proved.constructed is not None else "stalled"
        if most is not None and (X is None or len(X) > most):
            status, away = "budget", budget.row.distance_upper
            best = within(problem, theta_p, [most])[0]
            X, y, share = best.X, best.y, best.share
            if hinge:
                refuted, _ = closest_refuted(problem, theta_p, problem.dataset, most, away, REFUTED_HALVINGS)
        if hinge and budget.epsilon > 0:
            closeness = fewest_points(problem, theta_p, budget.epsilon, engine="active_set")
            near, labels = closeness.X, closeness.y
            if near is not None and labels is not None and all(problem.domain.contains(x) for x in near):
                fewer = X is None or len(near) < len(X) or status == "budget"
                if fewer and (most is None or len(near) <= most):
                    X, y, share = near, labels, None
        if X is not None and y is not None and len(y):
            yield Batch(X, y)
        return Ending(status, Proved(proved, share, refuted, closeness))


def minimum(problem: Problem, target: ArrayLike, *, max_points: int | None = None, epsilon: float = 0.0) -> AttackRun:
    """The minimum attack against ``target`` (dim,); see :class:`Minimum`."""
    return Minimum().run(Target(problem, target), max_points=max_points, epsilon=epsilon)


def within(problem: Problem, target: ArrayLike, counts: Sequence[int], *, steps: int = STEPS) -> list[Within]:
    """For each number of points the best set found for ``target`` (dim,), never further than the online attack's.

    Hinge loss: the closest set found in so many ``steps`` of the search; other losses: the furthest on the way.
    Raises InputError for a domain that is no box, and negative counts; UndecidedError when training fails.
    """
    if not problem.loss.is_hinge:
        return onward(problem, target, counts)
    if any(n < 0 for n in counts):
        raise InputError(f"counts {list(counts)}: give integers >= 0")
    closest = Closest(problem, target)
    most = max(counts, default=0)
    run = online(problem, closest.target, max_points=most) if most else None
    out = []
    for n in counts:
        X, y = (np.zeros((0, problem.d)), np.zeros(0)) if run is None else (run.X[:n], run.y[:n])
        start = closest.measured(X, y)
        found = closest.search(start, steps)
        out.append(Within(*found.ends, found.X, found.y, start, None))
    return out


__all__ = ["Minimum", "Proved", "minimum", "within"]
