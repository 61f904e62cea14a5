r"""Many features: a number of added points refuted by one second-order cone programme for each piece of labels' shares.

For n points let :math:`\lambda = (N+n) C_R` and :math:`\lambda\theta = \sum s_i z_i + w`. Times :math:`\theta`,

.. math:: \lambda|\theta|^2 + \sum (1-m_i)_+ - \sum s_i = \langle w, \theta\rangle,

once with :math:`\langle w,\theta\rangle \le g` (the points' sum of slopes), once as it stands: then the left side is
:math:`\lambda|\theta - w/2\lambda|^2 - |w|^2/4\lambda + \dots`, and :math:`|w|^2` is at most its concave envelope over
the sums that n points can have. Where the labels' slopes g and h are given, w lies in a box whose corners are
:math:`w_k \in \{l_k g - u_k h, u_k g - l_k h\}`; so the envelope takes the corners of the polytope of (g, h), exactly
where g and h are such a corner. Cutting the labels' share (g - h)/n into pieces makes it tight.

The multipliers of the two rows (mu, kappa), of the balance, of the goal's plane and of :math:`(1-m)_+ \ge 1-m` are a
leaf of the certificate. For fixed multipliers its value is concave in n, so a leaf that holds at n and at fewer points
holds between.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from time import monotonic

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ...losses import Array
from ..closeness.conic import Conic
from .tree import LEFT, RIGHT, UNIT, Leaf, Node, Plane, Region, Split, corners, refuted

#: Narrowest piece of the labels' share, of the width 2, that is looked at.
NARROWEST = 2.0 / 32
#: Corners of the polytope of labels' slopes that differ by less are one.
SAME = 1e-9
#: Rows up to which open pieces are split further on rows: beyond it a solve takes seconds.
MOST_BRANCHED = 2000
#: Violations below this are rounding: the piece counts as open.
LEAST_VIOLATION = 1e-7


@dataclass(frozen=True, eq=False)
class Solved:
    """How much the rows must be violated (> 0 refutes), the relaxed model and the sums of slopes, the multipliers."""

    violation: float
    theta: Array
    w: Array
    g: float
    h: float
    leaf: Leaf
    #: How far each row's slope is from the hinge's at its margin, and the margins.
    off: Array
    margins: Array


def programme(plane: Plane, n: float, share: tuple[float, float], edges: NDArray[np.int8]) -> Solved | None:
    """The least violation of both rows for n points, a piece of the share and edges of clean rows.

    None where the solver fails.
    """
    problem, Z, dim, d = plane.problem, plane.Z, plane.problem.dim, plane.problem.d
    lam, N = (plane.size + n) * problem.c_r, plane.size
    places = sorted({(round(g / SAME) * SAME, round(h / SAME) * SAME) for g, h in corners(n, *share)})
    one, ones = np.ones((1, 1)), np.ones((1, N))
    model = Conic()
    model.variable("theta", dim)
    model.variable("s", N)
    model.variable("loss", N)
    model.variable("square")
    model.variable("moved")
    model.variable("violation", cost=1.0)
    masses, differences, sums = [], [], {}
    base: dict[str, sp.coo_array | Array] = {"square": one, "loss": ones, "s": -ones, "violation": -one}
    conv: dict[str, sp.coo_array | Array] = {"moved": one, "loss": ones, "s": -ones, "violation": -one}
    features = sp.eye_array(dim, d)
    balance = {"theta": lam * sp.eye_array(dim), "s": -sp.coo_array(Z.T)}
    eye = sp.eye_array(d)
    shift = {"theta": sp.vstack([sp.coo_array((2, dim)), 2 * sqrt(lam) * sp.eye_array(dim)])}
    last = np.zeros((dim, 1))
    last[d:] = 1.0
    for k, (g, h) in enumerate(places):
        low, high = plane.low * g - plane.high * h, plane.high * g - plane.low * h
        model.variable(f"part {k}")
        model.variable(f"w {k}", d)
        model.below(f"part {k}", {f"part {k}": -one}, 0.0)
        model.below(f"low {k}", {f"w {k}": -eye, f"part {k}": low[:, None]}, 0.0)
        model.below(f"high {k}", {f"w {k}": eye, f"part {k}": -high[:, None]}, 0.0)
        bias = float(problem.bias) * (g - h)
        balance |= {f"w {k}": -features, f"part {k}": -bias * last}
        base[f"part {k}"] = np.array([[-(g + h)]])
        conv[f"w {k}"] = -(low + high)[None, :] / (4 * lam)
        conv[f"part {k}"] = np.array([[float(low @ high) - bias**2]]) / (4 * lam)
        shift |= {
            f"w {k}": sp.vstack([sp.coo_array((2, d)), -features / sqrt(lam)]),
            f"part {k}": np.vstack([np.zeros((2, 1)), -bias * last / sqrt(lam)]),
        }
        sums[f"part {k}"] = one
        masses.append(g)
        differences.append(h)
    model.equal("balance", balance, np.zeros(dim))
    model.equal("plane", {"theta": plane.z0[None, :]}, -plane.tau)
    model.equal("parts", sums, 1.0)
    rows = sp.eye_array(N)
    model.below("slope", {"s": rows}, (edges != RIGHT).astype(float))
    model.below("no slope", {"s": -rows}, -(edges == LEFT).astype(float))
    inside, outside = (np.flatnonzero(edges & side == 0) for side in (RIGHT, LEFT))
    if len(inside):
        model.below("inside", {"theta": Z[inside]}, 1.0)
    if len(outside):
        model.below("outside", {"theta": -Z[outside]}, -1.0)
    model.below("no loss", {"loss": -rows}, 0.0)
    model.below("loss", {"loss": -rows, "theta": -sp.coo_array(Z)}, -1.0)
    model.below("base", base, 0.0)
    model.below("conv", conv, 0.0)
    # lam |theta|^2 <= square and lam |theta - w / 2 lam|^2 <= moved, as cones (1 + v, 1 - v, 2 x) with |x|^2 <= v
    ends = np.concatenate([[1.0, 1.0], np.zeros(dim)])
    first = np.zeros((dim + 2, 1))
    first[:2, 0] = -1.0, 1.0
    still = sp.vstack([sp.coo_array((2, dim)), 2 * sqrt(lam) * sp.eye_array(dim)])
    model.cone("square", {"square": first, "theta": still}, ends)
    model.cone("moved", {"moved": first, **shift}, ends)
    answer = model.solve()
    if not answer.usable:
        return None
    m, v = answer.multipliers, answer.values
    tilts = m["loss"].copy()
    tilts[inside] -= m.get("inside", 0.0)
    tilts[outside] += m.get("outside", 0.0)
    leaf = Leaf.rounded(-m["balance"], tilts, float(m["base"][0]), float(m["conv"][0]), alpha=float(m["plane"][0]))
    parts = [float(v[f"part {k}"][0]) for k in range(len(places))]
    w = sum((v[f"w {k}"] for k in range(len(places))), np.zeros(d))
    g, h = float(np.dot(parts, masses)), float(np.dot(parts, differences))
    whole = np.append(w, g - h) if problem.bias else w
    margins, s = Z @ v["theta"], v["s"]
    off = np.where(margins < 1, (1 - s) * (1 - margins), s * (margins - 1))
    # rows on one edge are right already
    off[(edges == LEFT) | (edges == RIGHT)] = 0.0
    return Solved(answer.objective, v["theta"], whole, g, h, leaf, off, margins)


class Refuter:
    """Refutes numbers of points, with a tree of pieces of the share and, where need be, of the number of points."""

    def __init__(self, plane: Plane, until: float) -> None:
        self.plane, self.until, self.solves = plane, until, 0
        #: The relaxation's point where a number was not refuted: a start for sets.
        self.open: Solved | None = None

    def tree(self, last: int, branch: bool = False) -> Node | None:
        """The tree that refutes ``last`` points and fewer; None where a piece stays open or time is over.

        ``branch``: split open pieces on the row whose slope is furthest from the hinge's.
        """
        region = Region.root(self.plane)
        root = self.node(region, last)
        stack = [(root, (-1.0, 1.0), float(last))]
        while stack:
            node, share, n = stack.pop()
            if monotonic() > self.until:
                return None
            solved = programme(self.plane, n, share, node.region.edges)
            self.solves += 1
            middle = 0.5 * (share[0] + share[1])
            if solved is None or solved.violation <= LEAST_VIOLATION or not self.holds(node, solved.leaf, n, n):
                if share[1] - share[0] <= NARROWEST:
                    self.open = solved if solved is not None else self.open
                    if not branch or solved is None or solved.off.max() <= LEAST_VIOLATION:
                        return None
                    i = int(np.argmax(solved.off))
                    node.split = Split("row", i, int(solved.margins[i] < 1))
                    node.parts = [self.node(half, n) for half in node.split.halves(node.region)]
                    stack += [(part, share, n) for part in node.parts]
                    continue
                node.split = Split("share", 0, round(middle * UNIT))
                halves = node.split.halves(node.region)
                node.parts = [self.node(half, n) for half in halves]
                # the piece in which the relaxation lies first: it decides soonest
                pairs = list(zip(node.parts, [(share[0], middle), (middle, share[1])], [n, n], strict=True))
                at = (solved.g - solved.h) / max(n, 1e-9) if solved is not None else 0.0
                stack += pairs if at > middle else reversed(pairs)
                continue
            least = self.reach(node, solved.leaf, n)
            if least <= 0:
                node.leaf = solved.leaf
                continue
            # these multipliers do not hold for few points: others for those
            node.split = Split("points", 0, round(least * UNIT))
            below, above = (self.node(half, n) for half in node.split.halves(node.region))
            above.leaf = solved.leaf
            node.parts = [below, above]
            stack.append((below, share, least))
        return root

    def node(self, region: Region, n: float) -> Node:
        return Node(region, np.inf, None, np.zeros(self.plane.problem.dim))

    def holds(self, node: Node, leaf: Leaf, first: float, last: float) -> bool:
        r = node.region
        part = Region(r.low, r.high, r.edges, r.share, (first, last))
        return refuted(self.plane, part, leaf, last)

    def reach(self, node: Node, leaf: Leaf, n: float) -> float:
        """The least number of points from which on the multipliers hold up to n."""
        if self.holds(node, leaf, 0.0, n):
            return 0.0
        low, high = 0.0, n
        for _ in range(12):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if self.holds(node, leaf, middle, n) else (middle, high)
        # a little inside, so that rounding to the unit leaves it
        return min(n, high + 1e-6 * n)


def most_refuted(plane: Plane, *, until: float, most: float, start: int = 1) -> tuple[int, Node | None, Refuter]:
    """The largest number of points found that is refuted, -1 if none, with its tree; below ``most``, until the time."""
    refuter = Refuter(plane, until)
    best, tree, low, step = -1, None, -1, max(0, start)
    high: float = most
    while low + 1 < high and monotonic() < until:
        # outwards by thirds until a number stays open, then halving
        tried = int(min(step, high - 1) if high == most else (low + high) // 2)
        found = refuter.tree(tried)
        if found is None:
            high = tried
        else:
            best, tree, low = tried, found, tried
            step = max(low + 1, low + (low + 2) // 3)
    while best + 1 < most and monotonic() < until and plane.size <= MOST_BRANCHED:
        found = refuter.tree(best + 1, branch=True)
        if found is None:
            break
        best, tree = best + 1, found
    return best, tree, refuter


__all__ = ["Refuter", "Solved", "most_refuted", "programme"]
