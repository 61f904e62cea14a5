"""Points from anywhere, put through the same training and the same measures as an attack's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..goal import Goal, check_rows
from ..losses import Array
from .base import Attack, Batch, Budget, Requires


@dataclass(frozen=True, eq=False)
class Given(Attack):
    """These points, ``X`` (k, d) with labels ``y`` (k,), each ``counts`` (k,) times (default once), all at once."""

    X: Array
    y: Array
    counts: NDArray[Any] | None = None

    name = "given"
    requires = Requires(stop=False)

    def points(self, goal: Goal, budget: Budget) -> Iterator[Batch]:
        if len(self.X) == 0:
            return
        X, y = check_rows(goal.problem, self.X, self.y)
        counts = np.ones(y.size, dtype=np.int64) if self.counts is None else np.asarray(self.counts)
        if counts.shape != y.shape or counts.dtype.kind not in "iu" or (counts < 0).any():
            raise InputError(f"points: counts has dtype {counts.dtype}, shape {counts.shape}; give integers >= 0")
        yield Batch(X, y, counts.astype(np.int64))

    def options(self) -> dict[str, Any]:
        return {"points": len(self.y)}


__all__ = ["Given"]
