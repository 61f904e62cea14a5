r"""K of a domain that is not convex, from its own points: column generation with exact pricing.

Cells merge points, which a domain of integers forbids. Here the measure lives on single points of X, found by
pricing over X itself; both sides then hold for X and not only for its relaxation. Plain column generation
oscillates, so the dual directions are boxed (a residual is allowed at a price per unit, which is
raised until no residual is left) and columns are also taken between the best direction and the new one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from ..errors import UndecidedError
from ..losses import Array
from ..problem import Problem
from .mixture import Mixture
from .pricing import Price, price
from .programme import FEASIBILITY, Extra, Solution
from .refinement import DAMPING, TwoSided

#: Price of the residual, relative to the largest entry of the relaxed dual direction: the box that the duals may use.
RESIDUAL_PRICE = 3.0

#: Factor by which the price rises while a residual is left, and how often it may.
PRICE_GROWTH, PRICE_RISES = 10.0, 6

#: Random directions near the relaxed one that are priced for the first columns, and how far away they lie.
FIRST_DIRECTIONS, FIRST_SPREAD = 16, 0.3

#: Rounds after which the two sides are returned as they stand.
MOST_ROUNDS = 300

#: A margin this close to a kink, relative to max(1, |v|), is at it: pricing puts it there up to rounding.
AT_KINK = 1e-12

#: Residual per entry that counts as none.
NO_RESIDUAL = 1e-9


@dataclass
class Columns:
    """Points found so far, each with a slope of the loss at its margin."""

    problem: Problem
    target: Array
    points: list[Array] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    slopes: list[float] = field(default_factory=list)
    seen: set[tuple[bytes, int]] = field(default_factory=set)

    def add(self, priced: Price) -> int:
        """Take the maximisers of a priced direction; how many were new."""
        before = len(self.seen)
        for top in priced.by_label:
            key = (top.x.tobytes(), top.y)
            if key not in self.seen:
                self.seen.add(key)
                for slope in self._slopes_at(self.problem.point_margin(self.target, top.x, top.y)):
                    self.points.append(top.x)
                    self.labels.append(top.y)
                    self.slopes.append(slope)
        return len(self.seen) - before

    def _slopes_at(self, margin: float) -> tuple[float, ...]:
        for kink in self.problem.loss.kinks:
            if abs(margin - kink) <= AT_KINK * max(1.0, abs(margin)):
                return self.problem.loss.slope_interval(kink)
        return (float(self.problem.loss.slope(margin)),)

    def matrix(self) -> Array:
        """Columns s y xb, shape (dim, number of columns)."""
        X = np.array(self.points)
        X = np.column_stack([X, np.ones(len(X))]) if self.problem.bias else X
        pull: Array = np.array(self.slopes) * np.array(self.labels, dtype=np.float64)
        return np.asarray(pull[None, :] * X.T, dtype=np.float64)

    def mixture(self, masses: Array) -> Mixture:
        """The points with positive mass."""
        kept: NDArray[np.intp] = np.flatnonzero(masses > 0)
        return Mixture(
            masses[kept],
            np.array(self.points)[kept],
            np.array(self.labels, dtype=np.int64)[kept],
            np.array(self.slopes)[kept],
        )


@dataclass(frozen=True, eq=False)
class PointProgramme:
    """minimise mass_cost * sum(k) + costs @ t over measures on points: the programme of cells, cell by cell a point."""

    problem: Problem
    target: Array
    goal: Array
    drift: Array
    extra: Extra
    mass_cost: float = 0.0
    total: float | None = None

    def solve(self, columns: Columns, residual_price: float) -> tuple[Solution, float]:
        """The optimum over the columns with residuals allowed, and the largest residual."""
        main = columns.matrix() + self.drift[:, None]
        n, dim = main.shape[1], self.problem.dim
        a_eq = np.hstack([main, self.extra.columns, np.eye(dim), -np.eye(dim)])
        b_eq = self.goal
        if self.total is not None:
            row = np.zeros(a_eq.shape[1])
            row[:n] = 1.0
            a_eq, b_eq = np.vstack([a_eq, row]), np.append(b_eq, self.total)
        costs = np.concatenate([np.full(n, self.mass_cost), self.extra.costs, np.full(2 * dim, residual_price)])
        signs = np.column_stack([np.zeros(n), np.full(n, np.inf)])
        bounds = np.vstack([signs, self.extra.bounds, np.tile([0.0, np.inf], (2 * dim, 1))])
        options = {"primal_feasibility_tolerance": FEASIBILITY, "dual_feasibility_tolerance": FEASIBILITY}
        result = linprog(costs, A_eq=a_eq, b_eq=b_eq, bounds=bounds, method="highs", options=options)
        if result.status != 0:
            raise UndecidedError(f"linear programme over points not solved: {result.message}")
        x = np.asarray(result.x)
        masses = np.maximum(x[:n], 0.0)
        extra = x[n : n + self.extra.costs.size]
        direction = np.asarray(result.eqlin.marginals[:dim])
        left = float(np.max(x[n + self.extra.costs.size :], initial=0.0))
        return Solution(float(result.fun), columns.mixture(masses), extra, direction, masses), left

    def minimise(
        self, direction: Array, bound: Callable[[Array, Price], float], done: Callable[[float, float], bool]
    ) -> TwoSided:
        """Both sides over the points of X, started from the relaxed dual ``direction``."""
        columns = Columns(self.problem, self.target)
        scale = float(np.abs(direction).max())
        rng = np.random.default_rng(0)
        best, best_direction = -inf, direction
        for k in range(FIRST_DIRECTIONS):
            away = FIRST_SPREAD * scale * rng.normal(size=direction.size) if k else 0.0
            priced = price(self.problem, self.target, direction + away, integral=True)
            columns.add(priced)
            if k == 0:
                best = bound(direction, priced)
        residual_price, rises = RESIDUAL_PRICE * scale, 0
        solution: Solution | None = None
        for _ in range(MOST_ROUNDS):
            found, residual = self.solve(columns, residual_price)
            solution = found if residual <= NO_RESIDUAL else None
            new = 0
            for candidate in (found.direction, DAMPING * best_direction + (1 - DAMPING) * found.direction):
                priced = price(self.problem, self.target, candidate, integral=True)
                value = bound(candidate, priced)
                if value > best:
                    best, best_direction = value, candidate
                new += columns.add(priced)
            if solution is not None and done(found.objective, best):
                break
            if new == 0 or done(found.objective, best):
                if solution is not None or rises == PRICE_RISES:
                    break
                residual_price, rises = residual_price * PRICE_GROWTH, rises + 1
        return TwoSided(solution, best, best_direction, [])


__all__ = ["Columns", "PointProgramme"]
