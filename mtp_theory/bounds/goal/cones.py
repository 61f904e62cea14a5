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

from dataclasses import dataclass, replace
from math import inf, sqrt
from time import monotonic
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ...losses import Array
from ..closeness.conic import Conic
from .tree import LEFT, RIGHT, UNIT, Leaf, Node, Plane, Region, Split, corners, pulls, refuted

#: Narrowest piece of the labels' share, of the width 2, that is looked at.
NARROWEST = 2.0 / 8
#: The piece of the share by which the first number is chosen, and the number that is tried first where none is known.
MIDDLE, FIRST_TRIED = (-0.125, 0.125), 8
#: Share of the time that is spent on the first number, and by how much it is lowered where it stays open.
SLICE, BACK = 0.3, 0.85
#: Corners of the polytope of labels' slopes that differ by less are one.
SAME = 1e-9
#: A coordinate is light where the clean rows' pull on it varies by at most this share of what the points' pull does.
LIGHT = 0.25
#: First ratio mu / (kappa + mu), the least, its longest step and the share of Newton's that is taken: the true
#: curvature is larger than the one computed.
FIRST_RATIO, LEAST_RATIO, GREATEST_RATIO, LONGEST, DAMPED = 0.7, 0.02, 0.97, 0.15, 0.4
#: A solver that gives up is asked again at this share of the ratio.
ELSEWHERE = 0.93
#: A second solve at a better ratio should gain this share of what a node lacks.
ENOUGH = 0.5
#: Rows that are split on one after the other between two solves of the part in which the relaxation lies.
AT_ONCE = 6
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
    #: The ratio mu / (kappa + mu), how fast the violation rises with it, and one at which more is refuted.
    ratio: float
    rise: float
    better: float


def programme(
    plane: Plane, n: float, share: tuple[float, float], edges: NDArray[np.int8], ratio: float
) -> Solved | None:
    """The least violation of the row with mu = ratio, for n points, a piece of the share and edges of clean rows.

    None where the solver fails. Rows on one edge have no variables.
    """
    problem, Z, dim, d = plane.problem, plane.Z, plane.problem.dim, plane.problem.d
    lam = (plane.size + n) * problem.c_r
    places = sorted({(round(g / SAME) * SAME, round(h / SAME) * SAME) for g, h in corners(n, *share)})
    one = np.ones((1, 1))
    free, below, above = (np.flatnonzero(x) for x in (
        (edges != LEFT) & (edges != RIGHT), edges & RIGHT == 0, edges & LEFT == 0))  # fmt: skip
    open_rows, sure = np.flatnonzero(edges & (LEFT | RIGHT) == LEFT | RIGHT), edges == LEFT
    pulled = pulls(plane, edges, share, (0.0, n))
    spread = np.append(plane.high - plane.low, 0.0)[:dim]
    light = np.flatnonzero(pulled.high - pulled.low <= LIGHT * n * spread)
    heavy = np.ones(dim)
    heavy[light] = 0.0
    # theta of coordinates in the square, and w
    share_of = np.where(heavy > 0, 1.0, 1.0 - ratio)
    model = Conic()
    model.variable("theta", dim)
    model.variable("moved")
    model.variable("violation", cost=1.0)
    # sum (1 - m)_+ - sum s, the decided rows' in theta
    fixed = -(Z[below].sum(axis=0))[None, :]
    spent = float(sure.sum()) - len(below)
    shared: dict[str, sp.coo_array | Array] = {"theta": fixed, "violation": -one}
    balance = {"theta": lam * sp.eye_array(dim)}
    if len(free):
        model.variable("s", len(free))
        shared["s"] = -np.ones((1, len(free)))
        balance["s"] = -sp.coo_array(Z[free].T)
    if len(open_rows):
        model.variable("loss", len(open_rows))
        shared["loss"] = np.ones((1, len(open_rows)))
    row = {"moved": one, **shared}
    if len(light):
        model.variable("light", len(light))
        row["light"] = np.full((1, len(light)), ratio)
    features, bend = sp.eye_array(dim, d), ratio**2 / (4 * lam)
    eye = sp.eye_array(d)
    weight = sp.diags_array(heavy)
    shift = {"theta": sp.vstack([sp.coo_array((2, dim)), 2 * sp.diags_array(np.sqrt(lam * share_of))])}
    last = np.zeros((dim, 1))
    last[d:] = 1.0
    masses, differences, sums = [], [], {}
    for k, (g, h) in enumerate(places):
        low, high = plane.low * g - plane.high * h, plane.high * g - plane.low * h
        model.variable(f"part {k}")
        model.variable(f"w {k}", d)
        model.below(f"part {k}", {f"part {k}": -one}, 0.0)
        model.below(f"low {k}", {f"w {k}": -eye, f"part {k}": low[:, None]}, 0.0)
        model.below(f"high {k}", {f"w {k}": eye, f"part {k}": -high[:, None]}, 0.0)
        bias = float(problem.bias) * (g - h)
        balance |= {f"w {k}": -features, f"part {k}": -bias * last}
        # |w|^2 is at most its envelope
        row[f"w {k}"] = -bend * ((low + high) * heavy[:d])[None, :]
        row[f"part {k}"] = np.array([[bend * (float((low * high) @ heavy[:d]) - bias**2) - (1 - ratio) * (g + h)]])
        shift |= {
            f"w {k}": sp.vstack([sp.coo_array((2, d)), -ratio * (weight @ features) / sqrt(lam)]),
            f"part {k}": np.vstack([np.zeros((2, 1)), -ratio * bias * last / sqrt(lam)]),
        }
        sums[f"part {k}"] = one
        masses.append(g)
        differences.append(h)
    model.equal("balance", balance, Z[sure].sum(axis=0))
    model.equal("plane", {"theta": plane.z0[None, :]}, -plane.tau)
    model.equal("parts", sums, 1.0)
    if len(free):
        rows = sp.eye_array(len(free))
        model.below("slope", {"s": rows}, 1.0)
        model.below("no slope", {"s": -rows}, 0.0)
    if len(below):
        model.below("inside", {"theta": Z[below]}, 1.0)
    if len(above):
        model.below("outside", {"theta": -Z[above]}, -1.0)
    if len(open_rows):
        rows = sp.eye_array(len(open_rows))
        model.below("no loss", {"loss": -rows}, 0.0)
        model.below("loss", {"loss": -rows, "theta": -sp.coo_array(Z[open_rows])}, -1.0)
    if len(light):
        # q theta >= A q + P theta - A P and the same at the other ends, q the pull of the clean rows
        pick = sp.eye_array(dim).tocsr()[light]
        rows, pull = sp.eye_array(len(light)), Z[np.ix_(free, light)].T
        known = Z[np.ix_(np.flatnonzero(sure), light)].sum(axis=0)
        for name, A, P in (("first", pulled.first, pulled.low), ("second", pulled.last, pulled.high)):
            A, P = A[light], P[light]
            line = {"light": -rows, "theta": sp.diags_array(P) @ pick}
            if len(free):
                line["s"] = A[:, None] * pull
            model.below(name, line, A * P - A * known)
        model.below("least", {"theta": -pick}, -pulled.first[light])
        model.below("most", {"theta": pick}, pulled.last[light])
    model.below("row", row, spent)
    # lam |theta - ratio w / 2 lam|^2 <= moved, as a cone (1 + v, 1 - v, 2 x) with |x|^2 <= v
    ends = np.concatenate([[1.0, 1.0], np.zeros(dim)])
    first = np.zeros((dim + 2, 1))
    first[:2, 0] = -1.0, 1.0
    model.cone("moved", {"moved": first, **shift}, ends)
    answer = model.solve()
    # what a solver that gave up leaves is good for the next split, and its multipliers are checked in any case
    if not (answer.usable or answer.infeasible or np.isfinite(answer.values["theta"]).all()):
        return None
    m, v = answer.multipliers, answer.values
    kappa, mu = (1 - ratio) * float(m["row"][0]), ratio * float(m["row"][0])
    tilts = np.zeros(len(Z))
    if len(open_rows):
        tilts[open_rows] = m["loss"]
    tilts[below] = kappa + mu
    tilts[below] -= m.get("inside", 0.0)
    tilts[above] += m.get("outside", 0.0)
    direction, weights = -m["balance"], {}
    if len(light):
        a, b = m["first"], m["second"]
        v_light = np.divide(b, a + b, out=np.full(len(light), 0.5), where=a + b > 0)
        weights = {int(k): float(x) for k, x in zip(light, v_light, strict=True)}
        # the direction of the rows: that of the balance and what the lines add to the slopes
        direction[light] += mu * (pulled.first[light] + v_light * (pulled.last - pulled.first)[light])
    leaf = Leaf.rounded(direction, tilts, kappa, mu, alpha=float(m["plane"][0]), light=weights)
    if answer.infeasible:
        nothing = np.zeros(len(Z))
        return Solved(inf, np.zeros(dim), np.zeros(dim), 0.0, 0.0, leaf, nothing, nothing, ratio, 0.0, ratio)
    parts = [float(v[f"part {k}"][0]) for k in range(len(places))]
    w = sum((v[f"w {k}"] for k in range(len(places))), np.zeros(d))
    g, h = float(np.dot(parts, masses)), float(np.dot(parts, differences))
    whole = np.append(w, g - h) if problem.bias else w
    margins, s = Z @ v["theta"], sure.astype(float)
    if len(free):
        s[free] = v["s"]
    off = np.where(margins < 1, (1 - s) * (1 - margins), s * (margins - 1))
    # rows on one edge are right already
    off[(edges == LEFT) | (edges == RIGHT)] = 0.0
    theta = v["theta"]
    mass = g + h
    envelope = sum(
        float((v[f"w {k}"] * (plane.low + plane.high) * (a - b)) @ heavy[:d])
        - parts[k] * float(((plane.low * a - plane.high * b) * (plane.high * a - plane.low * b)) @ heavy[:d])
        + parts[k] * float(problem.bias) * (a - b) ** 2
        for k, (a, b) in enumerate(places)
    )
    # how fast the violation rises with the ratio, and how fast that falls
    rise = mass - float((theta * whole) @ heavy)
    gap = envelope - float((whole * whole) @ heavy)
    rise -= ratio * gap / (2 * lam)
    if len(light):
        rise -= float(np.sum(lam * theta[light] ** 2 - v["light"]))
    better = ratio + DAMPED * rise / max(gap / (2 * lam), SAME)
    better = min(max(better, ratio - LONGEST, LEAST_RATIO), ratio + LONGEST, GREATEST_RATIO)
    return Solved(answer.objective, theta, whole, g, h, leaf, off, margins, ratio, rise, better)


class Refuter:
    """Refutes numbers of points, with a tree of pieces of the share and, where need be, of the number of points."""

    def __init__(self, plane: Plane, until: float) -> None:
        self.plane, self.until, self.solves = plane, until, 0
        #: The ratio that did last.
        self.ratio = FIRST_RATIO
        #: The relaxation's point where a number was not refuted: a start for sets.
        self.open: Solved | None = None

    def tree(self, last: int, branch: bool = False) -> Node | None:
        """The tree that refutes ``last`` points and fewer; None where a piece stays open or time is over.

        ``branch``: split open pieces on the row whose slope is furthest from the hinge's.
        """
        root = self.node(Region.root(self.plane), last)
        stack: list[tuple[Node, tuple[float, float], float, float, list[tuple[int, int]]]]
        stack = [(root, (-1.0, 1.0), float(last), self.ratio, [])]
        while stack:
            node, share, n, ratio, queue = stack.pop()
            if monotonic() > self.until:
                return None
            if queue:
                stack += self.on_row(node, share, n, ratio, queue)
                continue
            solved = self.solve(node, n, share, ratio)
            if solved is None:
                return None
            ratio = solved.better
            if solved.violation <= LEAST_VIOLATION or not self.holds(node, solved.leaf, n, n):
                if share[1] - share[0] <= NARROWEST:
                    self.open = solved
                    if not branch or solved.off.max() <= LEAST_VIOLATION:
                        return None
                    worst = np.argsort(-solved.off, kind="stable")[:AT_ONCE]
                    queue = [(int(i), int(solved.margins[i] < 1)) for i in worst if solved.off[i] > LEAST_VIOLATION]
                    stack += self.on_row(node, share, n, ratio, queue)
                    continue
                middle = 0.5 * (share[0] + share[1])
                node.split = Split("share", 0, round(middle * UNIT))
                node.parts = [self.node(half, n) for half in node.split.halves(node.region)]
                # the piece in which the relaxation lies first: it decides soonest
                pieces = zip(node.parts, [(share[0], middle), (middle, share[1])], strict=True)
                pairs: list[Any] = [(part, piece, n, ratio, []) for part, piece in pieces]
                at = (solved.g - solved.h) / max(n, 1e-9)
                stack += pairs if at > middle else reversed(pairs)
                continue
            self.ratio = solved.ratio
            least = self.reach(node, solved.leaf, n)
            if least <= 0:
                node.leaf = solved.leaf
                continue
            # these multipliers do not hold for few points: others for those
            node.split = Split("points", 0, round(least * UNIT))
            below, above = (self.node(half, n) for half in node.split.halves(node.region))
            above.leaf = solved.leaf
            node.parts = [below, above]
            stack.append((below, share, least, ratio, []))
        return root

    def guess(self, most: float) -> int:
        """The largest number below ``most`` for which a middle piece of the share falls unsplit, by halving."""
        edges, low, high = Region.root(self.plane).edges, 0, most

        def falls(n: int) -> bool:
            solved = programme(self.plane, float(n), MIDDLE, edges, self.ratio)
            self.solves += 1
            self.ratio = self.ratio if solved is None else solved.better
            return solved is not None and solved.violation > LEAST_VIOLATION

        tried = FIRST_TRIED if most == inf else int(most) // 2
        while low + 1 < high and monotonic() < self.until:
            if falls(tried):
                low, tried = tried, 2 * tried if high == inf else (tried + int(high)) // 2
            else:
                high, tried = tried, (low + tried) // 2
        return low

    def on_row(
        self, node: Node, share: tuple[float, float], n: float, ratio: float, queue: list[tuple[int, int]]
    ) -> list[Any]:
        """The parts of a node split on the queue's first row: the side where the relaxation lies, then the other one.

        The other side mostly falls at once, so the first is not looked at before all rows of the queue are decided.
        """
        (i, side), rest = queue[0], queue[1:]
        node.split = Split("row", i, side)
        near, far = (self.node(half, n) for half in node.split.halves(node.region))
        node.parts = [near, far]
        return [(near, share, n, ratio, rest), (far, share, n, ratio, [])]

    def solve(self, node: Node, n: float, share: tuple[float, float], ratio: float) -> Solved | None:
        """The programme at the ratio, and once more at a better one where that is far and may refute."""
        solved = programme(self.plane, n, share, node.region.edges, ratio)
        self.solves += 1
        if solved is None:
            solved = programme(self.plane, n, share, node.region.edges, ELSEWHERE * ratio)
            self.solves += 1
        if solved is None or solved.violation > LEAST_VIOLATION:
            return solved
        gain = abs(solved.rise * (solved.better - ratio)) / 2
        if gain < ENOUGH * -solved.violation:
            return solved
        again = programme(self.plane, n, share, node.region.edges, solved.better)
        self.solves += 1
        if again is None or again.violation <= solved.violation:
            first, second = solved, again
        else:
            first, second = again, solved
        if second is not None and first.rise * second.rise < 0:
            # the derivative vanishes between the two
            at = (first.ratio * second.rise - second.ratio * first.rise) / (second.rise - first.rise)
            return replace(first, better=at)
        return first

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


def most_refuted(plane: Plane, *, until: float, most: float) -> tuple[int, Node | None, Refuter]:
    """The largest number of points found that is refuted, -1 if none, with its tree; below ``most``, until the time."""
    refuter = Refuter(plane, until)
    branch = plane.size <= MOST_BRANCHED
    best, tree, tried = -1, None, refuter.guess(most)
    while best < 0 <= tried and monotonic() < until:
        # not all the time for a number that may be too large
        refuter.until = until if tried == 0 else monotonic() + SLICE * (until - monotonic())
        tree = refuter.tree(tried, branch)
        if tree is not None:
            best = tried
        tried = min(tried - 1, int(BACK * tried))
    refuter.until = until
    while best >= 0 and best + 1 < most and monotonic() < until:
        found = refuter.tree(best + 1, branch)
        if found is None:
            break
        best, tree = best + 1, found
    return best, tree, refuter


__all__ = ["Refuter", "Solved", "most_refuted", "programme"]
