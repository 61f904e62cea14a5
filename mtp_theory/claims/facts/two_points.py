r"""Does a pair of points, one of each label, do the work of n points? Decided exactly for one feature and a bias."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from ...exact import vectors as v
from ...exact.vectors import Vector
from .drawing import Draw
from .kinds import Facts

#: X = [0, 4]; the second feature is the bias.
LOW, HIGH = Fraction(0), Fraction(4)


@dataclass(frozen=True, kw_only=True)
class TwoPointFacts(Facts):
    """A model that ``points`` added points train; ``fewest``: how many suffice if only two are distinct, one of each label.

    ``fewest`` is points + 1 where no such set of at most ``points`` does.
    """

    points: int
    fewest: int


@dataclass(frozen=True)
class Span:
    """An interval of features, its ends included or not."""

    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, x: Fraction) -> bool:
        above = x > self.low if self.low_open else x >= self.low
        return above and (x < self.high if self.high_open else x <= self.high)

    @property
    def empty(self) -> bool:
        """Does it hold nothing?"""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))


def active_features(theta: Vector, y: int) -> tuple[Span, Fraction, bool]:
    """Features at which a point of label y has a margin below 1, the feature at which it is 1, is the latter in X?"""
    w, b = theta
    kink = (y - b) / w
    if y * w > 0:
        span = Span(LOW, min(kink, HIGH), high_open=kink <= HIGH)
    else:
        span = Span(max(kink, LOW), HIGH, low_open=kink >= LOW)
    return span, kink, LOW <= kink <= HIGH


def _pairs(theta: Vector, rest: Vector, p: int, q: int) -> Iterator[bool]:
    """For each state of the two points: can p of the first (+1) and q of the second (-1) pull with ``rest``?"""
    (plus, x, x_in), (minus, u, u_in) = active_features(theta, 1), active_features(theta, -1)
    r, s = rest
    for first, second in product("nak", repeat=2):
        # n: none, or inactive; a: active; k: at the kink
        if (first != "n" and p == 0) or (second != "n" and q == 0):
            continue
        if (first == "n" and p > 0 and not _idle(theta, 1)) or (second == "n" and q > 0 and not _idle(theta, -1)):
            continue
        if (first == "k" and not x_in) or (second == "k" and not u_in):
            continue
        if (first == "a" and plus.empty) or (second == "a" and minus.empty):
            continue
        a, b = Fraction(p), Fraction(q)
        if first + second == "nn":
            yield r == s == 0
        elif first + second == "an":
            yield s == a and r / a in plus
        elif first + second == "na":
            yield s == -b and -r / b in minus
        elif first + second == "aa":
            low, high = a * plus.low - b * minus.high, a * plus.high - b * minus.low
            yield s == a - b and r in Span(
                low, high, plus.low_open or minus.high_open, plus.high_open or minus.low_open
            )
        elif first + second == "kn":
            yield 0 <= s <= a and r == s * x
        elif first + second == "nk":
            yield 0 <= -s <= b and r == s * u
        elif first + second == "ak":
            yield 0 <= a - s <= b and (r + (a - s) * u) / a in plus
        elif first + second == "ka":
            yield 0 <= s + b <= a and ((s + b) * x - r) / b in minus
        else:
            pull = (r - s * u) / (x - u)
            yield 0 <= pull <= a and 0 <= pull - s <= b


def _idle(theta: Vector, y: int) -> bool:
    """Is there a point of that label whose margin is at least 1?"""
    return max(y * (theta[0] * x + theta[1]) for x in (LOW, HIGH)) >= 1


def fewest_two(clean: list[Vector], theta: Vector, c: Fraction, most: int) -> int | None:
    """The fewest points, at most ``most``; most + 1 if there are none; None where a clean point is at its kink or w = 0."""
    if theta[0] == 0 or any(v.dot(theta, z) == 1 for z in clean):
        return None
    pull = tuple(sum((z[i] for z in clean if v.dot(theta, z) < 1), v.ZERO) for i in range(2))
    for k in range(most + 1):
        rest = v.combine((len(clean) + k) * c, theta, -v.ONE, pull)
        if any(any(_pairs(theta, rest, p, k - p)) for p in range(k + 1)):
            return k
    return most + 1


def two_point_facts(clean: list[Vector], poison: list[Vector], c: Fraction, description: str) -> TwoPointFacts:
    """Facts of the model that signed points z = y (x, 1) train."""
    theta = v.erm([*clean, *poison], c)
    found = fewest_two(clean, theta, c, len(poison))
    # nothing to decide: the points themselves
    fewest = len(poison) if found is None else found
    return TwoPointFacts(description=f"{description}, model {theta}", points=len(poison), fewest=fewest)


def two_points(draw: Draw) -> TwoPointFacts:
    """One or two clean points and one to three added ones."""

    def point() -> Vector:
        y = draw.pick((-1, 1))
        return (y * Fraction(draw.integer(0, 8), 2), Fraction(y))

    clean = [point() for _ in range(draw.integer(1, 2))]
    poison = [point() for _ in range(draw.integer(1, 3))]
    c = draw.pick((Fraction(1, 4), Fraction(1), Fraction(2)))
    return two_point_facts(clean, poison, c, f"X = [0, 4] with a bias, C_R = {c}, clean {clean}, added {poison}")


__all__ = ["TwoPointFacts", "fewest_two", "two_point_facts", "two_points"]
