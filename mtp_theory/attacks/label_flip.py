"""Label flipping: copies of training rows with the other label.

The baselines of the paper's appendix: on a subpopulation (Jagielski et al. 2021) rows of it chosen at random, on the
whole set the rows that the clean model is least sure of.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import inputs
from ..errors import InputError
from ..goal import Goal
from ..losses import Array
from ..problem import Problem
from .base import Attack, Batch, Budget, check_seed

CHOICES = ("low_margin", "random")


@dataclass(frozen=True, eq=False)
class LabelFlip(Attack):
    """Copies of training rows with the other label, the rows at random or of lowest clean margin.

    ``choice``: "random" (without replacement as long as there are rows, every row the same number of times before any
    is taken once more) or "low_margin" (the rows of smallest margin under the clean model first, on a tie the smaller
    index, again in turns). ``rows`` (n,) bool: the rows to choose among (default all). ``seed``: of the random choice,
    or a numpy Generator. ``at``: numbers of points after which the victim is trained and measured (default: each).
    """

    choice: str = "random"
    rows: ArrayLike | None = None
    seed: int | np.random.Generator = 0
    at: tuple[int, ...] | None = None

    name = "label-flip"
    resumable = True

    def __post_init__(self) -> None:
        inputs.one_of("choice of rows", self.choice, CHOICES)
        check_seed(self.name, self.seed)
        if self.at is not None:
            marks = tuple(inputs.whole("at", mark) for mark in inputs.each("at", self.at, "numbers of points"))
            object.__setattr__(self, "at", marks)

    def points(self, goal: Goal, budget: Budget) -> Iterator[Batch]:
        problem = goal.problem
        order = itertools.islice(self._order(goal, _candidates(problem, self.rows)), budget.spent, None)
        marks = itertools.count(budget.spent + 1) if self.at is None else iter(sorted({*self.at} - {0}))
        for mark in marks:
            taken = list(itertools.islice(order, mark - budget.spent))
            yield Batch(dense_rows(problem, taken), -problem.y[taken])

    def _order(self, goal: Goal, candidates: NDArray[np.intp]) -> Iterator[int]:
        """The rows to flip, without end."""
        if self.choice == "random":
            yield from random_turns(candidates, self.seed)
        margins = goal.problem.margins(goal.clean.theta)[candidates]
        yield from itertools.cycle(candidates[np.argsort(margins, kind="stable")].tolist())


def random_turns(rows: NDArray[np.intp], seed: int | np.random.Generator) -> Iterator[int]:
    """The rows in random order, all of them before any comes again, without end."""
    rng = np.random.default_rng(seed)
    while True:
        yield from rng.permutation(rows).tolist()


def dense_rows(problem: Problem, taken: list[int]) -> Array:
    """Those clean rows as float64 features (k, d)."""
    X = problem.X[taken]
    return np.asarray(X.toarray() if hasattr(X, "toarray") else X, dtype=np.float64) / problem.scale


def _candidates(problem: Problem, rows: ArrayLike | None) -> NDArray[np.intp]:
    if rows is None:
        return np.arange(problem.y.size)
    mask = inputs.numbers("label-flip: rows", rows)
    if mask.dtype != np.bool_ or mask.shape != problem.y.shape:
        raise InputError(f"label-flip: rows has dtype {mask.dtype}, shape {mask.shape}; give bool {problem.y.shape}")
    if not mask.any():
        raise InputError("label-flip: rows selects none; choose at least one row")
    return np.flatnonzero(mask)


__all__ = ["CHOICES", "LabelFlip", "dense_rows", "random_turns"]
