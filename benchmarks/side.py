"""One side of a comparison in a process of its own: prints one JSON object.

python -m benchmarks.side SIDE CASE [--data-dir DIR] [--trajectory FILE] [--rounds R] [--repeats K]
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from functools import partial
from typing import Any

import numpy as np

from mtp_theory.attacks import online
from mtp_theory.problem import Problem
from mtp_theory.shadow import Oracle
from mtp_theory.training import make_trainer

from . import ablation, paper_way, storage
from .cases import by_name, synthetic
from .clock import Clock, least, load

#: Points in one entry of the growth with the number of points.
BLOCK = 500


def subject(name: str, data_dir: str | None) -> tuple[Problem, Any, float, int]:
    """Problem, target, epsilon and budget of a case, or of ``synthetic N D LOSS BUDGET``."""
    if name.startswith("synthetic "):
        _, n, d, loss, budget = name.split()
        problem, target = synthetic(int(n), int(d), loss)
        return problem, target, 0.0, int(budget)
    case = by_name(name)
    problem, target = case.load(data_dir)
    return problem, target, case.epsilon, case.budget


def ours(name: str, data_dir: str | None, trajectory: str, rounds: int, repeats: int) -> dict[str, Any]:
    """The whole attack, start-up included and compilation excluded, with a clock on each part.

    Every repetition makes the same iterations; of each iteration the fastest counts, as of the other side's rounds.
    """
    problem, target, epsilon, budget = subject(name, data_dir)
    online(problem, target, max_points=2)
    laps, training_laps, search_laps = [], [], []
    for _ in range(repeats):
        stamps = [time.process_time()]
        trainer, oracle = make_trainer(problem), Oracle(problem.loss, problem.domain, target, bias=problem.bias)
        training, search = Clock(), Clock()
        fit, add, maximise = trainer.fit, trainer.add, oracle.maximise
        trainer.fit = partial(training.call, fit)  # type: ignore[method-assign]
        trainer.add = partial(training.call, add)  # type: ignore[method-assign]
        oracle.maximise = partial(search.call, maximise)  # type: ignore[method-assign]
        run = online(
            problem, target, epsilon=epsilon, max_points=budget, trainer=trainer, oracle=oracle, keep_models=True,
            on_row=lambda row, s=stamps: s.append(time.process_time()),  # type: ignore[misc]
        )  # fmt: skip
        laps.append(np.diff(stamps))
        training_laps.append(training.laps)
        search_laps.append(search.laps)
    points = run.points
    if points == 0:
        raise SystemExit(f"{name}: the clean model is already as close as asked")
    chosen = np.unique(np.linspace(0, points - 1, rounds).astype(int))
    np.savez(
        trajectory, X=run.X, y=run.y, rounds=chosen, thetas=np.array([run.thetas[k] for k in chosen]),
        before=np.array([run.thetas[k - 1 if k else 1] for k in chosen]),
        distances=np.array([run.rows[k].distance for k in chosen]),
    )  # fmt: skip
    models = [run.thetas[k] for k in chosen]
    single = least(lambda: [maximise(theta) for theta in models], 20) / len(models)
    # The first lap is the start-up and the first maximum.
    fastest = np.min(laps, axis=0)
    marks = [*range(0, points, BLOCK), points]
    return {
        "n": problem.n_points, "d": problem.d, "points": points, "status": run.status, "repeats": repeats,
        "seconds": float(min(np.sum(laps, axis=1))), "seconds_of_runs": [float(np.sum(t)) for t in laps],
        "ms_total": 1e3 * float(np.sum(fastest)) / points,
        "ms_training": 1e3 * float(np.sum(np.min(training_laps, axis=0))) / points,
        "ms_oracle": 1e3 * float(np.sum(np.min(search_laps, axis=0))) / points, "us_oracle_call": 1e6 * single,
        "ms_start": 1e3 * float(fastest[0]), "median_ms": 1e3 * float(np.median(fastest[1:])),
        "gap": max(r.gap for r in run.rows), "full_gap": trainer.full_gap(),
        "ms_by_points": [
            [int(b), 1e3 * float(np.mean(fastest[a + 1 : b + 1]))] for a, b in itertools.pairwise(marks)
        ],
    }  # fmt: skip


def paper(name: str, data_dir: str | None, trajectory: str, repeats: int) -> dict[str, Any]:
    """The paper's round at the same models and the same points, at the sampled rounds.

    The linear programs may start from the last solution, so each timed search follows an untimed one at the model of
    the round before.
    """
    problem, target, _, _ = subject(name, data_dir)
    stored = np.load(trajectory, allow_pickle=False)
    training = paper_way.Training(problem, stored["X"], stored["y"])
    oracle = paper_way.oracle(problem, target)
    adam = isinstance(oracle, paper_way.Adam)
    oracle_rounds = range(0, len(stored["rounds"]), 1 if not adam else max(1, len(stored["rounds"]) // 3))
    fits, excess, searches, shares = [], [], [], []
    training.fit(0)  # imports scikit-learn
    for i, k in enumerate(stored["rounds"]):
        clock = Clock()
        for _ in range(repeats):
            theta = clock.call(training.fit, int(k))
        fits.append(min(clock.laps))
        grown = Problem(
            training.X[: problem.n_points + k], training.y[: problem.n_points + k], problem.loss, problem.c_r,
            problem.domain,
        )  # fmt: skip
        excess.append(grown.objective(theta) - grown.objective(stored["thetas"][i]))
        if i in oracle_rounds:
            clock = Clock()
            for _ in range(1 if adam else repeats):
                if isinstance(oracle, paper_way.LinearPrograms):
                    oracle.maximise(stored["before"][i])
                value, _, _ = clock.call(oracle.maximise, stored["thetas"][i])
            searches.append(min(clock.laps))
            shares.append(value / float(stored["distances"][i]))
    return {
        "rounds": len(fits), "oracle_rounds": len(searches),
        "ms_training": 1e3 * float(np.mean(fits)), "ms_oracle": 1e3 * float(np.mean(searches)),
        "ms_total": 1e3 * float(np.mean(fits) + np.mean(searches)),
        # How far each of its steps is from the exact one.
        "objective_excess": float(max(excess)), "least_share_of_maximum": float(min(shares)),
        "greatest_share_of_maximum": float(max(shares)),
    }  # fmt: skip


def oracles(dims: list[int], repeats: int) -> list[dict[str, Any]]:
    """One call of the maximiser on [0, 1]^d for Gaussian models, both labels, least of several means."""
    from mtp_theory.domains import Box

    rows = []
    for loss in ("hinge", "logistic"):
        for d in dims:
            generator = np.random.default_rng(d)
            calls = max(1, min(200, 200_000 // d))
            models = 4 * generator.normal(size=(calls + 1, d + 1)) / np.sqrt(d)
            # A target near each model is the harder case: many features lie on the chain.
            oracle = Oracle(loss, Box.unit(d), models[0])
            thetas = [theta + models[0] for theta in models[1:]]
            for theta in thetas:
                oracle.maximise(theta)
            seconds = least(lambda o=oracle, t=thetas: [o.maximise(x) for x in t], repeats) / calls
            widths = [m.upper - m.lower for m in map(oracle.maximise, thetas)]
            rows.append({"loss": loss, "d": d, "us": 1e6 * seconds, "enclosure": float(max(widths))})
    return rows


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("side", choices=("ours", "paper", "ablation", "oracles", "storage"))
    parser.add_argument("case")
    parser.add_argument("--data-dir")
    parser.add_argument("--trajectory", default="")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--repeats", type=int, default=2)
    a = parser.parse_args()
    start = load()
    result: Any
    if a.side == "ours":
        result = ours(a.case, a.data_dir, a.trajectory, a.rounds, a.repeats)
    elif a.side == "paper":
        result = paper(a.case, a.data_dir, a.trajectory, a.repeats)
    elif a.side == "ablation":
        problem, target, _, _ = subject(a.case, a.data_dir)
        result = ablation.measure(problem, target, a.trajectory, a.repeats)
    elif a.side == "storage":
        problem, target, _, _ = subject(a.case, a.data_dir)
        result = storage.measure(problem, target, a.rounds)
    else:
        result = {"rows": oracles([int(d) for d in a.case.split()], a.repeats)}
    print(json.dumps({**result, "load": [start, load()]}))


if __name__ == "__main__":
    main()
