"""Networks of other initial weights (and batch orders) on one set of points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import dnn
from ..networks import NetworkSetting
from ..spec import NetworkVariance, NetworkVictims
from ..store import Result


def victims(spec: NetworkVictims, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """By number of points: accuracies on the subpopulation for each seed, their mean and standard error.

    The points are the first so many of ``chosen``, or of the training rows of ``label`` in random order, flipped.
    """
    setting = NetworkSetting(spec, data_dir)
    if "chosen" in inputs:
        candidates = dnn.flipped(setting.others, spec.label)
        order = np.array(inputs["chosen"], dtype=np.intp)
        X, y = candidates.X[order], candidates.y[order]
    else:
        rows = dnn.flipped_rows(setting.clean.y, spec.label, max(spec.points), spec.split)
        X, y = np.asarray(setting.clean.X)[rows], -setting.clean.y[rows]
    found = {}
    for count in spec.points:
        if count > len(y):
            # the attack ended before
            continue
        each = [_accuracy(setting, X[:count], y[:count], seed=seed) for seed in spec.seeds]
        found[str(count)] = {"mean": float(np.mean(each)), "standard_error": _standard_error(each), "each": each}
    return Result({"points": {**found}, "n_train": setting.clean.n})


def variance(spec: NetworkVariance, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """Accuracies on the subpopulation: by batch size from one initialisation, and by initialisation at one batch size.

    The repeats differ in what is random after the initial weights: the order of the batches, and dropout.
    """
    setting = NetworkSetting(spec, data_dir)
    rows = dnn.flipped_rows(setting.clean.y, spec.label, int(spec.ratio * setting.clean.n), spec.split)
    X, y = np.asarray(setting.clean.X)[rows], -setting.clean.y[rows]

    def repeated(seed: int, batch_size: int) -> list[float]:
        return [
            _accuracy(setting, X, y, seed=seed, batch_size=batch_size, order_seed=order)
            for order in range(spec.repeats)
        ]

    middle = spec.batch_sizes[len(spec.batch_sizes) // 2]
    values = {
        "points": len(y),
        "batch_size": middle,
        "batch_sizes": {str(b): repeated(spec.seed, b) for b in spec.batch_sizes},
        "seeds": {str(s): repeated(s, middle) for s in spec.seeds},
    }
    return Result(values)


def _accuracy(setting: NetworkSetting, X: Any, y: Any, **how: Any) -> float:
    """Accuracy on the subpopulation of the network trained with those points besides."""
    problem = setting.problem(**how)
    trainer = problem.trainer()
    trainer.add_many(np.asarray(X, dtype=np.float64) / setting.clean.scale, y)
    return setting.accuracy(problem, trainer.fit().theta)["subpopulation"]


def _standard_error(each: list[float]) -> float:
    return float(np.std(each, ddof=1) / np.sqrt(len(each))) if len(each) > 1 else 0.0


__all__ = ["variance", "victims"]
