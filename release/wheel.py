"""Builds the wheel, with the kernels' machine code in it, and tries it: ``python release/wheel.py``, or ``make wheel``.

The kernels are compiled for one instruction set by running the commands of the first minute on a copy of the tracked
files; what numba would keep in its cache is kept in the package instead (``mtp_theory/prebuilt``). The wheel is of this
system's platform and serves every Python version: where the code fits, it is used, where not, compiled as before.

The wheel is then installed into a folder of its own and the same commands run outside the tree with an empty cache:
none may compile anything, and none may write into the wheel's folder.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from mtp_theory.prebuilt import CPU, WRITE_TO  # noqa: E402

DATA = "digits-1-7"
LOSSES = {"hinge": "0.09", "logistic": "0.09"}
START = "from mtp_theory.cli import main; main()"


def commands(loss: str, c_r: str, data: str = DATA) -> list[list[str]]:
    """What a newcomer runs: the kernels that these need are compiled."""
    problem = ["--loss", loss, "--c-r", c_r]
    mark = f"{loss}-{Path(data).stem}"
    target = ["--target", f"{mark}.npz"]
    return [
        ["target", data, *problem, "--out", f"{mark}.npz"],
        ["attack", data, *target, *problem, "--max-points", "60", "--out", f"run-{mark}"],
        ["bound", data, *target, *problem, "--certificate", f"{mark}.json", "--points", f"{mark}-points.npz"],
        ["verify", f"{mark}.json", data, "--points", f"{mark}-points.npz"],
    ]


def compile_kernels(tree: Path) -> int:
    """Run the commands on ``tree`` for the processor ``CPU``; the number of files of machine code."""
    folder = tree / "mtp_theory" / "prebuilt"
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree),
        WRITE_TO: str(folder),
        "NUMBA_CPU_NAME": CPU,
        # The instructions that the name stands for; numba would add those of the machine at hand.
        "NUMBA_CPU_FEATURES": "",
        "OMP_NUM_THREADS": "1",
    }
    with tempfile.TemporaryDirectory() as work:
        for loss, c_r in LOSSES.items():
            for command in commands(loss, c_r):
                print("  mtp-theory", *command, flush=True)
                _run([sys.executable, "-c", START, *command], Path(work), environment)
    return len(list(folder.glob("*.nbc")))


def attempt(wheel: Path) -> str:
    """Run the commands from the installed ``wheel`` with an empty cache; what was found, or the end of the process."""
    with tempfile.TemporaryDirectory() as parent:
        site, work, cache = (Path(parent) / name for name in ("site", "work", "cache"))
        for folder in (work, cache):
            folder.mkdir()
        install = ["--quiet", "--no-deps", "--no-compile", "--target", str(site), str(wheel)]
        subprocess.run([sys.executable, "-m", "pip", "install", *install], check=True)
        before = sorted(path for path in site.rglob("*") if path.suffix in (".nbi", ".nbc"))
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_", WRITE_TO))},
            "PYTHONPATH": str(site),
            "NUMBA_CACHE_DIR": str(cache),
            "OMP_NUM_THREADS": "1",
        }
        ask = "import mtp_theory.prebuilt as p; print(p.__file__, p.usable())"
        found, usable = _run([sys.executable, "-c", ask], work, environment).stdout.split()
        if not Path(found).is_relative_to(site):
            raise SystemExit(f"the wheel was not tried: {found} was imported")
        compiled = False
        for command in [["experiment", "list"], *(c for loss, c_r in LOSSES.items() for c in commands(loss, c_r))]:
            done = _run([sys.executable, "-c", START, *command], work, environment)
            compiled |= "compiling" in done.stderr
        written = [path.name for path in cache.rglob("*.nbc")]
        if sorted(path for path in site.rglob("*") if path.suffix in (".nbi", ".nbc")) != before:
            raise SystemExit("the wheel's folder was written to")
        if usable == "False":
            return f"the commands run; this processor has not the instructions of {CPU}, so they compiled"
        if before and (compiled or written):
            raise SystemExit(f"compiled although the wheel has machine code: {written or 'nothing that could be kept'}")
        if not before and not written:
            raise SystemExit("neither compiled nor brought: this check sees nothing")
        return "the commands run and compile nothing" if before else "the commands run"


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[2:])} failed with exit code {done.returncode}: {done.stderr.strip()}")
    return done


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python release/wheel.py", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder for the wheel (default: dist)")
    parser.add_argument("--pure", action="store_true", help="without machine code, for every platform")
    a = parser.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as parent:
        tree = Path(parent) / "tree"
        tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        for name in filter(None, tracked.stdout.split("\0")):
            if (ROOT / name).is_file():
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, tree / name)
        if not a.pure:
            print(f"compiling the kernels for {CPU}", flush=True)
            print(f"  {compile_kernels(tree)} kernels", flush=True)
        built = Path(parent) / "wheel"
        subprocess.run(
            [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(built), str(tree)],
            check=True,
        )
        (wheel,) = built.iterdir()
        shutil.copyfile(wheel, a.out / wheel.name)
        print(f"{a.out / wheel.name}: {attempt(a.out / wheel.name)}")


if __name__ == "__main__":
    main()
