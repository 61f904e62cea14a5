r"""Any convex loss of the package through cvxpy (Clarabel): small instances, from scratch at each fit.

The slopes of the certificate are the multipliers of the constraints :math:`m = Z\theta`, cut to the range of psi.
For differentiable losses :math:`\psi(m_i)` serves as well; the better of the two counts. A user's loss, known by
its value and slope only, is approached from below by tangents.
"""

from __future__ import annotations

import warnings
from functools import singledispatch
from typing import Any

import cvxpy as cp
import numpy as np

from ...errors import InputError, UndecidedError
from ...losses import Array, Exponential, Hinge, Logistic, MarginLoss, PiecewiseLinear, SquaredHinge
from ..fit import duality_gap, slope_range
from .cold import ColdTrainer

#: Tolerances for Clarabel's own stopping rule; the gap is evaluated by us afterwards.
CLARABEL = {
    "tol_gap_abs": 1e-13,
    "tol_gap_rel": 1e-13,
    "tol_feas": 1e-13,
    "max_iter": 500,
}


#: Rounds of the cutting planes, and the share of the tolerance at which they stop.
CUT_ROUNDS, CUT_SHARE = 60, 0.5


class CvxpyTrainer(ColdTrainer):
    """Fits through a conic solver."""

    engine = "cvxpy"

    def solve(self, rows: Any, counts: Array) -> tuple[Array, Array, int]:
        loss = self.problem.loss
        if loss_expression.dispatch(type(loss)) is not loss_expression.dispatch(object):
            return solve_conic(loss, self.problem.c_r, rows, counts)
        return self._cutting_planes(rows, counts)

    def _cutting_planes(self, rows: Any, counts: Array) -> tuple[Array, Array, int]:
        """Tangents at the margins met so far are a piecewise-linear model below the loss, whose minimum
        bounds the true one from below; each round adds tangents where the model is too low.

        For a loss known by value and slope only.
        """
        loss, c_r = self.problem.loss, self.problem.c_r
        touching: Array = np.zeros(1)
        rounds = 0
        while True:
            rounds += 1
            self.minorant = tangents(loss, touching)
            theta, slopes, _ = solve_conic(self.minorant, c_r, rows, counts)
            margins = np.asarray(rows @ theta)
            combined = np.asarray(rows.T @ (counts * slopes))
            gap = duality_gap(loss, c_r, theta, margins, slopes, counts, combined, self.minorant)
            missing = loss.value(margins) - self.minorant.value(margins) > CUT_SHARE * self.tolerance
            if gap <= CUT_SHARE * self.tolerance or not missing.any() or rounds == CUT_ROUNDS:
                # Whether it is good enough, ``fit`` decides by the gap.
                return theta, slopes, rounds
            touching = np.union1d(touching, margins[missing])


def tangents(loss: MarginLoss, margins: Array) -> PiecewiseLinear:
    r"""The lower model :math:`\max_j \varphi(c_j) - \psi(c_j)(m - c_j)` and 0, of a convex non-negative loss."""
    slopes = loss.slope(margins)
    intercepts = loss.value(margins) + slopes * margins
    return PiecewiseLinear(np.append(slopes, 0.0).tolist(), np.append(intercepts, 0.0).tolist())


def solve_conic(loss: MarginLoss, c_r: float, rows: Any, counts: Array) -> tuple[Array, Array, int]:
    """Model, slopes and the solver's iterations for a loss that cvxpy can express."""
    n = float(counts.sum())
    theta, margin = cp.Variable(rows.shape[1]), cp.Variable(rows.shape[0])
    link = margin == rows @ theta
    objective = (counts / n) @ loss_expression(loss, margin) + 0.5 * c_r * cp.sum_squares(theta)
    problem = cp.Problem(cp.Minimize(objective), [link])
    try:
        with warnings.catch_warnings():
            # "May be inaccurate": how accurate it is, the gap says.
            warnings.simplefilter("ignore", UserWarning)
            problem.solve(solver=cp.CLARABEL, **CLARABEL)
    except cp.error.SolverError as error:
        raise UndecidedError(f"engine 'cvxpy': the solver gave up ({error})") from error
    if theta.value is None:
        raise UndecidedError(f"engine 'cvxpy': the solver reports {problem.status}")
    model = np.asarray(theta.value, dtype=np.float64)
    # Stationarity in m: (k/n) phi'(m) + multiplier = 0, up to cvxpy's sign of the equality's multiplier.
    multiplier = np.asarray(link.dual_value) * n / counts
    low, high = slope_range(loss)
    candidates = [np.clip(multiplier, low, high), np.clip(-multiplier, low, high)]
    if not loss.kinks:
        candidates.append(loss.slope(rows @ model))
    best: tuple[float, Array, Array] | None = None
    for slopes in candidates:
        combined = np.asarray(rows.T @ (counts * slopes))
        for point in (model, combined / (n * c_r)):
            gap = duality_gap(loss, c_r, point, np.asarray(rows @ point), slopes, counts, combined)
            if best is None or gap < best[0]:
                best = gap, point, slopes
    assert best is not None
    return best[1], best[2], int(problem.solver_stats.num_iters or 0)


@singledispatch
def loss_expression(loss: MarginLoss, margin: cp.Variable) -> Any:
    """The loss of a vector of margins, elementwise, as a cvxpy expression; ``register`` adds a loss of one's own."""
    raise InputError(
        f"engine 'cvxpy': loss {loss.key!r} is not known; it knows the built-in and piecewise-linear losses, and those"
        " registered with loss_expression"
    )


@loss_expression.register
def _(loss: Hinge, margin: cp.Variable) -> Any:
    return cp.pos(1 - margin)


@loss_expression.register
def _(loss: SquaredHinge, margin: cp.Variable) -> Any:
    return cp.square(cp.pos(1 - margin))


@loss_expression.register
def _(loss: Logistic, margin: cp.Variable) -> Any:
    return cp.logistic(-margin)


@loss_expression.register
def _(loss: Exponential, margin: cp.Variable) -> Any:
    return cp.exp(-margin)


@loss_expression.register
def _(loss: PiecewiseLinear, margin: cp.Variable) -> Any:
    lines = [c - s * margin for s, c in zip(loss.slopes, loss.intercepts, strict=True)]
    return cp.maximum(*lines) if len(lines) > 1 else lines[0]


__all__ = ["CvxpyTrainer", "loss_expression"]
