"""K from outside, in cvxpy: the dual of every hinge programme, with the support function written out.

By Lagrange duality the reach of the slope-1 cell of a label y in a direction d is

    max { <d, y xb> : x in X, y <theta_p, xb> <= 1 } = min over mu >= 0 of mu + support_X(y (d - mu theta_p)),

and the slope-0 cell adds the value 0 where X has a point of margin at least 1.
"""

from __future__ import annotations

from typing import Any

import cvxpy as cp
import numpy as np

from mtp_theory.domains import Box, Domain, GroupedBox, L1Ball, L2Ball, Polytope, labelled
from mtp_theory.losses import Array
from mtp_theory.problem import Problem


def support(domain: Domain, c: Any) -> tuple[Any, list[Any]]:
    """max <c, x> over the domain as a cvxpy expression, with the constraints it needs."""
    if isinstance(domain, Box):
        return cp.sum(cp.maximum(cp.multiply(domain.lower, c), cp.multiply(domain.upper, c))), []
    if isinstance(domain, GroupedBox):
        total: Any = 0.0
        grouped = domain.groups >= 0
        for j in np.flatnonzero(~grouped):
            total = total + cp.maximum(domain.box.lower[j] * c[j], domain.box.upper[j] * c[j])
        for members in domain.group_members():
            best = cp.max(c[members])
            total = total + (best if domain.group_rule == "exactly_one" else cp.pos(best))
        return total, []
    if isinstance(domain, L1Ball):
        return domain.centre @ c + domain.radius * cp.norm(c, "inf"), []
    if isinstance(domain, L2Ball):
        return domain.centre @ c + domain.radius * cp.norm(c, 2), []
    assert isinstance(domain, Polytope)
    nu = cp.Variable(domain.b.size, nonneg=True)
    return domain.b @ nu, [domain.a.T @ nu == c]


def reach(problem: Problem, target: Array, d: Any) -> tuple[Any, list[Any]]:
    """Upper envelope U(d) over the cells of the hinge, as an expression to be bounded from above."""
    w, b = problem.split(target)
    dw, db = (d[:-1], d[-1]) if problem.bias else (d, 0.0)
    parts, limits = [], []
    for label, domain in labelled(problem.domain.relaxation):
        mu = cp.Variable(nonneg=True)
        value, more = support(domain, label * (dw - mu * w))
        parts.append(mu + value + label * (db - mu * b))
        limits += more
        if domain.support(label * w)[0] + label * b >= 1:
            parts.append(cp.Constant(0.0))
    return cp.max(cp.hstack(parts)), limits


def _solve(model: cp.Problem) -> str:
    model.solve(solver=cp.CLARABEL)
    return str(model.status)


def hinge_lambda(problem: Problem, target: Array) -> float:
    """lambda* = min U(d) subject to <d, theta_p> = 1."""
    d = cp.Variable(problem.dim)
    value, limits = reach(problem, target, d)
    model = cp.Problem(cp.Minimize(value), [d @ target == 1, *limits])
    assert _solve(model) in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE)
    return float(model.value)


def hinge_minimum(problem: Problem, target: Array, kink_tolerance: float = 1e-6) -> float:
    """t* = max over d of min over s of <d, g(s)> subject to U(d) - C_R <d, theta_p> <= 1."""
    margins = problem.margins(target)
    X = problem.X.toarray() if hasattr(problem.X, "toarray") else np.asarray(problem.X, dtype=float) / problem.scale
    Z = problem.y[:, None] * (np.column_stack([X, np.ones(len(X))]) if problem.bias else X)
    kink = np.abs(margins - 1) <= kink_tolerance
    active = (margins < 1) & ~kink
    g = problem.n_points * problem.c_r * target - (problem.counts * active) @ Z
    d = cp.Variable(problem.dim)
    value, limits = reach(problem, target, d)
    gain = d @ g
    if kink.any():
        gain = gain - problem.counts[kink] @ cp.pos(Z[kink] @ d)
    model = cp.Problem(cp.Maximize(gain), [value - problem.c_r * (d @ target) <= 1, *limits])
    status = _solve(model)
    if status in (cp.UNBOUNDED, cp.UNBOUNDED_INACCURATE):
        return float("inf")
    assert status in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE)
    return float(model.value)
