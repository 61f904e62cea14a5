"""Rationals of the second checker: python-flint's, with conversions and square roots rounded up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb, fmpq

from ..checker import Vector


def rational(value: Fraction | float | int) -> fmpq:
    """The exact rational of a number."""
    f = Fraction(value)
    return fmpq(f.numerator, f.denominator)


def fraction(value: fmpq) -> Fraction:
    """A flint rational as a Python one."""
    return Fraction(int(value.p), int(value.q))


def root(square: fmpq) -> fmpq:
    """A rational at least the square root, and 0 for 0."""
    if square == 0:
        return fmpq(0)
    man, exp = (arb(square).sqrt().upper()).man_exp()
    return fmpq(man) * fmpq(2) ** int(exp)


def vector(v: Vector) -> list[fmpq]:
    """The entries as rationals."""
    return [fmpq(n, v.d) for n in v.n]


def dot(a: Sequence[fmpq], b: Sequence[fmpq]) -> fmpq:
    """Inner product."""
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))


__all__ = ["dot", "fraction", "rational", "root", "vector"]
