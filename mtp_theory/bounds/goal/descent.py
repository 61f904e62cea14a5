r"""From above: models of a goal that few points reach, by descent of t* from models that flipped copies reach.

Half-spaces around a model keep the goal: the rows that are wrong there stay wrong; for a mean loss, the losses that are
positive there. They are convex, so :func:`..closeness.descent.descend` applies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from time import monotonic

import numpy as np

from ...datasets import Dataset
from ...errors import UndecidedError
from ...losses import Array
from ...problem import Problem
from ..closeness.conic import Conic
from ..closeness.descent import State, descend, evaluate
from ..closeness.relaxation import LABELS, Relaxation
from ..target import bound
from ..target.rounding import split
from .above import Pair, Search, flipped, resized
from .goals import Rows

#: Steps of one descent, and after how many a start that is far behind the best is given up.
STEPS, FIRST_STEPS = 30, 8
#: Share by which a start may lie above the best mass after its first steps.
BEHIND = 1.1
#: The half-spaces lie this much inside the goal: a model trained to rounding is seen to have it.
INSIDE = 1e-6
#: Most copies of flipped rows that a start is looked for with, as a multiple of the clean rows.
MOST_COPIES = 4
#: Perturbations of the best model: standard deviation of a coordinate over the model's mean size.
HOPS, HOP = 3, 0.25
#: Share of points more than t* that integer points are tried with: some of them end beyond margin 1 and do not pull.
SPARE = (0.0, 0.01, 0.03)


class Kept(Relaxation):
    """Half-spaces A t <= b around a model in the place of closeness to it."""

    def __init__(self, problem: Problem, model: Array, halfspaces: tuple[Array, Array]) -> None:
        super().__init__(problem, model, 0.0)
        self.A, self.b = halfspaces

    def closeness(self, model: Conic, y: int, p: Array, eps: float | None) -> None:
        """The half-spaces, once: they do not depend on the label."""
        if y == LABELS[0]:
            model.below("property", {"t": self.A}, self.b)


def sets_of(problem: Problem, state: State, data: Dataset) -> Iterator[tuple[Array, Array]]:
    """Points that make about the model of ``state``; with integer features also its sums, split with ever more points.

    The property may survive a rounding that no closeness to the model would.
    """
    try:
        found = bound(problem, state.model, data=data, engine="active_set")
    except UndecidedError:
        found = None
    if found is not None and found.X is not None and found.y is not None:
        yield found.X, found.y
    domain = problem.domain.boxed
    if domain is None or not domain.integer.any():
        return
    for spare in SPARE:
        parts = {y: (ceil(m * (1 + spare)), total / m) for y, (m, total) in state.sums.items() if m > 0}
        rows = [split(problem, domain, state.model, y, k, k * mean) for y, (k, mean) in parts.items()]
        yield np.vstack(rows), np.repeat([float(y) for y in parts], [k for k, _ in parts.values()])


def halfspaces(goal: Rows, theta: Array) -> tuple[Array, Array]:
    """A (k, dim), b (k,) such that every t with A t <= b has the goal, around a model ``theta`` that has it."""
    margins = goal.Z @ theta
    if goal.kind == "loss":
        active = margins < 1
        return (active @ goal.Z)[None, :], np.array([active.sum() - len(margins) * (goal.tau + 1 + INSIDE)])
    wrong = np.argsort(margins, kind="stable")[: goal.at_least]
    return goal.Z[wrong], np.full(goal.at_least, -goal.tau - INSIDE)


def descents(search: Search, until: float, seed: int = 0) -> Iterator[State]:
    """States at the ends of descents from several starts, each of less mass than those before, until the time."""
    goal, problem, best = search.goal, search.problem, None
    rng = np.random.default_rng(seed)
    for theta in _starts(search):
        if (state := _lower(goal, problem, theta, best, until)) is not None:
            best = state
            yield state
    for _ in range(HOPS if best is not None else 0):
        assert best is not None
        size = HOP * float(np.abs(best.model).mean())
        moved = best.model + rng.normal(size=best.model.size) * size
        moved = _back(moved, *halfspaces(goal, best.model))
        if not goal.reached(moved):
            continue
        if (state := _lower(goal, problem, moved, best, until)) is not None:
            best = state
            yield state


def _lower(goal: Rows, problem: Problem, theta: Array, best: State | None, until: float) -> State | None:
    """The end of a descent from ``theta`` if its mass is below the best one's."""
    if monotonic() > until:
        return None
    state = evaluate(problem, theta)
    if state is None:
        return None
    kept = Kept(problem, theta, halfspaces(goal, theta))
    done = 0
    while done < STEPS and monotonic() < until:
        steps = FIRST_STEPS if done == 0 else 4
        before = state.mass
        state = descend(kept, state, steps)
        done += steps
        if (best is not None and state.mass > BEHIND * best.mass) or state.mass > before * (1 - 1e-4):
            break
    return state if goal.reached(state.model) and (best is None or state.mass < best.mass) else None


def _back(theta: Array, A: Array, b: Array) -> Array:
    """The model moved, half-space after half-space, until none is violated or 50 rounds are over."""
    t = theta.copy()
    for _ in range(50):
        over = A @ t - b
        if over.max() <= 0:
            break
        for i in np.flatnonzero(over > 0):
            t = t - max(0.0, float(A[i] @ t - b[i]) + INSIDE / 10) * A[i] / float(A[i] @ A[i])
    return t


def _starts(search: Search) -> Iterator[Array]:
    """Models trained with the fewest copies of the goal's flipped rows that reach it; and of those moved to corners."""
    pair = flipped(search.goal, 1)
    low, high = search.low, search.high

    def corner(x: Array) -> Array:
        return np.where(x - low < high - x, low, high)

    for start in (pair, replace(pair, up=corner(pair.up), down=corner(pair.down))):
        theta = fewest_copies(search, start)
        if theta is not None:
            yield theta


def fewest_copies(search: Search, pair: Pair) -> Array | None:
    """The model of the fewest copies of the pair's points that reach the goal, by doubling and halving."""
    # one row has one label: a pair of size 1 holds no more than that
    pair = flipped(search.goal, 2 * len(search.goal.y)) if len(search.goal.y) > 1 and pair.size == 1 else pair

    def model(size: int) -> Array | None:
        theta = search.train(*resized(pair, size).rows())
        return theta if theta is not None and search.goal.reached(theta) else None

    size, found = 1, None
    most = MOST_COPIES * search.problem.n_points
    while size <= most and (found := model(size)) is None:
        if monotonic() > search.until:
            return None
        size *= 2
    if found is None:
        return None
    low, high = size // 2, size
    while low + 1 < high:
        middle = (low + high) // 2
        theta = model(middle)
        if theta is None:
            low = middle
        else:
            high, found = middle, theta
    return found


def pair_of(state: State) -> tuple[Pair, float, float]:
    """The two means of what attains the state's mass, in whole numbers of points, and the labels' masses g and h."""
    (g, plus), (h, minus) = state.sums[1], state.sums[-1]
    up = plus / g if g > 0 else minus / h
    down = minus / h if h > 0 else up
    return Pair(up, down, ceil(g - 1e-6), ceil(h - 1e-6)), g, h


__all__ = ["Kept", "descents", "halfspaces", "pair_of", "sets_of"]
