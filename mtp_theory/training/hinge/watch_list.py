r"""The watch list: the rows that may change sides while the model stays in a region around the list's centre.

The bound behind it is in ``active_set``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ..kernels import ROUNDING, dot, prefetch_row, quick_dot, row_inner
from ..rows.added import prefetch_added, quick_added_dot
from .anchors import set_image
from .state import BACKWARD, CAPPED, DISTANCE, FORWARD, FREE, INSIDE, OUTSIDE, ZERO, Anchors, RowState, Watch

#: Final models after which a watch list is made anew; the size of a region in units of what was too far for the last.
LIFETIME, AHEAD = 40, 1.5
#: Codes of ``outgrown``.
HOLDS, WIDEN, REMAKE = 0, 1, 2
#: Rows between a call for a row and its use.
IN_FLIGHT = 8


@njit(cache=True)
def outgrown(watch: Watch, anchors: Anchors) -> int:
    """Has the model left the region of the watch list? To be asked of every final model.

    WIDEN: the stored margins make a longer list; REMAKE: rows that were too far to be read may change sides, or the
    list is old.
    """
    farthest, region = watch.farthest, watch.region
    step = anchors.steps[0]
    farthest[FORWARD] = max(farthest[FORWARD], step)
    farthest[BACKWARD] = max(farthest[BACKWARD], -step)
    farthest[INSIDE] = max(farthest[INSIDE], anchors.inside[0])
    farthest[OUTSIDE] = max(farthest[OUTSIDE], anchors.outside[0])
    farthest[DISTANCE] = max(farthest[DISTANCE], anchors.distance[0])
    watch.used[1] += 1
    if watch.used[1] >= LIFETIME or farthest[DISTANCE] > region[DISTANCE]:
        return REMAKE
    return WIDEN if np.any(farthest > region) else HOLDS


@njit(cache=True)
def widen(rows: RowState, watch: Watch) -> None:
    """Enlarge the region to hold the farthest model, and the list to hold its rows; no row is read."""
    region, farthest = watch.region, watch.farthest
    for part in range(DISTANCE):
        if farthest[part] > region[part]:
            region[part] = AHEAD * farthest[part]
    extend(rows, watch)


@njit(cache=True)
def extend(rows: RowState, watch: Watch) -> None:
    """Put on the list those rows that may change sides while the model stays in the region, and the free ones.

    Rows that were not read for it are too far to do so.
    """
    region = watch.region
    forward, backward, most_inside, most_outside = region[FORWARD], region[BACKWARD], region[INSIDE], region[OUTSIDE]
    shares = 2.0 * (1.0 + forward + backward) * watch.share[0]
    for r in rows.due[: watch.used[2]]:
        if rows.place[r] >= 0 or rows.norm[r] == 0.0 or rows.count[r] == 0.0:
            continue
        if rows.status[r] != FREE:
            side = 1.0 if rows.status[r] == ZERO else -1.0
            drift = side * rows.drift[r]
            room = side * (rows.margin[r] - 1.0) + min(drift * forward, -drift * backward)
            bound = most_inside * rows.inside[r] + most_outside * rows.outside[r] + shares * rows.norm[r]
            if room > bound:
                continue
        enlist(r, rows, watch)


@njit(cache=True)
def renew_region(theta: Any, watch: Watch, anchors: Anchors) -> None:
    """Centre at ``theta``; the drift is the way from the last centre, the size that of the last region's used part."""
    drift, before = anchors.drift, anchors.length[0]
    for j in range(theta.size):
        drift[j] = theta[j] - anchors.theta[0, j]
    anchors.theta[0] = theta
    length = anchors.length[0] = np.sqrt(dot(drift, drift))
    watch.travelled[0] += (1.0 + 1e-12) * length
    for q in range(anchors.basis.shape[0]):
        anchors.turn[q] = row_inner(anchors.basis, q, drift)
    for a in range(anchors.steps.size):
        set_image(a, anchors)
    anchors.steps[0], anchors.shift[0], anchors.inside[0], anchors.outside[0] = 0.0, 0.0, 0.0, 0.0
    anchors.distance[0] = 0.0
    region, farthest = watch.region, watch.farthest
    units = before / length if length > 0.0 else 0.0
    region[FORWARD] = max(units * farthest[FORWARD], 1.0)
    region[BACKWARD] = units * farthest[BACKWARD]
    region[INSIDE] = farthest[INSIDE]
    region[OUTSIDE] = farthest[OUTSIDE]
    region[DISTANCE] = AHEAD * farthest[DISTANCE]
    farthest[:] = 0.0


@njit(cache=True)
def make_watch_list(
    clean: Any, n_clean: int, added: Any, coded: Any, n_added: int, w: Any, scale: float, theta: Any, bias: float,
    rows: RowState, watch: Watch, anchors: Anchors,
) -> int:  # fmt: skip
    """Read the rows that are not too far; those that may change sides within a region around ``theta`` form the list.

    The free rows are on it too. A row of room L to margin 1 when it was read keeps its side within L / |z| of the
    centre of that time, and no model of the region is further from there than the ways between the centres since then
    and the region's size: too far is a row for which that is less. Returns the number of rows read.
    """
    before = np.sqrt(dot(anchors.theta[0], anchors.theta[0]))
    renew_region(theta, watch, anchors)
    size, d, n = max(before, np.sqrt(dot(theta, theta))), w.size, n_clean + n_added
    safe = watch.travelled[0] + watch.region[DISTANCE]
    # A row that was not read for the last list has no margin there: its drift is one more product.
    model, drifts = theta[:d], anchors.drift[:d]
    way = drifts / scale
    constant = anchors.drift[d] if theta.size > d else 0.0
    single, single_way = w.astype(np.float32), way.astype(np.float32)
    due, count = rows.due, 0
    for r in range(n):
        rows.place[r] = -1
        if rows.until[r] < safe or rows.status[r] == FREE:
            due[count] = r
            count += 1
        else:
            rows.current[r] = 0
    most = ROUNDING
    for i in range(count):
        if i + IN_FLIGHT < count:
            following = due[i + IN_FLIGHT]
            if following < n_clean:
                prefetch_row(clean, following)
            else:
                prefetch_added(added, coded, following - n_clean)
        r, drift = due[i], 0.0
        if r < n_clean:
            inner, share = quick_dot(clean, r, w, single)
            if rows.current[r] == 0:
                drift, _ = quick_dot(clean, r, way, single_way)
        else:
            inner, share = quick_added_dot(added, coded, r - n_clean, model, w, single)
            if rows.current[r] == 0:
                drift, _ = quick_added_dot(added, coded, r - n_clean, drifts, way, single_way)
        most = max(most, share)
        margin, norm = rows.label[r] * (inner + bias), rows.norm[r]
        rows.drift[r] = margin - rows.margin[r] if rows.current[r] != 0 else rows.label[r] * (drift + constant)
        rows.margin[r], rows.current[r], rows.until[r] = margin, 1, -np.inf
        if norm > 0.0 and rows.status[r] != FREE:
            side = 1.0 if rows.status[r] == ZERO else -1.0
            rows.until[r] = watch.travelled[0] + side * (margin - 1.0) / norm - share * size
    watch.share[0] = most * size
    watch.used[0], watch.used[1], watch.used[2] = 0, 0, count
    extend(rows, watch)
    return count


# Inlined, as a call that passes tuples of arrays costs more than the row.
@njit(cache=True, inline="always")
def enlist(r: int, rows: RowState, watch: Watch) -> None:
    """Put row r on the watch list, with its margin at the centre."""
    place = watch.used[0]
    watch.used[0] += 1
    rows.place[r] = place
    watch.row[place] = r
    watch.side[place] = 1.0 if rows.status[r] == ZERO else (-1.0 if rows.status[r] == CAPPED else 0.0)
    watch.margin[place], watch.drift[place], watch.anchor[place] = rows.margin[r], rows.drift[r], 0
    watch.error[place] = watch.share[0] * rows.norm[r]
    watch.outside[place] = rows.outside[r]
    for q in range(rows.sketch.shape[1]):
        watch.sketch[place, q] = rows.sketch[r, q]


__all__ = ["HOLDS", "LIFETIME", "REMAKE", "enlist", "make_watch_list", "outgrown", "widen"]
