r"""Training for a loss that only knows its values and slopes, each fit with a certified gap.

A smooth loss goes to a quasi-Newton method: with g the gradient of the mean objective P at :math:`\theta`, strong
convexity gives :math:`\min P \ge P(\theta) - |g|^2/(2C_R)`. A loss with kinks goes to cutting planes: multipliers
:math:`\mu_{ik}` of the tangents, with :math:`\sum_k\mu_{ik}\le 1/n`, give the lower bound :math:`\sum\mu o - |\sum\mu
s z|^2/(2C_R)` of Fenchel duality. Small instances only: it serves the checks of a user's own loss.
"""

from __future__ import annotations

import warnings

import cvxpy as cp
import numpy as np
import scipy.sparse as sp
from scipy.optimize import minimize

from ..errors import UndecidedError
from ..losses import Array
from ..problem import Problem, regulariser
from ..training import Fit, Trainer, make_trainer
from ..training.rows.store import PointSet

#: Gap at which a fit is done, relative to max(1, objective), and the largest that is accepted when it stops shrinking.
TOLERANCE = 1e-10
ACCEPTED = 1e-7
MAX_ROUNDS = 60


class BundleTrainer:
    """A :class:`~mtp_theory.training.Trainer` for any convex, non-increasing, non-negative margin loss."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.points = PointSet(problem)

    @property
    def n_points(self) -> int:
        """Points of the multiset, with multiplicity."""
        return self.points.n_points

    def add(self, x: Array, y: int, copies: int = 1) -> None:
        """Multiset union with ``copies`` of (x, y)."""
        self.points.add(x, y, copies)

    def rebuild(self) -> None:
        """Nothing is kept between fits."""

    def fit(self) -> Fit:
        """The minimiser with its gap. Raises UndecidedError where the gap does not close."""
        signed, counts = self.points.signed_rows(), self.points.counts
        rows = signed.toarray() if sp.issparse(signed) else signed
        search = self._cut if self.problem.loss.kinks else self._descend
        theta, objective, gap, steps = search(rows, counts / counts.sum())
        if not gap <= ACCEPTED * max(1.0, objective):
            raise UndecidedError(f"loss {self.problem.loss.key!r}: training left a gap of {gap:.1e}")
        return Fit(theta, objective, max(gap, 0.0), self.n_points, steps, "bundle")

    def _objective(self, rows: Array, shares: Array, theta: Array) -> float:
        return float(shares @ self.problem.loss.value(rows @ theta)) + self.problem.c_r * regulariser(theta)

    def _gradient(self, rows: Array, shares: Array, theta: Array) -> Array:
        return np.asarray(self.problem.c_r * theta - (shares * self.problem.loss.slope(rows @ theta)) @ rows)

    def _descend(self, rows: Array, shares: Array) -> tuple[Array, float, float, int]:
        found = minimize(
            lambda t: self._objective(rows, shares, t),
            np.zeros(rows.shape[1]),
            jac=lambda t: self._gradient(rows, shares, t),
            method="BFGS",
            options={"gtol": 1e-11, "maxiter": 1000},
        )
        gradient = self._gradient(rows, shares, found.x)
        gap = float(gradient @ gradient) / (2.0 * self.problem.c_r)
        return found.x, self._objective(rows, shares, found.x), gap, int(found.nit)

    def _cut(self, rows: Array, shares: Array) -> tuple[Array, float, float, int]:
        loss, c_r = self.problem.loss, self.problem.c_r
        theta = np.zeros(rows.shape[1])
        best, at, lower = np.inf, theta, -np.inf
        slopes: list[Array] = []
        offsets: list[Array] = []
        for _ in range(MAX_ROUNDS):
            margins = rows @ theta
            objective = self._objective(rows, shares, theta)
            if objective < best:
                best, at = objective, theta
            slopes.append(loss.slope(margins))
            offsets.append(loss.value(margins) + slopes[-1] * margins)
            try:
                theta, bound = _master(rows, shares, c_r, np.array(slopes), np.array(offsets))
            except cp.error.SolverError:
                break  # tangents that nearly coincide: what was found so far is certified by the gap
            lower = max(lower, bound)
            if best - lower <= TOLERANCE * max(1.0, best):
                break
        return at, best, best - lower, len(slopes)


def _master(rows: Array, shares: Array, c_r: float, slopes: Array, offsets: Array) -> tuple[Array, float]:
    """Minimiser over the tangents found so far, and a lower bound of the minimum from its multipliers."""
    theta, height = cp.Variable(rows.shape[1]), cp.Variable(rows.shape[0], nonneg=True)
    cuts = [height >= o - cp.multiply(s, rows @ theta) for s, o in zip(slopes, offsets, strict=True)]
    problem = cp.Problem(cp.Minimize(shares @ height + 0.5 * c_r * cp.sum_squares(theta)), cuts)
    with warnings.catch_warnings():
        # an inaccurate solution is judged by the bound that its multipliers give, not by the solver's word
        warnings.simplefilter("ignore")
        problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-12, tol_gap_rel=1e-12, tol_feas=1e-12)
    if theta.value is None:
        raise cp.error.SolverError(problem.status)
    mu = np.maximum(0.0, np.array([c.dual_value for c in cuts]))
    total = mu.sum(axis=0)
    mu *= np.where(total > shares, shares / np.maximum(total, 1e-300), 1.0)
    pull = (mu * slopes).sum(axis=0) @ rows
    return np.asarray(theta.value), float((mu * offsets).sum() - pull @ pull / (2.0 * c_r))


#: Losses with an engine of their own; the others go through this module.
ENGINE_LOSSES = ("hinge", "squared_hinge", "logistic")


def make_any_trainer(problem: Problem) -> Trainer:
    """The package's fast engine where it has one for the loss, else one that needs only values and slopes."""
    if problem.loss.key in ENGINE_LOSSES and problem.loss.kernel is not None:
        return make_trainer(problem)
    return BundleTrainer(problem)  # type: ignore[return-value]  # the part of Trainer that the attack uses


__all__ = ["BundleTrainer", "make_any_trainer"]
