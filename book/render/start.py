"""The start page's numbers: each is read here from the file behind the page that its sentence links to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mtp_theory.claims import REGISTRY
from mtp_theory.evidence import Entry
from mtp_theory.experiments.compare import DIFFERS, GIVEN, NOT_RUN, REPRODUCED, Comparison

from .claims import held
from .names import target_name
from .proofs import counts

#: The rows of the summaries that the page quotes: one run of the attack, its target, and the digits.
RUN, TARGET, DIGITS = "mnist-0.05-induced", "mnist-0.05", "digits"
#: Distances at which closeness is quoted: the paper's stop on MNIST 1-7, and the same on the digits.
NEAR = 0.1


def numbers(root: Path, entry: Entry | None) -> dict[str, Any]:
    """Every number of the start page by name; ``root``: the repository, ``entry``: the recorded checks."""
    results = root / "experiments" / "results"
    comparison = Comparison(results)
    verdicts = comparison.counts()
    bounds = {r["name"]: r for r in _read(results / "bounds" / "summary.json")}
    close = {(r["name"], r["epsilon"]): r for r in _read(results / "frontier" / "summary.json")}
    attacks = _read(root / "benchmarks" / "results" / "attack_speed.json")["attacks"]
    ratios = {
        loss: [r["ratio"]["total"] for r in attacks if ("logistic" in r["case"]) == (loss == "logistic")]
        for loss in ("svm", "logistic")
    }
    hinge = [r for r in bounds.values() if r["loss"] == "hinge"]
    built = [r for r in hinge if r["constructed"] is not None]
    return {
        "claims_of_the_paper": sum(not c.source.startswith("extended") for c in REGISTRY.values()),
        "claims_of_our_own": sum(c.source.startswith("extended") for c in REGISTRY.values()),
        **held(entry),
        **counts(),
        "run": target_name(RUN),
        "run_points": bounds[RUN]["points_of_the_attack"],
        "run_bound": bounds[RUN]["lower_bound"],
        "digits_bound": bounds[DIGITS]["lower_bound"],
        "digits_set": bounds[DIGITS]["constructed"],
        "hinge_models": len(hinge),
        "sets": len(built),
        "sets_apart": max(r["constructed"] - r["lower_bound"] for r in built),
        "without_a_set": sorted({r["data"] for r in hinge} - {r["data"] for r in built}),
        **_closeness("near", close[TARGET, NEAR]),
        **_closeness("digits_near", close[DIGITS, NEAR]),
        "reproduced": verdicts[REPRODUCED],
        "differ": verdicts[DIFFERS],
        "by_construction": verdicts[GIVEN],
        "not_run": verdicts[NOT_RUN],
        "unknown": len(comparison.unknown),
        **{f"{loss}_{end.__name__}": end(values) for loss, values in ratios.items() for end in (min, max)},
    }


def start_markdown(n: Mapping[str, Any]) -> str:
    """What was found, as a list; every number is one of :func:`numbers`."""
    spread = f"{n['sets_apart']} point{'' if n['sets_apart'] == 1 else 's'}"
    none = "" if not n["without_a_set"] else (
        " On Adult's integer features the bounds are certified as well; sets of integer points come near the models and"
        " do not reach them."
    )  # fmt: skip
    tight = "suffice" if n["digits_set"] == n["digits_bound"] else f"{n['digits_set']} suffice"
    return "\n".join(
        [
            f"- **The method converges, and the theory stands in its repaired form.** Of {n['mended']} repaired and"
            f" extended statements {n['held']} hold on every instance tried, {n['instances']:,} in this build's run;"
            f" {n['rational']} were evaluated in exact rational arithmetic throughout, the others in floats too"
            " ({doc}`status`)."
            f" Coq proves {n['proved']} statements and refutes {n['refuted']} printed ones ({{doc}}`proofs`).",
            f"- **How many points a model needs is settled** for the hinge loss on the digits and MNIST 1-7, to within"
            f" {spread}, by certificates that {{doc}}`anyone can check <certificates>`: the model in which our run on"
            f" {n['run']} ends after {n['run_points']:,} points needs at least {n['run_bound']:,}. On the digits"
            f" {n['digits_bound']} points are needed for the target and {tight} ({{doc}}`how-many-points`).{none}",
            f"- **Coming close is cheaper than the online attack makes it.** To be {n['near_epsilon']:g}-close to that"
            f" run's target takes at least {n['near_bound']:,} points, certified; {n['near_set']:,} suffice; the online"
            f" attack uses {n['near_attack']:,}. On the digits: {n['digits_near_bound']}, {n['digits_near_set']} and"
            f" {n['digits_near_attack']} ({{doc}}`reach-frontier`).",
            "- **The maximum for logistic regression is within reach**: every inner maximisation is a problem in the"
            " plane ({doc}`claims/shadow-maximum`).",
            f"- **The experiments reproduce**: {n['reproduced']} of the paper's numbers come out within tolerances fixed"
            f" beforehand; {n['differ']} differ, {n['unknown']} of them for a reason that was not found."
            f" {n['by_construction']} more agree by construction and count as no evidence; {n['not_run']} were not run: most"
            " need data that are not public, the others are attacks that take hours ({doc}`experiments/index`).",
            f"- **The attack runs {n['svm_min']:.0f} to {n['svm_max']:.0f} times faster** than the paper's steps as we"
            f" wrote them anew with free solvers for the SVM, {n['logistic_min']:,.0f} to {n['logistic_max']:,.0f} times"
            " for logistic regression, with a duality gap for every iteration ({doc}`benchmarks`).",
        ]
    )


def _closeness(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{name}_epsilon": row["epsilon"],
        f"{name}_bound": row["lower_bound"],
        f"{name}_set": row["constructed"],
        f"{name}_attack": row["attack_points"],
    }


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


__all__ = ["numbers", "start_markdown"]
