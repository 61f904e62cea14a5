"""Algorithm 1 against slightly different targets."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..seeds import generator
from ..setting import Setting
from ..spec import Online, Ref, Sensitivity
from ..store import Result
from .online import attack, row_at


def execute(spec: Sensitivity, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """One row for each noisy target: the attack's points and its accuracies at the shares of them."""
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir, spec.cluster, spec.label)
    target = np.array(inputs["target"])
    online = Online(spec.data, spec.loss, spec.c_r, Ref("", ""), epsilon=spec.epsilon)
    rows = []
    for repeat in range(spec.repeats):
        rng = generator(kind="sensitivity", data=spec.data, loss=spec.loss, cluster=spec.cluster, repeat=repeat)
        run = attack(setting, online, target + spec.size * rng.normal(size=target.size), None)
        counts = np.array([r.points for r in run.rows])
        models = [run.thetas[row_at(counts, f, run.points)] for f in spec.fractions]
        rows.append((float(run.points), *setting.accuracies(models)[setting.primary].tolist()))
    points = [int(r[0]) for r in rows]
    columns = ("points", *(f"accuracy@{f:g}" for f in spec.fractions))
    values: dict[str, Any] = {"each": points, "least": min(points), "most": max(points)}
    for k, f in enumerate(spec.fractions, start=1):
        values[f"accuracy@{f:g}"] = [min(r[k] for r in rows), max(r[k] for r in rows)]
    return Result(values, {}, columns, tuple(rows))


__all__ = ["execute"]
