r"""t*: the least mass of poisoning that makes the target optimal.

.. math:: t^* = \min\Big\{\mu(Z) : 0 \in \partial F_0(\theta_p) + \int \partial f_z(\theta_p)\,d\mu(z)\Big\},
          \qquad f_z = \ell(\cdot; z) + C_R R,

over positive measures, +inf when there is none. No set of fewer than t* points makes the target
optimal, and t* is the supremum of Theorem 2's bound over all models (strong duality).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import UndecidedError
from ..losses import Array
from ..problem import Problem
from ..result import Enclosure
from .cells import Cell, domain_kind, has_linear_pieces
from .clean import KINK_TOLERANCE, CleanGradient, clean_gradient
from .dual import dual_bound
from .extent import lambda_star
from .mixture import Mixture
from .points import PointProgramme
from .pricing import Price, price
from .programme import FEASIBILITY, Extra, Programme, Solution
from .refinement import TwoSided, first_cells, minimise, not_crossed

#: Relative width at which the two sides count as one number. One programme reaches 1e-9 for linear
#: pieces; the slices of a smooth loss are refined until they reach theirs.
OPTIMAL_WIDTH = {"linear": 1e-6, "smooth": 1e-4}

#: Residual of the balance, in units of the largest entry of g, at which it counts as met. A target that is
#: attainable only on the boundary of K misses it by its own rounding.
BALANCE_TOLERANCE = 1e-8

#: Residual at which the programmes themselves see a balance: the feasibility tolerance of their first attempt.
BALANCED = FEASIBILITY

#: A mixture that misses the balance by more, relative to the largest entry of g, is a solver's failure.
RESIDUAL_LIMIT = 1e-4

#: A proved mass beyond this is called unattainable: float64 cannot tell a denominator of 0 from its rounding, and no
#: poisoning has that many points.
BEYOND_ANY_SET = 1e12

#: Factor on the least residual when the mass is minimised with that residual allowed.
SLACK = 2.0


@dataclass(frozen=True, eq=False)
class FractionalMinimum(Enclosure):
    r"""The fractional minimum t* with what proves each side.

    * ``lower``: the bound at ``direction`` (dim,), valid for every set of
      points from X (or from its relaxation, which contains X).
    * ``upper``: ``mixture``, whose resultant balances g(s), with the slopes ``multipliers`` of the clean rows
      ``kinks``, up to ``residual`` (largest entry).
    * ``status``: "optimal", both sides meet; "unattainable", the direction proves that no mass below BEYOND_ANY_SET
      suffices (``lower`` is what is proved); "bounds" otherwise.
    * ``kind``: "exact" for a convex domain. When X is not convex: "relaxed", ``lower`` holds for X, but ``upper`` and
      ``mixture`` for the relaxation only; "integral", all of them hold for X itself.

    All depends on ``kink_tolerance``: clean rows that close to a kink are taken to lie on it.
    """

    kind: str
    mixture: Mixture | None
    direction: Array | None
    kinks: NDArray[np.intp]
    multipliers: Array
    residual: float
    kink_tolerance: float

    @property
    def value(self) -> float:
        """The side to rely on: ``lower``, or inf where the target is shown to be unattainable."""
        return inf if self.status == "unattainable" else self.lower

    def mass(self, label: int) -> float:
        """k+ (label 1), k- (label -1) or k0 (label 0): mass of the points with a slope, and of neutral points."""
        if self.mixture is None:
            return 0.0
        active = self.mixture.slopes > 0
        chosen = ~active if label == 0 else active & (self.mixture.y == label)
        return float(self.mixture.masses[chosen].sum())


def fractional_minimum(
    problem: Problem,
    target: ArrayLike,
    *,
    kink_tolerance: float = KINK_TOLERANCE,
    tolerance: float | None = None,
    integral: bool = False,
) -> FractionalMinimum:
    """t* with a mixture that attains it and a dual direction that proves it.

    ``tolerance``: relative width to aim for (default: OPTIMAL_WIDTH). ``integral``: on a domain that is not convex,
    both sides over its own points instead of its relaxation (kind "integral"; slower). Raises UndecidedError when a
    solver fails, InputError for a target of wrong shape or a domain without a convex description.
    """
    theta = problem.check_theta(target, "target")
    clean = clean_gradient(problem, theta, kink_tolerance)
    search = _Search(problem, theta, clean, kink_tolerance, tolerance)
    relaxed = search.run()
    if integral and relaxed.kind == "relaxed" and relaxed.direction is not None and relaxed.upper < inf:
        return search.over_points(relaxed)
    return relaxed


class _Search:
    """The two programmes: least mass, and least residual where no mass balances on the cells at hand."""

    def __init__(
        self, problem: Problem, target: Array, clean: CleanGradient, kink_tolerance: float, tolerance: float | None
    ) -> None:
        self.problem, self.target, self.clean = problem, target, clean
        self.kink_tolerance = kink_tolerance
        kind = "linear" if has_linear_pieces(problem.loss) else "smooth"
        self.width = OPTIMAL_WIDTH[kind] if tolerance is None else tolerance
        # masses are counted in this unit, so that the balance's right-hand side is of order one
        self.unit = float(np.abs(clean.base).max()) or 1.0

    def run(self) -> FractionalMinimum:
        cells = first_cells(self.problem, self.target)
        two = self._least_mass(cells)
        slack = 0.0
        if two.solution is None:
            near = self._least_residual(cells)
            if near.solution is None:
                raise UndecidedError("minimum mass: the programme of least residual has no solution")
            if near.solution.objective > BALANCE_TOLERANCE:
                return self._unreached(near)
            if near.solution.objective > 0:
                # balanced up to rounding only: allow the residual that was found, and report it
                slack = SLACK * near.solution.objective + BALANCED
            two = self._least_mass(near.cells, slack)
            while two.solution is None and slack < BALANCE_TOLERANCE:
                slack = max(BALANCED, 10 * slack)
                two = self._least_mass(near.cells, slack)
            if two.solution is None:
                raise UndecidedError("minimum mass: a balance was found and lost again")
        # with a residual allowed the mass may pass below the bound of the exact balance
        upper = two.solution.objective * self.unit
        lower = min(two.bound, upper) if slack > 0 else not_crossed(two.bound, upper)
        return self._balanced(lower, upper, self.width, domain_kind(self.problem), two)

    def over_points(self, relaxed: FractionalMinimum) -> FractionalMinimum:
        """Both sides over the points of a domain that is not convex, from the relaxed ones."""
        assert relaxed.direction is not None
        width = max(self.width, OPTIMAL_WIDTH["smooth"])
        columns, costs, bounds = self._multiplier_columns()
        goal, drift = self.clean.base / self.unit, -self.problem.c_r * self.target
        programme = PointProgramme(self.problem, self.target, goal, drift, Extra(columns, costs, bounds), 1.0)

        def done(value: float, best: float) -> bool:
            return value * self.unit - max(best, relaxed.lower) <= width * value * self.unit

        two = programme.minimise(relaxed.direction, self._bound, done)
        lower = max(relaxed.lower, two.bound)
        if two.solution is None:
            return self._result(lower, inf, "bounds", "integral", None, two.direction, np.zeros(0))
        upper = two.solution.objective * self.unit
        return self._balanced(not_crossed(lower, upper), upper, width, "integral", two)

    def _balanced(self, lower: float, upper: float, width: float, kind: str, two: TwoSided) -> FractionalMinimum:
        assert two.solution is not None
        mixture = two.solution.mixture.scaled(self.unit)
        taken = np.clip(two.solution.extra[: self.clean.room.size] * self.unit, 0.0, self.clean.room)
        multipliers = self.clean.least + taken / self._counts()
        status = "optimal" if upper - lower <= width * upper else "bounds"
        return self._result(lower, upper, status, kind, mixture, two.direction, multipliers)

    def _multiplier_columns(self) -> tuple[Array, Array, Array]:
        """The kink multipliers above their least values: columns, costs, bounds."""
        costs = np.zeros(self.clean.room.size)
        return self.clean.rows.T, costs, np.column_stack([costs, self.clean.room / self.unit])

    def _counts(self) -> Array:
        return self.problem.counts[self.clean.kinks].astype(np.float64)

    def _solve(self, cells: list[Cell], mass_cost: float, residual_cost: float, slack: float) -> Solution | None:
        """Least mass_cost * mass + residual_cost * |residual|_1 with no entry of the residual above ``slack``."""
        dim = self.problem.dim
        columns, costs, bounds = self._multiplier_columns()
        if slack > 0:
            columns = np.hstack([columns, np.eye(dim), -np.eye(dim)])
            costs = np.append(costs, np.full(2 * dim, residual_cost))
            bounds = np.vstack([bounds, np.tile([0.0, slack], (2 * dim, 1))])
        drift = -self.problem.c_r * self.target
        extra = Extra(columns, costs, bounds)
        goal = self.clean.base / self.unit
        return Programme(self.problem, self.target, cells, goal, drift, extra, mass_cost).solve()

    def _bound(self, direction: Array, priced: Price) -> float:
        return dual_bound(self.problem, self.target, self.clean, direction, priced)

    def _least_mass(self, cells: list[Cell], slack: float = 0.0) -> TwoSided:
        def master(cells: list[Cell]) -> Solution | None:
            return self._solve(cells, 1.0, 0.0, slack)

        def done(value: float, best: float) -> bool:
            return value * self.unit - best <= self.width * value * self.unit

        return minimise(self.problem, self.target, cells, master, self._bound, done)

    def _least_residual(self, cells: list[Cell]) -> TwoSided:
        def master(cells: list[Cell]) -> Solution | None:
            return self._solve(cells, 0.0, 1.0, inf)

        def done(value: float, best: float) -> bool:
            return value <= BALANCED or best == inf

        return minimise(self.problem, self.target, cells, master, self._bound, done)

    def _unreached(self, near: TwoSided) -> FractionalMinimum:
        """No mass was found. Infinite if a direction proves it, else a lower bound alone."""
        direction, lower = near.direction, near.bound
        if direction is not None and lower < inf:
            direction, lower = self._tilt(direction, lower)
        status = "unattainable" if lower >= BEYOND_ANY_SET else "bounds"
        none = np.zeros(0)
        return self._result(lower, inf, status, domain_kind(self.problem), None, direction, none)

    def _tilt(self, direction: Array, lower: float) -> tuple[Array, float]:
        """Lean the direction towards the one that bounds lambda*, so that the denominator turns negative.

        The least-residual direction has denominator 0 up to rounding. If lambda* < C_R its direction has a negative
        one; U is sublinear and the gain superlinear, so a small lean keeps the gain and crosses zero.
        """
        try:
            star = lambda_star(self.problem, self.target)
        except UndecidedError:  # the lean only sharpens a bound that holds without it
            return direction, lower
        if star.direction is None or not star.upper < self.problem.c_r:
            return direction, lower
        loss = abs(self.clean.along(star.direction))
        lean = 0.5 * self.clean.along(direction) / loss if loss > 0 else 1.0
        tilted = direction + lean * star.direction
        bound = self._bound(tilted, price(self.problem, self.target, tilted))
        return (tilted, bound) if bound > lower else (direction, lower)

    def _result(
        self,
        lower: float,
        upper: float,
        status: str,
        kind: str,
        mixture: Mixture | None,
        direction: Array | None,
        multipliers: Array,
    ) -> FractionalMinimum:
        residual = 0.0
        if mixture is not None:
            pulled = mixture.resultant(self.problem.bias) - self.problem.c_r * mixture.total * self.target
            free = ((multipliers - self.clean.least) * self._counts()) @ self.clean.rows
            residual = float(np.abs(pulled + free - self.clean.base).max())
            if residual > RESIDUAL_LIMIT * max(1.0, self.unit):
                raise UndecidedError(f"minimum mass: the solver's mixture misses the balance by {residual:.3g}")
        return FractionalMinimum(
            lower,
            upper,
            kind,
            mixture,
            direction,
            self.clean.kinks,
            multipliers,
            residual,
            self.kink_tolerance,
            status=status,
        )


__all__ = ["BALANCE_TOLERANCE", "OPTIMAL_WIDTH", "FractionalMinimum", "fractional_minimum"]
