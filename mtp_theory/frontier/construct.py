"""Few points that come within epsilon of the target: a close model that few points reach, and points that make it.

What counts is measured after training on the points: the distance of *that* model, with its enclosure. Nothing says
that the set is the best; the search is a heuristic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..datasets import Dataset
from ..errors import UndecidedError
from ..losses import Array
from ..minimum import bound
from ..problem import Problem
from ..shadow import Oracle
from ..training import make_trainer
from .descent import State, descend, evaluate
from .relaxation import Relaxation

#: Shares of epsilon that the model aimed at may use: room for the rounding of points, more of it on integer features.
SHARES = (1 - 1e-5, 0.99, 0.9, 0.7, 0.4)
#: Halvings on the way from the target to the clean model.
HALVINGS = 30


@dataclass(frozen=True, eq=False)
class CloseSet:
    """Points (X, y), the model trained on them, its distance over the domain's hull and over the domain itself.

    ``distance``: (lower, upper) over the convex hull, the notion of the lower bound; ``own``: over the domain itself.
    ``mass``: t* of the model aimed at.
    """

    X: Array
    y: Array
    model: Array
    distance: tuple[float, float]
    own: tuple[float, float]
    mass: float


class Distances:
    """Distances from one target, over the hull and over the domain."""

    def __init__(self, problem: Problem, target: Array) -> None:
        self._hull = Oracle(problem.loss, problem.domain.relaxation, target, bias=problem.bias)
        self._own = Oracle(problem.loss, problem.domain, target, bias=problem.bias)

    def hull(self, model: Array) -> tuple[float, float]:
        """Enclosure over the convex hull."""
        found = self._hull.maximise(model)
        return found.lower, found.upper

    def own(self, model: Array) -> tuple[float, float]:
        """Enclosure over the domain."""
        found = self._own.maximise(model)
        return found.lower, found.upper


def on_the_way(distances: Distances, clean: Array, target: Array, epsilon: float) -> Array:
    """The model furthest from the target on the segment to the clean one that is within epsilon."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        share = 0.5 * (low + high)
        if distances.hull(share * clean + (1 - share) * target)[1] <= epsilon:
            low = share
        else:
            high = share
    return low * clean + (1 - low) * target


def close_set(
    problem: Problem,
    target: Array,
    epsilon: float,
    data: Dataset,
    *,
    starts: tuple[Array, ...] = (),
    steps: int = 40,
    engine: str = "liblinear",
) -> tuple[CloseSet | None, State | None]:
    """The smallest set found whose trained model is within epsilon, and the state that the descent ended in.

    ``starts``: further models to start from, each used if it is close enough. Raises UndecidedError when training
    fails.
    """
    distances = Distances(problem, target)
    clean = make_trainer(problem).fit().theta
    state = None
    for share in SHARES:
        relaxation = Relaxation(problem, target, share * epsilon)
        segment = on_the_way(distances, clean, target, share * epsilon)
        models = [segment, *(m for m in starts if distances.hull(m)[1] <= share * epsilon)]
        found = [s for m in models if (s := evaluate(problem, m)) is not None]
        if not found:
            continue
        state = descend(relaxation, min(found, key=lambda s: s.mass), steps)
        made = _points(problem, target, data, state, distances, engine)
        if made is not None and made.distance[1] <= epsilon:
            return made, state
        # the points miss by their rounding: aim nearer to the target
        starts = (*starts, state.model)
    return None, state


def _points(
    problem: Problem, target: Array, data: Dataset, state: State, distances: Distances, engine: str
) -> CloseSet | None:
    try:
        found = bound(problem, state.model, data=data, engine="active_set")
    except UndecidedError:
        return None
    if found.X is None or found.y is None:
        return None
    return measured(problem, found.X, found.y, distances, engine, state.mass)


def measured(
    problem: Problem, X: Array, y: Array, distances: Distances, engine: str = "liblinear", mass: float = np.nan
) -> CloseSet:
    """The set with the model trained on it and that model's distances."""
    trainer = make_trainer(problem, engine)
    if len(y):
        trainer.add_many(X, y)
    model = trainer.fit().theta
    return CloseSet(X, y, model, distances.hull(model), distances.own(model), mass)


__all__ = ["CloseSet", "Distances", "close_set", "measured", "on_the_way"]
