r"""The min-max attack (Steinhardt, Koh, Liang, "Certified defenses for data poisoning attacks", NeurIPS 2017).

The learner picks a model, the attacker the point of the domain with the largest loss there. With N clean points, n
added ones and :math:`\varepsilon = n/N` the learner's objective at the attacker's best answer is

.. math:: U(\theta) = \frac{1}{1+\varepsilon}\Bigl[\frac1N\sum_i\ell(\theta; x_i, y_i)
          + \varepsilon\max_{(x, y)}\ell(\theta; x, y)\Bigr] + \frac{C_R}{2}|\theta|^2 .

Online gradient descent on U, from the clean model, meets one worst point in each round; these are the attack. And the
least :math:`U(\theta_t)` is a *certificate*: whatever n points of the domain are added, the minimum of the victim's
objective on all points is at most :math:`\min_\theta U(\theta)`, because the mean of the added points' losses is at
most their maximum. The losses being non-negative, the victim's mean loss on the clean points is at most
:math:`(1+\varepsilon)\min_t U(\theta_t)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..goal import Goal
from ..losses import Array
from ..problem import Problem, regulariser
from ..training.rows.store import PointSet
from .base import Attack, Batch, Budget, Ending, Points, Requires
from .run import Details


@dataclass(frozen=True, eq=False)
class Certificate(Details):
    """What no set of as many points does: ``objective`` bounds the victim's least objective, ``clean_loss`` its mean
    loss on the clean points, from above; floats, with the rounding of a pass over the data."""

    points: int
    objective: float
    clean_loss: float

    def summary(self) -> dict[str, Any]:
        return {"objective_at_most": self.objective, "clean_loss_at_most": self.clean_loss}


@dataclass(frozen=True, eq=False)
class MinMax(Attack):
    r"""Points of largest loss along online gradient descent on the worst case (Steinhardt et al. 2017).

    ``step``: round t moves by :math:`1/(C_R (t + \tau))` times the subgradient, with :math:`\tau = \rho^2/(C_R\,
    \mathrm{step})` for a radius :math:`\rho` of the domain, so that the first move is at most ``step`` :math:`/\rho`.
    """

    step: float = 1.0

    name = "min-max"
    requires = Requires(budget=True, stop=False)
    resumable = True

    def __post_init__(self) -> None:
        if not (isinstance(self.step, int | float) and np.isfinite(self.step) and self.step > 0):
            raise InputError(f"attack {self.name!r}: step = {self.step!r}; give a finite number > 0")

    def points(self, goal: Goal, budget: Budget) -> Points:
        problem, rows = goal.problem, PointSet(goal.problem)
        radius = float(np.hypot(problem.domain.norm_bound(), problem.bias))
        delay = max(radius, 1.0) ** 2 / (problem.c_r * self.step)
        share = float(budget.max_points or 0) / problem.n_points
        # U(0) is the loss at margin 0, whatever the points
        theta, least, resumed = goal.clean.theta.copy(), float(problem.loss.value(0.0)), budget.spent
        for t in range(budget.max_points or 0):
            x, y, loss = worst_point(problem, theta)
            value, gradient = _worst_case(problem, rows, theta, share, (x, y, loss))
            least = min(least, value)
            # a resumed run goes through the rounds that it has seen without their points
            if t >= resumed:
                yield Batch(x, y)
            theta = theta - gradient / (problem.c_r * (t + 1 + delay))
        return Ending(extra=Certificate(budget.spent, least, (1.0 + share) * least))


def worst_point(problem: Problem, theta: Array) -> tuple[Array, int, float]:
    """The point of the domain with the largest loss, its label and that loss; on a tie label -1."""
    w, b = problem.split(theta)
    found = []
    for label, domain in problem.domain.labelled():
        reach, x = domain.support(-label * w)
        found.append((label * b - reach, label, x))
    margin, label, x = min(found, key=lambda f: f[0])
    return x, label, float(problem.loss.value(margin))


def _worst_case(
    problem: Problem, rows: PointSet, theta: Array, share: float, worst: tuple[Array, int, float]
) -> tuple[float, Array]:
    """U(theta) and a subgradient."""
    x, y, loss = worst
    margins, n = rows.margins(theta), problem.n_points
    clean = float(rows.counts @ problem.loss.value(margins)) / n
    value = (clean + share * loss) / (1.0 + share) + problem.c_r * regulariser(theta)
    pull = rows.combine(rows.counts * problem.loss.slope(margins)) / n
    z = y * (np.append(x, 1.0) if problem.bias else x)
    slope = float(problem.loss.slope(float(theta @ z)))
    return value, problem.c_r * theta - (pull + share * slope * z) / (1.0 + share)


__all__ = ["Certificate", "MinMax", "worst_point"]
