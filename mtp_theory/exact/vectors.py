r"""The hinge loss in d dimensions, in exact rational arithmetic.

Vectors are tuples of Fractions, labels -1 and +1, no bias (a bias is a feature that is constantly 1). The
loss-based distance over a convex set X with support function h has a formula without any search: with
:math:`(1-v)_+ = \max_{0\le\lambda\le1}\lambda(1-v)` and the minimax theorem,

.. math:: D(\theta,\theta') = \max_y \max\Bigl\{ \min_{0\le\lambda\le1} (1-\lambda)
          + h\bigl(y(\lambda\theta'-\theta)\bigr),\; -\bigl(1-h(y\theta')\bigr)_+ \Bigr\},

and for boxes and l1 balls the minimum of a piecewise linear function of :math:`\lambda` is at one of its breakpoints.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

from ..errors import InputError

Vector = tuple[Fraction, ...]
ZERO, ONE = Fraction(0), Fraction(1)


def dot(a: Vector, b: Vector) -> Fraction:
    """Inner product."""
    return sum((x * y for x, y in zip(a, b, strict=True)), ZERO)


def combine(p: Fraction, a: Vector, q: Fraction, b: Vector) -> Vector:
    """p a + q b."""
    return tuple(p * x + q * y for x, y in zip(a, b, strict=True))


def minus(a: Vector, b: Vector) -> Vector:
    """a - b."""
    return combine(ONE, a, -ONE, b)


def l1_norm(a: Vector) -> Fraction:
    """Sum of absolute values."""
    return sum((abs(x) for x in a), ZERO)


def linf_norm(a: Vector) -> Fraction:
    """Largest absolute value."""
    return max(abs(x) for x in a)


def regulariser(a: Vector) -> Fraction:
    r""":math:`\frac12|\theta|_2^2`."""
    return dot(a, a) / 2


def positive_sum(a: Vector) -> Fraction:
    """l1 norm of the positive part."""
    return sum((x for x in a if x > 0), ZERO)


def vector(*values: int | str | Fraction) -> Vector:
    """A vector from integers, fractions or strings such as '3/10'."""
    return tuple(Fraction(v) for v in values)


class ConvexSet(ABC):
    """A convex compact set of feature vectors, known through its support function."""

    name: str

    @abstractmethod
    def support(self, direction: Vector) -> Fraction:
        """h(c), the largest value of <c, x>."""

    @abstractmethod
    def breakpoints(self, a: Vector, b: Vector) -> list[Fraction]:
        r"""All :math:`\lambda` at which :math:`\lambda \mapsto h(\lambda b - a)` may change its slope."""

    @abstractmethod
    def contains(self, x: Vector) -> bool:
        """Is x inside?"""

    @abstractmethod
    def corner(self, direction: Vector) -> Vector:
        """A point at which the support function's maximum is attained."""

    @abstractmethod
    def corners(self) -> list[Vector]:
        """All extreme points; exponentially many for a box."""


@dataclass(frozen=True)
class RationalBox(ConvexSet):
    """Product of intervals."""

    lower: Vector
    upper: Vector

    @property
    def name(self) -> str:  # type: ignore[override]
        """Readable description."""
        return "X = " + " x ".join(f"[{low}, {high}]" for low, high in zip(self.lower, self.upper, strict=True))

    def support(self, direction: Vector) -> Fraction:
        return sum(
            (max(c * low, c * high) for c, low, high in zip(direction, self.lower, self.upper, strict=True)), ZERO
        )

    def breakpoints(self, a: Vector, b: Vector) -> list[Fraction]:
        return [x / y for x, y in zip(a, b, strict=True) if y != 0]

    def contains(self, x: Vector) -> bool:
        return all(low <= v <= high for v, low, high in zip(x, self.lower, self.upper, strict=True))

    def corner(self, direction: Vector) -> Vector:
        return tuple(high if c > 0 else low for c, low, high in zip(direction, self.lower, self.upper, strict=True))

    def corners(self) -> list[Vector]:
        return list(product(*zip(self.lower, self.upper, strict=True)))


@dataclass(frozen=True)
class CrossPolytope(ConvexSet):
    """The l1 ball of radius q about 0."""

    radius: Fraction
    dim: int

    @property
    def name(self) -> str:  # type: ignore[override]
        """Readable description."""
        return f"X = l1 ball of radius {self.radius} in R^{self.dim}"

    def support(self, direction: Vector) -> Fraction:
        return self.radius * linf_norm(direction)

    def breakpoints(self, a: Vector, b: Vector) -> list[Fraction]:
        points = [x / y for x, y in zip(a, b, strict=True) if y != 0]
        for i, j in combinations(range(len(a)), 2):
            for sign in (1, -1):
                # lambda b_i - a_i = sign (lambda b_j - a_j)
                slope = b[i] - sign * b[j]
                if slope != 0:
                    points.append((a[i] - sign * a[j]) / slope)
        return points

    def contains(self, x: Vector) -> bool:
        return l1_norm(x) <= self.radius

    def corner(self, direction: Vector) -> Vector:
        k = max(range(self.dim), key=lambda i: abs(direction[i]))
        sign = 1 if direction[k] >= 0 else -1
        return tuple(sign * self.radius if i == k else ZERO for i in range(self.dim))

    def corners(self) -> list[Vector]:
        axes = range(self.dim)
        return [tuple(s * self.radius if i == k else ZERO for i in axes) for k in axes for s in (1, -1)]


def cube(radius: Fraction, dim: int) -> RationalBox:
    """The l_inf ball of that radius."""
    return RationalBox((-radius,) * dim, (radius,) * dim)


def unit_box(dim: int) -> RationalBox:
    """[0, 1]^d."""
    return RationalBox((ZERO,) * dim, (ONE,) * dim)


def hinge(theta: Vector, x: Vector, y: int) -> Fraction:
    r""":math:`(1 - y\langle\theta, x\rangle)_+`."""
    return max(ZERO, 1 - y * dot(theta, x))


def distance(domain: ConvexSet, theta: Vector, target: Vector) -> Fraction:
    """D(theta, target) of Definition 1 for the hinge loss over ``domain`` and both labels, without search."""
    best: Fraction | None = None
    for y in (-1, 1):
        a, b = combine(Fraction(y), theta, ZERO, theta), combine(Fraction(y), target, ZERO, target)
        inner = [t for t in domain.breakpoints(a, b) if 0 < t < 1]
        first = min((1 - t) + domain.support(combine(t, b, -ONE, a)) for t in (ZERO, ONE, *inner))
        second = -max(ZERO, 1 - domain.support(b))
        for value in (first, second):
            best = value if best is None or value > best else best
    assert best is not None
    return best


def edge_maximum(domain: ConvexSet, theta: Vector, target: Vector) -> Fraction:
    """The distance by brute force: the largest loss difference at corners and at kinks on segments between corners.

    The maximum is attained on an edge of the domain, where the difference is linear between the kinks.
    """
    points = domain.corners()
    best = max(hinge(theta, x, y) - hinge(target, x, y) for x in points for y in (-1, 1))
    for a, b in combinations(points, 2):
        for model in (theta, target):
            start, end = dot(model, a), dot(model, b)
            for y in (-1, 1):
                if start != end and 0 < (t := (y - start) / (end - start)) < 1:
                    x = combine(1 - t, a, t, b)
                    best = max(best, hinge(theta, x, y) - hinge(target, x, y))
    return best


def largest_margin(domain: ConvexSet, theta: Vector) -> Fraction:
    r""":math:`\sup_X|\langle\theta,x\rangle|`."""
    return max(domain.support(theta), domain.support(tuple(-t for t in theta)))


def ray_distance(theta: Vector, target: Vector) -> Fraction | None:
    r"""D over all of R^d: 1 - k where theta = k target with k in [0, 1]; None where it is infinite.

    Elsewhere some direction has its hinge losses grow apart without bound.
    """
    if theta == target:
        return ZERO
    if not any(target):
        return None
    k = dot(theta, target) / dot(target, target)
    if combine(k, target, ZERO, target) != theta or not 0 <= k <= 1:
        return None
    return 1 - k


def erm(points: Sequence[Vector], weight: Fraction) -> Vector:
    r"""Exact minimiser of the mean hinge loss of signed points z = y x plus ``weight`` times :math:`|\theta|^2/2`.

    Every point is slack, active or at its kink; the 3^n cases are tried until the optimality conditions hold. For a
    handful of points only.
    """
    if not points:
        raise InputError("erm: no data; give at least one point")
    n, d = len(points), len(points[0])
    scale = n * weight
    for states in product((0, 1, 2), repeat=n):
        active = [z for z, s in zip(points, states, strict=True) if s == 1]
        kinks = [z for z, s in zip(points, states, strict=True) if s == 2]
        base = tuple(sum((z[i] for z in active), ZERO) for i in range(d))
        slopes = _solve([[dot(a, b) for b in kinks] for a in kinks], [scale - dot(base, z) for z in kinks])
        if slopes is None or not all(0 <= s <= 1 for s in slopes):
            continue
        pull = base
        for s, z in zip(slopes, kinks, strict=True):
            pull = combine(ONE, pull, s, z)
        theta = combine(1 / scale, pull, ZERO, pull)
        margins = [dot(theta, z) for z in points]
        if all((m >= 1 and s == 0) or (m <= 1 and s == 1) or s == 2 for m, s in zip(margins, states, strict=True)):
            return theta
    raise AssertionError("unreachable: the minimiser has such a description with independent kinks")


def _solve(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """Gauss elimination; None for a singular matrix."""
    n = len(right)
    rows = [[*row, r] for row, r in zip(matrix, right, strict=True)]
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k] != 0), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [v / rows[k][k] for v in rows[k]]
        for i in range(n):
            if i != k and rows[i][k] != 0:
                rows[i] = [v - rows[i][k] * w for v, w in zip(rows[i], rows[k], strict=True)]
    return [row[n] for row in rows]


__all__ = [
    "ConvexSet",
    "CrossPolytope",
    "RationalBox",
    "Vector",
    "combine",
    "cube",
    "distance",
    "dot",
    "edge_maximum",
    "erm",
    "hinge",
    "l1_norm",
    "largest_margin",
    "linf_norm",
    "minus",
    "positive_sum",
    "ray_distance",
    "regulariser",
    "unit_box",
    "vector",
]
