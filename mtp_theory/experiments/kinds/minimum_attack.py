"""The minimum attack at each share of the online attack's points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...attacks.minimum import within
from ...attacks.on_the_way import onward
from ...losses import Array
from ...shadow.distance import distance
from ...training import make_trainer
from ..setting import Setting, numbers, share_of
from ..spec import MinimumAttack
from ..store import Result


def execute(spec: MinimumAttack, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """By fraction: the points, and what the model trained on the clean data and them has; models by fraction.

    ``distinct``: different points in the set. ``start_distance``: of the online attack's model with as many points,
    from which the search starts.
    """
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir, spec.cluster, spec.label)
    target = np.array(inputs["target"])
    counts = [share_of(f, int(inputs.get("points", spec.points))) for f in spec.fractions]
    values: dict[str, Any] = {"fractions": {}, "target": setting.accuracy(target)}
    models = {}
    for fraction, (X, y, start) in zip(spec.fractions, _sets(setting, target, counts, spec.steps), strict=True):
        rows, copies = np.unique(np.column_stack([y, X]), axis=0, return_counts=True)
        trainer = make_trainer(setting.problem)
        if y.size:
            trainer.add_many(rows[:, 1:], rows[:, 0], copies)
        fit = trainer.fit()
        far = distance(setting.problem, fit.theta, target)
        values["fractions"][f"{fraction:g}"] = {
            "points": int(y.size),
            "distinct": len(rows),
            **setting.accuracy(fit.theta),
            "gap": fit.gap,
            "distance": far.value,
            "distance_upper": far.upper,
            "euclidean": float(np.linalg.norm(fit.theta - target)),
            "start_distance": start,
        }
        models[f"{fraction:g}"] = numbers(fit.theta)
    return Result(values, models)


def _sets(setting: Setting, target: Array, counts: list[int], steps: int) -> list[tuple[Array, Array, float]]:
    """(X, y, distance of the start) for each count."""
    if setting.problem.loss.key == "hinge":
        found = within(setting.problem, target, counts, steps=steps)
        return [(w.found.X, w.found.y, w.start.distance) for w in found]
    return [(o.X, o.y, o.start_distance) for o in onward(setting.problem, target, counts)]


__all__ = ["execute"]
