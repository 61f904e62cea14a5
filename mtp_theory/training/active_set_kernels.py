r"""Compiled core of the dual active set for the hinge loss; the mathematics is in ``active_set``."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from . import factor
from .kernels import row_axpy, row_dot

#: Where a row is: alpha = 0, alpha = its multiplicity, or in the free set.
ZERO, CAPPED, FREE = 0, 1, 2
#: Rows that enter the free set in one round at most.
BATCH = 8
#: A row is dependent on the free ones where its squared distance to their span is below this share of |z|^2.
DEPENDENT = 1e-9
#: A margin counts as on the wrong side beyond this error (relative to 1 + the rounding of <theta, z>).
WRONG_SIDE = 1e-12
#: Units of rounding allowed in an inner product, as a share of |theta| |z|.
ROUNDING = 64 * 2.2e-16
#: Sweeps of iterative refinement; the factor is rebuilt before the last ones.
REFINEMENTS = 6
#: Share of a distance that covers the rounding of float32 sketches.
SKETCH_ROUNDING = 1e-5
#: A row is not read where its estimated margin errs by less than this share of its distance from 1.
SHARP = 0.5
#: Codes of ``refit``.
DONE, GROW, STALLED = 0, 1, 2


class RowState(NamedTuple):
    """One entry for each row of the training set."""

    label: Any
    count: Any
    alpha: Any
    status: Any  # ZERO, CAPPED or FREE
    norm: Any  # |z|
    anchor: Any  # number of the model at which the margin was last evaluated
    margin: Any  # m there
    error: Any  # bound of the error of that margin, 0 up to rounding where the row was read
    key: Any  # (|m - 1| - error) / |z|; inf: never look; below 0: look every time
    sketch: Any  # (rows, p) coordinates U z in float32
    outside: Any  # |z - U^T U z|, rounded up


class FreeSet(NamedTuple):
    """The free rows F in order, with the Cholesky factor of their Gram matrix."""

    row: Any  # row numbers; the first k count
    slot: Any  # permutation of the slots of Z; the first k are in use
    Z: Any  # (capacity, dim) signed rows, by slot
    L: Any  # (capacity, capacity) lower triangle
    work: Any  # (4, capacity) scratch: residual, direction, weights, change by slot


class Anchors(NamedTuple):
    """Models at which margins were evaluated, and how far the present model is from each."""

    theta: Any  # (anchors, dim)
    used: Any  # rows that refer to each
    distance: Any  # |theta - theta_a|
    basis: Any  # U (p, dim), orthonormal rows
    image: Any  # (anchors, p): U theta_a
    shift: Any  # (anchors, p): U (theta - theta_a)
    outside: Any  # part of the distance outside the span of U


@njit(cache=True, fastmath={"reassoc", "contract"})
def dot(a: Any, b: Any) -> float:
    """Inner product."""
    total = 0.0
    for j in range(a.size):
        total += a[j] * b[j]
    return total


@njit(cache=True)
def leave(rows: RowState, free: FreeSet, k: int, p: int, status: int, recheck: float) -> None:
    """Take position p out of the free set of size k. Its slot becomes the first unused one.

    The row rests at a bound from now on. Its key is stale, so it must be looked at again
    (``recheck`` < 0): forgetting that loses rows for good.
    """
    r, s = free.row[p], free.slot[p]
    rows.status[r] = status
    rows.alpha[r] = rows.count[r] if status == CAPPED else 0.0
    rows.key[r] = recheck
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
def solve_free(v: Any, mu: float, rows: RowState, free: FreeSet, k: int, recheck: float) -> tuple[int, float]:
    """Minimise the dual over the free rows within their bounds, starting where they are.

    Returns the new size of the free set and the change of the sum of alpha over capped rows. ``v`` is updated once for each
    sweep; a second sweep on the true residual removes what rounding left.
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
                leave(rows, free, k, blocked, CAPPED, recheck)
            else:
                leave(rows, free, k, blocked, ZERO, recheck)
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
def enter(
    r: int, sign: float, v: Any, mu: float, rows: RowState, free: FreeSet, k: int, recheck: float
) -> tuple[int, float]:
    """Bring row r, whose signed features lie in the first unused slot, into the free set.

    ``sign``: +1 where its alpha wants to grow, -1 to fall, 0 unknown (alpha between its bounds). A row that depends on the
    free ones, :math:`z = Z_F^T w`, moves along the null direction: alpha_r by t, alpha_F by -t w, which
    leaves v and changes the dual linearly, until a bound blocks. Then the blocked row leaves and this one
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
        independent = rest > DEPENDENT * square
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
            independent = rest > 0.0 and rest * step > gain
        if independent:
            factor.append(free.L, k, inner, np.sqrt(rest))
            free.row[k] = r
            rows.status[r] = FREE
            rows.key[r] = np.inf
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
            leave(rows, free, k, blocked, ZERO, recheck)
        else:
            capped += rows.count[free.row[blocked]]
            leave(rows, free, k, blocked, CAPPED, recheck)
        k -= 1
        # The slot of the row that left is now first; the entering row's must be.
        free.slot[k], free.slot[k + 1] = free.slot[k + 1], free.slot[k]
    if rows.alpha[r] == 0.0:
        rows.status[r] = ZERO
    else:
        rows.status[r] = CAPPED
        capped += rows.count[r]
    rows.key[r] = recheck
    return k, capped


@njit(cache=True)
def load(clean: Any, n_clean: int, added: Any, scale: float, bias: bool, rows: RowState, r: int, z: Any) -> None:
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
def choose_anchor(theta: Any, anchors: Anchors) -> int:
    """Distances to all anchors; the least used one becomes ``theta`` and its rows will be looked at again."""
    p = anchors.basis.shape[0]
    image = np.empty(p)
    for q in range(p):
        image[q] = dot(anchors.basis[q], theta)
    chosen = 0
    for a in range(anchors.used.size):
        if anchors.used[a] < anchors.used[chosen]:
            chosen = a
        if anchors.used[a] > 0:
            total = squared_distance(theta, anchors.theta[a])
            # The factor covers the rounding of the sum.
            anchors.distance[a] = np.sqrt(total) * (1.0 + 1e-12)
            for q in range(p):
                anchors.shift[a, q] = image[q] - anchors.image[a, q]
                total -= anchors.shift[a, q] ** 2
            anchors.outside[a] = np.sqrt(max(total, 0.0)) + SKETCH_ROUNDING * anchors.distance[a]
    anchors.distance[chosen] = np.inf
    anchors.theta[chosen] = theta
    anchors.image[chosen] = image
    return chosen


@njit(cache=True)
def reachable(offset: int, n: int, rows: RowState, anchors: Anchors, found: Any) -> int:
    """Rows in offset..offset+n that may have changed sides by their distance alone, into ``found``; their number."""
    size = 0
    for r in range(offset, offset + n):
        # Without a branch: half of the time of this loop would go into mispredictions.
        found[size] = r
        size += rows.key[r] <= anchors.distance[rows.anchor[r]]
    return size


@njit(cache=True, fastmath={"reassoc", "contract"})
def estimate(r: int, rows: RowState, anchors: Anchors) -> tuple[float, float]:
    """Margin of row r without touching it, and a bound of the error: the change of
    the margin is known within the span of U and bounded outside it."""
    a = rows.anchor[r]
    margin = rows.margin[r]
    for q in range(anchors.basis.shape[0]):
        margin += rows.sketch[r, q] * anchors.shift[a, q]
    return margin, rows.error[r] + rows.outside[r] * anchors.outside[a]


@njit(cache=True)
def screen(
    store: Any, offset: int, n: int, w: Any, bias: float, size: float, rows: RowState, anchors: Anchors, anchor: int,
    recheck: float, maybe: Any, worst: Any, score: Any, found: int,
) -> tuple[int, float, int]:  # fmt: skip
    """Look at the rows that may have changed sides; collect the worst wrong ones.

    Returns the number of collected rows (at most BATCH, in ``worst`` with ``score``), the sum of k |1 - m| over all
    rows on the wrong side, and the number of rows looked at. ``size``: |theta|.
    """
    total, looked = 0.0, 0
    for i in range(reachable(offset, n, rows, anchors, maybe)):
        r = maybe[i]
        anchors.used[rows.anchor[r]] -= 1
        anchors.used[anchor] += 1
        if rows.key[r] >= 0.0:
            margin, error = estimate(r, rows, anchors)
            distance = margin - 1.0 if rows.status[r] == ZERO else 1.0 - margin
            if error <= SHARP * distance:
                rows.anchor[r], rows.margin[r], rows.error[r] = anchor, margin, error
                rows.key[r] = (distance - error) / rows.norm[r]
                continue
        looked += 1
        margin = rows.label[r] * (row_dot(store, r - offset, w) + bias)
        wrong = 1.0 - margin if rows.status[r] == ZERO else margin - 1.0
        rows.anchor[r] = anchor
        rounding = ROUNDING * size * rows.norm[r]
        if wrong <= 0.0:
            rows.margin[r], rows.error[r] = margin, rounding
            rows.key[r] = (-wrong - rounding) / rows.norm[r]
            continue
        rows.key[r] = recheck
        total += rows.count[r] * wrong
        if wrong > WRONG_SIDE + rounding:
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
    rows: RowState, free: FreeSet, k: int, anchors: Anchors, recheck: float, max_rounds: int, batch: int,
) -> tuple[int, int, float, int, float, int]:  # fmt: skip
    """Rounds of solve, screen, enter until no row is on the wrong side.

    Returns a code, the size of the free set, the change of the capped sum, the rounds, the gap in sum form, the rows looked at.
    """
    worst, score = np.empty(BATCH, dtype=np.int64), np.empty(BATCH)
    maybe = np.empty(max(n_clean, n_added) + 1, dtype=np.int32)
    d = v.size - 1 if bias else v.size
    w = np.empty(d)
    capped, looked = 0.0, 0
    for round_number in range(1, max_rounds + 1):
        if k + BATCH + 1 > free.row.size:
            return GROW, k, capped, round_number, np.inf, looked
        k, change = solve_free(v, mu, rows, free, k, recheck)
        capped += change
        for j in range(v.size):
            theta[j] = v[j] / mu
        size = np.sqrt(dot(theta, theta))
        constant = theta[d] if bias else 0.0
        for j in range(d):
            w[j] = theta[j] / scale
        anchor = choose_anchor(theta, anchors)
        found, total, seen = screen(
            clean, 0, n_clean, w, constant, size, rows, anchors, anchor, recheck, maybe, worst, score, 0
        )
        looked += seen
        found, more, seen = screen(
            added,
            n_clean,
            n_added,
            theta[:d],
            constant,
            size,
            rows,
            anchors,
            anchor,
            recheck,
            maybe,
            worst,
            score,
            found,
        )
        looked += seen
        if found == 0:
            gap = total + more
            for p in range(k):
                room = 1.0 - dot(free.Z[free.slot[p]], theta)
                r = free.row[p]
                gap += (rows.count[r] - rows.alpha[r]) * room if room > 0.0 else -rows.alpha[r] * room
            return DONE, k, capped, round_number, gap, looked
        for p in range(min(found, batch)):
            r = worst[p]
            load(clean, n_clean, added, scale, bias, rows, r, free.Z[free.slot[k]])
            k, change = enter(r, 1.0 if rows.status[r] == ZERO else -1.0, v, mu, rows, free, k, recheck)
            capped += change
    return STALLED, k, capped, max_rounds, np.inf, looked


@njit(cache=True)
def crash(
    clean: Any, n_clean: int, added: Any, scale: float, bias: bool, v: Any, mu: float,
    rows: RowState, free: FreeSet, k: int, order: Any, start: int, recheck: float,
) -> tuple[int, int, float]:  # fmt: skip
    """Bring the rows order[start:], with alpha between the bounds, into the free set.

    Returns where it stopped (short of the end where the free set must grow), the size of the free set, the change of the capped sum.
    """
    capped = 0.0
    for i in range(start, order.size):
        if k + BATCH + 1 > free.row.size:
            return i, k, capped
        r = order[i]
        load(clean, n_clean, added, scale, bias, rows, r, free.Z[free.slot[k]])
        k, change = enter(r, 0.0, v, mu, rows, free, k, recheck)
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
    "crash",
    "refit",
]
