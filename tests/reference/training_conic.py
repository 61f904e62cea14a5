"""Regularised ERM as one conic program in epigraph form, solved by Clarabel: an independent formulation.

Variables (theta, t): minimise sum_i k_i t_i / n + C_R/2 |theta|^2 subject to t_i >= phi(z_i theta). No code is
shared with the package; rows come as signed rows z_i = y_i (x_i, 1).
"""

from __future__ import annotations

import clarabel
import numpy as np
import scipy.sparse as sp


def signed_rows(X, y, bias=True, scale=1.0):
    """z_i = y_i (x_i / scale, 1), dense float64."""
    dense = np.asarray(X.todense() if sp.issparse(X) else X, dtype=np.float64) / scale
    if bias:
        dense = np.hstack([dense, np.ones((dense.shape[0], 1))])
    return dense * np.asarray(y, dtype=np.float64)[:, None]


def _constraints(key, Z):
    """b - A (theta, t) in the cones says t_i >= phi(z_i theta); for the squared hinge t is the hinge itself."""
    n, d = Z.shape
    eye, none = sp.eye_array(n, format="csr"), sp.csr_array((n, n))
    rows = sp.csr_array(Z)
    if key in ("hinge", "squared_hinge"):
        A = sp.vstack([sp.hstack([-rows, -eye]), sp.hstack([sp.csr_array((n, d)), -eye])])
        return A, np.concatenate([-np.ones(n), np.zeros(n)]), [clarabel.NonnegativeConeT(2 * n)], n
    if key == "exponential":  # (-m, 1, t) in the exponential cone
        order = np.arange(3 * n).reshape(3, n).T.ravel()
        A = sp.vstack([sp.hstack([rows, none]), sp.csr_array((n, d + n)), sp.hstack([sp.csr_array((n, d)), -eye])])
        b = np.concatenate([np.zeros(n), np.ones(n), np.zeros(n)])
        return A.tocsr()[order], b[order], [clarabel.ExponentialConeT()] * n, n
    if key == "logistic":  # u + v <= 1 with (-t, 1, u) and (-m - t, 1, v) in the exponential cone
        order = np.arange(6 * n).reshape(6, n).T.ravel()
        left, wide = sp.csr_array((n, d)), sp.csr_array((n, d + 3 * n))
        cones = sp.vstack(
            [
                sp.hstack([left, eye, none, none]),
                wide,
                sp.hstack([left, none, -eye, none]),
                sp.hstack([rows, eye, none, none]),
                wide,
                sp.hstack([left, none, none, -eye]),
            ]
        ).tocsr()[order]
        b = np.concatenate([np.zeros(n), np.ones(n), np.zeros(2 * n), np.ones(n), np.zeros(n)])[order]
        simplex = sp.hstack([left, none, eye, eye])
        kinds = [clarabel.ExponentialConeT()] * (2 * n) + [clarabel.NonnegativeConeT(n)]
        return sp.vstack([cones, simplex]), np.concatenate([b, np.ones(n)]), kinds, 3 * n
    raise ValueError(key)


def solve(key, Z, counts, c_r):
    """Lower and upper bound of the minimum (dual and primal value of the solver) and its theta."""
    kept = np.asarray(counts) > 0
    Z, k = Z[kept], np.asarray(counts, dtype=np.float64)[kept]
    n, d = Z.shape
    A, b, cones, extra = _constraints(key, Z)
    quadratic, linear = np.zeros(d + extra), np.zeros(d + extra)
    quadratic[:d] = c_r
    weights = k / k.sum()
    if key == "squared_hinge":
        quadratic[d : d + n] = 2 * weights
    else:
        linear[d : d + n] = weights
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-13
    settings.max_iter = 400
    solver = clarabel.DefaultSolver(
        sp.diags_array(quadratic, format="csc"), linear, sp.csc_array(A), b, cones, settings
    )
    answer = solver.solve()
    theta = np.asarray(answer.x[:d])
    return float(answer.obj_val_dual), objective(key, Z, k, c_r, theta), theta


def objective(key, Z, counts, c_r, theta):
    """Mean loss plus C_R/2 |theta|^2, written out."""
    m = Z @ theta
    if key == "hinge":
        loss = np.maximum(0, 1 - m)
    elif key == "squared_hinge":
        loss = np.maximum(0, 1 - m) ** 2
    elif key == "logistic":
        loss = np.logaddexp(0, -m)
    else:
        loss = np.exp(-m)
    return float(loss @ counts / np.sum(counts) + c_r / 2 * theta @ theta)
