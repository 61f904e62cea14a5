"""Checkpoints of an attack: points and rows so far, written atomically, bound to their configuration."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from ..datasets.npz import read_npz, write_npz
from ..errors import InputError
from ..goal import Goal
from ..losses import Array
from .run import Row

#: Rounds between checkpoints, by engine; the exact hinge attack makes 2,000 in about a second. The solver is rebuilt
#: there, which costs a cold fit.
CHECKPOINT_EVERY = {"active_set": 2000}
OTHERWISE_EVERY = 500
FILE = "checkpoint.npz"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """State of an attack after ``rounds`` rounds."""

    X: Array
    y: Array
    rows: Sequence[Row]
    rounds: int
    regret: float
    models: Sequence[Array]
    #: The model of the best row so far.
    best: Array


def usual_interval(engine: str) -> int:
    """Rounds between checkpoints of a trainer with that engine, where nothing else is asked for."""
    return CHECKPOINT_EVERY.get(engine, OTHERWISE_EVERY)


class Checkpoints:
    """Reads and writes the checkpoint of one configuration in a folder."""

    def __init__(self, folder: Path, goal: Goal, method: str, options: Mapping[str, Any]) -> None:
        make_folder(folder)
        self.path = folder / FILE
        self.key = configuration_key(goal, method, options)

    def save(self, state: Checkpoint) -> None:
        """Write atomically: a killed process leaves the old or the new checkpoint."""
        write_npz(
            self.path,
            {
                "key": np.frombuffer(bytes.fromhex(self.key), dtype=np.uint8),
                "X": state.X,
                "y": state.y,
                "rows": np.array([r.to_list() for r in state.rows]),
                "progress": np.array([state.rounds, state.regret]),
                "models": np.array(list(state.models)),
                "best": state.best,
            },
        )

    def load(self) -> Checkpoint | None:
        """The saved state; None where there is none. Raises InputError if it belongs to another run."""
        if not self.path.exists():
            return None
        try:
            saved = read_npz(self.path, "checkpoint")
            if saved["key"].tobytes().hex() != self.key:
                raise InputError(
                    f"resume: {self.path} belongs to other data, goal, method, seed, loss or C_R; give another --out"
                )
            return Checkpoint(
                X=saved["X"],
                y=saved["y"],
                rows=[Row.from_list(r) for r in saved["rows"].tolist()],
                rounds=int(saved["progress"][0]),
                regret=float(saved["progress"][1]),
                models=list(saved["models"]),
                best=saved["best"],
            )
        except KeyError as error:
            raise InputError(f"resume: {self.path} lacks {error}; remove it to start anew") from error


def make_folder(path: Path) -> None:
    """Make the folder where there is none. Raises InputError where that cannot be done."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"run: cannot make the folder {path}: {error.strerror}; give another one") from None


def configuration_key(goal: Goal, method: str, options: Mapping[str, Any]) -> str:
    """SHA-256 over everything that determines the trajectory."""
    h, problem = hashlib.sha256(), goal.problem
    matrix = problem.X
    parts = [matrix.data, matrix.indices, matrix.indptr] if sp.issparse(matrix) else [matrix]
    for part in [*parts, problem.y, problem.counts]:
        a = np.ascontiguousarray(part)
        h.update(f"{a.dtype.str}{a.shape}".encode())
        h.update(a.tobytes())
    text = [
        repr(problem.loss), problem.c_r, problem.bias, problem.scale, plain(problem.domain), goal.describe(), method,
        dict(options),
    ]  # fmt: skip
    h.update(json.dumps(text).encode())
    return h.hexdigest()


def plain(value: object) -> Any:
    """An option or a domain as plain JSON: arrays as lists, dataclasses as a list of type name and fields."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is not None:
        return [type(value).__name__, *(plain(getattr(value, name)) for name in fields)]
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int | float | str) else type(value).__name__


__all__ = ["Checkpoint", "Checkpoints", "configuration_key", "make_folder", "plain", "usual_interval"]
