r"""Facts about t* along an attack: the induced model's t* beside the target's, in one dimension exactly."""

from __future__ import annotations

from dataclasses import dataclass

from ...exact.line import RationalRun
from ...exact.line import regulariser as exact_regulariser
from ..engine.model import Number
from .kinds import Facts


@dataclass(frozen=True, kw_only=True)
class Stage(Facts):
    r"""The model :math:`\theta_{T+1}` that the first T points of an attack induce.

    ``proved`` and ``minimum``: lower and upper side of :math:`t^*(\theta_{T+1})`, equal where it is exact; ``between``: it lies between the clean model and the target (one dimension only). ``reverse``:
    :math:`D(\theta_p,\theta_{T+1})`; ``regulariser_gap``: :math:`R(\theta_p)-R(\theta_{T+1})`. Test model k: ``numerators[k]`` is
    :math:`F_0(\theta_{T+1})-F_0(\theta)`, ``denominators[k]`` is :math:`D(\theta,\theta_p)+C_R(R(\theta)-R(\theta_p))`.
    """

    points: int
    proved: Number
    minimum: Number
    between: bool
    reverse: Number
    regulariser_gap: Number
    numerators: tuple[Number, ...]
    denominators: tuple[Number, ...]


@dataclass(frozen=True, kw_only=True)
class PhaseFacts(Facts):
    r"""An attack with exact maximisers, one point a round.

    ``minimum``: :math:`t^*(\theta_p)`. ``gaps[j-1]``: :math:`F_0(\theta_p)-F_0(\theta_j)`, ``euclidean[j-1]``: :math:`|\theta_j-\theta_p|^2`;
    ``regret[T]`` and ``excess[T]`` as for runs. ``stages``: the models at which t* was computed.
    """

    n: int
    c: Number
    minimum: Number
    gaps: tuple[Number, ...]
    euclidean: tuple[Number, ...]
    regret: tuple[Number, ...]
    excess: tuple[Number, ...]
    stages: tuple[Stage, ...]


def exact_phases(run: RationalRun, description: str) -> PhaseFacts:
    """Facts of a run in the rational world, with a stage after every round; the run's own models are the test models."""
    problem, target = run.problem, run.target
    base = problem.potential(target)
    clean = run.thetas[0]
    denominators = tuple(
        problem.distance(t, target) + problem.c * (exact_regulariser(t) - exact_regulariser(target)) for t in run.thetas
    )
    potentials = [problem.potential(t) for t in run.thetas]
    stages = tuple(
        Stage(
            description=f"{description}, {k} points",
            points=k,
            proved=problem.fractional_minimum(theta),
            minimum=problem.fractional_minimum(theta),
            between=min(clean, target) <= theta <= max(clean, target),
            reverse=problem.distance(target, theta),
            regulariser_gap=exact_regulariser(target) - exact_regulariser(theta),
            numerators=tuple(potentials[k] - p for p in potentials),
            denominators=denominators,
        )
        for k, theta in enumerate(run.thetas)
    )
    return PhaseFacts(
        description=description,
        n=problem.n,
        c=problem.c,
        minimum=problem.fractional_minimum(target),
        gaps=tuple(base - p for p in potentials),
        euclidean=tuple((t - target) ** 2 for t in run.thetas),
        regret=run.regret(),
        excess=tuple(run.potential(j, target) - run.potential(j, t) for j, t in enumerate(run.thetas)),
        stages=stages,
    )
