"""Random exact instances for the checks; one generator serves seeded runs and Hypothesis alike.

``Draw`` is the only source of choice. :class:`SeededDraw` wraps a seeded generator; :mod:`mtp_theory.testing` wraps
Hypothesis, which then shrinks a failing instance to a minimal one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Protocol, TypeVar

from ..rational import RationalProblem, attack, erm
from . import facts as f

T = TypeVar("T")

#: Denominators of random rationals: small ones make ties, kinks and duplicates common.
DENOMINATORS = (1, 2, 3, 4, 6)
#: Domains of signed features: both labels on [-1, 1] or [0, 1]; only far points; one label only.
DOMAINS = (
    ((Fraction(-1), Fraction(1)),),
    ((Fraction(-2), Fraction(-1, 2)), (Fraction(1, 2), Fraction(2))),
    ((Fraction(-3), Fraction(3)),),
    ((Fraction(1, 4), Fraction(1)),),
)
ONE_LABEL = DOMAINS[-1]
WEIGHTS = tuple(Fraction(a, b) for a, b in ((1, 1000), (1, 20), (1, 8), (1, 3), (1, 2), (1, 1), (2, 1), (50, 1)))


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
    """A problem with 1 to 6 clean points."""
    domain = draw.pick(DOMAINS[:-1] if both_labels else DOMAINS)
    data = tuple(signed_feature(draw, domain) for _ in range(draw.integer(1, 6)))
    return RationalProblem(data, draw.pick(WEIGHTS), domain)


def attainable_target(draw: Draw, p: RationalProblem) -> tuple[Fraction, Fraction]:
    """A target together with a weight lam >= C_R at which it is the minimiser of some multiset of the domain."""
    lam = p.c * draw.pick((Fraction(1), Fraction(3, 2), Fraction(4)))
    witness = [signed_feature(draw, p.domain) for _ in range(draw.integer(1, 4))]
    return erm(witness, lam), lam


def any_model(draw: Draw) -> Fraction:
    """Any model, 0 among them."""
    return Fraction(draw.integer(-6, 6), draw.pick(DENOMINATORS))


def runs(draw: Draw) -> f.RunFacts:
    """Algorithm 1 against an attainable target."""
    p = problem(draw)
    target, _ = attainable_target(draw, p)
    run = attack(p, target, draw.integer(1, 8))
    return f.exact_run(run, f"{p}, target {target}")


def pairs(draw: Draw) -> f.PairFacts:
    """An attainable target, any model, any third model."""
    p = problem(draw)
    target, lam = attainable_target(draw, p)
    trained = erm([signed_feature(draw, p.domain) for _ in range(draw.integer(1, 3))], p.c)
    theta, attainable = draw.pick(((target, True), (trained, True), (any_model(draw), False)))
    attainable = attainable and p.attainable(target, p.c)
    description = f"{p}, theta {theta}, target {target}, lam {lam}"
    return f.exact_pair(p, theta, target, any_model(draw), lam, attainable, description)


def induced(draw: Draw) -> f.InducedFacts:
    """A target that added points really induce, tested against models around it and elsewhere."""
    p = problem(draw)
    poison = [signed_feature(draw, p.domain) for _ in range(draw.integer(0, 6))]
    target = erm([*p.data, *poison], p.c)
    tested = [p.clean_model(), any_model(draw), target + Fraction(1, 50), target - Fraction(1, 50), target * 0]
    return f.exact_induced(p, len(poison), target, tested, f"{p}, poison {poison}")


def point(draw: Draw) -> f.PointFacts:
    """One point of the domain and the exact distance of two models."""
    p = problem(draw)
    a, b, s = any_model(draw), any_model(draw), signed_feature(draw, p.domain)
    return f.exact_point(a, b, s, p.distance(a, b), f"{p}, theta {a}, target {b}, s {s}")


#: Facts by the ``kind`` of a statement.
GENERATORS: dict[str, Callable[[Draw], f.Facts]] = {"run": runs, "pair": pairs, "induced": induced, "point": point}


@lru_cache(maxsize=8)
def generate(kind: str, examples: int, seed: int) -> tuple[f.Facts, ...]:
    """``examples`` seeded random instances of a kind; the statements of a claim share them."""
    draw = SeededDraw(f"{seed}/{kind}")
    return tuple(GENERATORS[kind](draw) for _ in range(examples))
