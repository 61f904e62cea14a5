r"""Facts of long attacks against a target that is not extremal, with the distance in both directions: rates."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from fractions import Fraction

from ...exact.line import RationalProblem, RationalRun, attack, erm
from ..engine.model import Number
from .drawing import SYMMETRIC, Draw, attainable_target, problem
from .exact import exact_run
from .kinds import RunFacts

#: Rounds of an exact run; a missing logarithm or a constant of the rate shows in long runs only.
ROUNDS = (1, 3, 3, 8, 8, 8, 8, 12, 20, 60)
#: Of a long run every so many rounds are evaluated.
EVALUATIONS = 20


@dataclass(frozen=True, kw_only=True)
class RateFacts(RunFacts):
    r"""A run with ``backward[j-1]``: :math:`D(\theta_p,\theta_j)`, on a domain with both labels.

    ``balanced``: as many clean points s = 1 as s = -1 on X = [-1, 1], target 0, :math:`C_R(N+1)\ge1`.
    """

    backward: tuple[Number, ...]
    balanced: bool = False


def with_backward(run: RunFacts, backward: tuple[Number, ...]) -> RateFacts:
    """The facts of a run together with the distances from the target to its models."""
    return RateFacts(**{f.name: getattr(run, f.name) for f in fields(run)}, backward=backward)


def exact_rate(run: RationalRun, description: str) -> RateFacts:
    """Facts of a run in the rational world."""
    backward = tuple(run.problem.distance(run.target, t) for t in run.thetas)
    return with_backward(exact_run(run, description), backward)


def rates(draw: Draw) -> RateFacts:
    """Algorithm 1, often for many rounds, against a target that is attainable at a weight above C_R."""
    if draw.integer(0, 3) == 0:
        return between_two_ends(draw)
    p = problem(draw, both_labels=True)
    target, lam = attainable_target(draw, p)
    if lam <= p.c:
        target = erm([draw.pick((p.domain[0][0], p.domain[-1][1]))], 2 * p.c)
    return exact_rate(attack(p, target, draw.pick(ROUNDS)), f"{p}, target {target}")


def between_two_ends(draw: Draw) -> RateFacts:
    """The zero model from balanced data: the added points alternate between the ends, and the regret grows for ever."""
    domain = SYMMETRIC[0]
    p = RationalProblem((Fraction(1), Fraction(-1)) * draw.integer(1, 2), draw.pick((Fraction(1), Fraction(2))), domain)
    target = draw.pick((Fraction(0), Fraction(0), Fraction(1, 50)))
    facts = exact_rate(attack(p, target, draw.pick(ROUNDS)), f"{p}, target {target}")
    return replace(facts, balanced=target == 0)


def evaluated(rounds: int) -> range:
    """The numbers of rounds at which a run is evaluated: all of a short one, some of a long one, the last always."""
    step = max(1, rounds // EVALUATIONS)
    return range(rounds % step or step, rounds + 1, step)


__all__ = ["RateFacts", "evaluated", "exact_rate", "rates", "with_backward"]
