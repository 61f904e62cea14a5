"""Target models: one search, one choice for each goal."""

from __future__ import annotations

from typing import Any

from ...targets import choose, search
from ...training import train
from ..setting import Setting, numbers
from ..spec import Targets
from ..store import Result


def execute(spec: Targets, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """Models ``clean`` and one for each goal, by its text; ``points_GOAL``: flipped points behind the target."""
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir, spec.cluster, spec.label)
    problem = setting.problem
    clean = train(problem)
    found, parameters = search(
        setting.dataset,
        spec.loss,
        spec.c_r,
        method=spec.method,
        grid=spec.grid,
        cluster=spec.cluster,
        label=spec.label,
    )
    values: dict[str, Any] = {
        "data_identity": setting.dataset.identity,
        "n_train": problem.n_points,
        "n_test": int(setting.test_y.size),
        "dim": problem.d,
        "positive_train_pct": 100.0 * float((problem.y > 0).mean()),
        "clean": {**setting.accuracy(clean.theta), "loss_sum": problem.loss_sum(clean.theta), "gap": clean.gap},
        "candidates": len(found),
        "parameters": parameters,
        "goals": {},
    }
    models = {"clean": numbers(clean.theta)}
    for goal in spec.goals:
        best = choose(found, goal, at_least=spec.method == "subpopulation")
        values["goals"][str(goal)] = {
            **setting.accuracy(best.theta),
            "value": best.value,
            "copies": best.copies,
            "points": best.points,
            # what the authors' code prints as the loss on the clean set
            "clean_loss_sum": best.clean_loss * problem.n_points,
            "loss_sum": problem.loss_sum(best.theta),
            "gap": best.gap,
        }
        values[f"points_{goal}"] = best.points
        models[str(goal)] = numbers(best.theta)
    table = tuple((c.value, float(c.copies), float(c.points), 100 * c.error_rate, c.clean_loss) for c in found)
    return Result(values, models, ("value", "copies", "points", "error_pct", "clean_loss"), table)


__all__ = ["execute"]
