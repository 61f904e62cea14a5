"""Random small problems through ``bound``: no traceback, no bound above what the points that trained the target prove.

``python -m campaigns.honest_bounds [--problems 10000] [--seed 0] [--write]``. Every certified loss, every domain that a
data file has, the target modes, C_R from 2^-60 to 2^20, features scaled by 1e-6 to 1e6, and three kinds of target: the
clean model (0 points make it), the model that n points of the domain train (n points make it), and any model. A
finding is an error that is neither InputError nor UndecidedError, a lower bound above what is known to suffice, a lower
bound above the constructed number, or a certificate that the other checker refuses.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

import mtp_theory as mtp
from mtp_theory import datasets
from mtp_theory.certificates import checker
from mtp_theory.datasets import Dataset
from mtp_theory.errors import InputError, UndecidedError
from mtp_theory.training import make_trainer, polished, train

RESULTS = Path(__file__).parent / "results" / "honest_bounds.json"
LOSSES = ("hinge", "squared_hinge", "logistic")
MARKS = ("box", "integer", "at_most_one", "exactly_one")
TARGETS = ("clean", "trained", "any")


def drawn(seed: int) -> tuple[Dataset, Any, str, str, str, Any]:
    """A data set with a problem on it: the seed decides everything."""
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(1, 9)), int(rng.integers(1, 4))
    marks = str(rng.choice(MARKS))
    scale = 10.0 ** rng.integers(-6, 7) if marks == "box" else 1.0
    X = np.round(8 * rng.random((n, d))) / 8
    y = np.where(rng.random(n) < 0.5, 1.0, -1.0)
    extra: dict[str, Any] = {}
    if marks == "integer":
        X[:, 0] = np.round(2 * X[:, 0])
        extra = {"integer": np.arange(d) == 0, "upper": np.where(np.arange(d) == 0, 2.0, 1.0)}
    elif marks != "box":
        k = min(d, 2)
        chosen = rng.integers(0, k, n)
        X[:, :k] = np.eye(k)[chosen]
        extra = {"groups": np.where(np.arange(d) < k, 0, -1), "group_rule": marks}
    upper = extra.pop("upper", np.ones(d)) * scale
    data = Dataset(X * scale, y, name=f"random-{seed}", lower=np.zeros(d), upper=upper, **extra)
    loss = str(rng.choice(LOSSES))
    c_r = float(2.0 ** rng.integers(-60, 21)) if rng.random() < 0.5 else float(rng.choice([0.01, 0.09, 1.0, 3.0]))
    return data, data.problem(loss, c_r, bias=bool(rng.random() < 0.7)), marks, loss, str(rng.choice(TARGETS)), rng


def one(seed: int, folder: Path) -> tuple[str, str]:
    """Outcome and what it was about; "finding: ..." where something is wrong."""
    data, problem, marks, loss, kind, rng = drawn(seed)
    about = f"{loss}, {marks}, {kind}, C_R {problem.c_r:.3g}"
    known: int | None = None
    if kind == "any":
        theta = rng.normal(size=problem.dim) * 10.0 ** rng.integers(-3, 3)
    elif kind == "clean":
        theta, known = train(problem).theta, 0
    else:
        known = int(rng.integers(1, 5))
        trainer = make_trainer(problem)
        for _ in range(known):
            x = problem.domain.support(rng.normal(size=problem.d))[1]
            trainer.add(x, 1 if rng.random() < 0.5 else -1, 1)
        theta = polished(trainer).theta
    options: dict[str, Any] = {}
    if loss == "hinge" and rng.random() < 0.3:
        options["mode"] = str(rng.choice(["polished", "literal"]))
    elif rng.random() < 0.3:
        options["radius"] = float(rng.choice([0.0, 1e-6, 0.5]))
    answer = mtp.bound(problem.target(theta), **options)
    literal = options.get("mode") in ("polished", "literal") or options.get("radius") == 0.0
    if known is not None and not literal and answer.lower > known:
        return "finding: above what suffices", f"{about}: lower {answer.lower}, {known} points make it"
    if answer.status != "unattainable" and answer.lower > answer.upper:
        return "finding: lower above upper", f"{about}: {answer.lower} > {answer.upper}"
    if answer.certificate is not None:
        certificate, file = folder / "c.json", folder / "data.npz"
        answer.save(certificate)
        if not np.all(data.y == data.y[0]):
            datasets.save(data, file)
            told = checker.verify(str(certificate), str(file))
            if not told["valid"]:
                return "finding: checkers disagree", f"{about}: {told['reason']}"
    return answer.status, about


def main() -> int:
    """Try so many problems."""
    parser = argparse.ArgumentParser(prog="campaigns.honest_bounds")
    parser.add_argument("--problems", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("error")
    outcomes: Counter[str] = Counter()
    findings: list[dict[str, Any]] = []
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        for seed in range(options.seed, options.seed + options.problems):
            try:
                outcome, about = one(seed, Path(name))
            except InputError as error:
                outcome, about = "refused", str(error)
            except UndecidedError as error:
                outcome, about = "undecided", str(error)
            except Exception as error:
                outcome, about = f"finding: {type(error).__name__}", traceback.format_exc()[-600:]
            outcomes[outcome] += 1
            if outcome.startswith("finding"):
                findings.append({"seed": seed, "outcome": outcome, "about": about})
                print(json.dumps(findings[-1]), flush=True)
    figures = {
        "problems": options.problems,
        "seed": options.seed,
        "outcomes": dict(sorted(outcomes.items())),
        "findings": len(findings),
        "seconds": round(time.monotonic() - start),
    }
    print(json.dumps(figures, indent=1))
    if options.write:
        RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
