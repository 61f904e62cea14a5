r"""What needs no convexity: the identity behind Theorem 1, with the training error measured.

For any models and any points, :math:`\Phi_j = F_0 + \sum_{i\le j} f_{z_i}` and :math:`f_z = \ell(\cdot;z) + C_R R`,

.. math:: \sum_{j\le T}[f_{z_j}(\theta_j)-f_{z_j}(\theta_p)] = [F_0(\theta_p)-F_0(\theta_1)]
          + \sum_{j\le T}[\Phi_j(\theta_j)-\Phi_j(\theta_{j+1})] - [\Phi_T(\theta_p)-\Phi_T(\theta_{T+1})].

With exact training the last bracket, the target's excess, is not negative. A network is not trained to a minimum, so
its sign is open: the excess is measured. Source: claim potential-identity.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..attacks.run import AttackRun, Row
from ..losses import Array
from ..problem import Problem, regulariser


@dataclass(frozen=True)
class Balance:
    """Both sides of the identity. ``residual``: left less right, zero but for rounding."""

    gains: float
    initial: float
    regret: float
    excess: float

    @property
    def residual(self) -> float:
        return self.gains - (self.initial + self.regret - self.excess)


class Ledger:
    """Sums the left side round by round, as an attack's ``stop`` sees it; the right side is evaluated at the end.

    Use: ``attack(goal, "online", stop=ledger, ...)``; the points of a round are copies of its maximiser.
    """

    def __init__(self, problem: Problem, target: Array) -> None:
        self.problem, self.target = problem, target
        #: Points at the last model seen, and what one of its maximiser's copies gains.
        self._last: tuple[int, float] | None = None
        self.gains = 0.0

    def __call__(self, row: Row, theta: Array) -> bool:
        """Take note of one model; never stops."""
        self._note(row)
        heavier = self.problem.c_r * (regulariser(theta) - regulariser(self.target))
        self._last = (row.points, row.distance + heavier)
        return False

    def _note(self, row: Row) -> None:
        """Count what the points of the last round gained."""
        if self._last is not None:
            points, gain = self._last
            self.gains += (row.points - points) * gain

    def balance(self, run: AttackRun) -> Balance:
        """The identity for the whole run, at most once."""
        if self._last is not None and run.points > self._last[0]:
            # a run that ends with its budget does not ask about its last model
            self._note(run.last)
        initial = self.problem.potential(self.target) - self.problem.potential(run.thetas[0])
        excess = self._total(self.target, run.X, run.y) - self._total(run.theta, run.X, run.y)
        return Balance(self.gains, initial, run.last.regret, excess)

    def _total(self, theta: Array, X: Array, y: Array) -> float:
        r""":math:`\Phi_T(\theta)`."""
        added = self.problem.loss.value(y * self.problem.decision(theta, X))
        return self.problem.potential(theta) + float(added.sum()) + len(y) * self.problem.c_r * regulariser(theta)


__all__ = ["Balance", "Ledger"]
