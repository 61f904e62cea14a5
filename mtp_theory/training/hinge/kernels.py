r"""Compiled rounds of the dual active set for the hinge loss; the mathematics is in ``active_set``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ..kernels import dot, row_axpy, row_inner
from .anchors import SKETCH_ROUNDING, set_anchor
from .free_set import enter, polish, solve_free
from .screening import BATCH, screen
from .state import CAPPED, SLOT, ZERO, Anchors, RowState, Watch, anchors_of, free_of, rows_of, watch_of
from .watch_list import HOLDS, REMAKE, enlist, make_watch_list, outgrown, widen

#: Codes of ``refit``.
DONE, GROW, STALLED = 0, 1, 2


@njit(cache=True)
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
    z[:] = 0.0
    if r < n_clean:
        row_axpy(clean, r, y / scale, z[:d])
    else:
        row_axpy(added, r - n_clean, y, z[:d])
    if bias:
        z[d] = y


# Arrays come one by one: taking tuples of arrays apart at the call costs even more.
@njit(cache=True)
def refit(
    clean: Any, n_clean: int, added: Any, coded: Any, n_added: int, scale: float, labels: Any, counts: Any,
    admitted: int, raised: Any, bias: bool, v: Any, theta: Any, mu: float, k: int, recheck: float, max_rounds: int,
    batch: int,
    r_numbers: Any, r_integers: Any, r_sketch: Any, w_numbers: Any, w_integers: Any, w_sketch: Any, sizes: Any,
    counters: Any, f_numbers: Any, f_z: Any, f_l: Any, f_work: Any, models: Any, basis: Any, image: Any, shift: Any,
    parts: Any,
) -> tuple[int, int, float, int, float, int, float]:  # fmt: skip
    """Admit the new rows from ``admitted`` on, then solve, screen, enter until no row is on the wrong side.

    The rows ``raised`` have more copies than before.

    Returns a code, the size of the free set, the change of the capped sum, the rounds, the gap in sum form, the rows
    looked at, and the dual value in sum form without the capped sum.
    """
    rows, watch = rows_of(r_numbers, r_integers, r_sketch), watch_of(w_numbers, w_integers, w_sketch, sizes, counters)
    free = free_of(f_numbers, f_z, f_l, f_work)
    anchors = anchors_of(models, basis, image, shift, parts, sizes, counters)
    worst, score = np.empty(BATCH, dtype=np.int64), np.empty(BATCH)
    d = v.size - 1 if bias else v.size
    w = np.empty(d)
    capped, looked, nothing = 0.0, 0, 0.0
    for r in range(admitted, n_clean + n_added):
        rows.label[r], rows.count[r] = labels[r], counts[r]
        load(clean, n_clean, added, scale, bias, rows.label[r], r, theta)
        capped += admit(r, theta, v, mu, rows, watch, anchors)
    for r in raised:
        more = counts[r] - rows.count[r]
        rows.count[r] = counts[r]
        if rows.status[r] == CAPPED and more > 0.0:
            rows.alpha[r] = counts[r]
            load(clean, n_clean, added, scale, bias, rows.label[r], r, theta)
            for j in range(v.size):
                v[j] += more * theta[j]
            capped += more
    for round_number in range(1, max_rounds + 1):
        if k + BATCH + 1 > free.row.size:
            return GROW, k, capped, round_number, np.inf, looked, nothing
        k, change = solve_free(
            v, mu, r_numbers, r_integers, w_numbers, f_numbers, f_z, f_l, f_work, k, recheck
        )  # fmt: skip
        capped += change
        for j in range(v.size):
            theta[j] = v[j] / mu
        polish(theta, r_numbers, f_numbers, f_z, f_l, f_work, k)
        constant = theta[d] if bias else 0.0
        for j in range(d):
            w[j] = theta[j] / scale
        # v is a sum of terms alpha z that may cancel: its rounding is that of the terms.
        noise = np.sqrt(dot(v, v))
        for p in range(k):
            noise += rows.alpha[free.row[p]] * rows.norm[free.row[p]]
        noise *= 8 * 2.2e-16 / mu
        latest = set_anchor(theta, anchors)
        found, total, seen = screen(
            clean, n_clean, added, coded, w, theta, constant, rows, watch, anchors, latest, noise, worst, score,
        )  # fmt: skip
        # Only a final model needs a list that misses no row.
        stale = outgrown(watch, anchors) if found == 0 else HOLDS
        if stale != HOLDS:
            looked += seen
            if stale == REMAKE:
                looked += make_watch_list(
                    clean, n_clean, added, coded, n_added, w, scale, theta, constant, rows, watch, anchors
                )
            else:
                widen(rows, watch)
            found, total, seen = screen(
                clean, n_clean, added, coded, w, theta, constant, rows, watch, anchors, latest, noise, worst, score,
            )  # fmt: skip
        looked += seen
        if found == 0:
            dual = -0.5 * dot(v, v) / mu
            for j in range(v.size):
                total += 0.5 * mu * (theta[j] - v[j] / mu) ** 2
            for p in range(k):
                room = 1.0 - row_inner(free.Z, free.slot[p], theta)
                r = free.row[p]
                dual += rows.alpha[r]
                total += (rows.count[r] - rows.alpha[r]) * room if room > 0.0 else -rows.alpha[r] * room
            return DONE, k, capped, round_number, total, looked, dual
        for p in range(min(found, batch)):
            r = worst[p]
            load(clean, n_clean, added, scale, bias, rows.label[r], r, free.Z[free.slot[k]])
            sign = 1.0 if rows.status[r] == ZERO else -1.0
            k, change = enter(
                r, sign, v, mu, r_numbers, r_integers, w_numbers, f_numbers, f_z, f_l, f_work, k, recheck
            )  # fmt: skip
            capped += change
    return STALLED, k, capped, max_rounds, np.inf, looked, nothing


@njit(cache=True)
def admit(r: int, z: Any, v: Any, mu: float, rows: RowState, watch: Watch, anchors: Anchors) -> float:
    """State of a new row r, signed features z: capped where its margin is below 1.

    Returns the change of the capped sum.
    """
    square = dot(z, z)
    rows.norm[r] = np.sqrt(square)
    rest = square
    for q in range(anchors.basis.shape[0]):
        coordinate = row_inner(anchors.basis, q, z)
        rows.sketch[r, q] = coordinate
        rest -= coordinate * coordinate
    rows.outside[r] = np.sqrt(max(rest, 0.0) + SKETCH_ROUNDING * square)
    rows.inside[r] = np.sqrt(max(square - rest, 0.0) + SKETCH_ROUNDING * square)
    rows.margin[r], rows.drift[r] = row_inner(anchors.theta, 0, z), dot(anchors.drift, z)
    copies: float = rows.count[r]
    capped = dot(z, v) < mu
    rows.status[r] = CAPPED if capped else ZERO
    rows.alpha[r] = copies if capped else 0.0
    rows.current[r], rows.until[r], rows.place[r] = 1, -np.inf, -1
    if square > 0.0:
        enlist(r, rows, watch)
        # Not looked at yet.
        watch.error[rows.place[r]] = np.inf
    if not capped:
        return 0.0
    for j in range(z.size):
        v[j] += copies * z[j]
    return copies


@njit(cache=True)
def crash(
    clean: Any, n_clean: int, added: Any, scale: float, bias: bool, v: Any, mu: float,
    r_numbers: Any, r_integers: Any, r_sketch: Any, w_numbers: Any, f_numbers: Any, f_z: Any, f_l: Any, f_work: Any,
    k: int, order: Any, start: int, recheck: float,
) -> tuple[int, int, float]:  # fmt: skip
    """Bring the rows order[start:], with alpha between the bounds, into the free set.

    Returns where it stopped (short of the end where the free set must grow), the size of the free set, the
    change of the capped sum.
    """
    rows, capped = rows_of(r_numbers, r_integers, r_sketch), 0.0
    for i in range(start, order.size):
        if k + BATCH + 1 > f_numbers.shape[1]:
            return i, k, capped
        r = order[i]
        load(clean, n_clean, added, scale, bias, rows.label[r], r, f_z[f_numbers[SLOT, k]])
        k, change = enter(r, 0.0, v, mu, r_numbers, r_integers, w_numbers, f_numbers, f_z, f_l, f_work, k, recheck)
        capped += change
    return order.size, k, capped


__all__ = ["DONE", "GROW", "STALLED", "crash", "refit"]
