"""``attack``: find poisoning points for a target model and write the run to a folder."""

from __future__ import annotations

import csv
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import click

from .. import __version__, datasets
from ..attacks import COLUMNS, AttackRun, Row
from ..attacks.checkpoint import FILE as CHECKPOINT
from ..datasets.npz import write_npz
from ..errors import InputError, UndecidedError, unknown_name
from ..losses import get_loss
from .app import data_options, json_option, problem_options
from .output import emit, jsonable
from .progress import AttackProgress

METHODS = ("online", "minimum")


@click.command()
@data_options
@click.option("--target", required=True, metavar="B.npz", help="Target model.")
@problem_options
@click.option("--method", default="online", show_default=True, help=f"One of: {', '.join(METHODS)}.")
@click.option(
    "--epsilon", type=float, default=0.0, show_default=True, help="Stop at this distance; 0: run to the budget."
)
@click.option("--max-points", type=int, default=None, metavar="T", help="Budget of poisoning points.")
@click.option("--copies", type=int, default=1, show_default=True, help="Copies of each point that is added.")
@click.option("--bound-every", type=int, default=1, show_default=True, help="Rounds between values of the lower bound.")
@click.option("--out", required=True, metavar="RUN/", help="Folder for points, model, trajectory.csv and run.json.")
@click.option("--resume", is_flag=True, help="Go on from the folder's last checkpoint.")
@json_option
def attack(
    data: str,
    data_dir: str | None,
    target: str,
    loss: str,
    c_r: float,
    no_bias: bool,
    method: str,
    epsilon: float,
    max_points: int | None,
    copies: int,
    bound_every: int,
    out: str,
    resume: bool,
    as_json: bool,
) -> int:
    """Run an attack on DATA until it is epsilon-close to TARGET or its budget is spent."""
    from ..problem import check_c_r

    if method not in METHODS:
        raise unknown_name("attack method", method, METHODS)
    if method == "online" and epsilon == 0 and max_points is None:
        raise InputError("attack: --epsilon 0 never stops by itself; give --max-points")
    if method == "minimum" and (resume or copies != 1):
        raise InputError("attack: --resume and --copies are for --method online; leave them out")
    get_loss(loss)
    check_c_r(c_r)
    dataset = datasets.load(data, data_dir=data_dir)
    problem = dataset.problem(loss, c_r, bias=not no_bias)
    theta_p = datasets.load_model(target, problem.dim)
    folder = Path(out)
    _check_folder(folder, resume)
    start = time.perf_counter()
    extra: dict[str, Any]
    if method == "online":
        run, extra = _online(problem, theta_p, epsilon, max_points, copies, bound_every, folder, resume)
    else:
        run, extra = _minimum(problem, theta_p, epsilon, max_points)
    summary = {
        "points": run.points,
        "distance": run.rows[-1].distance,
        "distance_upper": run.rows[-1].distance_upper,
        "best_distance": run.best.distance,
        "best_points": run.best.points,
        "gap": run.rows[-1].gap,
        "lower_bound": run.lower_bound,
        "status": run.status,
        "train_error": problem.error_rate(run.theta),
        **extra,
    }
    configuration = {
        "version": __version__,
        "data": {"name": dataset.name, "identity": dataset.identity},
        "method": method,
        "loss": problem.loss.key,
        "c_r": c_r,
        "bias": problem.bias,
        "epsilon": epsilon,
        "max_points": max_points,
        "copies": copies,
    }
    write_run(folder, run, {**configuration, **summary, "seconds": time.perf_counter() - start})
    emit({**summary, "out": out}, as_json)
    return 3 if run.status == "stalled" else 0


def _online(
    problem: Any,
    theta_p: Any,
    epsilon: float,
    max_points: int | None,
    copies: int,
    bound_every: int,
    folder: Path,
    resume: bool,
) -> tuple[AttackRun, dict[str, Any]]:
    from ..attacks import online

    gamma = _gamma(problem, theta_p)
    with AttackProgress(epsilon, max_points) as progress:
        run = online(
            problem,
            theta_p,
            epsilon=epsilon,
            max_points=max_points,
            copies=copies,
            gamma=gamma,
            bound_every=bound_every,
            on_row=progress.update,
            folder=folder,
            resume=resume,
        )
    return run, {"gamma_lower": gamma}


def _minimum(problem: Any, theta_p: Any, epsilon: float, max_points: int | None) -> tuple[AttackRun, dict[str, Any]]:
    from ..attacks.minimum import minimum

    result = minimum(problem, theta_p, max_points=max_points, epsilon=epsilon)
    extra: dict[str, Any] = {"certified_minimum": result.bound.lower_bound}
    if result.share is not None:
        extra["share_of_the_way"] = result.share
    if result.refuted is not None:
        extra["distance_out_of_reach"] = result.refuted
    if result.closeness is not None:
        extra["certified_for_epsilon"] = result.closeness.lower_bound
    return result.run, extra


def _gamma(problem: Any, theta_p: Any) -> float | None:
    """A proved lower bound of gamma for the epsilon column; None where it is not positive or not decided."""
    from ..convex_set import gamma

    try:
        value = float(gamma(problem, theta_p).lower)
    except UndecidedError:
        return None
    return value if value > 0 else None


def _check_folder(folder: Path, resume: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--out {folder}: a file of that name exists; give a folder")
    if not resume and any((folder / name).exists() for name in ("run.json", CHECKPOINT)):
        raise InputError(f"--out {folder}: holds a run already; add --resume, or give another folder")
    folder.mkdir(parents=True, exist_ok=True)


def write_run(folder: Path, run: AttackRun, description: dict[str, Any]) -> None:
    """Write points.npz, model.npz, trajectory.csv and run.json, each atomically; run.json comes last."""
    write_npz(folder / "points.npz", {"X": run.X, "y": run.y})
    datasets.save_model(folder / "model.npz", run.theta)
    _write_text(folder / "trajectory.csv", lambda stream: write_trajectory(stream, run.rows))
    text = json.dumps(jsonable(description), indent=1, allow_nan=False)
    _write_text(folder / "run.json", lambda stream: stream.write(text))


def write_trajectory(stream: IO[str], rows: tuple[Row, ...]) -> None:
    """The rows as CSV; undefined values are empty cells."""
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (getattr(row, c) for c in COLUMNS)
        writer.writerow(["" if v is None else repr(v) for v in cells])


def _write_text(path: Path, write: Callable[[IO[str]], object]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            write(stream)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
