"""The convex companion: the last layer of the clean network, where the theory of linear models applies."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import dnn
from ...attacks.online import Online
from ...attacks.run import AttackRun
from ...bounds.target import bound
from ...convex_set import gamma
from ...problem import Problem
from ...training import make_trainer
from ..networks import NetworkSetting
from ..setting import numbers
from ..spec import NetworkLastLayer
from ..store import Result

COLUMNS = ("points", "distance", "euclidean", "lower_bound")


def execute(spec: NetworkLastLayer, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """Distances, gamma and certified bounds of a label-flip target; attacks over the box and over the candidates.

    The rows are the box's attack's. ``softmax_difference``: largest difference between the weights of binary logistic
    regression at C_R = c/2 and of two-class softmax at weight decay c, trained by other solvers.
    """
    setting = NetworkSetting(spec, data_dir)
    network = setting.problem()
    theta = network.clean.theta
    candidates = dnn.flipped(setting.others, spec.label)
    problem, features = dnn.last_layer(network, theta, candidates)
    softmax = dnn.softmax_last_layer(problem, spec.c_r)
    rows = dnn.flipped_rows(problem.y, spec.label, int(spec.ratio * problem.n_points), spec.split)
    flips = make_trainer(problem)
    flips.add_many(problem.X[rows], -problem.y[rows])
    target = problem.target(flips.fit().theta)
    runs = {
        "box": Online().run(target, max_points=spec.max_points),
        "candidates": Online().run(
            target, max_points=spec.max_points, oracle=dnn.Lookup(problem, target.theta, features)
        ),
    }
    found = gamma(problem, target.theta)
    values: dict[str, Any] = {
        "features": problem.d,
        "active": int((problem.X.max(axis=0) > 0).sum()),
        "c_r": problem.c_r,
        "softmax_difference": float(np.abs(softmax - problem.clean.theta).max()),
        "flips": len(rows),
        "gamma_lower": found.lower,
        "gamma_upper": found.upper,
        "target": {
            "accuracy": _accuracy(setting, network, problem, theta, target.theta),
            **_bound(problem, target.theta),
        },
        "clean": {"accuracy": _accuracy(setting, network, problem, theta, problem.clean.theta)},
    }
    for name, run in runs.items():
        values[name] = {
            "points": run.points,
            "distance": run.last.distance,
            "best_distance": run.best.distance,
            "euclidean": run.last.euclidean,
            "accuracy": _accuracy(setting, network, problem, theta, run.theta),
            "theorem_2": run.lower_bound,
            "induced": _bound(problem, run.theta),
        }
    box = runs["box"]
    return Result(values, {"target": numbers(target.theta)}, COLUMNS, _rows(box))


def _bound(problem: Problem, theta: Any) -> dict[str, Any]:
    """The fewest points that reach the model, certified from below, with a set of points from above."""
    answer = bound(problem, theta)
    upper = answer.upper if answer.upper is not None and np.isfinite(answer.upper) else None
    return {"lower": answer.lower, "upper": upper, "status": answer.status}


def _accuracy(setting: NetworkSetting, network: Any, problem: Problem, theta: Any, last: Any) -> float:
    """Per cent of the subpopulation's test rows that the last layer ``last`` gets right."""
    part = setting.test_y == setting.spec.label
    inputs = dnn.features(network, theta, setting.test_X[part], setting.clean.scale)
    return 100.0 * (1.0 - problem.error_rate(last, inputs, setting.test_y[part]))


def _rows(run: AttackRun) -> tuple[tuple[float | None, ...], ...]:
    return tuple((float(r.points), r.distance, r.euclidean, r.lower_bound) for r in run.rows)


__all__ = ["execute"]
