r"""Which of the watched rows are on the wrong side of margin 1.

The bound behind it is in ``active_set``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ..kernels import ROUNDING, dot, quick_dots, row_dot
from ..rows.added import quick_added_dots
from .state import Anchors, RowState, Watch

#: Rows that enter the free set in one round at most.
BATCH = 8
#: A margin counts as on the wrong side beyond this error (relative to 1 + the rounding of <theta, z>).
WRONG_SIDE = 1e-12


@njit(cache=True, fastmath={"reassoc", "contract"})
def moved(sketch: Any, i: int, shift: Any, a: int) -> Any:
    """Change of a margin within the span of U: row i of the sketches, row a of the shifts."""
    total = np.float32(0.0)
    for q in range(sketch.shape[1]):
        total += sketch[i, q] * shift[a, q]
    return total


@njit(cache=True)
def look(
    clean: Any, n_clean: int, added: Any, coded: Any, w: Any, theta: Any, watch: Watch, doubtful: Any
) -> tuple[Any, Any]:  # fmt: skip
    """<x_i, w> of the doubtful rows of the watch list, and its error as a share of |x_i| |w|."""
    single, size = w.astype(np.float32), doubtful.size
    inners, shares = np.empty(size), np.empty(size)
    which, at = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    read, errors = np.empty(size), np.empty(size)
    # Clean rows from the front, added ones from the back.
    front, back = 0, size
    for k in range(size):
        r = watch.row[doubtful[k]]
        if r < n_clean:
            which[front], at[front] = r, k
            front += 1
        else:
            back -= 1
            which[back], at[back] = r - n_clean, k
    errors[:front] = quick_dots(clean, which[:front], w, single, read[:front])
    quick_added_dots(added, coded, which[front:], theta[: w.size], w, single, read[front:], errors[front:])
    for k in range(size):
        inners[at[k]], shares[at[k]] = read[k], errors[k]
    return inners, shares


@njit(cache=True)
def screen(
    clean: Any, n_clean: int, added: Any, coded: Any, w: Any, theta: Any, bias: float, rows: RowState, watch: Watch,
    anchors: Anchors, latest: int, noise: float, worst: Any, score: Any,
) -> tuple[int, float, int]:  # fmt: skip
    """Look at the watched rows that may have changed sides; collect the worst wrong ones.

    Returns the number of collected rows (at most BATCH, in ``worst`` with ``score``), the sum of k |1 - m| over all
    rows on the wrong side, and the number of rows looked at. ``noise``: rounding of theta.
    """
    size, model = np.sqrt(dot(theta, theta)), theta[: w.size]
    entries, sketch, shift = watch.used[0], watch.sketch, anchors.shift
    doubtful, looked = np.empty(entries, dtype=np.int64), 0
    for i in range(entries):
        side, a = watch.side[i], watch.anchor[i]
        step = anchors.steps[a]
        margin = watch.margin[i] + step * watch.drift[i] + moved(sketch, i, shift, a)
        # The drift is a difference of two margins.
        rounding = (1.0 + 2.0 * abs(step)) * watch.error[i]
        certain = side * (margin - 1.0) >= rounding + watch.outside[i] * anchors.outside[a]
        # No branch: which rows are in doubt cannot be foreseen.
        doubtful[looked] = i
        looked += int((not certain) & (side != 0.0))
    inners, shares = look(clean, n_clean, added, coded, w, theta, watch, doubtful[:looked])
    total, found = 0.0, 0
    for k in range(looked):
        i, inner, share = doubtful[k], inners[k], shares[k]
        side, r = watch.side[i], watch.row[i]
        if share > ROUNDING and abs(rows.label[r] * (inner + bias) - 1.0) < share * size * rows.norm[r]:
            # In doubt still: once more in float64.
            inner = row_dot(clean, r, w) if r < n_clean else row_dot(added, r - n_clean, model)
            share = ROUNDING
        margin, norm = rows.label[r] * (inner + bias), rows.norm[r]
        wrong = side * (1.0 - margin)
        # The drift keeps the error of the margins at the centres, however exact this one is.
        watch.margin[i], watch.anchor[i] = margin, latest
        watch.error[i] = max(watch.share[0], share * size) * norm
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


__all__ = ["BATCH", "screen"]
