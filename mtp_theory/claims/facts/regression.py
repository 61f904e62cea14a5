r"""Algorithm 1 on a regression task, exactly: squared loss, the response as one more feature of the data.

:math:`\ell(\theta;x,y)=\frac12(y-\theta x)^2` on :math:`\mathcal X\times\mathcal Y=[-1,1]^2`. The loss difference of two models is linear in y
and, at y = -1 and 1, a quadratic in x: its maximum is at an end or at a rational vertex.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf

from .drawing import WEIGHTS, Draw
from .kinds import RunFacts

Pair = tuple[Fraction, Fraction]
#: Rounds of a run.
ROUNDS = 8


def loss(theta: Fraction, z: Pair) -> Fraction:
    """Half the squared error."""
    return (z[1] - theta * z[0]) ** 2 / 2


def ridge(data: Sequence[Pair], c: Fraction) -> Fraction:
    """The minimiser of the summed loss plus n c theta^2/2."""
    return sum((x * y for x, y in data), Fraction(0)) / (sum((x * x for x, _ in data), Fraction(0)) + len(data) * c)


def maximiser(theta: Fraction, target: Fraction) -> Pair:
    """A point of maximal loss difference: ((a^2 - b^2) x^2 - 2 (a - b) x y)/2 at x = -1, 0, 1 or at y/(a + b)."""
    xs = {Fraction(-1), Fraction(0), Fraction(1)}
    if theta + target != 0:
        xs |= {x for x in (1 / (theta + target), -1 / (theta + target)) if -1 <= x <= 1}
    points = [(x, y) for x in sorted(xs) for y in (Fraction(-1), Fraction(1))]
    return max(points, key=lambda z: loss(theta, z) - loss(target, z))


def regression_run(clean: Sequence[Pair], c: Fraction, witness: Sequence[Pair], lam: Fraction, rounds: int) -> RunFacts:
    """Facts of an attack whose target the witness trains at the weight lam >= c."""
    target = ridge(witness, lam)
    data, thetas, regret = list(clean), [ridge(clean, c)], [Fraction(0)]

    def potential(theta: Fraction) -> Fraction:
        return sum((loss(theta, z) for z in data), Fraction(0)) + len(data) * c * theta * theta / 2

    for _ in range(rounds):
        data.append(maximiser(thetas[-1], target))
        thetas.append(ridge(data, c))
        regret.append(regret[-1] + potential(thetas[-2]) - potential(thetas[-1]))

    def distance(theta: Fraction) -> Fraction:
        z = maximiser(theta, target)
        return loss(theta, z) - loss(target, z)

    return RunFacts(
        description=f"squared loss, clean {list(clean)}, C_R {c}, target {target} trained at {lam}",
        n=len(clean),
        c=c,
        gamma=1 - c / lam,
        loss_gap=sum((loss(target, z) - loss(thetas[0], z) for z in clean), Fraction(0)),
        regulariser_gap=(target**2 - thetas[0] ** 2) / 2,
        distances=tuple(distance(t) for t in thetas),
        regret=tuple(regret),
        lipschitz=inf,
        attainable=True,
    )


def regressions(draw: Draw) -> RunFacts:
    """Up to four clean points; the target is trained elsewhere, at a larger weight."""

    def points(most: int) -> list[Pair]:
        return [
            (Fraction(draw.integer(-2, 2), 2), Fraction(draw.integer(-2, 2), 2)) for _ in range(draw.integer(1, most))
        ]

    c = draw.pick(WEIGHTS[1:-1])
    lam = c * draw.pick((Fraction(3, 2), Fraction(4), Fraction(20)))
    return regression_run(points(4), c, points(2), lam, draw.integer(1, ROUNDS))


__all__ = ["maximiser", "regression_run", "regressions", "ridge"]
