"""Few points for a goal that is no model: a test error, a flipped subpopulation. A heuristic, no bound beside it.

    MTP_DATA_DIR=... python experiments/goals.py [NAME ...] [--out experiments/results/goals]

Two goals for each target (those of frontier.py, on digits one with a larger error): the error of the target itself,
and the error of the model that the online attack on it ended in. MNIST 1-7: all test rows; Adult: the test rows of the
subpopulation; digits: the training rows, since that data set has no others. Tried are the lines from the clean model
through the stored targets, through the models that the attacks ended in, through those of the sets that frontier.py
stored, and through a share of the published grid of label flips (SEARCHED; all of it would be several times as many
fits). From the cheapest model found a descent keeps as many of the wrong rows wrong as the goal needs, and lowers what
the model needs. The smallest set found is trained on anew by LIBLINEAR, and its model's error is the one that counts.
For each goal one JSON file ("search": the goal that its set was found for; a set may do for both), its points (distinct
ones with counts), and summary.json with all rows.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from dataclasses import dataclass
from importlib.resources import files
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from subjects import C_R, RESULTS, SUBJECTS, stored

from mtp_theory import datasets
from mtp_theory.attacks import online
from mtp_theory.bounds.answer import versions_of
from mtp_theory.bounds.goal.search import fewest_for_goal
from mtp_theory.datasets.npz import write_npz
from mtp_theory.problem import Problem
from mtp_theory.targets import Grid, choose, search, subpopulation
from mtp_theory.training import make_trainer

NAMES = ("digits", "mnist-0.05", "mnist-0.1", "mnist-0.15", "adult-17", "adult-12", "adult-19")
#: The paper's names of these targets in its Tables 1 and 2.
PAPER = {
    "mnist-0.05": ("mnist17", "5%"), "mnist-0.1": ("mnist17", "10%"), "mnist-0.15": ("mnist17", "15%"),
    "adult-17": ("adult", "cluster0"), "adult-12": ("adult", "cluster1"), "adult-19": ("adult", "cluster2"),
}  # fmt: skip
#: Part of the grid of label flips whose models are tried, by data set: method and grid.
SEARCHED = {
    "digits-1-7": ("label_flip", Grid((0.01, 0.02, 0.05, 0.1, 0.2, 0.3), (1, 2, 5))),
    "mnist-1-7": ("koh", Grid((0.05, 0.1, 0.2, 0.3, 0.5), (2, 5, 10, 30))),
    "adult": ("subpopulation", Grid((0.3, 0.4, 0.5, 0.55, 0.8), (2, 5, 10, 15, 30, 80))),
}
#: Models on a line and where it ends (1 is the target): an error is cheap, and a target may fall short of the goal.
ON_LINE, LAST_SHARE = 251, 1.25
#: Sets built for a goal; building one takes some ten seconds on MNIST.
MOST = {"digits-1-7": 40, "mnist-1-7": 3, "adult": 6}
#: Entries of a row that tell of the set found.
FOUND = (
    "points", "mass", "engine", "wrong", "wrong_active_set", "from", "share", "descended", "tried", "constructions",
)  # fmt: skip
#: Steps of a descent and the number of descents; a step takes a second on Adult, several on MNIST.
STEPS = {"digits-1-7": 30, "mnist-1-7": 6, "adult": 10}
DESCENTS = {"digits-1-7": 5, "mnist-1-7": 1, "adult": 1}
#: How far on the wrong side a descent keeps the rows: what rounding to integer features may move them.
ROOM = 0.01
#: Stopping distance of the online attack on digits and its target's error; the others' runs are stored.
DIGITS_EPSILON, DIGITS_GOAL = 0.05, 0.05


@dataclass(frozen=True)
class Rows:
    """The rows that a goal counts, and what they are called."""

    problem: Problem
    X: Any
    y: Any
    what: str

    def wrong(self, model: Any) -> float:
        """How many rows are misclassified, one on the boundary as half a row."""
        share = self.problem.error_rate(model, self.X, self.y, self.problem.scale)
        return round(2 * share * len(self.y)) / 2

    def keep(self, model: Any, wrong: float) -> tuple[Any, Any]:
        """A, b: models t with A t <= b leave those ceil(wrong) rows wrong that ``model`` has furthest on that side."""
        margins = self.y * self.problem.decision(model, self.X, self.problem.scale)
        chosen = np.argsort(margins, kind="stable")[: ceil(wrong)]
        X = np.asarray(self.X[chosen], dtype=float) / self.problem.scale
        if self.problem.bias:
            X = np.column_stack([X, np.ones(len(X))])
        return self.y[chosen, None] * X, np.maximum(margins[chosen], -ROOM)


def rows_of(name: str, dataset: datasets.Dataset, problem: Problem) -> Rows:
    """The rows that count for a name of NAMES."""
    if dataset.X_test is None or dataset.y_test is None:
        return Rows(problem, dataset.X, dataset.y, "training rows")
    if name.startswith("adult"):
        chosen = subpopulation(dataset, int(name.split("-")[1])).test
        return Rows(problem, dataset.X_test[chosen], dataset.y_test[chosen], "test rows of the subpopulation")
    return Rows(problem, dataset.X_test, dataset.y_test, "test rows")


def first_reaching(trajectory: list[tuple[int, float]], wrong: float) -> int | None:
    """The first listed number of points at which at least so many rows are wrong."""
    return next((n for n, count in trajectory if count >= wrong), None)


def stored_errors(text: str, column: str, count: int) -> list[tuple[int, float]]:
    """(points, wrong rows of ``count``) of a stored run's table, whose column holds the accuracy in percent."""
    lines = csv.DictReader(text.splitlines())
    return [(int(float(r["points"])), round(2 * count * (1 - float(r[column]) / 100)) / 2) for r in lines]


def paper_points(name: str) -> float | None:
    """The paper's points for the target of that name, None where the paper has none."""
    if name not in PAPER:
        return None
    table = csv.DictReader((files("mtp_theory.experiments") / "paper_tables.csv").read_text().splitlines())
    for r in table:
        if (r["dataset"], r["target"], r["model"], r["quantity"]) == (*PAPER[name], "svm", "np") and r["table"] in "12":
            return float(r["value"])
    return None


def trained(problem: Problem, X: Any, y: Any, counts: Any = None, engine: str = "active_set") -> Any:
    """The model of the clean data and the points."""
    trainer = make_trainer(problem, engine)
    trainer.add_many(X, y, counts)
    return trainer.fit().theta


def sources(name: str, source: str, dataset: datasets.Dataset, problem: Problem) -> dict[str, Any]:
    """Models through which lines go, by what they are, for all names of a data set (one subpopulation on Adult)."""
    near = [n for n in NAMES if SUBJECTS[n][0] == source and (source != "adult" or n == name)]
    runs, models = stored(), {}
    for n in near:
        if SUBJECTS[n][2]:
            models[f"target {n}"] = np.array(runs[SUBJECTS[n][2]]["models"][SUBJECTS[n][3]])
            models[f"attack's last model {n}"] = np.array(runs[SUBJECTS[f"{n}-induced"][2]]["models"]["induced"])
        for path in sorted((RESULTS / "frontier").glob(f"{n}-*.points.npz")):
            with np.load(path) as points:
                label = path.name.removesuffix(".points.npz").removeprefix(f"{n}-")
                models[f"model of the set within {label} of {n}"] = trained(
                    problem, points["X"], points["y"], points["counts"]
                )
    method, grid = SEARCHED[source]
    cluster = int(name.split("-")[1]) if source == "adult" else None
    flips, _ = search(dataset, problem.loss, problem.c_r, method=method, grid=grid, cluster=cluster)
    return models | {f"label flips {c.value:g} x {c.copies}": c.theta for c in flips}


def digits_target(dataset: datasets.Dataset, problem: Problem) -> Any:
    """Label flips with more than DIGITS_GOAL training error; the canonical target has but one wrong row."""
    method, grid = SEARCHED["digits-1-7"]
    return choose(search(dataset, problem.loss, problem.c_r, method=method, grid=grid)[0], DIGITS_GOAL).theta


def attack_on(name: str, problem: Problem, target: Any, rows: Rows) -> tuple[list[tuple[int, float]], float]:
    """The online attack's (points, wrong rows), and the wrong rows of its last model."""
    if not SUBJECTS[name][2]:
        run = online(problem, target, epsilon=DIGITS_EPSILON, max_points=2000, keep_models=True)
        trajectory = [(r.points, rows.wrong(m)) for r, m in zip(run.rows, run.thetas, strict=True)]
        return trajectory, trajectory[-1][1]
    run = stored()[SUBJECTS[f"{name}-induced"][2]]
    column = "subpopulation_pct" if name.startswith("adult") else "test_pct"
    text = (RESULTS / run["grid"] / f"{run['name']}.csv").read_text()
    return stored_errors(text, column, len(rows.y)), rows.wrong(np.array(run["models"]["induced"]))


def settle(folder: Path, name: str) -> None:
    """A goal takes the set found for the name's other goal where that is smaller and reaches it too."""
    paths = sorted(p for p in folder.glob(f"{name}-*.json") if p.stem in (f"{name}-attack", f"{name}-target"))
    rows = {p: json.loads(p.read_text()) for p in paths}
    for path, row in rows.items():
        for other, having in rows.items():
            if having.get("points") is None or having["wrong"] < row["goal_wrong"]:
                continue
            if row.get("points") is None or having["points"] < row["points"]:
                row |= {key: having[key] for key in FOUND} | {"search": having["goal"]}
                path.with_suffix(".points.npz").write_bytes(other.with_suffix(".points.npz").read_bytes())
                path.write_text(json.dumps(row, indent=1) + "\n")


def summarise(folder: Path) -> None:
    """summary.json: all rows of the folder."""
    kept = [json.loads(p.read_text()) for p in sorted(folder.glob("*.json")) if p.stem != "summary"]
    kept.sort(key=lambda r: (NAMES.index(r["name"]), -r["goal_wrong"]))
    (folder / "summary.json").write_text(json.dumps(kept, indent=1) + "\n")


def recount(folder: Path) -> None:
    """The attack's counts of the stored rows, from the grids' runs as they are: after a grid was run anew."""
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text())
        if isinstance(row, dict) and row.get("run"):
            dataset = datasets.load(row["data"], data_dir=os.environ.get("MTP_DATA_DIR"))
            problem = dataset.problem(row["loss"], row["c_r"])
            counted = rows_of(row["name"], dataset, problem)
            trajectory, _ = attack_on(row["name"], problem, None, counted)
            row |= {
                "attack_points": first_reaching(trajectory, row["goal_wrong"]),
                "attack_last": trajectory[-1][0],
            }
            path.write_text(json.dumps(row, indent=1) + "\n")
    summarise(folder)


def main() -> int:
    """Run the subjects named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--out", type=Path, default=RESULTS / "goals")
    parser.add_argument("--recount", action="store_true", help="only the attack's counts, from the grids' runs")
    arguments = parser.parse_args()
    if arguments.recount:
        recount(arguments.out)
        return 0
    arguments.out.mkdir(parents=True, exist_ok=True)
    shared: dict[str, dict[str, Any]] = {}
    for name in arguments.names or NAMES:
        source, loss, key, model = SUBJECTS[name]
        dataset = datasets.load(source, data_dir=os.environ.get("MTP_DATA_DIR"))
        problem = dataset.problem(loss, C_R)
        target = np.array(stored()[key]["models"][model]) if key else digits_target(dataset, problem)
        rows = rows_of(name, dataset, problem)
        group = name if source == "adult" else source
        began = time.perf_counter()
        if group not in shared:
            shared[group] = sources(name, source, dataset, problem) | ({} if key else {"target digits": target})
        lines = shared[group]
        trajectory, last = attack_on(name, problem, target, rows)
        print(f"{name}: {len(lines)} lines ({time.perf_counter() - began:.0f} s)", flush=True)
        result = None
        for wrong, goal in {last: "attack", rows.wrong(target): "target"}.items():
            began = time.perf_counter()
            # what already does for this goal is no larger than a search for more would give (settle copies it)
            done = result is not None and rows.wrong(result.model) >= wrong
            result = None if done else fewest_for_goal(
                problem, lambda m, rows=rows, wrong=wrong: rows.wrong(m) >= wrong, list(lines.values()), data=dataset,
                epsilons=(), on_line=ON_LINE, last_share=LAST_SHARE, most=MOST[source], steps=STEPS[source],
                keep=lambda m, rows=rows, wrong=wrong: rows.keep(m, wrong), descents=DESCENTS[source],
            )  # fmt: skip
            row = {
                "name": name, "goal": goal, "data": source, "identity": dataset.identity, "loss": loss, "c_r": C_R,
                "run": key, "rows": len(rows.y), "what": rows.what, "goal_wrong": wrong, "kind": "heuristic",
                "attack_points": first_reaching(trajectory, wrong), "attack_last": trajectory[-1][0],
                "paper_points": paper_points(name), "lines": len(lines), "points": None,
                "versions": versions_of("clarabel"),
            }  # fmt: skip
            file = arguments.out / f"{name}-{goal}"
            if result is not None:
                assert result.target is not None
                again = trained(problem, result.X, result.y)
                row |= {
                    "points": len(result.y), "mass": result.mass, "engine": "liblinear",
                    "wrong": rows.wrong(result.model), "wrong_active_set": rows.wrong(again),
                    "from": list(lines)[result.target], "share": result.share, "descended": result.descended,
                    "search": goal, "tried": result.tried, "constructions": result.constructions,
                }  # fmt: skip
                stack = np.column_stack([result.y, result.X])
                distinct, counts = np.unique(stack, axis=0, return_counts=True)
                write_npz(f"{file}.points.npz", {"X": distinct[:, 1:], "y": distinct[:, 0], "counts": counts})
            row["seconds"] = time.perf_counter() - began
            Path(f"{file}.json").write_text(json.dumps(row, indent=1) + "\n")
            print(
                f"{name}, {wrong:g} of {len(rows.y)} wrong ({goal}): found {row.get('points')}, wrong"
                f" {row.get('wrong')}, from {row.get('from')} at {row.get('share')}, attack {row['attack_points']}"
                f" ({row['seconds']:.0f} s)",
                flush=True,
            )
        settle(arguments.out, name)
        summarise(arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
