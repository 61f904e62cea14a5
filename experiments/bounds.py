"""Certified bounds and constructed sets for the targets of the paper's tables.

    MTP_DATA_DIR=... python experiments/bounds.py [NAME ...] [--out experiments/results/bounds]

Targets: the canonical digits instance and the models that the grids left in experiments/results.
The MNIST and Adult targets are reconstructed by the published recipe; they are not the authors' files. For each target
one JSON file with both certificates, for the mode radius, and summary.json with a row for each.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
from subjects import C_R, RESULTS, SUBJECTS, stored

from mtp_theory import datasets
from mtp_theory.bounds.target import bound
from mtp_theory.certificates import checker
from mtp_theory.certificates import format as write
from mtp_theory.cli.output import jsonable
from mtp_theory.targets import canonical


def main() -> int:
    """Run the subjects named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--out", type=Path, default=RESULTS / "bounds")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    runs = stored()
    for name in arguments.names or SUBJECTS:
        data, loss, key, model = SUBJECTS[name]
        if key and key not in runs:
            print(f"{name}: {key} has no result yet")
            continue
        dataset = datasets.load(data, data_dir=os.environ.get("MTP_DATA_DIR"))
        if key:
            problem, theta = dataset.problem(loss, C_R), np.array(runs[key]["models"][model])
            points = runs[key]["values"].get("points")
        else:
            problem, fit = canonical(data, loss, C_R)
            theta, points = fit.theta, None
        start = time.perf_counter()
        result = bound(problem, theta, data=dataset, engine="active_set" if loss == "hinge" else "auto")
        seconds = time.perf_counter() - start
        file = arguments.out / f"{name}.json"
        row = {
            "name": name, "data": data, "identity": dataset.identity, "loss": loss, "c_r": C_R, "run": key,
            "model": model, "points_of_the_attack": points,
            **{k: getattr(result, k) for k in (
                "lower_bound", "lower_value", "fractional_minimum", "constructed", "found", "recovered_distance",
                "proved_within", "target_mode", "radius", "status", "kind", "kink_tolerance", "kinks", "engine",
                "reason", "versions")},
            "seconds": seconds,
        }  # fmt: skip
        file.write_text(json.dumps(jsonable(row), indent=1) + "\n")
        for label, certificate in (("lower", result.certificate), ("upper", result.upper_certificate)):
            if certificate is not None:
                (arguments.out / f"{name}.{label}.json").write_text(write.text(certificate))
        print(
            f"{name}: t* {result.fractional_minimum:.4f}, at least {result.lower_bound}, found {result.found},"
            f" recovered {result.recovered_distance}, {result.status} ({seconds:.0f} s)",
            flush=True,
        )
        summarise(arguments.out)
    return 0


def summarise(folder: Path) -> None:
    """summary.json: the rows of all subjects that are there."""
    rows = [json.loads(p.read_text()) for p in sorted(folder.glob("*.json")) if p.stem != "summary"]
    rows = [r for r in rows if r.get("format") != checker.FORMAT and "name" in r]
    (folder / "summary.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
