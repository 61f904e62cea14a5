r"""Instances at which bounds are attained, or all but: what random ones stay a few per cent away from.

Drawn apart from the other kinds, so that the numbers of their instances stay what they are.
"""

from __future__ import annotations

from fractions import Fraction

from ...exact import vectors as v
from ...exact.line import RationalProblem, attack, erm
from .drawing import SYMMETRIC, Draw
from .exact import exact_pair, exact_run
from .kinds import PairFacts, RunFacts
from .rates import RateFacts, exact_rate
from .vectors import VectorFacts, exact_vectors

#: Clean points: with T of them, log(1 + T/N) is above the sum of 1/(N + j) by a half per cent at most.
CLEAN = (100, 300)
#: Relative step from the target.
STEPS = (Fraction(1, 1000), Fraction(1, 200))


def many_clean(draw: Draw) -> tuple[RationalProblem, Fraction]:
    """The clean model has the largest norm that remark-2 allows, the target pulls the other way: gradients are largest."""
    # the clean points at the end of the domain: gradients of norm 2 B; further inside: of norm B + sqrt(C_R)
    root, domain = draw.pick(((Fraction(1), SYMMETRIC[0]), (Fraction(1), SYMMETRIC[0]), (Fraction(1, 2), SYMMETRIC[2])))
    p = RationalProblem((root,) * draw.pick(CLEAN), root * root, domain)
    return p, erm([domain[0][0]], p.c * draw.pick((Fraction(1), Fraction(2))))


def sharp_runs(draw: Draw) -> RunFacts:
    """One or two rounds from many clean points."""
    p, target = many_clean(draw)
    return exact_run(attack(p, target, draw.integer(1, 2)), f"{p.n} x {p.data[0]}, C_R {p.c}, target {target}")


def sharp_copies(draw: Draw) -> RunFacts:
    """The same with several copies of the point in each round."""
    p, target = many_clean(draw)
    copies = draw.integer(1, 3)
    run = attack(p, target, 1, copies=copies)
    return exact_run(run, f"{p.n} x {p.data[0]}, C_R {p.c}, target {target}, {copies} copies a round")


def sharp_pairs(draw: Draw) -> PairFacts:
    """The extremal target and a model just short of it; or a domain of one point, and a model just beyond the target.

    With one point and one label the distance is negative, and the loss difference is the same at every point.
    """
    s = draw.pick((Fraction(1, 2), Fraction(1)))
    one_point = bool(draw.integer(0, 1))
    domain = ((s, s),) if one_point else ((-s, s),)
    lam = s * s * draw.pick((Fraction(1), Fraction(2), Fraction(5)))
    c = lam if not one_point or draw.integer(0, 1) else lam / draw.pick((Fraction(3, 2), Fraction(4)))
    p = RationalProblem((s,), c, domain)
    target = erm([s], lam)
    theta = target * (1 + draw.pick(STEPS) * draw.pick((-1, 1) if one_point else (-1,)))
    attainable = p.attainable(target, c) and p.attainable(theta, c)
    third = target * draw.pick((Fraction(0), Fraction(2)))
    return exact_pair(p, theta, target, third, lam, attainable, f"{p}, theta {theta}, target {target}, lam {lam}")


def sharp_rates(draw: Draw) -> RateFacts:
    """A round or two from many clean points that pull on all models alike: the excess is that of a quadratic, and stays."""
    p = RationalProblem((Fraction(1),) * draw.pick(CLEAN), Fraction(1))
    target = erm([Fraction(-1)], draw.pick((Fraction(3, 2), Fraction(2), Fraction(4))))
    return exact_rate(attack(p, target, draw.integer(1, 2)), f"{p.n} x 1, C_R 1, target {target}")


def sharp_vectors(draw: Draw) -> VectorFacts:
    """A target and the same target just shrunk, on R^d, or in one dimension on [0, 1] and on the smallest cube."""
    kind = draw.pick(("space", "box", "cube"))
    d = draw.integer(1, 3) if kind == "space" else 1
    target = tuple(Fraction(draw.integer(1, 4), 4) for _ in range(d))
    theta = v.combine(1 - draw.pick(STEPS), target, v.ZERO, target)
    domain = {"space": None, "box": v.unit_box(d), "cube": v.cube(1 / max(target), d)}[kind]
    c = draw.pick((Fraction(1, 8), Fraction(1, 4), Fraction(1, 2)))
    return exact_vectors(domain, kind, theta, target, c, f"{kind}, theta {theta}, theta' {target}, C_R {c}")


__all__ = ["sharp_copies", "sharp_pairs", "sharp_rates", "sharp_runs", "sharp_vectors"]
