r"""A family in which Algorithm 1 needs any number of points for what one point does."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...exact.line import RationalProblem, attack, erm
from ..engine.model import Number
from .drawing import SYMMETRIC, Draw
from .kinds import Facts

#: Largest m of a drawn instance.
LARGEST = 12


@dataclass(frozen=True, kw_only=True)
class WasteFacts(Facts):
    r"""A run of ``points`` < m rounds: X = [-1, 1], C_R = 1, D_c = {(0, +1)}, target 1/(2 m).

    ``nearest``: :math:`\min_{j\le T+1}D(\theta_j,\theta_p)`; ``alone``: the distance of the model that the point (1/m, +1) alone trains.
    """

    points: int
    m: int
    nearest: Number
    alone: Number


def exact_waste(m: int, points: int) -> WasteFacts:
    """Facts of the family's member m after so many rounds."""
    p = RationalProblem((Fraction(0),), Fraction(1), SYMMETRIC[0])
    target = Fraction(1, 2 * m)
    run = attack(p, target, points)
    return WasteFacts(
        description=f"{p}, target {target}, {points} rounds",
        points=points,
        m=m,
        nearest=min(p.distance(t, target) for t in run.thetas),
        alone=p.distance(erm([*p.data, Fraction(1, m)], p.c), target),
    )


def wastes(draw: Draw) -> WasteFacts:
    """A member of the family, often after as many rounds as the claim covers."""
    m = draw.integer(1, LARGEST)
    return exact_waste(m, draw.pick((m - 1, m - 1, draw.integer(0, m - 1))))


__all__ = ["WasteFacts", "exact_waste", "wastes"]
