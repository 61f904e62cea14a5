"""Training as the authors' code does: liblinear from scratch on the rows in order, its coordinate order seeded.

The seed's effect on the models is the only source of the standard errors in the paper's tables for SVM.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from ..errors import InputError
from ..losses import Array
from ..problem import Problem, regulariser
from ..training import Fit
from ..training.rows.store import PointSet

#: Settings of the authors' attack.
TOLERANCE, MAX_ITERATIONS = 1e-8, 1000


class AuthorsTrainer:
    """A :class:`mtp_theory.training.Trainer` without certificate: its fits have gap NaN."""

    def __init__(self, problem: Problem, seed: int) -> None:
        if not problem.bias or not (problem.counts == 1).all():
            raise InputError("engine 'authors': needs a bias and every clean row once; use another engine")
        self.problem, self.seed = problem, seed
        self._X = np.asarray(problem.X, dtype=np.float64) / problem.scale
        self._y = problem.y
        self._size = problem.n_points
        self.points = PointSet(problem)

    @property
    def n_points(self) -> int:
        """Points so far."""
        return self._size

    def add(self, x: Array, y: int, copies: int = 1) -> None:
        """Append ``copies`` rows."""
        self.add_many(np.tile(x, (copies, 1)), np.full(copies, y))

    def add_many(self, X: ArrayLike, y: ArrayLike, counts: ArrayLike | None = None) -> None:
        """Append the rows, each ``counts`` times."""
        rows, labels = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
        self.points.add_many(rows, labels, counts)
        if counts is not None:
            rows, labels = np.repeat(rows, np.asarray(counts), axis=0), np.repeat(labels, np.asarray(counts))
        need = self._size + labels.size
        if need > self._y.size:
            spare = max(need, self._y.size + 1024) - self._y.size
            self._X = np.vstack([self._X, np.zeros((spare, self._X.shape[1]))])
            self._y = np.append(self._y, np.zeros(spare))
        self._X[self._size : need], self._y[self._size : need] = rows, labels
        self._size = need

    def set_counts(self, counts: ArrayLike) -> None:
        """Not supported."""
        raise InputError("engine 'authors': multiplicities cannot change; use another engine")

    def rebuild(self) -> None:
        """Every fit is from scratch."""

    def full_gap(self) -> float:
        """No certificate."""
        return float("nan")

    def fit(self) -> Fit:
        """LinearSVC or LogisticRegression on all rows so far."""
        X, y = self._X[: self._size], self._y[: self._size]
        common = {
            "C": 1.0 / (self._size * self.problem.c_r),
            "tol": TOLERANCE,
            "max_iter": MAX_ITERATIONS,
            "random_state": self.seed,
        }
        key = self.problem.loss.key
        model: Any
        if key == "hinge":
            model = LinearSVC(loss="hinge", dual=True, **common)
        elif key == "logistic":
            model = LogisticRegression(solver="liblinear", **common)
        else:
            raise InputError(f"engine 'authors': loss {key!r}; it knows hinge and logistic")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(X, y)
        theta = np.append(model.coef_[0], model.intercept_[0])
        losses = self.problem.loss.value(y * (X @ theta[:-1] + theta[-1]))
        objective = float(losses.mean()) + self.problem.c_r * regulariser(theta)
        return Fit(theta, objective, float("nan"), self._size, int(np.max(model.n_iter_)), "authors")


__all__ = ["AuthorsTrainer"]
