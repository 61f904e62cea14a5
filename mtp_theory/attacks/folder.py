"""The folder of a run: points, models, trajectory and description; written here and nowhere else."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from .. import __version__, inputs
from ..atomic import clean, write_text
from ..datasets.rows import dense
from ..errors import InputError
from .checkpoint import FILE as CHECKPOINT
from .checkpoint import make_folder
from .run import COLUMNS, AttackRun, Row

if TYPE_CHECKING:
    from ..datasets import Dataset
    from ..goal import Goal

POINTS, MODEL, BEST_MODEL, TRAJECTORY, RUN = "points.npz", "model.npz", "best_model.npz", "trajectory.csv", "run.json"
POISONED = "poisoned.npz"
#: What a killed process may leave of one of these files.
_FILES = (POINTS, MODEL, BEST_MODEL, TRAJECTORY, RUN, POISONED, CHECKPOINT)


def prepare(
    folder: Path, *, resume: bool, intended: dict[str, Any] | None = None, max_points: int | None = None
) -> None:
    """Make the folder ready for a run: created, without what a killed process left half-written.

    ``intended``: the :func:`description` of the run to be. Raises InputError where the folder is a file, or holds a run
    that is not to be gone on with: none is, without ``resume``; one of another description, or of more than
    ``max_points`` points, never.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--out {folder}: a file of that name exists; give a folder")
    if not resume and any((folder / name).exists() for name in (RUN, CHECKPOINT)):
        raise InputError(f"--out {folder}: holds a run already; give another folder, or --resume where the method can")
    if resume and intended is not None and (folder / RUN).is_file():
        _same_run(folder, intended, max_points)
    folder.mkdir(parents=True, exist_ok=True)
    clean(folder, *_FILES)


def read_description(folder: Path) -> dict[str, Any]:
    """What run.json says. Raises InputError where it is no JSON object."""
    try:
        held = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise InputError(f"{folder / RUN}: not readable as JSON ({error}); give another folder") from None
    if not isinstance(held, dict):
        raise InputError(f"{folder / RUN}: not a JSON object; give another folder")
    return held


def difference(held: dict[str, Any], intended: dict[str, Any]) -> str | None:
    """The first thing in which a recorded run and an intended one differ, in words; None where they agree.

    Names of data sets do not count, nor what either leaves open; what is in both is compared as JSON.
    """
    for key, value in json.loads(json.dumps(intended)).items():
        found = held.get(key)
        if key == "version" or found is None or value is None:
            continue
        if key == "data":
            if not isinstance(found, dict) or found.get("identity") != value["identity"]:
                return "other data"
        elif key == "goal":
            if found != value:
                return "another goal"
        elif found != value:
            return f"{key} {found!r}, not {value!r}"
    return None


def _same_run(folder: Path, intended: dict[str, Any], max_points: int | None) -> None:
    held = read_description(folder)
    other = difference(held, intended)
    if other:
        raise InputError(f"--out {folder}: holds a run with {other}; give another folder")
    points = held.get("points")
    if max_points is not None and isinstance(points, int) and points > max_points:
        raise InputError(f"--out {folder}: holds a run of {points} points; raise --max-points, or give another folder")


def summary(run: AttackRun, data: Dataset | None = None) -> dict[str, Any]:
    """What came out, as plain JSON; what is undefined is None, with a ``reason``."""
    last, best, problem = run.last, run.best, run.goal.problem
    out: dict[str, Any] = {
        "points": run.points,
        "distance": _number(last.distance),
        "distance_upper": _number(last.distance_upper),
        "best_distance": _number(best.distance),
        "best_points": best.points,
        "gap": _number(last.gap),
        "lower_bound": run.lower_bound,
        "status": run.status,
        "train_error": problem.error_rate(run.theta),
        "test_error": None if data is None else _test_error(run, data),
        "outside": run.outside,
    }
    if last.error is not None:
        out |= {"error": last.error, "best_error": best.error}
    if run.extra is not None:
        out |= run.extra.summary()
    if math.isnan(last.distance):
        out["reason"] = "distance: the goal has no target"
    return out


def _test_error(run: AttackRun, data: Dataset) -> float | None:
    """Share of the data set's test rows that the model trained on all points gets wrong; None without test rows."""
    if data.X_test is None or data.y_test is None:
        return None
    return run.goal.problem.error_rate(run.theta, data.X_test, data.y_test, data.scale)


def description(goal: Goal, method: str, options: dict[str, Any], data: Dataset | None = None) -> dict[str, Any]:
    """What determines a run, as plain JSON."""
    problem = goal.problem
    named = None if data is None else {"name": data.name, "identity": data.identity}
    return {
        "version": __version__,
        "data": named,
        "method": method,
        "options": options,
        "loss": problem.loss.key,
        "c_r": problem.c_r,
        "bias": problem.bias,
        "goal": goal.describe(),
    }


def write_run(
    folder: str | PathLike[str],
    run: AttackRun,
    *,
    data: Dataset | None = None,
    poisoned: bool = False,
    more: dict[str, Any] | None = None,
) -> None:
    """Write the run's files, each atomically; run.json, with ``more`` in it, comes last.

    ``poisoned``: write poisoned.npz too, the clean data with the points; that needs ``data``. Raises InputError,
    before anything is written, without it and for a folder that cannot be made.
    """
    # the registry of data sets is not loaded before something is written
    from ..datasets import Dataset, files
    from ..datasets.npz import write_npz

    if data is not None:
        inputs.instance("data", data, Dataset, "the data set of the run's problem")
    if poisoned and data is None:
        raise InputError("run: the poisoned data need the data set; give data=")
    path = Path(folder)
    make_folder(path)
    write_npz(path / POINTS, {"X": run.X, "y": run.y})
    files.save_model(path / MODEL, run.theta)
    files.save_model(path / BEST_MODEL, run.best_model)
    if poisoned and data is not None:
        files.save(poisoned_data(run, data), path / POISONED)
    else:
        # one of an earlier run would hold other points than these
        (path / POISONED).unlink(missing_ok=True)
    rows = io.StringIO(newline="")
    write_trajectory(rows, run.rows)
    write_text(path / TRAJECTORY, rows.getvalue())
    described = description(run.goal, run.method, run.options, data)
    text = json.dumps({**described, **summary(run, data), **(more or {})}, indent=1, allow_nan=False)
    write_text(path / RUN, text)


def poisoned_data(run: AttackRun, data: Dataset) -> Dataset:
    """The clean training rows and the points, with the data set's test rows, bounds and marks."""
    X, scale = dense(data.X), data.scale
    x_test = None if data.X_test is None else dense(data.X_test)
    points = run.X * scale
    if X.dtype == np.uint8 and not np.array_equal(np.clip(np.rint(points), 0, 255) / scale, run.X):
        # the points are no bytes: all rows as numbers
        X, points, scale = X / scale, run.X, 1.0
        x_test = None if x_test is None else x_test / data.scale
    elif X.dtype == np.uint8:
        points = np.rint(points).astype(np.uint8)
    elif X.dtype != np.float64:
        X = X.astype(np.float64)
    return dataclasses.replace(
        data, name=f"{data.name} poisoned", X=np.vstack([X, points]), y=np.append(data.y, run.y), X_test=x_test,
        scale=scale,
    )  # fmt: skip


def write_trajectory(stream: IO[str], rows: Sequence[Row]) -> None:
    """The rows as CSV; undefined values are empty cells."""
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (getattr(row, c) for c in COLUMNS)
        writer.writerow(["" if v is None or v != v else repr(v) for v in cells])


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


__all__ = [
    "description",
    "difference",
    "poisoned_data",
    "prepare",
    "read_description",
    "summary",
    "write_run",
    "write_trajectory",
]
