r"""Compiled search on the box's chain, both labels, for the built-in losses.

Two objectives share it, in the chain's coordinates (falling in u, rising in v):

* distance: :math:`\varphi(u) - \varphi(v)`, codes 0..3 (the loss's ``kernel`` number);
* pricing: :math:`w\,\psi(m)` with u = -w and v = -m, codes 4..7.

Along an edge of slope s = dv/du the objective rises iff s q > p, with p = -df/du and q = df/dv. Both objectives are
unimodal where they are positive (psi is log-concave), and with both labels on one domain the maximum is >= 0, so the
search needs no sort: partition the steps around a pivot slope, ask whether the objective rises there, keep one side.
That takes O(d).
For the distance, steps of slope <= 1 never lead to a greater positive value and are left out.

What the search finds is not what bounds the maximum from above. All of the shadow lies under a supporting line
v <= c + s u; c is one maximum of a linear form over the box, and the objective's maximum on that line is one
bisection. At the optimum, with s = p / q, the two meet.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ..losses import Array
from .rounding import EXTRA_ROUNDINGS, UNIT_ROUNDOFF, VALUE_ROUNDINGS

#: Halvings after which the ends of a bisection are neighbouring floats.
BISECTIONS = 64
#: Added to a loss's number for the pricing objective.
PRICING = 4


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
def objective(code: int, u: float, v: float) -> float:
    """phi(u) - phi(v), or w psi(m) with the closed slope 1 at the hinge's kink."""
    if code < PRICING:
        difference: float = loss_value(code, u) - loss_value(code, v)
        return difference
    if code == PRICING:
        return -u if v >= -1.0 else 0.0
    priced: float = -u * loss_slope(code - PRICING, -v)
    return priced


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
def rises(code: int, s: float, u: float, v: float) -> bool:
    """Does the objective strictly rise just after (u, v) along slope s?"""
    p, q = weights(code, u, v)
    rising: bool = s * q > p
    return rising


@njit(cache=True)
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


@njit(cache=True)
def block_length(d: int) -> int:
    """Length of a summation block: about the square root of d."""
    return int(math.sqrt(d)) + 1


@njit(cache=True)
def dot(a: Array, x: Array) -> float:
    """Inner product in blocks of sqrt(d): error at most (2 sqrt(d) + 3) eps sum |a_j x_j|."""
    d = a.size
    step = block_length(d)
    total = 0.0
    for begin in range(0, d, step):
        part = 0.0
        for j in range(begin, min(begin + step, d)):
            part += a[j] * x[j]
        total += part
    return total


@njit(cache=True)
def support(a, b, s, y, lower, upper):  # type: ignore[no-untyped-def]
    """Maximum of <y (b - s a), x> over the box, summed in blocks."""
    d = a.size
    step = block_length(d)
    total = 0.0
    for begin in range(0, d, step):
        part = 0.0
        for j in range(begin, min(begin + step, d)):
            c = y * (b[j] - s * a[j])
            part += c * (upper[j] if c > 0 else lower[j])
        total += part
    return total


@njit(cache=True)
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


@njit(cache=True)
def select(code, ratio, du, dv, order, count, flattest, all_u, all_v, u, v, at_other, shares):  # type: ignore[no-untyped-def]
    """Walk the chain from (u, v) to the last place where the objective rises.

    ``order[:count]`` holds the moving features (the others have ratio 0), ``all_u`` and ``all_v`` the sums of their
    steps. Marks fully moved ones in ``at_other`` and the share of a last, partly moved one in ``shares``. Returns the
    slopes of the edges before and after the place.
    """
    low, high = 0, count
    # Often every step is taken: one look at the end saves the search.
    if count > 0 and rises(code, flattest, u + all_u, v + all_v):
        low = count
    while low < high:
        # Median of three slopes as pivot: no random numbers, so the same input gives the same sums.
        r0, r1, r2 = ratio[order[low]], ratio[order[(low + high) // 2]], ratio[order[high - 1]]
        s = max(min(r0, r1), min(max(r0, r1), r2))
        # Three-way partition: [low, g) steeper, [g, e) equal, [e, high) flatter.
        g, i, e = low, low, high
        steep_u = steep_v = equal_u = equal_v = 0.0
        while i < e:
            j = order[i]
            if ratio[j] > s:
                order[i], order[g] = order[g], j
                steep_u += du[j]
                steep_v += dv[j]
                g += 1
                i += 1
            elif ratio[j] == s:
                equal_u += du[j]
                equal_v += dv[j]
                i += 1
            else:
                e -= 1
                order[i], order[e] = order[e], j
        if not rises(code, s, u + steep_u, v + steep_v):
            high = g
            continue
        u += steep_u
        v += steep_v
        if rises(code, s, u + equal_u, v + equal_v):
            u += equal_u
            v += equal_v
            low = e
            continue
        t = edge_root(code, s, u, v, equal_u, equal_v)
        for i in range(g):
            at_other[order[i]] = True
        # Equal slopes move in the order of their features.
        left = t * equal_u
        for j in range(ratio.size):
            if ratio[j] != s:
                continue
            if t == 1.0 or du[j] <= left:
                at_other[j] = True
                left -= du[j]
            else:
                shares[j] = left / du[j]
                break
        return s, s
    last, following = np.inf, 0.0
    for i in range(count):
        j = order[i]
        if i < low:
            at_other[j] = True
            last = min(last, ratio[j])
        else:
            following = max(following, ratio[j])
    return last, following


@njit(cache=True)
def search_box(code, a, a0, b, b0, shift, lower, upper, steps, order, at_other, shares, x, found):  # type: ignore[no-untyped-def]
    """Maximise the objective over the box and both labels.

    ``a``, ``a0``, ``b``, ``b0`` are the two forms for label +1; ``shift`` is added to v on both. ``x`` (2, d)
    receives each label's point and ``found`` (2, 3) its value, lower and upper bound; row 0 is label -1. Returns the
    row that wins: +1 only if strictly better.
    """
    d = a.size
    ratio, du, dv = steps[0], steps[1], steps[2]
    least_slope = 1.0 if code < PRICING else 0.0
    count = 0
    total_u = size_a = size_b = all_u = all_v = 0.0
    flattest = np.inf
    for j in range(d):
        aj, bj = abs(a[j]), abs(b[j])
        reach = max(abs(lower[j]), abs(upper[j]))
        size_a += aj * reach
        size_b += bj * reach
        width = upper[j] - lower[j]
        ratio[j] = 0.0
        total_u += aj * width
        if ((a[j] > 0 and b[j] > 0) or (a[j] < 0 and b[j] < 0)) and width > 0:
            r = bj / aj
            if r > least_slope:
                ratio[j] = r
                du[j] = aj * width
                dv[j] = bj * width
                order[count] = j
                count += 1
                all_u += du[j]
                all_v += dv[j]
                flattest = min(flattest, r)
    size_a += abs(a0)
    size_b += abs(b0)
    terms = 2 * block_length(d) + EXTRA_ROUNDINGS
    error_u = terms * UNIT_ROUNDOFF * size_a
    error_v = terms * UNIT_ROUNDOFF * size_b
    for row in range(2):
        y = 2 * row - 1
        point = x[row]
        for j in range(d):
            ya, yb = y * a[j], y * b[j]
            up = ya < 0 or (ya == 0 and yb > 0)
            point[j] = upper[j] if up else lower[j]
            at_other[j] = False
            shares[j] = 0.0
        v_max = support(a, b, 0.0, y, lower, upper) + y * b0 + shift + error_v
        u_min = y * (dot(a, point) + a0)
        v_start = y * (dot(b, point) + b0) + shift
        last, following = select(
            code, ratio, du, dv, order, count, flattest, all_u, all_v, u_min, v_start, at_other, shares
        )
        for j in range(d):
            share = shares[j]
            if at_other[j] or share > 0.0:
                other = lower[j] if point[j] == upper[j] else upper[j]
                if at_other[j]:
                    point[j] = other
                else:
                    point[j] = min(upper[j], max(lower[j], point[j] + share * (other - point[j])))
        u = y * (dot(a, point) + a0)
        v = y * (dot(b, point) + b0) + shift
        # The supporting slope: that of the edge, or p / q between the neighbouring edges of a vertex.
        p, q = weights(code, u, v)
        s = p / q if q > 0 else np.inf
        s = max(least_slope, following, min(last, s))
        c = 0.0
        if s != np.inf:
            c = support(a, b, s, y, lower, upper) + y * (b0 - s * a0) + shift
            c += 2.0 * terms * UNIT_ROUNDOFF * (size_b + s * size_a)
        rounding = VALUE_ROUNDINGS * UNIT_ROUNDOFF
        if code < PRICING:
            rounding *= loss_value(code, min(u, v) - error_u - error_v)
        else:
            rounding *= size_a * loss_slope(code - PRICING, -v_max)
        upper_u = u_min + total_u * (1.0 + terms * UNIT_ROUNDOFF)
        # Pricing the hinge: a margin within rounding of the kink counts as at the kink.
        found[row, 0] = objective(code, u, v + error_v if code == PRICING else v)
        found[row, 1] = objective(code, u + error_u, v - error_v) - rounding
        found[row, 2] = line_bound(code, s, c, u_min - error_u, upper_u, v_max, rounding)
    return 1 if found[1, 0] > found[0, 0] else 0


__all__ = [
    "PRICING",
    "dot",
    "edge_root",
    "loss_slope",
    "loss_value",
    "objective",
    "pricing_rate",
    "rises",
    "search_box",
]
