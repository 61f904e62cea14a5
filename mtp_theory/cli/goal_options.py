"""Goals of ``bound`` and ``verify`` that are no model: a flipped row, wrong rows, and a sweep over all rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import numpy as np

from ..atomic import write_text
from ..certificates.format import decimal
from ..datasets.npz import read_npz, write_npz
from ..errors import InputError
from ..losses import Array
from .output import emit, jsonable

if TYPE_CHECKING:
    from ..bounds.goal.bound import GoalBound
    from ..bounds.goal.goals import Rows
    from ..datasets import Dataset
    from ..problem import Problem

F = TypeVar("F", bound=Callable[..., Any])

PARTS = ("train", "test")


def goal_options(function: F) -> F:
    """``--flip``, ``--wrong``, ``--rows``: which goal. ``--tau``: from which margin on a row counts as wrong."""
    function = click.option("--tau", type=float, default=1e-6, show_default=True, help="Wrong: a margin up to -tau.")(
        function
    )
    function = click.option("--rows", metavar="train|test|ROWS.npz", help="Rows of --wrong; a file holds X and y.")(
        function
    )
    function = click.option(
        "--wrong", type=int, default=None, metavar="K", help="Goal: at least K of --rows are wrong."
    )(function)
    return click.option(
        "--flip", metavar="train:I|test:I|train:all", help="Goal: row I (from 0) is predicted wrong; all: a sweep."
    )(function)


def is_goal(flip: str | None, wrong: int | None, rows: str | None) -> bool:
    """Is a goal named that is no model? InputError where the options do not fit together."""
    if flip is not None and wrong is not None:
        raise InputError("--flip and --wrong are two goals; give one")
    if (wrong is None) != (rows is None):
        raise InputError("--wrong K and --rows belong together; give both, or --flip")
    return flip is not None or wrong is not None


def part_of(data: Dataset, name: str) -> tuple[Array, Array]:
    """Features (n, d), scaled, and labels of the training or test rows."""
    if name not in PARTS:
        raise InputError(f"rows {name!r}: known are train and test")
    X, y = (data.X, data.y) if name == "train" else (data.X_test, data.y_test)
    if X is None or y is None:
        raise InputError(f"rows test: the data set {data.name!r} has no test rows; give train, or rows of your own")
    return np.asarray(X, dtype=np.float64) / data.scale, np.asarray(y, dtype=np.float64)


def parse_flip(data: Dataset, flip: str) -> tuple[Array, Array, int | None]:
    """The part's rows and the index of the one named, None for all of them."""
    name, colon, which = flip.partition(":")
    if not colon or name not in PARTS:
        raise InputError(f"--flip {flip}: give train:12, test:3, train:all or test:all")
    X, y = part_of(data, name)
    if which == "all":
        return X, y, None
    try:
        index = int(which)
    except ValueError:
        raise InputError(f"--flip {flip}: {which!r} is no row; give a number from 0 to {len(y) - 1}, or all") from None
    if not 0 <= index < len(y):
        raise InputError(f"--flip {flip}: there are {len(y)} rows; give a number from 0 to {len(y) - 1}")
    return X, y, index


def goal_of(
    problem: Problem, data: Dataset, flip: str | None, wrong: int | None, rows: str | None, tau: float
) -> Rows | None:
    """The goal; None for a sweep."""
    from ..bounds.goal.goals import Flip, Wrong

    if flip is not None:
        X, y, index = parse_flip(data, flip)
        return None if index is None else Flip(problem, X[index], float(y[index]), tau)
    assert wrong is not None
    assert rows is not None
    return Wrong(problem, *rows_of(data, rows), wrong, tau)


def rows_of(data: Dataset, rows: str) -> tuple[Array, Array]:
    """The rows of ``--rows``: a part of the data, or the arrays X and y of a file."""
    if rows in PARTS:
        return part_of(data, rows)
    arrays = read_npz(rows, "rows")
    if not {"X", "y"} <= arrays.keys():
        raise InputError(f"rows file {rows}: needs the arrays X and y")
    return arrays["X"], arrays["y"]


def bound_goals(
    problem: Problem,
    data: Dataset,
    goal: Rows | None,
    *,
    flip: str | None,
    tau: float,
    seconds: float,
    engine: str,
    certificate: str | None,
    points: str | None,
    results: str | None,
    as_json: bool,
) -> int:
    """``bound`` for a goal, or for every row of a sweep: one JSON row each, resumed from ``results``."""
    from ..bounds.goal.bound import bound_goal

    if goal is not None:
        if results is not None:
            raise InputError("--results: for a sweep only (--flip train:all or test:all)")
        answer = bound_goal(goal, seconds=seconds, engine=engine)
        written: dict[str, str | None] = {"certificate": None, "points": None}
        if certificate is not None and answer.certificate is not None:
            answer.save(certificate)
            written["certificate"] = certificate
        if points is not None and answer.X is not None:
            write_npz(points, {"X": answer.X, "y": answer.y})
            written["points"] = points
        emit(row_of(answer) | written, as_json)
        return 0
    if certificate is not None or points is not None:
        raise InputError("--certificate and --points are for one row; give them with --flip train:I")
    assert flip is not None
    for row in sweep(problem, data, flip, tau, seconds, engine, results):
        click.echo(json.dumps(row, allow_nan=False))
    return 0


def row_of(answer: GoalBound) -> dict[str, Any]:
    """What is printed of an answer."""
    out = {
        "lower_bound": int(answer.lower), "fractional_minimum": answer.fractional, "constructed": answer.constructed,
        "status": answer.status, "goal": answer.goal.describe(), "tau": getattr(answer.goal, "tau", None),
        "nodes": answer.nodes, "seconds": answer.seconds, "engine": answer.engine, "versions": answer.versions,
    }  # fmt: skip
    return out | ({"reason": answer.reason} if answer.reason else {})


def sweep(
    problem: Problem, data: Dataset, flip: str, tau: float, seconds: float, engine: str, results: str | None
) -> Iterator[dict[str, Any]]:
    """One JSON row for each row of the part. Rows that stand in the file ``results`` are taken from it."""
    from ..bounds.goal.bound import bound_goal
    from ..bounds.goal.goals import Flip

    X, y, _ = parse_flip(data, flip)
    head = {"data": data.identity, "loss": problem.loss.key, "c_r": problem.c_r, "bias": problem.bias, "flip": flip,
            "tau": tau, "seconds_each": seconds}  # fmt: skip
    done = _read_results(Path(results), head) if results is not None else {}
    for i in range(len(y)):
        if i not in done:
            answer = bound_goal(Flip(problem, X[i], float(y[i]), tau), seconds=seconds, engine=engine)
            done[i] = jsonable({"row": i} | row_of(answer))
            if results is not None:
                with Path(results).open("a", encoding="utf-8") as file:
                    file.write(json.dumps(done[i], allow_nan=False) + "\n")
        yield done[i]


def _read_results(file: Path, head: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Rows of an earlier sweep of the same question; a last line that was cut off is dropped."""
    if not file.exists():
        try:
            write_text(file, json.dumps(head) + "\n")
        except OSError as error:
            raise InputError(f"cannot write {file}: {error.strerror}") from None
        return {}
    lines = file.read_text(encoding="utf-8").split("\n")
    try:
        if json.loads(lines[0]) != head:
            raise InputError(
                f"results {file}: of another question (data, loss, C_R, tau or seconds); name another file"
            )
        rows = [json.loads(line) for line in lines[1:-1]]
        found = {int(row["row"]): row for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"results {file}: not a sweep's results; name another file") from None
    if lines[-1]:
        write_text(file, "\n".join(lines[:-1]) + "\n")
    return found


def difference(
    about: dict[str, Any], data: Dataset, flip: str | None, wrong: int | None, rows: str | None, tau: float
) -> str | None:
    """How the certificate's goal differs from the one of the options; None where it does not."""
    from ..certificates.compare import goal_difference

    X, y, index = parse_flip(data, flip) if flip is not None else (*rows_of(data, rows or ""), 0)
    if index is None:
        raise InputError(f"--flip {flip}: a certificate is about one row; name it")
    if flip is not None:
        return goal_difference(about, "flip", X[index : index + 1], y[index : index + 1], 1, decimal(tau))
    return goal_difference(about, "wrong", X, y, wrong or 0, decimal(tau))


__all__ = ["bound_goals", "difference", "goal_of", "goal_options", "is_goal", "part_of", "row_of", "sweep"]
