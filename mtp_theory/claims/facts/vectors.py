r"""Facts about pairs of hinge models in d dimensions, without a bias: Theorems 4 and 5, Corollary 3, Appendix C."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from ...exact import vectors as v
from ...exact.vectors import ConvexSet, CrossPolytope, RationalBox, Vector
from ..engine.model import Number
from .kinds import AttainedFacts, Facts, PointFacts


@dataclass(frozen=True, kw_only=True)
class VectorFacts(Facts):
    r"""Hinge models :math:`\theta, \theta'` on a domain, without a bias unless ``bias``.

    ``domain``: "space" (R^d), "cube" (l_inf ball of radius ``q``), "box" ([0, 1]^d) or "l1" (l1 ball of radius ``q``). ``forward``,
    ``backward``: :math:`D(\theta,\theta')` and :math:`D(\theta',\theta)`, inf where unbounded. ``r``: the larger l1 norm of the two.
    ``plus``, ``minus``: l1 norms of the positive and negative part of :math:`\theta-\theta'`. ``margin``: the largest absolute margin of both over the domain.
    For Appendix C, :math:`\theta'` is the target: ``scaled_inside`` says whether the domain holds :math:`\theta'/|\theta'|^2` or its
    opposite, ``box_weight`` is :math:`\max(|\theta'_+|_\infty,|\theta'_+|^2)+\max(|\theta'_-|_\infty,|\theta'_-|^2)`.
    """

    domain: str
    bias: bool
    q: Number
    forward: Number
    backward: Number
    r: Number
    l1: Number
    linf: Number
    plus: Number
    minus: Number
    margin: Number
    c: Number
    regulariser: Number
    target_regulariser: Number
    scaled_inside: bool
    box_weight: Number


def box_weight(target: Vector) -> Fraction:
    r""":math:`\max(|\theta_+|_\infty,|\theta_+|_2^2)+\max(|\theta_-|_\infty,|\theta_-|_2^2)`, the reciprocal of the closed form of Appendix C on [0, 1]^d."""
    parts = (tuple(max(t, v.ZERO) for t in target), tuple(max(-t, v.ZERO) for t in target))
    return sum((max(v.linf_norm(p), v.dot(p, p)) for p in parts), Fraction(0))


def exact_vectors(
    domain: ConvexSet | None,
    kind: str,
    theta: Vector,
    target: Vector,
    c: Fraction,
    description: str,
    *,
    bias: bool = False,
) -> VectorFacts:
    """Facts of a pair over ``domain`` (None: R^d), exactly."""
    difference = v.minus(theta, target)
    q: Number
    if domain is None:
        forward, backward = v.ray_distance(theta, target), v.ray_distance(target, theta)
        margin: Number = inf
        q = inf
        inside = True
    else:
        forward, backward = v.distance(domain, theta, target), v.distance(domain, target, theta)
        margin = max(v.largest_margin(domain, theta), v.largest_margin(domain, target))
        q = domain.radius if isinstance(domain, CrossPolytope) else _box_radius(domain)
        inside = _scaled_inside(domain, target)
    return VectorFacts(
        description=description,
        domain=kind,
        bias=bias,
        q=q,
        forward=inf if forward is None else forward,
        backward=inf if backward is None else backward,
        r=max(v.l1_norm(theta), v.l1_norm(target)),
        l1=v.l1_norm(difference),
        linf=v.linf_norm(difference),
        plus=v.positive_sum(difference),
        minus=v.positive_sum(v.minus(target, theta)),
        margin=margin,
        c=c,
        regulariser=v.regulariser(theta),
        target_regulariser=v.regulariser(target),
        scaled_inside=inside and any(target),
        box_weight=box_weight(target),
    )


def _box_radius(domain: ConvexSet) -> Fraction:
    assert isinstance(domain, RationalBox)
    return max(max(abs(a), abs(b)) for a, b in zip(domain.lower, domain.upper, strict=True))


def _scaled_inside(domain: ConvexSet, target: Vector) -> bool:
    square = v.dot(target, target)
    if square == 0:
        return False
    return any(domain.contains(tuple(sign * t / square for t in target)) for sign in (1, -1))


def vector_point(domain: ConvexSet, theta: Vector, target: Vector, x: Vector, y: int, description: str) -> PointFacts:
    """The loss difference at (x, y), and the largest on the domain's edges, against the distance found without search."""
    return PointFacts(
        description=description,
        difference=v.hinge(theta, x, y) - v.hinge(target, x, y),
        maximum=v.distance(domain, theta, target),
        attained=v.edge_maximum(domain, theta, target),
    )


def vector_attained(
    points: Sequence[Vector], weight: Fraction, others: Sequence[Vector], description: str
) -> AttainedFacts:
    """Facts of the model trained on signed points z = y x at that weight, in d dimensions."""
    theta = v.erm(points, weight)

    def mean_loss(t: Vector) -> Fraction:
        return sum((v.hinge(t, z, 1) for z in points), Fraction(0)) / len(points)

    def objective(t: Vector) -> Fraction:
        return mean_loss(t) + weight * v.regulariser(t)

    return AttainedFacts(
        description=description,
        c=weight,
        regulariser=v.regulariser(theta),
        mean_loss=mean_loss(theta),
        at_zero=Fraction(1),
        l1_norm=v.l1_norm(theta),
        dim=len(theta),
        own=objective(theta),
        others=tuple(objective(t) for t in others),
    )
