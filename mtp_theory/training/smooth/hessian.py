r"""Second-order information of a smooth mean objective, kept as long as it serves.

:math:`\nabla^2 P = C_R I + \frac1n\sum_i k_i\varphi''(m_i) z_i z_i^T`. Its inverse is expensive, so it is frozen
at some model and corrected by the last pairs (step, change of the gradient) in the manner of limited-memory BFGS
(Nocedal and Wright, "Numerical Optimization", algorithm 7.4, with the frozen inverse as initial matrix).
Every such matrix is positive definite, so every direction descends.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse.linalg import LinearOperator, cg

from ...errors import UndecidedError
from ...kernel import kernel
from ...losses import Array
from ..kernels import dot
from ..rows.store import PointSet

#: Pairs kept for the correction.
MEMORY = 100
#: Up to this length of theta the inverse is formed; beyond, directions come from conjugate gradients.
DENSE_LIMIT = 4096
#: Rows converted at a time for the product Z^T D Z.
CHUNK = 1024
#: float32 serves while its rounding, 1e-7 of the largest eigenvalue, stays far below C_R.
SINGLE_PRECISION_CONDITION = 1e4
#: Share of the trace that is added to the diagonal, a few roundings.
RIDGE = 1e-14
#: Relative residual of the conjugate gradients.
CG_TOLERANCE = 1e-2


class Curvature:
    """Approximation of the inverse Hessian of the mean objective.

    ``weights`` (n_rows,): :math:`k_i\\varphi''(m_i)/n` at the current model; ``rebuild`` makes a Hessian of them.
    """

    def __init__(self, points: PointSet, c_r: float, weights: Array) -> None:
        self.points, self.c_r = points, c_r
        self.dense = points.problem.dim <= DENSE_LIMIT
        self._inverse: Array | None = None
        #: Times the identity it stands for the inverse until there is one; at first by the Hessian's trace.
        self._scale = 1.0 / (c_r + float(weights @ points.norms() ** 2))
        self._weights = weights
        pairs = MEMORY if self.dense else 0
        self._steps, self._changes = np.zeros((2, pairs, points.problem.dim))
        self._learned = 0

    def rebuild(self, weights: Array) -> None:
        """Freeze the Hessian with these weights; forgets the pairs."""
        self._learned = 0
        self._weights = weights
        if not self.dense:
            return
        kind = _precision(self.points, weights, self.c_r)
        hessian = _weighted_gram(self.points, weights, kind)
        # The second term keeps the factorisation alive where C_R is below the rounding of the sum.
        hessian[np.diag_indices_from(hessian)] += self.c_r + RIDGE * float(np.trace(hessian))
        try:
            inverse = cho_solve(cho_factor(hessian, lower=True), np.eye(hessian.shape[0]))
        except np.linalg.LinAlgError as error:
            raise UndecidedError(
                f"engine 'newton': the Hessian is numerically singular ({error}); raise C_R"
            ) from error
        # Every direction descends as long as the inverse is positive definite, in float32 too.
        self._inverse = np.ascontiguousarray((inverse + inverse.T) / 2, dtype=kind)

    @property
    def rough(self) -> bool:
        """Is there no Hessian yet but a multiple of the identity?"""
        return self.dense and self._inverse is None

    def learn(self, step: Array, change: Array) -> None:
        """Take in that ``step`` changed the gradient by ``change``."""
        if not self.dense:
            return
        # Strong convexity gives <step, change> >= C_R |step|^2; less is rounding.
        product = float(step @ change)
        if product > 0.5 * self.c_r * float(step @ step) > 0:
            self._scale = product / float(change @ change)
            place = self._learned % MEMORY
            self._steps[place], self._changes[place] = step, change
            self._learned += 1

    def direction(self, gradient: Array) -> Array:
        """Minus the approximate inverse Hessian times the gradient, shape (dim,)."""
        if not self.dense:
            return self._conjugate_gradients(gradient)
        used = min(self._learned, MEMORY)
        out = -gradient
        shares = _first_loop(out, self._steps, self._changes, self._learned, used)
        if self._inverse is None:
            out *= self._scale
        else:
            out = (self._inverse @ out.astype(self._inverse.dtype)).astype(np.float64)
        _second_loop(out, self._steps, self._changes, self._learned, used, shares)
        return out

    def _conjugate_gradients(self, gradient: Array) -> Array:
        points = self.points
        # Rows added since the Hessian was frozen weigh nothing in it.
        weights = np.zeros(points.n_rows)
        weights[: self._weights.size] = self._weights

        def product(p: Array) -> Array:
            return self.c_r * p + points.combine(weights * points.margins(p))

        operator = LinearOperator((gradient.size, gradient.size), matvec=product, dtype=np.float64)
        solution, _ = cg(operator, -gradient, rtol=CG_TOLERANCE, maxiter=200)
        return np.asarray(solution)


@kernel()
def _first_loop(q: Any, steps: Any, changes: Any, learned: int, used: int) -> Any:
    """From the newest pair to the oldest: shares of the pairs in q, taken out of it in place."""
    memory = steps.shape[0]
    shares = np.zeros(used)
    for age in range(used):
        i = (learned - 1 - age) % memory
        s, y = steps[i], changes[i]
        shares[age] = dot(s, q) / dot(s, y)
        for j in range(q.size):
            q[j] -= shares[age] * y[j]
    return shares


@kernel()
def _second_loop(r: Any, steps: Any, changes: Any, learned: int, used: int, shares: Any) -> None:
    """From the oldest pair to the newest: put the shares back along the steps, in place."""
    memory = steps.shape[0]
    for age in range(used - 1, -1, -1):
        i = (learned - 1 - age) % memory
        s, y = steps[i], changes[i]
        c = shares[age] - dot(y, r) / dot(s, y)
        for j in range(r.size):
            r[j] += c * s[j]


def _precision(points: PointSet, weights: Array, c_r: float) -> type:
    """float32 where the Hessian's condition number allows it: its trace bounds the largest eigenvalue."""
    single = float(weights @ points.norms() ** 2) < SINGLE_PRECISION_CONDITION * c_r
    return np.float32 if single else np.float64


def _weighted_gram(points: PointSet, weights: Array, kind: type) -> Array:
    r""":math:`\sum_i w_i z_i z_i^T`, shape (dim, dim); labels cancel."""
    problem, n, d = points.problem, points.n_clean, points.problem.d
    out = np.zeros((problem.dim, problem.dim))
    if sp.issparse(problem.X):
        X = problem.X.astype(np.float64) / problem.scale
        scaled = X.multiply(weights[:n, None]).tocsr()
        out[:d, :d] = (X.T @ scaled).toarray()
        if problem.bias:
            out[:d, d] = out[d, :d] = np.asarray(scaled.sum(axis=0)).ravel()
            out[d, d] = weights[:n].sum()
    else:
        _add_gram(out, points.clean[0], weights[:n], problem.scale, kind)
    if points.n_added:
        _add_gram(out, points.added, weights[n:], 1.0, np.float64)
    return out


def _add_gram(out: Array, X: Any, weights: Array, scale: float, kind: type) -> None:
    dim, d = out.shape[0], X.shape[1]
    roots = np.sqrt(weights)
    used = np.flatnonzero(roots)
    for start in range(0, used.size, CHUNK):
        rows = used[start : start + CHUNK]
        block: Any = np.ones((rows.size, dim), dtype=kind)
        block[:, :d] = X[rows]
        block[:, :d] /= scale
        block *= roots[rows, None].astype(kind)
        out += block.T @ block


__all__ = ["DENSE_LIMIT", "Curvature"]
