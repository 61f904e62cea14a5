"""Algorithm 1 against every target of a search that reaches the goal: points until the victim's accuracy falls.

For tables whose targets were not published: it shows what the grid's targets can give.
"""

from __future__ import annotations

from typing import Any

from ...targets import search
from ...training import train
from ..setting import Setting, numbers
from ..spec import Candidates, Online, Ref
from ..store import Result
from .online import attack

COLUMNS = ("value", "copies", "flips", "clean_loss_sum", "part_loss_sum", "points", "reached")


def execute(spec: Candidates, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """Count ``points`` and model ``target`` of the candidate with the fewest points; one row for each candidate."""
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir, spec.cluster, spec.label)
    problem = setting.problem
    found, _ = search(
        setting.dataset,
        spec.loss,
        spec.c_r,
        method=spec.method,
        grid=spec.grid,
        cluster=spec.cluster,
        label=spec.label,
    )
    eligible = [c for c in found if c.error_rate >= spec.goal]
    part = slice(None) if setting.part is None else setting.part.train
    rows: list[tuple[float | None, ...]] = []
    best: tuple[int, list[float], list[float]] | None = None
    clean = train(problem).theta
    for candidate in eligible:
        attack_spec = Online(
            spec.data,
            spec.loss,
            spec.c_r,
            Ref("", ""),
            max_points=spec.max_points,
            oracle=spec.oracle,
            stop_accuracy=spec.stop_accuracy,
            cluster=spec.cluster,
            label=spec.label,
        )
        run = attack(setting, attack_spec, candidate.theta, spec.max_points)
        reached = setting.primary_accuracy(run.theta) <= spec.stop_accuracy
        if reached and (best is None or run.points < best[0]):
            best = run.points, numbers(candidate.theta), numbers(run.theta)
        part_loss = float(problem.loss.value(problem.margins(candidate.theta)[part]).sum())
        sum_ = candidate.clean_loss * problem.n_points
        rows.append(
            (
                candidate.value,
                float(candidate.copies),
                float(candidate.points),
                sum_,
                part_loss,
                float(run.points),
                float(reached),
            )
        )
    values: dict[str, Any] = {
        "candidates": len(found),
        "eligible": len(eligible),
        "points": None if best is None else best[0],
        "clean": setting.accuracy(clean),
    }
    models = {} if best is None else {"target": best[1], "induced": best[2]}
    return Result(values, models, COLUMNS, tuple(rows))


__all__ = ["execute"]
