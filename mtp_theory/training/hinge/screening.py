r"""Which of the watched rows are on the wrong side of margin 1.

The bound behind it is in ``active_set``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...kernel import kernel
from ..kernels import ROUNDING, dot, quick_dots, row_dot
from ..rows.added import quick_added_dots
from .state import (
    ANCHOR,
    COUNT,
    ENTRIES,
    ERROR,
    LABEL,
    NORM,
    OUT_OF_SPAN,
    REST,
    SEEN,
    SHARE,
    SIDE,
    STEP,
    TREND,
    WATCHED,
)  # fmt: skip

#: Rows that enter the free set in one round at most.
BATCH = 8
#: A margin counts as on the wrong side beyond this error (relative to 1 + the rounding of <theta, z>).
WRONG_SIDE = 1e-12


@kernel(inner=True, fastmath={"reassoc", "contract"})
def moved(sketch: Any, i: int, shift: Any, a: int) -> Any:
    """Change of a margin within the span of U: row i of the sketches, row a of the shifts."""
    total = np.float32(0.0)
    for q in range(sketch.shape[1]):
        total += sketch[i, q] * shift[a, q]
    return total


@kernel(inner=True)
def look(
    clean: Any, n_clean: int, added: Any, coded: Any, w: Any, theta: Any, entries: Any, doubtful: Any, inners: Any,
    shares: Any,
) -> None:  # fmt: skip
    """<x_i, w> of the doubtful rows of the watch list, and its error as a share of |x_i| |w|."""
    single, size = np.empty(w.size, dtype=np.float32), doubtful.size
    for j in range(w.size):
        single[j] = w[j]
    which, at = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    read, errors = np.empty(size), np.empty(size)
    # Clean rows from the front, added ones from the back.
    front, back = 0, size
    for k in range(size):
        r = entries[WATCHED, doubtful[k]]
        if r < n_clean:
            which[front], at[front] = r, k
            front += 1
        else:
            back -= 1
            which[back], at[back] = r - n_clean, k
    share = quick_dots(clean, which[:front], w, single, read[:front])
    for k in range(front):
        errors[k] = share
    quick_added_dots(added, coded, which[front:], theta[: w.size], w, single, read[front:], errors[front:])
    for k in range(size):
        inners[at[k]], shares[at[k]] = read[k], errors[k]


@kernel(inner=True)
def screen(
    clean: Any, n_clean: int, added: Any, coded: Any, w: Any, theta: Any, bias: float, rows: Any, watch: Any,
    entries: Any, sketch: Any, sizes: Any, counters: Any, shift: Any, parts: Any, latest: int, noise: float,
    worst: Any, score: Any,
) -> tuple[int, float, int]:  # fmt: skip
    """Look at the watched rows that may have changed sides; collect the worst wrong ones.

    Returns the number of collected rows (at most BATCH, in ``worst`` with ``score``), the sum of k |1 - m| over all
    rows on the wrong side, and the number of rows looked at. ``noise``: rounding of theta.
    """
    size, model = np.sqrt(dot(theta, theta)), theta[: w.size]
    doubtful, looked = np.empty(counters[ENTRIES], dtype=np.int64), 0
    for i in range(doubtful.size):
        side, a = watch[SIDE, i], entries[ANCHOR, i]
        step = parts[STEP, a]
        margin = watch[SEEN, i] + step * watch[TREND, i] + moved(sketch, i, shift, a)
        # The drift is a difference of two margins.
        rounding = (1.0 + 2.0 * abs(step)) * watch[ERROR, i]
        certain = side * (margin - 1.0) >= rounding + watch[REST, i] * parts[OUT_OF_SPAN, a]
        # No branch: which rows are in doubt cannot be foreseen.
        doubtful[looked] = i
        looked += int((not certain) & (side != 0.0))
    inners, shares = np.empty(looked), np.empty(looked)
    look(clean, n_clean, added, coded, w, theta, entries, doubtful[:looked], inners, shares)
    total, found = 0.0, 0
    for k in range(looked):
        i, inner, share = doubtful[k], inners[k], shares[k]
        side, r = watch[SIDE, i], entries[WATCHED, i]
        label, norm = rows[LABEL, r], rows[NORM, r]
        if share > ROUNDING and abs(label * (inner + bias) - 1.0) < share * size * norm:
            # In doubt still: once more in float64.
            inner = row_dot(clean, r, w) if r < n_clean else row_dot(added, r - n_clean, model)
            share = ROUNDING
        margin = label * (inner + bias)
        wrong = side * (1.0 - margin)
        # The drift keeps the error of the margins at the centres, however exact this one is.
        watch[SEEN, i], entries[ANCHOR, i] = margin, latest
        watch[ERROR, i] = max(sizes[SHARE], share * size) * norm
        if wrong <= 0.0:
            continue
        total += rows[COUNT, r] * wrong
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


__all__ = ["BATCH", "screen"]
