r"""Few features: the least mass of added points that moves the model onto a goal's plane, by branch and bound.

Regions are boxes of models on the plane :math:`\langle\theta, z_0\rangle = -\tau`. Over a box the margins of the clean
rows lie in intervals, their slopes in the convex hull of the hinge's graph there, and :math:`n\theta` between n times
the box's ends: one linear programme for the least n. As boxes shrink it tends to t* of the models in them. Its
multipliers, rounded, are the leaf of the certificate.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from math import ceil, inf
from time import monotonic

import highspy
import numpy as np

from ...errors import UndecidedError
from ...losses import Array
from .tree import UNIT, Leaf, Node, Plane, Region, Split

#: Price of what a balance lacks, in points: a region in which no mass suffices costs as much as it lacks.
LACKING = 1e4
#: Margins this close to 1 count as 1 where the models of a region are one model.
ON_MARGIN = 1e-9
#: A split leaves at least this share of the side to either part.
LEAST_PART = 0.2
#: Values that differ by less count as equal when they are rounded up to points.
ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The programme's optimum: points, model, multipliers, sums of slopes of the labels and of the points."""

    value: float
    theta: Array
    direction: Array
    tilts: Array
    g: float
    h: float
    w: Array
    lacking: float
    #: For each undecided row how far its slope is from the hinge's at the model's margin.
    off: Array


class Programme:
    """The linear programme of a region, solved by HiGHS's dual simplex."""

    def __init__(self, plane: Plane) -> None:
        self.plane = plane
        dim, p = plane.problem.dim, plane.pivot
        self.free = np.array([j for j in range(dim) if j != p], dtype=np.intp)
        # theta_j = lift @ theta_free + offset on the plane
        self.lift = np.zeros((dim, len(self.free)))
        self.lift[self.free, np.arange(len(self.free))] = 1.0
        self.lift[p] = -plane.z0[self.free] / plane.z0[p]
        self.offset = np.zeros(dim)
        self.offset[p] = -plane.tau / plane.z0[p]
        # the class behind highspy.Highs, whose constructor prints a banner to stdout
        self.solver = highspy._core._Highs()
        for name, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex")):
            self.solver.setOptionValue(name, value)
        self.solves = 0

    def solve(self, region: Region, at: Array | None = None) -> Relaxed | None:
        """The least n, at least; at the model ``at``: its t*, or more. None where the solver fails."""
        plane, c = self.plane, self.plane.problem.c_r
        Z, dim, K, d = plane.Z, plane.problem.dim, len(self.free), plane.problem.d
        if at is None:
            low, high = region.ranges(plane)
            box = region.low[self.free], region.high[self.free]
        else:
            low = high = np.where(np.abs(Z @ at - 1) < ON_MARGIN, 1.0, Z @ at)
            box = at[self.free], at[self.free]
        down = high < 1
        undecided = np.flatnonzero((low <= 1) & (high >= 1))
        u = len(undecided)
        fixed = Z[down].sum(axis=0)
        # columns: theta (K), q = n theta (K), slopes (u), g, h, n, and what a balance lacks in either sense (2 dim)
        g, h, n, lack, columns = 2 * K + u, 2 * K + u + 1, 2 * K + u + 2, 2 * K + u + 3, 2 * K + u + 3 + 2 * dim
        balance = np.zeros((dim, columns))
        balance[:, :K] = plane.size * c * self.lift
        balance[:, K : 2 * K] = c * self.lift
        balance[:, n] = c * self.offset
        balance[:, 2 * K : g] = -Z[undecided].T
        balance[:, lack : lack + dim], balance[:, lack + dim :] = np.eye(dim), -np.eye(dim)
        right = fixed - plane.size * c * self.offset
        upper, lower = balance.copy(), balance[:d].copy()
        upper[:d, g], upper[:d, h] = -plane.high, plane.low
        lower[:, g], lower[:, h] = -plane.low, plane.high
        if plane.problem.bias:
            upper[d, g], upper[d, h] = -1.0, 1.0
        caps = np.zeros((1 + 2 * K, columns))
        caps[0, [g, h, n]] = 1.0, 1.0, -1.0
        k = np.arange(K)
        caps[1 + k, K + k], caps[1 + k, n] = 1.0, -box[1]
        caps[1 + K + k, K + k], caps[1 + K + k, n] = -1.0, box[0]
        a, b = low[undecided], high[undecided]
        hulls = np.zeros((2 * u, columns))
        i = np.arange(u)
        hulls[:u, :K] = hulls[u:, :K] = plane.reduced[np.ix_(undecided, self.free)]
        hulls[i, 2 * K + i], hulls[u + i, 2 * K + i] = b - 1, 1 - a
        constant = plane.constant[undecided]
        A = np.vstack([upper, lower, caps, hulls])
        big = highspy.kHighsInf
        row_low = np.concatenate([np.full(d, -big), right[d:], right[:d], np.full(1 + 2 * K + u, -big), 1 - constant])
        row_high = np.concatenate([right, np.full(d, big), np.zeros(1 + 2 * K), b - constant, np.full(u, big)])
        cost = np.zeros(columns)
        cost[n], cost[lack:] = 1.0, LACKING
        col_low = np.concatenate([box[0], np.full(K, -big), np.zeros(columns - 2 * K)])
        col_high = np.concatenate([box[1], np.full(K, big), np.ones(u), np.full(columns - 2 * K - u, big)])
        x, y = self._run(A, cost, col_low, col_high, row_low, row_high)
        if x is None or y is None:
            return None
        direction = y[:dim].copy()
        direction[:d] += y[dim : dim + d]
        tilts = np.zeros(plane.size)
        first = dim + d + 1 + 2 * K
        tilts[undecided] = y[first : first + u] + y[first + u :]
        theta = self.lift @ x[:K] + self.offset
        margins, slopes = Z[undecided] @ theta, x[2 * K : g]
        off = np.zeros(plane.size)
        off[undecided] = np.where(margins < 1, (1 - slopes) * (1 - margins), slopes * (margins - 1))
        w = (upper[:, : 2 * K + u] @ x[: 2 * K + u]) + balance[:, n] * x[n] - right
        return Relaxed(float(cost @ x), theta, direction, tilts, x[g], x[h], w, float(x[lack:].sum()), off)

    def _run(
        self, A: Array, cost: Array, low: Array, high: Array, row_low: Array, row_high: Array
    ) -> tuple[Array | None, Array | None]:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = A.shape[1], A.shape[0]
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, low, high
        model.row_lower_, model.row_upper_ = row_low, row_high
        column, row = np.nonzero(A.T)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.searchsorted(column, np.arange(A.shape[1] + 1)).astype(np.int32)
        model.a_matrix_.index_, model.a_matrix_.value_ = row.astype(np.int32), A[row, column]
        self.solver.passModel(model)
        self.solver.run()
        self.solves += 1
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None, None
        solution = self.solver.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual)


@dataclass(frozen=True, eq=False)
class Searched:
    """``lower``: the least mass over all regions. ``mass``: t* of the best model seen; ``root``: of the tree."""

    lower: float
    mass: float
    best: Relaxed | None
    root: Node
    nodes: int
    finished: bool


def search(
    plane: Plane,
    *,
    seconds: float,
    incumbent: Callable[[Relaxed], int | None],
    most_nodes: int = 200_000,
) -> Searched:
    """Best first, until the least mass is known to the point, the set found shows that no more can be proved, or time.

    ``incumbent`` is given every model seen whose mass is below the fewest points known, and returns that. A cut-off
    leaves what is proved.
    """
    start, programme = monotonic(), Programme(plane)
    root_region = Region.root(plane)
    root = _node(programme, root_region, 0.0)
    if root is None:
        raise UndecidedError("goal: the relaxation of all models could not be solved")
    number = count()
    heap = [(root.value, next(number), root)]
    mass, best, known, nodes = inf, None, inf, 1
    tried: list[Array] = []
    while True:
        lower = heap[0][0] if heap else inf
        reached = min(known, ceil(mass - ROUNDING) if mass < inf else inf)
        if ceil(lower - ROUNDING) >= reached:
            return Searched(min(lower, mass), mass, best, root, nodes, True)
        if monotonic() - start > seconds or nodes >= most_nodes:
            return Searched(lower, mass, best, root, nodes, False)
        _, _, node = heapq.heappop(heap)
        found = _snap(programme, node.theta)
        if found is not None:
            if found.value < mass - ROUNDING:
                mass, best = found.value, found
            # also a model of more mass may be reached by fewer whole points
            if ceil(found.value - ROUNDING) < known and not any(np.allclose(found.theta, t, atol=1e-9) for t in tried):
                tried.append(found.theta)
                fewest = incumbent(found)
                known = min(known, fewest) if fewest is not None else known
        node.split = _split(plane, node)
        for part in node.split.halves(node.region):
            child = _node(programme, part, node.value)
            if child is None:
                # the solver failed: the part keeps its parent's number and multipliers
                child = Node(part, node.value, node.leaf, 0.5 * (part.low + part.high), notes=np.ones(plane.size))
            node.parts.append(child)
            heapq.heappush(heap, (child.value, next(number), child))
            nodes += 1


def _node(programme: Programme, region: Region, at_least: float) -> Node | None:
    solved = programme.solve(region)
    if solved is None:
        return None
    leaf = Leaf.rounded(solved.direction, solved.tilts)
    return Node(region, max(at_least, solved.value), leaf, solved.theta, notes=solved.off)


def _split(plane: Plane, node: Node) -> Split:
    """The side along which the rows that break the hinge's graph vary most, near the optimum."""
    region, off = node.region, node.notes
    width = region.high - region.low
    weights = np.abs(plane.reduced) * width
    score = off @ weights if off.any() else width.copy()
    score[plane.pivot] = -1.0
    j = int(np.argmax(score))
    low, high = region.low[j], region.high[j]
    at = float(np.clip(node.theta[j], low + LEAST_PART * width[j], high - LEAST_PART * width[j]))
    return Split("theta", j, round(at * UNIT))


def _snap(programme: Programme, theta: Array) -> Relaxed | None:
    """t* of the model near ``theta`` on the plane that has as many rows as possible at margin 1."""
    plane, free = programme.plane, programme.free
    t = theta.copy()
    R, length = plane.reduced[:, free], np.linalg.norm(plane.reduced[:, free], axis=1)
    away = np.abs(plane.reduced @ t + plane.constant - 1) / np.maximum(length, 1e-12)
    chosen: list[int] = []
    for i in np.argsort(away, kind="stable")[: 3 * len(free)]:
        if np.linalg.matrix_rank(R[[*chosen, i]], tol=1e-7) > len(chosen):
            chosen.append(int(i))
        if len(chosen) == len(free):
            break
    best = None
    # every number of rows: the best model may have fewer at margin 1 than there are free coordinates
    for size in range(len(chosen), -1, -1):
        rows = chosen[:size]
        missing = 1 - plane.constant[rows] - R[rows] @ t[free]
        step = np.linalg.lstsq(R[rows], missing, rcond=None)[0] if rows else np.zeros(len(free))
        snapped = programme.lift @ (t[free] + step) + programme.offset
        solved = programme.solve(Region.root(plane), snapped)
        if solved is not None and solved.lacking < 1e-9 and (best is None or solved.value < best.value):
            best = solved
    return best


__all__ = ["Programme", "Relaxed", "Searched", "search"]
