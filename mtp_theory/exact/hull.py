"""The convex hull of a box with integer features and one-hot groups, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from .numbers import rational, root


class Hull:
    """Bounds ``lower`` and ``upper`` (d,); ``groups`` (d,) numbers the groups, -1: none.

    ``exactly_one``: the members of a group sum to 1, otherwise to at most 1.
    """

    def __init__(
        self, lower: NDArray[np.float64], upper: NDArray[np.float64], groups: NDArray[np.int64], exactly_one: bool
    ) -> None:
        self.low, self.high = [rational(v) for v in lower], [rational(v) for v in upper]
        self._alone = (groups < 0).tolist()
        self._members = [np.flatnonzero(groups == g).tolist() for g in np.unique(groups[groups >= 0])]
        self._exactly_one = exactly_one

    def support(self, form: Sequence[fmpq]) -> fmpq:
        """Maximum of a linear form."""
        free = zip(form, self.low, self.high, self._alone, strict=True)
        total = sum((max(w * a, w * b) for w, a, b, alone in free if alone), fmpq(0))
        for members in self._members:
            best = max(form[j] for j in members)
            total += best if self._exactly_one else max(fmpq(0), best)
        return total

    def largest_norm(self, bias: bool) -> fmpq:
        """At least |(x, 1)| for every x of the hull (|x| without the bias feature)."""
        corner = sum((max(a * a, b * b) for a, b in zip(self.low, self.high, strict=True)), fmpq(int(bias)))
        return root(corner)


__all__ = ["Hull"]
