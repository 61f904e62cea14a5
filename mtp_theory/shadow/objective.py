r"""Compiled objectives on the box's chain, for the built-in losses.

In the chain's coordinates (falling in u, rising in v) two objectives share the search:

* distance: :math:`\varphi(u) - \varphi(v)`, codes 0..3 (the loss's ``kernel`` number);
* pricing: :math:`w\,\psi(m)` with u = -w and v = -m, codes 4..7.

Along an edge of slope s = dv/du the objective rises iff s q > p, with p = -df/du and q = df/dv.
"""

from __future__ import annotations

import math

import numpy as np

from ..kernel import kernel

#: Halvings after which the ends of a bisection are neighbouring floats.
BISECTIONS = 64
#: Added to a loss's number for the pricing objective.
PRICING = 4


@kernel()
def loss_value(code: int, m: float) -> float:
    """phi(m): 0 hinge, 1 squared hinge, 2 logistic, 3 exponential."""
    if code == 0:
        return max(0.0, 1.0 - m)
    if code == 1:
        short = max(0.0, 1.0 - m)
        return short * short
    if code == 2:
        return math.log1p(math.exp(-abs(m))) + max(0.0, -m)
    return math.exp(-m)


@kernel()
def loss_slope(code: int, m: float) -> float:
    """psi(m); at the hinge's kink the right slope 0, which stops the search there."""
    if code == 0:
        return 1.0 if m < 1.0 else 0.0
    if code == 1:
        return 2.0 * max(0.0, 1.0 - m)
    if code == 2:
        e: float = math.exp(-abs(m))
        return e / (1.0 + e) if m >= 0 else 1.0 / (1.0 + e)
    return math.exp(-m)


@kernel()
def objective(code: int, u: float, v: float) -> float:
    """phi(u) - phi(v), or w psi(m) with the closed slope 1 at the hinge's kink."""
    if code < PRICING:
        difference: float = loss_value(code, u) - loss_value(code, v)
        return difference
    if code == PRICING:
        return -u if v >= -1.0 else 0.0
    priced: float = -u * loss_slope(code - PRICING, -v)
    return priced


@kernel()
def pricing_rate(code: int, size: float, least: float) -> float:
    """Bound on the change of w psi(m) for an error of 1 in w and m, where |w| <= size and m >= least.

    The hinge's slope jumps: its kink is moved by the error instead (see :mod:`mtp_theory.shadow.pricing`).
    """
    psi = 1.0 if code == 0 else loss_slope(code, least)
    curvature = 0.0
    if code == 1:
        curvature = 2.0
    elif code == 2:
        curvature = 0.25
    elif code == 3:
        curvature = psi
    return psi + size * curvature


@kernel()
def weights(code: int, u: float, v: float) -> tuple[float, float]:
    """(p, q), proportional to (-df/du, df/dv) just after the point, on the chain where f > 0."""
    if code < PRICING:
        return loss_slope(code, u), loss_slope(code, v)
    w = -u
    m = -v
    if w <= 0:
        return 1.0, 0.0
    if code == PRICING:
        return (0.0, 1.0) if m > 1.0 else (1.0, 0.0)
    if code == PRICING + 1:
        return (0.0, 1.0) if m >= 1.0 else (1.0 - m, w)
    if code == PRICING + 2:
        return 1.0, w * (1.0 - loss_slope(2, m))
    return 1.0, w


@kernel()
def rises(code: int, s: float, u: float, v: float) -> bool:
    """Does the objective strictly rise just after (u, v) along slope s?"""
    p, q = weights(code, u, v)
    rising: bool = s * q > p
    return rising


@kernel()
def edge_root(code: int, s: float, u: float, v: float, du: float, dv: float) -> float:
    """Fraction t in [0, 1] of the edge where the objective stops rising; it rises at 0 and not at 1."""
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        t = 0.5 * (low + high)
        if t <= low or t >= high:
            break
        if rises(code, s, u + t * du, v + t * dv):
            low = t
        else:
            high = t
    # At a kink the two ends differ: the hinge's pricing has its maximum just behind it.
    at_high = objective(code, u + high * du, v + high * dv)
    return high if at_high > objective(code, u + low * du, v + low * dv) else low


@kernel()
def line_bound(code, s, c, u_min, u_max, v_max, value_error):  # type: ignore[no-untyped-def]
    """Upper bound of the objective where v <= min(v_max, c + s u) and u_min <= u <= u_max."""
    if s == np.inf:
        return objective(code, u_min, v_max) + value_error
    low, high = u_min, u_max
    v = min(v_max, c + s * low)
    if v < v_max and rises(code, s, low, v):
        for _ in range(BISECTIONS):
            u = 0.5 * (low + high)
            if u <= low or u >= high:
                break
            v = c + s * u
            if v < v_max and rises(code, s, u, v):
                low = u
            else:
                high = u
    else:
        high = low
    # Falling in u and rising in v: the corner bounds the last interval, unimodality the rest.
    return objective(code, low, min(v_max, c + s * high)) + value_error


__all__ = [
    "PRICING",
    "edge_root",
    "line_bound",
    "loss_slope",
    "loss_value",
    "objective",
    "pricing_rate",
    "rises",
    "weights",
]
