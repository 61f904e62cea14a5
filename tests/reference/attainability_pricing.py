"""Pricing of K over a box, the slow simple way: the upper chain of the shadow, each edge sampled.

max over x in the box and slopes s of ``s * <direction, y (x, 1)>`` depends on the margin v through
psi(v) W(v), where W(v) is the largest ``<direction, y (x, 1)>`` at margin v: a continuous knapsack.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from mtp_theory.domains import Box, Domain, PerLabel
from mtp_theory.losses import Array, MarginLoss


@dataclass(frozen=True)
class Best:
    x: Array
    y: int
    value: float
    lower: float
    upper: float
    kind: str


def price(
    loss: MarginLoss, domain: Domain, direction: Array, target: Array, *, bias: bool = True, label: int | None = None
) -> Best:
    """The best point of one label, or of both with ties to -1."""
    if label is None:
        both = [price(loss, domain, direction, target, bias=bias, label=y) for y in (-1, 1)]
        return both[1] if both[1].value > both[0].value else both[0]
    if isinstance(domain, PerLabel):
        domain = domain.negative if label < 0 else domain.positive
    assert isinstance(domain, Box)
    a, b = label * direction[: domain.dim], label * target[: domain.dim]
    a0, b0 = (label * direction[-1], label * target[-1]) if bias else (0.0, 0.0)
    # least margin first, ties in margin to the largest value
    start = np.where(b > 0, domain.lower, np.where(b < 0, domain.upper, np.where(a > 0, domain.upper, domain.lower)))
    end = np.where(b > 0, domain.upper, np.where(b < 0, domain.lower, start))
    dv, dw = b * (end - start), a * (end - start)
    moving = np.flatnonzero(dv > 0)
    order = moving[np.argsort(-dw[moving] / dv[moving], kind="stable")]
    v = np.concatenate([[0.0], np.cumsum(dv[order])]) + b @ start + b0
    w = np.concatenate([[0.0], np.cumsum(dw[order])]) + a @ start + a0

    def value(m: Array) -> Array:
        return loss.slope(m) * np.interp(m, v, w)

    candidates = [np.array([v[0], v[-1]])]
    for low, high in itertools.pairwise(v.tolist()):
        for _ in range(4):
            grid = np.linspace(low, high, 17)
            j = int(np.argmax(value(grid)))
            low, high = grid[max(j - 1, 0)], grid[min(j + 1, 16)]
        candidates.append(grid)
    margins = np.concatenate(candidates)
    values = value(margins)
    for kink in loss.kinks:
        if v[0] <= kink <= v[-1]:
            height = float(np.interp(kink, v, w))
            margins = np.append(margins, [kink, kink])
            values = np.append(values, [s * height for s in loss.slope_interval(kink)])
    j = int(np.argmax(values))
    x = start.copy()
    k = min(max(int(np.searchsorted(v, margins[j])) - 1, 0), len(order))
    x[order[:k]] = end[order[:k]]
    if k < len(order):
        i = order[k]
        x[i] += np.clip((margins[j] - v[k]) / dv[i], 0.0, 1.0) * (end[i] - start[i])
    best = float(values[j])
    return Best(x, label, best, best, best, "exact")
