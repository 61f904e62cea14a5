"""How tight each bound is: the largest lhs / rhs that was reached, from committed campaigns, as tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mtp_theory.claims import REGISTRY
from mtp_theory.claims.engine.model import Verdict
from mtp_theory.errors import InputError

#: A bound whose ratio stayed below this on all instances is shown as loose.
TIGHT = 0.95

#: Bounds that are sound but loose, and what is sharper.
LOOSE = {
    "theorem-1-implications / repaired": "G = 2B and the logarithm overestimate the regret; theorem-1 is attained",
    "copies-per-round / extended": "the logarithm is above the sum, which is attained (copies-per-round / repaired)",
    "remark-1 / printed": "a statement about the order of growth; the repaired one has log(1 + T/N) for 1 + log T",
    "remark-1 / repaired": "the logarithm is above the sum, and gradients of norm 2B cannot go on for many rounds",
    "remark-2 / printed": "half of it is sharp (remark-2 / extended)",
    "remark-2 / repaired": "half of it is sharp (remark-2 / extended)",
    "last-iterate / extended (best iterate)": "the form with all iterates is attained",
    "remark-1 / printed (strongly convex loss)": "a statement about the order of growth, as remark-1 / printed",
    "remark-1 / extended (every norm)": "as remark-1 / repaired, which it extends",
    "appendix-d2-lipschitz / printed": "remark-1 / extended (every norm) itself",
    "multi-class-and-regression / printed": "theorem-1 / repaired is attained; the squared loss's points are others",
    "data-dependent-regret / extended (the logarithm is there)": "the order is claimed, its constant is not sought",
    "online-gradient-descent / printed": "the least distance stands for the mean of them",
    "abstract-rate / printed": "the largest slope and the largest excess do not meet",
    "log-free-rate / extended": "its rounds are log-free-rate / extended (each round); they are not all worst together",
    "log-free-rate / extended (last iterate)": "drops what the excess holds besides the distance",
    "log-free-rate / extended (best iterate)": "the rounds of the first half are given away",
}


def read_json(path: Path) -> dict[str, Any]:
    """A committed result. Raises InputError where it cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"tightness: {path} cannot be read ({error})") from error
    if not isinstance(content, dict):
        raise InputError(f"tightness: {path} does not hold an object")
    return content


def reached(campaign: Mapping[str, Any], name: str) -> float | None:
    """The largest ratio of a statement, by steering or at random; None where both sides were never positive."""
    steered = campaign.get("targeted", {}).get(name, {}).get("best")
    drawn = campaign.get("statements", {}).get(name, {}).get("tightest")
    known = [r for r in (steered, drawn) if r is not None]
    # a ratio is that of floats: an attained bound may read 1 + 1e-15
    return min(max(known), 1.0) if known else None


def loose(campaign: Mapping[str, Any]) -> list[str]:
    """Statements that hold and whose ratio stayed below TIGHT."""
    ratios = {name: reached(campaign, name) for name in _statements()}
    return [name for name, ratio in ratios.items() if ratio is not None and ratio < TIGHT]


def tightness_markdown(campaign: Mapping[str, Any]) -> str:
    """For each statement that holds: the largest ratio, how often the bound was attained exactly, and a remark."""
    lines = [
        "| statement | steered | at random | attained exactly | instances | |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for name in _statements():
        row = campaign.get("statements", {}).get(name, {})
        steered = campaign.get("targeted", {}).get(name, {})
        equality = steered.get("note") == "an equality"
        remark = "an equality" if equality else LOOSE.get(name, "")
        if name in LOOSE:
            remark = f"**loose**: {remark}"
        cells = (
            name.replace("_", " "),
            "" if equality else _ratio(steered.get("best")),
            "" if equality else _ratio(row.get("tightest")),
            f"{row.get('attained', 0):,}",
            f"{row.get('instances', 0):,}",
            remark,
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def worst_case_markdown(result: Mapping[str, Any]) -> str:
    """For each class and bound: worst case over bound, at one and at the largest number of rounds, for every N."""
    lines = [
        "| class | claims | bound | N | worst case / bound, T = 1 | T = {} |",
        "| --- | --- | --- | ---: | ---: | ---: |",
    ]
    rows = result["rows"]
    last = max(r["T"] for r in rows)
    lines[0] = lines[0].format(last)
    by_key = {(r["class"], r["N"], r["T"]): r for r in rows}
    for name, n in dict.fromkeys((r["class"], r["N"]) for r in rows):
        first, final = by_key[name, n, 1], by_key[name, n, last]
        for bound in first["ratios"]:
            pair = " | ".join(f"{r['ratios'][bound]:.4f}" for r in (first, final))
            lines.append(f"| {name} | {first['claim']} | {bound} | {n} | {pair} |")
    return "\n".join(lines)


def _statements() -> list[str]:
    return [f"{c.id} / {s.label}" for c in REGISTRY.values() for s in c if s.expected is Verdict.HOLDS]


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{min(value, 1.0):.4f}"


__all__ = ["LOOSE", "TIGHT", "loose", "reached", "read_json", "tightness_markdown", "worst_case_markdown"]
