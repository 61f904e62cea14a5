r"""Feature domains X: where a poisoning point's features may lie (bias not included).

A domain answers three questions: is x inside, what is the largest value of a linear
form over it, and (in :mod:`mtp_theory.shadow`) what does it look like under two linear forms.
Labels are unconstrained unless the domain is a :class:`PerLabel`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

from .errors import InputError, UndecidedError
from .losses import Array

#: Rounding slack of the membership tests, relative to the magnitude of the bound.
MEMBERSHIP_TOLERANCE = 1e-9


class Domain(ABC):
    """A non-empty compact set of feature vectors."""

    dim: int

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


def _finite_vector(name: str, value: ArrayLike, dim: int | None = None) -> Array:
    v = np.array(value, dtype=np.float64)
    if v.ndim != 1 or v.size == 0 or (dim is not None and v.size != dim):
        wanted = f"({dim},)" if dim is not None else "(d,) with d >= 1"
        raise InputError(f"domain: {name} has shape {v.shape}; give shape {wanted}")
    if not np.isfinite(v).all():
        raise InputError(f"domain: {name} has a value that is not finite; bounds must be finite numbers")
    v.setflags(write=False)
    return v


@dataclass(frozen=True, eq=False)
class Box(Domain):
    r"""Product of intervals, :math:`\{x : l \le x \le u\}`; l = u fixes a feature."""

    lower: Array
    upper: Array
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lower", _finite_vector("lower", self.lower))
        object.__setattr__(self, "upper", _finite_vector("upper", self.upper, self.lower.size))
        bad = np.flatnonzero(self.lower > self.upper)
        if bad.size:
            j = int(bad[0])
            raise InputError(
                f"domain: empty box, lower {self.lower[j]:g} > upper {self.upper[j]:g} at feature {j}; swap the bounds"
            )
        object.__setattr__(self, "dim", int(self.lower.size))

    @staticmethod
    def unit(dim: int) -> Box:
        """The box [0, 1]^d."""
        return Box(np.zeros(dim), np.ones(dim))

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        v = np.asarray(x, dtype=np.float64)
        room = tolerance * np.maximum(1.0, np.maximum(np.abs(self.lower), np.abs(self.upper)))
        return bool(v.shape == (self.dim,) and np.all(v >= self.lower - room) and np.all(v <= self.upper + room))

    def support(self, direction: Array) -> tuple[float, Array]:
        x = np.where(direction > 0, self.upper, self.lower)
        return float(direction @ x), x


@dataclass(frozen=True, eq=False)
class MixedBox(Domain):
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

    def __post_init__(self) -> None:
        d = self.box.dim
        object.__setattr__(self, "dim", d)
        integer = np.array(self.integer, dtype=bool)
        groups = np.array(self.groups, dtype=np.int64)
        if integer.shape != (d,) or groups.shape != (d,):
            raise InputError(f"domain: integer {integer.shape} and groups {groups.shape} must have shape ({d},)")
        if self.group_rule not in ("at_most_one", "exactly_one"):
            raise InputError(f"domain: group_rule {self.group_rule!r}; give 'at_most_one' or 'exactly_one'")
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
        object.__setattr__(self, "integer", integer)
        object.__setattr__(self, "groups", groups)

    @property
    def lower(self) -> Array:
        return self.box.lower

    @property
    def upper(self) -> Array:
        return self.box.upper

    def group_members(self) -> list[NDArray[np.intp]]:
        """Feature indices of each group, by ascending group number."""
        return [np.flatnonzero(self.groups == g) for g in np.unique(self.groups[self.groups >= 0])]

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
        _, x = self.box.support(direction)
        x = x.copy()
        for members in self.group_members():
            x[members] = 0.0
            best = members[np.argmax(direction[members])]
            if self.group_rule == "exactly_one" or direction[best] > 0:
                x[best] = 1.0
        return float(direction @ x), x

    @property
    def relaxation(self) -> Domain:
        """The convex hull: integrality dropped; groups become simplices."""
        if np.all(self.groups < 0):
            return self.box
        return GroupedBox(self.box, self.groups, self.group_rule)


@dataclass(frozen=True, eq=False)
class GroupedBox(Domain):
    """A box whose groups are (sub-)simplices: the convex hull of a :class:`MixedBox`."""

    box: Box
    groups: NDArray[np.int64]
    group_rule: str = "at_most_one"
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "dim", self.box.dim)

    def _mixed(self) -> MixedBox:
        return MixedBox(self.box, np.zeros(self.dim, dtype=bool), self.groups, self.group_rule)

    def group_members(self) -> list[NDArray[np.intp]]:
        """Feature indices of each group, by ascending group number."""
        return self._mixed().group_members()

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        v = np.asarray(x, dtype=np.float64)
        if not self.box.contains(v, tolerance):
            return False
        sums = np.array([v[m].sum() for m in self.group_members()])
        low = 1.0 if self.group_rule == "exactly_one" else 0.0
        return bool(np.all(sums <= 1 + tolerance) and np.all(sums >= low - tolerance))

    def support(self, direction: Array) -> tuple[float, Array]:
        return self._mixed().support(direction)


@dataclass(frozen=True, eq=False)
class L2Ball(Domain):
    r"""Euclidean ball :math:`\{x : |x - c|_2 \le r\}`."""

    centre: Array
    radius: float
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "centre", _finite_vector("centre", self.centre))
        _check_radius(self.radius)
        object.__setattr__(self, "dim", int(self.centre.size))

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        v = np.asarray(x, dtype=np.float64)
        room = tolerance * max(1.0, self.radius, float(np.abs(self.centre).max()))
        return v.shape == (self.dim,) and float(np.linalg.norm(v - self.centre)) <= self.radius + room

    def support(self, direction: Array) -> tuple[float, Array]:
        norm = float(np.linalg.norm(direction))
        x = self.centre + (self.radius / norm) * direction if norm > 0 else self.centre.copy()
        return float(direction @ x), x


@dataclass(frozen=True, eq=False)
class L1Ball(Domain):
    r"""Cross-polytope :math:`\{x : |x - c|_1 \le r\}`."""

    centre: Array
    radius: float
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "centre", _finite_vector("centre", self.centre))
        _check_radius(self.radius)
        object.__setattr__(self, "dim", int(self.centre.size))

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        v = np.asarray(x, dtype=np.float64)
        room = tolerance * max(1.0, self.radius, float(np.abs(self.centre).max()))
        return v.shape == (self.dim,) and float(np.abs(v - self.centre).sum()) <= self.radius + room

    def support(self, direction: Array) -> tuple[float, Array]:
        j = int(np.argmax(np.abs(direction)))
        x = self.centre.copy()
        x[j] += self.radius * float(np.sign(direction[j]))
        return float(direction @ x), x


def _check_radius(radius: float) -> None:
    if not (np.isfinite(radius) and radius >= 0):
        raise InputError(f"domain: radius {radius!r}; give a finite number >= 0")


@dataclass(frozen=True, eq=False)
class Polytope(Domain):
    r"""Bounded polytope :math:`\{x : A x \le b\}`, A of shape (rows, d); linear programs by HiGHS."""

    a: Array
    b: Array
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        a = np.array(self.a, dtype=np.float64)
        if a.ndim != 2 or 0 in a.shape or not np.isfinite(a).all():
            raise InputError(f"domain: A has shape {a.shape}; give a finite matrix (rows, d)")
        a.setflags(write=False)
        object.__setattr__(self, "a", a)
        object.__setattr__(self, "b", _finite_vector("b", self.b, a.shape[0]))
        object.__setattr__(self, "dim", int(a.shape[1]))
        if linprog(np.zeros(self.dim), self.a, self.b, bounds=(None, None)).status == 2:
            raise InputError("domain: the polytope A x <= b is empty; relax a row")
        for j in range(self.dim):
            for sign in (1.0, -1.0):
                direction = np.zeros(self.dim)
                direction[j] = sign
                self.support(direction)

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        v = np.asarray(x, dtype=np.float64)
        if v.shape != (self.dim,):
            return False
        room = tolerance * (1.0 + np.abs(self.b) + np.abs(self.a) @ np.abs(v))
        return bool(np.all(self.a @ v <= self.b + room))

    def support(self, direction: Array) -> tuple[float, Array]:
        result = linprog(-direction, self.a, self.b, bounds=(None, None), method="highs")
        if result.status == 3:
            raise InputError("domain: the polytope A x <= b is unbounded; add rows that bound every direction")
        if result.status != 0:
            raise UndecidedError(f"linear program over the polytope not solved: {result.message}")
        return float(direction @ result.x), np.asarray(result.x, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class PerLabel(Domain):
    """A domain for each label; ``None`` where the attacker may not use that label."""

    negative: Domain | None
    positive: Domain | None
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        given = [d for d in (self.negative, self.positive) if d is not None]
        if not given:
            raise InputError("domain: no label is allowed; give a domain for -1, for +1, or for both")
        if any(isinstance(d, PerLabel) for d in given) or len({d.dim for d in given}) != 1:
            raise InputError("domain: the two labels' domains must be plain domains of one dimension")
        object.__setattr__(self, "dim", given[0].dim)

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        return any(d.contains(x, tolerance) for d in (self.negative, self.positive) if d is not None)

    def support(self, direction: Array) -> tuple[float, Array]:
        return max(
            (d.support(direction) for d in (self.negative, self.positive) if d is not None), key=lambda pair: pair[0]
        )

    @property
    def relaxation(self) -> Domain:
        return PerLabel(
            None if self.negative is None else self.negative.relaxation,
            None if self.positive is None else self.positive.relaxation,
        )


def labelled(domain: Domain) -> list[tuple[int, Domain]]:
    """The domain of each allowed label, in the order of the tie rule: -1, then +1."""
    if isinstance(domain, PerLabel):
        pairs = ((-1, domain.negative), (1, domain.positive))
        return [(label, d) for label, d in pairs if d is not None]
    return [(-1, domain), (1, domain)]


__all__ = [
    "Box",
    "Domain",
    "GroupedBox",
    "L1Ball",
    "L2Ball",
    "MixedBox",
    "PerLabel",
    "Polytope",
    "labelled",
]
