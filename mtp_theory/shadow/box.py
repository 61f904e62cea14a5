r"""Compiled search on the box's chain, both labels, for the built-in losses.

Both objectives of :mod:`mtp_theory.shadow.objective` are unimodal along the chain where they are positive (psi is
log-concave), and with both labels on one domain the maximum is >= 0, so the search needs no sort
(:mod:`mtp_theory.shadow.select`). For the distance, steps of slope <= 1 never lead to a greater positive value and are
left out.

What the search finds is not what bounds the maximum from above. All of the shadow lies under a supporting line
v <= c + s u; c is one maximum of a linear form over the box, and the objective's maximum on that line is one
bisection. At the optimum, with s = p / q, the two meet.
"""

from __future__ import annotations

import numpy as np

from ..kernel import kernel
from .objective import PRICING, line_bound, loss_slope, loss_value, objective, rises, weights
from .rounding import EXTRA_ROUNDINGS, UNIT_ROUNDOFF, VALUE_ROUNDINGS
from .select import last_rising_bucket, select, sort_into_buckets
from .sums import REORDER, dot, roundings, starts, support


@kernel(fastmath=REORDER)
def chain_steps(a, b, lower, upper, least_slope, steps, order):  # type: ignore[no-untyped-def]
    """Slopes and steps of the features that move along the chain: those with a_j b_j > 0 and slope above the least.

    ``steps`` (3, d) receives slope, step in u, step in v (slope 0: the feature does not move), ``order`` the moving
    features. Returns their number, the way in u if all features move, and sums of |a_j| and |b_j| times max|x_j|.
    """
    ratio, du, dv = steps[0], steps[1], steps[2]
    count = 0
    total_u = size_a = size_b = 0.0
    for j in range(a.size):
        aj, bj = abs(a[j]), abs(b[j])
        reach = max(abs(lower[j]), abs(upper[j]))
        size_a += aj * reach
        size_b += bj * reach
        width = upper[j] - lower[j]
        total_u += aj * width
        du[j] = aj * width
        dv[j] = bj * width
        r = bj / aj if aj > 0.0 else 0.0
        moves = ((a[j] > 0) == (b[j] > 0)) & (bj > 0) & (width > 0) & (r > least_slope)
        ratio[j] = r if moves else 0.0
    for j in range(a.size):
        # Without a branch, which no processor could foresee.
        order[count] = j
        count += ratio[j] > 0.0
    return count, total_u, size_a, size_b


@kernel()
def search_box(code, a, a0, b, b0, shift, lower, upper, steps, order, at_other, start, sums, x, found):  # type: ignore[no-untyped-def]
    """Maximise the objective over the box and both labels.

    ``a``, ``a0``, ``b``, ``b0`` are the two forms for label +1; ``shift`` is added to v on both. ``x`` (2, d)
    receives each label's point and ``found`` (2, 3) its value, lower and upper bound; row 0 is label -1. ``steps``
    (3, d), ``order`` and ``at_other`` (d,), ``start`` (BUCKETS + 1,) and ``sums`` (BUCKETS + 1, 3) are scratch. Returns
    the row that wins: +1 only if strictly better.
    """
    d = a.size
    ratio, du, dv = steps[0], steps[1], steps[2]
    least_slope = 1.0 if code < PRICING else 0.0
    count, total_u, size_a, size_b = chain_steps(a, b, lower, upper, least_slope, steps, order)
    all_u = all_v = 0.0
    flattest = np.inf
    for j in order[:count]:
        all_u += du[j]
        all_v += dv[j]
        flattest = min(flattest, ratio[j])
    size_a += abs(a0)
    size_b += abs(b0)
    terms = roundings(d) + EXTRA_ROUNDINGS
    error_u = terms * UNIT_ROUNDOFF * size_a
    error_v = terms * UNIT_ROUNDOFF * size_b
    least_a, most_a, least_b, most_b, b_low, b_high = starts(a, b, lower, upper)
    in_buckets = False
    for row in range(2):
        y = 2.0 * row - 1.0
        v_max = (most_b if row == 1 else -least_b) + y * b0 + shift + error_v
        u_min = (least_a if row == 1 else -most_a) + y * a0
        v_start = y * ((b_low if row == 1 else b_high) + b0) + shift
        at_other[:] = False
        taken, partial, share, slope = 0, -1, 0.0, 0.0
        if count > 0 and rises(code, flattest, u_min + all_u, v_start + all_v):
            # Often every step is taken: one look at the end saves the search.
            taken = count
        else:
            if not in_buckets:
                sort_into_buckets(ratio, du, dv, order, count, start, sums)
                in_buckets = True
            k = last_rising_bucket(code, start, sums, u_min, v_start)
            if k >= 0:
                taken, partial, share, slope = select(
                    code, ratio, du, dv, order, start[k], start[k + 1], u_min + sums[k, 0], v_start + sums[k, 1],
                    at_other,
                )  # fmt: skip
        last, following = slope, slope
        if slope == 0.0:
            last = np.inf
            for j in order[:taken]:
                last = min(last, ratio[j])
            for j in order[taken:count]:
                following = max(following, ratio[j])
        for j in order[:taken]:
            at_other[j] = True
        point = x[row]
        for j in range(d):
            ya, yb = y * a[j], y * b[j]
            up = (ya < 0) | ((ya == 0) & (yb > 0))
            high, low = upper[j], lower[j]
            point[j] = high if up != at_other[j] else low
        if partial >= 0:
            j = partial
            other = lower[j] if point[j] == upper[j] else upper[j]
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


__all__ = ["search_box"]
