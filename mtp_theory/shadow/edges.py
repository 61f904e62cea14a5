r"""Maximum of :math:`h = \varphi(u) - \varphi(v)` on a polyline along which u and v rise.

On an edge with steps (A, B) the derivative is :math:`B\psi(v) - A\psi(u)`. Between the loss's break points it changes
sign from + to - at most once:

* hinge, piecewise linear: it is constant, so vertices and kinks are the only candidates;
* squared hinge: linear in the position;
* exponential: zero iff v - u = log(B/A);
* logistic: zero iff (B - A) + B e^u - A e^v = 0, an exponential sum with at most one relevant root.

So a bisection on its sign finds each interior maximum to the last bit. This holds on every edge and for one
label as well; no unimodality along the chain is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..losses import Array, Exponential, Hinge, Logistic, MarginLoss, PiecewiseLinear, SquaredHinge
from . import general
from .chain import Index
from .rounding import distance_slack

#: Halvings of [0, 1] after which neighbouring positions on an edge are the same float.
BISECTIONS = 60

#: Smooth losses with at most one sign change of h' on an edge between their break points.
SMOOTH = (SquaredHinge, Logistic, Exponential)


@dataclass(frozen=True)
class Place:
    """The best place on a polyline: fraction t of edge k, its value, and bounds on the polyline's maximum."""

    k: int
    t: float
    value: float
    lower: float
    upper: float


def maximum_on_polyline(loss: MarginLoss, u: Array, v: Array, error: float) -> Place:
    """Greatest h on the polyline (u, v), shape (K+1,) each, both non-decreasing; the first place wins ties.

    ``error`` bounds the rounding errors of u and v together. Raises InputError where the loss overflows or
    is seen not to be convex and non-increasing.
    """
    least = float(min(u[0], v[0]))
    # A shadow without extent, or infinite losses, are found here before any candidate is compared.
    with np.errstate(over="ignore"):
        slack = distance_slack(loss, least, error)
    if not np.isfinite(slack):
        raise InputError(
            f"loss {loss.key!r} overflows at margin {least:.6g}, which the domain contains; scale the features or"
            " the models down"
        )
    if type(loss) in (Hinge, PiecewiseLinear) or type(loss) in SMOOTH:
        k, t = _candidates(loss, u, v)
        cu, cv = _at(u, k, t), _at(v, k, t)
        h = loss.value(cu) - loss.value(cv)
        best = int(np.argmax(h))
        value = float(h[best])
        return Place(int(k[best]), float(t[best]), value, value - slack, value + slack)
    k_best, t_best, value, upper = general.maximum_on_polyline(loss, u, v)
    return Place(k_best, t_best, value, value - slack, upper + slack)


def _at(w: Array, k: Index, t: Array) -> Array:
    """Positions on the polyline; t = 0 gives vertex k exactly."""
    following = np.minimum(k + 1, w.size - 1)
    return np.asarray(np.where(t > 0, w[k] + t * (w[following] - w[k]), w[k]), dtype=np.float64)


def _candidates(loss: MarginLoss, u: Array, v: Array) -> tuple[Index, Array]:
    """Vertices, break points and interior maxima as (edge, fraction), in the order of the polyline."""
    k: Index = np.arange(u.size, dtype=np.intp)
    t: Array = np.zeros(u.size)
    breaks = (1.0,) if type(loss) is SquaredHinge else loss.kinks
    for margin in breaks:
        for w in (u, v):
            edge = int(np.searchsorted(w, margin)) - 1
            if 0 <= edge < w.size - 1 and w[edge] < margin < w[edge + 1]:
                k = np.append(k, edge)
                t = np.append(t, (margin - w[edge]) / (w[edge + 1] - w[edge]))
    order = np.lexsort((t, k))
    k, t = k[order], t[order]
    if type(loss) in SMOOTH:
        k, t = _add_interior_maxima(loss, u, v, k, t)
    return k, t


def _add_interior_maxima(loss: MarginLoss, u: Array, v: Array, k: Index, t: Array) -> tuple[Index, Array]:
    """Roots of h' between neighbouring candidates where its sign goes from + to -."""
    edge, start = k[:-1], t[:-1]
    end = np.where(k[1:] == edge, t[1:], 1.0)

    def rises(e: Index, at: Array) -> NDArray[np.bool_]:
        du, dv = u[e + 1] - u[e], v[e + 1] - v[e]
        return np.asarray(dv * loss.slope(v[e] + at * dv) > du * loss.slope(u[e] + at * du), dtype=bool)

    inside = rises(edge, start) & ~rises(edge, end)
    edge, low, high = edge[inside], start[inside], end[inside]
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        up = rises(edge, middle)
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    k, t = np.append(k, edge), np.append(t, low)
    order = np.lexsort((t, k))
    return k[order], t[order]


__all__ = ["BISECTIONS", "SMOOTH", "Place", "maximum_on_polyline"]
