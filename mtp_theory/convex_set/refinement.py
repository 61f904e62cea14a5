r"""Two-sided solution over K: measures on cells from inside, priced directions from outside.

For piecewise-linear losses the cells are all of K and one programme settles the matter. For other
losses a programme on finitely many slices is solved, its dual direction is priced over
ALL points, which gives a bound that is valid whatever the slices are, and the maximisers'
margins become new slices. A slice holds every point of one margin, so what is refined is one number
for each label and not a point in d dimensions; where log psi is concave the best margin of a
label is unique, and the two sides meet in a few rounds. Bounds and slices are also taken at
points between the best direction so far and the new one, which damps the oscillation of the duals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import UndecidedError
from ..losses import Array
from ..problem import Problem
from .cells import Cell, first_slices, has_linear_pieces, linear_cells, merge, slices
from .pricing import Price, price
from .programme import Solution

#: Evenly spaced margins of each label in the first grid. Few: a slice of d features costs d variables,
#: and the refinement places its slices better than a grid does.
FIRST_GRID = 2

#: Rounds after which the two sides are returned as they stand.
MOST_ROUNDS = 60

#: Relative progress of the value below which slices without mass are kept, so that rounds cannot cycle.
PROGRESS = 1e-9

#: Weight of the best direction in the damped one.
DAMPING = 0.5


#: How far a dual bound may pass the value on cells by the solvers' rounding, relative to the value; more
#: than that means that one of the two is wrong.
CROSSING = 1e-6


@dataclass(frozen=True, eq=False)
class TwoSided:
    """The last solution on cells, the best ``bound`` with its ``direction``, and the cells."""

    solution: Solution | None
    bound: float
    direction: Array | None
    cells: list[Cell]


def first_cells(problem: Problem, target: Array) -> list[Cell]:
    """All cells of a piecewise-linear loss, a first grid of slices for another."""
    if has_linear_pieces(problem.loss):
        return linear_cells(problem, target)
    return first_slices(problem, target, FIRST_GRID)


def minimise(
    problem: Problem,
    target: Array,
    cells: list[Cell],
    master: Callable[[list[Cell]], Solution | None],
    bound: Callable[[Array, Price], float],
    done: Callable[[float, float], bool],
) -> TwoSided:
    """Minimum of ``master`` over all measures, between its value on cells and ``bound`` of priced directions.

    Stops when ``done(value, bound)``, when no new slice is found or after MOST_ROUNDS. ``master`` returns
    ``None`` if no measure on the cells is feasible. Used also where ``bound`` is in another unit (least residual).
    """
    best, best_direction = -float("inf"), None
    solution: Solution | None = None
    for _ in range(MOST_ROUNDS):
        found = master(cells)
        if found is None:
            # infeasible from the start, or after slices without mass were dropped: then the last solution stands
            break
        previous, solution = solution, found
        candidates = [solution.direction]
        if best_direction is not None and not has_linear_pieces(problem.loss):
            candidates.append(DAMPING * best_direction + (1 - DAMPING) * solution.direction)
        more: list[Cell] = []
        for direction in candidates:
            priced = price(problem, target, direction)
            value = bound(direction, priced)
            if value > best or best_direction is None:
                best, best_direction = value, direction
            for top in priced.by_label:
                more += slices(problem, top.y, problem.point_margin(target, top.x, top.y))
        if done(solution.objective, best) or has_linear_pieces(problem.loss):
            break
        stuck = previous is not None and previous.objective - solution.objective <= PROGRESS * abs(solution.objective)
        kept = [cell for cell, mass in zip(cells, solution.masses, strict=True) if mass > 0 or stuck]
        grown = merge(kept, more)
        if len(grown) == len(cells) and stuck:
            break
        cells = grown
    return TwoSided(solution, best, best_direction, cells)


def not_crossed(lower: float, upper: float) -> float:
    """``lower``, at most ``upper``. Raises UndecidedError if it passes ``upper`` by more than rounding."""
    if lower > upper + CROSSING * max(1.0, abs(upper)):
        raise UndecidedError(f"the two sides cross: proved at least {lower:.9g}, attained {upper:.9g}; a solver is off")
    return min(lower, upper)


__all__ = ["TwoSided", "first_cells", "minimise", "not_crossed"]
