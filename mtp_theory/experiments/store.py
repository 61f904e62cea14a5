"""Results on disk: ``GRID/RUN.json`` for each run and, where it has one, its trajectory ``GRID/RUN.csv``.

The file states the hash of the configuration that made it (``key``): a result of another configuration under the same
name is not taken.

A file is written beside its place and renamed, so a process killed at any point leaves the old file or the new one.
Only the process that schedules writes; workers return what they found.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import __version__
from ..atomic import clean, write_text
from ..errors import InputError
from .grid import Run
from .spec import FORMAT, canonical, to_dict

#: Larger files are refused: the largest result holds some models of 785 numbers.
MAX_BYTES = 32 * 2**20


@dataclass(frozen=True)
class Result:
    """What a run found: numbers, models by name, and a table of rows (a trajectory)."""

    values: dict[str, Any]
    models: dict[str, list[float]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[float | None, ...], ...] = ()
    #: name, version, time, seconds, cpu_seconds (None in older results), environment: not part of the outcome.
    record: dict[str, Any] = field(default_factory=dict)


class Missing(Exception):  # noqa: N818 (a state, not a fault)
    """No result for a number of the paper: the command that makes one."""


class Store:
    """The results of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def path(self, run: Run) -> Path:
        return self.folder / run.grid / f"{run.short}.json"

    def has(self, run: Run) -> bool:
        """Is there a result of this run's configuration, or one too damaged to tell?"""
        return self.path(run).exists() and not self.outdated(run)

    def outdated(self, run: Run) -> bool:
        """Is the result there one of another configuration?"""
        path = self.path(run)
        if not path.exists():
            return False
        try:
            key = _load(path).get("key")
        except InputError:
            return False
        return isinstance(key, str) and key != run.key

    def write(
        self,
        run: Run,
        result: Result,
        environment: dict[str, Any],
        seconds: float,
        cpu_seconds: float | None = None,
    ) -> None:
        """Write CSV, then JSON; the JSON alone says that the run is done."""
        path = self.path(run)
        path.parent.mkdir(parents=True, exist_ok=True)
        table = _table(result)
        # a replaced result must not stand beside the new table, should the process die between the two
        path.unlink(missing_ok=True)
        if table:
            write_text(path.with_suffix(".csv"), table)
        body = {
            "key": run.key,
            "config": to_dict(run.spec),
            "values": result.values,
            "models": result.models,
            "table_sha256": hashlib.sha256(table.encode()).hexdigest() if table else None,
        }
        content = {
            "format": FORMAT,
            "sha256": hashlib.sha256(canonical(body)).hexdigest(),
            "name": run.short,
            "grid": run.grid,
            "version": __version__,
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "cpu_seconds": None if cpu_seconds is None else round(cpu_seconds, 3),
            "environment": environment,
            **body,
        }
        write_text(path, json.dumps(content, allow_nan=False, separators=(",", ":")) + "\n")

    def read(self, run: Run) -> Result:
        """The result of that run. Raises InputError: none, damaged, of another format or configuration."""
        path = self.path(run)
        content = _load(path)
        if content.get("format") != FORMAT:
            raise InputError(
                f"result {path}: format {content.get('format')!r} of version {content.get('version')!r},"
                f" this version reads format {FORMAT}; run its grid with --replace"
            )
        body = {name: content.get(name) for name in ("key", "config", "values", "models", "table_sha256")}
        if content.get("sha256") != hashlib.sha256(canonical(body)).hexdigest():
            raise damaged(path, "its content does not have the checksum it states")
        if content["key"] != run.key:
            raise InputError(
                f"result {path}: of another configuration (key {content['key']}, the run's is {run.key}); run its grid"
            )
        columns, rows = _read_table(path.with_suffix(".csv"), content["table_sha256"])
        names = ("name", "grid", "version", "time", "seconds", "cpu_seconds", "environment")
        record = {k: content.get(k) for k in names}
        return Result(content["values"], content["models"], columns, rows, {**record, "config": content["config"]})

    def clean(self) -> None:
        """Remove what killed processes left half-written."""
        for folder in self.folder.glob("*/"):
            clean(folder)


def damaged(path: Path, why: str) -> InputError:
    """The error for a file that is not what was written."""
    return InputError(f"result {path}: damaged, {why}; run its grid with --replace")


def _load(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise InputError(f"result {path}: not there; run its grid first")
    if path.stat().st_size > MAX_BYTES:
        raise damaged(path, f"larger than {MAX_BYTES} bytes")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"not JSON ({error})") from None
    if not isinstance(content, dict):
        raise damaged(path, "not a JSON object")
    return content


def _table(result: Result) -> str:
    if not result.rows:
        return ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(result.columns)
    # six digits: a trajectory is drawn, not computed with
    writer.writerows([["" if v is None else f"{v:.6g}" for v in row] for row in result.rows])
    return text.getvalue()


def _read_table(path: Path, digest: str | None) -> tuple[tuple[str, ...], tuple[tuple[float | None, ...], ...]]:
    if digest is None:
        return (), ()
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise damaged(path, f"cannot be read ({error})") from None
    if hashlib.sha256(raw).hexdigest() != digest:
        raise damaged(path, "its content does not have the checksum that its result states")
    head, *body = csv.reader(io.StringIO(raw.decode()))
    return tuple(head), tuple(tuple(float(v) if v else None for v in row) for row in body)


__all__ = ["Missing", "Result", "Store", "damaged"]
