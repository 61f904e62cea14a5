r"""The planar shadow's Pareto chain: the image of a domain under two linear forms.

Under :math:`u = \langle a, x\rangle + a_0` and :math:`v = \langle b, x\rangle + b_0` a convex domain becomes a planar
convex set. A function that falls in u and rises in v has its maximum on the chain of that set from least u (then
greatest v) to greatest v (then least u): a concave polyline whose slopes dv/du fall. A box gives a zonogon, a product
of simplices a Minkowski sum of polygons, an l1 ball the hull of 2 d points.

Tie rule. A feature with a_j = b_j = 0 stays at its lower end; steps of equal slope come in the order of their features;
of several members of a group (or vertices of a ball) with the same image the first one stands for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from ..domains import Boxed, Domain, L1Ball
from ..losses import Array
from .rounding import magnitude, margin_error

Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Chain:
    """Vertices (u_k, v_k), k = 0..K, and the moves of x that lead from one to the next.

    Edge k sets x[moves[2k]] = values[2k], then x[moves[2k+1]] = values[2k+1]; index d is a spare slot.
    """

    u: Array
    v: Array
    start: Array
    moves: Index
    values: Array
    error_u: float
    error_v: float

    def vertex(self, k: int) -> Array:
        """Features of vertex k, shape (d,)."""
        x = np.append(self.start, 0.0)
        # Repeated indices: numpy keeps the last assignment, which is the latest move.
        x[self.moves[: 2 * k]] = self.values[: 2 * k]
        return x[:-1]

    def point(self, k: int, t: float) -> Array:
        """Features at the fraction t of edge k (vertex k when t = 0), shape (d,)."""
        x = self.vertex(k)
        if t == 0:
            return x
        following = self.vertex(k + 1)
        between = (1.0 - t) * x + t * following
        low, high = np.minimum(x, following), np.maximum(x, following)
        # Clipping keeps unmoved features bit for bit and moved ones between their ends.
        return np.clip(between, low, high)


@singledispatch
def planar_chain(domain: Domain, a: Array, a0: float, b: Array, b0: float) -> Chain | None:
    """The chain of a polyhedral domain of known structure; ``None`` for one known only by its support function.

    ``planar_chain.register`` adds a kind of domain.
    """
    return None


@planar_chain.register
def _(domain: Boxed, a: Array, a0: float, b: Array, b0: float) -> Chain | None:
    if domain.integer.any():
        return None
    return grouped_chain(domain.lower, domain.upper, group_choices(domain), a, a0, b, b0)


@planar_chain.register
def _(domain: L1Ball, a: Array, a0: float, b: Array, b0: float) -> Chain | None:
    return _cross_polytope_chain(domain, a, a0, b, b0)


def group_choices(domain: Boxed) -> list[Index]:
    """The members of each group; a leading d stands for "no member" where that is allowed.

    It comes first, so that it wins ties.
    """
    none = [domain.dim] if domain.group_rule == "at_most_one" else []
    return [np.concatenate([none, members]).astype(np.intp) for members in domain.group_members()]


def grouped_chain(lower: Array, upper: Array, choices: list[Index], a: Array, a0: float, b: Array, b0: float) -> Chain:
    """Chain of a box times simplices.

    ``choices`` holds for each group the features of which one may be 1 (d: none of them); features of groups
    outside their choices must have ``lower = upper = 0``.
    """
    d = a.size
    at_upper = (a < 0) | ((a == 0) & (b > 0))
    start = np.where(at_upper, upper, lower)
    other = np.where(at_upper, lower, upper)
    width = upper - lower
    free = np.ones(d + 1, dtype=bool)
    for choice in choices:
        free[choice] = False
    # Signs, not the product a_j b_j: that could underflow.
    moving = np.flatnonzero((np.sign(a) * np.sign(b) > 0) & (width > 0) & free[:-1])
    # A subnormal a_j gives the slope inf, which sorts rightly.
    with np.errstate(over="ignore"):
        ratio = [np.abs(b[moving]) / np.abs(a[moving])]
    du, dv = [np.abs(a[moving]) * width[moving]], [np.abs(b[moving]) * width[moving]]
    moves = [np.column_stack([moving, np.full(moving.size, d)])]
    values = [np.column_stack([other[moving], np.zeros(moving.size)])]
    for choice in choices:
        pu, pv = np.append(a, 0.0)[choice], np.append(b, 0.0)[choice]
        hull = upper_left_hull(pu, pv)
        start[choice[choice < d]] = 0.0
        if choice[hull[0]] < d:
            start[choice[hull[0]]] = 1.0
        steps_u, steps_v = np.diff(pu[hull]), np.diff(pv[hull])
        with np.errstate(over="ignore"):
            # Never rising within a group, whatever the rounding of parallel models: a member is left after it is
            # entered.
            ratio.append(np.minimum.accumulate(steps_v / steps_u))
        du.append(steps_u)
        dv.append(steps_v)
        moves.append(np.column_stack([choice[hull[:-1]], choice[hull[1:]]]))
        values.append(np.tile([0.0, 1.0], (hull.size - 1, 1)))
    # Stable, so equal slopes keep the order of features (groups after free features).
    order = np.argsort(-np.concatenate(ratio), kind="stable")
    reach = np.maximum(np.abs(lower), np.abs(upper))
    return Chain(
        u=np.cumsum(np.concatenate([[a0 + a @ start], np.concatenate(du)[order]])),
        v=np.cumsum(np.concatenate([[b0 + b @ start], np.concatenate(dv)[order]])),
        start=start,
        moves=np.concatenate(moves)[order].astype(np.intp).ravel(),
        values=np.concatenate(values)[order].ravel(),
        error_u=margin_error(d, magnitude(a, reach, a0)),
        error_v=margin_error(d, magnitude(b, reach, b0)),
    )


def _cross_polytope_chain(ball: L1Ball, a: Array, a0: float, b: Array, b0: float) -> Chain:
    d, c, r = ball.dim, ball.centre, ball.radius
    feature = np.repeat(np.arange(d), 2)
    signed = np.tile([-r, r], d)
    pu, pv = signed * a[feature], signed * b[feature]
    hull = upper_left_hull(pu, pv)
    start = c.copy()
    start[feature[hull[0]]] += signed[hull[0]]
    to = hull[1:]
    moves = np.column_stack([feature[hull[:-1]], feature[to]])
    values = np.column_stack([c[feature[hull[:-1]]], c[feature[to]] + signed[to]])
    return Chain(
        u=a0 + a @ c + pu[hull],
        v=b0 + b @ c + pv[hull],
        start=start,
        moves=moves.astype(np.intp).ravel(),
        values=values.ravel(),
        error_u=margin_error(d, magnitude(a, np.abs(c), a0) + 2.0 * r * float(np.abs(a).max())),
        error_v=margin_error(d, magnitude(b, np.abs(c), b0) + 2.0 * r * float(np.abs(b).max())),
    )


def upper_left_hull(u: Array, v: Array) -> Index:
    """Indices of the hull's chain from least u (then greatest v) to greatest v (then least u), no three in line."""
    # By u, then falling v, then index: lexsort is stable and its last key leads.
    order = np.lexsort((-v, u))
    hull: list[int] = []
    for i in order.tolist():
        if hull and v[i] <= v[hull[-1]]:
            continue
        while len(hull) > 1:
            p, q = hull[-2], hull[-1]
            if (v[q] - v[p]) * (u[i] - u[p]) <= (v[i] - v[p]) * (u[q] - u[p]):
                hull.pop()
            else:
                break
        hull.append(i)
    return np.asarray(hull, dtype=np.intp)


__all__ = ["Chain", "Index", "group_choices", "grouped_chain", "planar_chain", "upper_left_hull"]
