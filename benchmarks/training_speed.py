"""Milliseconds for each incremental fit against liblinear from scratch, in one run on one thread.

    MTP_DATA_DIR=... python benchmarks/training_speed.py [--steps 400] [--out benchmarks/results/training_speed.json]

A trajectory of the online attack (the exact maximiser chooses each point) on MNIST 1-7 and Adult, C_R = 0.09.
Only ``add`` and ``fit`` are timed. After every tenth of the steps the same points, as copied rows, go through
scikit-learn's LinearSVC or LogisticRegression(liblinear) from scratch, with the bias as a regularised constant, at
its default tolerance and at 1e-8. The machine may be shared, so the smallest of several times counts on both sides:
of each step over REPEATS trainers, of the baseline over REPEATS runs. The ratios compare medians, and means.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
import warnings
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np  # noqa: E402
import sklearn  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.svm import LinearSVC  # noqa: E402

from mtp_theory.datasets.adult import load_adult  # noqa: E402
from mtp_theory.datasets.mnist import load_mnist_1_7  # noqa: E402
from mtp_theory.domains import Box  # noqa: E402
from mtp_theory.problem import Problem  # noqa: E402
from mtp_theory.shadow import Oracle  # noqa: E402
from mtp_theory.training import make_trainer  # noqa: E402

C_R = 0.09
#: The target: retrained after this share of the rows, those of highest clean loss, was added twice with flipped label.
FLIPPED = 0.05
BASELINE_TOLERANCES = (1e-4, 1e-8)
REPEATS = 4


def target_of(problem: Problem, theta: Any) -> Any:
    """Model trained on the clean rows plus the flipped ones."""
    worst = np.argsort(problem.margins(theta), kind="stable")[: int(FLIPPED * problem.y.size)]
    trainer = make_trainer(problem)
    trainer.fit()
    rows = np.asarray(problem.X[worst], dtype=np.float64) / problem.scale
    trainer.add_many(rows, -problem.y[worst].astype(int), np.full(worst.size, 2))
    return trainer.fit().theta


def baseline(loss: str, X: Any, y: Any, tolerance: float) -> float:
    """Seconds of scikit-learn from scratch, the smallest of REPEATS runs."""
    C, times = 1.0 / (y.size * C_R), []
    for _ in range(REPEATS):
        model: Any
        if loss == "hinge":
            model = LinearSVC(loss="hinge", C=C, tol=tolerance, dual=True, max_iter=100_000)
        else:
            model = LogisticRegression(solver="liblinear", C=C, tol=tolerance, max_iter=10_000)
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(X, y)
        times.append(time.perf_counter() - start)
    return min(times)


def measure(name: str, loss: str, problem: Problem, steps: int) -> dict[str, Any]:
    """One trajectory: times of ours and the baseline's, gaps, ratios of medians."""
    trainer = make_trainer(problem)
    start = time.perf_counter()
    fit = trainer.fit()
    cold = time.perf_counter() - start
    oracle = Oracle(loss, problem.domain, target_of(problem, fit.theta))
    clean = np.asarray(problem.X, dtype=np.float64) / problem.scale
    chosen, times, gaps, full, iterations = [], [], [], [], []
    reference: dict[float, list[float]] = {tolerance: [] for tolerance in BASELINE_TOLERANCES}
    for step in range(steps):
        found = oracle.maximise(fit.theta)
        chosen.append((found.x.copy(), int(found.y)))
        start = time.perf_counter()
        trainer.add(*chosen[-1])
        fit = trainer.fit()
        times.append(time.perf_counter() - start)
        gaps.append(fit.gap)
        iterations.append(fit.iterations)
        if (step + 1) % max(1, steps // 10) == 0:
            full.append(trainer.full_gap())
            X = np.vstack([clean, [x for x, _ in chosen]])
            y = np.append(problem.y, [label for _, label in chosen])
            for tolerance in BASELINE_TOLERANCES:
                reference[tolerance].append(baseline(loss, X, y, tolerance))
    for _ in range(REPEATS - 1):
        again = make_trainer(problem)
        again.fit()
        for step, point in enumerate(chosen):
            start = time.perf_counter()
            again.add(*point)
            again.fit()
            times[step] = min(times[step], time.perf_counter() - start)
    ours = {"median_ms": 1e3 * float(np.median(times)), "mean_ms": 1e3 * float(np.mean(times))}
    others = {f"liblinear_tol_{t:g}_ms": 1e3 * float(np.median(v)) for t, v in reference.items()}
    return {
        "data": name,
        "loss": loss,
        "rows": int(problem.y.size),
        "features": problem.d,
        "steps": steps,
        "cold_ms": 1e3 * cold,
        **ours,
        **others,
        "ratio_median": {key: value / ours["median_ms"] for key, value in others.items()},
        "ratio_mean": {key: value / ours["mean_ms"] for key, value in others.items()},
        "worst_gap": max(gaps),
        "worst_full_gap": max(full),
        "mean_rounds_or_passes": float(np.mean(iterations)),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "training_speed.json")
    options = parser.parse_args()
    folder = Path(os.environ["MTP_DATA_DIR"])
    results = []
    for name, dataset in (("mnist-1-7", load_mnist_1_7(folder)), ("adult", load_adult(folder))):
        for loss in ("hinge", "logistic"):
            problem = Problem(dataset.X, dataset.y, loss, C_R, Box.unit(dataset.d), scale=dataset.scale)
            measure(name, loss, problem, 3)  # compiles
            results.append(measure(name, loss, problem, options.steps))
            print(json.dumps(results[-1]), flush=True)
    report = {
        "what": "incremental fits against liblinear from scratch, one thread, same run",
        "results": results,
        "load_average": os.getloadavg(),
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__},
        "machine": platform.machine(),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
