r"""Sets of points for smooth losses on boxes: whole numbers of a few points, moved until the gradient vanishes.

The fractional minimum's mixture gives the masses of each label and where its points lie. With whole counts
:math:`c_j` the balance

.. math:: (N + n) C_R \theta_p = \sum_i \psi(m_i) y_i \bar x_i + \sum_j c_j\,\psi(v_j)\, y_j \bar x_j

has far more unknowns (every feature of every point) than equations; a bounded least-squares solver looks for a solution
from there. Whether it found one is decided by the exact checker, not by the solver.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy.optimize import least_squares

from ..attainability import Mixture, clean_gradient
from ..certificates.write import Point
from ..domains import Box
from ..losses import Array
from ..problem import Problem
from .construct import Construction

#: Distinct points of each label: two already have far more coordinates than there are equations.
DISTINCT = 2
#: Numbers of points tried beyond the lower bound.
BEYOND = 3
#: Unknowns beyond which the dense solver takes minutes for a step (digits: 256; MNIST would have 3,136).
MOST_UNKNOWNS = 2000
#: Largest entry of the unbalanced gradient that is worth certifying, relative to the largest pull of a point.
BALANCED = 1e-7


def construct_smooth(problem: Problem, target: Array, mixture: Mixture, at_least: int) -> Construction | None:
    """The fewest points, from ``at_least`` on, at which the solver balances the gradient; None where it does not."""
    domain = problem.domain
    if not isinstance(domain, Box) or 2 * DISTINCT * problem.d > MOST_UNKNOWNS:
        return None
    base = clean_gradient(problem, target, 0.0).base
    for n in range(max(1, at_least), at_least + BEYOND + 1):
        found = _balance(problem, domain, target, base, mixture, n)
        if found is not None:
            return found
    return None


def _balance(
    problem: Problem, domain: Box, target: Array, base: Array, mixture: Mixture, n: int
) -> Construction | None:
    labels, counts, start = _start(problem, target, mixture, n)
    w, b = problem.split(target)
    wanted = base + n * problem.c_r * target
    r, d = len(labels), problem.d
    scale = float(np.abs(wanted).max()) or 1.0

    def margins(X: Array) -> Array:
        return np.asarray(labels * (X @ w + b), dtype=np.float64)

    def residual(flat: Array) -> Array:
        X = flat.reshape(r, d)
        pull = counts * labels * problem.loss.slope(margins(X))
        total = pull @ X
        total = np.append(total, pull.sum()) if problem.bias else total
        return np.asarray((total - wanted) / scale)

    def jacobian(flat: Array) -> Array:
        X = flat.reshape(r, d)
        m = margins(X)
        psi, bend = problem.loss.slope(m), problem.loss.curvature(m)
        out = np.zeros((problem.dim, r, d))
        extended = np.column_stack([X, np.ones(r)]) if problem.bias else X
        for j in range(r):
            # psi' = -phi'', and the margin moves by y w
            out[:, j, :] -= counts[j] * bend[j] * np.outer(extended[j], w)
            out[np.arange(d), j, np.arange(d)] += counts[j] * labels[j] * psi[j]
        return np.asarray(out.reshape(problem.dim, r * d) / scale)

    room = 1e-9 * (domain.upper - domain.lower)
    low, high = np.tile(domain.lower - room, r), np.tile(domain.upper + room, r)
    x0 = np.clip(start, domain.lower, domain.upper).ravel()
    solved = least_squares(
        residual, x0, jacobian, bounds=(low - 1e-12, high + 1e-12), xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    X = np.clip(solved.x.reshape(r, d), domain.lower, domain.upper)
    if np.abs(residual(X.ravel())).max() > BALANCED:
        return None
    points = tuple(
        Point(int(y), tuple(Fraction(float(v)) for v in x), Fraction(1), int(c))
        for y, x, c in zip(labels, X, counts, strict=True)
    )
    return Construction(points, {}, True, d)


def _start(problem: Problem, target: Array, mixture: Mixture, n: int) -> tuple[Array, Array, Array]:
    """Labels, whole counts and starting points: each label's mixture cut into parts along its margins."""
    mass = {y: float(mixture.masses[mixture.y == y].sum()) for y in (1, -1)}
    plus = round(n * mass[1] / (mass[1] + mass[-1]))
    labels, counts, start = [], [], []
    for y, k in ((1, plus), (-1, n - plus)):
        own = np.flatnonzero(mixture.y == y)
        if k == 0:
            continue
        parts = min(DISTINCT, k)
        shares = [k // parts + (1 if i < k % parts else 0) for i in range(parts)]
        order = own[np.argsort(y * problem.decision(target, mixture.X[own]), kind="stable")]
        weights = mixture.masses[order]
        edges = np.cumsum(weights) - 0.5 * weights
        cuts = np.cumsum(shares)[:-1] / k * float(weights.sum())
        group = np.searchsorted(cuts, edges)
        for i, share in enumerate(shares):
            chosen = group == i if np.any(group == i) else np.ones(order.size, dtype=bool)
            labels.append(float(y))
            counts.append(float(share))
            start.append(np.average(mixture.X[order[chosen]], axis=0, weights=weights[chosen] + 1e-300))
    return np.array(labels), np.array(counts), np.array(start)


__all__ = ["construct_smooth"]
