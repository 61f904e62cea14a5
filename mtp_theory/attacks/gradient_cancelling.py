r"""Gradient cancelling (Lu, Kamath, Yu, "Exploring the limits of model-targeted indiscriminate data poisoning", 2023).

The target :math:`\theta_p` is the victim's model when the gradient of its objective vanishes there. With N clean
points and n added ones, n' = N + n, the attack makes

.. math:: G = C_R\,\theta_p - \frac1{n'}\Bigl[\sum_i \psi(m_i)\,z_i + \sum_j \psi(m_j)\,y_j(x_j, 1)\Bigr]

small by moving the n points: a descent on :math:`\frac12|G|^2` over the domain's box. The objective being
:math:`C_R`-strongly convex, the victim's model is within :math:`|G|/C_R` of the target for a smooth loss.

*Their reachability threshold and t\**. Of :math:`G = 0` they keep the component along the target: with :math:`\beta`
the largest value of :math:`m\,\psi(m)` at margins m that the domain reaches at :math:`\theta_p`,

.. math:: n \ge t_d = \frac{N C_R|\theta_p|^2 - \sum_i m_i\psi(m_i)}{\beta - C_R|\theta_p|^2}

(multiply G = 0 by :math:`n'\theta_p`). :math:`t^*` of this package is the least n, fractional, at which
:math:`G = 0` has a solution in all components with points of any weights in the domain, so :math:`t_d \le t^*` always,
with equality when the target's own direction is the one in which the points fall short. Lu et al. have no regulariser.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from ..domains import Boxed
from ..errors import InputError
from ..goal import Goal, Target
from ..losses import Array
from ..problem import Problem, regulariser
from ..training.rows.store import PointSet
from .base import Attack, Batch, Budget, Ending, Points, Requires, check_seed
from .gradient import nearest
from .label_flip import dense_rows, random_turns
from .run import Details

#: Margins at which the largest m psi(m) is looked for, in each label's range.
GRID = 4097


@dataclass(frozen=True, eq=False)
class Cancelled(Details):
    """What is left of the gradient at the target, and the threshold t_d of the target's own direction."""

    gradient: float
    threshold: float

    def summary(self) -> dict[str, Any]:
        return {"gradient_at_target": self.gradient, "direction_threshold": self.threshold}


@dataclass(frozen=True, eq=False)
class GradientCancelling(Attack):
    """All points moved together until the victim's gradient vanishes at the target (Lu, Kamath, Yu 2023).

    ``rounds``: most steps of the descent (L-BFGS-B). ``seed``: of the training rows that they start from, with the
    other label, or their own where the target's slope vanishes under the other.
    """

    rounds: int = 200
    seed: int = 0

    name = "gradient-cancelling"
    requires = Requires(domains=(Boxed,), goals=(Target,), budget=True, stop=False)

    def __post_init__(self) -> None:
        check_seed(self.name, self.seed)
        if not isinstance(self.rounds, int) or isinstance(self.rounds, bool) or self.rounds < 1:
            raise InputError(f"attack {self.name!r}: rounds = {self.rounds!r}; give an integer >= 1")

    def points(self, goal: Goal, budget: Budget) -> Points:
        assert isinstance(goal, Target)
        problem, theta, domain = goal.problem, goal.theta, goal.problem.domain
        assert isinstance(domain, Boxed)
        order = random_turns(np.arange(problem.y.size), self.seed)
        rows = list(itertools.islice(order, budget.max_points))
        X, y = dense_rows(problem, rows), -problem.y[rows]
        stuck = problem.loss.slope(y * problem.decision(theta, X, 1.0)) == 0.0
        y = np.where(stuck, -y, y)
        size = half_square(problem, theta, y)
        bounds = list(zip(np.tile(domain.lower, len(y)), np.tile(domain.upper, len(y)), strict=True))
        done = minimize(size, X.ravel(), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": self.rounds})
        moved = np.array([nearest(domain, x) for x in done.x.reshape(X.shape)])
        yield Batch(moved, y)
        left = math.sqrt(2.0 * size(moved.ravel())[0])
        return Ending(extra=Cancelled(left, direction_threshold(problem, theta)))


def half_square(problem: Problem, theta: Array, y: Array) -> Callable[[Array], tuple[float, Array]]:
    r""":math:`\frac12|G|^2` and its derivative as functions of the points' features, flat, labels ``y`` (m,)."""
    rows = PointSet(problem)
    clean = rows.combine(rows.counts * problem.loss.slope(rows.margins(theta)))
    total = problem.n_points + len(y)
    w, _ = problem.split(theta)
    smooth = problem.loss.smooth

    def size(flat: Array) -> tuple[float, Array]:
        X = flat.reshape(len(y), problem.d)
        Z = y[:, None] * (np.column_stack([X, np.ones(len(y))]) if problem.bias else X)
        margins = Z @ theta
        slopes = problem.loss.slope(margins)
        G = problem.c_r * theta - (clean + slopes @ Z) / total
        # the hinge's slope is constant away from its kink
        bend = problem.loss.curvature(margins) * (Z @ G) if smooth else np.zeros(len(y))
        gradient = -((slopes * y)[:, None] * G[: problem.d] - (bend * y)[:, None] * w) / total
        return 0.5 * float(G @ G), gradient.ravel()

    return size


def direction_threshold(problem: Problem, theta: Array) -> float:
    r"""t_d of the module: points that the target's own direction asks for; infinite where no number would do.

    Float; :math:`\beta` is the largest value of :math:`m\psi(m)` on a grid of each label's margins and at the loss's
    kinks, an underestimate by what falls between the grid's margins, so the threshold may be a little too large.
    """
    rows = PointSet(problem)
    margins = rows.margins(theta)
    own = 2.0 * problem.c_r * regulariser(theta)
    missing = problem.n_points * own - float(rows.counts @ (margins * problem.loss.slope(margins)))
    if missing <= 0.0:
        return 0.0
    room = _largest_pull(problem, theta) - own
    return missing / room if room > 0.0 else math.inf


def _largest_pull(problem: Problem, theta: Array) -> float:
    w, b = problem.split(theta)
    best = -math.inf
    for label, domain in problem.domain.labelled():
        low = label * b - domain.support(-label * w)[0]
        high = label * b + domain.support(label * w)[0]
        grid = np.linspace(low, high, GRID)
        kinks = [k for k in problem.loss.kinks if low <= k <= high]
        # at a kink the slope from the left counts: any slope between is a subgradient
        at = np.concatenate([grid, np.nextafter(kinks, -np.inf)])
        best = max(best, float((at * problem.loss.slope(at)).max()))
    return best


__all__ = ["Cancelled", "GradientCancelling", "direction_threshold", "half_square"]
