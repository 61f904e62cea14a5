"""Whole-process time of the README's four commands, with compiled code at hand and with an empty cache.

python -m benchmarks.commands [--python PYTHON] [--label TEXT] [--repeats N] [--out FILE]

``--python``: the interpreter of the environment that is measured, this one or that of an installed wheel. An empty
cache is a folder of its own for each command, so each pays for what it needs itself; ``cpu`` is user and system time of
the process, the number to look at on a machine that does other work as well.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mtp_theory.evidence.machine import environment

from .clock import ONE_THREAD, load

RESULTS = Path(__file__).parent / "results" / "commands.json"
PROBLEM = ["digits-1-7", "--target", "target.npz", "--loss", "hinge", "--c-r", "0.09"]
COMMANDS = {
    "target": ["target", "digits-1-7", "--loss", "hinge", "--c-r", "0.09", "--out", "target.npz"],
    "attack": ["attack", *PROBLEM, "--max-points", "100", "--out", "run"],
    "bound": ["bound", *PROBLEM, "--certificate", "c.json", "--points", "p.npz"],
    "verify": ["verify", "c.json", "digits-1-7", "--points", "p.npz"],
}
START = "from mtp_theory.cli import main; main()"


def once(python: str, command: list[str], folder: Path, cache: Path) -> dict[str, float]:
    """Wall and processor seconds of one process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [python, "-c", START, *command], cwd=folder, env={**os.environ, **ONE_THREAD, "NUMBA_CACHE_DIR": str(cache)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed with exit code {done.returncode}: {done.stderr.strip()[-500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": round(wall, 2), "cpu": round(cpu, 2)}


def measure(python: str, repeats: int) -> dict[str, Any]:
    """Each command with an empty cache, then ``repeats`` times with a full one, of which the least counts."""
    rows: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as parent:
        folder, full = Path(parent) / "work", Path(parent) / "full"
        folder.mkdir()
        for name, command in COMMANDS.items():
            with tempfile.TemporaryDirectory() as empty:
                cold = once(python, _elsewhere(command, folder, "cold"), folder, Path(empty))
            once(python, _elsewhere(command, folder, "first"), folder, full)
            runs = [once(python, _elsewhere(command, folder, str(k)), folder, full) for k in range(repeats)]
            rows[name] = {"empty": cold, "full": min(runs, key=lambda r: r["cpu"]), "load": load()}
            print(
                f"{name:8} empty cache {cold['wall']:6.1f} s ({cold['cpu']:5.1f} s of processor),"
                f" full {rows[name]['full']['wall']:6.1f} s ({rows[name]['full']['cpu']:5.1f} s), load {load()}",
                flush=True,
            )
    return rows


def _elsewhere(command: list[str], folder: Path, mark: str) -> list[str]:
    """An attack writes to a folder that is not there yet."""
    return [str(folder / f"run-{mark}") if part == "run" else part for part in command]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.commands", description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="interpreter of the environment (default: this one)")
    parser.add_argument("--label", default="now", help="what is measured; a row of that name is replaced")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    a = parser.parse_args()
    record = json.loads(a.out.read_text(encoding="utf-8")) if a.out.exists() else {}
    start = load()
    rows = measure(a.python, a.repeats)
    record[a.label] = {"commands": rows, "load": [start, load()], "environment": environment()}
    a.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
