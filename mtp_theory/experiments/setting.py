"""Data, problem and test rows of a run, and accuracies in per cent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import datasets
from ..datasets import Dataset
from ..losses import Array
from ..problem import Problem
from ..targets import Subpopulation, subpopulation


@lru_cache(maxsize=4)
def _dataset(name: str, data_dir: str | None) -> Dataset:
    return datasets.load(name, data_dir=data_dir)


@lru_cache(maxsize=16)
def _part(name: str, data_dir: str | None, cluster: int, label: int) -> Subpopulation:
    return subpopulation(_dataset(name, data_dir), cluster, label=label)


class Setting:
    """One data set with loss and C_R; ``part`` is the subpopulation that the accuracies are about, if any."""

    def __init__(
        self, data: str, loss: str, c_r: float, data_dir: str | None, cluster: int | None = None, label: int = -1
    ) -> None:
        self.dataset = _dataset(data, data_dir)
        self.problem: Problem = self.dataset.problem(loss, c_r)
        self.part = None if cluster is None else _part(data, data_dir, cluster, label)
        d = self.dataset
        #: Without a test split the training rows stand in for it, as in the search for targets.
        self.test_X: NDArray[Any] = d.X if d.X_test is None else d.X_test
        self.test_y: Array = d.y if d.y_test is None else d.y_test

    @property
    def primary(self) -> str:
        """The accuracy that the paper prints: of the subpopulation where there is one, else of all test rows."""
        return "test" if self.part is None else "subpopulation"

    def accuracies(self, models: Sequence[Array]) -> dict[str, Array]:
        """Per cent of test rows on the right side, for each model; on the boundary counts one half."""
        out = {"test": self._accuracy(models, self.test_X, self.test_y)}
        if self.part is not None:
            out["subpopulation"] = self._accuracy(models, self.test_X[self.part.test], self.test_y[self.part.test])
        return out

    def accuracy(self, theta: Array) -> dict[str, float]:
        """The same for one model."""
        return {name: float(value[0]) for name, value in self.accuracies([theta]).items()}

    def primary_accuracy(self, theta: Array) -> float:
        """The accuracy of :attr:`primary` for one model."""
        rows = slice(None) if self.part is None else self.part.test
        return float(self._accuracy([theta], self.test_X[rows], self.test_y[rows])[0])

    def _accuracy(self, models: Sequence[Array], X: NDArray[Any], y: Array) -> Array:
        rows = np.asarray(X, dtype=np.float64) / self.dataset.scale
        weights, biases = zip(*(self.problem.split(t) for t in models), strict=True)
        margins = y[:, None] * (rows @ np.stack(weights).T + np.array(biases))
        return np.asarray(100.0 * ((margins > 0) + 0.5 * (margins == 0)).mean(axis=0))


def share_of(fraction: float, points: int) -> int:
    """floor(fraction * points), as the authors read their tables; a product a rounding below a count is it."""
    return math.floor(fraction * points + 1e-9)


def numbers(values: Iterable[float]) -> list[float]:
    """A list of plain floats."""
    return [float(v) for v in values]


__all__ = ["Setting", "numbers", "share_of"]
