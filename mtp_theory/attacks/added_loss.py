r"""The summed loss of the added points at the current model, which Theorem 2's bound subtracts.

In the dual of the hinge loss :math:`0 \le \alpha_i \le k_i`; at the minimum :math:`\alpha_i = k_i` where the margin is
below 1 (*capped* rows), :math:`\alpha_i = 0` above 1, and anything in between only at margin 1. So

.. math:: \sum_{i\ \mathrm{added}} k_i\,\varphi(m_i) = \sum_{i\ \mathrm{capped}} k_i - \langle\theta, v_a\rangle,
          \qquad v_a = \sum_{i\ \mathrm{capped}} k_i z_i ,

with an error of at most n times the fit's gap and the rounding of the margins that are 1. From one fit to the next few
rows become capped or cease to be, and the others need not be read: no row products but theirs. Other trainers take a
pass over the added points.
"""

from __future__ import annotations

import numpy as np

from ..kernel import kernel
from ..losses import Array
from ..problem import Problem
from ..training import Trainer
from ..training.hinge.active_set import ActiveSetTrainer

#: Rows that are compared together.
BLOCK = 64


class AddedLoss:
    """Sums the loss of the points that one trainer was given."""

    def __init__(self, problem: Problem, trainer: Trainer) -> None:
        self.problem, self.trainer = problem, trainer
        self.rebuild()

    def rebuild(self) -> None:
        """Forget the sums: the next value depends on the present points and multipliers alone."""
        #: Multiplicity of each added row that was capped, 0 of the others.
        self._known = np.zeros(0)
        self._combined = np.zeros(self.problem.dim)

    def value(self, theta: Array) -> float:
        """Summed loss of the added points, with multiplicity, at ``theta``, the trainer's last model."""
        if isinstance(self.trainer, ActiveSetTrainer):
            return self._from_multipliers(self.trainer, theta)
        points, n = self.trainer.points, self.trainer.points.n_clean
        margins = points.labels[n:] * self.problem.decision(theta, points.added)
        return float(self.problem.loss.value(margins) @ points.counts[n:])

    def _from_multipliers(self, trainer: ActiveSetTrainer, theta: Array) -> float:
        points, alpha = trainer.points, trainer.added_multipliers
        if self._known.size < alpha.size:
            grown = np.zeros(max(2 * self._known.size, alpha.size))
            grown[: self._known.size] = self._known
            self._known = grown
        capped = _follow(
            alpha, points.counts[points.n_clean :], self._known, points.labels[points.n_clean :], points.added,
            self._combined,
        )  # fmt: skip
        return max(0.0, float(capped) - float(theta @ self._combined))


@kernel(fastmath={"reassoc"})
def _unchanged(alpha: Array, counts: Array, known: Array) -> tuple[bool, float]:
    """Are the capped rows among these the known ones? And their multiplicity."""
    total, changes = 0.0, 0
    for i in range(alpha.size):
        capped = counts[i] if alpha[i] == counts[i] else 0.0
        total += capped
        changes += capped != known[i]
    return changes == 0, total


@kernel()
def _follow(alpha: Array, counts: Array, known: Array, labels: Array, X: Array, combined: Array) -> float:
    """Bring ``known``, the multiplicities of the capped rows, and v_a up to date; returns the sum of them."""
    d, total = X.shape[1], 0.0
    for start in range(0, alpha.size, BLOCK):
        end = min(start + BLOCK, alpha.size)
        same, part = _unchanged(alpha[start:end], counts[start:end], known[start:end])
        total += part
        if same:
            continue
        for i in range(start, end):
            capped = counts[i] if alpha[i] == counts[i] else 0.0
            change = labels[i] * (capped - known[i])
            if change != 0.0:
                for j in range(d):
                    combined[j] += change * X[i, j]
                if combined.size > d:
                    combined[d] += change
                known[i] = capped
    return total


__all__ = ["AddedLoss"]
