"""K in one dimension and in rationals: all vertices listed, all bases of the linear programmes tried.

For d = 1 a hinge cell {x in [low, high] : y (w x + b) <= 1} is an interval, so K is the hull of at
most six explicit points, with the bias feature in the plane. Nothing here is shared with the package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import inf

Vector = tuple[Fraction, ...]


@dataclass(frozen=True)
class Line:
    """A hinge problem with one feature: points (x, y, count), C_R, the interval of x, bias or not."""

    points: tuple[tuple[Fraction, int, int], ...]
    c_r: Fraction
    low: Fraction
    high: Fraction
    bias: bool


def vertices(line: Line, target: Vector) -> list[Vector]:
    """Points s * y * (x, 1) whose hull is -K."""
    w, b = target[0], target[1] if line.bias else Fraction(0)
    found: list[Vector] = []
    for y in (-1, 1):
        ends = [line.low, line.high]
        if w != 0:
            ends += [x for x in [(y - b) / w] if line.low < x < line.high]
        for x in ends:
            margin = y * (w * x + b)
            if margin <= 1:
                found.append((y * x, Fraction(y)) if line.bias else (y * x,))
            if margin >= 1:
                found.append((Fraction(0),) * len(target))
    return found


def _solutions(columns: Sequence[Vector], goal: Vector) -> list[list[tuple[int, Fraction]]]:
    """Basic solutions with positive coefficients of sum a_j column_j = goal."""
    if not any(goal):
        return [[]]
    found = []
    for i, v in enumerate(columns):
        pivot = next((k for k in range(len(goal)) if v[k] != 0), None)
        if pivot is not None:
            a = goal[pivot] / v[pivot]
            if a > 0 and all(a * v[k] == goal[k] for k in range(len(goal))):
                found.append([(i, a)])
    if len(goal) == 2:
        for (i, u), (j, v) in combinations(enumerate(columns), 2):
            det = u[0] * v[1] - u[1] * v[0]
            if det:
                a = (goal[0] * v[1] - goal[1] * v[0]) / det
                b = (u[0] * goal[1] - u[1] * goal[0]) / det
                if a > 0 and b > 0:
                    found.append([(i, a), (j, b)])
    return found


def minimum(line: Line, target: Vector) -> Fraction | float:
    """t* for a target on which no clean point has margin exactly 1."""
    g = [line.c_r * t * sum(n for _, _, n in line.points) for t in target]
    for x, y, n in line.points:
        z = (y * x, Fraction(y)) if line.bias else (y * x,)
        margin = sum(t * v for t, v in zip(target, z, strict=True))
        assert margin != 1
        if margin < 1:
            g = [a - n * v for a, v in zip(g, z, strict=True)]
    columns = [tuple(v - line.c_r * t for v, t in zip(point, target, strict=True)) for point in vertices(line, target)]
    masses = [sum(a for _, a in basis) for basis in _solutions(columns, tuple(g))]
    return min((Fraction(m) for m in masses), default=inf)


def lambda_star(line: Line, target: Vector) -> Fraction:
    """Greatest lambda with lambda * target in the hull of the vertices (target not 0, 0 in the hull)."""
    corners = vertices(line, target)
    best = Fraction(0)
    for u, v in [(p, p) for p in corners] + list(combinations(corners, 2)):
        # a u + (1 - a) v = lambda target
        if len(target) == 1:
            best = max(best, u[0] / target[0], v[0] / target[0])
            continue
        cross_u, cross_v = (p[0] * target[1] - p[1] * target[0] for p in (u, v))
        if cross_u == cross_v:
            if cross_u != 0:
                continue
            shares = [Fraction(0), Fraction(1)]
        else:
            shares = [cross_v / (cross_v - cross_u)]
        for a in shares:
            if 0 <= a <= 1:
                point = tuple(a * p + (1 - a) * q for p, q in zip(u, v, strict=True))
                k = 0 if target[0] != 0 else 1
                best = max(best, point[k] / target[k])
    return best
