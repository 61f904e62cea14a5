"""The finders' exact numbers: python-flint's rationals and balls, and what is needed around them.

The checkers have an arithmetic of their own (:mod:`mtp_theory.certificates`); neither side imports the other's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from math import isqrt, lcm
from typing import Any, NamedTuple

from flint import arb, ctx, fmpq, fmpz

#: Bits of the balls; sums of 10^4 terms lose some 20 of them.
PRECISION = 256
#: :func:`root_above` rounds up to this many bits after the point, and to this many of its own where it is small.
ROOT_BITS = 60


class Whole(NamedTuple):
    """A vector as integers ``n`` over one positive denominator ``d``."""

    n: list[int]
    d: int

    @classmethod
    def of(cls, values: Sequence[Fraction]) -> Whole:
        """Rationals over their least common denominator."""
        d = lcm(1, *(v.denominator for v in values))
        return cls([v.numerator * (d // v.denominator) for v in values], d)


def rational(value: Fraction | float | int) -> fmpq:
    """The exact rational of a number."""
    f = Fraction(value)
    return fmpq(f.numerator, f.denominator)


def rationals(values: Sequence[Fraction]) -> list[fmpq]:
    """The exact rationals of a vector."""
    return [rational(v) for v in values]


def fraction(value: fmpq) -> Fraction:
    """A flint rational as a Python one."""
    return Fraction(int(value.p), int(value.q))


def dot(a: Sequence[fmpq], b: Sequence[fmpq]) -> fmpq:
    """Inner product."""
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))


def upper(ball: Any) -> fmpq:
    """Upper end of a ball."""
    man, exp = arb(ball).upper().man_exp()
    return fmpq(fmpz(man)) * fmpq(2) ** int(exp)


def middle(ball: arb) -> fmpq:
    """Midpoint of a ball."""
    man, exp = ball.mid().man_exp()
    return fmpq(fmpz(man)) * fmpq(2) ** int(exp)


def root(square: fmpq) -> fmpq:
    """A rational at least the square root, as close as the balls' precision; 0 for 0."""
    return fmpq(0) if square == 0 else upper(arb(square).sqrt())


def root_above(square: Fraction) -> Fraction:
    """A rational at least the square root r, within 2^-ROOT_BITS min(1, r) of it; exact for squares, as the checker."""
    bits = ROOT_BITS + (max(0, square.denominator.bit_length() - square.numerator.bit_length()) + 1) // 2 + 1
    scaled = -((-square.numerator << 2 * bits) // square.denominator)
    below = isqrt(scaled)
    return Fraction(below + (below * below < scaled), 1 << bits)


@contextmanager
def precise(bits: int = PRECISION) -> Iterator[None]:
    """Balls of that many bits inside; flint's precision is restored after."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


__all__ = ["PRECISION", "Whole", "dot", "fraction", "middle", "precise", "rational", "rationals", "root", "root_above",
           "upper"]  # fmt: skip
