r"""The free set of the active set: rows enter, the dual is minimised over them, rows leave.

Arrays of ``active_set_state`` as they are, ``rows`` and ``states`` those of a RowState, ``free``, Z, L and ``work``
those of a FreeSet: a function that is given a tuple of arrays counts the users of each, and these are small functions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...kernel import kernel
from ..kernels import add_row, dot, row_inner
from . import factor
from .state import ALPHA, CAPPED, COUNT, ERROR, FREE, NORM, PLACE, ROW, SIDE, SLOT, STATUS, UNTIL, ZERO

#: A row is dependent on the free ones where its squared distance to their span is below this share of |z|^2.
DEPENDENT = 1e-9
#: Below this share the squared distance is nothing but rounding.
SPAN_ROUNDING = 1e-13
#: Sweeps of iterative refinement; the factor is rebuilt before the last ones.
REFINEMENTS = 6
#: Corrections of theta; one is enough unless the factor is poor.
POLISHES = 3


@kernel(inner=True)
def watch_again(r: int, rows: Any, states: Any, watch: Any, recheck: float) -> None:
    """Row r has come to rest at a bound: margin and side on the watch list are stale, so it must be looked at.

    ``recheck`` is the error bound that makes it so, infinity; forgetting it loses rows for good.
    """
    rows[UNTIL, r] = -recheck
    i = states[PLACE, r]
    if i >= 0:
        watch[SIDE, i] = 1.0 if states[STATUS, r] == ZERO else -1.0
        watch[ERROR, i] = recheck


@kernel(inner=True)
def leave(
    rows: Any,
    states: Any,
    watch: Any,
    free: Any,
    L: Any,
    k: int,
    p: int,
    capped: bool,
    recheck: float,
) -> None:
    """Take position p out of the free set of size k. Its slot becomes the first unused one.

    The row rests at a bound from now on: capped, or at 0.
    """
    r, s = free[ROW, p], free[SLOT, p]
    states[STATUS, r] = CAPPED if capped else ZERO
    rows[ALPHA, r] = rows[COUNT, r] if capped else 0.0
    watch_again(r, rows, states, watch, recheck)
    for q in range(p, k - 1):
        free[ROW, q], free[SLOT, q] = free[ROW, q + 1], free[SLOT, q + 1]
    free[SLOT, k - 1] = s
    factor.delete(L, k, p)


@kernel(inner=True)
def refactor(free: Any, Z: Any, L: Any, work: Any, k: int) -> None:
    """Cholesky factor of the Gram matrix of the free rows, from scratch."""
    column = work[2]
    for p in range(k):
        z = Z[free[SLOT, p]]
        for q in range(p):
            column[q] = row_inner(Z, free[SLOT, q], z)
        factor.solve_lower(L, p, column)
        square = dot(z, z)
        rest = square
        for q in range(p):
            rest -= column[q] * column[q]
        factor.append(L, p, column, np.sqrt(max(rest, DEPENDENT * square)))


@kernel(inner=True)
def solve_free(
    v: Any,
    mu: float,
    rows: Any,
    states: Any,
    watch: Any,
    free: Any,
    Z: Any,
    L: Any,
    work: Any,
    k: int,
    recheck: float,
) -> tuple[int, float]:
    """Minimise the dual over the free rows within their bounds, starting where they are.

    Returns the new size of the free set and the change of the sum of alpha over capped rows. ``v`` is updated
    once for each sweep; a second sweep on the true residual removes what rounding left.
    """
    residual, direction, moved = work[0], work[1], work[3]
    capped = 0.0
    for sweep in range(REFINEMENTS):
        settled = True
        size = np.sqrt(dot(v, v))
        for p in range(k):
            residual[p] = mu - row_inner(Z, free[SLOT, p], v)
            settled = settled and abs(residual[p]) <= 8 * 2.2e-16 * (mu + rows[NORM, free[ROW, p]] * size)
        if settled:
            break
        if sweep == REFINEMENTS - 3:
            refactor(free, Z, L, work, k)
        before = k
        for p in range(before):
            moved[free[SLOT, p]] = 0.0
        while k > 0:
            for p in range(k):
                direction[p] = residual[p]
            factor.solve_lower(L, k, direction)
            factor.solve_upper(L, k, direction)
            step, blocked = 1.0, -1
            for p in range(k):
                r = free[ROW, p]
                if direction[p] < 0.0:
                    limit = -rows[ALPHA, r] / direction[p]
                elif direction[p] > 0.0:
                    limit = (rows[COUNT, r] - rows[ALPHA, r]) / direction[p]
                else:
                    continue
                if limit < step:
                    step, blocked = limit, p
            for p in range(k):
                r = free[ROW, p]
                value = min(max(rows[ALPHA, r] + step * direction[p], 0.0), rows[COUNT, r])
                if p == blocked:
                    value = 0.0 if direction[p] < 0.0 else rows[COUNT, r]
                moved[free[SLOT, p]] += value - rows[ALPHA, r]
                rows[ALPHA, r] = value
                residual[p] *= 1.0 - step
            if blocked < 0:
                break
            if direction[blocked] > 0.0:
                capped += rows[COUNT, free[ROW, blocked]]
            leave(rows, states, watch, free, L, k, blocked, direction[blocked] > 0.0, recheck)
            k -= 1
            for p in range(blocked, k):
                residual[p] = residual[p + 1]
        for p in range(before):
            add_row(moved[free[SLOT, p]], Z, free[SLOT, p], v)
    return k, capped


@kernel(inner=True)
def polish(theta: Any, rows: Any, free: Any, Z: Any, L: Any, work: Any, k: int) -> None:
    """Nearest model at which all free margins are 1.

    v is a sum whose terms may be far larger than itself, so v / mu can miss the margins by more than the
    rounding of theta. The correction e costs mu |e|^2 / 2 in the gap, a square of rounding errors.
    """
    residual = work[0]
    for _ in range(POLISHES):
        size, settled = np.sqrt(dot(theta, theta)), True
        for p in range(k):
            residual[p] = 1.0 - row_inner(Z, free[SLOT, p], theta)
            settled = settled and abs(residual[p]) <= 8 * 2.2e-16 * (1.0 + rows[NORM, free[ROW, p]] * size)
        if settled:
            break
        factor.solve_lower(L, k, residual)
        factor.solve_upper(L, k, residual)
        for p in range(k):
            add_row(residual[p], Z, free[SLOT, p], theta)


@kernel(inner=True)
def enter(
    r: int,
    sign: float,
    v: Any,
    mu: float,
    rows: Any,
    states: Any,
    watch: Any,
    free: Any,
    Z: Any,
    L: Any,
    work: Any,
    k: int,
    recheck: float,
) -> tuple[int, float]:
    """Bring row r, whose signed features lie in the first unused slot, into the free set.

    ``sign``: +1 where its alpha wants to grow, -1 to fall, 0 unknown (alpha between its bounds). A row that
    depends on the free ones, :math:`z = Z_F^T w`, moves along the null direction: alpha_r by t, alpha_F by
    -t w, which leaves v and changes the dual linearly, until a bound blocks. Then the blocked row leaves and this one
    takes its place, or this one has crossed to its other bound. Returns as ``solve_free``.
    """
    column, weights = work[1], work[2]
    z = Z[free[SLOT, k]]
    square = dot(z, z)
    capped = -rows[COUNT, r] if states[STATUS, r] == CAPPED else 0.0
    while True:
        for p in range(k):
            column[p] = row_inner(Z, free[SLOT, p], z)
        factor.solve_lower(L, k, column)
        rest = square
        for p in range(k):
            rest -= column[p] * column[p]
        independent = rest > DEPENDENT * square and k < v.size
        step, blocked = 0.0, -1
        if not independent:
            for p in range(k):
                weights[p] = column[p]
            factor.solve_upper(L, k, weights)
            slope = dot(z, v) - mu
            for p in range(k):
                slope -= weights[p] * (row_inner(Z, free[SLOT, p], v) - mu)
            if sign == 0.0:
                sign = -1.0 if slope > 0.0 else 1.0
            gain = -sign * slope
            at_bound = rows[ALPHA, r] == 0.0 or rows[ALPHA, r] == rows[COUNT, r]
            if gain <= 0.0 and at_bound:
                # Not a descent after all: the free set has moved since the margin was evaluated.
                break
            step = rows[COUNT, r] - rows[ALPHA, r] if sign > 0.0 else rows[ALPHA, r]
            for p in range(k):
                q, rate = free[ROW, p], -sign * weights[p]
                if rate < 0.0:
                    limit = -rows[ALPHA, q] / rate
                elif rate > 0.0:
                    limit = (rows[COUNT, q] - rows[ALPHA, q]) / rate
                else:
                    continue
                if limit < step:
                    step, blocked = limit, p
            # The dual along the direction is -gain t + rest t^2 / 2: an interior minimum means independent.
            independent = rest > SPAN_ROUNDING * square and k < v.size and rest * step > gain
        if independent:
            factor.append(L, k, column, np.sqrt(rest))
            free[ROW, k] = r
            states[STATUS, r] = FREE
            if states[PLACE, r] >= 0:
                watch[SIDE, states[PLACE, r]] = 0.0
            return k + 1, capped
        add_row(sign * step, Z, free[SLOT, k], v)
        for p in range(k):
            q = free[ROW, p]
            value = min(max(rows[ALPHA, q] - sign * step * weights[p], 0.0), rows[COUNT, q])
            if p == blocked:
                value = 0.0 if sign * weights[p] > 0.0 else rows[COUNT, q]
            change = value - rows[ALPHA, q]
            rows[ALPHA, q] = value
            add_row(change, Z, free[SLOT, p], v)
        rows[ALPHA, r] += sign * step
        if blocked < 0:
            rows[ALPHA, r] = rows[COUNT, r] if sign > 0.0 else 0.0
            break
        falls = sign * weights[blocked] > 0.0
        if not falls:
            capped += rows[COUNT, free[ROW, blocked]]
        leave(rows, states, watch, free, L, k, blocked, not falls, recheck)
        k -= 1
        # The slot of the row that left is now first; the entering row's must be.
        free[SLOT, k], free[SLOT, k + 1] = free[SLOT, k + 1], free[SLOT, k]
    if rows[ALPHA, r] == 0.0:
        states[STATUS, r] = ZERO
    else:
        states[STATUS, r] = CAPPED
        capped += rows[COUNT, r]
    watch_again(r, rows, states, watch, recheck)
    return k, capped


__all__ = ["enter", "leave", "polish", "solve_free"]
