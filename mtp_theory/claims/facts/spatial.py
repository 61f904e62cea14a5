r"""Exact facts in two and three dimensions, with a bias feature or without: what one dimension cannot see of a norm.

A bias is a feature that is constantly 1, and is regularised. The domains are boxes whose largest Euclidean norm is
rational, so that the Lipschitz constant is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from ...exact import vectors as v
from ...exact.vectors import RationalBox, Vector
from ..engine.model import Number
from .drawing import WEIGHTS, Draw
from .kinds import PairFacts, RunFacts
from .rates import RateFacts, with_backward

#: Domains and their largest norms; in the first four the last feature is the bias.
DOMAINS = (
    (RationalBox(v.vector("-3/4", 1), v.vector("3/4", 1)), Fraction(5, 4)),
    (RationalBox(v.vector(0, 1), v.vector("4/3", 1)), Fraction(5, 3)),
    (RationalBox(v.vector(-2, -2, 1), v.vector(2, 2, 1)), Fraction(3)),
    (RationalBox(v.vector(0, 0, 1), v.vector("2", "2", 1)), Fraction(3)),
    (RationalBox(v.vector("-3/5", "-4/5"), v.vector("3/5", "4/5")), Fraction(1)),
    (RationalBox(v.vector(0, 0), v.vector(3, 4)), Fraction(5)),
)
#: Training tries 3^n cases of n points: few of them.
CLEAN, ROUNDS = 2, 3


@dataclass(frozen=True)
class Spatial:
    """Clean signed points z = y x, C_R, and a box with both labels; ``reach`` is the largest norm over the box."""

    data: tuple[Vector, ...]
    c: Fraction
    domain: RationalBox
    reach: Fraction

    def loss_sum(self, theta: Vector) -> Fraction:
        """L(theta; D_c)."""
        return sum((point_loss(theta, z) for z in self.data), v.ZERO)

    def potential(self, theta: Vector, points: tuple[Vector, ...] = ()) -> Fraction:
        """The objective on the clean and the given points, as a sum."""
        total = self.loss_sum(theta) + sum((point_loss(theta, z) for z in points), v.ZERO)
        return total + (len(self.data) + len(points)) * self.c * v.regulariser(theta)

    def maximiser(self, theta: Vector, target: Vector) -> Vector:
        """A signed point of maximal loss difference: corners, and kinks on segments between corners."""
        corners = self.domain.corners()
        points = [tuple(y * t for t in x) for x in corners for y in (-1, 1)]
        for a, b in combinations(corners, 2):
            for model in (theta, target):
                start, end = v.dot(model, a), v.dot(model, b)
                for y in (-1, 1):
                    if start != end and 0 < (t := (y - start) / (end - start)) < 1:
                        points.append(tuple(y * s for s in v.combine(1 - t, a, t, b)))
        return max(points, key=lambda z: (point_loss(theta, z) - point_loss(target, z), z))


def point_loss(theta: Vector, z: Vector) -> Fraction:
    """Hinge loss of a signed point."""
    return v.hinge(theta, z, 1)


def least_gradient(theta: Vector, z: Vector, c: Fraction) -> Fraction:
    """Square of the least subgradient of the point's regularised loss."""
    margin, square = v.dot(theta, z), v.dot(z, z)
    slope = Fraction(margin < 1)
    if margin == 1 and square > 0:
        slope = min(v.ONE, max(v.ZERO, c * margin / square))
    gradient = v.combine(c, theta, -slope, z)
    return v.dot(gradient, gradient)


def spatial_problem(draw: Draw) -> Spatial:
    """One or two clean points of a box."""
    domain, reach = draw.pick(DOMAINS)
    data = tuple(signed_point(draw, domain) for _ in range(draw.integer(1, CLEAN)))
    return Spatial(data, draw.pick(WEIGHTS[:-1]), domain, reach)


def signed_point(draw: Draw, domain: RationalBox) -> Vector:
    """A point of the box, often a corner, with either label."""
    y = draw.pick((-1, 1))
    weights = [draw.pick((v.ZERO, v.ONE, v.ONE, Fraction(1, 2))) for _ in domain.lower]
    return tuple(y * (a + t * (b - a)) for a, b, t in zip(domain.lower, domain.upper, weights, strict=True))


def attainable(draw: Draw, p: Spatial) -> tuple[Vector, Fraction]:
    """A model that one or two points train at a weight of at least C_R, and the weight."""
    lam = p.c * draw.pick((v.ONE, Fraction(3, 2), Fraction(4)))
    witness = [signed_point(draw, p.domain) for _ in range(draw.integer(1, 2))]
    return v.erm(witness, lam), lam


def spatial_pairs(draw: Draw) -> PairFacts:
    """A target attainable at lam; a model elsewhere, trained, or the target shrunk towards 0, little or much."""
    p = spatial_problem(draw)
    target, lam = attainable(draw, p)
    if draw.integer(0, 2) == 0:
        lam = p.c
        target = v.erm([signed_point(draw, p.domain)], p.c)
    trained = v.erm([signed_point(draw, p.domain) for _ in range(draw.integer(1, 2))], p.c)
    k = 1 - Fraction(1, draw.pick((2, 10, 100, 1000)))
    shrunk = v.combine(k, target, v.ZERO, target)
    other = tuple(Fraction(draw.integer(-3, 3), 2) for _ in target)
    near = v.combine(v.ONE, target, Fraction(draw.pick((-1, 1)), draw.pick((10, 1000))), other)
    theta, known = draw.pick(((trained, True), (shrunk, False), (shrunk, False), (other, False), (near, False)))
    gap = v.minus(theta, target)
    return PairFacts(
        description=f"{p.domain.name}, C_R {p.c}, theta {theta}, target {target}, lam {lam}",
        c=p.c,
        lam=lam,
        gamma=1 - p.c / lam,
        same=theta == target,
        attainable=known,
        distance=v.distance(p.domain, theta, target),
        regulariser_difference=v.regulariser(theta) - v.regulariser(target),
        via_third=(v.distance(p.domain, theta, other), v.distance(p.domain, other, target)),
        target_attainable=True,
        both_labels=True,
        euclidean=v.dot(gap, gap),
        hinge=v.regulariser(target),
    )


def facts_of_run(
    p: Spatial, target: Vector, lam: Fraction, thetas: list[Vector], poison: list[Vector], description: str
) -> RateFacts:
    """Facts of models and signed points, however they came about; ``lam``: a weight at which the target is attainable."""
    regret, excess = [v.ZERO], [p.potential(target) - p.potential(thetas[0])]
    for j in range(len(poison)):
        seen = tuple(poison[: j + 1])
        regret.append(regret[-1] + p.potential(thetas[j], seen) - p.potential(thetas[j + 1], seen))
        excess.append(p.potential(target, seen) - p.potential(thetas[j + 1], seen))
    gaps = [v.minus(t, target) for t in thetas]
    run = RunFacts(
        description=description,
        n=len(p.data),
        c=p.c,
        gamma=1 - p.c / lam,
        loss_gap=p.loss_sum(target) - p.loss_sum(thetas[0]),
        regulariser_gap=v.regulariser(target) - v.regulariser(thetas[0]),
        distances=tuple(v.distance(p.domain, t, target) for t in thetas),
        regret=tuple(regret),
        euclidean=tuple(v.dot(g, g) for g in gaps),
        brackets=tuple(bracket(t, target, z, p.c) for t, z in zip(thetas, poison, strict=False)),
        gradients=tuple(least_gradient(t, z, p.c) for t, z in zip(thetas, poison, strict=False)),
        excess=tuple(excess),
        lipschitz=p.reach,
        attainable=True,
    )
    return with_backward(run, tuple(v.distance(p.domain, target, t) for t in thetas))


def bracket(theta: Vector, target: Vector, z: Vector, c: Fraction) -> Number:
    """f_z(theta) - f_z(target)."""
    return point_loss(theta, z) - point_loss(target, z) + c * (v.regulariser(theta) - v.regulariser(target))


def spatial_runs(draw: Draw) -> RateFacts:
    """Algorithm 1 for up to three rounds."""
    p = spatial_problem(draw)
    target, lam = attainable(draw, p)
    thetas, poison = [v.erm(p.data, p.c)], []
    for _ in range(draw.integer(1, ROUNDS)):
        poison.append(p.maximiser(thetas[-1], target))
        thetas.append(v.erm([*p.data, *poison], p.c))
    return facts_of_run(p, target, lam, thetas, poison, f"{p}, target {target}, lam {lam}")


def descents(draw: Draw) -> RateFacts:
    """The attack without retraining, from the clean model or any other, for up to twenty rounds."""
    p = spatial_problem(draw)
    target, lam = attainable(draw, p)
    start = v.erm(p.data, p.c)
    if draw.integer(0, 1):
        start = tuple(Fraction(draw.integer(-3, 3), 2) for _ in start)
    thetas, poison, squares = [start], [], []
    for j in range(1, draw.pick((1, 3, 6)) + 1):
        theta = thetas[-1]
        z = p.maximiser(theta, target)
        # at a kink any slope will do; 0 here
        gradient = v.combine(p.c, theta, -Fraction(v.dot(theta, z) < 1), z)
        poison.append(z)
        squares.append(v.dot(gradient, gradient))
        thetas.append(v.combine(v.ONE, theta, -1 / (p.c * (len(p.data) + j)), gradient))
    facts = facts_of_run(p, target, lam, thetas, poison, f"{p}, start {start}, target {target}, lam {lam}")
    return replace(facts, gradients=tuple(squares))


__all__ = ["Spatial", "descents", "spatial_pairs", "spatial_problem", "spatial_runs"]
