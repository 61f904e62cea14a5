r"""The inner problem of the KKT attack for the logistic loss, by the authors' method.

.. math:: \min_{x_+, x_-} \|g + \varepsilon_+ (1 - \sigma(f(x_+)))\,x_+ - \varepsilon_-\,\sigma(f(x_-))\,x_-\|_2^2,
          \qquad f(x) = w\cdot x + b,

not convex. Adam with step 0.1 from random starts in the box, clipped to it. As in the authors' code the gradient takes
the two coefficients as constants, and the objective after a step is evaluated with those from before it; a start ends
when two such objectives differ by less than 1e-7. Here g is minus a loss gradient, so the regulariser belongs
into it with a minus sign.
"""

from __future__ import annotations

import math

import numpy as np

from ..domains import Box
from ..kernel import kernel
from ..losses import Array

#: The authors' Adam and stopping rule.
LEARNING_RATE, BETA_1, BETA_2, ADAM_EPSILON, STOP = 0.1, 0.9, 0.999, 1e-8, 1e-7


class LogisticResidual:
    """The inner problem for one target: ``solve`` takes a pair of shares."""

    def __init__(
        self, gradient: Array, w: Array, b: float, domain: Box, restarts: int, steps: int, rng: np.random.Generator
    ) -> None:
        self.g, self.w, self.b = np.ascontiguousarray(gradient), np.ascontiguousarray(w), b
        self.lower, self.upper = np.array(domain.lower), np.array(domain.upper)
        self.restarts, self.steps, self.rng = restarts, steps, rng

    def solve(self, plus: float, minus: float) -> tuple[Array, Array, float, None]:
        """x_plus, x_minus and the residual norm there; nothing is proved about the minimum."""
        best: tuple[Array, Array, float] | None = None
        for _ in range(self.restarts):
            x, z = (self.rng.uniform(self.lower, self.upper) for _ in range(2))
            _adam(self.g, self.w, self.b, plus, minus, self.lower, self.upper, x, z, self.steps)
            value = float(np.linalg.norm(self.residual(plus, minus, x, z)))
            if best is None or value < best[2]:
                best = x, z, value
        assert best is not None
        return *best, None

    def residual(self, plus: float, minus: float, x: Array, z: Array) -> Array:
        """The vector whose norm is minimised, with the coefficients at x and z."""
        c = plus * (1.0 - _sigmoid(float(self.w @ x) + self.b))
        k = minus * _sigmoid(float(self.w @ z) + self.b)
        return np.asarray(self.g + c * x - k * z)


@kernel()
def _sigmoid(t: float) -> float:
    if t >= 0:
        return 1.0 / (1.0 + math.exp(-t))
    e = math.exp(t)
    return e / (1.0 + e)


@kernel()
def _adam(
    g: Array,
    w: Array,
    b: float,
    plus: float,
    minus: float,
    lower: Array,
    upper: Array,
    x: Array,
    z: Array,
    steps: int,
) -> None:
    """One start, in place: x and z become the best points seen."""
    d = g.size
    m1, v1, m2, v2 = np.zeros(d), np.zeros(d), np.zeros(d), np.zeros(d)
    best, previous = np.inf, np.inf
    best_x, best_z = x.copy(), z.copy()
    power1, power2 = 1.0, 1.0
    for _ in range(steps):
        fx, fz = b, b
        for j in range(d):
            fx += w[j] * x[j]
            fz += w[j] * z[j]
        c, k = plus * (1.0 - _sigmoid(fx)), minus * _sigmoid(fz)
        power1 *= BETA_1
        power2 *= BETA_2
        value = 0.0
        for j in range(d):
            h = g[j] + c * x[j] - k * z[j]
            d1, d2 = 2.0 * c * h, -2.0 * k * h
            m1[j] = BETA_1 * m1[j] + (1.0 - BETA_1) * d1
            v1[j] = BETA_2 * v1[j] + (1.0 - BETA_2) * d1 * d1
            m2[j] = BETA_1 * m2[j] + (1.0 - BETA_1) * d2
            v2[j] = BETA_2 * v2[j] + (1.0 - BETA_2) * d2 * d2
            s1 = LEARNING_RATE * (m1[j] / (1.0 - power1)) / (math.sqrt(v1[j] / (1.0 - power2)) + ADAM_EPSILON)
            s2 = LEARNING_RATE * (m2[j] / (1.0 - power1)) / (math.sqrt(v2[j] / (1.0 - power2)) + ADAM_EPSILON)
            x[j] = min(max(x[j] - s1, lower[j]), upper[j])
            z[j] = min(max(z[j] - s2, lower[j]), upper[j])
            after = g[j] + c * x[j] - k * z[j]
            value += after * after
        if value < best:
            best = value
            best_x[:] = x
            best_z[:] = z
        if abs(value - previous) < STOP:
            break
        previous = value
    x[:] = best_x
    z[:] = best_z


__all__ = ["LogisticResidual"]
