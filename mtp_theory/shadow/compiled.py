r"""Compiled maximisers with their buffers: built-in loss, box or integer box, both labels."""

from __future__ import annotations

import numpy as np

from ..domains import Boxed, Domain
from ..losses import Array, MarginLoss
from .box import search_box
from .integer import NODE_LIMIT, search_integer
from .search import Found
from .select import BUCKETS


def served(loss: MarginLoss, domain: Domain) -> Boxed | None:
    """The domain as a box, if a compiled search can serve it (both labels, no groups) with this loss; else None."""
    box = domain.boxed
    return None if loss.kernel is None or box is None or np.any(box.groups >= 0) else box


class CompiledSearch:
    """Both labels of a box; buffers are allocated once.

    ``relaxed``: drop the integrality of a MixedBox.
    """

    def __init__(self, domain: Boxed, *, relaxed: bool = False) -> None:
        d = domain.dim
        # Writable copies: numba would compile anew for read-only arrays.
        self.lower, self.upper = domain.lower.copy(), domain.upper.copy()
        self.integer = domain.integer.copy() if domain.integer.any() else None
        self.relaxed = relaxed
        if self.integer is not None and not relaxed:
            self._x, self._found = np.empty(d), np.empty(3)
            return
        self._steps = np.empty((3, d))
        self._order = np.empty(d, dtype=np.int64)
        self._at_other = np.empty(d, dtype=np.bool_)
        self._start, self._sums = np.empty(BUCKETS + 1, dtype=np.int64), np.empty((BUCKETS + 1, 3))
        self._both = np.empty((2, d))
        self._bounds = np.empty((2, 3))

    def maximise(self, code: int, a: Array, a0: float, b: Array, b0: float, shift: float = 0.0) -> tuple[int, Found]:
        """Label and maximum for the forms of label +1, v moved by ``shift`` on both labels.

        Values that are not finite are left to the caller.
        """
        if self.integer is not None and not self.relaxed:
            y, complete = search_integer(
                code, a, a0, b, b0, shift, self.lower, self.upper, self.integer, NODE_LIMIT, self._x, self._found
            )
            value, low, high = self._found.tolist()
            return y, Found(self._x.copy(), value, low, high, complete)
        row = search_box(
            code, a, a0, b, b0, shift, self.lower, self.upper, self._steps, self._order, self._at_other, self._start,
            self._sums, self._both, self._bounds,
        )  # fmt: skip
        (_, low0, high0), (_, low1, high1) = bounds = self._bounds.tolist()
        lower = max(low0, low1)
        return 2 * row - 1, Found(
            self._both[row].copy(), bounds[row][0], lower, max(high0, high1, bounds[row][0]), True
        )


__all__ = ["CompiledSearch", "served"]
