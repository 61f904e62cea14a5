r"""Which rows may be on the wrong side of margin 1: anchors, sketch and watch list.

The bound behind them is in ``active_set``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .active_set_state import (
    CAPPED,
    FAR_INSIDE,
    FAR_OUTSIDE,
    INSIDE,
    OUTSIDE,
    ROUNDS,
    USED,
    ZERO,
    Anchors,
    RowState,
    Watch,
)
from .kernels import dot, row_dot

#: Rows that enter the free set in one round at most.
BATCH = 8
#: A margin counts as on the wrong side beyond this error (relative to 1 + the rounding of <theta, z>).
WRONG_SIDE = 1e-12
#: Units of rounding allowed in an inner product, as a share of |theta| |z|.
ROUNDING = 64 * 2.2e-16
#: Share of a distance that covers the rounding of float32 sketches.
SKETCH_ROUNDING = 1e-5
#: Rounds after which a watch list is judged, and its radius in units of the distance seen before.
LIFETIME, AHEAD = 40.0, 1.5


@njit(cache=True, fastmath={"reassoc", "contract"})
def squared_distance(a: Any, b: Any) -> float:
    """|a - b|^2."""
    total = 0.0
    for j in range(a.size):
        gap = a[j] - b[j]
        total += gap * gap
    return total


@njit(cache=True)
def set_anchor(theta: Any, anchors: Anchors) -> int:
    """Make ``theta`` the latest anchor in place of the oldest; distances to the others. Returns its number."""
    count, p = anchors.image.shape
    # Anchor 0 is the centre of the watch list, to which most rows refer; it stays.
    latest: int = anchors.latest[0] % (count - 1) + 1
    anchors.latest[0] = latest
    for q in range(p):
        anchors.image[latest, q] = dot(anchors.basis[q], theta)
    anchors.theta[latest] = theta
    for a in range(count):
        total = squared_distance(theta, anchors.theta[a])
        rest = total
        for q in range(p):
            change = anchors.image[latest, q] - anchors.image[a, q]
            anchors.shift[a, q] = change
            rest -= change * change
        anchors.outside[a] = np.sqrt(max(rest, 0.0)) + SKETCH_ROUNDING * np.sqrt(total)
    # Rows that refer to the model just overwritten are looked at again.
    anchors.outside[latest] = np.inf
    return latest


@njit(cache=True)
def outgrown(watch: Watch, anchors: Anchors) -> bool:
    """Must the watch list be made anew: has the model left its region, or stayed in a small part of it for long?

    The region: within ``limits[INSIDE]`` of the centre in the span of U and ``limits[OUTSIDE]`` outside it.
    """
    limits = watch.limits
    inside, outside = (
        np.sqrt(dot(anchors.shift[0], anchors.shift[0])) * (1.0 + 1e-5),
        anchors.outside[0],
    )
    limits[ROUNDS] += 1.0
    limits[FAR_INSIDE] = max(limits[FAR_INSIDE], inside)
    limits[FAR_OUTSIDE] = max(limits[FAR_OUTSIDE], outside)
    idle = False
    if limits[ROUNDS] >= LIFETIME:
        limits[ROUNDS] = 0.0
        idle = limits[FAR_OUTSIDE] < 0.5 * limits[OUTSIDE]
    return idle or inside > limits[INSIDE] or outside > limits[OUTSIDE]


@njit(cache=True)
def make_watch_list(
    clean: Any, n_clean: int, added: Any, n_added: int, w: Any, theta: Any, bias: float,
    rows: RowState, watch: Watch, anchors: Anchors,
) -> None:  # fmt: skip
    """Read all rows; those that may change sides within a region around ``theta``, and the free ones, form the list.

    The region follows the distances seen during the life of the old list.
    """
    inside, outside = (
        AHEAD * watch.limits[FAR_INSIDE],
        AHEAD * watch.limits[FAR_OUTSIDE],
    )
    for q in range(anchors.basis.shape[0]):
        anchors.image[0, q] = dot(anchors.basis[q], theta)
    anchors.theta[0] = theta
    anchors.shift[0], anchors.outside[0] = 0.0, 0.0
    size = np.sqrt(dot(theta, theta))
    d = w.size
    used = 0
    for r in range(n_clean + n_added):
        rows.place[r] = -1
        if rows.count[r] == 0.0 or rows.norm[r] == 0.0:
            continue
        inner = row_dot(clean, r, w) if r < n_clean else row_dot(added, r - n_clean, theta[:d])
        margin = rows.label[r] * (inner + bias)
        rounding = ROUNDING * size * rows.norm[r]
        distance = 0.0
        if rows.status[r] == ZERO:
            distance = margin - 1.0 - rounding
        elif rows.status[r] == CAPPED:
            distance = 1.0 - margin - rounding
        within = np.sqrt(max(rows.norm[r] ** 2 - rows.outside[r] ** 2, 0.0)) + SKETCH_ROUNDING * rows.norm[r]
        if distance > inside * within + outside * rows.outside[r]:
            continue
        enlist(r, used, rows, watch, margin, rounding)
        used += 1
    watch.limits[:] = 0.0
    watch.limits[INSIDE], watch.limits[OUTSIDE], watch.limits[USED] = (
        inside,
        outside,
        used,
    )


@njit(cache=True)
def enlist(r: int, place: int, rows: RowState, watch: Watch, margin: float, error: float) -> None:
    """Row r at position ``place`` of the watch list, with its margin at the centre."""
    rows.place[r] = place
    watch.row[place] = r
    watch.side[place] = 1.0 if rows.status[r] == ZERO else (-1.0 if rows.status[r] == CAPPED else 0.0)
    watch.margin[place], watch.error[place], watch.anchor[place] = margin, error, 0
    watch.outside[place] = rows.outside[r]
    watch.sketch[place] = rows.sketch[r]


@njit(cache=True, fastmath={"reassoc", "contract"})
def moved(sketch: Any, shift: Any) -> Any:
    """Change of a margin within the span of U."""
    total = np.float32(0.0)
    for q in range(sketch.size):
        total += sketch[q] * shift[q]
    return total


@njit(cache=True)
def screen(
    clean: Any, n_clean: int, added: Any, w: Any, theta: Any, bias: float, rows: RowState, watch: Watch,
    anchors: Anchors, latest: int, noise: float, worst: Any, score: Any,
) -> tuple[int, float, int]:  # fmt: skip
    """Look at the watched rows that may have changed sides; collect the worst wrong ones.

    Returns the number of collected rows (at most BATCH, in ``worst`` with ``score``), the sum of k |1 - m| over all
    rows on the wrong side, and the number of rows looked at. ``noise``: rounding of theta.
    """
    size, d = np.sqrt(dot(theta, theta)), w.size
    total, looked, found = 0.0, 0, 0
    for i in range(np.int64(watch.limits[USED])):
        side, a = watch.side[i], watch.anchor[i]
        margin = watch.margin[i] + moved(watch.sketch[i], anchors.shift[a])
        if side * (margin - 1.0) >= watch.error[i] + watch.outside[i] * anchors.outside[a] or side == 0.0:
            continue
        looked += 1
        r = watch.row[i]
        inner = row_dot(clean, r, w) if r < n_clean else row_dot(added, r - n_clean, theta[:d])
        margin = rows.label[r] * (inner + bias)
        wrong = side * (1.0 - margin)
        rounding = ROUNDING * size * rows.norm[r]
        watch.margin[i], watch.error[i], watch.anchor[i] = margin, rounding, latest
        if wrong <= 0.0:
            continue
        total += rows.count[r] * wrong
        if wrong > WRONG_SIDE + rounding + noise * rows.norm[r]:
            merit = wrong / rows.norm[r]
            if found == BATCH and merit <= score[found - 1]:
                continue
            p = found if found < BATCH else BATCH - 1
            while p > 0 and score[p - 1] < merit:
                score[p], worst[p] = score[p - 1], worst[p - 1]
                p -= 1
            score[p], worst[p] = merit, r
            found = min(found + 1, BATCH)
    return found, total, looked


__all__ = ["BATCH", "SKETCH_ROUNDING", "enlist", "make_watch_list", "outgrown", "screen", "set_anchor"]
