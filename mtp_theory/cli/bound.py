"""``bound``: how many points a target needs, certified. ``verify``: check a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

from .. import datasets
from ..datasets.npz import write_npz
from ..errors import InputError
from ..losses import Array, get_loss
from ..problem import Problem
from .app import data_options, json_option, problem_options
from .goal_options import bound_goals, goal_of, goal_options, is_goal
from .output import apart, emit
from .progress import stages


@click.command()
@data_options
@click.option("--target", metavar="B.npz", help="Target model.")
@goal_options
@problem_options
@click.option(
    "--target-mode",
    default="radius",
    show_default=True,
    help="radius: any model that close; polished: support vectors moved onto the margin; literal: the floats as given.",
)
@click.option(
    "--radius", type=float, default=None, help="Radius of the mode radius, times max(1, |target|).  [default: 1e-8]"
)
@click.option("--certificate", metavar="C.json", help="Write the lower bound's certificate.")
@click.option("--points", metavar="P.npz", help="Write the points found.")
@click.option("--upper-certificate", metavar="U.json", help="Write the certificate that the points reach the target.")
@click.option(
    "--epsilon",
    type=float,
    default=None,
    help="Fewest points for a model within that loss-based distance of TARGET, 0 <= epsilon < 1 (hinge loss).",
)
@click.option("--seconds", type=float, default=60.0, show_default=True, help="Time for a goal that is no model.")
@click.option("--results", metavar="R.jsonl", help="Sweep: rows are added to this file, those in it not done again.")
@click.option(
    "--engine",
    default="liblinear",
    show_default=True,
    help="Solver for retraining: active_set, auto, cvxpy, liblinear or newton.",
)
@json_option
def bound(
    data: str,
    data_dir: str | None,
    target: str | None,
    flip: str | None,
    wrong: int | None,
    rows: str | None,
    tau: float,
    loss: str,
    c_r: float,
    no_bias: bool,
    target_mode: str,
    radius: float | None,
    certificate: str | None,
    points: str | None,
    upper_certificate: str | None,
    epsilon: float | None,
    seconds: float,
    results: str | None,
    engine: str,
    as_json: bool,
) -> int:
    """Fewest points from DATA's domain whose addition makes TARGET the trained model: certified bound and a set.

    With --flip or --wrong in place of --target: fewest points that make one row, or K of the rows, predicted wrong.
    Whatever --seconds leave is proved; --flip train:all prints one JSON row for each row.

    With --epsilon: fewest points for a trained model within that distance of TARGET, which may be fewer; what is
    constructed is the best set found, and its model's distance is measured. --target-mode and --radius do not apply.

    Status optimal: the certified bound and the number of points found agree. bounds: they do not, or only one is
    there. unattainable: no finite number of points reaches the target, certified. The bound is about reaching this
    target, not about any other goal of an attacker.
    """
    from ..bounds.target import bound as evaluate
    from ..inputs import one_of
    from ..problem import check_c_r
    from ..training import ENGINES

    get_loss(loss)
    check_c_r(c_r)
    one_of("engine", engine, ENGINES)
    written_to = {
        "--certificate": certificate, "--points": points, "--upper-certificate": upper_certificate, "--results": results
    }  # fmt: skip
    apart(written_to, {"DATA": data, "--target": target})
    dataset = datasets.load(data, data_dir=data_dir)
    problem = dataset.problem(loss, c_r, bias=not no_bias)
    if is_goal(flip, wrong, rows):
        if target is not None or epsilon is not None or upper_certificate is not None or radius is not None:
            raise InputError(
                "--flip and --wrong stand in place of --target; leave out --target, --epsilon, --radius and"
                " --upper-certificate"
            )
        goal = goal_of(problem, dataset, flip, wrong, rows, tau)
        return bound_goals(
            problem, dataset, goal, flip=flip, tau=tau, seconds=seconds, engine=engine, certificate=certificate,
            points=points, results=results, as_json=as_json,
        )  # fmt: skip
    source = click.get_current_context().get_parameter_source
    for name in ("tau", "seconds", "results"):
        if source(name) is ParameterSource.COMMANDLINE:
            raise InputError(f"--{name}: belongs to --flip and --wrong; leave it out for a target")
    if target is None:
        raise InputError("bound: no goal; give --target B.npz, --flip train:I, or --wrong K --rows train")
    theta = datasets.load_model(target, problem.dim, bias=problem.bias)
    if epsilon is not None:
        if target_mode != "radius" or radius is not None:
            raise InputError("--epsilon: closeness is to the target as it stands; leave out --target-mode and --radius")
        return _closeness(problem, theta, epsilon, dataset, engine, certificate, upper_certificate, points, as_json)
    with stages("bound") as say:
        result = evaluate(problem, theta, data=dataset, mode=target_mode, radius=radius, engine=engine, on_stage=say)
    written: dict[str, Any] = {"certificate": None, "upper_certificate": None, "points": None}
    if certificate is not None and result.certificate is not None:
        _save(certificate, result.certificate, dataset)
        written["certificate"] = certificate
    if upper_certificate is not None and result.upper_certificate is not None:
        _save(upper_certificate, result.upper_certificate, dataset)
        written["upper_certificate"] = upper_certificate
    if points is not None and result.X is not None:
        write_npz(points, {"X": result.X, "y": result.y})
        written["points"] = points
    keys = (
        "lower_bound", "lower_value", "fractional_minimum", "constructed", "found", "recovered_distance",
        "proved_within", "target_mode", "radius", "status", "kind", "kink_tolerance", "kinks", "engine", "versions",
    )  # fmt: skip
    out = {key: getattr(result, key) for key in keys} | written
    if result.reason:
        out["reason"] = result.reason
    emit(out, as_json)
    return 0


def _closeness(
    problem: Problem,
    theta: Array,
    epsilon: float,
    dataset: datasets.Dataset,
    engine: str,
    certificate: str | None,
    upper_certificate: str | None,
    points: str | None,
    as_json: bool,
) -> int:
    from ..bounds.closeness import fewest_points

    with stages("bound") as say:
        say("points that come close, and how few")
        result = fewest_points(problem, theta, epsilon, data=dataset, engine=engine)
    written: dict[str, Any] = {"certificate": None, "upper_certificate": None, "points": None}
    if certificate is not None and result.certificate is not None:
        _save(certificate, result.certificate, dataset)
        written["certificate"] = certificate
    if upper_certificate is not None and result.upper_certificate is not None:
        _save(upper_certificate, result.upper_certificate, dataset)
        written["upper_certificate"] = upper_certificate
    if points is not None and result.X is not None:
        write_npz(points, {"X": result.X, "y": result.y})
        written["points"] = points
    out = {key: getattr(result, key) for key in (
        "epsilon", "lower_bound", "lower_value", "constructed", "status", "kind", "mass", "clean_distance",
        "proved_distance", "rounded", "engine", "versions")} | written  # fmt: skip
    for name, ends in (("distance", result.distance), ("own_distance", result.own_distance)):
        out[name] = None if ends is None else {"lower": ends.lower, "upper": ends.upper}
    if result.reason:
        out["reason"] = result.reason
    emit(out, as_json)
    return 0


def _save(path: str, certificate: Mapping[str, object], dataset: datasets.Dataset) -> None:
    from ..bounds.confirm import save

    save(path, certificate, dataset)


__all__ = ["bound"]
