r"""Facts about models at distance at most epsilon from a target, exactly: margins of both, and what training adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...exact import vectors as v
from ...exact.line import RationalProblem, erm
from ...exact.line import hinge as exact_hinge
from ...exact.vectors import ConvexSet, RationalBox, Vector
from ..engine.model import Number
from .kinds import Facts


@dataclass(frozen=True, kw_only=True)
class TransferFacts(Facts):
    r"""A hinge model :math:`\theta'` near the target on one convex X that carries both labels; a bias is a feature that is constantly 1.

    ``forward``, ``backward``: :math:`D(\theta',\theta_p)` and :math:`D(\theta_p,\theta')`. ``margins``: for some signed points z, the pair
    :math:`\langle\theta_p,z\rangle, \langle\theta',z\rangle`, and in ``least`` the target's least margin over X with z's label. ``reaches``: the target's margins over X include -1 and +1. ``largest``: the
    target's largest absolute margin over X.
    """

    forward: Number
    backward: Number
    margins: tuple[tuple[Number, Number], ...]
    least: tuple[Number, ...]
    convex: bool
    reaches: bool
    largest: Number


@dataclass(frozen=True, kw_only=True)
class EnergyFacts(Facts):
    r"""A model :math:`\theta'` that ``points`` added points induce (hinge loss, both labels), against test models :math:`\theta`.

    ``epsilon``: :math:`D(\theta',\theta_p)`; ``loss``: :math:`L(\theta';D_c)`. For test model k, ``losses[k]`` is :math:`L(\theta;D_c)`,
    ``inner[k]`` is :math:`\langle\theta',\theta'-\theta\rangle` and ``suprema[k]`` is :math:`U_\varepsilon(\theta)`.
    """

    n: int
    c: Number
    points: int
    epsilon: Number
    loss: Number
    losses: tuple[Number, ...]
    inner: tuple[Number, ...]
    suprema: tuple[Number, ...]


def exact_transfer(
    domain: ConvexSet, theta: Vector, target: Vector, points: Sequence[tuple[int, Vector]], description: str
) -> TransferFacts:
    """Facts of a pair of models over ``domain``; ``points`` are labels with features."""
    low, high = -domain.support(tuple(-t for t in target)), domain.support(target)
    return TransferFacts(
        description=description,
        forward=v.distance(domain, theta, target),
        backward=v.distance(domain, target, theta),
        margins=tuple((y * v.dot(target, x), y * v.dot(theta, x)) for y, x in points),
        least=tuple(low if y == 1 else -high for y, _ in points),
        convex=True,
        reaches=low <= -1 and high >= 1,
        largest=max(high, -low),
    )


@dataclass(frozen=True)
class _Line:
    """Signed points on a segment: the margins of two models there are u + t du and w + t dw, low <= t <= high."""

    u: Fraction
    du: Fraction
    w: Fraction
    dw: Fraction
    low: Fraction
    high: Fraction


def least_loss(w: Fraction, epsilon: Fraction) -> Fraction:
    r"""The least loss at a point of target margin w for a model within epsilon: :math:`\max(0, 2-\varepsilon-(1+w)_+)`."""
    return max(Fraction(0), 2 - epsilon - max(Fraction(0), 1 + w))


def _supremum(lines: Sequence[_Line], epsilon: Fraction) -> Fraction:
    """U: the largest (1 - u)_+ less the least loss; piecewise linear on each line, so it is at an end or at a kink."""
    best: Fraction | None = None
    for line in lines:
        kinks = [(Fraction(1), line.u, line.du)]
        kinks += [(level, line.w, line.dw) for level in (Fraction(-1), 1 - epsilon)]
        inside = [(level - start) / slope for level, start, slope in kinks if slope != 0]
        for t in (line.low, line.high, *(t for t in inside if line.low < t < line.high)):
            loss = max(Fraction(0), 1 - line.u - t * line.du)
            value = loss - least_loss(line.w + t * line.dw, epsilon)
            best = value if best is None or value > best else best
    assert best is not None
    return best


def exact_energy(
    problem: RationalProblem,
    poison: Sequence[Fraction],
    target: Fraction,
    tested: Sequence[Fraction],
    description: str,
) -> EnergyFacts:
    """Facts in one dimension without a bias; the problem's domain has both labels."""
    induced = erm([*problem.data, *poison], problem.c)
    epsilon = problem.distance(induced, target)
    zero = Fraction(0)

    def supremum(theta: Fraction) -> Fraction:
        return _supremum([_Line(zero, theta, zero, target, low, high) for low, high in problem.domain], epsilon)

    return EnergyFacts(
        description=description,
        n=problem.n,
        c=problem.c,
        points=len(poison),
        epsilon=epsilon,
        loss=problem.loss_sum(induced),
        losses=tuple(problem.loss_sum(t) for t in tested),
        inner=tuple(induced * (induced - t) for t in tested),
        suprema=tuple(supremum(t) for t in tested),
    )


def exact_biased_energy(
    data: Sequence[Vector],
    poison: Sequence[Vector],
    interval: tuple[Fraction, Fraction],
    c: Fraction,
    target: Vector,
    tested: Sequence[Vector],
    description: str,
) -> EnergyFacts:
    """Facts with one feature and a bias; data are signed points y (x, 1), x in the interval, models are (weight, bias)."""
    induced = v.erm([*data, *poison], c)
    low, high = interval
    one = Fraction(1)
    epsilon = v.distance(RationalBox((low, one), (high, one)), induced, target)

    def lines(theta: Vector) -> Iterator[_Line]:
        for y in (-1, 1):
            yield _Line(y * theta[1], y * theta[0], y * target[1], y * target[0], low, high)

    def loss(theta: Vector) -> Fraction:
        return sum((exact_hinge(one, v.dot(theta, z)) for z in data), Fraction(0))

    return EnergyFacts(
        description=description,
        n=len(data),
        c=c,
        points=len(poison),
        epsilon=epsilon,
        loss=loss(induced),
        losses=tuple(loss(t) for t in tested),
        inner=tuple(v.dot(induced, v.minus(induced, t)) for t in tested),
        suprema=tuple(_supremum(list(lines(t)), epsilon) for t in tested),
    )
