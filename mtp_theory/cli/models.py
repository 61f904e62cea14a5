"""``train``: exact regularised ERM with its gap. ``distance``: Definition 1 with its enclosure."""

from __future__ import annotations

import click

from .. import datasets
from ..losses import get_loss
from .app import bias_option, data_options, json_option, loss_option, problem_options
from .output import apart, emit


@click.command()
@data_options
@problem_options
@click.option(
    "--engine", default="auto", show_default=True, help="Solver: active_set, auto, cvxpy, liblinear or newton."
)
@click.option("--out", required=True, metavar="MODEL.npz", help="Model file to write.")
@json_option
def train(
    data: str, data_dir: str | None, loss: str, c_r: float, no_bias: bool, engine: str, out: str, as_json: bool
) -> None:
    """Minimise mean loss + C_R/2 |theta|^2 on DATA; the primal-dual gap comes with the model."""
    from ..problem import check_c_r
    from ..training import train as fit_model

    get_loss(loss)
    check_c_r(c_r)
    apart({"--out": out}, {"DATA": data})
    dataset = datasets.load(data, data_dir=data_dir)
    problem = dataset.problem(loss, c_r, bias=not no_bias)
    fit = fit_model(problem, engine)
    datasets.save_model(out, fit.theta)
    emit(
        {
            "objective": fit.objective,
            "gap": fit.gap,
            "train_error": problem.error_rate(fit.theta),
            "norm": float((fit.theta @ fit.theta) ** 0.5),
            "iterations": fit.iterations,
            "engine": fit.engine,
            "out": out,
        },
        as_json,
    )


@click.command()
@data_options
@click.option("--model", required=True, metavar="A.npz", help="Model whose losses are the larger ones.")
@click.option("--target", required=True, metavar="B.npz", help="Model that it is compared with.")
@loss_option
@bias_option
@json_option
def distance(data: str, data_dir: str | None, model: str, target: str, loss: str, no_bias: bool, as_json: bool) -> None:
    """Largest loss difference of MODEL and TARGET over the domain of DATA and both labels (Definition 1)."""
    from ..shadow import maximise

    phi = get_loss(loss)
    dataset = datasets.load(data, data_dir=data_dir)
    dim = dataset.d + (0 if no_bias else 1)
    a, b = (datasets.load_model(path, dim, bias=not no_bias) for path in (model, target))
    m = maximise(phi, dataset.domain(), a, b, bias=not no_bias)
    emit({"value": m.value, "lower": m.lower, "upper": m.upper, "x": m.x, "label": m.y, "kind": m.kind}, as_json)
