r"""The inner problem of the KKT attack for the hinge loss.

.. math:: \min_{x_+, x_-} \|g - \varepsilon_+ x_+ + \varepsilon_- x_-\|_2
          \quad\text{s.t.}\quad w\cdot x_+ + b \le 1,\; -(w\cdot x_- + b) \le 1,

both points inside the target's margin, so that their subgradients are :math:`-x_+` and :math:`x_-`. On a box it is a
convex quadratic programme. With 0/1 features the squared norm is a sum over features and groups of features, coupled
by the two margin rows alone: pricing those rows gives a lower bound by independent choices, and branch and
bound on the groups closes the rest.
"""

from __future__ import annotations

import heapq
import itertools
import math
from dataclasses import dataclass

import clarabel
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize

from ..domains import Boxed
from ..errors import InputError, UndecidedError
from ..losses import Array

#: Relative difference of squared residuals at which the branch and bound is finished: above the interior-point solver's
#: own 1e-8, below which leaves that tie (a label without copies is free) cannot be told apart.
CLOSED = 1e-6
#: Slack of the margin rows and bounds in a leaf: the interior-point solver's feasibility tolerance is 1e-8.
FEASIBLE = 1e-7
#: Evaluations of the dual function in search of the two prices; any prices give a valid bound.
PRICE_STEPS = 150

Solution = tuple[Array, Array, float, float | None]


class HingeResidual:
    """The inner problem for one target: ``solve`` takes a pair of shares."""

    def __init__(self, gradient: Array, w: Array, b: float, domain: Boxed, node_limit: int) -> None:
        self.g, self.w, self.b, self.domain, self.node_limit = gradient, w, b, domain, node_limit
        self.mixed = bool(domain.integer.any())
        self.blocks = _blocks(domain) if self.mixed else []
        self.free = np.flatnonzero(~domain.integer)

    def solve(self, plus: float, minus: float) -> Solution | None:
        """x_plus, x_minus, residual norm, and how far a proved lower bound is below it; None: no feasible points."""
        if not self.mixed:
            found = least_residual(
                self.g, self.w, plus, minus, 1.0 - self.b, 1.0 + self.b, self.domain.lower, self.domain.upper
            )
            if found is None:
                return None
            x, z = found
            return x, z, float(np.linalg.norm(self.g - plus * x + minus * z)), 0.0
        return _Search(self, plus, minus).run()


def least_residual(
    g: Array, w: Array, plus: float, minus: float, room_plus: float, room_minus: float, lower: Array, upper: Array
) -> tuple[Array, Array] | None:
    """The quadratic programme on a box: x and z with w.x <= room_plus, -w.z <= room_minus; None where infeasible."""
    d = g.size
    if d == 0:
        return (np.zeros(0), np.zeros(0)) if min(room_plus, room_minus) >= -FEASIBLE else None
    least = float(np.minimum(w * lower, w * upper).sum()), float(np.minimum(-w * lower, -w * upper).sum())
    if least[0] > room_plus + FEASIBLE or least[1] > room_minus + FEASIBLE:
        return None
    eye = sp.identity(d, format="csc")
    zero = sp.csc_matrix((1, d))
    row = sp.csc_matrix(w[None, :])
    # variables x, z, r: r = g - plus x + minus z
    matrix = sp.vstack(
        [
            sp.hstack([plus * eye, -minus * eye, eye]),
            sp.hstack([row, zero, zero]),
            sp.hstack([zero, -row, zero]),
            sp.hstack([eye, sp.csc_matrix((d, 2 * d))]),
            sp.hstack([sp.csc_matrix((d, d)), eye, sp.csc_matrix((d, d))]),
            sp.hstack([-eye, sp.csc_matrix((d, 2 * d))]),
            sp.hstack([sp.csc_matrix((d, d)), -eye, sp.csc_matrix((d, d))]),
        ],
        format="csc",
    )
    right = np.concatenate([g, [max(room_plus, least[0]), max(room_minus, least[1])], upper, upper, -lower, -lower])
    cost = sp.block_diag([sp.csc_matrix((2 * d, 2 * d)), eye], format="csc")
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    cones = [clarabel.ZeroConeT(d), clarabel.NonnegativeConeT(4 * d + 2)]
    solution = clarabel.DefaultSolver(cost, np.zeros(3 * d), matrix, right, cones, settings).solve()
    status = str(solution.status)
    if "Infeasible" in status and "Primal" in status:
        return None
    if status not in ("Solved", "AlmostSolved"):
        raise UndecidedError(f"kkt: quadratic programme not solved ({status})")
    point = np.asarray(solution.x)
    return np.clip(point[:d], lower, upper), np.clip(point[d : 2 * d], lower, upper)


@dataclass(frozen=True, eq=False)
class _Block:
    """Features that are chosen together and their allowed 0/1 vectors, (options, features)."""

    features: NDArray[np.intp]
    options: Array


def _blocks(domain: Boxed) -> list[_Block]:
    integer = domain.integer
    if np.any(domain.lower[integer] != 0) or np.any(domain.upper[integer] != 1):
        j = int(np.flatnonzero(integer & ((domain.lower != 0) | (domain.upper != 1)))[0])
        raise InputError(
            f"kkt: integer feature {j} has bounds [{domain.lower[j]:g}, {domain.upper[j]:g}]; give bounds 0 and 1"
        )
    blocks = []
    for members in domain.group_members():
        unit = np.eye(members.size)
        rows = unit if domain.group_rule == "exactly_one" else np.vstack([np.zeros(members.size), unit])
        blocks.append(_Block(members, rows))
    single = np.flatnonzero(integer & (domain.groups < 0))
    return blocks + [_Block(np.array([j]), np.array([[0.0], [1.0]])) for j in single]


class _Search:
    """Branch and bound over the blocks for one pair of shares."""

    def __init__(self, problem: HingeResidual, plus: float, minus: float) -> None:
        self.p, self.plus, self.minus = problem, plus, minus
        self.rooms = np.array([1.0 - problem.b, 1.0 + problem.b])
        self.costs, self.first, self.second = [], [], []
        for block in problem.blocks:
            o, g, w = block.options, problem.g[block.features], problem.w[block.features]
            pull = plus * o[:, None, :] - minus * o[None, :, :]
            self.costs.append(((g - pull) ** 2).sum(axis=2))
            self.first.append(o @ w)
            self.second.append(-(o @ w))
        box = problem.domain
        self.low, self.high = box.lower[problem.free], box.upper[problem.free]
        self.g_free, self.w_free = problem.g[problem.free], problem.w[problem.free]
        self.prices = self._prices()
        alpha, beta = self.prices
        priced = [
            c + alpha * a[:, None] + beta * b[None, :]
            for c, a, b in zip(self.costs, self.first, self.second, strict=True)
        ]
        # blocks whose choice matters most come first
        order = sorted(range(len(priced)), key=lambda k: float(np.partition(priced[k], 1, axis=None)[:2] @ [1, -1]))
        self.order, self.priced = order, [priced[k] for k in order]
        tail = [float(m.min()) for m in self.priced]
        self.after = np.append(np.cumsum(tail[::-1])[::-1], 0.0)
        self.base = self._free_part(alpha, beta) - float(self.prices @ self.rooms)
        free = np.minimum(self.w_free * self.low, self.w_free * self.high).sum()
        free_second = np.minimum(-self.w_free * self.low, -self.w_free * self.high).sum()
        self.least_first = free + np.append(np.cumsum([self.first[k].min() for k in order][::-1])[::-1], 0.0)
        self.least_second = free_second + np.append(np.cumsum([self.second[k].min() for k in order][::-1])[::-1], 0.0)

    def run(self) -> Solution | None:
        best, best_point = math.inf, None
        dive = self._dive()
        if dive is not None:
            best, best_point = dive[0], dive[1:]
        count = itertools.count()
        heap: list[tuple[float, int, int, tuple[int, ...], float, float]] = [
            (self.base + self.after[0], 0, next(count), (), 0.0, 0.0)
        ]
        nodes, bound = 0, math.inf
        while heap:
            bound, negative_depth, _, chosen, a, b = heapq.heappop(heap)
            if bound >= best * (1.0 - CLOSED):
                break
            if nodes >= self.p.node_limit:
                break
            nodes += 1
            depth = -negative_depth
            if depth == len(self.order):
                leaf = self._leaf(chosen, a, b)
                if leaf is not None and leaf[0] < best:
                    best, best_point = leaf[0], leaf[1:]
                bound = math.inf
                continue
            self._branch(heap, count, bound, depth, chosen, a, b, best)
        else:
            bound = math.inf
        if best_point is None:
            if nodes >= self.p.node_limit:
                raise UndecidedError(f"kkt: no feasible points within {nodes} nodes; raise node_limit")
            return None
        residual = math.sqrt(best)
        proved = math.sqrt(max(0.0, min(bound, best)))
        return best_point[0], best_point[1], residual, residual - proved

    def _dive(self) -> tuple[float, Array, Array] | None:
        """A first solution: in each block the cheapest choice that leaves the margin rows possible."""
        chosen: tuple[int, ...] = ()
        a = b = 0.0
        for depth, k in enumerate(self.order):
            priced = np.where(self._possible(depth, a, b), self.priced[depth], math.inf)
            best = int(priced.argmin())
            i, j = divmod(best, priced.shape[1])
            if priced[i, j] == math.inf:
                return None
            chosen, a, b = (*chosen, best), a + float(self.first[k][i]), b + float(self.second[k][j])
        return self._leaf(chosen, a, b)

    def _possible(self, depth: int, a: float, b: float) -> NDArray[np.bool_]:
        """Choices of the block at ``depth`` after which the margin rows can still be met."""
        k = self.order[depth]
        first = a + self.first[k] + self.least_first[depth + 1] <= self.rooms[0] + FEASIBLE
        second = b + self.second[k] + self.least_second[depth + 1] <= self.rooms[1] + FEASIBLE
        return np.asarray(first[:, None] & second[None, :])

    def _branch(
        self,
        heap: list[tuple[float, int, int, tuple[int, ...], float, float]],
        count: itertools.count[int],
        bound: float,
        depth: int,
        chosen: tuple[int, ...],
        a: float,
        b: float,
        best: float,
    ) -> None:
        """Push the children whose bound and margin rows leave hope."""
        k = self.order[depth]
        priced = self.priced[depth]
        bounds = bound - float(priced.min()) + priced
        first, second = a + self.first[k], b + self.second[k]
        hope = (bounds < best) & self._possible(depth, a, b)
        for i, j in np.argwhere(hope).tolist():
            choice = (*chosen, i * priced.shape[1] + j)
            heapq.heappush(
                heap, (float(bounds[i, j]), -(depth + 1), next(count), choice, float(first[i]), float(second[j]))
            )

    def _leaf(self, chosen: tuple[int, ...], a: float, b: float) -> tuple[float, Array, Array] | None:
        """All blocks chosen: the continuous features exactly."""
        found = least_residual(
            self.g_free,
            self.w_free,
            self.plus,
            self.minus,
            float(self.rooms[0] - a),
            float(self.rooms[1] - b),
            self.low,
            self.high,
        )
        if found is None:
            return None
        x, z = np.zeros(self.p.g.size), np.zeros(self.p.g.size)
        x[self.p.free], z[self.p.free] = found
        for depth, choice in enumerate(chosen):
            block = self.p.blocks[self.order[depth]]
            i, j = divmod(choice, block.options.shape[0])
            x[block.features], z[block.features] = block.options[i], block.options[j]
        return float(((self.p.g - self.plus * x + self.minus * z) ** 2).sum()), x, z

    def _prices(self) -> Array:
        """Two prices >= 0 of the margin rows with a large dual value; 0 where the rows do not bind."""

        def negative(raw: Array) -> float:
            alpha, beta = np.abs(raw)
            value = self._free_part(alpha, beta) - float(np.abs(raw) @ self.rooms)
            for c, a, b in zip(self.costs, self.first, self.second, strict=True):
                value += float((c + alpha * a[:, None] + beta * b[None, :]).min())
            return -value

        scale = max(float((self.p.g**2).sum()), 1e-12) / max(float(np.abs(self.p.w).sum()), 1e-12)
        start = np.zeros(2)
        simplex = np.array([[0.0, 0.0], [scale, 0.0], [0.0, scale]])
        found = minimize(
            negative, start, method="Nelder-Mead", options={"maxfev": PRICE_STEPS, "initial_simplex": simplex}
        )
        return np.abs(found.x) if found.fun < negative(start) else start

    def _free_part(self, alpha: float, beta: float) -> float:
        r"""Least priced cost of the continuous features,

        .. math:: \sum_j \min_{x, z} (g_j - \varepsilon_+ x + \varepsilon_- z)^2 + \alpha w_j x - \beta w_j z .

        The quadratic has rank one, so its minimum lies on an edge of the square.
        """
        g, w, p, m = self.g_free, self.w_free, self.plus, self.minus
        best = np.full(g.shape, math.inf)
        for edge in (self.low, self.high):
            # x on its edge, z free; then the other way round
            for fixed_x in (True, False):
                slope = m if fixed_x else -p
                rest = g - p * edge if fixed_x else g + m * edge
                price = -beta * w if fixed_x else alpha * w
                paid = (alpha if fixed_x else -beta) * w * edge
                with np.errstate(divide="ignore", invalid="ignore"):
                    inner = (-price / (2.0 * slope) - rest) / slope if slope != 0 else np.zeros_like(g)
                for t in (np.clip(inner, self.low, self.high), self.low, self.high):
                    best = np.minimum(best, (rest + slope * t) ** 2 + price * t + paid)
        return float(best.sum())


__all__ = ["HingeResidual", "least_residual"]
