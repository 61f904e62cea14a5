r"""What a statement is put to the test with: numbers of an instance, in its own arithmetic.

The same formulas run over exact facts (rational world) and over floats (real data); ``tolerance`` is 0 for the
former and, for the latter, the slack that rounding and enclosures explain.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..attacks.run import AttackRun
from ..distance import distance
from ..losses import Array
from ..problem import Problem, regulariser
from ..rational import RationalProblem, RationalRun
from ..rational import hinge as exact_hinge
from ..rational import regulariser as exact_regulariser
from .model import Arithmetic, Number

#: Float facts: relative rounding of sums over the data (n eps ~ 1e-13 for n = 10^3) with room for the
#: accumulated regret of some hundred rounds and for training gaps of 1e-9.
FLOAT_TOLERANCE = 1e-7


@dataclass(frozen=True)
class RunFacts:
    r"""An attack run: ``distances[j-1]`` is :math:`D(\theta_j, \theta_p)`, j = 1..T+1; ``regret[T]`` is
    :math:`\sum_{j\le T}\delta_j`; ``gamma`` a proved lower bound of the best constant."""

    description: str
    arithmetic: Arithmetic
    tolerance: float
    n: int
    c: Number
    gamma: Number
    loss_gap: Number
    regulariser_gap: Number
    distances: tuple[Number, ...]
    regret: tuple[Number, ...]

    @property
    def points(self) -> int:
        """T, the number of poisoning points."""
        return len(self.regret) - 1


@dataclass(frozen=True)
class PairFacts:
    r"""Models :math:`\theta, \theta_p` and a third one.

    The target is attainable at weight ``lam``; ``gamma`` is its best constant over all models; ``attainable`` says
    whether both models are known to be attainable at C_R.
    """

    description: str
    arithmetic: Arithmetic
    tolerance: float
    c: Number
    lam: Number
    gamma: Number
    same: bool
    attainable: bool
    distance: Number
    regulariser_difference: Number
    via_third: tuple[Number, Number]


@dataclass(frozen=True)
class PointFacts:
    """One point's loss difference and the value claimed for the maximum (Definition 1)."""

    description: str
    arithmetic: Arithmetic
    tolerance: float
    difference: Number
    maximum: Number


@dataclass(frozen=True)
class InducedFacts:
    r"""A target that ``points`` added points really induce, tested against other models :math:`\theta`.

    ``numerators``: :math:`F_0(\theta_p) - F_0(\theta)`; ``denominators``:
    :math:`D(\theta,\theta_p) + C_R(R(\theta) - R(\theta_p))`.
    """

    description: str
    arithmetic: Arithmetic
    tolerance: float
    points: int
    numerators: tuple[Number, ...]
    denominators: tuple[Number, ...]


Facts = RunFacts | PairFacts | PointFacts | InducedFacts


def exact_run(run: RationalRun, description: str) -> RunFacts:
    """Facts of a run in the rational world."""
    problem, target = run.problem, run.target
    clean = run.thetas[0]
    return RunFacts(
        description=description,
        arithmetic=Arithmetic.RATIONAL,
        tolerance=0.0,
        n=problem.n,
        c=problem.c,
        gamma=problem.gamma(target),
        loss_gap=problem.loss_sum(target) - problem.loss_sum(clean),
        regulariser_gap=exact_regulariser(target) - exact_regulariser(clean),
        distances=tuple(problem.distance(t, target) for t in run.thetas),
        regret=run.regret(),
    )


def exact_pair(
    problem: RationalProblem,
    theta: Fraction,
    target: Fraction,
    third: Fraction,
    lam: Fraction,
    attainable: bool,
    description: str,
) -> PairFacts:
    """Facts of a pair of models in the rational world."""
    return PairFacts(
        description=description,
        arithmetic=Arithmetic.RATIONAL,
        tolerance=0.0,
        c=problem.c,
        lam=lam,
        gamma=problem.gamma(target),
        same=theta == target,
        attainable=attainable,
        distance=problem.distance(theta, target),
        regulariser_difference=exact_regulariser(theta) - exact_regulariser(target),
        via_third=(problem.distance(theta, third), problem.distance(third, target)),
    )


def exact_point(theta: Fraction, target: Fraction, s: Fraction, maximum: Fraction, description: str) -> PointFacts:
    """Facts of one point in the rational world."""
    difference = exact_hinge(theta, s) - exact_hinge(target, s)
    return PointFacts(description, Arithmetic.RATIONAL, 0.0, difference, maximum)


def exact_induced(
    problem: RationalProblem, poison: int, target: Fraction, tested: list[Fraction], description: str
) -> InducedFacts:
    """Facts of a target that ``poison`` added points induce in the rational world."""
    base = problem.potential(target)
    return InducedFacts(
        description=description,
        arithmetic=Arithmetic.RATIONAL,
        tolerance=0.0,
        points=poison,
        numerators=tuple(base - problem.potential(t) for t in tested),
        denominators=tuple(
            problem.distance(t, target) + problem.c * (exact_regulariser(t) - exact_regulariser(target)) for t in tested
        ),
    )


def measured_run(problem: Problem, target: Array, run: AttackRun, gamma: float, description: str) -> RunFacts:
    """Facts of a run on real data, in floats; distances are the lower ends of their enclosures."""
    clean = run.thetas[0]
    return RunFacts(
        description=description,
        arithmetic=Arithmetic.FLOAT,
        tolerance=FLOAT_TOLERANCE * problem.n_points,
        n=problem.n_points,
        c=problem.c_r,
        gamma=gamma,
        loss_gap=problem.loss_sum(target) - problem.loss_sum(clean),
        regulariser_gap=regulariser(target) - regulariser(clean),
        distances=tuple(row.distance for row in run.rows),
        regret=tuple(row.regret for row in run.rows),
    )


def measured_induced(problem: Problem, run: AttackRun, description: str) -> InducedFacts:
    """The model trained on all points of ``run`` as target, tested against the run's earlier models."""
    target = run.thetas[-1]
    base = problem.potential(target)
    tested = list(run.thetas[:-1])
    return InducedFacts(
        description=description,
        arithmetic=Arithmetic.FLOAT,
        tolerance=FLOAT_TOLERANCE * problem.n_points,
        points=run.points,
        numerators=tuple(base - problem.potential(t) for t in tested),
        denominators=tuple(
            distance(problem, t, target).upper + problem.c_r * (regulariser(t) - regulariser(target)) for t in tested
        ),
    )


def measured_pairs(
    problem: Problem, target: Array, thetas: list[Array], lam: float, description: str
) -> list[PairFacts]:
    """Each model of ``thetas`` against the target, with the zero model as the third one."""
    zero = np.zeros_like(target)
    to_target = distance(problem, zero, target).upper
    return [
        PairFacts(
            description=f"{description}, model {k}",
            arithmetic=Arithmetic.FLOAT,
            tolerance=FLOAT_TOLERANCE,
            c=problem.c_r,
            lam=lam,
            gamma=1.0 - problem.c_r / lam,
            same=bool(np.array_equal(theta, target)),
            attainable=True,
            distance=distance(problem, theta, target).lower,
            regulariser_difference=regulariser(theta) - regulariser(target),
            via_third=(distance(problem, theta, zero).upper, to_target),
        )
        for k, theta in enumerate(thetas)
    ]
