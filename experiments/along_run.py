"""What the models along a run need: the tight bound at the model that n online points induce, with controls.

    MTP_DATA_DIR=... python experiments/along_run.py [NAME ...] [--out experiments/results/bounds]

The attack of a grid's run is run again on its target, beyond the number of points that the target needs. For a thinned
set of n: the certified bound at the model that the first n points induce, and the best value of Theorem 2's bound at
the models of an attack on that induced model, which is how the paper evaluates it. Controls: the same number of flipped
rows, of random points of the domain, and of copies of clean rows. One JSON file for each name, written after each n.
The MNIST and Adult targets are reconstructed by the published recipe; they are not the authors' files.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from subjects import C_R, RESULTS, stored

from mtp_theory import datasets
from mtp_theory.attacks import online
from mtp_theory.bounds.answer import versions_of
from mtp_theory.bounds.target import bound
from mtp_theory.datasets import Dataset
from mtp_theory.problem import Problem
from mtp_theory.training import make_trainer

SEED = 0
#: name: (data, run with the target, model, numbers of points, numbers of points of the controls)
SUBJECTS: dict[str, tuple[str, str, str, list[int], list[int]]] = {
    "along-adult-17": ("adult", "adult-svm/targets-17", "1.0",
                       [25, 100, 250, 500, 900, 1300, 1600, 1857, 2200, 2600, 3100, 3700], [500, 1857]),
    "along-mnist-0.05": ("mnist-1-7", "mnist-svm/targets", "0.05",
                         [100, 300, 600, 1000, 1400, 1772, 2100, 2404, 3000, 3600, 4200, 4800], [500, 1772]),
}  # fmt: skip


def controls(data: Dataset, n: int, rng: np.random.Generator) -> dict[str, tuple[Any, Any]]:
    """n flipped rows, n random points of the domain, n copies of clean rows: (X, y) each."""
    rows = rng.integers(data.n, size=n)
    X, y = data.X[rows] / data.scale, data.y[rows]
    noise = data.lower + (data.upper - data.lower) * rng.uniform(size=(n, data.d))
    whole = rng.integers(np.ceil(data.lower).astype(int), np.floor(data.upper).astype(int) + 1, size=(n, data.d))
    noise[:, data.integer] = whole[:, data.integer]
    return {"flipped": (X, -y), "noise": (noise, rng.choice([-1.0, 1.0], n)), "copies": (X, y)}


def measured(series: str, n: int, data: Dataset, problem: Problem, theta: Any, best: float | None) -> dict[str, Any]:
    """A row: the certified bound at the model, beside the best value of Theorem 2 at the models of an attack on it."""
    start = time.perf_counter()
    result = bound(problem, theta, data=data, search=False)
    row = {
        "n": n, "series": series, "lower_bound": result.lower_bound, "best_iterate": best,
        "fractional_minimum": result.fractional_minimum, "status": result.status, "reason": result.reason,
        "target_mode": result.target_mode, "radius": result.radius, "seconds": time.perf_counter() - start,
    }  # fmt: skip
    print(f"{series} {n}: at least {result.lower_bound}, best iterate {best}", flush=True)
    return row


def rows_of(name: str) -> Iterator[dict[str, Any]]:
    """The file's content for one subject, after each n."""
    source, key, model, numbers, few = SUBJECTS[name]
    data = datasets.load(source, data_dir=os.environ.get("MTP_DATA_DIR"))
    problem, target = data.problem("hinge", C_R), np.array(stored()[key]["models"][model])
    run = online(problem, target, max_points=max(numbers), keep_models=True)
    rows: list[dict[str, Any]] = []
    top = {
        "subject": name, "data": source, "identity": data.identity, "run": key, "model": model, "loss": "hinge",
        "c_r": C_R, "seed": SEED, "versions": versions_of(),
        "distances": [[n, run.rows[n].distance] for n in numbers], "rows": rows,
    }  # fmt: skip
    for n in numbers:
        again = online(problem, run.thetas[n], max_points=n)
        rows.append(measured("online", n, data, problem, run.thetas[n], again.lower_bound))
        yield top
    rng = np.random.default_rng(SEED)
    for n in few:
        for series, (X, y) in controls(data, n, rng).items():
            trainer = make_trainer(problem)
            trainer.add_many(X, y)
            rows.append(measured(series, n, data, problem, trainer.fit().theta, None))
            yield top


def main() -> int:
    """Run the subjects named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--out", type=Path, default=RESULTS / "bounds")
    arguments = parser.parse_args()
    for name in arguments.names or SUBJECTS:
        for top in rows_of(name):
            (arguments.out / f"{name}.json").write_text(json.dumps(top, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
