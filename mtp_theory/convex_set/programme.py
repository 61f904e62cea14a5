r"""The one linear programme behind lambda*, gamma, attainability and the minimum mass.

Unknown: a positive measure on cells, given by each cell's mass :math:`k_c` and sum :math:`w_c`
(:class:`~mtp_theory.convex_set.blocks.Block`), and a few extra numbers t. Its resultant must balance them:

.. math:: \sum_c s_c y_c (w_c, k_c) + \Big(\sum_c k_c\Big)\,\text{drift} + E t = \text{goal}.

The multipliers of these rows are the dual direction. Linear programmes go to HiGHS; with an l2 ball
the cones are second-order and cvxpy with Clarabel solves them.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

from ..domains import labelled
from ..errors import UndecidedError
from ..losses import Array
from ..problem import Problem
from .blocks import Block, domain_block, sliced
from .cells import Cell, margin_ranges
from .mixture import Mixture

#: The sharpest feasibility tolerance that HiGHS takes; mass units keep the programmes' numbers of order one.
FEASIBILITY = 1e-10

#: Attempts at a linear programme: method and feasibility tolerance. Degenerate programmes can end without a
#: verdict at the sharpest and are solved by the next attempt.
ATTEMPTS = (("highs", FEASIBILITY), ("highs-ds", 1e-9), ("highs-ipm", 1e-9), ("highs", 1e-7))

#: A cell whose share of the mass is below this is rounding of the solver, not a point of the mixture: its point is
#: the quotient of two numbers of the feasibility tolerance's size. Interior points of cones are coarser.
NEGLIGIBLE_SHARE = {"linear": 1e-8, "second-order": 1e-6}


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
        # the domains' own cones once each, not once for each of many cells
        whole = {label: domain_block(domain) for label, domain in labelled(self.problem.domain.relaxation)}
        # A steep slope s (exponential loss) spreads the coefficients; counting its mass in units of 1 / sqrt(s)
        # makes them sqrt(s) and 1 / sqrt(s), which stay above HiGHS's 1e-9, below which entries are dropped.
        units = np.array([max(1.0, np.sqrt(cell.slope)) for cell in self.cells])
        blocks = [sliced(whole[cell.label], cell, w, b) for cell in self.cells]
        sizes = np.array([block.size for block in blocks], dtype=int)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        data = self._assemble(blocks, units, starts)
        kind = "second-order" if data.balls else "linear"
        found = _linear(data) if kind == "linear" else _second_order(data)
        if found is None:
            return None
        x, direction, objective = found
        masses = np.maximum(x[starts[:-1]], 0.0) / units
        kept = np.flatnonzero(masses > NEGLIGIBLE_SHARE[kind] * masses.sum())
        sums = [x[start : start + block.size] / unit for start, block, unit in zip(starts, blocks, units, strict=False)]
        return Solution(objective, self._mixture(blocks, sums, masses, kept), x[starts[-1] :], direction, masses)

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

    def _mixture(self, blocks: list[Block], sums: list[Array], masses: Array, kept: NDArray[np.intp]) -> Mixture:
        """The merged point of each cell. Its slope is the loss's own where that has one value, so that what the
        solver's rounding leaves behind shows in the residual and nowhere else."""
        reach = margin_ranges(self.problem, self.target)
        domains = dict(labelled(self.problem.domain.relaxation))
        points, slopes = [], []
        for j in kept:
            cell = self.cells[j]
            if cell.slope == 0.0:
                x = reach[cell.label].x_high
            else:
                x = domains[cell.label].pulled_in(blocks[j].spread @ sums[j] / masses[j])
            points.append(x)
            sliced = cell.low == cell.high and cell.low not in self.problem.loss.kinks
            margin = self.problem.point_margin(self.target, x, cell.label)
            slopes.append(float(self.problem.loss.slope(margin)) if sliced else cell.slope)
        return Mixture(
            masses[kept],
            np.array(points).reshape(len(kept), self.problem.d),
            np.array([self.cells[j].label for j in kept], dtype=np.int64),
            np.array(slopes),
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


def _linear(data: _Data) -> tuple[Array, Array, float] | None:
    for method, tolerance in ATTEMPTS:
        result = linprog(
            data.costs,
            A_ub=data.a_ub if data.a_ub.shape[0] else None,
            b_ub=np.zeros(data.a_ub.shape[0]) if data.a_ub.shape[0] else None,
            A_eq=data.a_eq,
            b_eq=data.b_eq,
            bounds=data.bounds,
            method=method,
            options={"primal_feasibility_tolerance": tolerance, "dual_feasibility_tolerance": tolerance},
        )
        if result.status in (0, 2):
            break
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
        with warnings.catch_warnings():
            # reduced accuracy is no failure: the residual of the mixture is measured, the direction priced
            warnings.simplefilter("ignore", UserWarning)
            model.solve(solver=cp.CLARABEL)
    except cp.SolverError as error:
        raise UndecidedError(f"second-order programme over K not solved: {error}") from error
    if model.status == cp.INFEASIBLE:
        return None
    if model.status not in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE):
        raise UndecidedError(f"second-order programme over K not solved: status {model.status}")
    # cvxpy's multipliers have the opposite sign of the derivative by the right-hand side
    return np.asarray(x.value), -np.asarray(balance.dual_value)[: data.dim], float(model.value)


__all__ = ["Extra", "Programme", "Solution"]
