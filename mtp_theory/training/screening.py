r"""Which rows may be on the wrong side of margin 1: anchors, sketch and watch list.

The bound behind them is in ``active_set``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .active_set_state import BACKWARD, CAPPED, FORWARD, FREE, INSIDE, OUTSIDE, ZERO, Anchors, RowState, Watch
from .kernels import ROUNDING, dot, quick_dot, row_dot

#: Rows that enter the free set in one round at most.
BATCH = 8
#: A margin counts as on the wrong side beyond this error (relative to 1 + the rounding of <theta, z>).
WRONG_SIDE = 1e-12
#: Rounding of float32 sketches as a share of |z| |theta - theta_a|. It counts like one more coordinate outside the
#: span, in which a row and a change of the model have the root of this share of their norms.
SKETCH_ROUNDING = 1e-5
#: Final models after which a watch list is made anew; the size of a region in units of what was too far for the last.
LIFETIME, AHEAD = 25, 1.5


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
    count, p = anchors.shift.shape
    # Anchor 0 is the centre of the watch list, to which most rows refer; it stays.
    latest: int = anchors.latest[0] % (count - 1) + 1
    anchors.latest[0] = latest
    anchors.theta[latest] = theta
    set_image(latest, anchors)
    length = anchors.length[0]
    for a in range(count):
        total = squared_distance(theta, anchors.theta[a])
        s = anchors.image[latest, p] - anchors.image[a, p]
        # The step is the one of least squares, so the rest follows by Pythagoras.
        rest = max(total - (s * length) ** 2, 0.0) + 1e-14 * total
        inside = 0.0
        for q in range(p):
            change = anchors.image[latest, q] - anchors.image[a, q] - s * anchors.turn[q]
            anchors.shift[a, q] = change
            inside += change * change
        anchors.steps[a] = s
        anchors.inside[a] = np.sqrt(inside + SKETCH_ROUNDING * rest)
        anchors.outside[a] = np.sqrt(max(rest - inside, 0.0) + SKETCH_ROUNDING * rest)
    # Rows that refer to the model just overwritten are looked at again.
    anchors.outside[latest] = np.inf
    return latest


@njit(cache=True)
def set_image(a: int, anchors: Anchors) -> None:
    """Coordinates of anchor ``a`` in the span of U and along the drift."""
    p = anchors.basis.shape[0]
    for q in range(p):
        anchors.image[a, q] = dot(anchors.basis[q], anchors.theta[a])
    square = anchors.length[0] ** 2
    anchors.image[a, p] = dot(anchors.drift, anchors.theta[a]) / square if square > 0.0 else 0.0


@njit(cache=True)
def outgrown(watch: Watch, anchors: Anchors) -> bool:
    """Has the model left the region of the watch list? To be asked of every final model."""
    farthest = watch.farthest
    step = anchors.steps[0]
    farthest[FORWARD] = max(farthest[FORWARD], step)
    farthest[BACKWARD] = max(farthest[BACKWARD], -step)
    farthest[INSIDE] = max(farthest[INSIDE], anchors.inside[0])
    farthest[OUTSIDE] = max(farthest[OUTSIDE], anchors.outside[0])
    watch.used[1] += 1
    return watch.used[1] >= LIFETIME or bool(np.any(farthest > watch.region))


@njit(cache=True)
def widen(n: int, size: float, rows: RowState, watch: Watch) -> None:
    """Enlarge the region to hold the farthest model, and the list to hold its rows; no row is read."""
    region, farthest = watch.region, watch.farthest
    for part in range(4):
        if farthest[part] > region[part]:
            region[part] = AHEAD * farthest[part]
    extend(n, size, rows, watch)


@njit(cache=True)
def extend(n: int, size: float, rows: RowState, watch: Watch) -> None:
    """Put on the list the rows that may change sides while the model stays in the region, and the free ones."""
    region = watch.region
    forward, backward, most_inside, most_outside = region[FORWARD], region[BACKWARD], region[INSIDE], region[OUTSIDE]
    share = watch.share[0]
    shares = 2.0 * (1.0 + forward + backward) * share * size
    for r in range(n):
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
    for q in range(anchors.turn.size):
        anchors.turn[q] = dot(anchors.basis[q], drift)
    for a in range(anchors.steps.size):
        set_image(a, anchors)
    anchors.steps[0], anchors.shift[0], anchors.inside[0], anchors.outside[0] = 0.0, 0.0, 0.0, 0.0
    region, farthest = watch.region, watch.farthest
    units = before / length if length > 0.0 else 0.0
    region[FORWARD] = max(units * farthest[FORWARD], 1.0)
    region[BACKWARD] = units * farthest[BACKWARD]
    region[INSIDE] = farthest[INSIDE]
    region[OUTSIDE] = farthest[OUTSIDE]
    farthest[:] = 0.0


@njit(cache=True)
def make_watch_list(
    clean: Any, n_clean: int, added: Any, n_added: int, w: Any, theta: Any, bias: float,
    rows: RowState, watch: Watch, anchors: Anchors,
) -> None:  # fmt: skip
    """Read all rows; those that may change sides within a region around ``theta``, and the free ones, form the list."""
    renew_region(theta, watch, anchors)
    size, d = np.sqrt(dot(theta, theta)), w.size
    single = w.astype(np.float32)
    share = ROUNDING
    for r in range(n_clean):
        inner, share = quick_dot(clean, r, w, single)
        margin = rows.label[r] * (inner + bias)
        rows.drift[r] = margin - rows.margin[r]
        rows.margin[r] = margin
    for r in range(n_clean, n_clean + n_added):
        margin = rows.label[r] * (row_dot(added, r - n_clean, theta[:d]) + bias)
        rows.drift[r] = margin - rows.margin[r]
        rows.margin[r] = margin
    watch.share[0] = share
    rows.place[: n_clean + n_added] = -1
    watch.used[0], watch.used[1] = 0, 0
    extend(n_clean + n_added, size, rows, watch)


@njit(cache=True)
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
    single = w.astype(np.float32)
    total, looked, found = 0.0, 0, 0
    for i in range(watch.used[0]):
        side, a = watch.side[i], watch.anchor[i]
        step = anchors.steps[a]
        margin = watch.margin[i] + step * watch.drift[i] + moved(watch.sketch[i], anchors.shift[a])
        # The drift is a difference of two margins.
        rounding = (1.0 + 2.0 * abs(step)) * size * watch.error[i]
        if side * (margin - 1.0) >= rounding + watch.outside[i] * anchors.outside[a] or side == 0.0:
            continue
        looked += 1
        r = watch.row[i]
        if r < n_clean:
            inner, share = quick_dot(clean, r, w, single)
            if side * (rows.label[r] * (inner + bias) - 1.0) < share * size * rows.norm[r]:
                inner = row_dot(clean, r, w)
        else:
            inner = row_dot(added, r - n_clean, theta[:d])
        margin, norm = rows.label[r] * (inner + bias), rows.norm[r]
        wrong = side * (1.0 - margin)
        # The drift keeps the error of the margins at the centres, however exact this one is.
        watch.margin[i], watch.error[i], watch.anchor[i] = margin, watch.share[0] * norm, latest
        if wrong <= 0.0:
            continue
        total += rows.count[r] * wrong
        if wrong > WRONG_SIDE + (ROUNDING * size + noise) * norm:
            merit = wrong / norm
            if found == BATCH and merit <= score[found - 1]:
                continue
            p = found if found < BATCH else BATCH - 1
            while p > 0 and score[p - 1] < merit:
                score[p], worst[p] = score[p - 1], worst[p - 1]
                p -= 1
            score[p], worst[p] = merit, r
            found = min(found + 1, BATCH)
    return found, total, looked


__all__ = [
    "BATCH",
    "LIFETIME",
    "SKETCH_ROUNDING",
    "enlist",
    "make_watch_list",
    "outgrown",
    "screen",
    "set_anchor",
    "widen",
]
