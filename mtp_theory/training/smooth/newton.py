r"""Smooth losses: Newton's method, warm from one fit to the next, with a gradient certificate.

The objective is :math:`C_R`-strongly convex, so :math:`P(\theta) - \min P \le |\nabla P(\theta)|^2/(2C_R)`, and this
bound is the duality gap at the dual point :math:`s_i = \psi(m_i)` (see ``fit``). It is evaluated in float64 at the
model that is returned.

One pass over the data evaluates margins, losses and gradient. A warm fit needs one or two: after k copies of z
are added the gradient at the old model is known without a pass,

.. math:: n'\nabla P' = n\nabla P + k\,(C_R\theta - \psi(m)\,z),

a step along the frozen, corrected inverse Hessian follows, to which the curvature of the new point is added, and
the pass at the new model is its certificate. A cold fit of long rows starts without a Hessian.
For the squared hinge :math:`\varphi''` is an element of the generalised derivative, and the method is the
semismooth one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ...errors import InputError, UndecidedError
from ...losses import Array
from ...problem import Problem
from ..fit import Fit
from ..rows.store import PointSet
from .hessian import DENSE_LIMIT, Curvature

MAX_PASSES = 500
#: Share of the predicted decrease that the full step must give.
ARMIJO = 1e-4
#: Halvings of the interval of the line search.
BISECTIONS = 60
#: A step is slow if it leaves more than this share of the gradient. A rebuild of the Hessian costs about dim / 8
#: passes over the data, so it waits until slow steps, or the extra passes of warm fits, have cost as much: at most
#: twice what is lost by the better of the two choices. At least PATIENCE slow steps.
SLOW, PASSES_PER_DIM, PATIENCE = 0.3, 8, 2
#: Where a rebuild costs more than so many passes, a cold fit may make so many slow steps from a multiple of the
#: identity, which often suffice, and the first Hessian is built near the minimum.
WARM_UP = 24
#: A new point whose curvature is at most this share of the others' is left out of the first step.
NEGLIGIBLE = 1e-3
#: What ``polish`` aims at: a tenth of the radius within which a trained model counts as the target; its steps at most.
ACCURACY, POLISHING = 1e-9, 20
#: Rounding of the objective relative to its value: smaller increases say nothing.
OBJECTIVE_ROUNDING = 1e-14


class NewtonTrainer:
    """Smooth loss trainer; ``passes`` counts the passes over the data of the last fit."""

    engine = "newton"

    def __init__(self, problem: Problem, tolerance: float) -> None:
        loss = problem.loss
        if loss.kinks:
            raise InputError(f"engine 'newton': loss {loss.key!r} has kinks; it needs a differentiable loss")
        loss.curvature(0.0)  # raises InputError where the loss has none
        self.problem, self.tolerance = problem, tolerance
        self.points = PointSet(problem)
        self.passes = 0
        self._last: Array | None = None
        #: Signed row of the point added since the last pass, and its curvature times its copies.
        self._news: tuple[Array, float] | None = None
        # Beyond DENSE_LIMIT nothing is factored and a rebuild is cheap.
        self._patience = max(PATIENCE, problem.dim // PASSES_PER_DIM) if problem.dim <= DENSE_LIMIT else PATIENCE
        self._warm_up = WARM_UP if self._patience > WARM_UP else 0
        self.rebuild()

    @property
    def n_points(self) -> int:
        """Points of the multiset, with multiplicity."""
        return self.points.n_points

    def add(self, x: Array, y: int, copies: int = 1) -> None:
        """Multiset union with ``copies`` of the point (x, y)."""
        row = self.points.add(x, y, copies)
        self._last = None
        if self._stale:
            return
        problem, theta = self.problem, self._theta
        features = self.points.added[row - self.points.n_clean]
        z = y * (np.append(features, 1.0) if problem.bias else features)
        margin = float(z @ theta)
        self._loss_sum += copies * float(problem.loss.value(margin))
        self._gradient_sum += copies * (problem.c_r * theta - float(problem.loss.slope(margin)) * z)
        self._news = z, copies * float(problem.loss.curvature(margin))

    def add_many(self, X: ArrayLike, y: ArrayLike, counts: ArrayLike | None = None) -> None:
        """Multiset union with the rows of X, each ``counts`` times."""
        self.points.add_many(X, y, counts)
        self._last, self._stale = None, True

    def set_counts(self, counts: ArrayLike) -> None:
        """Give the clean rows other multiplicities."""
        self.points.set_counts(counts)
        self._last, self._stale = None, True

    def rebuild(self) -> None:
        """Forget the warm start."""
        self._theta = np.zeros(self.problem.dim)
        self._curvature: Curvature | None = None
        self._stale = True
        self._news = None
        self._extra = 0

    def fit(self) -> Fit:
        """The minimiser on all points so far. UndecidedError where the gap stays above the tolerance.

        It stops at gap <= tolerance * min(1, objective), so that the objective is right relative to itself too.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            # An exponential loss may overflow at a trial model; the line search then shortens the step.
            return self._fit()

    def _fit(self) -> Fit:
        c_r, n = self.problem.c_r, self.n_points
        self.passes, slow = 0, 0
        if self._stale:
            self._evaluate(self._theta)
        theta, gradient, objective = (
            self._theta,
            self._gradient_sum / n,
            self._objective(),
        )
        # A certificate must come from a pass, not from the gradient carried over by ``add``.
        must_step = self.passes == 0
        while must_step or not self._good(gradient, objective):
            if self.passes > MAX_PASSES:
                raise self._undecided(gradient)
            if self._curvature is None:
                self._curvature = Curvature(self.points, c_r, self._weights())
                if self._theta.any() or not self._warm_up:
                    self._freeze()
            elif slow >= (self._warm_up if self._curvature.rough else self._patience):
                self._freeze()
                slow = 0
            step, before = self._step(gradient), self._margins
            trial, length = theta + step, 1.0
            self._evaluate(trial)
            if not self._descended(objective, float(gradient @ step)):
                length = self._line_search(theta, step, before)
                if length == 0.0:
                    raise self._undecided(gradient)
                trial = theta + length * step
                self._evaluate(trial)
            new_gradient, new_objective = self._gradient_sum / n, self._objective()
            self._curvature.learn(trial - theta, new_gradient - gradient)
            if length < 1.0:
                slow += PATIENCE
            elif new_gradient @ new_gradient > SLOW**2 * (gradient @ gradient):
                slow += 1
            theta, gradient, objective, must_step = trial, new_gradient, new_objective, False
        self._extra += max(self.passes - 1, 0)
        if (self._curvature and self._curvature.rough) or self._extra * PASSES_PER_DIM > self.problem.dim:
            # Later: the next fit builds a Hessian at its own model if it still needs a step.
            self._curvature, self._extra = None, 0
        self._last = theta
        gap = float(gradient @ gradient) / (2.0 * c_r)
        return Fit(theta.copy(), objective, gap, n, self.passes, self.engine)

    def polish(self) -> Fit:
        r"""The fit, improved until it is near enough to certify: :math:`|\nabla P|/C_R\le` ACCURACY max(1, |theta|).

        By strong convexity the minimiser is that near. Full Newton steps, each with a Hessian of its own, as long as
        they help: where float64 ends first, what it reaches is returned.
        """
        fit = self.fit()
        if self._stale:
            self._evaluate(self._theta)
        best = self._theta, self._gradient_sum / self.n_points, self._objective()
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(POLISHING):
                theta, gradient, _ = best
                if np.linalg.norm(gradient) <= self.problem.c_r * ACCURACY * max(1.0, float(np.linalg.norm(theta))):
                    break
                curvature = Curvature(self.points, self.problem.c_r, self._weights())
                curvature.rebuild(self._weights())
                self._evaluate(theta + curvature.direction(gradient))
                after = self._gradient_sum / self.n_points
                if not np.linalg.norm(after) < np.linalg.norm(gradient):
                    break
                best = self._theta, after, self._objective()
        theta, gradient, objective = best
        self._last, self._stale, self._news = theta, True, None
        gap = float(gradient @ gradient) / (2.0 * self.problem.c_r)
        return Fit(theta.copy(), objective, gap, fit.n_points, self.passes, self.engine)

    def full_gap(self) -> float:
        """Gap of the last fit by a new pass over all rows. InputError unless the last call was a fit."""
        if self._last is None:
            raise InputError("full_gap: no fit of the present points; call fit first")
        slopes = self.problem.loss.slope(self.points.margins(self._last)) * self.points.counts
        residual = self.problem.c_r * self._last - self.points.combine(slopes) / self.n_points
        return float(residual @ residual) / (2.0 * self.problem.c_r)

    def _step(self, gradient: Array) -> Array:
        """Minus the inverse Hessian times the gradient, with the curvature of the point added last.

        The kept Hessian does not know that point yet, and the step runs along its features:
        (H + c z z^T)^-1 by the Sherman-Morrison formula.
        """
        assert self._curvature is not None
        step = self._curvature.direction(gradient)
        if self._news is None:
            return step
        z, c = self._news[0], self._news[1] / self.n_points
        if NEGLIGIBLE * self.problem.c_r < c * float(z @ z) < np.inf:
            back = self._curvature.direction(z)  # minus the inverse Hessian times z
            step += (c * float(z @ step) / (1.0 - c * float(z @ back))) * back
        return step

    def _good(self, gradient: Array, objective: float) -> bool:
        target = self.tolerance * min(1.0, objective)
        return float(gradient @ gradient) <= 2.0 * self.problem.c_r * target

    def _descended(self, objective: float, slope: float) -> bool:
        """Does the model of the last pass decrease ``objective`` enough, or is it good enough by itself?"""
        if self._good(self._gradient_sum / self.n_points, self._objective()):
            return True
        return self._objective() <= objective + ARMIJO * slope + OBJECTIVE_ROUNDING * abs(objective)

    def _line_search(self, theta: Array, step: Array, margins: Array) -> float:
        """Length in (0, 1) of the minimiser along ``step``, by bisection on the derivative; 0 where there is none.

        With the margins at ``theta`` and those of the step an evaluation costs O(n), no pass over the data.
        """
        loss, c_r = self.problem.loss, self.problem.c_r
        change, weights = self.points.margins(step), self.points.counts / self.n_points
        if margins.size != change.size:
            margins = self.points.margins(theta)
        low, high = 0.0, 1.0
        for _ in range(BISECTIONS):
            t = 0.5 * (low + high)
            slopes = np.where(weights > 0, loss.slope(margins + t * change), 0.0)
            derivative = c_r * float(step @ (theta + t * step)) - float((weights * slopes) @ change)
            if derivative < 0:
                low = t
            else:
                high = t
        return low

    def _objective(self) -> float:
        return self._loss_sum / self.n_points + 0.5 * self.problem.c_r * float(self._theta @ self._theta)

    def _evaluate(self, theta: Array) -> None:
        """Pass over all rows: loss sum and gradient of the sum form at ``theta``, the new current model."""
        loss, counts = self.problem.loss, self.points.counts
        if loss.kernel is not None:
            self._loss_sum, self._margins, combined = self.points.sweep(theta, loss.kernel)
        else:
            self._margins = self.points.margins(theta)
            values, slopes = loss.value(self._margins), loss.slope(self._margins)
            # Rows of multiplicity 0 may overflow at every model: they must not turn into 0 * inf.
            present = counts > 0
            self._loss_sum = float(values[present] @ counts[present])
            combined = self.points.combine(np.where(present, slopes, 0.0) * counts)
        self._gradient_sum = self.n_points * self.problem.c_r * theta - combined
        self._theta = theta
        self._stale, self._news = False, None
        self.passes += 1

    def _weights(self) -> Array:
        """Share of each row in the Hessian at the current model."""
        margins = self._margins
        if margins.size != self.points.n_rows:
            margins = self.points.margins(self._theta)
        counts = self.points.counts
        return np.asarray(np.where(counts > 0, self.problem.loss.curvature(margins), 0.0) * counts / self.n_points)

    def _freeze(self) -> None:
        """Hessian at the current model."""
        assert self._curvature is not None
        self._curvature.rebuild(self._weights())
        self._extra = 0

    def _undecided(self, gradient: Array) -> UndecidedError:
        self._stale = True
        return UndecidedError(
            f"engine 'newton': |gradient| = {np.linalg.norm(gradient):.3g} after {self.passes} passes on"
            f" {self.n_points} points; raise C_R, or subtract an offset from the features or scale those that are not"
            " integer"
        )


__all__ = ["NewtonTrainer"]
