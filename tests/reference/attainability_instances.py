"""Small random problems for the tests of K: data, domain and a target that is often attainable."""

from __future__ import annotations

import cvxpy as cp
import numpy as np

from mtp_theory.domains import Box, Domain, GroupedBox, L1Ball, L2Ball, MixedBox, PerLabel, Polytope
from mtp_theory.losses import Array
from mtp_theory.problem import Problem

DOMAINS = ("box", "fixed", "grouped", "exactly_one", "mixed", "l1", "l2", "polytope", "per_label")


def domain_of(kind: str, d: int, rng: np.random.Generator) -> Domain:
    """A domain of that kind in dimension d >= 2."""
    lower, width = rng.choice([-1.0, 0.0, -0.5], d), rng.choice([1.0, 2.0], d)
    if kind == "fixed":
        width[0] = 0.0
    if kind in ("box", "fixed"):
        return Box(lower, lower + width)
    if kind in ("grouped", "exactly_one", "mixed"):
        groups = np.full(d, -1)
        groups[: 2 + d // 3] = 0
        box = Box(np.where(groups >= 0, 0.0, lower), np.where(groups >= 0, 1.0, lower + width))
        rule = "exactly_one" if kind == "exactly_one" else "at_most_one"
        if kind == "mixed":
            integer = np.zeros(d, dtype=bool)
            integer[-1] = True
            whole = Box(np.floor(box.lower), np.ceil(box.upper))
            return MixedBox(whole, integer, groups)
        return GroupedBox(box, groups, rule)
    if kind == "l1":
        return L1Ball(rng.normal(size=d) / 4, 1.5)
    if kind == "l2":
        return L2Ball(rng.normal(size=d) / 4, 1.2)
    if kind == "polytope":
        a = np.vstack([np.eye(d), -np.eye(d), rng.normal(size=(2, d))])
        return Polytope(a, np.concatenate([np.ones(2 * d), [0.8, 1.1]]))
    assert kind == "per_label"
    return PerLabel(Box(lower, lower + 1.0), Box(np.full(d, -1.0), np.full(d, 0.5)))


def inside(domain: Domain, count: int, rng: np.random.Generator) -> Array:
    """Random points of the domain: mixtures of its extreme points (an extreme point where it is not convex)."""
    d = domain.dim
    points = []
    for _ in range(count):
        corners = [domain.support(rng.normal(size=d))[1] for _ in range(3)]
        share = rng.dirichlet(np.ones(3)) if domain.relaxation is domain else np.array([1.0, 0.0, 0.0])
        points.append(share @ np.array(corners))
    return np.array(points)


def problem_of(kind: str, loss: str, seed: int, *, d: int = 4, n: int = 9, bias: bool = True) -> Problem:
    """Random data with a random domain and C_R."""
    rng = np.random.default_rng(seed)
    domain = domain_of(kind, d, rng)
    y = rng.choice([-1.0, 1.0], n)
    X = rng.normal(size=(n, d)) / 2 + 0.4 * y[:, None]
    return Problem(X=X, y=y, loss=loss, c_r=float(rng.choice([0.05, 0.1, 0.3])), domain=domain, bias=bias)


def minimiser(problem: Problem, X: Array, y: Array) -> Array:
    """The regularised minimiser on the rows (X, y): an interior point for the hinge, damped Newton otherwise."""
    Z = y[:, None] * (np.column_stack([X, np.ones(len(y))]) if problem.bias else X)
    loss, weight = problem.loss, len(y) * problem.c_r
    if loss.key == "hinge":
        theta = cp.Variable(problem.dim)
        model = cp.Problem(cp.Minimize(cp.sum(cp.pos(1 - Z @ theta)) + weight / 2 * cp.sum_squares(theta)))
        model.solve(solver=cp.CLARABEL, tol_gap_abs=1e-13, tol_gap_rel=1e-13, tol_feas=1e-13)
        return np.asarray(theta.value)

    def objective(t: Array) -> float:
        return float(loss.value(Z @ t).sum() + weight / 2 * t @ t)

    t = np.zeros(problem.dim)
    for _ in range(100):
        gradient = weight * t - loss.slope(Z @ t) @ Z
        step = np.linalg.solve((Z.T * loss.curvature(Z @ t)) @ Z + weight * np.eye(problem.dim), gradient)
        length = 1.0
        while objective(t - length * step) > objective(t) + 1e-15 and length > 1e-6:
            length /= 2
        t = t - length * step
        if np.abs(gradient).max() < 1e-13:
            break
    assert np.abs(weight * t - loss.slope(Z @ t) @ Z).max() < 1e-9
    return t


def poisoned_target(problem: Problem, seed: int, count: int) -> Array:
    """The minimiser after adding ``count`` points of the domain: reachable from the data with that many."""
    from mtp_theory.domains import labelled

    rng = np.random.default_rng(seed)
    parts = labelled(problem.domain)
    which = rng.integers(len(parts), size=count)
    X = np.vstack([inside(parts[k][1], 1, rng) for k in which])
    y = np.array([float(parts[k][0]) for k in which])
    return minimiser(problem, np.vstack([problem.X, X]), np.concatenate([problem.y, y]))
