"""Killed at random moments, a full disk, a folder that cannot be written, two processes on one folder.

``python -m campaigns.crash [--kills 200] [--seed 0] [--write]``. Four commands on small data: an attack with
checkpoints, a bound with its certificates, a check of claims, a grid of runs. Each is done once without a disturbance.
Then, so many times in all: it is begun in a process of its own, killed (SIGKILL) at a moment drawn uniformly from its
duration, begun again with what it left, and must end with the same files, the same content, and nothing else in the
folder. Between the kill and the second run no file may be half-written: every one has to be read. Content is compared
without times and durations (VOLATILE). Processes are forked from this one, which has imported and compiled everything.

A full disk: a tmpfs of a few pages, where one may be mounted (root); else a limit of file size (RLIMIT_FSIZE with
SIGXFSZ ignored: EFBIG). The command must end with exit code 2 and one line, leave nothing half-written, and go on to
the same result when there is room. A read-only folder: a tmpfs mounted so, or the folder's mode.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

RESULTS = Path(__file__).parent / "results" / "crash.json"
#: What differs from run to run by its nature.
VOLATILE = {"seconds", "cpu_seconds", "time", "environment"}
#: Checkpoints of the attack come every so many rounds here, so that kills fall before, between and into them.
ROUNDS = 25
POINTS = 120
GRID = """name: crash
title: Small runs
defaults: {data: digits-1-7, loss: hinge, c_r: 0.09}
runs:
  - {name: targets, kind: targets, method: koh, goals: [0.05], grid: koh}
  - {name: online, kind: online, target: "targets:0.05", epsilon: 0.5, bounds: [exact]}
  - {name: two-copies, kind: online, target: "targets:0.05", epsilon: 0.5, copies: 2}
  - {name: label-flip, kind: label_flip, points: "online:points", repeats: 2}
"""


@dataclass(frozen=True)
class Command:
    """``arguments(folder)`` of the command line; ``again`` where an earlier run is gone on with."""

    name: str
    arguments: Callable[[Path], list[str]]
    again: tuple[str, ...] = ()


def prepared(folder: Path) -> list[Command]:
    """The data, models and grid of the four commands."""
    from mtp_theory.datasets import Dataset, load, save, save_model

    digits = folder / "target.npz"
    save_model(digits, -load("digits-1-7").problem("hinge", 0.09).clean.theta)
    rng = np.random.default_rng(3)
    y = np.where(np.arange(24) % 2, 1.0, -1.0)
    data = Dataset(np.round(16 * np.clip(0.5 + 0.2 * y[:, None] + 0.3 * rng.normal(size=(24, 2)), 0, 1)) / 16, y)
    small, model = folder / "small.npz", folder / "model.npz"
    save(data, small)
    save_model(model, np.array([-3.0, 1.0, 0.5]))
    grid = folder / "crash.yaml"
    grid.write_text(GRID)
    hinge = ["--loss", "hinge", "--c-r", "0.09"]
    return [
        Command("attack", lambda out: ["attack", "digits-1-7", "--target", str(digits), *hinge, "--max-points",
                                       str(POINTS), "--out", str(out / "run")], ("--resume",)),
        Command("bound", lambda out: ["bound", str(small), "--target", str(model), *hinge,
                                      "--certificate", str(out / "lower.json"), "--points", str(out / "points.npz"),
                                      "--upper-certificate", str(out / "upper.json")]),
        Command("check", lambda out: ["check", "lemma-1", "--examples", "20", "--no-embedded", "--evidence", str(out)]),
        Command("experiment", lambda out: ["experiment", "run", str(grid), "--out", str(out)]),
    ]  # fmt: skip


def begun(arguments: list[str], said: Path, before: Callable[[], None] | None = None) -> int:
    """A forked process that runs the command line; its output goes to the file ``said``."""
    child = os.fork()
    if child:
        return child
    code: Any = 70
    try:
        with said.open("w") as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
            sys.argv = ["mtp-theory", *arguments]
            if before is not None:
                before()
            from mtp_theory.cli import main

            try:
                main()
            except SystemExit as stop:
                code = stop.code or 0
            sys.stdout.flush()
            sys.stderr.flush()
    finally:
        os._exit(code if isinstance(code, int) else 70)


def warm(command: Command, folder: Path) -> None:
    """Run it in this process, so that those forked from it need not import and load compiled code again."""
    from mtp_theory.cli import main

    folder.mkdir()
    nowhere = io.StringIO()
    with (
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        mock.patch.object(sys, "argv", ["mtp-theory", *command.arguments(folder)]),
        contextlib.suppress(SystemExit),
    ):
        main()


def ended(child: int) -> int:
    """Its exit code; negative: the signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def steady(value: Any) -> Any:
    """JSON without what differs by its nature."""
    if isinstance(value, dict):
        return {k: steady(v) for k, v in value.items() if k not in VOLATILE}
    return [steady(v) for v in value] if isinstance(value, list) else value


def content(path: Path) -> Any:
    """What a file says. Raises ValueError (or what its reader raises) for one that is half-written."""
    if path.suffix == ".json":
        return steady(json.loads(path.read_text()))
    if path.suffix == ".npz":
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            return {name: (arrays[name].shape, arrays[name].tobytes()) for name in sorted(arrays.files)}
    text = path.read_text()
    if path.suffix == ".csv" and not text.endswith("\n"):
        raise ValueError("its last line has no end")
    return text


def files(folder: Path, leftovers: bool = False) -> dict[str, Any]:
    """Content by name; of the ledger's dated names their kind. ``leftovers``: those of killed processes too."""
    out: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(".lock") and (leftovers or not path.name.endswith(".part")):
            name = "checks" if path.name.startswith("checks-") else str(path.relative_to(folder))
            out[name] = content(path) if not path.name.endswith(".part") else None
    return out


def once(command: Command, folder: Path) -> tuple[dict[str, Any], float]:
    """The undisturbed run's files and its seconds."""
    folder.mkdir()
    start = time.monotonic()
    code = ended(begun(command.arguments(folder), folder.with_suffix(".said")))
    if code != 0:
        raise RuntimeError(f"{command.name}: exit {code}: {folder.with_suffix('.said').read_text()[-500:]}")
    return files(folder, leftovers=True), time.monotonic() - start


def killed(command: Command, folder: Path, after: float, wanted: dict[str, Any]) -> tuple[str, str]:
    """Kill it then, begin it again: what was left, and "" or what is wrong."""
    folder.mkdir()
    said = folder.with_suffix(".said")
    child = begun(command.arguments(folder), said)
    time.sleep(after)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    code = ended(child)
    if code not in (0, -signal.SIGKILL):
        return "ended", f"exit {code} before the kill"
    try:
        left = files(folder)
    except Exception as error:
        return "left", f"half-written: {type(error).__name__}: {error}"
    parts = any(p.name.endswith(".part") for p in folder.rglob("*"))
    kind = "ended before the kill" if code == 0 else "killed" + (", a part left" if parts else "") + (
        ", before any file" if not left else ""
    )  # fmt: skip
    if code == 0 and command.again:
        return kind, "" if left == wanted else "another result"
    holds = command.again and (folder / "run").exists()
    code = ended(begun([*command.arguments(folder), *(command.again if holds else ())], said))
    if code != 0:
        return kind, f"exit {code} when begun again: {said.read_text()[-300:]}"
    now = files(folder, leftovers=True)
    if now.keys() != wanted.keys():
        return kind, f"other files: {sorted(now.keys() ^ wanted.keys())}"
    different = [name for name in wanted if now[name] != wanted[name]]
    return kind, f"another content: {different}" if different else ""


def fewer_than_wanted(left: dict[str, Any], wanted: dict[str, Any]) -> str:
    """ "" where what is there is a part of what is wanted, file by file."""
    strange = sorted(name for name in left if name not in wanted)
    return f"strange files: {strange}" if strange else ""


@contextlib.contextmanager
def disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of that size on the folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def mountable() -> bool:
    """May a small file system be mounted here?"""
    if shutil.which("mount") is None or os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as name:
        try:
            with disk(Path(name), "4k"):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


def small_files() -> None:
    """Every file ends at 512 bytes (EFBIG)."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))


def refused(code: int, said: Path) -> str:
    """ "" where the command ended as it should when it cannot write: exit 2 and one line."""
    lines = [line for line in said.read_text().splitlines() if line.startswith("error:")]
    if code == 2 and len(lines) == 1 and "Traceback" not in said.read_text():
        return ""
    return f"exit {code}: {said.read_text()[-300:]}"


def full(command: Command, folder: Path, size: str | None, wanted: dict[str, Any]) -> tuple[str, str]:
    """A disk of that size (None: files of at most 512 bytes), then one with room: outcome, and "" or what is wrong."""
    folder.mkdir()
    said = folder.with_suffix(".said")
    with disk(folder, size) if size else contextlib.nullcontext():
        code = ended(begun(command.arguments(folder), said, None if size else small_files))
        if code == 0:
            now = files(folder, leftovers=True)
            return "fits", "" if now == wanted else "another result"
        wrong = refused(code, said)
        try:
            left = files(folder, leftovers=True)
        except Exception as error:
            return "full", f"half-written: {type(error).__name__}: {error}"
        wrong = wrong or fewer_than_wanted(left, wanted)
        if wrong:
            return "full", wrong
        if size:
            subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
        holds = command.again and (folder / "run").exists()
        code = ended(begun([*command.arguments(folder), *(command.again if holds else ())], said))
        now = files(folder, leftovers=True)
        return "full", "" if code == 0 and now == wanted else f"exit {code} with room again, or another result"


def unwritable(command: Command, folder: Path, mount: bool, wanted: dict[str, Any]) -> tuple[str, str]:
    """A folder that may only be read."""
    if not mount and os.geteuid() == 0:
        return "not tried: root may write everywhere and nothing can be mounted", ""
    folder.mkdir()
    said = folder.with_suffix(".said")
    with disk(folder, "1m") if mount else contextlib.nullcontext():
        if mount:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        else:
            folder.chmod(0o555)
        code = ended(begun(command.arguments(folder), said))
        return "read-only", refused(code, said) or ("files were written" if any(folder.iterdir()) else "")


def two(command: Command, folder: Path, later: float, wanted: dict[str, Any]) -> tuple[str, str]:
    """Two processes, the second a little later; each ends well or is refused in one line, and the files are right."""
    folder.mkdir()
    saids = [folder.with_suffix(f".said{k}") for k in range(2)]
    first = begun(command.arguments(folder), saids[0])
    time.sleep(later)
    codes = [ended(child) for child in (first, begun(command.arguments(folder), saids[1]))]
    for code, said in zip(codes, saids, strict=True):
        if code != 0 and refused(code, said):
            return "two", refused(code, said)
    if codes == [2, 2]:
        return "two", "both refused"
    now = files(folder, leftovers=True)
    return f"two: exits {sorted(codes)}", "" if now == wanted else "another result"


SIZES = ("4k", "8k", "12k", "16k", "20k", "24k", "32k", "48k", "64k")


def campaign(kills: int, seed: int, folder: Path, few: bool = False) -> dict[str, Any]:
    """All of it; the figures. ``few``: one full disk and one pair of processes for each command."""
    from mtp_theory.attacks import base

    base.usual_interval = lambda engine: ROUNDS
    random_moments, mount, start = random.Random(seed), mountable(), time.monotonic()
    outcomes: Counter[str] = Counter()
    findings: list[dict[str, Any]] = []
    count = 0

    def noted(what: str, command: Command, outcome: tuple[str, str]) -> None:
        outcomes[f"{what}, {command.name}: {outcome[0]}"] += 1
        if outcome[1]:
            findings.append({"what": what, "command": command.name, "wrong": outcome[1]})
            print(json.dumps(findings[-1]), flush=True)

    commands = prepared(folder)
    for number, command in enumerate(commands):
        warm(command, folder / f"warm-{command.name}")
        wanted, seconds = once(command, folder / f"whole-{command.name}")
        for _ in range((kills + number) // len(commands)):
            count += 1
            noted("kill", command, killed(command, folder / f"k{count}", random_moments.uniform(0, seconds), wanted))
        for size in SIZES[1 : 2 if few else None] if mount else (None,):
            count += 1
            noted("full disk", command, full(command, folder / f"k{count}", size, wanted))
        count += 1
        noted("read-only folder", command, unwritable(command, folder / f"k{count}", mount, wanted))
        for later in (0.0,) if few else (0.0, 0.1 * seconds, 0.5 * seconds):
            count += 1
            noted("two processes", command, two(command, folder / f"k{count}", later, wanted))
        print(command.name, f"{seconds:.2f} s undisturbed,", f"{time.monotonic() - start:.0f} s so far", flush=True)
    return {
        "kills": sum(n for name, n in outcomes.items() if name.startswith("kill")),
        "seed": seed,
        "full_disk_by": "tmpfs of 4k to 64k" if mount else "RLIMIT_FSIZE of 512 bytes",
        "outcomes": dict(sorted(outcomes.items())),
        "findings": findings,
        "seconds": round(time.monotonic() - start),
    }


def main() -> int:
    """Try it; exit 1 where something was lost, half-written or different."""
    parser = argparse.ArgumentParser(prog="campaigns.crash")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--few", action="store_true", help="of the full disks and pairs of processes")
    parser.add_argument("--write", action="store_true", help="keep the figures in campaigns/results")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        figures = campaign(options.kills, options.seed, Path(name), options.few)
    print(json.dumps(figures, indent=1))
    if options.write:
        RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if figures["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
