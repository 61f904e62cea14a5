"""Random exact instances of the claims about phases and about models near a target."""

from __future__ import annotations

from fractions import Fraction

from ...exact import vectors as v
from ...exact.line import attack, erm
from . import frontier as ff
from .drawing import DENOMINATORS, WEIGHTS, Draw, any_target, around, problem, signed_feature, small_vector
from .phases import PhaseFacts, exact_phases

#: Intervals of one feature: around 0, at 0, away from 0.
INTERVALS = tuple((Fraction(a), Fraction(b)) for a, b in ((-1, 1), (0, 1), (-3, 3), (0, 4), (1, 4)))


def phases(draw: Draw) -> PhaseFacts:
    """Algorithm 1, often for so many rounds that the points exceed the target's t*."""
    p = problem(draw)
    target = any_target(draw, p)
    run = attack(p, target, draw.pick((1, 2, 4, 8, 16)))
    return exact_phases(run, f"{p}, target {target}")


def vector_point(draw: Draw, domain: v.ConvexSet, theta: v.Vector, target: v.Vector) -> v.Vector:
    """A point on a segment between two corners of the domain, often a corner itself."""
    d = len(theta)
    first = domain.corner(draw.pick((v.minus(target, theta), v.minus(theta, target), small_vector(draw, d))))
    second = domain.corner(small_vector(draw, d))
    q = draw.pick(DENOMINATORS)
    t = Fraction(draw.integer(0, q), q)
    return v.combine(1 - t, first, t, second)


def transfers(draw: Draw) -> ff.TransferFacts:
    """A target with margins beyond 1, and a model a step, a multiple or a bias away from it."""
    d, bias = draw.integer(1, 2), draw.integer(0, 1)
    ends = [draw.pick(INTERVALS) for _ in range(d)] + [(v.ONE, v.ONE)] * bias
    domain = v.RationalBox(tuple(a for a, _ in ends), tuple(b for _, b in ends))
    size = draw.pick((Fraction(1, 2), Fraction(1), Fraction(3)))
    target = v.combine(size, small_vector(draw, d + bias), v.ZERO, (v.ZERO,) * (d + bias))
    step = draw.pick((Fraction(1, 20), Fraction(1, 4)))
    shift = draw.pick((small_vector(draw, d + bias), (*(v.ZERO,) * (d + bias - 1), Fraction(draw.pick((-1, 1))))))
    near = v.combine(v.ONE, target, step, shift)
    scaled = v.combine(1 - step, target, v.ZERO, target)
    theta = draw.pick((near, near, scaled, v.combine(1 - step, target, step, shift), target))
    points = []
    for _ in range(4):
        x = vector_point(draw, domain, theta, target)
        points.append((draw.pick((-1, 1)), x))
    return ff.exact_transfer(domain, theta, target, points, f"{domain.name}, theta' {theta}, target {target}")


def energies(draw: Draw) -> ff.EnergyFacts:
    """A model that points induce, a target near it or at it, in one feature with or without a bias."""
    if draw.integer(0, 2) == 0:
        return biased_energies(draw)
    p = problem(draw, both_labels=True)
    poison = [signed_feature(draw, p.domain) for _ in range(draw.integer(0, 6))]
    induced = erm([*p.data, *poison], p.c)
    target = induced + Fraction(draw.integer(-2, 2), draw.pick((1, 10, 100)))
    description = f"{p}, target {target}, poison {poison}"
    return ff.exact_energy(p, poison, target, [*around(draw, p, target), induced, induced / 2], description)


def biased_energies(draw: Draw) -> ff.EnergyFacts:
    """The same with a bias; few points, since training tries every state of every point."""
    interval, c = draw.pick(INTERVALS), draw.pick(WEIGHTS)
    low, high = interval

    def rows(count: int) -> list[v.Vector]:
        drawn: list[v.Vector] = []
        for _ in range(count):
            q = draw.pick(DENOMINATORS)
            x = low + (high - low) * Fraction(draw.integer(0, q), q)
            y = Fraction(draw.pick((-1, 1)))
            drawn.append((y * x, y))
        return drawn

    data, poison = rows(draw.integer(1, 3)), rows(draw.integer(0, 2))
    induced = v.erm([*data, *poison], c)
    scale = draw.pick((v.ZERO, Fraction(1, 100), Fraction(1, 4)))
    target = v.combine(v.ONE, induced, scale, small_vector(draw, 2))
    tested = [v.erm(data, c), induced, target, small_vector(draw, 2), (v.ZERO, v.ZERO)]
    text = f"X = [{low}, {high}] with a bias, C_R = {c}, data {data}, target {target}, poison {poison}"
    return ff.exact_biased_energy(data, poison, interval, c, target, tested, text)
