r"""Every statement of the registry on attacks against the paper's data: verdicts, and what each printed fault does.

    MTP_DATA_DIR=... python -m campaigns.claims_on_data [NAME ...] [--points T]

Subjects: digits-1-7, the reconstructed targets of the paper's tables on MNIST 1-7 and Adult (models stored with the
results of the grids in experiments/), hinge and logistic loss, with the bias feature. All in floats; see "tolerance" of
the facts. The result is ``campaigns/results/claims_on_data.json``, one row for each subject; a subject whose data are
absent keeps its row. The figures that the claims' sentences name go to ``mtp_theory/claims/figures.json``.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from mtp_theory import datasets
from mtp_theory.attacks import online
from mtp_theory.claims import select
from mtp_theory.claims.constants import constants
from mtp_theory.claims.engine.figures import FILE
from mtp_theory.claims.engine.model import evaluate as value_of
from mtp_theory.claims.statements import corollary_1 as c1
from mtp_theory.claims.statements import two_phases
from mtp_theory.cli.output import jsonable
from mtp_theory.errors import InputError
from mtp_theory.evidence.machine import environment
from mtp_theory.problem import Problem, regulariser
from mtp_theory.targets import canonical
from mtp_theory.testing import facts_of
from mtp_theory.testing.instance import evaluate

ROOT = Path(__file__).resolve().parent
RESULTS = ROOT / "results" / "claims_on_data.json"
STORED = ROOT.parent / "experiments" / "results"
C_R = 0.09
POINTS = 300
#: name: (data, loss, run of the grids, model of the run)
SUBJECTS: dict[str, tuple[str, str, str, str]] = {
    "digits-1-7": ("digits-1-7", "hinge", "", ""),
    **{f"mnist-{goal}": ("mnist-1-7", "hinge", "mnist-svm/targets", goal) for goal in ("0.05", "0.1", "0.15")},
    **{f"adult-{c}": ("adult", "hinge", f"adult-svm/targets-{c}", "1.0") for c in (17, 12, 19)},
    "digits-1-7-logistic": ("digits-1-7", "logistic", "", ""),
    "adult-logistic-5": ("adult", "logistic", "adult-lr/targets-5", "1.0"),
}


def load(name: str) -> tuple[Problem, np.ndarray, str]:
    """Problem, target and identity of the data. Raises InputError where data or target are absent."""
    data, loss, key, model = SUBJECTS[name]
    dataset = datasets.load(data, data_dir=os.environ.get("MTP_DATA_DIR"))
    if not key:
        problem, fit = canonical(data, loss, C_R)
        return problem, fit.theta, dataset.identity
    path = STORED / f"{key}.json"
    if not path.exists():
        raise InputError(f"{name}: the result of {key} is not there; run the grid first")
    models = json.loads(path.read_text())["models"]
    return dataset.problem(loss, C_R), np.array(models[model]), dataset.identity


def faults(problem: Problem, target: np.ndarray, run: Any) -> dict[str, Any]:
    """The figures behind the printed statements that are false, typos or depend on the reading, on this trajectory."""
    found = constants(problem, target, run=run)
    distances = np.array([row.distance for row in run.rows])
    rows = {(*x.tolist(), int(y)) for x, y in zip(run.X, run.y, strict=True)}
    term = problem.c_r_total * (regulariser(target) - regulariser(run.thetas[0]))
    named = (
        "gamma", "gamma_lower", "lambda_star", "D0", "alpha_exact", "alpha_measured", "alpha_logarithm",
        "alpha_printed", "epsilon_exact", "epsilon_main_text_exact", "epsilon_printed", "k", "corollary_1",
        "corollary_1_no_bound", "corollary_1_half", "theorem_2", "theorem_2_linearised", "t_star_lower",
        "t_star_upper",
    )  # fmt: skip
    return {
        **{name: found[name].value for name in named},
        "reasons": {name: found[name].reason for name in named if found[name].value is None},
        # theorem-1 printed: the term that the main text leaves out, and what it is a part of
        "regulariser_term": term,
        # theorem-1-implications: best and last model
        "best_distance": float(distances[:-1].min()),
        "last_distance": float(distances[-1]),
        "rounds_that_went_back": int((np.diff(distances) > 0).sum()),
        # nonnegative-distance
        "least_distance": float(distances.min()),
        # definition-2 with set union: points chosen again would not be added
        "distinct_points": len(rows),
        "points_again_before_the_best": _repeats(run, int(distances[:-1].argmin())),
        # lemma-2 and appendix-c, if the closed form were used although there is a bias
        "appendix_c_if_used": 1.0 - problem.c_r * float(target @ target),
        # corollary-1 with the sign of the proof's last display, best over the run's models, as k is
        "corollary_1_proof_sign": _proof_sign(problem, target, run, found),
    }


def phases(found: Any) -> dict[str, Any] | None:
    """two-phases: t* of the target and of the induced models, and both sides of the first phase's inequality."""
    if not found:
        return None
    (facts,) = found
    rows = [
        {"points": s.points, "t_star_lower": s.proved, "t_star_upper": s.minimum, "distance_back": s.reverse}
        for s in facts.stages
    ]
    sides = [
        {
            "points": t,
            "lhs": float(value_of(two_phases.FIRST.lhs, case.values)),
            "rhs": float(value_of(two_phases.FIRST.rhs, case.values)),
            "ahead": facts.gaps[t] / facts.gaps[0],
        }
        for t, case in enumerate(two_phases.first_cases(facts), start=1)
        if t in {r["points"] for r in rows} or t == len(facts.regret) - 1
    ]
    return {"t_star": facts.minimum, "stages": rows, "first_phase": sides}


def _repeats(run: Any, rounds: int) -> int:
    """Points among the first ``rounds`` that had been added before."""
    seen = {(*x.tolist(), int(y)) for x, y in zip(run.X[:rounds], run.y[:rounds], strict=True)}
    return rounds - len(seen)


def _proof_sign(problem: Problem, target: np.ndarray, run: Any, found: Any) -> float | None:
    """Largest finite bound of the proof's last display at the models where its denominator is positive."""
    if found["k"].value is None:
        return None
    bounds = []
    for theta, row in zip(run.thetas, run.rows, strict=True):
        values = {
            c1.LOSS_GAP.name: problem.loss_sum(target) - problem.loss_sum(theta), c1.S.name: row.distance_upper,
            c1.R_STAR.name: max(0.5 * problem.loss.at_zero / problem.c_r, regulariser(theta)),
            c1.C.name: problem.c_r, c1.N.name: problem.n_points,
            c1.E.name: found["k"].value * run.rows[-1].distance_upper,
        }  # fmt: skip
        if value_of(c1.S + c1.C * c1.R_STAR - c1.E, values) > 0:
            bounds.append(float(value_of(c1.PROOF.lhs, values)))
    return max(bounds, default=None)


def subject(name: str, points: int) -> dict[str, Any]:
    """One row: what the attack did, the verdicts, the figures."""
    problem, target, identity = load(name)
    start = time.process_time()
    run = online(problem, target, max_points=points, keep_models=True, bound_every=points)
    facts = facts_of(problem, target, run=run, name=name)
    report = evaluate(facts, select())
    data, loss, key, model = SUBJECTS[name]
    return {
        "name": name, "data": data, "identity": identity, "loss": loss, "c_r": C_R, "bias": True,
        "target": f"{key}, {model}" if key else "canonical", "points": run.points, "rows": problem.n_points,
        "d": problem.d, "largest_gap": max(row.gap for row in run.rows), "arithmetic": "float",
        "time": datetime.now(UTC).isoformat(timespec="seconds"), "environment": environment(),
        "seconds": time.process_time() - start, "faults": faults(problem, target, run),
        "phases": phases(facts["phases"]),
        "verdicts": [{k: v for k, v in line.items() if k != "example"} for line in report.to_json()],
    }  # fmt: skip


def figures(subjects: dict[str, Any]) -> dict[str, dict[str, float]]:
    """What the claims' sentences on data name (:mod:`mtp_theory.claims.engine.figures`), by claim."""
    digits = subjects["digits-1-7"]
    f, points, stages = digits["faults"], digits["points"], digits["phases"]["stages"]
    verdicts = {(v["id"], v["statement"]): v for v in digits["verdicts"]}
    t_star = f["t_star_upper"]
    last_before = max((s for s in stages if s["points"] < t_star / 2), key=lambda s: s["points"])
    later = [s for s in stages if s["points"] >= t_star]
    hinge = [row["faults"] for row in subjects.values() if row["loss"] == "hinge"]
    biased = verdicts["corollary-3", "repaired (with a bias feature)"]
    return {
        "theorem-1-implications": {
            "points": points, "rises": f["rounds_that_went_back"],
            "largest_rise": -verdicts["theorem-1-implications", "printed"]["worst_slack"],
        },
        "remark-1": {
            "points": points, "exact": f["alpha_exact"], "measured": f["alpha_measured"],
            "logarithm": f["alpha_logarithm"], "printed": f["alpha_printed"],
        },
        "corollary-1": {
            "points": points, "k": f["k"], "last": f["last_distance"], "printed": f["corollary_1"],
            "no_bound": f["corollary_1_no_bound"], "half": f["corollary_1_half"],
        },
        "corollary-3": {"points": points, "k": f["k"], "models": biased["instances"]},
        "appendix-c": {"closed": f["appendix_c_if_used"], "gamma": f["gamma"]},
        # a largest excess is rounded up
        "exact-gamma": {
            "excess": math.ceil(1e4 * max(r["appendix_c_if_used"] - r["gamma_lower"] for r in hinge)) / 1e4
        },
        "tight-lower-bound": {
            "points": points, "theorem_2": f["theorem_2"], "linearised": f["theorem_2_linearised"], "t_star": t_star,
        },
        "two-phases": {
            "points": points, "t_star": t_star, "first": last_before["points"],
            "first_needs": last_before["t_star_upper"], "from_points": min(s["points"] for s in later),
            "least": min(s["t_star_lower"] for s in later), "most": max(s["t_star_upper"] for s in later),
        },
        "last-iterate": {"points": points, "slack": verdicts["last-iterate", "extended"]["worst_slack"]},
    }  # fmt: skip


def main() -> int:
    """Run the subjects named, or all; 1 where a statement that should hold is violated."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--points", type=int, default=POINTS)
    options = parser.parse_args()
    state = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"subjects": {}}
    state["command"] = "python -m campaigns.claims_on_data"
    wrong = []
    for name in options.names or SUBJECTS:
        try:
            row = subject(name, options.points)
        except InputError as error:
            print(f"{name}: left out, {error}")
            continue
        state["subjects"][name] = row
        state["subjects"] = {k: state["subjects"][k] for k in SUBJECTS if k in state["subjects"]}
        RESULTS.write_text(json.dumps(jsonable(state), indent=1, allow_nan=False) + "\n")
        if "digits-1-7" in state["subjects"]:
            FILE.write_text(json.dumps(figures(state["subjects"]), indent=1, allow_nan=False) + "\n")
        bad = [v for v in row["verdicts"] if v["verdict"] in ("violated", "undecided")]
        print(name, f"{row['seconds']:.0f} s", [(v["id"], v["statement"], v["verdict"], v["expected"]) for v in bad])
        wrong += [(name, v["id"]) for v in bad if v["expected"] == "holds"]
    print("violated although expected to hold:", wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
