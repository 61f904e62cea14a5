"""``data``: write a registered data set as a file. ``target``: generate a target model."""

from __future__ import annotations

from typing import Any

import click

from .. import datasets
from ..errors import InputError
from ..losses import get_loss
from .app import data_options, json_option, problem_options
from .output import emit


@click.command()
@data_options
@click.option("--out", required=True, metavar="D.npz", help="Data file to write.")
@json_option
def data(data: str, data_dir: str | None, out: str, as_json: bool) -> None:
    """Write DATA (a registered name or a file) as a data file, with its identity."""
    dataset = datasets.load(data, data_dir=data_dir)
    datasets.save(dataset, out)
    emit(
        {
            "name": dataset.name,
            "rows": dataset.n,
            "features": dataset.d,
            "positive": int((dataset.y > 0).sum()),
            "test_rows": 0 if dataset.y_test is None else int(dataset.y_test.size),
            "integer_features": int(dataset.integer.sum()),
            "identity": dataset.identity,
            "out": out,
        },
        as_json,
    )


@click.command()
@data_options
@problem_options
@click.option("--method", default="label-flip", show_default=True, help="label-flip, koh, improved or subpopulation.")
@click.option("--goal", type=float, default=0.1, show_default=True, help="Error rate that the target must reach.")
@click.option("--out", required=True, metavar="B.npz", help="Model file to write.")
@json_option
def target(
    data: str,
    data_dir: str | None,
    loss: str,
    c_r: float,
    no_bias: bool,
    method: str,
    goal: float,
    out: str,
    as_json: bool,
) -> None:
    """Generate a target model; its quality is heuristic, what it costs to reach is not."""
    from ..problem import check_c_r
    from ..targets import generate

    get_loss(loss)
    check_c_r(c_r)
    if not 0 <= goal <= 1:
        raise InputError(f"--goal {goal:g}: give an error rate between 0 and 1")
    dataset = datasets.load(data, data_dir=data_dir)
    result: Any = generate(dataset, loss, c_r, method=method.replace("-", "_"), goal=goal, bias=not no_bias)
    datasets.save_model(out, result.theta)
    emit(
        {
            "method": result.method,
            "goal": result.goal,
            "error_rate": result.error_rate,
            "clean_loss": result.clean_loss,
            "parameters": result.parameters,
            "candidates": len(result.candidates),
            "out": out,
        },
        as_json,
    )
