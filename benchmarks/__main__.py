"""Time the paper's way and this package on the same trajectories, in separate processes.

python -m benchmarks [--short] [--data-dir DIR] [--out FILE] [--parts attacks growth storage oracles]

Each part is written as soon as it is done, with the machine and its load; --parts measures some of them anew.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mtp_theory.evidence.machine import environment

from .cases import available, by_name
from .clock import ONE_THREAD, load

RESULTS = Path(__file__).parent / "results" / "attack_speed.json"


class Runner:
    """Starts the sides, one process after the other."""

    def __init__(self, data_dir: str | None, folder: str) -> None:
        self.data_dir, self.folder = data_dir, Path(folder)

    def side(self, side: str, case: str, **options: Any) -> dict[str, Any]:
        """What a side printed."""
        command = [sys.executable, "-m", "benchmarks.side", side, case]
        for key, value in ({"data_dir": self.data_dir} | options).items():
            if value is not None:
                command += [f"--{key.replace('_', '-')}", str(value)]
        done = subprocess.run(
            command, env={**os.environ, **ONE_THREAD}, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE,
            text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"benchmark {side} of {case!r} failed with exit code {done.returncode}")
        # HiGHS greets on stdout; the result is the last line.
        result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return result

    def pair(self, case: str, rounds: int, repeats: int) -> dict[str, Any]:
        """Both sides of one case. Ours is repeated more often: the machine's state varies over a long run."""
        trajectory = str(self.folder / f"{case.replace(' ', '_').replace('%', '')}.npz")
        mine = self.side("ours", case, trajectory=trajectory, rounds=rounds, repeats=2 * repeats - 1)
        theirs = self.side("paper", case, trajectory=trajectory, repeats=repeats)
        ratios = {part: theirs[f"ms_{part}"] / mine[f"ms_{part}"] for part in ("training", "oracle", "total")}
        print(
            f"{case:28} paper {theirs['ms_total']:9.2f} ms, ours {mine['ms_total']:7.3f} ms per iteration:"
            f" {ratios['total']:6.0f} times; {mine['points']} points, gap {mine['gap']:.1e}, load {load()}",
            flush=True,
        )
        return {"case": case, "paper": theirs, "ours": mine, "ratio": ratios, "trajectory": trajectory}


def attacks(runner: Runner, a: argparse.Namespace) -> dict[str, Any]:
    """Every attack by both sides, and what each part gives on the SVM ones."""
    cases = [c for c in available(runner.data_dir, a.short) if a.only in c.name]
    pairs = [runner.pair(c.name, 6 if a.short else 12, 1 if a.short else 3) for c in cases]
    ablated = [
        {"case": p["case"], **runner.side("ablation", p["case"], trajectory=p["trajectory"], repeats=2)}
        for p in pairs
        if by_name(p["case"]).loss == "hinge"
    ]
    for p in pairs:
        p.pop("trajectory")
    record: dict[str, Any] = {"attacks": pairs, "ablation": ablated}
    tables = [p["ours"]["seconds"] for p in pairs if by_name(p["case"]).table]
    if len(tables) == 6:
        record["six_table_runs_seconds"] = sum(tables)
        print(f"the six SVM runs of Tables 1 and 2: {sum(tables):.1f} s")
    return record


def growth(runner: Runner, short: bool) -> list[dict[str, Any]]:
    """Synthetic problems that grow in one size."""
    grids = (
        ("n", [(n, 64) for n in ((500, 2000) if short else (1000, 4000, 16000, 64000))]),
        ("d", [(2000, d) for d in ((256,) if short else (16, 64, 256, 1024, 4096))]),
    )
    rows = []
    for varied, sizes in grids:
        for n, d in sizes:
            pair = runner.pair(f"synthetic {n} {d} hinge {60 if short else 200}", 2 if short else 4, 1)
            pair.pop("trajectory")
            rows.append({"varied": varied, **pair})
    return rows


def storage(runner: Runner, short: bool) -> list[dict[str, Any]]:
    """Rows read, support and memory of a fit: more and more rows of one distribution, and the data sets."""
    sizes = (500, 2000) if short else (1000, 4000, 16000, 64000)
    names = [f"synthetic {n} 64 hinge 200" for n in sizes]
    seen = set()
    for case in available(runner.data_dir, short):
        if case.loss == "hinge" and case.data not in seen:
            seen.add(case.data)
            names.append(case.name)
    return [{"case": name, **runner.side("storage", name, rounds=200)} for name in names]


PARTS = ("attacks", "growth", "storage", "oracles")


def measure(part: str, runner: Runner, a: argparse.Namespace) -> dict[str, Any]:
    """One part of the record."""
    if part == "attacks":
        return attacks(runner, a)
    if part == "growth":
        return {"growth": growth(runner, a.short)}
    if part == "storage":
        return {"storage": storage(runner, a.short)}
    dims = "64 784 10000" if a.short else "64 784 10000 100000 1000000"
    rows = runner.side("oracles", dims, repeats=5)["rows"]
    for row in rows:
        print(f"oracle, {row['loss']:9} d = {row['d']:8}: {row['us']:12.1f} us")
    return {"oracles": rows}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="digits and synthetic data only, about a minute")
    parser.add_argument("--data-dir", help="folder with adult/ and mnist/ (default: MTP_DATA_DIR)")
    parser.add_argument(
        "--out", type=Path, help="JSON file (default: benchmarks/results/attack_speed.json; short: none)"
    )
    parser.add_argument("--only", default="", help="only cases whose name contains this; nothing is written")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="measure these parts anew")
    a = parser.parse_args()
    out = a.out or (None if a.short or a.only else RESULTS)
    record: dict[str, Any] = {"short": a.short, "threads": 1, "runs": {}}
    if out is not None and out.exists() and len(a.parts) < len(PARTS):
        record = json.loads(out.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(a.data_dir or os.environ.get("MTP_DATA_DIR"), folder)
        for part in a.parts if not a.only else ["attacks"]:
            start, began = load(), time.time()
            record |= measure(part, runner, a)
            # Each part says when it ran, where, and what else the machine was doing.
            record["runs"][part] = {
                "seconds": round(time.time() - began), "load": [start, load()], "environment": environment(),
            }  # fmt: skip
            if out is not None:
                out.parent.mkdir(parents=True, exist_ok=True)
                out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
                print(f"written: {part} in {out}", flush=True)


if __name__ == "__main__":
    main()
