r"""The authors' search for the largest difference of two logistic losses: projected Adam from random starts.

.. math:: x \leftarrow \Pi_X\bigl(x + \mathrm{Adam}(\nabla_x[\ell(\theta; x, y) - \ell(\theta_p; x, y)])\bigr)

The best point that any start meets counts. It is a local maximum at best; how far it lies below the largest is known,
for the exact search stands beside it. With integer features x stays continuous, and what is evaluated, compared and
kept is x with those features rounded.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..attacks.kkt_logistic import ADAM_EPSILON, BETA_1, BETA_2, LEARNING_RATE, STOP
from ..errors import InputError
from ..losses import Array
from ..problem import Problem
from ..shadow import Maximiser, Oracle

Flags = NDArray[np.bool_]

#: The authors' numbers of starts and of steps at most.
RESTARTS, STEPS = 10, 20_000


class AdamOracle:
    """A maximiser in the authors' way: the same starts for both labels and in every round, drawn from ``seed``.

    Raises InputError for a loss other than the logistic one and a domain other than a box, with or without integers.
    """

    def __init__(self, problem: Problem, target: Array, seed: int) -> None:
        domain = problem.domain.boxed
        if problem.loss.key != "logistic" or domain is None or not problem.bias:
            raise InputError("oracle 'adam': needs the logistic loss, a box and a bias; use oracle 'auto'")
        self.target, self.exact = target, Oracle(problem.loss, problem.domain, target)
        if domain.group_members():
            raise InputError("oracle 'adam': rounding ignores groups of features; use oracle 'auto'")
        self.lower, self.upper = np.array(domain.lower), np.array(domain.upper)
        self.whole = domain.integer
        self.starts = np.random.RandomState(seed).uniform(self.lower, self.upper, (RESTARTS, domain.dim))

    def maximise(self, theta: Array) -> Maximiser:
        """The best point found for the model ``theta`` (d + 1,), with the exact search's upper end."""
        best_value, best_y, best_x = -math.inf, -1, self.starts[0]
        for y in (-1, 1):
            for start in self.starts:
                x = start.copy()
                w, v = np.ascontiguousarray(theta[:-1]), np.ascontiguousarray(self.target[:-1])
                value = _ascend(w, theta[-1], v, self.target[-1], float(y), self.lower, self.upper, self.whole, x)
                if value > best_value:
                    best_value, best_y, best_x = value, y, x
        return Maximiser(best_x, best_y, best_value, best_value, self.exact.maximise(theta).upper, "heuristic")


@njit(cache=True)  # type: ignore[untyped-decorator]
def _softplus(t: float) -> float:
    return max(t, 0.0) + math.log1p(math.exp(-abs(t)))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _sigmoid(t: float) -> float:
    e = math.exp(-abs(t))
    return 1.0 / (1.0 + e) if t >= 0 else e / (1.0 + e)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _ascend(
    w: Array, b: float, v: Array, c: float, y: float, lower: Array, upper: Array, whole: Flags, x: Array
) -> float:
    """One start, in place: x becomes the best point met, rounded; returns its value."""
    d = x.size
    m, s, best_x = np.zeros(d), np.zeros(d), x.copy()
    # decision values of the two models: u, t at x; p, q at x rounded
    u, t, p, q = b, c, b, c
    for j in range(d):
        u += w[j] * x[j]
        t += v[j] * x[j]
        value = np.rint(x[j]) if whole[j] else x[j]
        p += w[j] * value
        q += v[j] * value
    previous = _softplus(-y * p) - _softplus(-y * q)
    best = previous
    power1, power2 = 1.0, 1.0
    for _ in range(STEPS):
        # derivatives of the two losses in their decision values
        du, dt = -y * _sigmoid(-y * u), -y * _sigmoid(-y * t)
        power1 *= BETA_1
        power2 *= BETA_2
        u, t, p, q = b, c, b, c
        for j in range(d):
            g = du * w[j] - dt * v[j]
            m[j] = BETA_1 * m[j] + (1.0 - BETA_1) * g
            s[j] = BETA_2 * s[j] + (1.0 - BETA_2) * g * g
            step = LEARNING_RATE * (m[j] / (1.0 - power1)) / (math.sqrt(s[j] / (1.0 - power2)) + ADAM_EPSILON)
            x[j] = min(max(x[j] + step, lower[j]), upper[j])
            u += w[j] * x[j]
            t += v[j] * x[j]
            value = np.rint(x[j]) if whole[j] else x[j]
            p += w[j] * value
            q += v[j] * value
        gained = _softplus(-y * p) - _softplus(-y * q)
        if gained > best:
            best = gained
            best_x[:] = x
        if abs(gained - previous) < STOP:
            break
        previous = gained
    for j in range(d):
        x[j] = np.rint(best_x[j]) if whole[j] else best_x[j]
    return float(best)


__all__ = ["RESTARTS", "STEPS", "AdamOracle"]
