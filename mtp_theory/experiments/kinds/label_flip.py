"""Label flipping at each share of a given number of points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...attacks.label_flip import label_flip
from ...training import make_trainer, train
from ..seeds import generator
from ..setting import Setting, share_of
from ..spec import LabelFlip
from ..store import Result


def execute(spec: LabelFlip, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """By fraction: the flips, and accuracies after them (of every repeat, their mean and standard deviation).

    The flips of a smaller share are the first ones of a larger, so one solver serves all shares of a repeat.
    """
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir, spec.cluster, spec.label)
    problem, total = setting.problem, int(inputs.get("points", spec.points))
    rows = None if setting.part is None else setting.part.train
    clean = train(problem).theta
    counts = {f: share_of(f, total) for f in sorted(spec.fractions)}
    found: dict[float, dict[str, list[float]]] = {f: {} for f in counts}
    for repeat in range(spec.repeats if spec.choice == "random" else 1):
        rng = generator(kind="label_flip", data=spec.data, loss=spec.loss, cluster=spec.cluster, repeat=repeat)
        X, y = label_flip(problem, total, rows=rows, choice=spec.choice, theta=clean, rng=rng)
        trainer, done = make_trainer(problem), 0
        for fraction, count in counts.items():
            if count > done:
                _, index, copies = np.unique(
                    np.column_stack([X, y])[done:count], axis=0, return_index=True, return_counts=True
                )
                trainer.add_many(X[done:count][index], y[done:count][index], copies)
                done = count
            for name, value in setting.accuracy(trainer.fit().theta).items():
                found[fraction].setdefault(name, []).append(value)
    values = {
        "points": total,
        "rows": int(problem.y.size if rows is None else rows.sum()),
        "clean": setting.accuracy(clean),
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
