r"""From above: added points whose trained model reaches a goal, found by search and trained as real rows.

The points of one label that have a margin below 1 may be replaced by copies of their mean: their sum
stays. So the search is over two points :math:`x_+, x_-` and how often each is taken. For a fixed number of points it
moves both towards the vertex of the domain that brings the goal nearest to first order, among points of margin at most
1
(others
do not pull), and keeps what the trained model confirms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, inf
from time import monotonic

import numpy as np

from ...errors import UndecidedError
from ...losses import Array
from ...problem import Problem
from ...training import make_trainer
from ..target.rounding import split
from .goals import Rows
from .tree import Plane, hull, signed_rows

#: Steps towards the best vertices that are tried, longest first.
STEPS = (1.0, 0.5, 0.25, 0.1)
#: Rounds of steps for one number of points and one split of it between the labels.
ROUNDS = 6
#: Rows this close to margin 1 count as on it: they hold the model in place.
ON_MARGIN = 1e-7
#: The margin aimed at lies this much below -tau, so that another solver sees the goal too.
BELOW = 1e-7


@dataclass(frozen=True, eq=False)
class Pair:
    """``plus`` copies of x_+ = ``up`` (d,) with the label +1 and ``minus`` copies of x_- = ``down`` with -1."""

    up: Array
    down: Array
    plus: int
    minus: int

    @property
    def size(self) -> int:
        return self.plus + self.minus

    def rows(self) -> tuple[Array, Array]:
        """X (n, d), y (n,) with every copy a row."""
        X = np.vstack([np.tile(self.up, (self.plus, 1)), np.tile(self.down, (self.minus, 1))])
        return X, np.repeat([1.0, -1.0], [self.plus, self.minus])


class Search:
    """Sets of points for a goal, tried on the trained model, until the time ``until``."""

    def __init__(self, goal: Rows, until: float) -> None:
        self.goal, self.problem, self.until = goal, goal.problem, until
        self.rows, self.Z = signed_rows(self.problem), goal.Z
        self.low, self.high = hull(self.problem)
        self.fits = 0

    def measure(self, theta: Array) -> tuple[float, Array]:
        """How far the goal is, reached where <= 0, and its derivative."""
        margins = self.Z @ theta
        if self.goal.kind == "loss":
            active = margins < 1
            return self.goal.tau + 1 - float(np.maximum(0.0, 1 - margins).mean()), active @ self.Z / len(margins)
        order = np.argsort(margins, kind="stable")[: self.goal.at_least]
        lacking = [i for i in order if margins[i] > -self.goal.tau - BELOW] or order[-1:]
        return float(margins[order[-1]]) + self.goal.tau, self.Z[lacking].mean(axis=0)

    def train(self, X: Array, y: Array) -> Array | None:
        """The model trained with the points; None where the solver fails or time is over."""
        if monotonic() > self.until:
            return None
        trainer = make_trainer(self.problem, "active_set")
        if len(y):
            kept, counts = np.unique(np.column_stack([X, y]), axis=0, return_counts=True)
            trainer.add_many(kept[:, :-1], kept[:, -1], counts)
        self.fits += 1
        try:
            return trainer.fit().theta
        except UndecidedError:
            return None

    def lack(self, X: Array, y: Array) -> tuple[float, Array | None]:
        """How far the trained model is from the goal, and the model."""
        theta = self.train(X, y)
        return (inf, None) if theta is None else (self.measure(theta)[0], theta)

    def reached(self, lack: float) -> bool:
        return lack <= -BELOW

    def improved(self, pair: Pair) -> tuple[Pair, float]:
        """The pair after steps that lower the trained margin, and that margin; stops once the goal is reached."""
        best, theta = self.lack(*pair.rows())
        for _ in range(ROUNDS):
            if theta is None or self.reached(best):
                break
            up, down = self.vertices(theta)
            for step in STEPS:
                moved = replace(pair, up=pair.up + step * (up - pair.up), down=pair.down + step * (down - pair.down))
                lack, at = self.lack(*moved.rows())
                if lack < best - 1e-9:
                    pair, best, theta = moved, lack, at
                    break
            else:
                break
        return pair, best

    def vertices(self, theta: Array) -> tuple[Array, Array]:
        """For each label the point of margin at most 1 that brings the goal nearest, to first order."""
        v = self.measure(theta)[1]
        # the model moves within the space in which rows on the margin stay there
        fixed = self.rows[np.abs(self.rows @ theta - 1) < ON_MARGIN]
        free = v - (fixed.T @ np.linalg.lstsq(fixed.T, v, rcond=None)[0] if len(fixed) else 0.0)
        force, _ = self.problem.split(free if np.linalg.norm(free) > 1e-9 else v)
        w, b = self.problem.split(theta)
        plus, minus = (best_point(y * force, y * w, 1.0 - y * b, self.low, self.high) for y in (1, -1))
        return plus, minus

    def down(self, start: Pair, lowest: int) -> Pair | None:
        """The smallest set found, from a start of any size: up until the goal is reached, then down one by one."""
        pair: Pair | None = self.up(start, lowest)
        best = pair
        while pair is not None and pair.size > max(1, lowest):
            best = pair
            pair = self.fewer(pair)
        return best if pair is None else pair

    def up(self, start: Pair, lowest: int) -> Pair | None:
        """A set that reaches the goal: sizes grow until one does."""
        size = max(1, lowest, start.size)
        pair = resized(start, size)
        for _ in range(40):
            for candidate in around(pair):
                found, lack = self.improved(candidate)
                if self.reached(lack):
                    return found
                if lack == inf and monotonic() > self.until:
                    return None
            pair = resized(pair, pair.size + max(1, pair.size // 4))
        return None

    def larger(self, pair: Pair) -> Pair | None:
        """A set of one point more that reaches the goal."""
        return self.up(resized(pair, pair.size + 1), pair.size + 1)

    def fewer(self, pair: Pair) -> Pair | None:
        """A set of one point less."""
        options = [
            Pair(pair.up, pair.down, pair.plus - a, pair.minus - b) for a, b in ((1, 0), (0, 1), (2, -1), (-1, 2))
        ]
        for option in options:
            if min(option.plus, option.minus) >= 0:
                found, lack = self.improved(option)
                if self.reached(lack):
                    return found
        return None


def around(pair: Pair) -> Iterator[Pair]:
    """The pair, and those that give one point to the other label."""
    for shift in (0, 1, -1):
        if pair.plus + shift >= 0 and pair.minus - shift >= 0:
            yield Pair(pair.up, pair.down, pair.plus + shift, pair.minus - shift)


def resized(pair: Pair, size: int) -> Pair:
    """About the same shares of the labels, with ``size`` points."""
    plus = round(size * pair.plus / max(1, pair.size))
    return Pair(pair.up, pair.down, plus, size - plus)


def best_point(force: Array, w: Array, room: float, low: Array, high: Array) -> Array:
    """x of the box that makes <force, x> least under <w, x> <= room: a knapsack, exact up to its last feature.

    Where no point has that little margin: the point of least margin.
    """
    x = np.where(force > 0, low, np.where(force < 0, high, np.where(w > 0, low, high)))
    over = float(w @ x) - room
    if over <= 0:
        return x
    other = np.where(w > 0, low, high)
    gain = w * (x - other)
    cost = force * (other - x)
    order = np.argsort(np.where(gain > 0, cost / np.maximum(gain, 1e-300), inf), kind="stable")
    for j in order:
        if over <= 0 or gain[j] <= 0:
            break
        share = min(1.0, over / gain[j])
        x[j] += share * (other[j] - x[j])
        over -= share * gain[j]
    return x


def flipped(goal: Rows, size: int) -> Pair:
    """Copies of the mean of the goal's rows of each label with the other label, moved into the domain."""
    low, high = hull(goal.problem)
    wrong = round(size * float((goal.y < 0).mean()))
    means = [goal.X[goal.y == y].mean(axis=0) if (goal.y == y).any() else goal.X.mean(axis=0) for y in (-1, 1)]
    up, down = (np.clip(x, low, high) for x in means)
    return Pair(up, down, wrong, size - wrong)


def divided(plane: Plane, theta: Array, g: float, h: float, w: Array) -> Pair:
    """Points whose pulls add up to about w: g x_+ - h x_- = w, both inside the box, of margins as equal as may be."""
    weights, b = plane.problem.split(theta)
    total, _ = plane.problem.split(w)
    low, high = plane.low, plane.high
    if g <= 1e-9 or h <= 1e-9:
        x = np.clip(total / max(g, 1e-9) if g > h else -total / max(h, 1e-9), low, high)
        return Pair(x, x, ceil(g - 1e-6), 0) if g > h else Pair(x, x, 0, ceil(h - 1e-6))
    least, most = np.maximum(low, (total + h * low) / g), np.minimum(high, (total + h * high) / g)
    most = np.maximum(least, most)
    first, last = np.where(weights > 0, least, most), np.where(weights > 0, most, least)
    aim = float(theta @ w) / (g + h) - b
    span = float(weights @ (last - first))
    share = float(np.clip((aim - weights @ first) / span, 0.0, 1.0)) if span > 1e-12 else 0.0
    up = first + share * (last - first)
    down = np.clip((g * up - total) / h, low, high)
    return Pair(np.clip(up, low, high), down, ceil(g - 1e-6), ceil(h - 1e-6))


def own_points(problem: Problem, theta: Array, pair: Pair) -> tuple[Array, Array]:
    """Rows of the pair; on integer features points of the domain with nearly the same sum for each label."""
    domain = problem.domain.boxed
    if domain is None or not domain.integer.any():
        return pair.rows()
    parts: Sequence[tuple[int, int, Array]] = [(1, pair.plus, pair.up), (-1, pair.minus, pair.down)]
    rows = [(y, split(problem, domain, theta, y, k, k * x)) for y, k, x in parts if k]
    X = np.vstack([r for _, r in rows]) if rows else np.zeros((0, problem.d))
    return X, np.concatenate([np.zeros(0), *(np.full(len(r), float(y)) for y, r in rows)])


__all__ = ["Pair", "Search", "best_point", "divided", "flipped", "own_points", "resized"]
