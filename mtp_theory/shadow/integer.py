r"""Integer boxes, built-in losses, both labels: compiled depth-first branch and bound.

A step moves a feature by t units along the chain, 0 <= t <= width; integer features take whole t. The relaxed chain of
the remaining steps bounds a node from above, its vertices are whole, and only the step in which the relaxed maximum
lies can be fractional: branch on it. For the hinge this is the one-row knapsack of both pieces, v <= 1 and v >= 1.

Steps of slope <= 1 are left out for the distance: undoing all of them lowers v - u nowhere and, phi being convex,
never lowers a positive value. Steps with the same (|a_j|, |b_j|) are one step of greater width; else ties
among n equal steps would cost 2^n nodes.
"""

from __future__ import annotations

import math

import numpy as np

from ..kernel import kernel
from .objective import PRICING, edge_root, loss_slope, loss_value, objective, pricing_rate, rises
from .rounding import EXTRA_ROUNDINGS, UNIT_ROUNDOFF, VALUE_ROUNDINGS
from .sums import dot

#: Nodes for one call, both labels; about a second.
NODE_LIMIT = 500_000
#: Branchings on one path; general integers may need more than one for a feature.
MAX_DEPTH = 1_000


@kernel()
def sort_by_slope(slope, order):  # type: ignore[no-untyped-def]
    """Sort the features in ``order``, steepest first, then by number: Shell's sort, which compiles in no time."""
    count = order.size
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, count):
            j = order[i]
            k = i
            while k >= gap:
                other = order[k - gap]
                if slope[other] > slope[j] or (slope[other] == slope[j] and other < j):
                    break
                order[k] = other
                k -= gap
            order[k] = j
        gap //= 3


@kernel()
def walk(code, ratio, du, dv, whole, low, high, u, v, t):  # type: ignore[no-untyped-def]
    """Relaxed maximum of a node and a whole point near it.

    ``t`` receives the whole point. Returns (bound, value of the whole point, fractional step or -1, its position).
    """
    count = du.size
    for k in range(count):
        u += low[k] * du[k]
        v += low[k] * dv[k]
        t[k] = low[k]
    split = -1
    position = bound = 0.0
    for k in range(count):
        width = high[k] - low[k]
        if width <= 0:
            continue
        s = ratio[k]
        if not rises(code, s, u, v):
            # Before the split later steps rise even less; behind it (whole point) a smaller step may still fit.
            if split < 0:
                break
            continue
        step_u, step_v = width * du[k], width * dv[k]
        if rises(code, s, u + step_u, v + step_v):
            moved = width
        else:
            moved = edge_root(code, s, u, v, step_u, step_v) * width
            if whole[k]:
                below = math.floor(moved)
                if split < 0 and moved != below:
                    split = k
                    position = low[k] + moved
                    bound = objective(code, u + moved * du[k], v + moved * dv[k])
                f_below = objective(code, u + below * du[k], v + below * dv[k])
                above = min(width, below + 1.0)
                f_above = objective(code, u + above * du[k], v + above * dv[k])
                moved = above if f_above > f_below else below
        t[k] = low[k] + moved
        u += moved * du[k]
        v += moved * dv[k]
    value = objective(code, u, v)
    if split < 0:
        bound = value
    return max(bound, value), value, split, position


@kernel()
def branch(code, ratio, du, dv, whole, width, u, v, best, tolerance, nodes, t_best):  # type: ignore[no-untyped-def]
    """Branch and bound from the incumbent value ``best``.

    ``t_best`` receives a better point if there is one. Returns (best, upper bound, nodes left); no nodes left: cut off.
    """
    count = du.size
    low, high, t = np.zeros(count), width.copy(), np.empty(count)
    step = np.empty(MAX_DEPTH, np.int64)
    saved_low, saved_high = np.empty(MAX_DEPTH), np.empty(MAX_DEPTH)
    cut, bounds = np.empty(MAX_DEPTH), np.empty(MAX_DEPTH)
    second, upward = np.empty(MAX_DEPTH, np.bool_), np.empty(MAX_DEPTH, np.bool_)
    depth = 0
    upper = -np.inf
    while True:
        bound, value, split, position = walk(code, ratio, du, dv, whole, low, high, u, v, t)
        nodes -= 1
        if value > best:
            best = value
            t_best[:] = t
        if nodes <= 0 or depth == MAX_DEPTH:
            upper = max(upper, bound)
            for i in range(depth):
                if not second[i]:
                    upper = max(upper, bounds[i])
            return best, max(upper, best), 0
        if split >= 0 and bound > best + tolerance:
            step[depth], cut[depth], bounds[depth] = split, math.floor(position), bound
            saved_low[depth], saved_high[depth] = low[split], high[split]
            second[depth] = False
            # First the side on which the whole point lies.
            upward[depth] = t[split] > position
        else:
            upper = max(upper, min(bound, best + tolerance))
            # Back to the deepest node whose second side is open.
            depth -= 1
            while depth >= 0 and (second[depth] or bounds[depth] <= best + tolerance):
                low[step[depth]], high[step[depth]] = saved_low[depth], saved_high[depth]
                upper = max(upper, min(bounds[depth], best + tolerance))
                depth -= 1
            if depth < 0:
                return best, max(upper, best), nodes
            k = step[depth]
            low[k], high[k] = saved_low[depth], saved_high[depth]
            second[depth] = True
            upward[depth] = not upward[depth]
        k = step[depth]
        if upward[depth]:
            low[k] = cut[depth] + 1.0
        else:
            high[k] = cut[depth]
        depth += 1


@kernel()
def search_integer(code, a, a0, b, b0, shift, lower, upper, integer, node_limit, x, found):  # type: ignore[no-untyped-def]
    """Maximise the objective over an integer box and both labels.

    ``integer`` (d,) marks features that take whole values between their whole bounds; ``shift`` is added to v on both
    labels. ``x`` (d,) receives the point, ``found`` (3,) value, lower and upper bound. Returns (label, search
    complete); +1 wins only if strictly better.
    """
    d = a.size
    least_slope = 1.0 if code < PRICING else 0.0
    size_a, size_b = abs(a0), abs(b0)
    slope = np.zeros(d)
    count = 0
    for j in range(d):
        reach = max(abs(lower[j]), abs(upper[j]))
        size_a += abs(a[j]) * reach
        size_b += abs(b[j]) * reach
        if ((a[j] > 0 and b[j] > 0) or (a[j] < 0 and b[j] < 0)) and upper[j] > lower[j]:
            slope[j] = abs(b[j]) / abs(a[j])
            if slope[j] > least_slope:
                count += 1
            else:
                slope[j] = 0.0
    error = (2 * d + EXTRA_ROUNDINGS) * UNIT_ROUNDOFF * (size_a + size_b)
    order = np.empty(count, np.int64)
    i = 0
    for j in range(d):
        if slope[j] > 0.0:
            order[i] = j
            i += 1
    sort_by_slope(slope, order)
    ratio, du, dv, width = np.empty(count), np.empty(count), np.empty(count), np.empty(count)
    whole, owner = np.empty(count, np.bool_), np.empty(count, np.int64)
    merged = 0
    for i in range(count):
        j = order[i]
        k = merged - 1
        while k >= 0 and ratio[k] == slope[j] and not (du[k] == abs(a[j]) and whole[k] == integer[j]):
            k -= 1
        if k < 0 or ratio[k] != slope[j]:
            k = merged
            merged += 1
            ratio[k], du[k], dv[k], whole[k], width[k] = slope[j], abs(a[j]), abs(b[j]), integer[j], 0.0
        width[k] += upper[j] - lower[j]
        owner[i] = k
    ratio, du, dv, width, whole = ratio[:merged], du[:merged], dv[:merged], width[:merged], whole[:merged]
    best, bound, label, nodes = -np.inf, -np.inf, -1, node_limit
    t, t_best = np.zeros(merged), np.zeros(merged)
    slack = 0.0
    for row in range(2):
        y = 2 * row - 1
        u, v = y * a0, y * b0 + shift
        greatest_v = v
        for j in range(d):
            ya, yb = y * a[j], y * b[j]
            start = upper[j] if ya < 0 or (ya == 0 and yb > 0) else lower[j]
            u += ya * start
            v += yb * start
            greatest_v += max(yb * lower[j], yb * upper[j])
        if code < PRICING:
            least = min(u, v) - error
            slack_y = error * loss_slope(code, least) + VALUE_ROUNDINGS * UNIT_ROUNDOFF * loss_value(code, least)
        else:
            slack_y = error * pricing_rate(code - PRICING, size_a, -greatest_v - error)
        slack = max(slack, slack_y)
        t[:] = 0.0
        value, bound_y, nodes = branch(code, ratio, du, dv, whole, width, u, v, best, slack_y, max(nodes, 1), t)
        bound = max(bound, bound_y + slack_y)
        if value > best:
            best = value
            label = y
            t_best[:] = t
    for j in range(d):
        ya, yb = label * a[j], label * b[j]
        x[j] = upper[j] if ya < 0 or (ya == 0 and yb > 0) else lower[j]
    for i in range(count):
        j = order[i]
        moved = min(t_best[owner[i]], upper[j] - lower[j])
        t_best[owner[i]] -= moved
        if moved > 0:
            x[j] = max(lower[j], x[j] - moved) if label * a[j] < 0 else min(upper[j], x[j] + moved)
    u = label * (dot(a, x) + a0)
    v = label * (dot(b, x) + b0) + shift
    # Pricing the hinge: this sum's error may not carry the margin beyond the kink.
    found[0] = objective(code, u, v + error if code == PRICING else v)
    found[1] = found[0] - slack
    found[2] = max(bound, found[0])
    return label, nodes > 0


__all__ = ["NODE_LIMIT", "search_integer"]
