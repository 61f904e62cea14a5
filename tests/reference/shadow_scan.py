"""The full scan of the box's chain in rational arithmetic: hinge, squared hinge and piecewise-linear losses.

The simplest statement of what :mod:`mtp_theory.shadow` computes, exact, with the documented tie rule: labels -1 then
+1, the first place on the chain, steps of equal slope by feature, features without weight at their lower end.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from mtp_theory.domains import Box, Domain, labelled
from mtp_theory.losses import Array, MarginLoss, SquaredHinge


@dataclass
class Exact:
    x: list[Fraction]
    y: int
    value: Fraction


def maximum(loss: MarginLoss, domain: Domain, theta: Array, target: Array) -> Exact:
    """Exact maximum of phi(u) - phi(v) over boxes, models with bias."""
    best: Exact | None = None
    for y, box in labelled(domain):
        assert isinstance(box, Box)
        a = [y * Fraction(float(w)) for w in theta]
        b = [y * Fraction(float(w)) for w in target]
        lower = [Fraction(float(w)) for w in box.lower]
        upper = [Fraction(float(w)) for w in box.upper]
        for x, u, v in _places(loss, a, b, lower, upper):
            value = loss.exact(u) - loss.exact(v)
            if best is None or value > best.value:
                best = Exact(x, y, value)
    assert best is not None
    return best


def _places(loss: MarginLoss, a: list, b: list, lower: list, upper: list) -> list[tuple[list, Fraction, Fraction]]:
    """All candidates in the order of the chain: (x, u, v)."""
    d = len(lower)
    x = [upper[j] if a[j] < 0 or (a[j] == 0 and b[j] > 0) else lower[j] for j in range(d)]
    u = sum((a[j] * x[j] for j in range(d)), a[d])
    v = sum((b[j] * x[j] for j in range(d)), b[d])
    moving = [j for j in range(d) if a[j] * b[j] > 0 and upper[j] > lower[j]]
    moving.sort(key=lambda j: (-abs(b[j] / a[j]), j))
    places = [(x, u, v)]
    for j in moving:
        other = lower[j] if x[j] == upper[j] else upper[j]
        step = other - x[j]
        du, dv = a[j] * step, b[j] * step
        for t in sorted({*_inside(loss, u, v, du, dv), Fraction(1)}):
            here = [*x[:j], x[j] + t * step, *x[j + 1 :]]
            places.append((here, u + t * du, v + t * dv))
        x = [*x[:j], other, *x[j + 1 :]]
        u, v = u + du, v + dv
    return places


def _inside(loss: MarginLoss, u: Fraction, v: Fraction, du: Fraction, dv: Fraction) -> list[Fraction]:
    """Kinks, and the squared hinge's critical point, strictly inside an edge."""
    kinks = (1.0,) if isinstance(loss, SquaredHinge) else loss.kinks
    found = [(Fraction(k) - w) / dw for k in kinks for w, dw in ((u, du), (v, dv))]
    if isinstance(loss, SquaredHinge) and du != dv:
        found.append((dv * (1 - v) - du * (1 - u)) / (dv**2 - du**2))
    return [t for t in found if 0 < t < 1]
