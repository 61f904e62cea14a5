"""Boxes with integer features and one-hot groups."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import inputs
from ..errors import InputError
from ..losses import Array
from .base import MEMBERSHIP_TOLERANCE, Boxed, Domain
from .box import Box
from .grouped_box import GroupedBox, best_corner

#: Integers up to this size are float64 numbers.
EXACT_INTEGER = 2**53


@dataclass(frozen=True, eq=False)
class MixedBox(Boxed):
    """A box with integer features and one-hot groups.

    ``integer`` (d,) marks features that take every integer in [lower, upper]. ``groups`` (d,) numbers
    disjoint groups of 0/1 features (-1: none); ``group_rule`` says whether at most one
    or exactly one member of each group is 1. Members of groups are integer with bounds 0 and 1.
    """

    box: Box
    integer: NDArray[np.bool_]
    groups: NDArray[np.int64]
    group_rule: str = "at_most_one"
    dim: int = field(init=False)
    lower: Array = field(init=False, repr=False)
    upper: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        inputs.instance("domain: box", self.box, Box, "a Box(lower, upper)")
        d = self.box.dim
        object.__setattr__(self, "dim", d)
        integer = np.array(inputs.numbers("domain: integer", self.integer), dtype=bool)
        given = inputs.finite("domain: groups", self.groups)
        if given.min(initial=0) < -1 or given.max(initial=0) > EXACT_INTEGER:
            raise InputError(f"domain: groups {inputs.shown(self.groups)}; number them from 0, -1 for none")
        groups = np.array(given, dtype=np.int64)
        if integer.shape != (d,) or groups.shape != (d,):
            raise InputError(f"domain: integer {integer.shape} and groups {groups.shape} must have shape ({d},)")
        inputs.one_of("domain: group_rule", self.group_rule, ("at_most_one", "exactly_one"))
        grouped = groups >= 0
        if np.any(self.box.lower[grouped] != 0) or np.any(self.box.upper[grouped] != 1):
            j = int(np.flatnonzero(grouped & ((self.box.lower != 0) | (self.box.upper != 1)))[0])
            raise InputError(
                f"domain: feature {j} of group {groups[j]} has bounds [{self.box.lower[j]:g}, {self.box.upper[j]:g}];"
                " members of a group need 0 and 1"
            )
        integer = integer | grouped
        lower, upper = np.ceil(self.box.lower), np.floor(self.box.upper)
        empty = np.flatnonzero(integer & (lower > upper))
        if empty.size:
            j = int(empty[0])
            raise InputError(
                f"domain: no integer in [{self.box.lower[j]:g}, {self.box.upper[j]:g}] at feature {j}; widen the bounds"
            )
        tight = Box(np.where(integer, lower, self.box.lower), np.where(integer, upper, self.box.upper))
        integer.setflags(write=False)
        groups.setflags(write=False)
        object.__setattr__(self, "box", tight)
        object.__setattr__(self, "lower", tight.lower)
        object.__setattr__(self, "upper", tight.upper)
        object.__setattr__(self, "integer", integer)
        object.__setattr__(self, "groups", groups)

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        v = np.asarray(x, dtype=np.float64)
        if not self.box.contains(v, tolerance):
            return False
        whole = v[self.integer]
        if np.any(np.abs(whole - np.rint(whole)) > tolerance):
            return False
        return self._groups_hold(np.rint(v))

    def _groups_hold(self, v: Array) -> bool:
        sums = [float(v[m].sum()) for m in self.group_members()]
        if self.group_rule == "exactly_one":
            return all(s == 1 for s in sums)
        return all(s <= 1 for s in sums)

    def support(self, direction: Array) -> tuple[float, Array]:
        return best_corner(self, self.box, direction)

    @property
    def relaxation(self) -> Domain:
        """The convex hull: integrality dropped; groups become simplices."""
        if np.all(self.groups < 0):
            return self.box
        return GroupedBox(self.box, self.groups, self.group_rule)

    @property
    def convex(self) -> bool:
        return not self.integer.any()


__all__ = ["MixedBox"]
