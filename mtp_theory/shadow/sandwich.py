r"""The shadow of a convex domain known by its support function: l2 ball, polytope, a user's own.

Each call of the support function, in the plane's direction (-p, q) with p, q >= 0, gives a point of the shadow and a
line :math:`q v - p u \le c` above it. Between two neighbouring points the shadow's chain lies above their chord and
below the corner of their two lines; the maximum on the chords is a lower bound, that on the corners an upper one. The
arc with the greatest upper bound is refined by the line parallel to its chord, which divides the gap by four on a
smooth arc and closes it on an edge.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..domains import Domain
from ..errors import InputError
from ..losses import Array
from .edges import Objective, Place
from .rounding import margin_error

#: The sandwich closes at this multiple of the relative gap that the objective leaves on a polyline.
GAP_FACTOR = 4.0
#: Calls of the support function for one label; smooth arcs need about 50.
MAX_CALLS = 400

#: Upper bound of <c, x> over the domain, and a point that (nearly) attains it.
Support = Callable[[Array], tuple[float, Array]]


@dataclass(frozen=True, eq=False)
class SupportedDomain:
    """A convex domain by its support function; ``reach`` (d,) bounds |x_j|."""

    support: Support
    reach: Array


def supported(domain: Domain) -> SupportedDomain:
    """Prepare a domain. Raises InputError for one that is not convex or unbounded."""
    if domain.relaxation is not domain:
        raise InputError(f"domain {type(domain).__name__} is not convex; only its relaxation has a shadow")
    reach = domain.reach()
    if not np.isfinite(reach).all():
        j = int(np.flatnonzero(~np.isfinite(reach))[0])
        raise InputError(f"domain {type(domain).__name__}: unbounded or empty along feature {j}; give bounds")
    return SupportedDomain(domain.certain_support, reach)


@dataclass(frozen=True, eq=False)
class _Touch:
    """A point (u, v) of the shadow, its features x, and the line q v - p u <= c above the shadow near it."""

    p: float
    q: float
    c: float
    u: float
    v: float
    x: Array


def over_support(
    objective: Objective, domain: SupportedDomain, a: Array, a0: float, b: Array, b0: float
) -> tuple[Array, float, float, float, bool]:
    """Maximum of the objective over the shadow: (x, value, lower, upper, closed)."""
    d = a.size
    error_u = margin_error(d, float(np.abs(a) @ domain.reach) + abs(a0))
    error_v = margin_error(d, float(np.abs(b) @ domain.reach) + abs(b0))

    def touch(p: float, q: float) -> _Touch:
        bound, x = domain.support(q * b - p * a)
        c = bound + q * b0 - p * a0 + p * error_u + q * error_v
        return _Touch(p, q, c, float(a @ x) + a0, float(b @ x) + b0, x)

    def bounds(left: _Touch, right: _Touch) -> tuple[float, Place, float]:
        """Fraction and place on the chord; upper bound on the corner."""
        chord_u, chord_v = _monotone(left.u, right.u), _monotone(left.v, right.v)
        inner = objective.place(chord_u, chord_v, error_u, error_v)
        t = inner.t if inner.k == 0 else 1.0
        outer_u, outer_v = _corner_line(left, right, error_u, error_v)
        outer = objective.place(outer_u, outer_v, error_u, error_v)
        return t, inner, max(outer.upper, inner.upper)

    best_value, best_lower, best_slack, best_x = -np.inf, -np.inf, 0.0, None
    arcs: list[tuple[float, int, _Touch, _Touch]] = []
    closed_upper, calls = -np.inf, 2

    def add(left: _Touch, right: _Touch) -> None:
        nonlocal best_value, best_lower, best_slack, best_x
        t, inner, upper = bounds(left, right)
        if inner.value > best_value:
            best_value, best_lower, best_slack = inner.value, inner.lower, inner.slack
            # At the ends the points themselves, bit for bit.
            best_x = left.x if t == 0 else right.x if t == 1 else (1.0 - t) * left.x + t * right.x
        heapq.heappush(arcs, (-upper, len(arcs) + calls * MAX_CALLS, left, right))

    add(touch(1.0, 0.0), touch(0.0, 1.0))
    while arcs and calls < MAX_CALLS:
        upper = -arcs[0][0]
        # Twice the rounding slack of the value lies between lower and upper in any case.
        gap = GAP_FACTOR * objective.tolerance * max(1.0, abs(upper))
        if upper - best_value <= gap + 2.0 * best_slack:
            break
        _, _, left, right = heapq.heappop(arcs)
        p, q = max(0.0, right.v - left.v), max(0.0, right.u - left.u)
        if p + q == 0:
            closed_upper = max(closed_upper, upper)
            continue
        middle = touch(p / (p + q), q / (p + q))
        calls += 1
        add(left, middle)
        add(middle, right)
    closed = not arcs or calls < MAX_CALLS
    upper = max(closed_upper, -arcs[0][0] if arcs else -np.inf, best_value)
    assert best_x is not None
    return best_x, best_value, best_lower, upper, closed


def _monotone(first: float, second: float) -> Array:
    return np.array([first, max(first, second)])


def _height(line: _Touch, u: float) -> float:
    """v on the line at u; infinite on the vertical one."""
    return (line.c + line.p * u) / line.q if line.q > 0 else np.inf


def _corner_line(left: _Touch, right: _Touch, error_u: float, error_v: float) -> tuple[Array, Array]:
    """Polyline above the shadow between two neighbouring points: along the left line, the corner, the right line."""
    u0, u1 = left.u - error_u, max(left.u, right.u)
    v1 = max(left.v, right.v) + error_v
    det = left.p * right.q - right.p * left.q
    corner = min(max((right.c * left.q - left.c * right.q) / det, u0), u1) if det > 0 else u0
    # The higher of the two lines: a corner misplaced by rounding (nearly parallel lines) then still lies above.
    high = [_height(line, corner) for line in (left, right) if line.q > 0]
    v = np.array([min(left.v, v1) if left.q == 0 else _height(left, u0), max(high, default=v1), _height(right, u1)])
    return np.array([u0, corner, u1]), np.maximum.accumulate(np.minimum(v, v1))


__all__ = ["MAX_CALLS", "SupportedDomain", "over_support", "supported"]
