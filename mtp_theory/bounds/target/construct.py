r"""An explicit set of poisoning points for a hinge target, at or next to the lower bound.

Theorem C: on a convex domain the points of one label with margin at most 1 may all be the same, so the fewest points
are the optimum of a mixed-integer programme with five integers: :math:`k_+, k_-` copies of one point of each label,
:math:`k_0` neutral points (margin above 1), and at most one more point of each label exactly at margin 1, whose slope
s in [0, 1] is free. HiGHS proposes; the counts are then fixed, the sums solved for with room to spare, and the balance

.. math:: (N + n) C_R \theta_p = \sum_i s_i y_i \bar x_i + w_+ - w_- + s_+ \bar x_+ - s_- \bar x_-

made exact in rationals: the bias row through one free slope, each feature through :math:`w_+` or :math:`w_-`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.sparse as sp
from flint import fmpq
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from ...certificates.format import Point
from ...convex_set.clean import CleanGradient
from ...domains import labelled
from ...errors import InputError, UndecidedError
from ...exact.numbers import fraction, rational
from ...exact.rows import DataRows
from ...losses import Array
from ...problem import Problem

#: Room left to every bound when the sums are solved for, per point: float solutions are off by some 1e-9, and what
#: makes them exact has to fit in. The second entry is for sets without room; they are exact only by luck.
ROOM = (1e-5, 1e-7, 0.0)
#: Grid of the rational sums and slopes.
GRID = 2**50
#: Seconds for the integer programme.
TIME_LIMIT = 120.0
#: Sets of so many points more than the lower bound are not looked for: without a limit an integer programme that has no
#: solution is searched until the time is over.
MOST_BEYOND = 100


@dataclass(frozen=True, eq=False)
class Construction:
    """Points with counts, slopes of clean rows on the margin, and whether the balance is exact."""

    points: tuple[Point, ...]
    slopes: dict[int, Fraction]
    balanced: bool
    features: int

    @property
    def count(self) -> int:
        """Number of points."""
        return sum(p.count for p in self.points)

    def rows(self) -> tuple[Array, Array]:
        """X (count, d) and y (count,), copies as rows, rounded to float64."""
        if not self.points:
            return np.zeros((0, self.features)), np.zeros(0)
        # correctly rounded, as float(v) is, at a quarter of the time
        X = [[v.numerator / v.denominator for v in p.x] for p in self.points]
        counts = [p.count for p in self.points]
        return np.repeat(X, counts, axis=0), np.repeat([float(p.label) for p in self.points], counts)


class _Layout:
    """Columns of the programme: sums above the lower bounds, counts, slopes."""

    def __init__(self, problem: Problem, theta: Array, clean: CleanGradient, neutral: bool, extras: bool) -> None:
        self.problem, self.theta, self.clean = problem, theta, clean
        box = labelled(problem.domain.relaxation)[0][1].boxed
        assert box is not None
        self.box, self.groups, self.rule = box, box.group_members(), box.group_rule
        d, kinks = problem.d, clean.kinks.size
        self.d, self.neutral, self.extras = d, neutral, extras
        self.w, self.b = problem.split(theta)
        at = 0
        self.sums: dict[tuple[int, bool], slice] = {}
        for extra in (False, True) if extras else (False,):
            for y in (1, -1):
                self.sums[y, extra] = slice(at, at + d)
                at += d
        #: mass of each block of sums: the count k of a label, the slope s of an extra point
        self.mass = {key: at + i for i, key in enumerate(self.sums)}
        at += len(self.mass)
        self.zero = at
        at += 1
        self.used = {y: at + i for i, y in enumerate((1, -1))} if extras else {}
        at += len(self.used)
        self.kinks = slice(at, at + kinks)
        self.size = at + kinks
        self.counted = [self.mass[1, False], self.mass[-1, False], self.zero, *self.used.values()]

    def programme(
        self, room: float, margin_room: float | None = None
    ) -> tuple[sp.csr_array, Array, sp.csr_array, Array, Array, Array]:
        """(A_eq, b_eq, A_ub, b_ub, lower, upper) with ``room`` left to the bounds of the sums and to margin 1."""
        short = room if margin_room is None else margin_room
        d, lower, width = self.d, self.box.lower, self.box.upper - self.box.lower
        c = self.problem.c_r
        dim = self.problem.dim
        eq = sp.lil_array((dim, self.size))
        ub: list[sp.csr_array] = []
        more_eq: list[sp.csr_array] = []
        for (y, extra), columns in self.sums.items():
            k = self.mass[y, extra]
            eq[np.arange(d), np.arange(columns.start, columns.stop)] = float(y)
            eq[np.arange(d), k] = y * lower
            if self.problem.bias:
                eq[d, k] = float(y)
            inside = sp.lil_array((d, self.size))
            inside[np.arange(d), np.arange(columns.start, columns.stop)] = 1.0
            inside[np.arange(d), k] = -(width - np.minimum(room, width / 2))
            ub.append(inside.tocsr())
            if room > 0:
                above = sp.lil_array((d, self.size))
                above[np.arange(d), np.arange(columns.start, columns.stop)] = -1.0
                above[np.arange(d), k] = np.minimum(room, width / 2)
                ub.append(above.tocsr())
            margin = sp.lil_array((1, self.size))
            margin[0, columns] = y * self.w
            margin[0, k] = y * (self.w @ lower + self.b) - 1.0 + (0.0 if extra else short)
            (more_eq if extra else ub).append(margin.tocsr())
            for members in self.groups:
                group = sp.lil_array((1, self.size))
                group[0, columns.start + members] = 1.0
                group[0, k] = -1.0 if extra or self.rule == "exactly_one" else room - 1.0
                (more_eq if self.rule == "exactly_one" else ub).append(group.tocsr())
            if extra:
                used = sp.lil_array((1, self.size))
                used[0, k], used[0, self.used[y]] = 1.0, -1.0
                ub.append(used.tocsr())
        for k in self.counted:
            eq[:, k] = eq[:, [k]].toarray()[:, 0] - c * self.theta
        if self.clean.kinks.size:
            eq[:, self.kinks.start : self.kinks.stop] = self.clean.rows.T
        a_eq = sp.vstack([eq.tocsr(), *more_eq], format="csr")
        b_eq = np.concatenate([self.clean.base, np.zeros(len(more_eq))])
        a_ub = sp.vstack(ub, format="csr")
        low, high = np.zeros(self.size), np.full(self.size, np.inf)
        high[self.kinks] = self.clean.room
        high[self.zero] = np.inf if self.neutral else 0.0
        for k in self.used.values():
            high[k] = 1.0
        return a_eq, b_eq, a_ub, np.zeros(a_ub.shape[0]), low, high


def relaxed_sums(
    problem: Problem, theta: Array, clean: CleanGradient, at_least: int, margin_room: float
) -> dict[int, tuple[int, Array]] | None:
    """Counts and sums of each label, at least ``at_least`` points, margins below 1 by ``margin_room`` on average."""
    found = fewest_counts(problem, theta, clean, at_least, False, extras=(False,), margin_room=margin_room)
    x = None if found is None else _sums(found, 0.0, margin_room)
    if found is None or x is None:
        return None
    layout = found.layout
    counts = dict(zip(layout.counted, (int(k) for k in found.counts), strict=True))
    out = {}
    for y in (1, -1):
        k = counts[layout.mass[y, False]]
        out[y] = (k, x[layout.sums[y, False]] + k * layout.box.lower)
    return out


def fewest_counts(
    problem: Problem,
    theta: Array,
    clean: CleanGradient,
    at_least: int,
    neutral: bool,
    *,
    extras: tuple[bool, ...] = (False, True),
    margin_room: float = 0.0,
) -> _Counts | None:
    """Least counts that balance on the relaxed domain: first without the extra points, then with them."""
    best: _Counts | None = None
    for extra in extras:
        layout = _Layout(problem, theta, clean, neutral, extra)
        a_eq, b_eq, a_ub, b_ub, low, high = layout.programme(0.0, margin_room)
        cost, whole = np.zeros(layout.size), np.zeros(layout.size)
        cost[layout.counted] = whole[layout.counted] = 1.0
        total = LinearConstraint(cost[None, :], at_least, at_least + MOST_BEYOND)
        result = milp(
            cost,
            constraints=[LinearConstraint(a_eq, b_eq, b_eq), LinearConstraint(a_ub, -np.inf, b_ub), total],
            bounds=Bounds(low, high),
            integrality=whole,
            options={"time_limit": TIME_LIMIT},
        )
        if result.x is not None:
            found = _Counts(layout, np.rint(result.x[layout.counted]).astype(int))
            if best is None or found.total < best.total:
                best = found
            if best.total <= at_least:
                break
    return best


@dataclass(frozen=True, eq=False)
class _Counts:
    layout: _Layout
    counts: NDArray[np.int_]

    @property
    def total(self) -> int:
        return int(self.counts.sum())


def construct(
    problem: Problem,
    target: tuple[Fraction, ...],
    clean: CleanGradient,
    c_r: Fraction,
    at_least: int,
    data: DataRows,
) -> Construction | None:
    """The fewest points that the programme finds, exactly balanced where there is room. Box domains (or their hull).

    ``target``: exact; ``clean``: its clean gradient; ``at_least``: the certified lower bound. None where no set is
    found. Raises UndecidedError if a solver fails.
    """
    for _, domain in labelled(problem.domain.relaxation):
        if domain.boxed is None:
            raise InputError(f"construction: domain {type(domain).__name__}; give a box")
    theta = np.array([float(t) for t in target])
    neutral = _neutral(problem, theta)
    found = fewest_counts(problem, theta, clean, at_least, neutral is not None)
    if found is None:
        return None
    fallback: Construction | None = None
    for room in ROOM:
        x = _sums(found, room)
        if x is None:
            continue
        result = _exactly(problem, target, clean, c_r, data, found, x, neutral)
        if result.balanced:
            return result
        fallback = fallback or result
    if fallback is None:
        raise UndecidedError("construction: the integer programme's counts do not balance when they are fixed")
    return fallback


def _neutral(problem: Problem, theta: Array) -> Point | None:
    """A point whose margin is above 1, if the domain has one."""
    w, b = problem.split(theta)
    for y, domain in labelled(problem.domain):
        value, x = domain.support(y * w)
        if value + y * b > 1.0 + 1e-9:
            return Point(y, tuple(Fraction(float(v)) for v in x), Fraction(0))
    return None


def _sums(found: _Counts, room: float, margin_room: float | None = None) -> Array | None:
    """Sums and slopes for the fixed counts, with room."""
    layout = found.layout
    a_eq, b_eq, a_ub, b_ub, low, high = layout.programme(room, margin_room)
    for k, value in zip(layout.counted, found.counts, strict=True):
        low[k] = high[k] = value
    spare = np.minimum(room, layout.clean.room / 2)
    low[layout.kinks], high[layout.kinks] = spare, layout.clean.room - spare
    cost = np.zeros(layout.size)
    options = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-9}
    for method in ("highs", "highs-ipm"):
        result = linprog(cost, a_ub, b_ub, a_eq, b_eq, np.column_stack([low, high]), method=method, options=options)
        if result.status == 0:
            return np.asarray(result.x)
        if result.status == 2:
            return None
    return None


def _grid(value: float) -> Fraction:
    return Fraction(round(value * GRID), GRID)


def _exactly(
    problem: Problem,
    target: tuple[Fraction, ...],
    clean: CleanGradient,
    c_r: Fraction,
    data: DataRows,
    found: _Counts,
    x: Array,
    neutral: Point | None,
) -> Construction:
    layout, d = found.layout, problem.d
    count = dict(zip(layout.counted, (int(k) for k in found.counts), strict=True))
    n = found.total
    lower = [Fraction(float(v)) for v in layout.box.lower]
    upper = [Fraction(float(v)) for v in layout.box.upper]
    slopes = {
        int(i): min(Fraction(1), max(Fraction(0), _grid(float(t))))
        for i, t in zip(clean.kinks, x[layout.kinks], strict=True)
    }
    weights, bias = target[:d], target[d] if problem.bias else Fraction(0)
    extras = [e for e in (_extra(layout, y, x, weights, bias, lower, upper) for y in layout.used) if e is not None]
    kept = [k for k in layout.used.values() if count[k]]
    done = len(extras) == len(kept)
    plus, minus = count[layout.mass[1, False]], count[layout.mass[-1, False]]
    if problem.bias:
        # the bias row, through the freest slope
        rows = problem.y
        wanted = (problem.n_points + n) * c_r * target[d] - (plus - minus)
        wanted -= sum((e.label * e.slope for e in extras), Fraction(0))
        margins = problem.margins(np.array([float(t) for t in target]))
        active = margins < 1
        active[clean.kinks] = False
        wanted -= int(rows[active].sum())
        wanted -= sum((int(rows[i]) * s for i, s in slopes.items()), Fraction(0))
        if slopes:
            free = max(slopes, key=lambda i: min(slopes[i], 1 - slopes[i]))
            moved = slopes[free] + int(rows[free]) * wanted
            slopes[free] = min(Fraction(1), max(Fraction(0), moved))
            done = done and slopes[free] == moved
        else:
            done = done and wanted == 0
    full = [fmpq(0)] * len(problem.y)
    margins = problem.margins(np.array([float(t) for t in target]))
    for row in np.flatnonzero(margins < 1):
        full[int(row)] = fmpq(1)
    for i, s in slopes.items():
        full[i] = rational(s)
    pulled = data.combination(full)[:d]
    need = [(problem.n_points + n) * c_r * target[j] - fraction(pulled[j]) for j in range(d)]
    for e in extras:
        need = [v - e.label * e.slope * a for v, a in zip(need, e.x, strict=True)]
    second = x[layout.sums[-1, False]] + np.array([float(v) for v in lower]) * minus
    up, down = [], []
    for j in range(d):
        b = min(minus * upper[j], max(minus * lower[j], _grid(float(second[j]))))
        a = need[j] + b
        inside = min(plus * upper[j], max(plus * lower[j], a))
        b = min(minus * upper[j], max(minus * lower[j], inside - need[j]))
        done = done and inside - b == need[j]
        up.append(inside)
        down.append(b)
    points = []
    for y, k, total in ((1, plus, up), (-1, minus, down)):
        if k:
            point = Point(y, tuple(v / k for v in total), Fraction(1), k)
            margin = y * (sum((a * b for a, b in zip(weights, point.x, strict=True) if a), Fraction(0)) + bias)
            done = done and margin <= 1
            points.append(point)
    points += extras
    if count[layout.zero] and neutral is not None:
        points.append(Point(neutral.label, neutral.x, Fraction(0), count[layout.zero]))
    return Construction(tuple(points), slopes, done, d)


def _extra(
    layout: _Layout,
    y: int,
    x: Array,
    weights: tuple[Fraction, ...],
    bias: Fraction,
    lower: list[Fraction],
    upper: list[Fraction],
) -> Point | None:
    """The extra point of a label, exactly at margin 1 with a slope in [0, 1]."""
    if x[layout.used[y]] < 0.5:
        return None
    s = float(x[layout.mass[y, True]])
    slope = min(Fraction(1), max(Fraction(0), _grid(s)))
    shape = x[layout.sums[y, True]] / s if s > 0 else np.zeros(layout.d)
    point = [min(b, max(a, a + _grid(float(v)))) for v, a, b in zip(shape, lower, upper, strict=True)]
    # whichever coordinates have room take the margin to 1
    order = sorted(range(layout.d), key=lambda j: -abs(weights[j]))
    for j in order:
        if not weights[j]:
            break
        margin = y * (sum((a * b for a, b in zip(weights, point, strict=True) if a), Fraction(0)) + bias)
        if margin == 1:
            break
        point[j] = min(upper[j], max(lower[j], point[j] + (1 - margin) / (y * weights[j])))
    margin = y * (sum((a * b for a, b in zip(weights, point, strict=True) if a), Fraction(0)) + bias)
    return Point(y, tuple(point), slope, 1) if margin == 1 else None


__all__ = ["Construction", "construct"]
