r"""The one linear programme behind lambda*, gamma, attainability and the minimum mass.

Unknown: a positive measure on cells, given by each cell's mass :math:`k_c` and sum :math:`w_c`
(:class:`~mtp_theory.attainability.blocks.Block`), and a few extra numbers t. Its resultant must balance them:

.. math:: \sum_c s_c y_c (w_c, k_c) + \Big(\sum_c k_c\Big)\,\text{drift} + E t = \text{goal}.

The multipliers of these rows are the dual direction. Linear programmes go to HiGHS; with an l2 ball
the cones are second-order and cvxpy with Clarabel solves them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from ..domains import labelled
from ..errors import UndecidedError
from ..losses import Array
from ..problem import Problem
from .blocks import Block, cell_block
from .cells import Cell, margin_ranges
from .mixture import Mixture

#: HiGHS's least feasibility tolerance; the mass unit of a programme keeps its numbers of order one.
FEASIBILITY = 1e-10

#: A cell whose share of the mass is below this is rounding of the solver, not a point of the mixture.
NEGLIGIBLE_SHARE = 1e-13


@dataclass(frozen=True, eq=False)
class Extra:
    """Columns E with their costs and bounds (lower, upper), shapes (dim, m), (m,), (m, 2)."""

    columns: Any
    costs: Array
    bounds: Array


@dataclass(frozen=True, eq=False)
class Solution:
    """An optimal point: objective, mixture, extra variables, dual direction (dim,), masses by cell."""

    objective: float
    mixture: Mixture
    extra: Array
    direction: Array
    masses: Array


@dataclass(eq=False)
class Programme:
    """minimise mass_cost * sum(k) + costs @ t over measures on ``cells``; ``total`` fixes sum(k) if given."""

    problem: Problem
    target: Array
    cells: list[Cell]
    goal: Array
    drift: Array
    extra: Extra
    mass_cost: float = 0.0
    total: float | None = None

    def solve(self) -> Solution | None:
        """The optimum, ``None`` when no measure on these cells is feasible. UndecidedError if the solver fails."""
        w, b = self.problem.split(self.target)
        domains = dict(labelled(self.problem.domain.relaxation))
        # Steep slopes (exponential, squared hinge) would spread the coefficients: count mass in slope units.
        units = np.array([max(1.0, cell.slope) for cell in self.cells])
        blocks = [cell_block(domains[cell.label], cell, w, b) for cell in self.cells]
        sizes = np.array([block.size for block in blocks], dtype=int)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        data = self._assemble(blocks, units, starts)
        found = _second_order(data) if any(block.ball for block in blocks) else _linear(data)
        if found is None:
            return None
        x, direction, objective = found
        masses = np.maximum(x[starts[:-1]], 0.0) / units
        return Solution(
            objective, self._mixture(blocks, x, units, starts, masses), x[starts[-1] :], direction, masses
        )

    def _assemble(self, blocks: list[Block], units: Array, starts: Any) -> _Data:
        dim, bias = self.problem.dim, self.problem.bias
        columns, below, equal = [], [], []
        costs = np.concatenate([np.zeros(starts[-1]), self.extra.costs])
        mass_row = np.zeros(starts[-1] + self.extra.costs.size)
        for cell, block, unit, start in zip(self.cells, blocks, units, starts[:-1], strict=True):
            main = sp.lil_array((dim, block.size))
            if cell.slope != 0.0:
                main[: self.problem.d] = block.spread * (cell.slope * cell.label / unit)
                if bias:
                    main[dim - 1, 0] += cell.slope * cell.label / unit
            mass_row[start] = 1.0 / unit
            columns.append(sp.csr_array(main) + _first_column(self.drift / unit, block.size))
            below.append(sp.vstack(block.below) if block.below else sp.csr_array((0, block.size)))
            equal.append(sp.vstack(block.equal) if block.equal else sp.csr_array((0, block.size)))
        costs += self.mass_cost * mass_row
        pad = self.extra.costs.size
        a_ub = sp.hstack([sp.block_diag(below), sp.csr_array((sum(r.shape[0] for r in below), pad))], format="csr")
        a_in = sp.hstack([sp.block_diag(equal), sp.csr_array((sum(r.shape[0] for r in equal), pad))], format="csr")
        rows = [sp.hstack([*columns, sp.csr_array(self.extra.columns)], format="csr"), a_in]
        goal = [self.goal, np.zeros(a_in.shape[0])]
        if self.total is not None:
            rows.append(sp.csr_array(mass_row[None, :]))
            goal.append(np.array([self.total]))
        signs = np.zeros(starts[-1])
        balls = []
        for block, start in zip(blocks, starts[:-1], strict=True):
            if block.free:
                signs[start + 1 : start + block.size] = -np.inf
            if block.ball is not None:
                balls.append((int(start), block.size, *block.ball))
        bounds = np.vstack([np.column_stack([signs, np.full(signs.size, np.inf)]), self.extra.bounds])
        return _Data(costs, sp.vstack(rows, format="csr"), np.concatenate(goal), a_ub, bounds, balls, dim)

    def _mixture(self, blocks: list[Block], x: Array, units: Array, starts: Any, masses: Array) -> Mixture:
        reach = margin_ranges(self.problem, self.target)
        domains = dict(labelled(self.problem.domain.relaxation))
        kept = [j for j in range(len(blocks)) if masses[j] > NEGLIGIBLE_SHARE * masses.sum()]
        points = []
        for j in kept:
            cell, block = self.cells[j], blocks[j]
            if cell.slope == 0.0:
                points.append(reach[cell.label].x_high)
            else:
                sums = block.spread @ x[starts[j] : starts[j] + block.size]
                points.append(_inside(domains[cell.label], sums / (masses[j] * units[j])))
        return Mixture(
            masses[kept],
            np.array(points).reshape(len(kept), self.problem.d),
            np.array([self.cells[j].label for j in kept], dtype=np.int64),
            np.array([self.cells[j].slope for j in kept]),
        )


@dataclass(frozen=True, eq=False)
class _Data:
    costs: Array
    a_eq: Any
    b_eq: Array
    a_ub: Any
    bounds: Array
    balls: list[tuple[int, int, Array, float]]
    dim: int


def _first_column(values: Array, size: int) -> Any:
    rows = np.flatnonzero(values)
    return sp.csr_array((values[rows], (rows, np.zeros(rows.size, dtype=int))), shape=(values.size, size))


def _inside(domain: Any, x: Array) -> Array:
    """Clip rounding off the bounds of a box, so that the point lies in it exactly."""
    box = getattr(domain, "box", domain)
    lower, upper = getattr(box, "lower", None), getattr(box, "upper", None)
    return x if lower is None else np.clip(x, lower, upper)


def _linear(data: _Data) -> tuple[Array, Array, float] | None:
    options = {"primal_feasibility_tolerance": FEASIBILITY, "dual_feasibility_tolerance": FEASIBILITY}
    result = linprog(
        data.costs,
        A_ub=data.a_ub if data.a_ub.shape[0] else None,
        b_ub=np.zeros(data.a_ub.shape[0]) if data.a_ub.shape[0] else None,
        A_eq=data.a_eq,
        b_eq=data.b_eq,
        bounds=data.bounds,
        method="highs",
        options=options,
    )
    if result.status == 2:
        return None
    if result.status != 0:
        raise UndecidedError(f"linear programme over K not solved: {result.message}")
    return np.asarray(result.x), np.asarray(result.eqlin.marginals[: data.dim]), float(result.fun)


def _second_order(data: _Data) -> tuple[Array, Array, float] | None:
    import cvxpy as cp

    x = cp.Variable(data.costs.size)
    balance = data.a_eq @ x == data.b_eq
    limits = [balance]
    if data.a_ub.shape[0]:
        limits.append(data.a_ub @ x <= 0)
    least, greatest = np.isfinite(data.bounds[:, 0]), np.isfinite(data.bounds[:, 1])
    limits += [x[np.flatnonzero(least)] >= data.bounds[least, 0]]
    if greatest.any():
        limits += [x[np.flatnonzero(greatest)] <= data.bounds[greatest, 1]]
    for start, size, centre, radius in data.balls:
        k, sums = x[start], x[start + 1 : start + size]
        limits.append(cp.norm(sums - centre * k) <= radius * k)
    model = cp.Problem(cp.Minimize(data.costs @ x), limits)
    try:
        model.solve(solver=cp.CLARABEL)
    except cp.SolverError as error:
        raise UndecidedError(f"second-order programme over K not solved: {error}") from error
    if model.status == cp.INFEASIBLE:
        return None
    if model.status != cp.OPTIMAL:
        raise UndecidedError(f"second-order programme over K not solved: status {model.status}")
    # cvxpy's multipliers have the opposite sign of the derivative by the right-hand side
    return np.asarray(x.value), -np.asarray(balance.dual_value)[: data.dim], float(model.value)


__all__ = ["Extra", "Programme", "Solution"]
