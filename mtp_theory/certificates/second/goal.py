"""The second check of ``goal_lower_bound``, with python-flint. :mod:`..checker` derives the inequality of a leaf.

Written apart from it: rows as columns of rationals, margins by the middle of a box and its half-widths, the tree by
recursion over an iterator, the plane by substitution instead of a chosen multiplier.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import ceil
from typing import TYPE_CHECKING, Any

from flint import fmpq

from ..checker import MAX_TREE_WORK, Refused, Vector
from .arithmetic import dot, rational, root, vector

if TYPE_CHECKING:
    from .checker import Check

#: Deepest tree that is followed.
MAX_DEPTH = 400
#: The edges of a row's pair of margin and slope.
EDGES = frozenset("LVR")


def prove_goal(check: Check) -> str:
    """Raises Refused unless the claim is proved."""
    k, v = check.k, check.k.value
    rows, tau = v["rows"], rational(v["tau"])
    if k.radius != 0 or k.loss != "hinge":
        raise Refused("a goal is certified for the hinge loss without a radius")
    if not 1 <= v["at_least"] <= len(rows) or (v["goal"] == "flip" and len(rows) != 1):
        raise Refused("the goal's rows do not fit its kind")
    if tau <= -1 or (tau < 0 and v["goal"] != "loss") or (v["goal"] == "loss" and v["at_least"] != 1):
        raise Refused("the goal's tau or its number of rows does not fit its kind")
    if any(len(row["x"].n) != check.rows.d for row in rows):
        raise Refused("a row of another length than the data's")
    if check.points is not None:
        for x in check.points.X.tolist():
            if not check.domain.contains([rational(a) for a in x], True):
                raise Refused("a point of the points file lies outside the domain")
    if v["points"] == 0:
        return "0 points: nothing is claimed"
    trees = k.witness["trees"]
    named = [t["row"] for t in trees]
    if len(set(named)) != len(named) or any(i >= len(rows) for i in named):
        raise Refused("trees for rows that repeat or are not there")
    if len(named) + v["at_least"] <= len(rows):
        raise Refused("too few rows have a tree")
    if sum(len(t["nodes"]) for t in trees) * check.rows.n * len(k.witness["clean"].n) > MAX_TREE_WORK:
        raise Refused("trees too large to be checked")
    if any(row >= check.rows.n for row in k.witness["slopes"]) or len(k.witness["clean"].n) != _dim(check):
        raise Refused("the clean model or its slopes do not belong to the data")
    slopes = {i: rational(s) for i, s in k.witness["slopes"].items()}
    n = check.rows.n
    near = root(check.optimality(k.witness["clean"], [(check.rows, slopes, [1] * n)])) / (n * check.c)
    for t in trees:
        row = rows[t["row"]]
        z0 = [row["label"] * a for a in vector(row["x"])] + ([fmpq(row["label"])] if k.bias else [])
        if dot(vector(k.witness["clean"]), z0) - near * root(dot(z0, z0)) <= -tau:
            raise Refused("the clean model may reach the goal already")
        tree = _Tree(check, z0, tau)
        nodes = iter(t["nodes"])
        tree.walk(nodes, tree.root(), 0)
        if next(nodes, None) is not None:
            raise Refused("a tree has more nodes than its splits open")
    return "proved"


def _dim(check: Check) -> int:
    return int(check.rows.d) + int(check.k.bias)


@dataclass(frozen=True)
class _Part:
    """A region: bounds of theta, edges of rows, bounds of the labels' share and of the number of points."""

    low: tuple[fmpq, ...]
    high: tuple[fmpq, ...]
    edges: dict[int, frozenset[str]]
    share: tuple[fmpq, fmpq]
    points: tuple[fmpq, fmpq]


class _Tree:
    """One row's tree."""

    def __init__(self, check: Check, z0: list[fmpq], tau: fmpq) -> None:
        self.check, self.z0, self.tau, self.unit = check, z0, tau, check.k.witness["unit"]
        dim = len(z0)
        self.pivot = p = max(range(dim), key=lambda j: abs(z0[j]))
        if z0[p] == 0:
            raise Refused("a row of the goal is zero")
        basis = [Vector([int(i == j) for i in range(dim)], 1) for j in range(dim)]
        columns = check.rows.products(basis)
        self.rows = [list(z) for z in zip(*columns, strict=True)]
        self.reduced = [[z[j] - z[p] * z0[j] / z0[p] for j in range(dim)] for z in self.rows]
        self.constant = [-tau * z[p] / z0[p] for z in self.rows]

    def root(self) -> _Part:
        reach = fmpq(ceil(Fraction(_python(root(1 / self.check.c))) * self.unit), self.unit)
        dim, last = len(self.z0), fmpq(self.check.k.value["points"] - 1)
        return _Part((-reach,) * dim, (reach,) * dim, {}, (fmpq(-1), fmpq(1)), (fmpq(0), last))

    def walk(self, nodes: Iterator[Any], part: _Part, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise Refused("a tree is too deep")
        node = next(nodes, None)
        if node is None:
            raise Refused("a tree lacks leaves")
        if isinstance(node, dict):
            if not self.refuted(node, part):
                raise Refused("a leaf of a tree is not refuted")
            return
        for half in self.halves(node, part):
            self.walk(nodes, half, depth + 1)

    def halves(self, node: list[Any], part: _Part) -> tuple[_Part, _Part]:
        kind, index, at = node[0], node[1], fmpq(node[2], self.unit)
        if kind == "row":
            kept = part.edges.get(index, EDGES)
            alone = frozenset("L") if node[2] == 1 else frozenset("R")
            return (
                replace(part, edges={**part.edges, index: kept & alone}),
                replace(part, edges={**part.edges, index: kept - alone}),
            )
        if kind == "theta":
            if index >= len(part.low):
                raise Refused("a split names a coordinate that is not there")
            low, high = list(part.low), list(part.high)
            low[index], high[index] = max(low[index], at), min(high[index], at)
            return replace(part, high=tuple(high)), replace(part, low=tuple(low))
        if kind == "share":
            a, b = part.share
            return replace(part, share=(a, min(b, at))), replace(part, share=(max(a, at), b))
        a, b = part.points
        return replace(part, points=(a, min(b, at))), replace(part, points=(max(a, at), b))

    def refuted(self, leaf: dict[str, Any], part: _Part) -> bool:
        unit, dim = self.unit, len(self.z0)
        eta = [fmpq(v, unit) for v in leaf["direction"]]
        kappa, mu = fmpq(leaf["kappa"], unit), fmpq(leaf["mu"], unit)
        tilts = {i: fmpq(b, unit) for i, b in leaf["tilts"]}
        if len(eta) != dim or len(tilts) != len(leaf["tilts"]) or any(not 0 <= i < len(self.rows) for i in tilts):
            raise Refused("a leaf's direction or tilts do not fit the data")
        nu = kappa + mu
        if leaf["alpha"] is None and nu != 0:
            raise Refused("a leaf without alpha needs kappa = mu = 0")
        if leaf["light"] and leaf["alpha"] is None:
            raise Refused("a leaf with light coordinates needs alpha")
        weights = {j: fmpq(v, unit) for j, v in leaf["light"]}
        if len(weights) != len(leaf["light"]) or any(not (0 <= j < dim and 0 <= v <= 1) for j, v in weights.items()):
            raise Refused("a leaf's light coordinates do not fit the data")
        if any(a > b for a, b in zip(part.low, part.high, strict=True)):
            return True
        light = {j: self.light(j, v, part) for j, v in weights.items()}
        middle = [(a + b) / 2 for a, b in zip(part.low, part.high, strict=True)]
        half = [(b - a) / 2 for a, b in zip(part.low, part.high, strict=True)]
        spent, total = fmpq(0), [fmpq(0)] * dim
        for i, (z, reduced, constant) in enumerate(zip(self.rows, self.reduced, self.constant, strict=True)):
            at, room = constant + dot(reduced, middle), dot([abs(v) for v in reduced], half)
            low, high = at - room, at + room
            b, e, edges = tilts.get(i, fmpq(0)), dot(eta, z), part.edges.get(i, EDGES)
            pairs = []
            if "L" in edges and low <= 1:
                pairs += [(low, 1), (min(high, fmpq(1)), 1)]
            if "R" in edges and high >= 1:
                pairs += [(max(low, fmpq(1)), 0), (high, 0)]
            if "V" in edges and low <= 1 <= high:
                pairs += [(fmpq(1), 0), (fmpq(1), 1)]
            if not pairs:
                return True
            spent += max(s * (nu * m - e) - b * m for m, s in pairs)
            if b != 0:
                total = [t + b * v for t, v in zip(total, z, strict=True)]
        quantities = (eta, kappa, mu, total, light)
        for n in set(part.points):
            for g, h in self.masses(n, *part.share):
                lowest = self.on_plane if leaf["alpha"] is None else self.with_alpha
                if lowest(quantities, leaf["alpha"], part, n, g, h) <= spent:
                    return False
        return True

    def masses(self, n: fmpq, a: fmpq, b: fmpq) -> set[tuple[fmpq, fmpq]]:
        """Corners of the labels' sums of slopes: where two of the five bounds meet and the others hold."""
        lines = [(1, 0, fmpq(0)), (0, 1, fmpq(0)), (1, 1, n), (1, -1, a * n), (1, -1, b * n)]
        out = set()
        for (p, q, r), (s, t, u) in product(lines, lines):
            d = p * t - q * s
            if d != 0:
                g, h = (r * t - q * u) / d, (p * u - r * s) / d
                if g >= 0 and h >= 0 and g + h <= n and a * n <= g - h <= b * n:
                    out.add((g, h))
        return out

    def ends(self, j: int, g: fmpq, h: fmpq) -> tuple[fmpq, ...]:
        """The ends of what the points add up to in coordinate j."""
        if j == self.check.rows.d:
            return (g - h,)
        low, high = self.check.domain.low[j], self.check.domain.high[j]
        return (low * g - high * h, high * g - low * h)

    def light(self, j: int, v: fmpq, part: _Part) -> tuple[list[fmpq], list[fmpq], fmpq]:
        """The ends of theta_j, those of the rows' pull on it, and the weight of the second of both."""
        lowest = highest = fmpq(0)
        for i, z in enumerate(self.rows):
            slopes = {e: s for e, s in (("L", (1,)), ("V", (0, 1)), ("R", (0,))) if e in part.edges.get(i, EDGES)}
            pulls = [z[j] * s for edge in slopes.values() for s in edge]
            # no edge is left: the region is empty, and any numbers will do
            lowest, highest = lowest + min(pulls, default=fmpq(0)), highest + max(pulls, default=fmpq(0))
        models = []
        for n in set(part.points):
            lam = (self.check.rows.n + n) * self.check.c
            for g, h in self.masses(n, *part.share):
                models += [(q + w) / lam for q in (lowest, highest) for w in self.ends(j, g, h)]
        return [min(models), max(models)], [lowest, highest], v

    def on_plane(self, quantities: Any, _: Any, part: _Part, n: fmpq, g: fmpq, h: fmpq) -> fmpq:
        """kappa = mu = 0: the pivot's coordinate is substituted."""
        eta, _, _, total, _ = quantities
        lam = (self.check.rows.n + n) * self.check.c
        force = [lam * v + t for v, t in zip(eta, total, strict=True)]
        p, value = self.pivot, fmpq(0)
        # <force, theta> on the plane: a constant, and a form in the other coordinates
        share = force[p] / self.z0[p]
        value += share * self.tau
        for j in range(len(eta)):
            value += min(eta[j] * w for w in self.ends(j, g, h))
            if j != p:
                form = force[j] - share * self.z0[j]
                value -= max(form * part.low[j], form * part.high[j])
        return value

    def with_alpha(self, quantities: Any, alpha: int, part: _Part, n: fmpq, g: fmpq, h: fmpq) -> fmpq:
        """A quadratic in each coordinate of theta, and the two ends of w."""
        eta, kappa, mu, total, light = quantities
        lam, al = (self.check.rows.n + n) * self.check.c, fmpq(alpha, self.unit)
        square, value = lam * (kappa + mu), al * self.tau - kappa * (g + h)
        for j in range(len(eta)):
            force = lam * eta[j] + total[j] - al * self.z0[j]
            if j in light:
                model, pull, v = light[j]
                mean = [(1 - v) * pair[0] + v * pair[1] for pair in (model, pull)]
                own = eta[j] - mu * mean[0]
                force += -lam * mu * mean[0] - mu * mean[1]
                places = [*model]
                if kappa != 0 and model[0] < force / (2 * lam * kappa) < model[1]:
                    places.append(force / (2 * lam * kappa))
                value += min(own * w for w in self.ends(j, g, h))
                value += min(lam * kappa * t * t - force * t for t in places)
                value -= mu * ((1 - v) * model[0] * pull[0] + v * model[1] * pull[1])
                continue
            least = []
            for w in self.ends(j, g, h):
                f = force + mu * w
                places = [part.low[j], part.high[j]]
                if square != 0 and part.low[j] < f / (2 * square) < part.high[j]:
                    places.append(f / (2 * square))
                least.append(eta[j] * w + min(square * t * t - f * t for t in places))
            value += min(least)
        return value


def _python(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


__all__ = ["prove_goal"]
