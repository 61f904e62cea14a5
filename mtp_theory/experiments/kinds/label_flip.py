"""Label flipping at each share of a given number of points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...attacks.label_flip import LabelFlip
from .. import spec as records
from ..seeds import generator
from ..setting import Setting, share_of
from ..store import Result


def execute(spec: records.LabelFlip, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """By fraction: the flips, and accuracies after them (of every repeat, their mean and standard deviation).

    The flips of a smaller share are the first ones of a larger, so one solver serves all shares of a repeat.
    """
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir, spec.cluster, spec.label)
    problem, total = setting.problem, int(inputs.get("points", spec.points))
    rows = None if setting.part is None else setting.part.train
    # the goal is not aimed at: rows are flipped whatever they do
    goal = problem.errors(setting.test_X / setting.dataset.scale, setting.test_y)
    clean = setting.accuracy(goal.clean.theta)
    counts = {f: share_of(f, total) for f in sorted(spec.fractions)}
    found: dict[float, dict[str, list[float]]] = {f: {} for f in counts}
    for repeat in range(spec.repeats if spec.choice == "random" else 1):
        rng = generator(kind="label_flip", data=spec.data, loss=spec.loss, cluster=spec.cluster, repeat=repeat)
        flips = LabelFlip(choice=spec.choice, rows=rows, seed=rng, at=tuple(counts.values()))
        run = flips.run(goal, max_points=total, keep_models=True)
        models = {row.points: theta for row, theta in zip(run.rows, run.thetas, strict=True)}
        for fraction, count in counts.items():
            for name, value in setting.accuracy(models[count]).items():
                found[fraction].setdefault(name, []).append(value)
    values = {
        "points": total,
        "rows": int(problem.y.size if rows is None else rows.sum()),
        "clean": clean,
        "fractions": {
            f"{f:g}": {
                "points": counts[f],
                **{name: {"mean": float(np.mean(v)), "std": float(np.std(v)), "each": v} for name, v in by.items()},
            }
            for f, by in found.items()
        },
    }
    return Result(values)


__all__ = ["execute"]
