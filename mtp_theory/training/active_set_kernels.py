r"""Compiled core of the dual active set for the hinge loss; the mathematics is in ``active_set``."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from . import factor
from .kernels import dot, row_axpy, row_dot

#: Where a row is: alpha = 0, alpha = its multiplicity, or in the free set.
ZERO, CAPPED, FREE = 0, 1, 2
#: Rows that enter the free set in one round at most.
BATCH = 8
#: A row is dependent on the free ones where its squared distance to their span is below this share of |z|^2.
DEPENDENT = 1e-9
#: Below this share the squared distance is nothing but rounding.
SPAN_ROUNDING = 1e-13
#: A margin counts as on the wrong side beyond this error (relative to 1 + the rounding of <theta, z>).
WRONG_SIDE = 1e-12
#: Units of rounding allowed in an inner product, as a share of |theta| |z|.
ROUNDING = 64 * 2.2e-16
#: Sweeps of iterative refinement; the factor is rebuilt before the last ones.
REFINEMENTS = 6
#: Corrections of theta; one is enough unless the factor is poor.
POLISHES = 3
#: Share of a distance that covers the rounding of float32 sketches.
SKETCH_ROUNDING = 1e-5
#: Rounds after which a watch list is judged, and its radius in units of the distance seen before.
LIFETIME, AHEAD = 128.0, 1.5
#: Entries of ``Watch.limits``: size of the region (in the span of U, outside it), entries in use, and since
#: the list was made: rounds, largest distances from the centre.
INSIDE, OUTSIDE, USED, ROUNDS, FAR_INSIDE, FAR_OUTSIDE = 0, 1, 2, 3, 4, 5
#: Codes of ``refit``.
DONE, GROW, STALLED = 0, 1, 2


class RowState(NamedTuple):
    """One entry for each row of the training set."""

    label: Any
    count: Any
    alpha: Any
    status: Any  # ZERO, CAPPED or FREE
    norm: Any  # |z|
    sketch: Any  # (rows, p) coordinates U z in float32
    outside: Any  # |z - U^T U z|, rounded up
    place: Any  # position in the watch list, -1 for the rows that are not in it


class FreeSet(NamedTuple):
    """The free rows F in order, with the Cholesky factor of their Gram matrix."""

    row: Any  # row numbers; the first k count
    slot: Any  # permutation of the slots of Z; the first k are in use
    Z: Any  # (capacity, dim) signed rows, by slot
    L: Any  # (capacity, capacity) lower triangle
    work: Any  # (4, capacity) scratch: residual, direction, weights, change by slot


class Watch(NamedTuple):
    """The rows that may change sides soon, one entry for each, side by side in memory.

    All others keep their side as long as the model stays in a region around anchor 0.
    """

    row: Any
    side: Any  # +1: margin must be >= 1, -1: <= 1, 0: free
    margin: Any  # at the row's anchor
    error: Any  # bound of the error of that margin; inf: look at the row
    outside: Any
    sketch: Any
    anchor: Any  # number of the model at which the row was last looked at
    limits: Any  # see the numbers INSIDE..FAR_OUTSIDE


class Anchors(NamedTuple):
    """The last models at which rows were looked at, and how far the present model is from each."""

    theta: Any  # (anchors, dim)
    basis: Any  # U (p, dim), orthonormal rows
    image: Any  # (anchors, p): U theta_a
    shift: Any  # (anchors, p): U (theta - theta_a)
    outside: Any  # |theta - theta_a| outside the span of U, rounded up
    latest: Any  # number of the present model


@njit(cache=True)
def watch_again(r: int, rows: RowState, watch: Watch, recheck: float) -> None:
    """Row r has come to rest at a bound: the margin on the watch list is stale, so it must be looked at.

    ``recheck`` is the error bound that makes it so, infinity; forgetting it loses rows for good.
    """
    i = rows.place[r]
    if i >= 0:
        watch.side[i] = 1.0 if rows.status[r] == ZERO else -1.0
        watch.error[i] = recheck


@njit(cache=True)
def leave(
    rows: RowState,
    watch: Watch,
    free: FreeSet,
    k: int,
    p: int,
    status: int,
    recheck: float,
) -> None:
    """Take position p out of the free set of size k. Its slot becomes the first unused one.

    The row rests at a bound from now on.
    """
    r, s = free.row[p], free.slot[p]
    rows.status[r] = status
    rows.alpha[r] = rows.count[r] if status == CAPPED else 0.0
    watch_again(r, rows, watch, recheck)
    for q in range(p, k - 1):
        free.row[q], free.slot[q] = free.row[q + 1], free.slot[q + 1]
    free.slot[k - 1] = s
    factor.delete(free.L, k, p)


@njit(cache=True)
def refactor(free: FreeSet, k: int) -> None:
    """Cholesky factor of the Gram matrix of the free rows, from scratch."""
    column = free.work[2]
    for p in range(k):
        z = free.Z[free.slot[p]]
        for q in range(p):
            column[q] = dot(free.Z[free.slot[q]], z)
        factor.solve_lower(free.L, p, column)
        square = dot(z, z)
        rest = square
        for q in range(p):
            rest -= column[q] * column[q]
        factor.append(free.L, p, column, np.sqrt(max(rest, DEPENDENT * square)))


@njit(cache=True)
def solve_free(
    v: Any,
    mu: float,
    rows: RowState,
    watch: Watch,
    free: FreeSet,
    k: int,
    recheck: float,
) -> tuple[int, float]:
    """Minimise the dual over the free rows within their bounds, starting where they are.

    Returns the new size of the free set and the change of the sum of alpha over capped rows. ``v`` is updated
    once for each sweep; a second sweep on the true residual removes what rounding left.
    """
    residual, direction, moved = free.work[0], free.work[1], free.work[3]
    capped = 0.0
    for sweep in range(REFINEMENTS):
        settled = True
        size = np.sqrt(dot(v, v))
        for p in range(k):
            residual[p] = mu - dot(free.Z[free.slot[p]], v)
            settled = settled and abs(residual[p]) <= 8 * 2.2e-16 * (mu + rows.norm[free.row[p]] * size)
        if settled:
            break
        if sweep == REFINEMENTS - 3:
            refactor(free, k)
        before = k
        for p in range(before):
            moved[free.slot[p]] = 0.0
        while k > 0:
            direction[:k] = residual[:k]
            factor.solve_lower(free.L, k, direction)
            factor.solve_upper(free.L, k, direction)
            step, blocked = 1.0, -1
            for p in range(k):
                r = free.row[p]
                if direction[p] < 0.0:
                    limit = -rows.alpha[r] / direction[p]
                elif direction[p] > 0.0:
                    limit = (rows.count[r] - rows.alpha[r]) / direction[p]
                else:
                    continue
                if limit < step:
                    step, blocked = limit, p
            for p in range(k):
                r = free.row[p]
                value = min(max(rows.alpha[r] + step * direction[p], 0.0), rows.count[r])
                if p == blocked:
                    value = 0.0 if direction[p] < 0.0 else rows.count[r]
                moved[free.slot[p]] += value - rows.alpha[r]
                rows.alpha[r] = value
                residual[p] *= 1.0 - step
            if blocked < 0:
                break
            r = free.row[blocked]
            if direction[blocked] > 0.0:
                capped += rows.count[r]
                leave(rows, watch, free, k, blocked, CAPPED, recheck)
            else:
                leave(rows, watch, free, k, blocked, ZERO, recheck)
            k -= 1
            for p in range(blocked, k):
                residual[p] = residual[p + 1]
        for p in range(before):
            s = free.slot[p]
            z, c = free.Z[s], moved[s]
            for j in range(v.size):
                v[j] += c * z[j]
    return k, capped


@njit(cache=True)
def polish(theta: Any, rows: RowState, free: FreeSet, k: int) -> None:
    """Nearest model at which all free margins are 1.

    v is a sum whose terms may be far larger than itself, so v / mu can miss the margins by more than the
    rounding of theta. The correction e costs mu |e|^2 / 2 in the gap, a square of rounding errors.
    """
    residual = free.work[0]
    for _ in range(POLISHES):
        size, settled = np.sqrt(dot(theta, theta)), True
        for p in range(k):
            residual[p] = 1.0 - dot(free.Z[free.slot[p]], theta)
            settled = settled and abs(residual[p]) <= 8 * 2.2e-16 * (1.0 + rows.norm[free.row[p]] * size)
        if settled:
            break
        factor.solve_lower(free.L, k, residual)
        factor.solve_upper(free.L, k, residual)
        for p in range(k):
            z, c = free.Z[free.slot[p]], residual[p]
            for j in range(theta.size):
                theta[j] += c * z[j]


@njit(cache=True)
def enter(
    r: int,
    sign: float,
    v: Any,
    mu: float,
    rows: RowState,
    watch: Watch,
    free: FreeSet,
    k: int,
    recheck: float,
) -> tuple[int, float]:
    """Bring row r, whose signed features lie in the first unused slot, into the free set.

    ``sign``: +1 where its alpha wants to grow, -1 to fall, 0 unknown (alpha between its bounds). A row that
    depends on the free ones, :math:`z = Z_F^T w`, moves along the null direction: alpha_r by t, alpha_F by
    -t w, which leaves v and changes the dual linearly, until a bound blocks. Then the blocked row leaves and this one
    takes its place, or this one has crossed to its other bound. Returns as ``solve_free``.
    """
    inner, weights = free.work[1], free.work[2]
    z = free.Z[free.slot[k]]
    square = dot(z, z)
    capped = -rows.count[r] if rows.status[r] == CAPPED else 0.0
    while True:
        for p in range(k):
            inner[p] = dot(free.Z[free.slot[p]], z)
        factor.solve_lower(free.L, k, inner)
        rest = square
        for p in range(k):
            rest -= inner[p] * inner[p]
        independent = rest > DEPENDENT * square and k < v.size
        step, blocked = 0.0, -1
        if not independent:
            weights[:k] = inner[:k]
            factor.solve_upper(free.L, k, weights)
            slope = dot(z, v) - mu
            for p in range(k):
                slope -= weights[p] * (dot(free.Z[free.slot[p]], v) - mu)
            if sign == 0.0:
                sign = -1.0 if slope > 0.0 else 1.0
            gain = -sign * slope
            at_bound = rows.alpha[r] == 0.0 or rows.alpha[r] == rows.count[r]
            if gain <= 0.0 and at_bound:
                # Not a descent after all: the free set has moved since the margin was evaluated.
                break
            step = rows.count[r] - rows.alpha[r] if sign > 0.0 else rows.alpha[r]
            for p in range(k):
                q, rate = free.row[p], -sign * weights[p]
                if rate < 0.0:
                    limit = -rows.alpha[q] / rate
                elif rate > 0.0:
                    limit = (rows.count[q] - rows.alpha[q]) / rate
                else:
                    continue
                if limit < step:
                    step, blocked = limit, p
            # The dual along the direction is -gain t + rest t^2 / 2: an interior minimum means independent.
            independent = rest > SPAN_ROUNDING * square and k < v.size and rest * step > gain
        if independent:
            factor.append(free.L, k, inner, np.sqrt(rest))
            free.row[k] = r
            rows.status[r] = FREE
            if rows.place[r] >= 0:
                watch.side[rows.place[r]] = 0.0
            return k + 1, capped
        for j in range(v.size):
            v[j] += sign * step * z[j]
        for p in range(k):
            q, y = free.row[p], free.Z[free.slot[p]]
            value = min(max(rows.alpha[q] - sign * step * weights[p], 0.0), rows.count[q])
            if p == blocked:
                value = 0.0 if sign * weights[p] > 0.0 else rows.count[q]
            change = value - rows.alpha[q]
            rows.alpha[q] = value
            for j in range(v.size):
                v[j] += change * y[j]
        rows.alpha[r] += sign * step
        if blocked < 0:
            rows.alpha[r] = rows.count[r] if sign > 0.0 else 0.0
            break
        if sign * weights[blocked] > 0.0:
            leave(rows, watch, free, k, blocked, ZERO, recheck)
        else:
            capped += rows.count[free.row[blocked]]
            leave(rows, watch, free, k, blocked, CAPPED, recheck)
        k -= 1
        # The slot of the row that left is now first; the entering row's must be.
        free.slot[k], free.slot[k + 1] = free.slot[k + 1], free.slot[k]
    if rows.alpha[r] == 0.0:
        rows.status[r] = ZERO
    else:
        rows.status[r] = CAPPED
        capped += rows.count[r]
    watch_again(r, rows, watch, recheck)
    return k, capped


@njit(cache=True)
def load(
    clean: Any,
    n_clean: int,
    added: Any,
    scale: float,
    bias: bool,
    rows: RowState,
    r: int,
    z: Any,
) -> None:
    """z = the signed row r."""
    d = z.size - 1 if bias else z.size
    y = rows.label[r]
    z[:] = 0.0
    if r < n_clean:
        row_axpy(clean, r, y / scale, z[:d])
    else:
        row_axpy(added, r - n_clean, y, z[:d])
    if bias:
        z[d] = y


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


@njit(cache=True)
def refit(
    clean: Any, n_clean: int, added: Any, n_added: int, scale: float, bias: bool, v: Any, theta: Any, mu: float,
    rows: RowState, watch: Watch, free: FreeSet, k: int, anchors: Anchors, recheck: float, max_rounds: int, batch: int,
) -> tuple[int, int, float, int, float, int]:  # fmt: skip
    """Rounds of solve, screen, enter until no row is on the wrong side.

    Returns a code, the size of the free set, the change of the capped sum, the rounds, the gap in sum
    form, the rows looked at.
    """
    worst, score = np.empty(BATCH, dtype=np.int64), np.empty(BATCH)
    d = v.size - 1 if bias else v.size
    w = np.empty(d)
    capped, looked = 0.0, 0
    for round_number in range(1, max_rounds + 1):
        if k + BATCH + 1 > free.row.size:
            return GROW, k, capped, round_number, np.inf, looked
        k, change = solve_free(v, mu, rows, watch, free, k, recheck)
        capped += change
        for j in range(v.size):
            theta[j] = v[j] / mu
        polish(theta, rows, free, k)
        constant = theta[d] if bias else 0.0
        for j in range(d):
            w[j] = theta[j] / scale
        # v is a sum of terms alpha z that may cancel: its rounding is that of the terms.
        noise = np.sqrt(dot(v, v))
        for p in range(k):
            noise += rows.alpha[free.row[p]] * rows.norm[free.row[p]]
        noise *= 8 * 2.2e-16 / mu
        latest = set_anchor(theta, anchors)
        if outgrown(watch, anchors):
            make_watch_list(clean, n_clean, added, n_added, w, theta, constant, rows, watch, anchors)
            looked += n_clean + n_added
        found, total, seen = screen(
            clean,
            n_clean,
            added,
            w,
            theta,
            constant,
            rows,
            watch,
            anchors,
            latest,
            noise,
            worst,
            score,
        )
        looked += seen
        if found == 0:
            for j in range(v.size):
                total += 0.5 * mu * (theta[j] - v[j] / mu) ** 2
            for p in range(k):
                room = 1.0 - dot(free.Z[free.slot[p]], theta)
                r = free.row[p]
                total += (rows.count[r] - rows.alpha[r]) * room if room > 0.0 else -rows.alpha[r] * room
            return DONE, k, capped, round_number, total, looked
        for p in range(min(found, batch)):
            r = worst[p]
            load(clean, n_clean, added, scale, bias, rows, r, free.Z[free.slot[k]])
            k, change = enter(
                r,
                1.0 if rows.status[r] == ZERO else -1.0,
                v,
                mu,
                rows,
                watch,
                free,
                k,
                recheck,
            )
            capped += change
    return STALLED, k, capped, max_rounds, np.inf, looked


@njit(cache=True)
def admit(
    r: int,
    y: float,
    x: Any,
    copies: float,
    bias: bool,
    v: Any,
    mu: float,
    rows: RowState,
    watch: Watch,
    basis: Any,
) -> float:
    """State of a new row r, the point (x, y): capped where its margin is below 1.

    Returns the change of the capped sum.
    """
    z = np.empty(v.size)
    for j in range(x.size):
        z[j] = y * x[j]
    if bias:
        z[x.size] = y
    square = dot(z, z)
    rows.label[r], rows.count[r], rows.norm[r] = y, copies, np.sqrt(square)
    rest = square
    for q in range(basis.shape[0]):
        coordinate = dot(basis[q], z)
        rows.sketch[r, q] = coordinate
        rest -= coordinate * coordinate
    rows.outside[r] = np.sqrt(max(rest, 0.0)) + SKETCH_ROUNDING * rows.norm[r]
    capped = dot(z, v) < mu
    rows.status[r] = CAPPED if capped else ZERO
    rows.alpha[r] = copies if capped else 0.0
    rows.place[r] = -1
    if square > 0.0:
        place = np.int64(watch.limits[USED])
        enlist(r, place, rows, watch, 0.0, np.inf)
        watch.limits[USED] += 1.0
    if capped:
        for j in range(z.size):
            v[j] += copies * z[j]
    return copies if capped else 0.0


@njit(cache=True)
def crash(
    clean: Any, n_clean: int, added: Any, scale: float, bias: bool, v: Any, mu: float,
    rows: RowState, watch: Watch, free: FreeSet, k: int, order: Any, start: int, recheck: float,
) -> tuple[int, int, float]:  # fmt: skip
    """Bring the rows order[start:], with alpha between the bounds, into the free set.

    Returns where it stopped (short of the end where the free set must grow), the size of the free set, the
    change of the capped sum.
    """
    capped = 0.0
    for i in range(start, order.size):
        if k + BATCH + 1 > free.row.size:
            return i, k, capped
        r = order[i]
        load(clean, n_clean, added, scale, bias, rows, r, free.Z[free.slot[k]])
        k, change = enter(r, 0.0, v, mu, rows, watch, free, k, recheck)
        capped += change
    return order.size, k, capped


__all__ = [
    "BATCH",
    "CAPPED",
    "DONE",
    "FREE",
    "GROW",
    "STALLED",
    "ZERO",
    "Anchors",
    "FreeSet",
    "RowState",
    "Watch",
    "admit",
    "crash",
    "refit",
]
