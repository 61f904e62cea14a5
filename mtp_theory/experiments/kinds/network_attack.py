"""Algorithm 1 on a network, over candidates or by direct optimisation."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from ... import dnn
from ...attacks.online import Online
from ...attacks.run import Row
from ...losses import Array
from ..networks import NetworkSetting
from ..setting import numbers
from ..spec import NetworkAttack
from ..store import Result

if TYPE_CHECKING:
    from ...dnn import Candidates

COLUMNS = ("points", "distance", "euclidean", "weights_squared", "test_pct", "subpopulation_pct")


def execute(spec: NetworkAttack, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """Model ``chosen`` (over candidates), count ``points``; a row for each model.

    ``weights_squared``: squared Euclidean distance of the weights without biases, which the released code calls
    Euclidean distance; ``euclidean`` is that of all parameters. ``identity``: both sides of the potential identity.
    """
    setting = NetworkSetting(spec, data_dir)
    problem = setting.problem()
    teacher = setting.problem(learning_rate=spec.target_learning_rate, c_r=spec.target_c_r)
    target = dnn.flipped_target(
        teacher, label=spec.label, ratio=spec.ratio, search=search(spec, setting), seed=spec.split, victim=problem
    )
    ledger = dnn.Ledger(problem, target.theta)
    weights = problem.weights
    rows: list[tuple[float | None, ...]] = []

    def note(row: Row, theta: Array) -> bool:
        """Measure each model; stop by budget and by the distance found, which an ascent does not bound from above."""
        ledger(row, theta)
        away = (theta - target.theta)[weights]
        accuracy = setting.accuracy(problem, theta)
        rows.append(
            (float(row.points), row.distance, row.euclidean, float(away @ away), accuracy["test"],
             accuracy["subpopulation"])
        )  # fmt: skip
        return row.points >= spec.max_points or (spec.epsilon > 0 and row.distance <= spec.epsilon)

    run = Online(spec.copies).run(target, stop=note)
    balance = ledger.balance(run)
    chosen = {}
    if not isinstance(target.search, dnn.Ascent):
        chosen = {"chosen": numbers(target.search.indices(run.X, run.y))}
    values = {
        "points": run.points,
        "rounds": len(run.rows) - 1,
        "reached": bool(spec.epsilon > 0 and run.last.distance <= spec.epsilon),
        "n_train": problem.n_points,
        "parameters": problem.dim,
        "candidates": None if isinstance(target.search, dnn.Ascent) else len(target.search.y),
        "distinct": len({x.tobytes() for x in run.X}),
        "target": setting.accuracy(problem, target.theta),
        "clean": setting.accuracy(problem, run.thetas[0]),
        "last": setting.accuracy(problem, run.theta),
        "identity": {**dataclasses.asdict(balance), "residual": balance.residual},
    }
    return Result(values, chosen, COLUMNS, tuple(rows))


def search(spec: NetworkAttack, setting: NetworkSetting) -> Any:
    """Where the next point is looked for."""
    if spec.search == "ascent":
        return dnn.Ascent()
    labels = {"flipped": spec.label, "opposite": -spec.label, "all": None}
    found: Candidates = dnn.flipped(setting.others, labels[spec.search])
    return found


__all__ = ["execute", "search"]
