"""The minimum attack at each share of the online attack's points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...attacks.given import Given
from ...attacks.minimum import within
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
    for fraction, found in zip(spec.fractions, within(setting.problem, target, counts, steps=spec.steps), strict=True):
        rows, copies = np.unique(np.column_stack([found.y, found.X]), axis=0, return_counts=True)
        run = Given(rows[:, 1:], rows[:, 0], copies).run(setting.problem.target(target))
        values["fractions"][f"{fraction:g}"] = {
            "points": run.points,
            "distinct": len(rows),
            **setting.accuracy(run.theta),
            "gap": run.last.gap,
            "distance": run.last.distance,
            "distance_upper": run.last.distance_upper,
            "euclidean": run.last.euclidean,
            "start_distance": found.start.upper,
        }
        models[f"{fraction:g}"] = numbers(run.theta)
    return Result(values, models)


__all__ = ["execute"]
