r"""Sets of points for smooth losses: whole numbers of a few points, moved until the gradient vanishes.

The fractional minimum's mixture gives the masses of each label and where its points lie. With whole counts
:math:`c_j` the balance

.. math:: (N + n) C_R \theta_p = \sum_i \psi(m_i) y_i \bar x_i + \sum_j c_j\,\psi(v_j)\, y_j \bar x_j,
          \qquad v_j = y_j \langle\theta_p, \bar x_j\rangle,

has far more unknowns (every feature of every point) than equations. It is bilinear in the points and their slopes:
linear programmes in the points and margins, each linearised at the last points, lead to a balance inside the domain,
and Newton steps of least length finish it. Whether it is one is decided by the exact checker, not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import lstsq
from scipy.optimize import linprog

from ...certificates.format import Point
from ...convex_set import Mixture, clean_gradient
from ...domains import Boxed
from ...losses import Array
from ...problem import Problem
from .construct import Construction

#: Distinct points of each label: more change nothing, since a label's points with one margin can be merged.
DISTINCT = 2
#: Numbers of points tried beyond the lower bound.
BEYOND = 3
#: Share of the way to the domain's centre that the programmes keep from its bounds: room for the last steps.
ROOM = 1e-6
#: Programmes for one number of points, and the factor on the reach of a step that did not help.
PROGRAMMES, SHRINK = 25, 0.25
#: Imbalance, relative to the largest entry of what is to be balanced, from which Newton's steps are tried, and from
#: which on a result is worth certifying. A radius of 1e-8 allows some 1e-8 there, and float64 reaches 1e-14.
NEAR, BALANCED = 0.05, 1e-11
#: Newton steps: each squares the imbalance, from NEAR.
NEWTON = 6


@dataclass(frozen=True, eq=False)
class _Balance:
    """What whole numbers of points have to balance: labels and counts (r,), wanted (dim,), the domain's hull."""

    problem: Problem
    target: Array
    labels: Array
    counts: Array
    wanted: Array
    box: Boxed
    groups: list[NDArray[np.intp]]
    exactly: bool

    @property
    def scale(self) -> float:
        return float(np.abs(self.wanted).max()) or 1.0

    def margins(self, X: Array) -> Array:
        return np.asarray(self.labels * self.problem.decision(self.target, X), dtype=np.float64)

    def extended(self, X: Array) -> Array:
        return np.column_stack([X, np.ones(len(X))]) if self.problem.bias else X

    def missing(self, X: Array) -> Array:
        """What the points' pulls leave of ``wanted``, relative to its largest entry; shape (dim,)."""
        pull = self.counts * self.labels * self.problem.loss.slope(self.margins(X))
        return np.asarray((self.wanted - pull @ self.extended(X)) / self.scale)

    def centre(self) -> Array:
        """A point inside the hull (for groups of which exactly one is 1: inside relative to them)."""
        return self.box.middle()

    def step(self, X: Array, reach: float) -> Array | None:
        """The points within ``reach`` of X, relative to the widths, whose linearised imbalance is least."""
        (w, b), d, r = self.problem.split(self.target), self.problem.d, len(self.labels)
        loss, m = self.problem.loss, self.margins(X)
        pull = self.counts * self.labels / self.scale
        bend = pull * loss.curvature(m)
        slope, ends = pull * loss.slope(m), self.extended(X)
        # unknowns: the points, their margins, the largest entry of the imbalance
        features = [sp.diags_array(np.full(d, s), shape=(d, d)) for s in slope]
        by_margin = -(bend[:, None] * ends).T
        goal = self.wanted / self.scale + by_margin @ m
        balance = sp.hstack([*features, sp.csr_array(by_margin[:d])])
        if self.problem.bias:
            last = np.concatenate([np.zeros(r * d), by_margin[-1]])
            balance = sp.vstack([balance, sp.csr_array(last[None, :])])
            goal[-1] -= slope.sum()
        worst = sp.csr_array(np.full((balance.shape[0], 1), -1.0))
        margin_rows = sp.hstack(
            [sp.block_diag([sp.csr_array((y * w)[None, :]) for y in self.labels]), -sp.eye_array(r)]
        )
        sums = np.zeros((len(self.groups), d))
        for row, members in zip(sums, self.groups, strict=True):
            row[members] = 1.0
        group_rows = sp.hstack([sp.block_diag([sp.csr_array(sums)] * r), sp.csr_array((r * len(sums), r))])
        most = np.full(r * len(sums), 1.0 if self.exactly else 1.0 - ROOM)
        equal, equal_to, below, below_to = [margin_rows], [-self.labels * b], [balance, -balance], [goal, -goal]
        if self.groups:
            (equal if self.exactly else below).append(group_rows)
            (equal_to if self.exactly else below_to).append(most)
        a_ub = sp.vstack([sp.hstack([balance, worst]), sp.hstack([-balance, worst]), *map(_padded, below[2:])])
        width = self.box.upper - self.box.lower
        low = np.maximum(self.box.lower + ROOM * width, X - reach * width)
        high = np.minimum(self.box.upper - ROOM * width, X + reach * width)
        free = np.tile([-np.inf, np.inf], (r, 1))
        bounds = np.vstack([np.column_stack([low.ravel(), high.ravel()]), free, [[0.0, np.inf]]])
        result = linprog(
            np.append(np.zeros(r * d + r), 1.0), A_ub=a_ub.tocsr(), b_ub=np.concatenate(below_to),
            A_eq=sp.vstack([_padded(e) for e in equal]).tocsr(), b_eq=np.concatenate(equal_to),
            bounds=bounds, method="highs", options={"primal_feasibility_tolerance": 1e-9},
        )  # fmt: skip
        return np.asarray(result.x[: r * d]).reshape(r, d) if result.status == 0 else None

    def finished(self, X: Array) -> Array:
        """Newton steps of least length, which keep the sums of groups of which exactly one is 1."""
        w, d, loss = self.problem.split(self.target)[0], self.problem.d, self.problem.loss
        for _ in range(NEWTON):
            m, ends = self.margins(X), self.extended(X)
            pull = self.counts * self.labels / self.scale
            parts = []
            for j, y in enumerate(self.labels):
                part = -pull[j] * float(loss.curvature(m[j])) * y * np.outer(ends[j], w)
                part[np.arange(d), np.arange(d)] += pull[j] * float(loss.slope(m[j]))
                part[:, self.box.upper == self.box.lower] = 0.0
                for members in self.groups if self.exactly else []:
                    part[:, members] -= part[:, members].mean(axis=1, keepdims=True)
                parts.append(part)
            weights = lstsq(sum(part @ part.T for part in parts), self.missing(X))[0]
            X = X + np.array([part.T @ weights for part in parts])
        return X

    def holds(self, X: Array) -> bool:
        """Do the points lie in the box and balance?"""
        inside = np.all(X >= self.box.lower) and np.all(X <= self.box.upper)
        return bool(inside and float(np.abs(self.missing(X)).max()) <= BALANCED)


def _padded(rows: sp.sparray) -> sp.sparray:
    """A column of zeros for the imbalance."""
    return sp.hstack([rows, sp.csr_array((rows.shape[0], 1))])


def construct_smooth(problem: Problem, target: Array, mixture: Mixture, at_least: int) -> Construction | None:
    """The fewest points, from ``at_least`` on, that were brought to a balance in the domain's hull; None: none were.

    Domains: boxes, with integer features and one-hot groups relaxed.
    """
    box = problem.domain.relaxation.boxed
    if box is None:
        return None
    groups, exactly = box.group_members(), box.exactly_one
    base = clean_gradient(problem, target, 0.0).base
    for n in range(max(1, at_least), at_least + BEYOND + 1):
        wanted = base + n * problem.c_r * target
        for labels, counts, start in _starts(mixture, n):
            balance = _Balance(problem, target, labels, counts, wanted, box, groups, exactly)
            X = _balanced(balance, start)
            if X is not None:
                points = tuple(
                    Point(int(y), _exact(balance, x), Fraction(1), int(c))
                    for y, x, c in zip(labels, X, counts, strict=True)
                )
                return Construction(points, {}, True, problem.d)
    return None


def _balanced(balance: _Balance, X: Array) -> Array | None:
    X = (1 - ROOM) * X + ROOM * balance.centre()
    left, reach = float(np.abs(balance.missing(X)).max()), 1.0
    for _ in range(PROGRAMMES):
        if left <= NEAR and balance.holds(done := balance.finished(X)):
            return done
        moved = balance.step(X, reach)
        then = np.inf if moved is None else float(np.abs(balance.missing(moved)).max())
        if moved is not None and then < left:
            X, left = moved, then
        else:
            reach *= SHRINK
    return None


def _exact(balance: _Balance, x: Array) -> tuple[Fraction, ...]:
    """The floats as rationals; the first member of a group of which exactly one is 1 takes what rounding left."""
    out = [Fraction(float(v)) for v in x]
    for members in balance.groups if balance.exactly else []:
        out[members[0]] += 1 - sum(out[j] for j in members)
    return tuple(out)


def _starts(mixture: Mixture, n: int) -> Iterator[tuple[Array, Array, Array]]:
    """Labels, whole counts and starting points, for the whole shares of each label nearest to the mixture's.

    A label's points all start at the mean of its mixture; the programmes move them apart where that helps.
    """
    mass = {y: float(mixture.masses[mixture.y == y].sum()) for y in (1, -1)}
    if not mixture.masses.sum() > 0:
        return
    share = n * mass[1] / (mass[1] + mass[-1])
    for plus in sorted({round(share) + k for k in (-1, 0, 1)} & set(range(n + 1)), key=lambda k: abs(k - share)):
        labels, counts, start = [], [], []
        for y, k in ((1, plus), (-1, n - plus)):
            own = mixture.y == y
            if k and own.any():
                parts = min(DISTINCT, k)
                labels += [float(y)] * parts
                counts += [float(k // parts + (i < k % parts)) for i in range(parts)]
                start += [np.average(mixture.X[own], axis=0, weights=mixture.masses[own])] * parts
        if sum(counts) == n:
            yield np.array(labels), np.array(counts), np.array(start)


__all__ = ["construct_smooth"]
