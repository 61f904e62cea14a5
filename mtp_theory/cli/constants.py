"""``constants``: gamma, lambda*, regret and epsilon bounds of a target, as printed and as repaired."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from .. import datasets
from ..losses import get_loss
from .app import data_options, json_option, problem_options
from .output import emit


@click.command()
@data_options
@click.option("--target", required=True, metavar="B.npz", help="Target model.")
@problem_options
@click.option("--points", type=click.IntRange(1, 10**9), default=None, help="T, for regret and epsilon (default 100).")
@click.option("--epsilon", type=float, default=None, help="Closeness that Corollary 1 is about (default 0.1).")
@json_option
def constants(
    data: str,
    data_dir: str | None,
    target: str,
    loss: str,
    c_r: float,
    no_bias: bool,
    points: int | None,
    epsilon: float | None,
    as_json: bool,
) -> None:
    """Numbers of the theory for TARGET on DATA; each with its arithmetic, null where its hypotheses fail."""
    from ..claims import constants as theory
    from ..problem import check_c_r

    get_loss(loss)
    check_c_r(c_r)
    dataset = datasets.load(data, data_dir=data_dir)
    problem = dataset.problem(loss, c_r, bias=not no_bias)
    theta = datasets.load_model(target, problem.dim, bias=problem.bias)
    result = theory.constants(problem, theta, points=points, epsilon=epsilon)
    if as_json:
        emit(result.to_json(), True)
        return
    emit({k: getattr(result, k) for k in ("gamma", "gamma_lower", "lambda_star", "n_points", "points")}, False)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 150).print(_table(result.entries))


def _table(entries: tuple[Any, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("constant", "claim", "statement", "value", "arithmetic", "hypotheses"):
        table.add_column(name, justify="right" if name == "value" else "left")
    for e in entries:
        value = "n/a" if e.value is None else f"{e.value:.6g}"
        marks = {True: "met", False: "NOT met", None: "not tested"}
        notes = e.reason or "; ".join(f"{h.text}: {marks[h.met]}" for h in e.hypotheses)
        table.add_row(e.name, e.claim, e.statement, value, e.arithmetic, notes)
    return table
