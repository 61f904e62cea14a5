"""Command line: ``python -m campaigns.mutation --sample 400 --seed 0 --resume``."""

from __future__ import annotations

import argparse
import importlib
import json
import math
import os
import shutil
import time
from pathlib import Path

# One thread, before numpy starts: forks and BLAS threads do not mix.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from . import campaign  # noqa: E402
from .report import write  # noqa: E402

#: Imported once, so that no fork pays for them.
PRELOADED = (
    "cvxpy", "flint", "hypothesis.strategies", "joblib", "numba", "numpy", "pooch", "rich.console", "scipy.optimize",
    "scipy.sparse.linalg", "sklearn.datasets", "sklearn.linear_model", "sklearn.svm", "sympy",
)  # fmt: skip


def main() -> None:
    """Run what is not done yet and write the result."""
    parser = argparse.ArgumentParser(prog="python -m campaigns.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--revision", default="HEAD", help="the commit whose package and tests are used")
    parser.add_argument("--work", type=Path, default=campaign.ROOT / "build" / "mutation")
    parser.add_argument("--resume", action="store_true", help="go on with the tree and the outcomes in the work folder")
    parser.add_argument("--seconds", type=float, default=math.inf, help="stop after about this time")
    parser.add_argument("--limit", type=int, help="only the first mutants of the sample")
    parser.add_argument("--deep", action="store_true", help="give survivors of the first round all other tests too")
    parser.add_argument("--only", default="", help="only mutants whose name contains one of these, separated by ;")
    parser.add_argument("--after", default="", help="a later commit: its tests against the survivors")
    parser.add_argument("--tests", nargs="*", default=(), help="with --after: test files (default: all new ones)")
    parser.add_argument("--out", type=Path, default=campaign.RESULTS)
    a = parser.parse_args()
    stop = time.time() + a.seconds
    work, tree = a.work.resolve(), a.work.resolve() / "tree"
    if not a.resume:
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    for module in PRELOADED:
        importlib.import_module(module)
    meta_file, table_file = work / "meta.json", work / "baseline.json"
    if not meta_file.exists():
        commit = campaign.commit_of(a.revision)
        campaign.checkout(commit, campaign.PARTS, tree)
        meta_file.write_text(json.dumps({"revision": commit, "seed": a.seed, "sample": a.sample}), encoding="utf-8")
    meta = json.loads(meta_file.read_text(encoding="utf-8"))
    if not table_file.exists():
        start = time.time()
        table = campaign.baseline(tree, tuple(t for t in campaign.TESTS if (tree / t).exists()))
        table_file.write_text(json.dumps(table), encoding="utf-8")
        print(f"{len(table)} tests without a mutant, {time.time() - start:.0f} s", flush=True)
    table = json.loads(table_file.read_text(encoding="utf-8"))
    everything = campaign.population(tree)
    sample = campaign.draw(tree, everything, meta["sample"], meta["seed"])
    todo = [m for m in sample[: a.limit] if any(part in m.id for part in a.only.split(";"))]
    outcomes = campaign.run(tree, table, todo, work / "outcomes.jsonl", stop=stop, deep=a.deep)
    after: dict[str, campaign.Outcome] = {}
    later = ""
    if a.after or (work / "after.json").exists():
        later, after = campaign.rerun(work, table, sample, outcomes, a.after, tuple(a.tests), stop)
    tried = [m for m in sample if m.id in outcomes]
    meta |= {"population": {part: len(found) for part, found in everything.items()}, "later": later}
    record = write(a.out, meta, table, tried, outcomes, after)
    print(json.dumps({"first": record["first_pass"], "after": record["after"]}, indent=1))


if __name__ == "__main__":
    main()
