"""``python -m campaigns.fuzz [--seconds 60] [--inputs N] [--seed 0] [--write]``: hostile inputs until the time is over.

A finding is a crash, a hang, a traceback, a message of more than a line, two readers that disagree, or more memory than
MEGABYTES. Exit 1 where there is one; each is printed with its seed, ``--only SEED`` tries that one again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from select import select
from typing import Any

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "campaigns" / "results" / "fuzz.json"
#: Beyond the file's own size and the interpreter.
MEGABYTES = 512
#: CPU time; an honest certificate of these sizes takes a tenth of it.
SECONDS = 20.0
#: Without an answer for so long, by the clock, the worker hangs; on a busy machine it may get a tenth of a core.
SILENT_SECONDS = 600.0


def prepared(folder: Path) -> None:
    """Valid certificates of every kind with their files."""
    sys.path.insert(0, str(ROOT / "tests"))
    from reference.certificate_instances import KINDS, make

    from mtp_theory.certificates import format as write

    cases: dict[str, Any] = {}
    for kind in KINDS:
        case = make(kind, folder)
        path = folder / f"{kind}.certificate.json"
        path.write_text(write.text(case.top))
        points = None if case.points is None else str(case.points)
        cases[kind] = {"certificate": str(path), "data": str(case.data), "points": points}
    (folder / "cases.json").write_text(json.dumps(cases))


class Worker:
    """A process that is begun anew after a crash or a hang."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.begin()

    def begin(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "campaigns.fuzz.worker", str(self.folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT,
        )  # fmt: skip

    def ask(self, seed: int) -> dict[str, Any]:
        """The worker's answer; "hang" or "crash" where there is none."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{seed}\n".encode())
        self.process.stdin.flush()
        ready, _, _ = select([self.process.stdout], [], [], SILENT_SECONDS)
        line = self.process.stdout.readline() if ready else b""
        if line:
            answer: dict[str, Any] = json.loads(line)
            return answer
        verdict = "crash" if ready else "hang"
        self.process.kill()
        code = self.process.wait()
        self.begin()
        return {"seed": seed, "kind": "?", "verdict": verdict, "text": f"exit {code}", "seconds": 0.0, "megabytes": 0.0}

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def found(answer: dict[str, Any]) -> str | None:
    """Why the answer is a finding; None where it is none."""
    if answer["verdict"] in ("fault", "hang", "crash"):
        return str(answer["verdict"])
    if answer["megabytes"] > MEGABYTES:
        return "memory"
    return "time" if answer["seconds"] > SECONDS else None


def main() -> int:
    """Run until the time is over."""
    parser = argparse.ArgumentParser(prog="campaigns.fuzz")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--inputs", type=int, default=10**9, help="stop after so many, the same ones every time")
    parser.add_argument("--only", type=int)
    parser.add_argument("--write", action="store_true", help="keep the figures in campaigns/results")
    options = parser.parse_args()
    tried: Counter[str] = Counter()
    findings: list[dict[str, Any]] = []
    slowest, largest = 0.0, 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared(folder)
        worker, start, seed = Worker(folder), time.monotonic(), options.seed * 10**9
        while time.monotonic() - start < options.seconds and sum(tried.values()) < options.inputs:
            answer = worker.ask(seed if options.only is None else options.only)
            tried[f"{answer['kind']}: {answer['verdict']}"] += 1
            slowest, largest = max(slowest, answer["seconds"]), max(largest, answer["megabytes"])
            why = found(answer)
            if why is not None:
                findings.append({"why": why, **answer})
                print(json.dumps(findings[-1]), flush=True)
            if options.only is not None:
                print(json.dumps(answer))
                break
            seed += 1
        worker.end()
    figures = {
        "seconds": round(time.monotonic() - start),
        "inputs": sum(tried.values()),
        "by_kind": dict(sorted(tried.items())),
        "findings": len(findings),
        "slowest_seconds": round(slowest, 2),
        "largest_megabytes": round(largest),
        "limit_megabytes": MEGABYTES,
        "limit_seconds": SECONDS,
    }
    print(json.dumps(figures, indent=1))
    if options.write:
        RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
