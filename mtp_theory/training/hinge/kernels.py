r"""Compiled rounds of the dual active set for the hinge loss; the mathematics is in ``active_set``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...kernel import kernel
from ..kernels import dot, row_axpy, row_inner
from .anchors import SKETCH_ROUNDING, set_anchor
from .free_set import enter, polish, solve_free
from .screening import BATCH, screen
from .state import (
    ALPHA,
    BEYOND,
    CAPPED,
    COUNT,
    CURRENT,
    DRIFT,
    ERROR,
    LABEL,
    MARGIN,
    NORM,
    PLACE,
    ROW,
    SLOT,
    STATUS,
    UNTIL,
    WITHIN,
    ZERO,
)  # fmt: skip
from .watch_list import HOLDS, REMAKE, enlist, make_watch_list, outgrown, widen

#: Codes of ``refit``.
DONE, GROW, STALLED = 0, 1, 2


@kernel(inner=True)
def load(
    clean: Any,
    n_clean: int,
    added: Any,
    scale: float,
    bias: bool,
    y: float,
    r: int,
    z: Any,
) -> None:
    """z = the signed row r, y its label."""
    d = z.size - 1 if bias else z.size
    for j in range(z.size):
        z[j] = 0.0
    if r < n_clean:
        row_axpy(clean, r, y / scale, z[:d])
    else:
        row_axpy(added, r - n_clean, y, z[:d])
    if bias:
        z[d] = y


# Arrays come one by one: tuples of arrays cost more at the call, and several times as long to compile.
@kernel()
def refit(
    clean: Any, n_clean: int, added: Any, coded: Any, n_added: int, scale: float, labels: Any, counts: Any,
    admitted: int, raised: Any, bias: bool, v: Any, theta: Any, mu: float, k: int, recheck: float, max_rounds: int,
    batch: int,
    rows: Any, states: Any, sketch: Any, watch: Any, entries: Any, watch_sketch: Any, sizes: Any, counters: Any,
    free: Any, Z: Any, L: Any, work: Any, models: Any, basis: Any, image: Any, shift: Any, parts: Any,
) -> tuple[int, int, float, int, float, int, float]:  # fmt: skip
    """Admit the new rows from ``admitted`` on, then solve, screen, enter until no row is on the wrong side.

    The rows ``raised`` have more copies than before.

    Returns a code, the size of the free set, the change of the capped sum, the rounds, the gap in sum form, the rows
    looked at, and the dual value in sum form without the capped sum.
    """
    worst, score = np.empty(BATCH, dtype=np.int64), np.empty(BATCH)
    d = v.size - 1 if bias else v.size
    w = np.empty(d)
    capped, looked, nothing = 0.0, 0, 0.0
    for r in range(admitted, n_clean + n_added):
        rows[LABEL, r], rows[COUNT, r] = labels[r], counts[r]
        load(clean, n_clean, added, scale, bias, labels[r], r, theta)
        capped += admit(
            r, theta, v, mu, rows, states, sketch, watch, entries, watch_sketch, sizes, counters, models, basis
        )  # fmt: skip
    for i in range(raised.size):
        r = raised[i]
        more = counts[r] - rows[COUNT, r]
        rows[COUNT, r] = counts[r]
        if states[STATUS, r] == CAPPED and more > 0.0:
            rows[ALPHA, r] = counts[r]
            load(clean, n_clean, added, scale, bias, rows[LABEL, r], r, theta)
            for j in range(v.size):
                v[j] += more * theta[j]
            capped += more
    for round_number in range(1, max_rounds + 1):
        if k + BATCH + 1 > free.shape[1]:
            return GROW, k, capped, round_number, np.inf, looked, nothing
        k, change = solve_free(v, mu, rows, states, watch, free, Z, L, work, k, recheck)
        capped += change
        for j in range(v.size):
            theta[j] = v[j] / mu
        polish(theta, rows, free, Z, L, work, k)
        constant = theta[d] if bias else 0.0
        for j in range(d):
            w[j] = theta[j] / scale
        # v is a sum of terms alpha z that may cancel: its rounding is that of the terms.
        noise = np.sqrt(dot(v, v))
        for p in range(k):
            noise += rows[ALPHA, free[ROW, p]] * rows[NORM, free[ROW, p]]
        noise *= 8 * 2.2e-16 / mu
        latest = set_anchor(theta, models, basis, image, shift, parts, sizes, counters)
        # Only a final model needs a list that misses no row: where none is found, the list may have to be made anew,
        # and is then screened once more.
        for attempt in range(2):
            found, total, seen = screen(
                clean, n_clean, added, coded, w, theta, constant, rows, watch, entries, watch_sketch, sizes, counters,
                shift, parts, latest, noise, worst, score,
            )  # fmt: skip
            looked += seen
            stale = outgrown(parts, sizes, counters) if found == 0 and attempt == 0 else HOLDS
            if stale == HOLDS:
                break
            if stale == REMAKE:
                looked += make_watch_list(
                    clean, n_clean, added, coded, n_added, w, scale, theta, constant, rows, states, sketch, watch,
                    entries, watch_sketch, sizes, counters, models, basis, image, shift, parts,
                )  # fmt: skip
            else:
                widen(rows, states, sketch, watch, entries, watch_sketch, sizes, counters)
        if found == 0:
            dual = -0.5 * dot(v, v) / mu
            for j in range(v.size):
                total += 0.5 * mu * (theta[j] - v[j] / mu) ** 2
            for p in range(k):
                room = 1.0 - row_inner(Z, free[SLOT, p], theta)
                r = free[ROW, p]
                dual += rows[ALPHA, r]
                total += (rows[COUNT, r] - rows[ALPHA, r]) * room if room > 0.0 else -rows[ALPHA, r] * room
            return DONE, k, capped, round_number, total, looked, dual
        for p in range(min(found, batch)):
            r = worst[p]
            load(clean, n_clean, added, scale, bias, rows[LABEL, r], r, Z[free[SLOT, k]])
            sign = 1.0 if states[STATUS, r] == ZERO else -1.0
            k, change = enter(r, sign, v, mu, rows, states, watch, free, Z, L, work, k, recheck)
            capped += change
    return STALLED, k, capped, max_rounds, np.inf, looked, nothing


@kernel(inner=True)
def admit(
    r: int, z: Any, v: Any, mu: float, rows: Any, states: Any, sketch: Any, watch: Any, entries: Any,
    watch_sketch: Any, sizes: Any, counters: Any, models: Any, basis: Any,
) -> float:  # fmt: skip
    """State of a new row r, signed features z: capped where its margin is below 1.

    Returns the change of the capped sum.
    """
    square = dot(z, z)
    rows[NORM, r] = np.sqrt(square)
    rest = square
    for q in range(basis.shape[0]):
        coordinate = row_inner(basis, q, z)
        sketch[r, q] = coordinate
        rest -= coordinate * coordinate
    rows[BEYOND, r] = np.sqrt(max(rest, 0.0) + SKETCH_ROUNDING * square)
    rows[WITHIN, r] = np.sqrt(max(square - rest, 0.0) + SKETCH_ROUNDING * square)
    # The last of the models is the drift.
    rows[MARGIN, r], rows[DRIFT, r] = row_inner(models, 0, z), row_inner(models, models.shape[0] - 1, z)
    copies: float = rows[COUNT, r]
    capped = dot(z, v) < mu
    states[STATUS, r] = CAPPED if capped else ZERO
    rows[ALPHA, r] = copies if capped else 0.0
    states[CURRENT, r], rows[UNTIL, r], states[PLACE, r] = 1, -np.inf, -1
    if square > 0.0:
        enlist(r, rows, states, sketch, watch, entries, watch_sketch, sizes, counters)
        # Not looked at yet.
        watch[ERROR, states[PLACE, r]] = np.inf
    if not capped:
        return 0.0
    for j in range(z.size):
        v[j] += copies * z[j]
    return copies


@kernel()
def crash(
    clean: Any, n_clean: int, added: Any, scale: float, bias: bool, v: Any, mu: float,
    rows: Any, states: Any, watch: Any, free: Any, Z: Any, L: Any, work: Any,
    k: int, order: Any, start: int, recheck: float,
) -> tuple[int, int, float]:  # fmt: skip
    """Bring the rows order[start:], with alpha between the bounds, into the free set.

    Returns where it stopped (short of the end where the free set must grow), the size of the free set, the
    change of the capped sum.
    """
    capped = 0.0
    for i in range(start, order.size):
        if k + BATCH + 1 > free.shape[1]:
            return i, k, capped
        r = order[i]
        load(clean, n_clean, added, scale, bias, rows[LABEL, r], r, Z[free[SLOT, k]])
        k, change = enter(r, 0.0, v, mu, rows, states, watch, free, Z, L, work, k, recheck)
        capped += change
    return order.size, k, capped


__all__ = ["DONE", "GROW", "STALLED", "crash", "refit"]
