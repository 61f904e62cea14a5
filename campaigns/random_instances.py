"""The long campaign: 10^5 random instances over all statements, 10^7 exact ones in one dimension, tightest ratios.

    python -m campaigns.random_instances [--instances N] [--rational N] [--target-examples N] [--again R] [--seconds S]

The result is ``campaigns/results/random_instances.json``. It is written after every chunk, and a later call goes on
from it; ``--again`` steers anew where the ratio is below R; ``--seconds`` stops after about that time. Delete the file
to start anew.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings, target

from mtp_theory.claims import REGISTRY, Claim
from mtp_theory.claims.engine.model import Case, Statement, evaluate
from mtp_theory.claims.facts.instances import GENERATORS, instance
from mtp_theory.evidence.machine import environment
from mtp_theory.testing import exact_facts

from .rational_kernel import STATEMENTS, campaign

RESULTS = Path(__file__).parent / "results" / "random_instances.json"
SEED = 2026
#: Instances of one kind, and instances of the kernel, between two writes of the result.
CHUNK = 200
KERNEL_CHUNK = 500_000
#: Ratios above 1 within this of it are rounding of the floats in which ratios are reported.
RATIO_ROUNDING = 1e-9


def subjects() -> list[tuple[str, Claim, Statement]]:
    """Every statement with a name."""
    return [(f"{c.id} / {s.label}", c, s) for c in REGISTRY.values() for s in c]


def ratio(statement: Statement, case: Case) -> float | None:
    """lhs / rhs where both are positive and finite: 1 where the bound is attained."""
    values = {k: float(v) for k, v in case.values.items()}
    try:
        left, right = (float(evaluate(e, values)) for e in (statement.inequality.lhs, statement.inequality.rhs))
    except (ArithmeticError, ValueError):
        return None
    usable = math.isfinite(left) and math.isfinite(right) and left > 0 and right > 0
    return left / right if usable else None


def empty() -> dict[str, Any]:
    """A fresh row of a statement."""
    return {
        "instances": 0,
        "evaluations": 0,
        "violations": 0,
        "undecided": 0,
        "attained": 0,
        "tightest": None,
        "at": None,
    }


def random_instances(state: dict[str, Any], total: int, stop: float) -> None:
    """The same number of instances of every kind, chunk by chunk."""
    per_kind = -(-total // len(GENERATORS))
    done = {**dict.fromkeys(GENERATORS, 0), **state.get("done", {})}  # kinds that came later start at 0
    state["done"] = done
    rows = state.setdefault("statements", {})
    for name, _, statement in subjects():
        # a statement that came later than its kind's instances
        if name not in rows and done[statement.kind] and time.time() < stop:
            row = empty()
            for index in range(done[statement.kind]):
                add_facts(row, statement, instance(statement.kind, SEED, index), [statement.kind, SEED, index])
            rows[name] = row
            save(state)
    while time.time() < stop and min(done.values()) < per_kind:
        kind = min(done, key=lambda k: done[k])
        first = done[kind]
        last = min(first + CHUNK, per_kind)
        chosen = [(name, s) for name, _, s in subjects() if s.kind == kind]
        for index in range(first, last):
            facts = instance(kind, SEED, index)
            for name, statement in chosen:
                add_facts(rows.setdefault(name, empty()), statement, facts, [kind, SEED, index])
        done[kind] = last
        save(state)


def add_facts(row: dict[str, Any], statement: Statement, facts: Any, at: list[Any]) -> None:
    """One instance's cases into the row of a statement."""
    applied = violated = undecided = False
    for case in statement.cases(facts):
        applied = True
        row["evaluations"] += 1
        low, high = statement.inequality.slack_enclosure(case.values)
        strict = statement.inequality.strict
        violated |= bool(high <= 0 if strict else high < 0)
        undecided |= bool((low <= 0 < high) if strict else (low < 0 <= high))
        row["attained"] += int(low == high == 0)
        found = ratio(statement, case)
        if found is not None and (row["tightest"] is None or found > row["tightest"]):
            row["tightest"], row["at"] = found, at
    row["instances"] += int(applied)
    row["violations"] += int(violated)
    row["undecided"] += int(undecided)


def exact_line(state: dict[str, Any], total: int, stop: float) -> None:
    """The kernel's instances in one dimension."""
    line = state.setdefault("rational", {"instances": 0, "seconds": 0.0, "statements": {}})
    while time.time() < stop and line["instances"] < total:
        start = time.process_time()
        count = min(KERNEL_CHUNK, total - line["instances"])
        tally = campaign(SEED + line["instances"], count)
        for row, (claim, version, variant, expected) in zip(tally.tolist(), STATEMENTS, strict=True):
            name = f"{claim} / {version}" + (f" ({variant})" if variant else "")
            sums = line["statements"].setdefault(
                name, {"expected": expected, "evaluations": 0, "violations": 0, "attained": 0, "not_applicable": 0}
            )
            for key, value in zip(("evaluations", "violations", "attained", "not_applicable"), row, strict=True):
                sums[key] += value
        line["instances"] += count
        line["seconds"] += time.process_time() - start
        save(state)


def tightness(state: dict[str, Any], examples: int, again: float, stop: float) -> None:
    """For each statement that holds, the best ratio that Hypothesis reaches when it is told to raise it."""
    found = state.setdefault("targeted", {})
    for name, _, statement in subjects():
        if str(statement.expected) != "holds" or time.time() > stop:
            continue
        before = found.get(name)
        if before is not None and (before["best"] is None or before["best"] >= again):
            continue
        if statement.inequality.equal:
            found[name] = {"best": 1.0, "examples": 0, "note": "an equality"}
            continue
        row = targeted(statement, examples)
        if before is not None and (row["best"] is None or row["best"] < before["best"]):
            row = before
        found[name] = row
        save(state)


def targeted(statement: Statement, examples: int) -> dict[str, Any]:
    """Best ratio over ``examples`` instances that Hypothesis steers towards larger ones."""
    best: dict[str, Any] = {"best": None, "examples": 0, "at": None}

    @seed(SEED)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.target),
        suppress_health_check=list(HealthCheck),
    )
    @given(facts=exact_facts(statement.kind))
    def climb(facts: Any) -> None:
        best["examples"] += 1
        ratios = [r for r in (ratio(statement, c) for c in statement.cases(facts)) if r is not None]
        if ratios:
            target(min(max(ratios), 1.0 + RATIO_ROUNDING))
            if best["best"] is None or max(ratios) > best["best"]:
                best["best"], best["at"] = max(ratios), facts.description

    climb()
    return best


def save(state: dict[str, Any]) -> None:
    """Write the result atomically."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    state["time"] = datetime.now(UTC).isoformat(timespec="seconds")
    handle, temporary = tempfile.mkstemp(dir=RESULTS.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(state, stream, indent=1, allow_nan=False)
        stream.write("\n")
    os.chmod(temporary, 0o644)
    os.replace(temporary, RESULTS)


def main() -> None:
    """Run what the result does not hold yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=100_000)
    parser.add_argument("--rational", type=int, default=10_000_000)
    parser.add_argument("--target-examples", type=int, default=200)
    parser.add_argument("--again", type=float, default=0.0, help="steer again below this ratio")
    parser.add_argument("--seconds", type=float, default=math.inf)
    options = parser.parse_args()
    stop = time.time() + options.seconds
    state: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"seed": SEED}
    state["environment"] = environment()
    exact_line(state, options.rational, stop)
    tightness(state, options.target_examples, options.again, stop)
    random_instances(state, options.instances, stop)
    save(state)
    drawn = sum(state.get("done", {}).values())
    wrong = [
        name
        for name, _, s in subjects()
        if str(s.expected) == "holds" and state.get("statements", {}).get(name, empty())["violations"]
    ]
    rational = state["rational"]["instances"]
    print(f"{rational} rational, {drawn} random instances, violated although expected to hold: {wrong}")


if __name__ == "__main__":
    main()
