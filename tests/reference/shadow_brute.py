"""The maxima by brute force: every segment between two vertices of the domain, on a grid that zooms in."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product

import numpy as np

from mtp_theory.domains import Box, Domain, GroupedBox, L1Ball, L2Ball, MixedBox, Polytope, labelled
from mtp_theory.losses import Array, MarginLoss

#: Points of the first grid and of each zoom, number of zooms: the last spacing is (1/4)^13 / 72, about 2e-10.
GRID, ZOOM, ZOOMS = 25, 9, 13
#: Each segment is cut into parts that are searched apart, for objectives with several local maxima on it.
PARTS = 3


def vertices(domain: Domain) -> Array:
    """All extreme points of a small domain (and perhaps some more points of it)."""
    if isinstance(domain, Box):
        return np.array(list(product(*[sorted({lo, up}) for lo, up in zip(domain.lower, domain.upper, strict=True)])))
    if isinstance(domain, GroupedBox):
        corners = vertices(domain.box)
        ones = np.array([[x[m].sum() for m in domain.group_members()] for x in corners])
        allowed = (1,) if domain.group_rule == "exactly_one" else (0, 1)
        return corners[np.isin(ones, allowed).all(axis=1)]
    if isinstance(domain, L1Ball):
        unit = np.eye(domain.dim)
        return domain.centre + domain.radius * np.vstack([unit, -unit])
    if isinstance(domain, Polytope):
        found = []
        for rows in combinations(range(domain.b.size), domain.dim):
            a = domain.a[list(rows)]
            if abs(np.linalg.det(a)) > 1e-9:
                x = np.linalg.solve(a, domain.b[list(rows)])
                if np.all(domain.a @ x <= domain.b + 1e-9):
                    found.append(x)
        return np.array(found)
    raise TypeError(type(domain))


def distance(loss: MarginLoss) -> Callable[[Array, Array], Array]:
    return lambda u, v: loss.value(u) - loss.value(v)


def pricing(loss: MarginLoss) -> Callable[[Array, Array], Array]:
    """w psi(m); beside a kink both one-sided slopes count, so sup = max over the closed set."""

    def f(w: Array, m: Array) -> Array:
        step = 1e-11 * (1.0 + np.abs(m))
        return np.maximum(w * loss.slope(m - step), w * loss.slope(m + step)) if loss.kinks else w * loss.slope(m)

    return f


def maximum(
    f: Callable[[Array, Array], Array], domain: Domain, first: Array, second: Array, bias: bool = True
) -> Array:
    """max over x of f(y <first, (x,1)>, y <second, (x,1)>), for each allowed label in order."""
    return np.array([_one_label(f, d, y * first, y * second, bias) for y, d in labelled(domain)])


def _one_label(f: Callable[[Array, Array], Array], domain: Domain, first: Array, second: Array, bias: bool) -> float:
    if isinstance(domain, MixedBox):
        return max(_one_label(f, part, first, second, bias) for part in _whole_parts(domain))
    if isinstance(domain, L2Ball):
        return _ball(f, domain, first, second, bias)
    x = vertices(domain)
    if bias:
        x = np.column_stack([x, np.ones(len(x))])
    u, v = x @ first, x @ second
    i, j = np.triu_indices(len(x))
    return _zoom(lambda t: f(u[i, None] + t * (u[j] - u[i])[:, None], v[i, None] + t * (v[j] - v[i])[:, None]), i.size)


def _whole_parts(domain: MixedBox) -> list[Box]:
    """One box for each choice of the integer features, those fixed."""
    whole = np.flatnonzero(domain.integer)
    ranges = [np.arange(domain.lower[j], domain.upper[j] + 1) for j in whole]
    parts = []
    for choice in product(*ranges):
        lower, upper = domain.lower.copy(), domain.upper.copy()
        lower[whole] = upper[whole] = choice
        if domain.contains(lower):
            parts.append(Box(lower, upper))
    return parts


def _ball(f: Callable[[Array, Array], Array], domain: L2Ball, first: Array, second: Array, bias: bool) -> float:
    """The circle of directions in the plane of the two forms, and two diameters for a shadow without interior."""
    d = domain.dim
    a, b = first[:d], second[:d]
    a0, b0 = (first[d], second[d]) if bias else (0.0, 0.0)

    def at(t: Array) -> Array:
        angle = 2.0 * np.pi * t[..., None]
        g = np.cos(angle) * b + np.sin(angle) * a
        norm = np.linalg.norm(g, axis=-1, keepdims=True)
        x = domain.centre + domain.radius * np.divide(g, norm, out=np.zeros_like(g), where=norm > 1e-12)
        return f(x @ a + a0, x @ b + b0)

    def along(t: Array) -> Array:
        ends = np.array([g / (np.linalg.norm(g) or 1.0) for g in (a, b)])
        x = domain.centre + domain.radius * (2.0 * t[..., None] - 1.0) * ends[:, None]
        return f(x @ a + a0, x @ b + b0)

    starts = np.arange(16)[:, None] / 16
    return max(_zoom(lambda t: at(starts + t / 16), 16), _zoom(along, 2))


def _zoom(f: Callable[[Array], Array], rows: int) -> float:
    """Greatest value of each row's function of t in [0, 1], zooming in on the best grid point of each part of it."""
    return max(_zoom_part(f, rows, part / PARTS) for part in range(PARTS))


def _zoom_part(f: Callable[[Array], Array], rows: int, start: float) -> float:
    t = np.tile(start + np.linspace(0, 1 / PARTS, GRID), (rows, 1))
    width = 1.0 / PARTS / (GRID - 1)
    best = -np.inf
    for _ in range(ZOOMS):
        h = f(t)
        best = max(best, float(h.max()))
        centre = t[np.arange(rows), h.argmax(axis=1)][:, None]
        t = np.clip(centre + width * np.linspace(-1, 1, ZOOM), 0, 1)
        width *= 2.0 / (ZOOM - 1)
    return best
