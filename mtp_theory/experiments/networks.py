"""Data, problems and test accuracies of a run about neural networks."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import datasets, dnn
from ..datasets import Dataset
from ..errors import InputError
from ..losses import Array
from .spec import Network

if TYPE_CHECKING:
    from ..dnn import NetworkProblem


@lru_cache(maxsize=4)
def _halves(name: str, data_dir: str | None, split: int, rows: int | None) -> tuple[Dataset, Dataset]:
    return dnn.halves(datasets.load(name, data_dir=data_dir), split, rows)


class NetworkSetting:
    """Training half, candidate half and test rows of one run."""

    def __init__(self, spec: Network, data_dir: str | None) -> None:
        dnn.require_torch()
        self.spec = spec
        self.clean, self.others = _halves(spec.data, data_dir, spec.split, spec.rows)
        data = self.clean
        # without a test split the candidate half stands in for it
        test = (
            (self.others.X, self.others.y) if data.X_test is None or data.y_test is None else (data.X_test, data.y_test)
        )
        self.test_X: Any = np.asarray(test[0])
        self.test_y: Array = test[1]

    def architecture(self) -> Callable[[], Any]:
        spec, d = self.spec, self.clean.d
        if spec.architecture == "perceptron":
            return dnn.Perceptron(d, spec.hidden, spec.dropout)
        side = round(d**0.5)
        if side * side != d:
            raise InputError(f"architecture 'convolutional': {d} features are no square image; take 'perceptron'")
        return dnn.Convolutional(side, hidden=spec.hidden[-1], dropout=spec.dropout)

    def problem(
        self, *, seed: int | None = None, learning_rate: float | None = None, c_r: float | None = None, **how: Any
    ) -> NetworkProblem:
        """The victim's problem, or one with another seed, learning rate or weight decay."""
        spec = self.spec
        training = dnn.Training(
            seed=spec.seed if seed is None else seed,
            epochs=spec.epochs,
            learning_rate=spec.learning_rate if learning_rate is None else learning_rate,
            **how,
        )
        decay = spec.c_r if c_r is None else c_r
        return dnn.NetworkProblem.of(self.clean, self.architecture(), training, weight_decay=decay)

    def accuracy(self, problem: NetworkProblem, theta: Array) -> dict[str, float]:
        """Per cent of test rows on the right side, of all and of the subpopulation; on the boundary one half."""
        margins = self.test_y * problem.decision(theta, self.test_X, self.clean.scale)
        right = 100.0 * ((margins > 0) + 0.5 * (margins == 0))
        return {"test": float(right.mean()), "subpopulation": float(right[self.test_y == self.spec.label].mean())}


__all__ = ["NetworkSetting"]
