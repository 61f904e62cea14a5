"""What every domain of added points' features is, and what boxes have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import inputs
from ..errors import InputError
from ..losses import Array

#: Rounding slack of the membership tests, relative to the magnitude of the bound.
MEMBERSHIP_TOLERANCE = 1e-9


class Domain(ABC):
    """A non-empty compact set of feature vectors."""

    dim: int
    #: May every point carry either label?
    both_labels: bool = True

    @abstractmethod
    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        """Is the vector x, shape (d,), inside (up to relative rounding ``tolerance``)?"""

    @abstractmethod
    def support(self, direction: Array) -> tuple[float, Array]:
        r"""Maximum of :math:`\langle c, x\rangle` over the domain and a maximiser, shape (d,)."""

    @property
    def relaxation(self) -> Domain:
        """A convex domain that contains this one; the domain itself where it is convex."""
        return self

    @property
    def convex(self) -> bool:
        """Is the domain its own convex hull?"""
        return self.relaxation is self

    @property
    def boxed(self) -> Boxed | None:
        """The domain itself where it is a box, with integer features and groups or without; else None."""
        return None

    def labelled(self) -> list[tuple[int, Domain]]:
        """The domain of each allowed label, in the order of the tie rule: -1, then +1."""
        return [(-1, self), (1, self)]

    def reach(self) -> Array:
        """At least |x_j| on the domain for each feature, shape (d,)."""
        out = np.zeros(self.dim)
        for j in range(self.dim):
            for sign in (1.0, -1.0):
                direction = np.zeros(self.dim)
                direction[j] = sign
                out[j] = max(out[j], abs(self.certain_support(direction)[0]))
        return out

    def norm_bound(self) -> float:
        """At least the Euclidean norm on the domain."""
        axes = np.eye(self.dim)
        return float(np.linalg.norm([max(self.support(e)[0], self.support(-e)[0]) for e in axes]))

    def certain_support(self, direction: Array) -> tuple[float, Array]:
        """As ``support``, with a value that no solver's tolerance makes too small."""
        return self.support(direction)

    def pulled_in(self, x: Array) -> Array:
        """x without the rounding that takes it out of the domain, where that is easily seen; else x."""
        return x


class Boxed(Domain):
    """A box whose features may be integer or members of one-hot groups, or the convex hull of such a set.

    ``lower`` and ``upper`` (d,) bound the features, ``integer`` (d,) marks those that take whole numbers only;
    ``groups`` (d,) numbers groups, -1: none;
    ``group_rule``: at most or exactly one member of each group is 1 (members sum to at most or exactly 1).
    """

    lower: Array
    upper: Array
    integer: NDArray[np.bool_]
    groups: NDArray[np.int64]
    group_rule: str

    @property
    def boxed(self) -> Boxed:
        return self

    @property
    def exactly_one(self) -> bool:
        """Is exactly one member of each group 1?"""
        return self.group_rule == "exactly_one"

    def group_members(self) -> list[NDArray[np.intp]]:
        """Feature indices of each group, by ascending group number."""
        return [np.flatnonzero(self.groups == g) for g in np.unique(self.groups[self.groups >= 0])]

    def middle(self) -> Array:
        """A point of the hull away from its bounds (relative to the groups that sum to exactly 1), shape (d,)."""
        middle = 0.5 * (self.lower + self.upper)
        for members in self.group_members():
            middle[members] = 1.0 / (members.size + int(not self.exactly_one))
        return np.asarray(middle)

    def pulled_in(self, x: Array) -> Array:
        return np.clip(x, self.lower, self.upper)


def finite_vector(name: str, value: ArrayLike, dim: int | None = None) -> Array:
    """A read-only vector of finite numbers. Raises InputError."""
    v = np.array(inputs.numbers(f"domain: {name}", value), dtype=np.float64)
    if v.ndim != 1 or v.size == 0 or (dim is not None and v.size != dim):
        wanted = f"({dim},)" if dim is not None else "(d,) with d >= 1"
        raise InputError(f"domain: {name} has shape {v.shape}; give shape {wanted}")
    if not np.isfinite(v).all():
        raise InputError(f"domain: {name} has a value that is not finite; bounds must be finite numbers")
    v.setflags(write=False)
    return v


__all__ = ["MEMBERSHIP_TOLERANCE", "Boxed", "Domain", "finite_vector"]
