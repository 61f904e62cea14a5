"""Few points that come within epsilon of the target: a close model that few points reach, and points that make it.

What counts is measured after training on the points: the distance of *that* model, with its enclosure. Nothing says
that the set is the best; the search is a heuristic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple, cast

import numpy as np

from ...certificates.format import Certificate, UpperBoundWitness
from ...datasets import Dataset
from ...errors import UndecidedError
from ...exact.numbers import root_above
from ...losses import Array
from ...problem import Problem
from ...result import Enclosure
from ...shadow import Oracle
from ...training import make_trainer
from ..certify import distance_certificate
from ..target import bound
from .descent import State, descend, evaluate
from .relaxation import Relaxation

#: Shares of epsilon that the model aimed at may use: the trained model differs from it by rounding.
SHARES = (1 - 1e-5, 0.99, 0.9)
#: Shares for integer points, which rounding moves further.
INTEGER_SHARES = (0.7, 0.45)
#: Halvings on the way from the target to the clean model.
HALVINGS = 30


class Rounded(NamedTuple):
    """Integer points near relaxed ones: how many, upper ends of their model's distance over the hull and the domain."""

    points: int
    hull: float
    own: float


@dataclass(frozen=True, eq=False)
class CloseSet(Enclosure):
    """The distance from the target, over the domain's hull, of the model that points train: between its two ends.

    Over the hull: the notion of the lower bound; ``own``: over the domain itself. ``X``, ``y``: the points, ``model``:
    trained on them. ``mass``: t* of the model aimed at. ``reaching``: the certificate that the points train a model
    within a radius of the one aimed at, ``away``: that of the latter's distance; ``proved``: the bound of the distance
    that the two prove together. ``rounded``: where integer features are relaxed, integer points near these.
    """

    X: Array
    y: Array
    model: Array
    own: Enclosure
    mass: float = np.nan
    reaching: Certificate | None = None
    away: Certificate | None = None
    proved: float | None = None
    rounded: Rounded | None = None

    def _quantity(self) -> str:
        return "loss-based distance to the target"


class Distances:
    """Distances from one target, over the hull and over the domain."""

    def __init__(self, problem: Problem, target: Array) -> None:
        self._hull = Oracle(problem.loss, problem.domain.relaxation, target, bias=problem.bias)
        self._own = Oracle(problem.loss, problem.domain, target, bias=problem.bias)

    def hull(self, model: Array) -> Enclosure:
        """Over the convex hull."""
        found = self._hull.maximise(model)
        return Enclosure(found.lower, found.upper)

    def own(self, model: Array) -> Enclosure:
        """Over the domain."""
        found = self._own.maximise(model)
        return Enclosure(found.lower, found.upper)


def on_the_way(distances: Distances, clean: Array, target: Array, epsilon: float) -> Array:
    """The model furthest from the target on the segment to the clean one that is within epsilon."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        share = 0.5 * (low + high)
        if distances.hull(share * clean + (1 - share) * target).upper <= epsilon:
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

    With integer features ``rounded`` is that of the first share of epsilon whose integer points come within epsilon
    over the domain, or of the last share tried.

    ``starts``: further models to start from, each used if it is close enough. Raises UndecidedError when training
    fails.
    """
    distances = Distances(problem, target)
    clean = make_trainer(problem).fit().theta
    state = best = None
    for share in SHARES + INTEGER_SHARES:
        relaxation = Relaxation(problem, target, share * epsilon)
        segment = on_the_way(distances, clean, target, share * epsilon)
        models = [segment, *(m for m in starts if distances.hull(m).upper <= share * epsilon)]
        found = [s for m in models if (s := evaluate(problem, m)) is not None]
        if not found:
            continue
        end = descend(relaxation, min(found, key=lambda s: s.mass), steps)
        starts, state = (*starts, end.model), state or end
        made = _points(problem, target, data, end, distances, engine)
        if best is None and made is not None and made.upper <= epsilon:
            best, state = made, end
        elif best is not None and made is not None and made.rounded is not None:
            best = replace(best, rounded=made.rounded)
        # where the points miss by their rounding, aim nearer to the target
        if best is not None and (best.rounded is None or best.rounded.own <= epsilon):
            break
        if best is None and share == SHARES[-1]:
            break
    return best, state


def _points(
    problem: Problem, target: Array, data: Dataset, state: State, distances: Distances, engine: str
) -> CloseSet | None:
    try:
        found = bound(problem, state.model, data=data, engine="active_set")
    except UndecidedError:
        return None
    if found.X is None or found.y is None:
        return None
    upper, rounded = found.upper_certificate, None
    X, y = found.X, found.y
    if upper is not None and upper["domain"] == "hull":
        near = measured(problem, X, y, distances, engine)
        rounded = Rounded(len(y), near.upper, near.own.upper)
        X, y = listed_points(upper)
    made = replace(measured(problem, X, y, distances, engine), mass=state.mass, rounded=rounded)
    if upper is None:
        return made
    top = distance_certificate(problem, data, state.model, target)
    return replace(made, reaching=upper, away=top, proved=proved_distance(problem, upper, top))


def proved_distance(problem: Problem, upper: Certificate, top: Certificate) -> float:
    """What the two certificates prove together: D(t, p) <= D(t', p) + |t - t'| max |(x, 1)|, rounded up."""
    box: Any = getattr(problem.domain.relaxation, "box", problem.domain.relaxation)
    corner = sum(
        (max(Fraction(float(a)) ** 2, Fraction(float(b)) ** 2) for a, b in zip(box.lower, box.upper, strict=True)),
        Fraction(int(problem.bias)),
    )
    proved = Fraction(cast("list[str]", top["value"])[1]) + Fraction(upper["radius"]) * root_above(corner)
    # a quotient of integers is rounded to nearest: one step up covers it
    return float(np.nextafter(float(proved), np.inf))


def listed_points(upper: Certificate) -> tuple[Array, Array]:
    """X (n, d), y (n,) of an upper bound's certificate, copies as rows."""
    witness = cast(UpperBoundWitness, upper["witness"])
    unit, listed = int(witness["denominator"]), witness["points"]
    X = np.array([[int(v) / unit for v in p["x"]] for p in listed])
    counts = [p["count"] for p in listed]
    return np.repeat(X, counts, axis=0), np.repeat([float(p["label"]) for p in listed], counts)


def measured(problem: Problem, X: Array, y: Array, distances: Distances, engine: str = "liblinear") -> CloseSet:
    """The set with the model trained on it and that model's distances."""
    trainer = make_trainer(problem, engine)
    if len(y):
        trainer.add_many(X, y)
    model = trainer.fit().theta
    return CloseSet(*distances.hull(model).ends, X, y, model, distances.own(model))


__all__ = ["CloseSet", "Distances", "Rounded", "close_set", "measured", "on_the_way"]
