"""``evaluate``: what poisoning points from anywhere do to a model trained on DATA and them."""

from __future__ import annotations

from typing import Any

import click

from .. import datasets
from ..errors import InputError
from ..losses import get_loss
from .app import data_options, json_option, problem_options
from .attack import read_rows
from .output import emit


@click.command()
@data_options
@click.option("--points", required=True, metavar="P.npz", help="Points: X (k, d), y (k,); X may be bytes with a scale.")
@problem_options
@click.option("--target", metavar="B.npz", help="Measure the distance to this model.")
@click.option("--rows", metavar="train|test|ROWS.npz", help="Measure the error on these rows (X, y) too.")
@click.option("--model", "out", metavar="MODEL.npz", help="Write the model trained on DATA and the points.")
@json_option
def evaluate(
    data: str,
    data_dir: str | None,
    points: str,
    loss: str,
    c_r: float,
    no_bias: bool,
    target: str | None,
    rows: str | None,
    out: str | None,
    as_json: bool,
) -> None:
    """Train on DATA and the points of P.npz; measure the model and, with --target, its distance from TARGET.

    Points outside of the feature domain are counted (outside), not refused.
    """
    from ..attacks.folder import summary
    from ..attacks.given import Given
    from ..datasets.points import read_points
    from ..problem import check_c_r

    get_loss(loss)
    check_c_r(c_r)
    dataset = datasets.load(data, data_dir=data_dir)
    problem = dataset.problem(loss, c_r, bias=not no_bias)
    X, y = read_points(points, dataset.d)
    if not len(y):
        raise InputError(f"points file {points}: holds no points; give at least one")
    wanted = None if rows is None else read_rows(dataset, rows)
    if target is not None:
        goal: Any = problem.target(datasets.load_model(target, problem.dim, bias=problem.bias))
    else:
        goal = problem.errors(*(wanted or read_rows(dataset, "train")))
    run = Given(X, y).run(goal)
    found = summary(run, dataset)
    keys = ("points", "distance", "distance_upper", "train_error", "test_error", "gap", "outside", "lower_bound")
    result = {k: found[k] for k in keys} | {"euclidean": None if target is None else run.last.euclidean}
    if wanted is not None:
        result["rows_error"] = problem.error_rate(run.theta, *wanted)
    clean = run.thetas[0]
    result["clean_train_error"] = problem.error_rate(clean)
    if "reason" in found:
        result["reason"] = "distance: no --target was given"
    if out is not None:
        datasets.save_model(out, run.theta)
        result["out"] = out
    emit(result, as_json)


__all__ = ["evaluate"]
