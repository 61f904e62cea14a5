r"""Facts of the concave value behind Algorithm 1: distributions of points, their values and linear forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...exact.line import RationalProblem, attack, erm, hinge, regulariser
from ..engine.model import Number
from .drawing import Draw, any_target, problem, signed_feature
from .kinds import Facts


@dataclass(frozen=True, kw_only=True)
class MixtureFacts(Facts):
    r"""Round k of an attack, with :math:`h=\ell(\theta_k;\cdot)-\ell(\theta_p;\cdot)` and :math:`\nu_k` the distribution of data and points.

    ``value``: :math:`g(\nu_k)`; ``at_point``: :math:`h(z_k)`; ``mean``: :math:`\int h\,d\nu_k`; ``regularised``:
    :math:`D(\theta_k,\theta_p)+C_R(R(\theta_k)-R(\theta_p))`; ``excess``: :math:`a_k`; ``size``: N + k. ``others``: for further distributions their
    value and the mean of h.
    """

    value: Number
    at_point: Number
    mean: Number
    regularised: Number
    excess: Number
    size: int
    others: tuple[tuple[Number, Number], ...]


def _value(data: Sequence[Fraction], theta: Fraction, target: Fraction, c: Fraction) -> Fraction:
    gap = sum((hinge(theta, s) - hinge(target, s) for s in data), Fraction(0)) / len(data)
    return gap + c * (regulariser(theta) - regulariser(target))


def exact_mixture(
    p: RationalProblem, target: Fraction, rounds: int, others: Sequence[Sequence[Fraction]], description: str
) -> MixtureFacts:
    """Facts of the last of ``rounds`` + 1 rounds in the rational world; ``others``: multisets of the domain."""
    run = attack(p, target, rounds + 1)
    theta, point = run.thetas[rounds], run.poison[rounds]
    data = [*p.data, *run.added(rounds)]

    def linear(s: Fraction) -> Fraction:
        return hinge(theta, s) - hinge(target, s)

    def mean(points: Sequence[Fraction]) -> Fraction:
        return sum((linear(s) for s in points), Fraction(0)) / len(points)

    excess = run.potential(rounds, target) - run.potential(rounds, theta)
    return MixtureFacts(
        description=description,
        value=_value(data, theta, target, p.c),
        at_point=linear(point),
        mean=mean(data),
        regularised=p.distance(theta, target) + p.c * (regulariser(theta) - regulariser(target)),
        excess=excess,
        size=len(data),
        others=tuple((_value(e, erm(e, p.c), target, p.c), mean(e)) for e in others),
    )


def mixtures(draw: Draw) -> MixtureFacts:
    """A round of an attack, held against a point of the domain alone and against random multisets."""
    p = problem(draw)
    target = any_target(draw, p)
    rounds = draw.integer(0, 5)
    sizes = (1, draw.integer(1, 4), draw.integer(1, 4))
    others = [[signed_feature(draw, p.domain) for _ in range(size)] for size in sizes]
    return exact_mixture(p, target, rounds, others, f"{p}, target {target}, round {rounds}, others {others}")


__all__ = ["MixtureFacts", "exact_mixture", "mixtures"]
