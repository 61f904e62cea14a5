"""What all constants are computed from: problem, target, number of points, the run and the models to test at."""

from __future__ import annotations

from dataclasses import dataclass

from ...attacks.run import AttackRun
from ...losses import Array
from ...problem import Problem, regulariser
from ...training import train
from ..facts.measured import lipschitz_constant


@dataclass(frozen=True, eq=False)
class Setting:
    """``models``: the clean model and those to test at; ``lipschitz``: B; the gaps are target less clean model."""

    problem: Problem
    target: Array
    points: int
    epsilon: float
    run: AttackRun | None
    models: tuple[Array, ...]
    lipschitz: float
    loss_gap: float
    regulariser_gap: float


#: Closeness that Corollary 1 is about when neither a number nor a run is given.
DEFAULT_EPSILON = 0.1


def make_setting(
    problem: Problem, target: Array, points: int, epsilon: float | None, models: list[Array], run: AttackRun | None
) -> Setting:
    """The setting; trains the clean model unless the run has it."""
    clean = run.thetas[0] if run is not None else train(problem).theta
    kept = list(run.thetas) if run is not None else []
    reached = run.rows[-1].distance_upper if run is not None else DEFAULT_EPSILON
    return Setting(
        problem=problem,
        target=target,
        points=points,
        epsilon=reached if epsilon is None else epsilon,
        run=run,
        models=(clean, *kept[1:], *models),
        lipschitz=lipschitz_constant(problem),
        loss_gap=problem.loss_sum(target) - problem.loss_sum(clean),
        regulariser_gap=regulariser(target) - regulariser(clean),
    )


__all__ = ["Setting", "make_setting"]
