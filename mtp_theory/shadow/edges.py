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

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..losses import Array, MarginLoss
from . import general
from .chain import Index
from .rounding import distance_slack

#: Halvings of [0, 1] after which neighbouring positions on an edge are the same float.
BISECTIONS = 60


@dataclass(frozen=True)
class Place:
    """The best place on a polyline: fraction t of edge k, its value, and bounds on the polyline's maximum.

    ``slack`` is the part of the bounds that rounding is to blame for: no search can make them closer than that.
    """

    k: int
    t: float
    value: float
    lower: float
    upper: float
    slack: float


class Objective(Protocol):
    """A function of the plane that falls in u and rises in v wherever it is positive."""

    @property
    def tolerance(self) -> float:
        """Relative gap, rounding apart, to which ``place`` closes its bounds."""

    def at_vertices(self, u: Array, v: Array, error_v: float) -> Array:
        """Values at the vertices (u, v), elementwise."""

    def place(self, u: Array, v: Array, error_u: float, error_v: float) -> Place:
        """Greatest value on the polyline (u, v), shape (K+1,) each, both non-decreasing; the first place wins ties.

        ``error_u`` and ``error_v`` bound the rounding errors of the vertices; the bounds of the result allow for them.
        """


@dataclass(frozen=True)
class Distance:
    """The objective phi(u) - phi(v) of a loss.

    ``place`` raises InputError where the loss overflows or is seen not to be convex and non-increasing.
    """

    loss: MarginLoss

    @property
    def tolerance(self) -> float:
        return general.TOLERANCE

    def at_vertices(self, u: Array, v: Array, error_v: float) -> Array:
        # An infinite or undefined difference is chosen by argmax, and ``place`` then names the overflow.
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(self.loss.value(u) - self.loss.value(v), dtype=np.float64)

    def place(self, u: Array, v: Array, error_u: float, error_v: float) -> Place:
        loss = self.loss
        least = float(min(u[0], v[0]))
        built_in = loss.closed_form
        if not built_in:
            general.check_shape(loss, least, float(max(u[-1], v[-1])))
        with np.errstate(over="ignore"):
            slack = distance_slack(loss, least, error_u + error_v)
        if not np.isfinite(slack):
            raise overflow(loss, least)
        if built_in:
            k, t = _candidates(loss, u, v)
            h = loss.value(at(u, k, t)) - loss.value(at(v, k, t))
            best = int(np.argmax(h))
            value = float(h[best])
            return Place(int(k[best]), float(t[best]), value, value - slack, value + slack, slack)
        k_best, t_best, value, upper = general.maximum_on_polyline(loss, u, v)
        return Place(k_best, t_best, value, value - slack, upper + slack, slack)


def overflow(loss: MarginLoss, margin: float) -> InputError:
    """Error for a loss that is not finite at a margin of the domain."""
    return InputError(
        f"loss {loss.key!r} overflows at margin {margin:.6g}, which the domain contains; scale the models"
        " down, or the features that are not integer"
    )


def at(w: Array, k: Index, t: Array) -> Array:
    """Positions on the polyline; t = 0 gives vertex k exactly."""
    following = np.minimum(k + 1, w.size - 1)
    return np.asarray(np.where(t > 0, w[k] + t * (w[following] - w[k]), w[k]), dtype=np.float64)


def break_points(loss: MarginLoss) -> tuple[float, ...]:
    """Margins between which a built-in loss is linear or strictly convex."""
    return tuple(sorted((*loss.kinks, *loss.bends)))


def _candidates(loss: MarginLoss, u: Array, v: Array) -> tuple[Index, Array]:
    """Vertices, break points and interior maxima as (edge, fraction), in the order of the polyline."""
    k, t = crossings(u.size, [(w, margin) for margin in break_points(loss) for w in (u, v)])
    if loss.piecewise_linear:
        return k, t

    def rises(e: Index, at: Array) -> NDArray[np.bool_]:
        du, dv = u[e + 1] - u[e], v[e + 1] - v[e]
        return np.asarray(dv * loss.slope(v[e] + at * dv) > du * loss.slope(u[e] + at * du), dtype=bool)

    return add_interior_maxima(k, t, rises)


def crossings(size: int, levels: list[tuple[Array, float]]) -> tuple[Index, Array]:
    """All ``size`` vertices, and the places where a coordinate w crosses a level, as (edge, fraction) in order."""
    k: Index = np.arange(size, dtype=np.intp)
    t: Array = np.zeros(size)
    for w, level in levels:
        edge = int(np.searchsorted(w, level)) - 1
        if 0 <= edge < size - 1 and w[edge] < level < w[edge + 1]:
            k = np.append(k, edge)
            t = np.append(t, (level - w[edge]) / (w[edge + 1] - w[edge]))
    order = np.lexsort((t, k))
    return k[order], t[order]


def add_interior_maxima(k: Index, t: Array, rises: Callable[[Index, Array], NDArray[np.bool_]]) -> tuple[Index, Array]:
    """Adds the roots of the derivative between neighbouring places where its sign goes from + to -."""
    edge, start = k[:-1], t[:-1]
    end = np.where(k[1:] == edge, t[1:], 1.0)
    inside = rises(edge, start) & ~rises(edge, end)
    edge, low, high = edge[inside], start[inside], end[inside]
    if edge.size:
        for _ in range(BISECTIONS):
            middle = 0.5 * (low + high)
            up = rises(edge, middle)
            low, high = np.where(up, middle, low), np.where(up, high, middle)
        k, t = np.append(k, edge), np.append(t, low)
        order = np.lexsort((t, k))
        k, t = k[order], t[order]
    return k, t


__all__ = [
    "BISECTIONS",
    "Distance",
    "Objective",
    "Place",
    "add_interior_maxima",
    "at",
    "break_points",
    "crossings",
    "overflow",
]
