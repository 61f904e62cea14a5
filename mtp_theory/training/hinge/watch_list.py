r"""The watch list: the rows that may change sides while the model stays in a region around the list's centre.

The bound behind it is in ``active_set``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...kernel import kernel
from ..kernels import ROUNDING, dot, prefetch_row, quick_dot
from ..rows.added import prefetch_added, quick_added_dot
from .anchors import inner_of_rows, set_image
from .state import (
    ANCHOR,
    BACKWARD,
    BEYOND,
    CAPPED,
    COUNT,
    CURRENT,
    DISTANCE,
    DRIFT,
    DUE,
    ENTRIES,
    ERROR,
    FARTHEST,
    FORWARD,
    FREE,
    IN_SPAN,
    INSIDE,
    LABEL,
    LENGTH,
    MARGIN,
    MODELS,
    NORM,
    OUT_OF_SPAN,
    OUTSIDE,
    PLACE,
    READ,
    REGION,
    REST,
    SEEN,
    SHARE,
    SIDE,
    STATUS,
    STEP,
    TRAVELLED,
    TREND,
    UNTIL,
    WATCHED,
    WAY,
    WITHIN,
    ZERO,
)  # fmt: skip

#: Final models after which a watch list is made anew; the size of a region in units of what was too far for the last.
LIFETIME, AHEAD = 40, 1.5
#: Codes of ``outgrown``.
HOLDS, WIDEN, REMAKE = 0, 1, 2
#: Rows between a call for a row and its use.
IN_FLIGHT = 8


@kernel(inner=True)
def outgrown(parts: Any, sizes: Any, counters: Any) -> int:
    """Has the model left the region of the watch list? To be asked of every final model.

    WIDEN: the stored margins make a longer list; REMAKE: rows that were too far to be read may change sides, or the
    list is old.
    """
    step = parts[STEP, 0]
    sizes[FARTHEST + FORWARD] = max(sizes[FARTHEST + FORWARD], step)
    sizes[FARTHEST + BACKWARD] = max(sizes[FARTHEST + BACKWARD], -step)
    sizes[FARTHEST + INSIDE] = max(sizes[FARTHEST + INSIDE], parts[IN_SPAN, 0])
    sizes[FARTHEST + OUTSIDE] = max(sizes[FARTHEST + OUTSIDE], parts[OUT_OF_SPAN, 0])
    sizes[FARTHEST + DISTANCE] = max(sizes[FARTHEST + DISTANCE], sizes[WAY])
    counters[MODELS] += 1
    if counters[MODELS] >= LIFETIME or sizes[FARTHEST + DISTANCE] > sizes[REGION + DISTANCE]:
        return REMAKE
    for part in range(DISTANCE):
        if sizes[FARTHEST + part] > sizes[REGION + part]:
            return WIDEN
    return HOLDS


@kernel(inner=True)
def widen(
    rows: Any, states: Any, sketch: Any, watch: Any, entries: Any, watch_sketch: Any, sizes: Any, counters: Any
) -> None:  # fmt: skip
    """Enlarge the region to hold the farthest model, and the list to hold its rows; no row is read."""
    for part in range(DISTANCE):
        if sizes[FARTHEST + part] > sizes[REGION + part]:
            sizes[REGION + part] = AHEAD * sizes[FARTHEST + part]
    extend(rows, states, sketch, watch, entries, watch_sketch, sizes, counters)


@kernel(inner=True)
def extend(
    rows: Any, states: Any, sketch: Any, watch: Any, entries: Any, watch_sketch: Any, sizes: Any, counters: Any
) -> None:  # fmt: skip
    """Put on the list those rows that may change sides while the model stays in the region, and the free ones.

    Rows that were not read for it are too far to do so.
    """
    forward, backward = sizes[REGION + FORWARD], sizes[REGION + BACKWARD]
    most_inside, most_outside = sizes[REGION + INSIDE], sizes[REGION + OUTSIDE]
    shares = 2.0 * (1.0 + forward + backward) * sizes[SHARE]
    for i in range(counters[READ]):
        r = states[DUE, i]
        if states[PLACE, r] >= 0 or rows[NORM, r] == 0.0 or rows[COUNT, r] == 0.0:
            continue
        if states[STATUS, r] != FREE:
            side = 1.0 if states[STATUS, r] == ZERO else -1.0
            drift = side * rows[DRIFT, r]
            room = side * (rows[MARGIN, r] - 1.0) + min(drift * forward, -drift * backward)
            bound = most_inside * rows[WITHIN, r] + most_outside * rows[BEYOND, r] + shares * rows[NORM, r]
            if room > bound:
                continue
        enlist(r, rows, states, sketch, watch, entries, watch_sketch, sizes, counters)


@kernel(inner=True)
def renew_region(theta: Any, models: Any, basis: Any, image: Any, shift: Any, parts: Any, sizes: Any) -> None:
    """Centre at ``theta``; the drift is the way from the last centre, the size that of the last region's used part."""
    count, p = shift.shape
    before = sizes[LENGTH]
    for j in range(theta.size):
        models[count, j] = theta[j] - models[0, j]
        models[0, j] = theta[j]
    length = sizes[LENGTH] = np.sqrt(inner_of_rows(models, count, models, count))
    sizes[TRAVELLED] += (1.0 + 1e-12) * length
    for q in range(p):
        image[count, q] = inner_of_rows(basis, q, models, count)
    for a in range(count):
        set_image(a, models, basis, image, count, length)
    parts[STEP, 0] = parts[IN_SPAN, 0] = parts[OUT_OF_SPAN, 0] = sizes[WAY] = 0.0
    for q in range(p):
        shift[0, q] = 0.0
    units = before / length if length > 0.0 else 0.0
    sizes[REGION + FORWARD] = max(units * sizes[FARTHEST + FORWARD], 1.0)
    sizes[REGION + BACKWARD] = units * sizes[FARTHEST + BACKWARD]
    sizes[REGION + INSIDE] = sizes[FARTHEST + INSIDE]
    sizes[REGION + OUTSIDE] = sizes[FARTHEST + OUTSIDE]
    sizes[REGION + DISTANCE] = AHEAD * sizes[FARTHEST + DISTANCE]
    for part in range(DISTANCE + 1):
        sizes[FARTHEST + part] = 0.0


@kernel(inner=True)
def make_watch_list(
    clean: Any, n_clean: int, added: Any, coded: Any, n_added: int, w: Any, scale: float, theta: Any, bias: float,
    rows: Any, states: Any, sketch: Any, watch: Any, entries: Any, watch_sketch: Any, sizes: Any, counters: Any,
    models: Any, basis: Any, image: Any, shift: Any, parts: Any,
) -> int:  # fmt: skip
    """Read the rows that are not too far; those that may change sides within a region around ``theta`` form the list.

    The free rows are on it too. A row of room L to margin 1 when it was read keeps its side within L / |z| of the
    centre of that time, and no model of the region is further from there than the ways between the centres since then
    and the region's size: too far is a row for which that is less. Returns the number of rows read.
    """
    before = np.sqrt(inner_of_rows(models, 0, models, 0))
    renew_region(theta, models, basis, image, shift, parts, sizes)
    size, d, n = max(before, np.sqrt(dot(theta, theta))), w.size, n_clean + n_added
    travelled = sizes[TRAVELLED]
    safe = travelled + sizes[REGION + DISTANCE]
    # A row that was not read for the last list has no margin there: its drift is one more product.
    model, drifts = theta[:d], models[models.shape[0] - 1, :d]
    way, single, single_way = np.empty(d), np.empty(d, dtype=np.float32), np.empty(d, dtype=np.float32)
    for j in range(d):
        way[j] = drifts[j] / scale
        single[j], single_way[j] = w[j], way[j]
    constant = models[models.shape[0] - 1, d] if theta.size > d else 0.0
    count = 0
    for r in range(n):
        states[PLACE, r] = -1
        if rows[UNTIL, r] < safe or states[STATUS, r] == FREE:
            states[DUE, count] = r
            count += 1
        else:
            states[CURRENT, r] = 0
    most = ROUNDING
    for i in range(count):
        if i + IN_FLIGHT < count:
            following = states[DUE, i + IN_FLIGHT]
            if following < n_clean:
                prefetch_row(clean, following)
            else:
                prefetch_added(added, coded, following - n_clean)
        r, drift = states[DUE, i], 0.0
        if r < n_clean:
            inner, share = quick_dot(clean, r, w, single)
            if states[CURRENT, r] == 0:
                drift, _ = quick_dot(clean, r, way, single_way)
        else:
            inner, share = quick_added_dot(added, coded, r - n_clean, model, w, single)
            if states[CURRENT, r] == 0:
                drift, _ = quick_added_dot(added, coded, r - n_clean, drifts, way, single_way)
        most = max(most, share)
        label, norm = rows[LABEL, r], rows[NORM, r]
        margin = label * (inner + bias)
        rows[DRIFT, r] = margin - rows[MARGIN, r] if states[CURRENT, r] != 0 else label * (drift + constant)
        rows[MARGIN, r], states[CURRENT, r], rows[UNTIL, r] = margin, 1, -np.inf
        if norm > 0.0 and states[STATUS, r] != FREE:
            side = 1.0 if states[STATUS, r] == ZERO else -1.0
            rows[UNTIL, r] = travelled + side * (margin - 1.0) / norm - share * size
    sizes[SHARE] = most * size
    counters[ENTRIES], counters[MODELS], counters[READ] = 0, 0, count
    extend(rows, states, sketch, watch, entries, watch_sketch, sizes, counters)
    return count


@kernel(inner=True)
def enlist(
    r: int, rows: Any, states: Any, sketch: Any, watch: Any, entries: Any, watch_sketch: Any, sizes: Any, counters: Any
) -> None:  # fmt: skip
    """Put row r on the watch list, with its margin at the centre."""
    place, status = counters[ENTRIES], states[STATUS, r]
    counters[ENTRIES] += 1
    states[PLACE, r] = place
    entries[WATCHED, place], entries[ANCHOR, place] = r, 0
    watch[SIDE, place] = 1.0 if status == ZERO else (-1.0 if status == CAPPED else 0.0)
    watch[SEEN, place], watch[TREND, place] = rows[MARGIN, r], rows[DRIFT, r]
    watch[ERROR, place] = sizes[SHARE] * rows[NORM, r]
    watch[REST, place] = rows[BEYOND, r]
    for q in range(sketch.shape[1]):
        watch_sketch[place, q] = sketch[r, q]


__all__ = ["HOLDS", "LIFETIME", "REMAKE", "enlist", "make_watch_list", "outgrown", "widen"]
