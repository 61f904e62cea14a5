r"""The summed loss of the added points at the current model, which Theorem 2's bound subtracts.

In the dual of the hinge loss complementary slackness says :math:`k_i\varphi(m_i) = \alpha_i(1 - m_i)` at the
minimum, so

.. math:: \sum_{i\ \mathrm{added}} k_i\,\varphi(m_i) = \sum_i\alpha_i - \langle\theta, v_a\rangle,
          \qquad v_a = \sum_{i\ \mathrm{added}}\alpha_i z_i ,

with an error between 0 and n times the fit's gap. From one fit to the next few :math:`\alpha_i` change, and the
others need not be read: no row products but theirs. Other trainers take a pass over the added points.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..losses import Array
from ..problem import Problem
from ..training import Trainer
from ..training.active_set import ActiveSetTrainer


class AddedLoss:
    """Sums the loss of the points that one trainer was given."""

    def __init__(self, problem: Problem, trainer: Trainer) -> None:
        self.problem, self.trainer = problem, trainer
        self.rebuild()

    def rebuild(self) -> None:
        """Forget the sums: the next value depends on the present points and multipliers alone."""
        self._alpha = np.zeros(0)
        self._combined = np.zeros(self.problem.dim)

    def value(self, theta: Array, X: Array, y: Array) -> float:
        """Summed loss of the added points ``X`` (points, d), ``y`` (points,) at ``theta``, the trainer's last model."""
        if isinstance(self.trainer, ActiveSetTrainer):
            return self._from_multipliers(self.trainer, theta)
        margins = y * self.problem.decision(theta, X)
        return float(self.problem.loss.value(margins).sum())

    def _from_multipliers(self, trainer: ActiveSetTrainer, theta: Array) -> float:
        points, alpha = trainer.points, trainer.added_multipliers
        if self._alpha.size < alpha.size:
            grown = np.zeros(max(2 * self._alpha.size, alpha.size))
            grown[: self._alpha.size] = self._alpha
            self._alpha = grown
        total = _follow(alpha, self._alpha, points.labels[points.n_clean :], points.added, self._combined)
        return max(0.0, float(total) - float(theta @ self._combined))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _follow(alpha: Array, known: Array, labels: Array, X: Array, combined: Array) -> float:
    """Bring ``known`` and v_a to the multipliers ``alpha``; returns their sum."""
    d, total = X.shape[1], 0.0
    for i in range(alpha.size):
        total += alpha[i]
        change = labels[i] * (alpha[i] - known[i])
        if change != 0.0:
            for j in range(d):
                combined[j] += change * X[i, j]
            if combined.size > d:
                combined[d] += change
            known[i] = alpha[i]
    return total


__all__ = ["AddedLoss"]
