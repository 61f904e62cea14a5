"""Random small problems through ``bound``: no traceback, no bound above what the points that trained the target prove.

``python -m campaigns.honest_bounds [--problems 10000] [--again]``. Every certified loss, every domain that a
data file has, the target modes, C_R from 2^-60 to 2^20, features scaled by 1e-6 to 1e6, and three kinds of target: the
clean model (0 points make it), the model that n points of the domain train (n points make it), and any model. A
finding is an error that is neither InputError nor UndecidedError, a lower bound above what is known to suffice, a lower
bound above the constructed number, or a certificate that the other checker refuses.

SEARCHED of the problems look for a set of points too, which takes most of the time. A problem that takes more than
CPU_SECONDS is counted as "cut off". The seeds are 0, 1, ...; figures are written every EVERY problems, a later run goes
on from there; ``--again`` tries those that were findings once more, after a mending.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import mtp_theory as mtp
from mtp_theory import datasets
from mtp_theory.certificates import checker
from mtp_theory.datasets import Dataset
from mtp_theory.errors import InputError, UndecidedError
from mtp_theory.training import make_trainer, polished, train

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "campaigns" / "results" / "honest_bounds.json"
LOSSES = ("hinge", "squared_hinge", "logistic")
MARKS = ("box", "integer", "at_most_one", "exactly_one")
TARGETS = ("clean", "trained", "any")
#: Share of the problems for which a set of points is constructed.
SEARCHED = 0.12
#: Ten times what the median problem takes; a few search for a minute.
CPU_SECONDS = 2.0
EVERY = 100


class CutOff(BaseException):
    """The problem took more than CPU_SECONDS; no Exception, so that nothing on the way takes it for a failure."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """CutOff after so many seconds of CPU time, and again every second where something swallowed it."""

    def stop(*_: Any) -> None:
        raise CutOff

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


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
    options: dict[str, Any] = {"search": rng.random() < SEARCHED}
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
    return f"{answer.status}{', searched' if options['search'] else ''}", about


def judged(seed: int, folder: Path) -> tuple[str, str]:
    """What became of a problem, errors included."""
    try:
        with at_most(CPU_SECONDS):
            return one(seed, folder)
    except CutOff:
        return "cut off", ""
    except InputError as error:
        return "refused", str(error)
    except UndecidedError as error:
        return "undecided", str(error)
    except Exception as error:
        return f"finding: {type(error).__name__}", traceback.format_exc().replace(f"{ROOT}/", "")[-600:]


def begun(results: Path) -> dict[str, Any]:
    """The figures so far."""
    if results.exists():
        found: dict[str, Any] = json.loads(results.read_text())
        return found
    limits = {"cpu_seconds_each": CPU_SECONDS, "share_searched": SEARCHED}
    return {"problems": 0, "outcomes": {}, "findings": [], "mended": [], "seconds": 0.0, **limits}


def kept(results: Path, figures: dict[str, Any]) -> None:
    """Written whole or not at all."""
    part = results.with_suffix(".part")
    part.write_text(json.dumps({**figures, "outcomes": dict(sorted(figures["outcomes"].items()))}, indent=1) + "\n")
    part.replace(results)


def again(figures: dict[str, Any], folder: Path) -> None:
    """Findings that are none any more are listed as mended; their outcomes are counted anew."""
    outcomes = Counter(figures["outcomes"])
    findings = []
    for finding in figures["findings"]:
        outcome, about = judged(finding["seed"], folder)
        outcomes[finding["outcome"]] -= 1
        outcomes[outcome] += 1
        if outcome.startswith("finding"):
            findings.append({"seed": finding["seed"], "outcome": outcome, "about": about})
        else:
            figures["mended"].append({**finding, "now": outcome})
    figures["findings"], figures["outcomes"] = findings, dict(+outcomes)


def main() -> int:
    """Try so many problems in all."""
    parser = argparse.ArgumentParser(prog="campaigns.honest_bounds")
    parser.add_argument("--problems", type=int, default=10_000)
    parser.add_argument("--again", action="store_true", help="only the findings so far")
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    warnings.simplefilter("error")
    figures = begun(options.results)
    with tempfile.TemporaryDirectory() as name:
        if options.again:
            again(figures, Path(name))
            kept(options.results, figures)
        while not options.again and figures["problems"] < options.problems:
            start, outcomes = time.monotonic(), Counter(figures["outcomes"])
            first = figures["problems"]
            for seed in range(first, min(first + EVERY, options.problems)):
                outcome, about = judged(seed, Path(name))
                outcomes[outcome] += 1
                figures["problems"] += 1
                if outcome.startswith("finding"):
                    figures["findings"].append({"seed": seed, "outcome": outcome, "about": about})
                    print(json.dumps(figures["findings"][-1]), flush=True)
            figures["outcomes"] = dict(outcomes)
            figures["seconds"] = round(figures["seconds"] + time.monotonic() - start, 1)
            kept(options.results, figures)
    print(json.dumps(figures, indent=1))
    return 1 if figures["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
