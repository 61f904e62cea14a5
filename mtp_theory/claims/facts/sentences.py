r"""Facts for sentences of the paper that are no theorems: round 0, midpoints, growth, a plateau of the lower bound."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...exact.line import RationalProblem, attack, hinge
from ..engine.model import Number
from .drawing import Draw, any_model, any_target, problem
from .kinds import Facts


@dataclass(frozen=True, kw_only=True)
class RoundZeroFacts(Facts):
    r"""``gap``: :math:`F_0(\theta_0)-F_0(\theta_c)`, what round 0 adds to the regret; B and C_R."""

    gap: Number
    lipschitz: Number
    c: Number


def exact_round_zero(p: RationalProblem, start: Fraction) -> RoundZeroFacts:
    """Facts of a first model in the rational world."""
    gap = p.potential(start) - p.potential(p.clean_model())
    return RoundZeroFacts(description=f"{p}, theta_0 {start}", gap=gap, lipschitz=p.reach, c=p.c)


def rounds_zero(draw: Draw) -> RoundZeroFacts:
    """Any first model."""
    return exact_round_zero(problem(draw), any_model(draw))


@dataclass(frozen=True, kw_only=True)
class MidpointFacts(Facts):
    """Loss differences at two points of one label and at the point between them."""

    first: Number
    second: Number
    middle: Number


def exact_midpoint(theta: Fraction, target: Fraction, first: Fraction, second: Fraction) -> MidpointFacts:
    """Facts of two signed features, hinge loss."""

    def difference(s: Fraction) -> Fraction:
        return hinge(theta, s) - hinge(target, s)

    return MidpointFacts(
        description=f"theta {theta}, target {target}, x = {first} and {second}",
        first=difference(first),
        second=difference(second),
        middle=difference((first + second) / 2),
    )


def midpoints(draw: Draw) -> MidpointFacts:
    """Any two models and points of [0, 1]."""
    first, second = (Fraction(draw.integer(0, 4), 4) for _ in range(2))
    return exact_midpoint(any_model(draw), any_model(draw), first, second)


@dataclass(frozen=True, kw_only=True)
class GrowthFacts(Facts):
    r"""A regret of :math:`\alpha(T)=T^{3/4}`, for which epsilon tends to 0, and a constant K; ``root``: :math:`\sqrt T`."""

    alpha: int
    root: int
    k: int


def exact_growth(fourth_root: int, k: int) -> GrowthFacts:
    """Facts of T = fourth_root^4."""
    return GrowthFacts(
        description=f"T = {fourth_root**4}, alpha(T) = T^(3/4), K = {k}", alpha=fourth_root**3, root=fourth_root**2, k=k
    )


def growths(draw: Draw) -> GrowthFacts:
    """Small K and T."""
    return exact_growth(draw.integer(1, 6), draw.integer(1, 3))


@dataclass(frozen=True, kw_only=True)
class PlateauFacts(Facts):
    r"""Theorem 2's bound along a run: ``half`` and ``best`` are the highest over the first half and over all; ``minimum``: t*."""

    half: Number
    best: Number
    minimum: Number


def exact_plateau(p: RationalProblem, target: Fraction, rounds: int) -> PlateauFacts:
    """Facts of a run in the rational world; a model at the target, or with a denominator of 0, bounds nothing."""
    run, base = attack(p, target, rounds), p.potential(target)
    bounds = []
    for theta in run.thetas:
        excess = p.distance(theta, target) + p.c * (theta * theta - target * target) / 2
        bounds.append((base - p.potential(theta)) / excess if excess > 0 else Fraction(0))
    return PlateauFacts(
        description=f"{p}, target {target}, {rounds} rounds",
        half=max(bounds[: rounds // 2 + 1]),
        best=max(bounds),
        minimum=p.fractional_minimum(target),
    )


def plateaus(draw: Draw) -> PlateauFacts:
    """Runs of eight rounds against any target."""
    p = problem(draw, both_labels=True)
    return exact_plateau(p, any_target(draw, p), 8)


__all__ = [
    "GrowthFacts",
    "MidpointFacts",
    "PlateauFacts",
    "RoundZeroFacts",
    "exact_growth",
    "exact_midpoint",
    "exact_plateau",
    "exact_round_zero",
    "growths",
    "midpoints",
    "plateaus",
    "rounds_zero",
]
