"""``attack``: find poisoning points for a goal and write the run to a folder."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click

from .. import datasets
from ..errors import InputError, UndecidedError
from ..losses import get_loss
from .app import data_options, json_option, problem_options
from .output import emit
from .progress import AttackProgress


def _listed(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    """``--list``: every method in one line, then stop."""
    if wanted and not ctx.resilient_parsing:
        from ..attacks.registry import descriptions

        lines = descriptions()
        width = max(len(name) for name, _ in lines)
        for name, text in lines:
            click.echo(f"{name:<{width}}  {text}")
        ctx.exit()


@click.command()
@data_options
@click.option("--target", metavar="B.npz", help="Target model.")
@click.option(
    "--rows", metavar="train|test|ROWS.npz", help="In place of --target: rows (X, y) to get wrong, as many as possible."
)
@problem_options
@click.option("--method", default="online", show_default=True, help="A registered attack; --list names them.")
@click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=_listed, help="List the methods.")
@click.option(
    "--epsilon", type=float, default=0.0, show_default=True, help="Stop at this distance; 0: run to the budget."
)
@click.option("--max-points", type=int, default=None, metavar="T", help="Budget of poisoning points.")
@click.option("--copies", type=int, default=None, help="Copies of each point that is added (online).")
@click.option("--seed", type=int, default=None, help="Seed of a method that draws (label-flip, kkt).")
@click.option(
    "--option", "options", multiple=True, metavar="NAME=VALUE", help="A further option of the method; repeatable."
)
@click.option("--bound-every", type=int, default=1, show_default=True, help="Rounds between values of the lower bound.")
@click.option("--out", required=True, metavar="RUN/", help="Folder for points, models, trajectory.csv and run.json.")
@click.option("--write-data", is_flag=True, help="Write poisoned.npz too: DATA with the points.")
@click.option("--resume", is_flag=True, help="Go on from the folder's last checkpoint; a method that cannot says so.")
@json_option
def attack(
    data: str,
    data_dir: str | None,
    target: str | None,
    rows: str | None,
    loss: str,
    c_r: float,
    no_bias: bool,
    method: str,
    epsilon: float,
    max_points: int | None,
    copies: int | None,
    seed: int | None,
    options: tuple[str, ...],
    bound_every: int,
    out: str,
    write_data: bool,
    resume: bool,
    as_json: bool,
) -> int:
    """Run an attack on DATA until its goal is reached or its budget is spent.

    The goal: a model within --epsilon of TARGET, or errors on rows.
    """
    from ..attacks import folder as files
    from ..attacks.registry import make
    from ..problem import check_c_r

    given = {"copies": copies, "seed": seed} | _options(options)
    chosen = make(method, {k: v for k, v in given.items() if v is not None})
    get_loss(loss)
    check_c_r(c_r)
    dataset = datasets.load(data, data_dir=data_dir)
    problem = dataset.problem(loss, c_r, bias=not no_bias)
    goal = read_goal(dataset, problem, target, rows)
    folder = Path(out)
    # what is missing is said before a folder is made
    chosen.check(goal, epsilon=epsilon, max_points=max_points, resume=resume)
    intended = files.description(goal, chosen.name, chosen.options(), dataset)
    files.prepare(folder, resume=resume, intended=intended, max_points=max_points)
    gamma = _gamma(problem, goal) if chosen.requires.stop and target is not None else None
    start = time.perf_counter()
    with AttackProgress(epsilon, max_points) as progress:
        run = chosen.run(
            goal,
            epsilon=epsilon,
            max_points=max_points,
            gamma=gamma,
            bound_every=bound_every,
            on_row=progress.update,
            folder=folder,
            resume=resume,
        )
    more: dict[str, Any] = {"epsilon": epsilon, "max_points": max_points}
    if target is not None:
        more["gamma_lower"] = gamma
    more["seconds"] = time.perf_counter() - start
    files.write_run(folder, run, data=dataset, poisoned=write_data, more=more)
    result = files.summary(run, dataset)
    if target is not None:
        result["gamma_lower"] = gamma
    emit({**result, "out": out}, as_json)
    return 3 if run.status == "stalled" else 0


def read_goal(dataset: datasets.Dataset, problem: Any, target: str | None, rows: str | None) -> Any:
    """The goal that ``--target`` or ``--rows`` names."""
    if (target is None) == (rows is None):
        got = "neither" if target is None else "both"
        raise InputError(f"goal: give --target B.npz or --rows train|test|ROWS.npz, one of them; got {got}")
    if target is not None:
        return problem.target(datasets.load_model(target, problem.dim, bias=problem.bias))
    return problem.errors(*read_rows(dataset, str(rows)))


def read_rows(dataset: datasets.Dataset, rows: str) -> tuple[Any, Any]:
    """Rows X (k, d) and labels: the training rows, the test rows or those of a file."""
    from ..datasets.points import read_points

    if rows == "train":
        return dataset.X / dataset.scale, dataset.y
    if rows == "test":
        if dataset.X_test is None or dataset.y_test is None:
            raise InputError(f"--rows test: {dataset.name} has no test rows; give train, or ROWS.npz with X and y")
        return dataset.X_test / dataset.scale, dataset.y_test
    return read_points(rows, dataset.d, "rows")


def _options(pairs: tuple[str, ...]) -> dict[str, Any]:
    """NAME=VALUE pairs; a value that is JSON is read as such, any other is a word."""
    out: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise InputError(f"--option {pair}: give NAME=VALUE, such as choice=low_margin")
        try:
            out[name.replace("-", "_")] = json.loads(value)
        except ValueError:
            out[name.replace("-", "_")] = value
    return out


def _gamma(problem: Any, goal: Any) -> float | None:
    """A proved lower bound of gamma for the epsilon column; None where it is not positive or not decided."""
    from ..convex_set import gamma

    try:
        value = float(gamma(problem, goal.theta).lower)
    except UndecidedError:
        return None
    return value if value > 0 else None


__all__ = ["attack", "read_goal", "read_rows"]
