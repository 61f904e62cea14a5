r"""Dual coordinate descent for the hinge loss: a rough start for the active set.

Minimises :math:`\frac12|v|^2 - \mu\sum_i\alpha_i` over :math:`0 \le \alpha_i \le k_i`, with
:math:`v = \sum_i\alpha_i z_i`, one coordinate at a time in random order, setting rows aside that rest at a
bound (Hsieh et al., "A dual coordinate descent method for large-scale linear SVM", ICML 2008).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...kernel import kernel
from ..kernels import row_axpy, row_dot

#: Stop when no margin of a row in play errs by more than this: the active set does the rest.
LOOSE = 0.02
MAX_EPOCHS = 60


@kernel()
def coordinate_descent(
    clean: Any, n_clean: int, added: Any, scale: float, bias: bool, labels: Any, counts: Any, norms: Any, mu: float,
    alpha: Any, v: Any, loose: float, max_epochs: int,
) -> int:  # fmt: skip
    """Improve ``alpha`` (n,) and ``v`` (dim,) in place; returns the number of epochs. Deterministic."""
    n = labels.size
    d = v.size - 1 if bias else v.size
    order = np.arange(n)
    size = n
    # Multiplier and increment of Knuth's MMIX generator; the shuffle needs no quality beyond that.
    state = np.uint64(1)
    upper, lower = np.inf, -np.inf
    epochs = 0
    while epochs < max_epochs:
        epochs += 1
        highest, lowest = -np.inf, np.inf
        for p in range(size - 1, 0, -1):
            state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
            q = np.int64((state >> np.uint64(33)) % np.uint64(p + 1))
            order[p], order[q] = order[q], order[p]
        p = 0
        while p < size:
            i = order[p]
            if counts[i] == 0.0 or norms[i] == 0.0:
                alpha[i] = counts[i]
                size -= 1
                order[p], order[size] = order[size], order[p]
                continue
            inner = row_dot(clean, i, v[:d]) / scale if i < n_clean else row_dot(added, i - n_clean, v[:d])
            if bias:
                inner += v[d]
            error = labels[i] * inner / mu - 1.0  # gradient of the dual in alpha_i, divided by mu
            projected = error
            if alpha[i] == 0.0:
                if error > upper:
                    size -= 1
                    order[p], order[size] = order[size], order[p]
                    continue
                projected = min(error, 0.0)
            elif alpha[i] == counts[i]:
                if error < lower:
                    size -= 1
                    order[p], order[size] = order[size], order[p]
                    continue
                projected = max(error, 0.0)
            highest, lowest = max(highest, projected), min(lowest, projected)
            if projected != 0.0:
                value = min(max(alpha[i] - mu * error / (norms[i] * norms[i]), 0.0), counts[i])
                change = labels[i] * (value - alpha[i])
                alpha[i] = value
                if i < n_clean:
                    row_axpy(clean, i, change / scale, v[:d])
                else:
                    row_axpy(added, i - n_clean, change, v[:d])
                if bias:
                    v[d] += change
            p += 1
        if highest - lowest <= loose:
            break
        upper = highest if highest > 0.0 else np.inf
        lower = lowest if lowest < 0.0 else -np.inf
    return epochs


__all__ = ["LOOSE", "MAX_EPOCHS", "coordinate_descent"]
