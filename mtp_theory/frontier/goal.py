"""Few points for a goal that is no model: an error rate, a flipped subpopulation. A heuristic, and no bound.

Every model with the property is a target, so the fewest points are a minimum over all of them, which is not convex and
not bounded here. Tried are, for each target given, the models on the segment to the clean one and close models that few
points reach; the set of the cheapest one that keeps the property after training is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..errors import InputError, UndecidedError
from ..losses import Array
from ..minimum import bound, dataset_of
from ..problem import Problem
from ..training import make_trainer
from .construct import Distances, on_the_way
from .descent import State, descend, evaluate
from .relaxation import Relaxation

#: Models tried on each segment, evenly spaced.
ON_SEGMENT = 33
#: Distances from a target within which few points are looked for.
EPSILONS = (0.05, 0.1, 0.2, 0.4)


@dataclass(frozen=True, eq=False)
class GoalResult:
    """The smallest set found whose trained model has the property; ``tried``: models with it that were considered.

    ``kind`` is "heuristic": the number of points is an upper end, and nothing is proved below it.
    """

    X: Array
    y: Array
    model: Array
    tried: int
    kind: str = "heuristic"


def fewest_for_goal(
    problem: Problem,
    reached: Callable[[Array], bool],
    targets: Sequence[ArrayLike],
    *,
    epsilons: Sequence[float] = EPSILONS,
    steps: int = 15,
    engine: str = "liblinear",
) -> GoalResult | None:
    """The smallest set found whose model satisfies ``reached``, starting from ``targets`` that do; None without one.

    Raises InputError without a target that has the property.
    """
    models = [problem.check_theta(t, "target") for t in targets]
    if not any(reached(m) for m in models):
        raise InputError("goal: none of the targets has the property; give one that does")
    clean = make_trainer(problem).fit().theta
    if reached(clean):
        return GoalResult(np.zeros((0, problem.d)), np.zeros(0), clean, 1)
    states = [s for m in models if reached(m) for s in _candidates(problem, reached, clean, m, epsilons, steps)]
    data = dataset_of(problem)
    best: GoalResult | None = None
    for state in sorted(states, key=lambda s: s.mass):
        if best is not None and state.mass > len(best.y):
            break
        try:
            found = bound(problem, state.model, data=data, engine="active_set")
        except UndecidedError:
            continue
        if found.X is None or found.y is None or (best is not None and len(found.y) >= len(best.y)):
            continue
        trainer = make_trainer(problem, engine)
        trainer.add_many(found.X, found.y)
        model = trainer.fit().theta
        if reached(model):
            best = GoalResult(found.X, found.y, model, len(states))
    return best


def _candidates(
    problem: Problem,
    reached: Callable[[Array], bool],
    clean: Array,
    target: Array,
    epsilons: Sequence[float],
    steps: int,
) -> list[State]:
    models = [(1 - a) * clean + a * target for a in np.linspace(0.0, 1.0, ON_SEGMENT)]
    first = next(m for m in models if reached(m))
    states = [s for m in (first, target) if (s := evaluate(problem, m)) is not None]
    distances = Distances(problem, target)
    for epsilon in epsilons:
        start = evaluate(problem, on_the_way(distances, clean, target, epsilon))
        if start is not None:
            end = descend(Relaxation(problem, target, epsilon), start, steps)
            states += [end] if reached(end.model) else []
    return states


__all__ = ["GoalResult", "fewest_for_goal"]
