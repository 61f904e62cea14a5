"""Each run of checks is one JSON file; the book and the command line read the newest of each kind."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from ..atomic import clean, write_text
from ..claims.check import CheckResult
from ..errors import InputError
from .machine import environment

FORMAT = "mtp-theory-evidence-1"
#: Larger files are refused: a ledger entry holds some hundred results of about 1 kB.
MAX_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Entry:
    """One recorded run of checks."""

    path: Path
    content: dict[str, Any]

    @property
    def results(self) -> list[dict[str, Any]]:
        """The check results, as :meth:`CheckResult.to_json` wrote them."""
        return list(self.content["results"])

    @property
    def digest(self) -> str:
        """SHA-256 of the entry's content: what a citation names."""
        return hashlib.sha256(_canonical(self.content)).hexdigest()

    def result(self, claim: str, statement: str, variant: str = "") -> dict[str, Any] | None:
        """The result for one statement, if this run checked it."""
        for r in self.results:
            if (r["claim"], r["statement"], r.get("variant", "")) == (claim, statement, variant):
                return r
        return None


def default_folder() -> Path:
    """Where entries go: ``MTP_EVIDENCE_DIR``, else the user's data folder."""
    given = os.environ.get("MTP_EVIDENCE_DIR")
    return Path(given) if given else Path(platformdirs.user_data_dir("mtp-theory")) / "evidence"


def record(
    results: Iterable[CheckResult],
    *,
    examples: int,
    seed: int,
    folder: Path | None = None,
    data: Sequence[dict[str, Any]] = (),
) -> Entry:
    """Write one entry atomically and return it; ``data`` names the data beyond the embedded ones, by identity."""
    target = default_folder() if folder is None else Path(folder)
    now = datetime.now(UTC)
    content = {
        "format": FORMAT,
        "time": now.isoformat(timespec="seconds"),
        "examples": examples,
        "seed": seed,
        "environment": environment(),
        **({"data": list(data)} if data else {}),
        "results": [r.to_json() for r in results],
    }
    target.mkdir(parents=True, exist_ok=True)
    clean(target)
    path = target / f"checks-{now.strftime('%Y%m%dT%H%M%S%f')}.json"
    write_text(path, json.dumps(content, indent=1, allow_nan=False))
    return Entry(path, content)


def read(path: Path) -> Entry:
    """One entry. Raises InputError for a file that is not one."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"evidence: {path} is larger than {MAX_BYTES} bytes; not a ledger entry")
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"evidence: {path} cannot be read ({error})") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("results"), list):
        raise InputError(f"evidence: {path} is not of format {FORMAT}")
    return Entry(path, content)


def latest(folder: Path | None = None) -> Entry | None:
    """The newest entry, or None where there is none."""
    target = default_folder() if folder is None else Path(folder)
    files = sorted(target.glob("checks-*.json"))
    return read(files[-1]) if files else None


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


__all__ = ["Entry", "default_folder", "latest", "read", "record"]
