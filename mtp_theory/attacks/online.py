r"""Algorithm 1: add the point of largest loss difference, retrain, repeat.

.. math:: z_k \in \arg\max_{(x,y)} \ell(\theta_k;x,y) - \ell(\theta_p;x,y), \qquad
          \theta_{k+1} = \arg\min_\theta L(\theta; D_c \uplus \{z_1,\dots,z_k\}) + (N+k)\,C_R R(\theta)

The union is one of multisets and the regulariser's weight grows with the set, as equation (1) and the paper's
appendix have it (Algorithm 1 as printed leaves the regulariser out).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from .. import inputs
from ..goal import Goal, Target
from ..problem import Problem
from .base import Attack, Batch, Budget, Requires
from .run import AttackRun


@dataclass(frozen=True)
class Online(Attack):
    """Algorithm 1 of the paper: the point of largest loss difference, one after the other.

    ``copies``: so many of the point in each round.
    """

    copies: int = 1

    name = "online"
    requires = Requires(goals=(Target,))
    resumable = True

    def __post_init__(self) -> None:
        inputs.whole("copies", self.copies, least=1)

    def points(self, goal: Goal, budget: Budget) -> Iterator[Batch]:
        while True:
            worst = budget.worst
            yield Batch(worst.x, worst.y, self.copies)


def online(problem: Problem, target: ArrayLike, *, copies: int = 1, **stops: Any) -> AttackRun:
    """Algorithm 1 against ``target`` (dim,); the keywords are those of :meth:`.base.Attack.run`."""
    return Online(copies).run(Target(problem, target), **stops)


__all__ = ["Online", "online"]
