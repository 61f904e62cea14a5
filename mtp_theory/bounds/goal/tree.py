"""Trees of regions of models and their leaves' multipliers, as the certificate ``goal_lower_bound`` writes them.

:mod:`mtp_theory.certificates.checker` derives the inequality of a leaf; here it is evaluated in float64, to see before
anything is written whether a leaf closes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil, inf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...convex_set.clean import dense_rows
from ...domains import Box, labelled
from ...errors import InputError
from ...losses import Array
from ...problem import Problem

#: Multipliers and places of splits are integers over this.
UNIT = 2**40
#: A leaf counts as closed where its value exceeds this share of what it is summed from: float64 sums lose less.
ROOM = 1e-10
#: Multipliers below this are rounding; kept from being scaled up.
SMALLEST = 1e-9
#: Slope of a row and side of margin 1: left m <= 1, s = 1; vertical m = 1; right m >= 1, s = 0.
LEFT, VERTICAL, RIGHT = 1, 2, 4
ALL_EDGES = LEFT | VERTICAL | RIGHT


@dataclass(frozen=True, eq=False)
class Plane:
    r"""The clean rows seen from the plane :math:`\langle\theta, z_0\rangle = -\tau` of one row of a goal.

    ``Z`` (N, dim): signed rows. ``pivot``: the coordinate that the plane gives; ``reduced`` (N, dim) and ``constant``
    (N,): margins on the plane are reduced @ theta + constant, whatever the pivot's coordinate.
    """

    problem: Problem
    z0: Array
    tau: float
    Z: Array
    pivot: int
    reduced: Array
    constant: Array
    low: Array
    high: Array

    @staticmethod
    def of(problem: Problem, z0: Array, tau: float) -> Plane:
        """Raises InputError where the domain has no box (balls, polytopes, a domain for each label)."""
        Z = signed_rows(problem)
        p = int(np.argmax(np.abs(z0)))
        if z0[p] == 0:
            raise InputError("goal: a row of zeros has margin 0 whatever the model; give another row")
        reduced = Z - np.outer(Z[:, p] / z0[p], z0)
        reduced[:, p] = 0.0
        low, high = hull(problem)
        return Plane(problem, z0, tau, Z, p, reduced, -tau * Z[:, p] / z0[p], low, high)

    @property
    def size(self) -> int:
        return len(self.Z)

    def lift(self, theta: Array) -> Array:
        """The model on the plane with the other coordinates of ``theta``."""
        t = theta.copy()
        t[self.pivot] = 0.0
        t[self.pivot] = (-self.tau - self.z0 @ t) / self.z0[self.pivot]
        return t


def signed_rows(problem: Problem) -> Array:
    """z_i = y_i (x_i, 1) of the clean rows, each as often as it stands in the multiset."""
    rows = dense_rows(problem, np.arange(len(problem.y)))
    Z = problem.y[:, None] * (rows if rows.shape[1] == problem.dim else np.column_stack([rows, np.ones(len(rows))]))
    return np.repeat(Z, problem.counts, axis=0)


def hull(problem: Problem) -> tuple[Array, Array]:
    """Bounds of the features of added points."""
    parts = {id(d): getattr(d, "box", d) for _, d in labelled(problem.domain)}
    boxes = list(parts.values())
    if len(boxes) != 1 or not isinstance(boxes[0], Box):
        raise InputError(
            f"goal: a domain {type(problem.domain).__name__} is not bounded by one box; give a box, with integer"
            " features or groups if need be"
        )
    return boxes[0].lower, boxes[0].upper


@dataclass(frozen=True, eq=False)
class Region:
    """``low``, ``high`` (dim,): box of models. ``edges`` (N,): allowed edges of rows. ``share``: bounds of the labels'
    difference of slopes for one point. ``points``: bounds of the number of added points."""

    low: Array
    high: Array
    edges: NDArray[np.int8]
    share: tuple[float, float] = (-1.0, 1.0)
    points: tuple[float, float] = (0.0, inf)

    @staticmethod
    def root(plane: Plane) -> Region:
        r"""All models that may be trained: :math:`|\theta|^2 \le 1/C_R`."""
        reach = ceil(sqrt(1.0 / plane.problem.c_r) * UNIT) / UNIT
        full = np.full(plane.problem.dim, reach)
        return Region(-full, full, np.full(plane.size, ALL_EDGES, dtype=np.int8))

    def ranges(self, plane: Plane) -> tuple[Array, Array]:
        """Least and greatest margin of each row in the region's box on the plane."""
        middle, half = 0.5 * (self.low + self.high), 0.5 * (self.high - self.low)
        at, room = plane.reduced @ middle + plane.constant, np.abs(plane.reduced) @ half
        return at - room, at + room


@dataclass(frozen=True, eq=False)
class Split:
    """How a region falls into two: ``kind`` theta, row, share or points; ``at`` in the witness's unit (row: 1 or 0)."""

    kind: str
    index: int
    at: int

    def halves(self, r: Region) -> tuple[Region, Region]:
        at = self.at / UNIT
        if self.kind == "theta":
            high, low = r.high.copy(), r.low.copy()
            high[self.index], low[self.index] = min(high[self.index], at), max(low[self.index], at)
            return replace(r, high=high), replace(r, low=low)
        if self.kind == "row":
            alone = LEFT if self.at else RIGHT
            first, second = r.edges.copy(), r.edges.copy()
            first[self.index] &= alone
            second[self.index] &= ~alone
            return replace(r, edges=first), replace(r, edges=second)
        a, b = r.share if self.kind == "share" else r.points
        parts = (a, min(b, at)), (max(a, at), b)
        return (replace(r, share=parts[0]), replace(r, share=parts[1])) if self.kind == "share" else (
            replace(r, points=parts[0]), replace(r, points=parts[1])
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Leaf:
    """Multipliers over UNIT: kappa, mu >= 0, alpha (None: the plane is substituted), direction (dim,), tilts (N,).

    ``light``: coordinates that few rows pull, each with a weight between the two ends of its inequality.
    """

    kappa: int
    mu: int
    alpha: int | None
    direction: NDArray[np.int64]
    tilts: NDArray[np.int64]
    light: tuple[tuple[int, int], ...] = ()

    @staticmethod
    def rounded(
        direction: Array, tilts: Array, kappa: float = 0.0, mu: float = 0.0, alpha: float | None = None,
        light: Mapping[int, float] | None = None,
    ) -> Leaf:  # fmt: skip
        """Multipliers of either sign and any size, scaled so that the largest is 1."""
        parts = [np.abs(direction).max(initial=0.0), np.abs(tilts).max(initial=0.0), kappa, mu, abs(alpha or 0.0)]
        # where all are nearly 0 nothing is proved by them
        scale = UNIT / max(*parts, SMALLEST)

        def whole(v: Any) -> Any:
            return np.rint(np.asarray(v) * scale).astype(np.int64)

        a = None if alpha is None else int(whole(alpha))
        weights = tuple((k, round(min(1.0, max(0.0, v)) * UNIT)) for k, v in (light or {}).items())
        return Leaf(int(whole(max(0.0, kappa))), int(whole(max(0.0, mu))), a, whole(direction), whole(tilts), weights)

    def json(self) -> dict[str, Any]:
        """The leaf of the certificate."""
        tilts = [[int(i), int(self.tilts[i])] for i in np.flatnonzero(self.tilts)]
        return {
            "kappa": self.kappa, "mu": self.mu, "alpha": self.alpha, "direction": self.direction.tolist(),
            "tilts": tilts, **({"light": [list(pair) for pair in self.light]} if self.light else {}),
        }  # fmt: skip


def refuted(plane: Plane, region: Region, leaf: Leaf, last: float) -> bool:
    """Does the leaf refute every number of points up to ``last`` in the region, as far as float64 tells?"""
    kappa, mu = leaf.kappa / UNIT, leaf.mu / UNIT
    nu, eta, b = kappa + mu, leaf.direction / UNIT, leaf.tilts / UNIT
    low, high = region.ranges(plane)
    e, edges = plane.Z @ eta, region.edges
    left, right = (edges & LEFT > 0) & (low <= 1), (edges & RIGHT > 0) & (high >= 1)
    upright = (edges & VERTICAL > 0) & (low <= 1) & (high >= 1)
    if not (left | right | upright).all():
        # float64 may have lost a margin of 1: leave the region open rather than close it wrongly
        return bool(np.any(~(left | right | upright) & (np.minimum(np.abs(low - 1), np.abs(high - 1)) > 1e-9)))
    cut, turn = np.minimum(high, 1.0), np.maximum(low, 1.0)
    one = np.where(left, np.maximum((nu - b) * low, (nu - b) * cut) - e, -inf)
    two = np.where(right, np.maximum(-b * turn, -b * high), -inf)
    three = np.where(upright, np.maximum(nu - b - e, -b), -inf)
    r = np.maximum(np.maximum(one, two), three)
    spent, size = float(r.sum()), float(np.abs(r).sum())
    total = b @ plane.Z
    points = max(0.0, region.points[0]), min(last, region.points[1])
    pulled = pulls(plane, edges, region.share, points) if leaf.light else None
    for n in set(points):
        for g, h in corners(n, *region.share):
            value, terms = _least(plane, region, leaf, total, pulled, n, g, h)
            if value - spent <= ROOM * (size + terms):
                return False
    return True


def corners(n: float, a: float, b: float) -> list[tuple[float, float]]:
    """Corners of g, h >= 0, g + h <= n, a n <= g - h <= b n."""
    out = [(n * (1 + v) / 2, n * (1 - v) / 2) for v in (a, b)] + [(n * max(0.0, v), n * max(0.0, -v)) for v in (a, b)]
    return [*out, (0.0, 0.0)] if a < 0 < b else out


@dataclass(frozen=True, eq=False)
class Pulls:
    """For each coordinate the least and greatest pull of the clean rows (``low``, ``high``) and theta (``first``,
    ``last``) that numbers of points in an interval leave it, (dim,) each."""

    low: Array
    high: Array
    first: Array
    last: Array


def pulls(plane: Plane, edges: NDArray[np.int8], share: tuple[float, float], points: tuple[float, float]) -> Pulls:
    """The ends of :math:`q = \\sum s z` and of :math:`\\theta = (q + w)/\\lambda`."""
    Z, bias = plane.Z, plane.problem.bias
    one, none = (edges == LEFT)[:, None], (edges == RIGHT)[:, None]
    low = np.where(one, Z, np.where(none, 0.0, np.minimum(Z, 0.0))).sum(axis=0)
    high = np.where(one, Z, np.where(none, 0.0, np.maximum(Z, 0.0))).sum(axis=0)
    first, last = np.full(Z.shape[1], inf), np.full(Z.shape[1], -inf)
    for n in points:
        lam = (plane.size + n) * plane.problem.c_r
        for g, h in corners(n, *share):
            least, most = plane.low * g - plane.high * h, plane.high * g - plane.low * h
            if bias:
                least, most = np.append(least, g - h), np.append(most, g - h)
            first, last = np.minimum(first, (low + least) / lam), np.maximum(last, (high + most) / lam)
    return Pulls(low, high, first, last)


def _least(
    plane: Plane, region: Region, leaf: Leaf, total: Array, pulled: Pulls | None, n: float, g: float, h: float
) -> tuple[float, float]:
    """The least value of a leaf's left side without sum r, and the size of what it is summed from."""
    lam, p = (plane.size + n) * plane.problem.c_r, plane.pivot
    eta, mu, square = leaf.direction / UNIT, leaf.mu / UNIT, lam * (leaf.kappa + leaf.mu) / UNIT
    G = lam * eta + total
    alpha = G[p] / plane.z0[p] if leaf.alpha is None else leaf.alpha / UNIT
    f = G - alpha * plane.z0
    if leaf.alpha is None:
        f[p] = 0.0
    w = np.vstack([plane.low * g - plane.high * h, plane.high * g - plane.low * h])
    if plane.problem.bias:
        w = np.column_stack([w, [g - h, g - h]])
    slope = f + mu * w
    if square == 0:
        inner = np.minimum(-slope * region.low, -slope * region.high)
    else:
        t = np.clip(slope / (2 * square), region.low, region.high)
        inner = square * t * t - slope * t
    parts = (eta * w + inner).min(axis=0)
    for k, weight in leaf.light if pulled is not None else ():
        assert pulled is not None
        parts[k] = _light(leaf, pulled, k, weight / UNIT, w[:, k], lam, float(f[k]))
    rest = alpha * plane.tau - leaf.kappa / UNIT * (g + h)
    return float(parts.sum() + rest), float(np.abs(parts).sum() + abs(rest))


def _light(leaf: Leaf, pulled: Pulls, k: int, v: float, w: Array, lam: float, f: float) -> float:
    """The part of a light coordinate, whose ends of w are given and whose force is ``f`` without it."""
    mu, square = leaf.mu / UNIT, lam * leaf.kappa / UNIT
    A, B, P, Q = (float(x[k]) for x in (pulled.first, pulled.last, pulled.low, pulled.high))
    rho, phi, chi = A + v * (B - A), P + v * (Q - P), A * P + v * (B * Q - A * P)
    own, force = leaf.direction[k] / UNIT - mu * rho, f - mu * (lam * rho + phi)
    t = [A, B] if square == 0 else [float(np.clip(force / (2 * square), A, B))]
    return float((own * w).min()) + min(square * x * x - force * x for x in t) - mu * chi


@dataclass(eq=False)
class Node:
    """A region, the number of points that its relaxation needs, its multipliers and, once split, its two parts."""

    region: Region
    value: float
    leaf: Leaf | None
    theta: Array
    split: Split | None = None
    parts: list[Node] = field(default_factory=list)
    #: What the search keeps for choosing the next split.
    notes: Any = None

    def closed(self, plane: Plane, last: float) -> bool:
        """Is the region refuted by its own multipliers?"""
        return self.leaf is not None and self.value > last and refuted(plane, self.region, self.leaf, last)


def listed(root: Node, plane: Plane, last: float) -> list[Any] | None:
    """The nodes of the certificate's tree in order; a region that is closed by itself ends it. None if one is open."""
    out: list[Any] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.closed(plane, last):
            assert node.leaf is not None
            out.append(node.leaf.json())
        elif node.split is None:
            return None
        else:
            out.append([node.split.kind, node.split.index, node.split.at])
            stack += reversed(node.parts)
    return out


__all__ = [
    "ALL_EDGES", "LEFT", "RIGHT", "ROOM", "UNIT", "VERTICAL", "Leaf", "Node", "Plane", "Pulls", "Region", "Split",
    "corners", "hull", "listed", "pulls", "refuted", "signed_rows",
]  # fmt: skip
