"""Fewest points to flip a prediction, from both sides, on small data sets; and against brute force.

    python -m campaigns.goals flips [NAME ...] [--rows 20] [--seconds 30] [--seed 0] [--resume]
    python -m campaigns.goals brute [--instances 300] [--seed 0]

``flips``: rows that the clean model gets right, drawn by the seed (digits-1-7: evenly spaced by their clean margin);
features scaled to [0, 1] by their range, hinge loss, bias, tau = 1e-6. A row's seconds are CPU time of both ends and of
the certificate, which the second checker has accepted; the limit counts CPU seconds too. Every row is written as it is
found; ``--resume`` keeps those of an entry of the same limit and seed. ``brute``: random instances in one and two
dimensions; the bound must not exceed the fewest points of a grid that reach the goal. Results are added to
``campaigns/results/goals.json``, one entry for each set; the exit code is 1 where a bound is above what a set of points
needs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import combinations, combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_iris, make_moons

from mtp_theory import bound, load
from mtp_theory.bounds.goal import above, boxes, cones, descent
from mtp_theory.bounds.goal import bound as bound_module
from mtp_theory.datasets import Dataset
from mtp_theory.evidence.machine import environment
from mtp_theory.training import make_trainer

OUT = Path(__file__).parent / "results" / "goals.json"
PAIRS = list(combinations(range(3), 2))
FEATURES = {"01": [0, 1], "23": [2, 3], "all": [0, 1, 2, 3]}
NAMES = [f"iris-{a}{b}-{f}" for f in FEATURES for a, b in PAIRS] + ["moons", "digits-1-7"]


def subject(name: str) -> tuple[Dataset, float]:
    """The data set and C_R."""
    if name == "digits-1-7":
        return load(name), 0.09
    if name == "moons":
        X, labels = make_moons(200, noise=0.1, random_state=0)
        y = 2.0 * labels - 1
    else:
        _, pair, features = name.split("-")
        X, labels = load_iris(return_X_y=True)
        kept = np.isin(labels, [int(pair[0]), int(pair[1])])
        X, y = X[kept][:, FEATURES[features]], np.where(labels[kept] == int(pair[1]), 1.0, -1.0)
    low, high = X.min(axis=0), X.max(axis=0)
    return Dataset((X - low) / (high - low), y), 0.05


def evenly(count: int) -> list[int]:
    """0 to count - 1 in an order whose every beginning is spread about evenly: by the binary digits, read backwards."""
    width = max(1, (count - 1).bit_length())
    return [k for k in (int(f"{i:0{width}b}"[::-1], 2) for i in range(2**width)) if k < count]


def flips(name: str, rows: int, seconds: float, seed: int, out: Path, command: str, resume: bool) -> None:
    """Both ends for a sample of the rows that the clean model gets right; each row is written at once."""
    for module in (above, bound_module, boxes, cones, descent):
        # the limit in CPU seconds: on a shared machine those of the clock say little
        module.monotonic = time.process_time  # type: ignore[attr-defined]
    data, c_r = subject(name)
    problem = data.problem("hinge", c_r)
    margins = problem.margins(problem.clean.theta)
    right = np.flatnonzero(margins > 1e-6)
    if name == "digits-1-7":
        ordered = right[np.argsort(margins[right], kind="stable")]
        chosen = ordered[np.linspace(0, len(ordered) - 1, rows).round().astype(int)][evenly(rows)]
    else:
        chosen = np.random.default_rng(seed).choice(right, min(rows, len(right)), replace=False)
    about = {"c_r": c_r, "rows": data.n, "features": data.d, "seed": seed, "limit": seconds, "right": len(right)}
    old = read(out).get(name, {})
    same = resume and all(old.get(k) == v for k, v in about.items())
    found = list(old["flips"]) if same else []
    for i in chosen:
        if int(i) in {f["row"] for f in found}:
            continue
        start = time.process_time()
        answer = bound(problem.flip(np.asarray(data.X[i], dtype=float) / data.scale, int(data.y[i])), seconds=seconds)
        found.append({
            "row": int(i), "margin": float(margins[i]), "lower": answer.lower,
            "upper": answer.upper if np.isfinite(answer.upper) else None, "status": answer.status,
            "fractional": answer.fractional, "nodes": answer.nodes, "seconds": time.process_time() - start,
            "certificate": answer.certificate is not None,
        })  # fmt: skip
        print(name, found[-1], flush=True)
        entry = {**about, "flips": found, "summary": summary(found)}
        write(out, name, command, entry)


def read(out: Path) -> dict[str, Any]:
    return dict(json.loads(out.read_text(encoding="utf-8"))) if out.exists() else {}


def write(out: Path, name: str, command: str, entry: dict[str, Any]) -> None:
    results = read(out)
    results[name] = {"command": command, "environment": environment(), **entry}
    out.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def summary(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Quartiles of both ends, of their ratio and of the time; how many rows are exact, or one apart."""
    upper = np.array([np.inf if f["upper"] is None else f["upper"] for f in found])
    lower = np.array([f["lower"] for f in found], dtype=float)
    ratio = upper / np.maximum(lower, 1)

    def quartiles(values: Any) -> list[float | None]:
        return [float(v) if np.isfinite(v) else None for v in np.percentile(values, [25, 50, 75, 100], method="higher")]

    return {
        "exact": int((upper == lower).sum()), "one_apart": int((upper == lower + 1).sum()), "of": len(found),
        "lower": quartiles(lower), "upper": quartiles(upper), "ratio": quartiles(ratio),
        "seconds": quartiles([f["seconds"] for f in found]),
    }  # fmt: skip


def brute(instances: int, seed: int) -> dict[str, Any]:
    """Bounds against all sets of at most 3 points of a grid (5 places on a line, the corners of a square)."""
    above, compared, exact, start = [], 0, 0, time.process_time()
    for k in range(instances):
        rng = np.random.default_rng([seed, k])
        d = 1 + k % 2
        X = rng.integers(0, 9, (int(rng.integers(4, 10)), d)) / 8
        y = np.where(X @ rng.normal(size=d) + 0.3 * rng.normal(size=len(X)) > 0, 1.0, -1.0)
        y[:2] = 1.0, -1.0
        data = Dataset(X, y, lower=np.zeros(d), upper=np.ones(d))
        problem = data.problem("hinge", float(rng.choice([0.03, 0.1, 0.3])))
        right = np.flatnonzero(problem.margins(problem.clean.theta) > 1e-3)
        if not len(right):
            continue
        i = int(rng.choice(right))
        goal = problem.flip(X[i], int(y[i]))
        answer = bound(goal, seconds=20)
        places = np.linspace(0, 1, 5 if d == 1 else 2)
        grid = np.array(np.meshgrid(*[places] * d)).reshape(d, -1).T
        points = [(x, label) for x in grid for label in (1.0, -1.0)]
        fewest = None
        for n in (1, 2, 3):
            for chosen in combinations_with_replacement(range(len(points)), n):
                trainer = make_trainer(problem)
                trainer.add_many(np.array([points[j][0] for j in chosen]), np.array([points[j][1] for j in chosen]))
                if goal.reached(trainer.fit().theta):
                    fewest = n
                    break
            if fewest is not None:
                break
        if fewest is not None:
            compared += 1
            exact += answer.lower == fewest
            if answer.lower > fewest:
                above.append({"instance": k, "lower": answer.lower, "found": fewest})
    return {"instances": instances, "compared": compared, "equal": int(exact), "above": above, "seed": seed,
            "seconds": time.process_time() - start}  # fmt: skip


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="campaigns.goals", description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("what", choices=("flips", "brute"))
    parser.add_argument("names", nargs="*", default=[])
    parser.add_argument("--rows", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--instances", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(arguments)
    command = "python -m campaigns.goals " + " ".join(arguments)
    if given.what == "brute":
        entry = brute(given.instances, given.seed)
        write(given.out, "brute", command, entry)
        return 1 if entry["above"] else 0
    unknown = set(given.names) - set(NAMES)
    if unknown:
        parser.error(f"unknown sets {sorted(unknown)}; known: {', '.join(NAMES)}")
    for name in given.names or NAMES:
        flips(name, given.rows, given.seconds, given.seed, given.out, command, given.resume)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
