"""Label flipping: copies of training rows with the other label.

The baselines of the paper's appendix: on a subpopulation (Jagielski et al. 2021) rows of it chosen at random, on the
whole set the rows that the clean model is least sure of.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError, unknown_name
from ..losses import Array
from ..problem import Problem

CHOICES = ("low_margin", "random")


def label_flip(
    problem: Problem,
    n_points: int,
    *,
    rows: ArrayLike | None = None,
    choice: str = "random",
    theta: ArrayLike | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[Array, Array]:
    """``n_points`` flipped copies of clean rows: X (n_points, d) and y (n_points,).

    ``rows`` (n,) bool: the rows to choose among (default all). "random": without replacement as long as there are rows,
    every row the same number of times before any is taken once more; needs ``rng``. "low_margin": the rows of smallest
    margin under ``theta`` first, on a tie the smaller index, again in turns. Raises InputError for bad arguments.
    """
    if choice not in CHOICES:
        raise unknown_name("choice of rows", choice, CHOICES)
    if n_points < 0:
        raise InputError(f"label_flip: n_points = {n_points}; give an integer >= 0")
    chosen = _candidates(problem, rows)
    if choice == "random":
        if rng is None:
            raise InputError("label_flip: choice 'random' needs rng, a numpy Generator")
        turns = [rng.permutation(chosen) for _ in range(-(-n_points // chosen.size))]
    else:
        if theta is None:
            raise InputError("label_flip: choice 'low_margin' needs theta, the model whose margins rank the rows")
        order = chosen[np.argsort(problem.margins(problem.check_theta(theta))[chosen], kind="stable")]
        turns = [order] * -(-n_points // chosen.size)
    taken = np.concatenate([chosen[:0], *turns])[:n_points]
    X = problem.X[taken]
    dense = X.toarray() if hasattr(X, "toarray") else X
    return np.asarray(dense, dtype=np.float64) / problem.scale, -problem.y[taken]


def _candidates(problem: Problem, rows: ArrayLike | None) -> NDArray[np.intp]:
    if rows is None:
        return np.arange(problem.y.size)
    mask = np.asarray(rows)
    if mask.dtype != np.bool_ or mask.shape != problem.y.shape:
        raise InputError(f"label_flip: rows has dtype {mask.dtype}, shape {mask.shape}; give bool {problem.y.shape}")
    if not mask.any():
        raise InputError("label_flip: rows selects none; choose at least one row")
    return np.flatnonzero(mask)


__all__ = ["CHOICES", "label_flip"]
