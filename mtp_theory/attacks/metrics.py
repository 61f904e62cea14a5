"""Compiled sums behind the metrics of one round: three numbers from one pass over the model and the point."""

from __future__ import annotations

from typing import Any

from ..kernel import kernel


@kernel(fastmath={"reassoc", "contract"})
def sums(theta: Any, target: Any, x: Any) -> tuple[float, float, float]:
    """|theta|^2, |theta - target|^2 and <theta, (x, 1)>, theta and target (dim,), x (d,); the 1 where dim = d + 1."""
    square, way, inner = 0.0, 0.0, 0.0
    for j in range(x.size):
        change = theta[j] - target[j]
        square += theta[j] * theta[j]
        way += change * change
        inner += theta[j] * x[j]
    for j in range(x.size, theta.size):
        change = theta[j] - target[j]
        square += theta[j] * theta[j]
        way += change * change
        inner += theta[j]
    return square, way, inner


__all__ = ["sums"]
