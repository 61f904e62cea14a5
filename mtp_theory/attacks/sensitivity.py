r"""How the victim's loss on given rows changes when added points move: the implicit derivative of a minimiser.

The victim :math:`\theta` minimises the mean objective over clean and added points, n in all with multiplicity. For an
added point (x, y) of k copies and :math:`A(\theta)` the mean loss of the rows that the attacker cares for:

* twice differentiable loss, H the Hessian of the victim's objective, :math:`s = H^{-1}\nabla A`, m the point's margin:

  .. math:: \nabla_x A = \frac kn\bigl[\psi(m)\,y\,s_w - \varphi''(m)\,\langle s, (x, 1)\rangle\,w\bigr];

* hinge: rows Z_F at margin 1 keep it, and the others' multipliers stay as they are. With P the projection onto the
  complement of the span of Z_F and :math:`\alpha` the point's multiplier,

  .. math:: \nabla_x A = \frac{\alpha y}{n C_R}(P\nabla A)_w
            - [x \in F]\; y\,\bigl[(Z_F Z_F^T)^{-1}Z_F\nabla A\bigr]_x w .

Where a row is about to reach or to leave margin 1 the hinge's formula is a one-sided derivative.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ..losses import Array
from ..problem import Problem
from ..training import Fit, make_trainer, polished
from ..training.hinge.active_set import ActiveSetTrainer
from ..training.rows.store import PointSet

#: A row of the hinge is at margin 1 when it is so to this accuracy: the engine solves for it to rounding.
AT_MARGIN = 1e-9


class Surrogate:
    """The victim on the clean data and added points, as an attacker computes it, and its loss on the rows."""

    def __init__(self, problem: Problem, X: Array, y: Array) -> None:
        self.problem, self.X, self.y = problem, X, y
        self._signed = y[:, None] * (np.column_stack([X, np.ones(len(y))]) if problem.bias else X)

    def train(self, X: Array, y: Array, copies: NDArray[np.int64]) -> Fit:
        """The victim with the points X (m, d), y (m,), each ``copies`` (m,) times."""
        self._trainer = make_trainer(self.problem)
        self._trainer.add_many(X, y, copies)
        self.fit = polished(self._trainer)
        return self.fit

    @property
    def loss(self) -> float:
        """A: mean loss of the rows at the last fit."""
        return float(self.problem.loss.value(self._signed @ self.fit.theta).mean())

    def loss_gradient(self) -> Array:
        """Gradient of A in theta, shape (dim,)."""
        slopes = self.problem.loss.slope(self._signed @ self.fit.theta)
        return np.asarray(-(slopes @ self._signed) / len(slopes))

    def gradient(self, X: Array, y: Array, copies: NDArray[np.int64]) -> Array:
        """Derivative of A in the features of the added points, which are those of the last fit; shape (m, d)."""
        return self._hinge(X, y, copies) if self.problem.loss.is_hinge else self._smooth(X, y, copies)

    def flat_gradient(self, X: Array, y: Array, copies: NDArray[np.int64]) -> Array:
        """The same with :math:`C_R I` in place of the Hessian: how Koh and Liang (2017) take the hinge."""
        z = y[:, None] * self._extended(X)
        slopes = copies * self.problem.loss.slope(z @ self.fit.theta)
        s = self.loss_gradient() / self.problem.c_r
        return np.asarray((slopes * y)[:, None] * s[: self.problem.d] / self.fit.n_points)

    def _extended(self, X: Array) -> Array:
        return np.column_stack([X, np.ones(len(X))]) if self.problem.bias else X

    def _smooth(self, X: Array, y: Array, copies: NDArray[np.int64]) -> Array:
        problem, theta, n = self.problem, self.fit.theta, self.fit.n_points
        points = self._trainer.points
        rows = sp.csr_array(points.signed_rows()) if sp.issparse(problem.X) else points.signed_rows()
        weights = points.counts * problem.loss.curvature(points.margins(theta))
        weighted = rows.multiply(weights[:, None]) if sp.issparse(rows) else rows * weights[:, None]
        hessian = rows.T @ weighted
        if sp.issparse(hessian):
            hessian = hessian.toarray()
        s = np.linalg.solve(hessian / n + problem.c_r * np.eye(problem.dim), self.loss_gradient())
        z = self._extended(X)
        margins = y * (z @ theta)
        push = copies * problem.loss.slope(margins) * y
        bend = copies * problem.loss.curvature(margins) * (z @ s)
        return np.asarray((push[:, None] * s[: problem.d] - bend[:, None] * theta[: problem.d]) / n)

    def _hinge(self, X: Array, y: Array, copies: NDArray[np.int64]) -> Array:
        problem, theta, n = self.problem, self.fit.theta, self.fit.n_points
        trainer = self._trainer
        assert isinstance(trainer, ActiveSetTrainer)
        points = trainer.points
        free = np.flatnonzero((np.abs(points.margins(theta) - 1.0) <= AT_MARGIN) & (points.counts > 0))
        target = self.loss_gradient()
        rows = _rows_of(points, X, y)
        share = trainer.added_multipliers[rows] / points.counts[points.n_clean + rows]
        z_free = points.signed_rows()[free]
        dense = np.asarray(z_free.toarray() if hasattr(z_free, "toarray") else z_free, dtype=np.float64)
        # the coefficients of the target's projection on the span; least squares where rows depend on each other
        pull = np.linalg.lstsq(dense.T, target, rcond=None)[0] if free.size else np.zeros(0)
        rest = target - (pull @ dense if free.size else 0.0)
        out = (share * copies * y)[:, None] * rest[: problem.d] / (n * problem.c_r)
        at = {int(row): k for k, row in enumerate(free)}
        for i, row in enumerate(points.n_clean + rows):
            if int(row) in at:
                part = copies[i] / points.counts[row]
                out[i] -= part * y[i] * pull[at[int(row)]] * theta[: problem.d]
        return np.asarray(out)


def _rows_of(points: PointSet, X: Array, y: Array) -> NDArray[np.intp]:
    """Numbers of the added rows that hold the points: equal points share one."""
    labels = points.labels[points.n_clean :]
    known = {(x.tobytes(), float(label)): k for k, (x, label) in enumerate(zip(points.added, labels, strict=True))}
    # -0.0 is 0.0
    return np.array([known[(x + 0.0).tobytes(), float(label)] for x, label in zip(X, y, strict=True)], dtype=np.intp)


__all__ = ["Surrogate"]
