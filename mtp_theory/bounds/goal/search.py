"""Few points for a goal that is no model: an error rate, a flipped subpopulation. A heuristic, and no bound.

Every model with the property is a target, so the fewest points are a minimum over all of them, which is not convex and
not bounded here. Tried are, for each target given, the models on the line from the clean one through it and close
models that few points reach; then, where half-spaces around a model keep the property, models that a descent inside
them reaches from the cheapest ones. The set of the cheapest model that keeps the property after training is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from ...datasets import Dataset
from ...errors import InputError, UndecidedError
from ...losses import Array
from ...problem import Problem
from ...training import make_trainer
from ..answer import data_of
from ..closeness.construct import Distances, on_the_way
from ..closeness.descent import State, descend, evaluate
from ..closeness.relaxation import Relaxation
from .descent import Kept, sets_of

#: Models tried on each line, evenly spaced, the target among them.
ON_LINE = 33
#: Where the line ends: 1 is the target.
LAST_SHARE = 1.0
#: Distances from a target within which few points are looked for.
EPSILONS = (0.05, 0.1, 0.2, 0.4)
#: Further models of a line, this many steps behind the first with the property: rounding may lose it.
BEHIND = (0, 1, 3)


@dataclass(frozen=True, eq=False)
class GoalResult:
    """The smallest set found whose trained model has the property; ``tried``: models with it that were considered.

    ``kind`` is "heuristic": the number of points is an upper end, and nothing is proved below it. ``target``: index of
    the target that led to it, None where the clean model has the property. ``share``: place on the line through it, 0
    the clean model, 1 the target; None after a descent within ``epsilon`` of it. ``descended``: the model there was
    where a descent inside the property began. ``mass``: t* of the model aimed at. ``constructions``: sets built.
    """

    X: Array
    y: Array
    model: Array
    tried: int
    target: int | None = None
    share: float | None = None
    epsilon: float | None = None
    descended: bool = False
    mass: float = 0.0
    constructions: int = 0
    kind: str = "heuristic"


@dataclass(frozen=True, eq=False)
class _Candidate:
    state: State
    target: int
    share: float | None = None
    epsilon: float | None = None
    descended: bool = False


def fewest_for_goal(
    problem: Problem,
    reached: Callable[[Array], bool],
    targets: Sequence[ArrayLike],
    *,
    data: Dataset | None = None,
    epsilons: Sequence[float] = EPSILONS,
    steps: int = 15,
    on_line: int = ON_LINE,
    last_share: float = LAST_SHARE,
    keep: Callable[[Array], tuple[Array, Array]] | None = None,
    descents: int = 1,
    most: int | None = None,
    engine: str = "liblinear",
) -> GoalResult | None:
    """The smallest set found whose model satisfies ``reached``, starting from ``targets``; None without one.

    ``on_line`` models are tried from the clean one to ``last_share`` (1: the target) of the way. Empty ``epsilons``:
    no descents near targets. ``keep``: A (k, dim), b (k,) for a model with the property such that every t with
    A t <= b has it too; then the cheapest models of ``descents`` targets are improved there, in ``steps`` steps.
    ``most``: sets built, cheapest model first; None for as many as could be smaller than the best one. ``engine``
    trains on the sets, and what counts is its model; a set that it cannot be trained on is left out. Raises InputError
    where no model of any line has the property.
    """
    models = [problem.check_theta(t, "target") for t in targets]
    clean = make_trainer(problem).fit().theta
    if reached(clean):
        return GoalResult(np.zeros((0, problem.d)), np.zeros(0), clean, 1)
    places = np.unique(np.append(np.linspace(0.0, last_share, on_line), min(1.0, last_share)))
    lines = [[float(a) for a in places if reached((1 - a) * clean + a * m)] for m in models]
    if not any(lines):
        raise InputError("goal: none of the targets has the property; give one that does")
    candidates = [
        c
        for i, m in enumerate(models)
        if lines[i]
        for c in (*_on_line(problem, clean, m, lines[i], i), *_close(problem, reached, clean, m, i, epsilons, steps))
    ]
    candidates.sort(key=lambda c: c.state.mass)
    if keep is not None:
        firsts = {c.target: c for c in reversed(candidates)}
        for c in sorted(firsts.values(), key=lambda c: c.state.mass)[:descents]:
            end = descend(Kept(problem, c.state.model, keep(c.state.model)), c.state, steps)
            if reached(end.model):
                candidates.append(replace(c, state=end, descended=True))
        candidates.sort(key=lambda c: c.state.mass)
    data = data_of(problem, data)
    best: GoalResult | None = None
    built = 0
    for candidate in candidates:
        state = candidate.state
        if (best is not None and state.mass > len(best.y)) or built == most:
            break
        built += 1
        for X, y in sets_of(problem, state, data):
            if best is not None and len(y) >= len(best.y):
                break
            try:
                # the engine may take minutes where the active set takes a second
                model = _trained(problem, X, y, "active_set")
                model = _trained(problem, X, y, engine) if reached(model) else model
            except UndecidedError:
                continue
            if reached(model):
                best = GoalResult(
                    X, y, model, len(candidates), candidate.target, candidate.share, candidate.epsilon,
                    candidate.descended, state.mass, built,
                )  # fmt: skip
                break
    return best


def _trained(problem: Problem, X: Array, y: Array, engine: str) -> Array:
    trainer = make_trainer(problem, engine)
    trainer.add_many(X, y)
    return trainer.fit().theta


def _on_line(problem: Problem, clean: Array, target: Array, having: list[float], index: int) -> Iterator[_Candidate]:
    """The first models of a line among those at the places ``having`` the property, and the target if it is there."""
    chosen = {having[k] for k in BEHIND if k < len(having)} | ({1.0} & set(having))
    for a in sorted(chosen):
        state = evaluate(problem, (1 - a) * clean + a * target)
        if state is not None:
            yield _Candidate(state, index, share=a)


def _close(
    problem: Problem,
    reached: Callable[[Array], bool],
    clean: Array,
    target: Array,
    index: int,
    epsilons: Sequence[float],
    steps: int,
) -> Iterator[_Candidate]:
    """Models with the property that descents within each epsilon of a target end in."""
    distances = Distances(problem, target)
    for epsilon in epsilons:
        start = evaluate(problem, on_the_way(distances, clean, target, epsilon))
        if start is None:
            continue
        end = descend(Relaxation(problem, target, epsilon), start, steps)
        if reached(end.model):
            yield _Candidate(end, index, epsilon=epsilon)


__all__ = ["GoalResult", "fewest_for_goal"]
