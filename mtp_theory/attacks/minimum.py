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

import numpy as np
from numpy.typing import ArrayLike

from ..bounds.closeness.closest import Closest, ClosestSet
from ..bounds.closeness.fewest import ClosenessResult, closest_refuted, fewest_points
from ..bounds.target import CERTIFIED, BoundResult, bound
from ..errors import InputError
from ..losses import Array
from ..problem import Problem, regulariser
from ..shadow import Oracle
from ..training import Fit, make_trainer
from .on_the_way import onward
from .online import online
from .run import AttackRun, Row, Status

#: Halvings of the distance that is certified to be out of a budget's reach.
REFUTED_HALVINGS = 8
#: Steps of the search for the closest set; it ends by itself earlier where nothing is gained.
STEPS = 30


@dataclass(frozen=True, eq=False)
class MinimumAttack:
    """The run and the certified bound for the target.

    ``share``: of the way to the target that was aimed at, below 1 counted from the online attack's model with as many
    points; None where the closest set was sought instead. ``refuted``:
    where the budget is below what is needed, a distance certified to be out of its reach (0: nothing is proved); over
    the domain's hull for integer features. ``closeness``: both ends for ``epsilon``, where one is given.
    """

    run: AttackRun
    bound: BoundResult
    share: float | None
    refuted: float | None = None
    closeness: ClosenessResult | None = None


def minimum(
    problem: Problem, target: ArrayLike, *, max_points: int | None = None, epsilon: float = 0.0
) -> MinimumAttack:
    """The fewest points that make ``target`` (dim,) the trained model, or the best found within ``max_points``.

    With ``epsilon`` > 0 and the hinge loss the fewest points found for a model that close, if they are fewer and of the
    domain. For smooth losses nothing is proved about closeness: ``refuted`` and ``closeness`` stay None.

    The run has two rows, the clean model and the model trained on all points. Status "converged": the bound's
    construction reaches the target, or ``epsilon`` > 0 and the distance is at most that; "budget": the budget is below
    what was found to be needed; "stalled": no set was found, or one that only comes near (integer features). Raises
    InputError for a loss or a domain without certificates, UndecidedError when a solver fails.
    """
    theta_p = problem.check_theta(target, "target")
    if problem.loss.key not in CERTIFIED:
        raise InputError(
            f"minimum attack: loss {problem.loss.key!r}; sets of points are constructed for {', '.join(CERTIFIED)}"
        )
    if max_points is not None and max_points < 0:
        raise InputError(f"max_points = {max_points}: give an integer >= 0")
    hinge = problem.loss.key == "hinge"
    proved = bound(problem, theta_p, engine=_engine(problem))
    clean = make_trainer(problem).fit()
    share: float | None = 1.0
    X, y = proved.X, proved.y
    refuted, closeness = None, None
    status: Status = "converged" if proved.constructed is not None else "stalled"
    if max_points is not None and (X is None or len(X) > max_points):
        status = "budget"
        if hinge:
            closest = within(problem, theta_p, [max_points])[0].found
            share, X, y = None, closest.X, closest.y
            away = Oracle(problem.loss, problem.domain, theta_p, bias=problem.bias).maximise(clean.theta).upper
            refuted, _ = closest_refuted(problem, theta_p, problem.dataset, max_points, away, REFUTED_HALVINGS)
        else:
            further = onward(problem, theta_p, [max_points])[0]
            share, X, y = further.share, further.X, further.y
    if hinge and epsilon > 0:
        closeness = fewest_points(problem, theta_p, epsilon, engine="active_set")
        near, labels = closeness.X, closeness.y
        if near is not None and labels is not None and all(problem.domain.contains(x) for x in near):
            fewer = X is None or len(near) < len(X) or status == "budget"
            if fewer and (max_points is None or len(near) <= max_points):
                X, y = near, labels
    if X is None or y is None:
        X, y = np.zeros((0, problem.d)), np.zeros(0)
    trainer = make_trainer(problem)
    if y.size:
        trainer.add_many(X, y)
    last = trainer.fit() if y.size else clean
    rows = _rows(problem, theta_p, clean, last, X, y, proved)
    if epsilon > 0 and rows[-1].distance_upper <= epsilon:
        status = "converged"
    run = AttackRun(X=X, y=y, theta=last.theta, thetas=(clean.theta, last.theta), rows=rows, status=status)
    return MinimumAttack(run, proved, share, refuted, closeness)


@dataclass(frozen=True, eq=False)
class Within:
    """The closest set found of so many points, and the online attack's points from which the search started."""

    found: ClosestSet
    start: ClosestSet


def within(problem: Problem, target: ArrayLike, counts: Sequence[int], *, steps: int = STEPS) -> list[Within]:
    """For each number of points the closest set found to ``target`` (dim,), never further than the online attack's.

    Raises InputError for a loss other than the hinge, a domain that is no box, and negative counts; UndecidedError when
    training fails.
    """
    if any(n < 0 for n in counts):
        raise InputError(f"counts {list(counts)}: give integers >= 0")
    closest = Closest(problem, target)
    most = max(counts, default=0)
    run = online(problem, closest.target, epsilon=0.0, max_points=most) if most else None
    out = []
    for n in counts:
        X, y = (np.zeros((0, problem.d)), np.zeros(0)) if run is None else (run.X[:n], run.y[:n])
        start = closest.measured(X, y)
        out.append(Within(closest.search(start, steps), start))
    return out


def _engine(problem: Problem) -> str:
    return "active_set" if problem.loss.key == "hinge" else "auto"


def _rows(
    problem: Problem, target: Array, clean: Fit, last: Fit, X: Array, y: Array, proved: BoundResult
) -> tuple[Row, ...]:
    oracle = Oracle(problem.loss, problem.domain, target, bias=problem.bias)
    added = sum(problem.point_loss(clean.theta, x, int(s)) for x, s in zip(X, y, strict=True))
    before = problem.n_points * clean.objective + added + y.size * problem.c_r * regulariser(clean.theta)
    # one round of many points: what the clean model loses to the trained one on all of them
    regret = max(0.0, float(before - (problem.n_points + y.size) * last.objective)) if y.size else 0.0
    certified = None if proved.lower_bound is None else float(proved.lower_bound)

    def row(points: int, fit: Fit, paid: float) -> Row:
        found = oracle.maximise(fit.theta)
        away = float(np.linalg.norm(fit.theta - target))
        return Row(points, found.value, found.upper, away, fit.gap, certified, paid, None)

    first = row(0, clean, 0.0)
    return (first, row(int(y.size), last, regret)) if y.size else (first,)


__all__ = ["MinimumAttack", "Within", "minimum", "within"]
