"""How many points for closeness to the targets of the paper's tables: certified from below, constructed from above.

    MTP_DATA_DIR=... python experiments/frontier.py [NAME ...] [--epsilon 0.05 0.1] [--out experiments/results/frontier]

Targets as in bounds.py: the canonical digits instance and the models that the grids left in experiments/results. The
MNIST and Adult targets are reconstructed by the published recipe; they are not the authors' files. The search starts
from the model that the online attack ended in as well. For each target and epsilon one JSON file with its certificates
beside it, the points (distinct ones with counts), and summary.json with all rows.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from subjects import C_R, RESULTS, SUBJECTS, stored

from mtp_theory import datasets
from mtp_theory.attacks import online
from mtp_theory.bounds.closeness import fewest_points
from mtp_theory.certificates import format as write
from mtp_theory.cli.output import jsonable
from mtp_theory.datasets.npz import write_npz
from mtp_theory.result import Enclosure
from mtp_theory.targets import canonical

#: Targets with the paper's stopping distance and others around it.
EPSILONS: dict[str, tuple[float, ...]] = {
    "digits": (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5),
    **{f"mnist-{goal}": (0.1,) for goal in ("0.05", "0.1", "0.15")},
    **{f"adult-{cluster}": (0.01, 0.05) for cluster in (17, 12, 19)},
}
#: Steps of a descent; one costs a second on Adult, ten on MNIST.
STEPS = {"digits-1-7": 40, "mnist-1-7": 10, "adult": 20}
FIELDS = (
    "epsilon", "lower_bound", "lower_value", "constructed", "mass", "distance", "own_distance", "proved_distance",
    "rounded", "clean_distance", "status", "kind", "engine", "reason", "versions",
)  # fmt: skip


def attack_points(trajectory: list[tuple[int, float]], epsilon: float) -> int | None:
    """The first listed number of points at which the online attack is within epsilon."""
    return next((n for n, away in trajectory if away <= epsilon), None)


def plain(value: Any) -> Any:
    """A distance as its two ends; anything else as it is."""
    return value.ends if isinstance(value, Enclosure) else value


def stored_trajectory(grid: str, name: str) -> list[tuple[int, float]]:
    """(points, distance) of the rows of a stored run."""
    with (RESULTS / grid / f"{name}.csv").open() as handle:
        return [(int(float(r["points"])), float(r["distance"])) for r in csv.DictReader(handle)]


def summarise(folder: Path) -> None:
    """summary.json: all rows of the folder."""
    kept = [json.loads(p.read_text()) for p in sorted(folder.glob("*.json")) if p.stem != "summary"]
    kept = [r for r in kept if "epsilon" in r and "name" in r]
    kept.sort(key=lambda r: (r["name"], r["epsilon"]))
    (folder / "summary.json").write_text(json.dumps(kept, indent=1) + "\n")


def recount(folder: Path) -> None:
    """The attack's counts of the stored rows, from the grids' runs as they are: after a grid was run anew."""
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text())
        if isinstance(row, dict) and "epsilon" in row and row.get("run"):
            attack = SUBJECTS[f"{row['name']}-induced"][2]
            row["attack_points"] = attack_points(stored_trajectory(*attack.split("/")), row["epsilon"])
            path.write_text(json.dumps(row, indent=1) + "\n")
    summarise(folder)


def main() -> int:
    """Run the subjects named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--epsilon", type=float, nargs="+")
    parser.add_argument("--out", type=Path, default=RESULTS / "frontier")
    parser.add_argument("--recount", action="store_true", help="only the attack's counts, from the grids' runs")
    arguments = parser.parse_args()
    if arguments.recount:
        recount(arguments.out)
        return 0
    arguments.out.mkdir(parents=True, exist_ok=True)
    runs = stored()
    for name in arguments.names or EPSILONS:
        source, loss, key, model = SUBJECTS[name]
        dataset = datasets.load(source, data_dir=os.environ.get("MTP_DATA_DIR"))
        starts: tuple[Any, ...] = ()
        if key:
            problem, target = dataset.problem(loss, C_R), np.array(runs[key]["models"][model])
            attack = SUBJECTS[f"{name}-induced"][2]
            starts = (np.array(runs[attack]["models"]["induced"]),)
            trajectory = stored_trajectory(*attack.split("/"))
        else:
            problem, fit = canonical(source, loss, C_R)
            target = fit.theta
            run = online(problem, target, epsilon=min(EPSILONS[name]), max_points=2000)
            trajectory = [(r.points, r.distance_upper) for r in run.rows]
        for epsilon in arguments.epsilon or EPSILONS[name]:
            began = time.perf_counter()
            result = fewest_points(problem, target, epsilon, data=dataset, starts=starts, steps=STEPS[source])
            row = {
                "name": name, "data": source, "identity": dataset.identity, "loss": loss, "c_r": C_R, "run": key,
                "model": model, **{f: plain(getattr(result, f)) for f in FIELDS},
                "attack_points": attack_points(trajectory, epsilon), "seconds": time.perf_counter() - began,
            }  # fmt: skip
            file = arguments.out / f"{name}-{epsilon:g}"
            Path(f"{file}.json").write_text(json.dumps(jsonable(row), indent=1) + "\n")
            written = {
                "lower": result.certificate, "upper": result.upper_certificate, "distance": result.distance_certificate,
            }  # fmt: skip
            for label, top in written.items():
                if top is not None:
                    Path(f"{file}.{label}.json").write_text(write.text(top))
            if result.X is not None and result.y is not None:
                rows, counts = np.unique(np.column_stack([result.y, result.X]), axis=0, return_counts=True)
                write_npz(f"{file}.points.npz", {"X": rows[:, 1:], "y": rows[:, 0], "counts": counts})
            print(
                f"{name}, epsilon {epsilon:g}: at least {result.lower_bound}, found {result.constructed}, distance"
                f" {plain(result.distance)}, attack {row['attack_points']} ({row['seconds']:.0f} s)",
                flush=True,
            )
            summarise(arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
