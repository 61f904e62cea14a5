r"""liblinear through scikit-learn: hinge, squared hinge and logistic, from scratch at each fit.

scikit-learn minimises :math:`\frac12|\theta|^2 + C\sum_i k_i\varphi(m_i)`, ours divided by :math:`n C_R`, so
:math:`C = 1/(n C_R)`. The dual point of the certificate: for smooth losses :math:`s_i = \psi(m_i)`; for
the hinge s = 1 left of the margin, 0 right of it, and for the rows near it the least-squares
solution of :math:`\sum_i k_i s_i z_i = n C_R\theta` with :math:`0 \le s \le 1`.
"""

from __future__ import annotations

import warnings
from functools import singledispatch
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import lsq_linear
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from ...errors import InputError
from ...losses import Array, Hinge, Logistic, MarginLoss, SquaredHinge
from ..fit import duality_gap
from .cold import ColdTrainer

#: Half-widths of the band around margin 1 in which the dual point is sought; the best one counts.
BANDS = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
#: Largest number of rows for which the least-squares problem is solved.
BAND_LIMIT = 3000
MAX_ITERATIONS = 200_000
#: Stopping tolerance handed to liblinear.
LIBLINEAR_TOLERANCE = 1e-8


class LiblinearTrainer(ColdTrainer):
    """Fits through LinearSVC or LogisticRegression."""

    engine = "liblinear"

    def solve(self, rows: Any, counts: Array) -> tuple[Array, Array, int]:
        n, c_r, loss = float(counts.sum()), self.problem.c_r, self.problem.loss
        features = rows.tocsr() if sp.issparse(rows) else rows
        # All signed rows have label +1. liblinear wants two classes: a zero row with label -1 has margin 0
        # for every model, so it adds a constant to the objective.
        zero = np.zeros((1, features.shape[1]))
        stacked = (
            sp.vstack([features, sp.csr_matrix(zero)], format="csr") if sp.issparse(rows) else np.vstack([rows, zero])
        )
        labels = np.append(np.ones(counts.size), -1.0)
        weights = np.append(counts, 1.0)
        wide = features.shape[0] < features.shape[1]
        model = estimator(loss, wide, C=1.0 / (n * c_r), tol=LIBLINEAR_TOLERANCE, max_iter=MAX_ITERATIONS,
                          fit_intercept=False, random_state=0)  # fmt: skip
        with warnings.catch_warnings():
            # Whether it converged is decided by the gap, not by the warning.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(stacked, labels, sample_weight=weights)
        theta = np.asarray(model.coef_[0], dtype=np.float64)
        iterations = int(np.max(model.n_iter_))
        if not loss.is_hinge:
            return theta, loss.slope(rows @ theta), iterations
        return *hinge_dual_point(rows, counts, theta, c_r), iterations


@singledispatch
def estimator(loss: MarginLoss, wide: bool, **options: Any) -> Any:
    """scikit-learn's liblinear classifier for a loss; ``wide``: more features than rows, where the dual is smaller."""
    raise InputError(f"engine 'liblinear': loss {loss.key!r}; it knows hinge, squared_hinge and logistic")


@estimator.register
def _(loss: Logistic, wide: bool, **options: Any) -> Any:
    return LogisticRegression(solver="liblinear", dual=wide, **options)


@estimator.register
def _(loss: SquaredHinge, wide: bool, **options: Any) -> Any:
    return LinearSVC(loss="squared_hinge", dual=wide, **options)


@estimator.register
def _(loss: Hinge, wide: bool, **options: Any) -> Any:
    return LinearSVC(loss="hinge", dual=True, **options)


def hinge_dual_point(rows: Any, counts: Array, theta: Array, c_r: float) -> tuple[Array, Array]:
    """Model and slopes in [0, 1] near ``theta`` with a small gap between them.

    The model is ``theta`` or the one that belongs to the slopes, v / (n C_R), whichever has the smaller gap.
    """
    n, loss = float(counts.sum()), Hinge()
    margins = np.asarray(rows @ theta)
    best: tuple[float, Array, Array] | None = None
    for band in BANDS:
        near = np.abs(margins - 1.0) <= band
        slopes = (margins < 1.0).astype(np.float64)
        if near.any():
            if near.sum() > BAND_LIMIT and best is not None:
                break
            fixed = np.asarray(rows[~near].T @ (counts[~near] * slopes[~near]))
            free = rows[near]
            design = (free.toarray() if sp.issparse(free) else free).T * counts[near]
            slopes[near] = np.clip(
                lsq_linear(design, n * c_r * theta - fixed, bounds=(0.0, 1.0), tol=1e-14).x,
                0.0,
                1.0,
            )
        combined = np.asarray(rows.T @ (counts * slopes))
        for model in (theta, combined / (n * c_r)):
            gap = duality_gap(loss, c_r, model, np.asarray(rows @ model), slopes, counts, combined)
            if best is None or gap < best[0]:
                best = gap, model, slopes
    assert best is not None
    return best[1], best[2]


__all__ = ["LiblinearTrainer", "hinge_dual_point"]
