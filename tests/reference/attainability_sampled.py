"""K of any loss by sampling: one linear programme over a dense list of points (an inner approximation)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from mtp_theory.domains import labelled
from mtp_theory.losses import Array
from mtp_theory.problem import Problem


def columns(problem: Problem, target: Array, xs: Array) -> Array:
    """s * y * xb for every sampled x of shape (r, d) and every label, shape (dim, 2 r)."""
    found = []
    for label, _ in labelled(problem.domain):
        Z = label * (np.column_stack([xs, np.ones(len(xs))]) if problem.bias else xs)
        found.append(problem.loss.slope(Z @ target)[:, None] * Z)
    return np.vstack(found).T


def lambda_star(problem: Problem, target: Array, xs: Array) -> float:
    """max lambda over mixtures of the sampled points."""
    C = columns(problem, target, xs)
    n = C.shape[1]
    a_eq = np.block([[C, -target[:, None]], [np.ones((1, n)), np.zeros((1, 1))]])
    b_eq = np.append(np.zeros(problem.dim), 1.0)
    result = linprog(np.append(np.zeros(n), -1.0), A_eq=a_eq, b_eq=b_eq, bounds=[(0, None)] * n + [(None, None)])
    assert result.status == 0, result.message
    return float(-result.fun)


def minimum(problem: Problem, target: Array, xs: Array) -> float:
    """Least mass over sampled points, for a loss without kinks; inf when they cannot balance the clean data."""
    C = columns(problem, target, xs) - problem.c_r * target[:, None]
    Z = problem.y[:, None] * (np.column_stack([problem.X, np.ones(len(problem.y))]) if problem.bias else problem.X)
    g = problem.n_points * problem.c_r * target - (problem.counts * problem.loss.slope(Z @ target)) @ Z
    result = linprog(np.ones(C.shape[1]), A_eq=C, b_eq=g)
    if result.status == 2:
        return float("inf")
    assert result.status == 0, result.message
    return float(result.fun)
