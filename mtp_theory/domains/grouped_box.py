"""Boxes with (sub-)simplices: the hulls of boxes with one-hot groups."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..losses import Array
from .base import MEMBERSHIP_TOLERANCE, Boxed
from .box import Box


@dataclass(frozen=True, eq=False)
class GroupedBox(Boxed):
    """A box whose groups are (sub-)simplices: the convex hull of a box with one-hot groups."""

    box: Box
    groups: NDArray[np.int64]
    group_rule: str = "at_most_one"
    dim: int = field(init=False)
    lower: Array = field(init=False, repr=False)
    upper: Array = field(init=False, repr=False)
    integer: NDArray[np.bool_] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "dim", self.box.dim)
        object.__setattr__(self, "groups", np.asarray(self.groups, dtype=np.int64))
        object.__setattr__(self, "lower", self.box.lower)
        object.__setattr__(self, "upper", self.box.upper)
        object.__setattr__(self, "integer", np.zeros(self.dim, dtype=bool))

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        v = np.asarray(x, dtype=np.float64)
        if not self.box.contains(v, tolerance):
            return False
        sums = np.array([v[m].sum() for m in self.group_members()])
        low = 1.0 if self.group_rule == "exactly_one" else 0.0
        return bool(np.all(sums <= 1 + tolerance) and np.all(sums >= low - tolerance))

    def support(self, direction: Array) -> tuple[float, Array]:
        return best_corner(self, self.box, direction)


def best_corner(domain: Boxed, box: Box, direction: Array) -> tuple[float, Array]:
    """Maximum of a linear form and where: the box's corner, of each group its best member or none."""
    _, x = box.support(direction)
    x = x.copy()
    for members in domain.group_members():
        x[members] = 0.0
        best = members[np.argmax(direction[members])]
        if domain.exactly_one or direction[best] > 0:
            x[best] = 1.0
    return float(direction @ x), x


__all__ = ["GroupedBox", "best_corner"]
