"""Choices that the generators of :mod:`.instances` share: exact problems, targets and models.

``Draw`` is the only source of choice. :class:`SeededDraw` wraps a seeded generator; :mod:`mtp_theory.testing` wraps
Hypothesis, which then shrinks a failing instance to a minimal one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol, TypeVar

from ...exact import vectors as v
from ...exact.line import RationalProblem, erm

T = TypeVar("T")

#: Denominators of random rationals: small ones make ties, kinks and duplicates common.
DENOMINATORS = (1, 2, 3, 4, 6)
#: Domains of signed features with both labels: X = [-1, 1] or [0, 1]; only far points; a larger interval.
SYMMETRIC = (
    ((Fraction(-1), Fraction(1)),),
    ((Fraction(-2), Fraction(-1, 2)), (Fraction(1, 2), Fraction(2))),
    ((Fraction(-3), Fraction(3)),),
)
#: Only the label +1 is available.
ONE_LABEL = (((Fraction(1, 4), Fraction(1)),), ((Fraction(3, 4), Fraction(1)),))
DOMAINS = SYMMETRIC + ONE_LABEL
WEIGHTS = tuple(
    Fraction(a, b)
    for a, b in (
        (1, 1000),
        (1, 20),
        (1, 8),
        (1, 4),
        (1, 3),
        (1, 2),
        (1, 1),
        (2, 1),
        (50, 1),
    )
)


class Draw(Protocol):
    """Source of choices."""

    def integer(self, low: int, high: int) -> int: ...
    def pick(self, options: Sequence[T]) -> T: ...


class SeededDraw:
    """Choices from a seeded generator."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)

    def integer(self, low: int, high: int) -> int:
        """A uniform integer in [low, high]."""
        return self._random.randint(low, high)

    def pick(self, options: Sequence[T]) -> T:
        """A uniform element."""
        return self._random.choice(options)


def signed_feature(draw: Draw, problem_domain: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """A rational in the domain, often an end of it."""
    low, high = draw.pick(problem_domain)
    q = draw.pick(DENOMINATORS)
    return low + (high - low) * Fraction(draw.integer(0, q), q)


def problem(draw: Draw, *, both_labels: bool = False) -> RationalProblem:
    """A problem with 1 to 6 clean points; one time in six all of them at one end, where gradients are largest."""
    domain = draw.pick(SYMMETRIC if both_labels else DOMAINS)
    size = draw.integer(1, 6)
    if draw.integer(0, 5) == 0:
        data = (draw.pick((domain[0][0], domain[-1][1])),) * size
    else:
        data = tuple(signed_feature(draw, domain) for _ in range(size))
    return RationalProblem(data, draw.pick(WEIGHTS), domain)


def attainable_target(draw: Draw, p: RationalProblem) -> tuple[Fraction, Fraction]:
    """A target together with a weight lam >= C_R at which it is the minimiser of some multiset of the domain.

    One time in six the multiset is an end of the domain alone, which at a large C_R makes the target extremal.
    """
    if draw.integer(0, 5) == 5:
        return erm([draw.pick((p.domain[0][0], p.domain[-1][1]))], p.c), p.c
    lam = p.c * draw.pick((Fraction(1), Fraction(3, 2), Fraction(4)))
    witness = [signed_feature(draw, p.domain) for _ in range(draw.integer(1, 4))]
    return erm(witness, lam), lam


def any_model(draw: Draw) -> Fraction:
    """Any model, 0 among them."""
    return Fraction(draw.integer(-6, 6), draw.pick(DENOMINATORS))


def any_target(draw: Draw, p: RationalProblem) -> Fraction:
    """An attainable target, at C_R exactly (extremal ones among them) or at a larger weight; one time in eight any model."""
    if draw.integer(0, 7) == 0:
        return any_model(draw)
    return attainable_target(draw, p)[0]


def around(draw: Draw, p: RationalProblem, target: Fraction) -> list[Fraction]:
    """The clean model, any model, the target's neighbours and the zero model."""
    return [p.clean_model(), any_model(draw), target + Fraction(1, 50), target - Fraction(1, 50), Fraction(0)]


def small_vector(draw: Draw, d: int) -> v.Vector:
    """A small rational vector; zeros and equal entries are common."""
    q = draw.pick(DENOMINATORS)
    return tuple(Fraction(draw.integer(-3, 3), q) for _ in range(d))


__all__ = [
    "DENOMINATORS",
    "DOMAINS",
    "ONE_LABEL",
    "SYMMETRIC",
    "WEIGHTS",
    "Draw",
    "SeededDraw",
    "any_model",
    "any_target",
    "around",
    "attainable_target",
    "problem",
    "signed_feature",
    "small_vector",
]
