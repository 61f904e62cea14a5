"""Target generation once more, the slow way: rows copied, scikit-learn's own intercept, plain loops."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from mtp_theory.datasets import Dataset


def fit_copies(X: np.ndarray, y: np.ndarray, loss: str, c_r: float) -> np.ndarray:
    """Weights and bias of a fit in which every row counts once."""
    c = 1.0 / (c_r * y.size)
    if loss == "hinge":
        model = LinearSVC(loss="hinge", C=c, tol=1e-10, max_iter=10**6, random_state=24)
    else:
        model = LogisticRegression(solver="liblinear", C=c, tol=1e-10, max_iter=10**6, random_state=24)
    model.fit(X, y)
    return np.append(model.coef_[0], model.intercept_)


def candidates(dataset: Dataset, loss: str, c_r: float, quantiles, repeats, adaptive=False, rows=None) -> list[tuple]:
    """(quantile, repeats, flipped points, error rate, clean loss, model) for each pair, in grid order."""
    X, y = dataset.X / dataset.scale, dataset.y
    X_test, y_test = (X, y) if dataset.X_test is None else (dataset.X_test / dataset.scale, dataset.y_test)
    if rows is not None:
        X_test, y_test = X_test[rows], y_test[rows]
    theta = fit_copies(X, y, loss, c_r)
    found = []
    for quantile in quantiles:
        for repeat in repeats:
            margins = y_test * (X_test @ theta[:-1] + theta[-1])
            chosen = [i for i in range(y_test.size) if margins[i] < np.quantile(margins, quantile)]
            poison_X = np.repeat(X_test[chosen], repeat, axis=0)
            poison_y = np.repeat(-y_test[chosen], repeat)
            model = fit_copies(np.vstack([X, poison_X]), np.concatenate([y, poison_y]), loss, c_r)
            if adaptive:
                theta = model
            wrong = y_test * (X_test @ model[:-1] + model[-1]) <= 0
            hinge = np.maximum(0, 1 - y * (X @ model[:-1] + model[-1])).mean()
            clean = hinge + c_r / 2 * np.linalg.norm(model[:-1]) ** 2
            found.append((quantile, repeat, poison_y.size, wrong.mean(), clean, model))
    return found
