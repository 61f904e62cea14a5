r"""The free set of the active set: rows enter, the dual is minimised over them, rows leave."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from . import factor
from .active_set_state import CAPPED, FREE, ZERO, FreeSet, RowState, Watch
from .kernels import add_row, dot, row_inner

#: A row is dependent on the free ones where its squared distance to their span is below this share of |z|^2.
DEPENDENT = 1e-9
#: Below this share the squared distance is nothing but rounding.
SPAN_ROUNDING = 1e-13
#: Sweeps of iterative refinement; the factor is rebuilt before the last ones.
REFINEMENTS = 6
#: Corrections of theta; one is enough unless the factor is poor.
POLISHES = 3


# Inlined, as a call that passes tuples of arrays costs more than the row.
@njit(cache=True, inline="always")
def watch_again(r: int, rows: RowState, watch: Watch, recheck: float) -> None:
    """Row r has come to rest at a bound: margin and side on the watch list are stale, so it must be looked at.

    ``recheck`` is the error bound that makes it so, infinity; forgetting it loses rows for good.
    """
    rows.until[r] = -recheck
    i = rows.place[r]
    if i >= 0:
        watch.side[i] = 1.0 if rows.status[r] == ZERO else -1.0
        watch.error[i] = recheck


@njit(cache=True, inline="always")
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
    column, Z = free.work[2], free.Z
    for p in range(k):
        z = Z[free.slot[p]]
        for q in range(p):
            column[q] = row_inner(Z, free.slot[q], z)
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
    Z, slot, capped = free.Z, free.slot, 0.0
    for sweep in range(REFINEMENTS):
        settled = True
        size = np.sqrt(dot(v, v))
        for p in range(k):
            residual[p] = mu - row_inner(Z, slot[p], v)
            settled = settled and abs(residual[p]) <= 8 * 2.2e-16 * (mu + rows.norm[free.row[p]] * size)
        if settled:
            break
        if sweep == REFINEMENTS - 3:
            refactor(free, k)
        before = k
        for p in range(before):
            moved[free.slot[p]] = 0.0
        while k > 0:
            for p in range(k):
                direction[p] = residual[p]
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
            add_row(moved[slot[p]], Z, slot[p], v)
    return k, capped


@njit(cache=True)
def polish(theta: Any, rows: RowState, free: FreeSet, k: int) -> None:
    """Nearest model at which all free margins are 1.

    v is a sum whose terms may be far larger than itself, so v / mu can miss the margins by more than the
    rounding of theta. The correction e costs mu |e|^2 / 2 in the gap, a square of rounding errors.
    """
    residual, Z, slot = free.work[0], free.Z, free.slot
    for _ in range(POLISHES):
        size, settled = np.sqrt(dot(theta, theta)), True
        for p in range(k):
            residual[p] = 1.0 - row_inner(Z, slot[p], theta)
            settled = settled and abs(residual[p]) <= 8 * 2.2e-16 * (1.0 + rows.norm[free.row[p]] * size)
        if settled:
            break
        factor.solve_lower(free.L, k, residual)
        factor.solve_upper(free.L, k, residual)
        for p in range(k):
            add_row(residual[p], Z, slot[p], theta)


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
    column, weights, Z, slot = free.work[1], free.work[2], free.Z, free.slot
    z = Z[slot[k]]
    square = dot(z, z)
    capped = -rows.count[r] if rows.status[r] == CAPPED else 0.0
    while True:
        for p in range(k):
            column[p] = row_inner(Z, slot[p], z)
        factor.solve_lower(free.L, k, column)
        rest = square
        for p in range(k):
            rest -= column[p] * column[p]
        independent = rest > DEPENDENT * square and k < v.size
        step, blocked = 0.0, -1
        if not independent:
            for p in range(k):
                weights[p] = column[p]
            factor.solve_upper(free.L, k, weights)
            slope = dot(z, v) - mu
            for p in range(k):
                slope -= weights[p] * (row_inner(Z, slot[p], v) - mu)
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
            factor.append(free.L, k, column, np.sqrt(rest))
            free.row[k] = r
            rows.status[r] = FREE
            if rows.place[r] >= 0:
                watch.side[rows.place[r]] = 0.0
            return k + 1, capped
        add_row(sign * step, Z, slot[k], v)
        for p in range(k):
            q = free.row[p]
            value = min(max(rows.alpha[q] - sign * step * weights[p], 0.0), rows.count[q])
            if p == blocked:
                value = 0.0 if sign * weights[p] > 0.0 else rows.count[q]
            change = value - rows.alpha[q]
            rows.alpha[q] = value
            add_row(change, Z, slot[p], v)
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


__all__ = ["enter", "leave", "polish", "solve_free"]
