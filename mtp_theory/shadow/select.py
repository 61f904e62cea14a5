"""How far along the box's chain the objective rises, without sorting the chain.

Two steps, each O(d) for features in general position: buckets of similar slope, steepest first, of which one holds the
place; then, within it, partition around a pivot slope, ask whether the objective rises there, keep one side.
"""

from __future__ import annotations

import numpy as np

from ..kernel import kernel
from .objective import edge_root, rises

#: Buckets for slopes from infinity to 0; bucket of slope r: BUCKETS / (1 + r), rounded down.
BUCKETS = 128


@kernel()
def bucket_of(r):  # type: ignore[no-untyped-def]
    """Number of the bucket of slope r > 0; steeper ones come first."""
    return min(np.int64(BUCKETS / (1.0 + r)), BUCKETS - 1)


@kernel()
def sort_into_buckets(ratio, du, dv, order, count, start, sums):  # type: ignore[no-untyped-def]
    """Bring ``order[:count]`` into the order of the buckets.

    ``start`` (BUCKETS + 1,) receives where each begins, ``sums`` (BUCKETS + 1, 3) the steps in u and v of all buckets
    before it, and its greatest slope.
    """
    start[:] = 0
    sums[:] = 0.0
    for i in range(count):
        j = order[i]
        k = bucket_of(ratio[j])
        start[k + 1] += 1
        sums[k + 1, 0] += du[j]
        sums[k + 1, 1] += dv[j]
        sums[k, 2] = max(sums[k, 2], ratio[j])
    for k in range(BUCKETS):
        start[k + 1] += start[k]
        sums[k + 1, 0] += sums[k, 0]
        sums[k + 1, 1] += sums[k, 1]
    into, chosen = start.copy(), order[:count].copy()
    for j in chosen:
        k = bucket_of(ratio[j])
        order[into[k]] = j
        into[k] += 1


@kernel()
def last_rising_bucket(code, start, sums, u, v):  # type: ignore[no-untyped-def]
    """The last bucket at whose first step from (u, v) on the objective rises; -1 where there is none.

    The objective is unimodal along the chain, so bisection finds it; an empty bucket asks for the next one.
    """
    low, high = -1, BUCKETS
    while high - low > 1:
        middle = (low + high) // 2
        k = middle
        while k < high and start[k] == start[k + 1]:
            k += 1
        if k == high:
            high = middle
        elif rises(code, sums[k, 2], u + sums[k, 0], v + sums[k, 1]):
            low = k
        else:
            high = middle
    return low


@kernel()
def select(code, ratio, du, dv, order, low, high, u, v, at_other):  # type: ignore[no-untyped-def]
    """Walk the chain from (u, v) to the last place where the objective rises, which lies in ``order[low:high]``.

    Steps before it are taken, those behind it are not. Marks fully moved features of equal slope in ``at_other`` and
    returns how many steps of ``order`` come before the place; a partly moved feature, -1 for none, and its share; and
    the slope of the edge on which the place lies, 0 where it is a vertex.
    """
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
        # Equal slopes move in the order of their features.
        left = t * equal_u
        for j in range(ratio.size):
            if ratio[j] != s:
                continue
            if t == 1.0 or du[j] <= left:
                at_other[j] = True
                left -= du[j]
            else:
                return g, j, left / du[j], s
        return g, -1, 0.0, s
    return low, -1, 0.0, 0.0


__all__ = ["BUCKETS", "last_rising_bucket", "select", "sort_into_buckets"]
