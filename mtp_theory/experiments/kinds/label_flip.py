"""Label flipping with a given number of points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...attacks.label_flip import label_flip
from ...training import make_trainer, train
from ..seeds import generator
from ..setting import Setting
from ..spec import LabelFlip
from ..store import Result


def execute(spec: LabelFlip, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """Accuracies after the flips: of every repeat, their mean and standard deviation."""
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir, spec.cluster, spec.label)
    problem, count = setting.problem, int(inputs["points"])
    rows = None if setting.part is None else setting.part.train
    clean = train(problem).theta
    found: dict[str, list[float]] = {}
    for repeat in range(spec.repeats if spec.choice == "random" else 1):
        rng = generator(kind="label_flip", data=spec.data, loss=spec.loss, cluster=spec.cluster, repeat=repeat)
        X, y = label_flip(problem, count, rows=rows, choice=spec.choice, theta=clean, rng=rng)
        trainer = make_trainer(problem)
        distinct, index, copies = np.unique(np.column_stack([X, y]), axis=0, return_index=True, return_counts=True)
        del distinct
        trainer.add_many(X[index], y[index], copies)
        for name, value in setting.accuracy(trainer.fit().theta).items():
            found.setdefault(name, []).append(value)
    values = {
        "points": count,
        "rows": int(problem.y.size if rows is None else rows.sum()),
        "clean": setting.accuracy(clean),
        "accuracy": {
            name: {"mean": float(np.mean(v)), "std": float(np.std(v)), "each": v} for name, v in found.items()
        },
    }
    return Result(values)


__all__ = ["execute"]
