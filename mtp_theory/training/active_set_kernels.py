r"""Compiled rounds of the dual active set for the hinge loss; the mathematics is in ``active_set``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .active_set_state import CAPPED, USED, ZERO, Anchors, FreeSet, RowState, Watch
from .free_set import enter, polish, solve_free
from .kernels import dot, row_axpy
from .screening import BATCH, SKETCH_ROUNDING, enlist, make_watch_list, outgrown, screen, set_anchor

#: Codes of ``refit``.
DONE, GROW, STALLED = 0, 1, 2


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


__all__ = ["DONE", "GROW", "STALLED", "admit", "crash", "refit"]
