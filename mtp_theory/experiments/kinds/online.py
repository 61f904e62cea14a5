"""Algorithm 1 to its stop, with accuracies and Theorem 2's bounds at every model."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...attacks import AttackRun, Row, online
from ...bounds.theorem_2 import ratio
from ...errors import InputError
from ...losses import Array
from ...shadow import Oracle
from ...training import make_trainer
from ..adam import AdamOracle
from ..authors import AuthorsTrainer
from ..setting import Setting, numbers, share_of
from ..spec import Online
from ..store import Result

#: Rows of a committed trajectory; longer ones are thinned evenly.
MAX_ROWS = 800
#: A run that has to stop by its own criterion is given up after this many times N points.
GIVE_UP = 20
#: Models whose clean losses are evaluated at once.
BLOCK = 128
COLUMNS = ("points", "distance", "euclidean", "test_pct", "subpopulation_pct", "bound_exact", "bound_relaxed")


def execute(spec: Online, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """Model ``induced``, count ``points``; the trajectory's rows, thinned."""
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir, spec.cluster, spec.label)
    target = np.array(inputs["target"])
    budget = inputs.get("max_points", spec.max_points)
    run = attack(setting, spec, target, budget)
    accuracy = setting.accuracies(run.thetas)
    bounds = {kind: _bounds(setting, target, run, kind) for kind in spec.bounds}
    last, gaps = run.rows[-1], [r.gap for r in run.rows]
    counts = np.array([r.points for r in run.rows])
    values: dict[str, Any] = {
        "points": run.points,
        "status": run.status,
        "distance": last.distance,
        "distance_upper": last.distance_upper,
        "euclidean": last.euclidean,
        "gap_max": None if math.isnan(max(gaps)) else max(gaps),
        "clean": setting.accuracy(run.thetas[0]),
        "target": setting.accuracy(target),
        "accuracy": {
            name: {f"{f:g}": float(v[row_at(counts, f, run.points)]) for f in spec.fractions}
            for name, v in accuracy.items()
        },
        "bounds": {kind: _summary(b, counts) for kind, b in bounds.items()},
    }
    rows = _thin(run, accuracy, bounds, {row_at(counts, f, run.points) for f in spec.fractions})
    return Result(values, {"induced": numbers(run.theta)}, COLUMNS, rows)


def attack(setting: Setting, spec: Online, target: Array, budget: int | None) -> AttackRun:
    """The run itself. Raises InputError for a run without any stop."""
    problem = setting.problem
    if spec.epsilon == 0 and budget is None and spec.stop_accuracy is None:
        raise InputError("online: no stop; give epsilon, max_points or stop_accuracy")
    trainer = (
        AuthorsTrainer(problem, spec.seed or 0) if spec.engine == "authors" else make_trainer(problem, spec.engine)
    )
    by_value = spec.criterion == "found"

    def stop(row: Row, theta: Array) -> bool:
        if by_value and spec.epsilon > 0 and row.distance <= spec.epsilon:
            return True
        return spec.stop_accuracy is not None and setting.primary_accuracy(theta) <= spec.stop_accuracy

    return online(
        problem,
        target,
        epsilon=0.0 if by_value else spec.epsilon,
        max_points=GIVE_UP * problem.n_points if budget is None and by_value else budget,
        stop=stop if by_value or spec.stop_accuracy is not None else None,
        copies=spec.copies,
        # the bounds are evaluated below, for the oracles that were asked for
        bound_every=2**31,
        keep_models=True,
        trainer=trainer,
        oracle=AdamOracle(problem, target, spec.seed or 0)
        if spec.oracle == "adam"
        else Oracle(problem.loss, problem.domain, target, method=spec.oracle),
    )


def row_at(counts: Any, fraction: float, points: int) -> int:
    """The row after that share of the points."""
    return int(np.searchsorted(counts, share_of(fraction, points), side="right") - 1)


def _bounds(setting: Setting, target: Array, run: AttackRun, kind: str) -> list[float | None]:
    """Theorem 2's value at every model, with an upper bound of the inner maximum; None where it says nothing."""
    problem = setting.problem
    if kind == "exact":
        oracle = Oracle(problem.loss, problem.domain, target)
    else:
        oracle = Oracle(problem.loss, problem.domain.relaxation, target)
    # Theorem 2's numerator for many models at once: F_0(theta_p) - F_0(theta), losses subtracted row by row first
    models = np.stack(run.thetas)
    rows = np.asarray(problem.X, dtype=np.float64) / problem.scale
    at_target = problem.loss.value(problem.margins(target))
    heavier = 0.5 * ((models - target) * (models + target)).sum(axis=1)
    out: list[float | None] = []
    for start in range(0, len(models), BLOCK):
        block = models[start : start + BLOCK]
        margins = problem.y[:, None] * (rows @ block[:, :-1].T + block[:, -1])
        losses = problem.counts @ (at_target[:, None] - problem.loss.value(margins))
        for theta, loss, heavy in zip(block, losses, heavier[start : start + BLOCK], strict=True):
            below = oracle.maximise(theta).upper + problem.c_r * heavy
            z = ratio(float(loss - problem.c_r_total * heavy), float(below))
            out.append(z if math.isfinite(z) else None)
    return out


def _summary(bound: list[float | None], counts: Any) -> dict[str, Any]:
    best = max((b, -i) for i, b in enumerate(bound) if b is not None)
    return {"value": best[0], "at": int(counts[-best[1]])}


def _thin(
    run: AttackRun, accuracy: dict[str, Array], bounds: dict[str, list[float | None]], keep: set[int]
) -> tuple[tuple[float | None, ...], ...]:
    n = len(run.rows)
    counts = [r.points for r in run.rows]
    best = {int(np.searchsorted([r.points for r in run.rows], _summary(b, counts)["at"])) for b in bounds.values()}
    chosen = sorted({*np.unique(np.linspace(0, n - 1, min(n, MAX_ROWS)).round().astype(int)).tolist(), *keep, *best})
    sub = accuracy.get("subpopulation")
    return tuple(
        (
            float(run.rows[i].points),
            run.rows[i].distance,
            run.rows[i].euclidean,
            float(accuracy["test"][i]),
            None if sub is None else float(sub[i]),
            *(bounds[k][i] if k in bounds else None for k in ("exact", "relaxed")),
        )
        for i in chosen
    )


__all__ = ["attack", "execute", "row_at"]
