"""``certify``: write a certificate of any kind that ``verify`` checks; of goals on rows ``bound`` writes them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from .. import datasets
from ..certificates.format import Certificate
from ..datasets import Dataset
from ..datasets.npz import read_npz
from ..errors import InputError, UndecidedError
from ..losses import Array
from ..problem import Problem
from .app import data_options, json_option, problem_options
from .output import apart, emit


@dataclass(frozen=True)
class Point:
    """A row of a run's trajectory, as far as a certificate needs it."""

    points: int


@dataclass(frozen=True, eq=False)
class RunFolder:
    """What an attack's folder says about its run: the points, the last model and, where it was kept, the best one."""

    X: Array
    y: Array
    theta: Array
    thetas: tuple[Array, ...]
    rows: tuple[Point, ...]


def read_run(folder: str, dim: int) -> RunFolder:
    """The folder that ``attack --out`` wrote. Raises InputError."""
    path = Path(folder)
    for name in ("points.npz", "model.npz", "trajectory.csv"):
        if not (path / name).is_file():
            raise InputError(f"--run {folder}: no {name} there; give the folder that `attack --out` wrote")
    arrays = read_npz(path / "points.npz", "points")
    if not {"X", "y"} <= arrays.keys():
        raise InputError(f"--run {folder}: points.npz needs X and y")
    X, y = (np.asarray(arrays[name], dtype=np.float64) for name in ("X", "y"))
    last, size = datasets.load_model(path / "model.npz", dim), Point(len(y))
    thetas: tuple[Array, ...] = (last,)
    rows: tuple[Point, ...] = (size,)
    if (path / "best_model.npz").is_file():
        best = datasets.load_model(path / "best_model.npz", dim)
        thetas, rows = (best, last), (Point(_best_points(path / "trajectory.csv")), size)
    return RunFolder(X, y, last, thetas, rows)


def _best_points(file: Path) -> int:
    """Points of the row of least distance, the first among ties."""
    try:
        with file.open(encoding="utf-8", newline="") as handle:
            rows = [(float(row["distance"]), int(row["points"])) for row in csv.DictReader(handle)]
        return min(rows, key=lambda row: row[0])[1]
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(f"{file}: not a trajectory (columns points and distance): {error}") from None


@dataclass(frozen=True, eq=False)
class Request:
    """What is to be certified."""

    problem: Problem
    data: Dataset
    target: Array
    model: str | None
    run: str | None
    epsilon: float | None

    def need(self, name: str) -> Any:
        """The option of that name. Raises InputError where it is missing."""
        value = getattr(self, name)
        if value is None:
            raise InputError(f"certify: this kind needs --{name}")
        return value


Made = tuple[Certificate | None, str]


def _lower(r: Request) -> Made:
    from ..bounds.target import bound

    found = bound(r.problem, r.target, data=r.data, search=False)
    return found.certificate, found.reason


def _upper(r: Request) -> Made:
    from ..bounds.target import bound

    found = bound(r.problem, r.target, data=r.data)
    return found.upper_certificate, found.reason


def _closeness(r: Request) -> Made:
    from ..bounds.closeness import fewest_points

    found = fewest_points(r.problem, r.target, r.need("epsilon"), data=r.data, search=False)
    return found.certificate, found.reason


def _distance(r: Request) -> Made:
    from ..bounds.certify import distance_certificate

    model = datasets.load_model(r.need("model"), r.problem.dim)
    return distance_certificate(r.problem, r.data, model, r.target), ""


def _gamma(r: Request) -> Made:
    from ..bounds.certify import gamma_certificate

    return gamma_certificate(r.problem, r.data, r.target), ""


def _run(r: Request) -> Made:
    from ..attacks.folder import description, difference, read_description
    from ..bounds.certify import run_certificate

    folder = Path(r.need("run"))
    run = read_run(str(folder), r.problem.dim)
    if (folder / "run.json").is_file():
        held = read_description(folder)
        meant = description(r.problem.target(r.target), held.get("method", ""), held.get("options", {}), r.data)
        other = difference(held, meant)
        if other:
            raise InputError(f"--run {folder}: a run with {other}; give the data, problem and target that it had")
    return run_certificate(r.problem, r.data, run, r.target), ""


#: What makes a certificate of each kind; "unattainable" is what lower_bound writes where no number of points suffices.
KINDS = {
    "lower_bound": _lower,
    "upper_bound": _upper,
    "epsilon_lower_bound": _closeness,
    "distance": _distance,
    "gamma": _gamma,
    "run": _run,
}


#: The options that one kind has and the others have not.
OPTIONS = {"epsilon_lower_bound": "epsilon", "distance": "model", "run": "run"}


@click.command()
@click.argument("kind", metavar="KIND")
@data_options
@click.option("--target", required=True, metavar="B.npz", help="Target model.")
@problem_options
@click.option("--model", metavar="A.npz", help="distance: the model whose distance from TARGET is enclosed.")
@click.option("--run", metavar="RUN/", help="run: the folder that `attack --out` wrote.")
@click.option("--epsilon", type=float, help="epsilon_lower_bound: the closeness.")
@click.option("--out", required=True, metavar="C.json", help="Certificate to write.")
@json_option
def certify(
    kind: str,
    data: str,
    data_dir: str | None,
    target: str,
    loss: str,
    c_r: float,
    no_bias: bool,
    model: str | None,
    run: str | None,
    epsilon: float | None,
    out: str,
    as_json: bool,
) -> int:
    """Write a certificate of KIND about DATA and TARGET, for `verify`.

    KIND: lower_bound (so many points at least; none suffices where TARGET is unattainable), upper_bound (a set that
    reaches it), epsilon_lower_bound (so many at least for a model within --epsilon), distance (of --model), gamma, run
    (of the attack in --run; verify it with its points). Nothing is written that a checker does not accept.
    """
    from ..bounds.confirm import save
    from ..errors import unknown_name

    if kind not in KINDS:
        raise unknown_name("kind", kind, KINDS)
    for name, value in (("epsilon", epsilon), ("model", model), ("run", run)):
        if value is not None and OPTIONS.get(kind) != name:
            raise InputError(f"--{name}: kind {kind} has no such option; leave it out")
    apart({"--out": out}, {"DATA": data, "--target": target, "--model": model})
    dataset = datasets.load(data, data_dir=data_dir)
    problem = dataset.problem(loss, c_r, bias=not no_bias)
    request = Request(
        problem, dataset, datasets.load_model(target, problem.dim, bias=problem.bias), model, run, epsilon
    )
    made, reason = KINDS[kind](request)
    if made is None:
        raise UndecidedError(f"no certificate of kind {kind}: {reason}")
    points = None
    if kind == "run":
        folder = read_run(request.need("run"), problem.dim)
        points = folder.X, folder.y
    save(out, made, dataset, points)
    emit({"kind": made["kind"], "claim": made["claim"], "value": made["value"], "out": out}, as_json)
    return 0


__all__ = ["KINDS", "certify", "read_run"]
