"""The committed result of a campaign."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from .campaign import CONFIDENCE, Outcome, Table, explanations, score
from .operators import Mutant

#: Classes of survivors that give the same result for every input; "speed" needs another time for it.
SAME_RESULT = ("equivalent", "speed")


def part_of(mutant: Mutant) -> str:
    """claims, shadow, convex_set."""
    return mutant.path.split("/")[1].removesuffix(".py")


def scores(sample: list[Mutant], status: dict[str, str]) -> dict[str, Any]:
    """The score of all and of each part."""
    parts = sorted({part_of(m) for m in sample})
    rows = {part: score([status[m.id] for m in sample if part_of(m) == part]) for part in parts}
    return {"all": score([status[m.id] for m in sample]), **rows}


def write(
    out: Path,
    meta: dict[str, Any],
    table: Table,
    sample: list[Mutant],
    outcomes: dict[str, Outcome],
    after: dict[str, Outcome],
) -> dict[str, Any]:
    """Write the result and return it."""
    # Imported here: the forks must not inherit the package.
    from mtp_theory.evidence.machine import environment

    first = {m.id: outcomes[m.id].status for m in sample}
    last = first | {name: o.status for name, o in after.items() if name in first}
    why = explanations()
    survivors = [
        {
            "id": m.id, "file": m.path, "line": m.line, "operator": m.operator, "before": m.before, "after": m.after,
            "tests": outcomes[m.id].why, "class": why.get(m.id, {}).get("class", ""),
            "explanation": why.get(m.id, {}).get("why", ""), "killed_after_by": after[m.id].by if m.id in after else "",
            "status_after": last[m.id],
        }
        for m in sample if first[m.id] == "survived"
    ]  # fmt: skip
    equivalent = {s["id"] for s in survivors if s["class"] in SAME_RESULT and s["status_after"] == "survived"}
    present = [m for m in sample if last[m.id] != "gone"]
    record = {
        **meta,
        "environment": environment(),
        "confidence": CONFIDENCE,
        "tests": len(table),
        "tests_without_a_verdict": sorted(n for n, row in table.items() if not row["passed"]),
        "seconds": round(sum(o.seconds for o in outcomes.values())),
        "first_pass": scores(sample, first),
        "first_pass_without_equivalent": scores([m for m in sample if m.id not in equivalent], first),
        "after": scores(present, last),
        "after_without_equivalent": scores([m for m in present if m.id not in equivalent], last),
        "timeouts": [m.id for m in sample if first[m.id] == "timeout"],
        "survivors": sorted(survivors, key=lambda s: (str(s["file"]), int(str(s["line"])))),
        "mutants": [{"id": m.id, "line": m.line, "status": first[m.id], "by": outcomes[m.id].by} for m in sample],
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_suffix(".part")
    part.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(part, out)
    return record
