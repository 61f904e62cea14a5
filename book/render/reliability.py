"""What was tried to break the product, how often and what failed: one table, from committed files alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "campaigns" / "results"
MUTANTS = ROOT / "tests" / "planted" / "claims_mutants.json"
HEAD = ("by", "what was tried", "how often", "what failed")
#: How often, and what failed.
Figures = tuple[str, str]


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _count(outcomes: dict[str, int], *words: str) -> int:
    return sum(n for name, n in outcomes.items() if all(word in name for word in words))


def _honest(r: dict[str, Any]) -> Figures:
    cut, undecided = _count(r["outcomes"], "cut off"), _count(r["outcomes"], "undecided")
    return f"{r['problems']:,}", (
        f"{len(r['findings'])} now, {len(r['mended'])} found and mended; {undecided} said that they were undecided,"
        f" {cut} cut off at {r['cpu_seconds_each']:g} s"
    )


def _fuzz(r: dict[str, Any]) -> Figures:
    return f"{r['inputs']:,} in {round(r['seconds'] / 60)} min", (
        f"{r['findings']}; largest {r['largest_megabytes']} MB, slowest {r['slowest_seconds']:g} s"
    )


def _cost(r: dict[str, Any]) -> Figures:
    hard = [row for row in r["rows"] if row["kind"] != "honest"]
    return f"{len(hard)}", (
        f"{len(r['findings'])} above {r['limit_megabytes']:g} MB or {r['limit_seconds']:g} s; largest"
        f" {max(row['megabytes'] for row in hard):g} MB, slowest {max(row['seconds'] for row in hard):g} s"
    )


def _crash(what: str) -> Callable[[dict[str, Any]], Figures]:
    def figures(r: dict[str, Any]) -> Figures:
        late = _count(r["outcomes"], f"{what},", "ended before the kill")
        tried = f"{_count(r['outcomes'], f'{what},')}" + (f" ({late} had ended before)" if late else "")
        return tried, f"{sum(f['what'] == what for f in r['findings'])}"

    return figures


def _instances(r: dict[str, Any]) -> Figures:
    holding = [s for s in r["rational"]["statements"].values() if s["expected"] == "holds"]
    return f"{sum(s['evaluations'] for s in holding):,}", f"{sum(s['violations'] for s in holding)}"


def _planted(r: dict[str, Any]) -> Figures:
    refuted, kept = sum(m["refuted"] for m in r.values()), sum(len(m["kept"]) for m in r.values())
    return f"{refuted + kept:,}", f"{kept} were not refuted: weaker or equal ones, each listed"


def _mutation(r: dict[str, Any]) -> Figures:
    after = r["after"]["all"]
    return f"{after['mutants']}", f"{after['survived']} survived, each explained"


ROWS: tuple[tuple[str, str, str, Callable[[dict[str, Any]], Figures]], ...] = (
    ("random honest problems through `bound`", "honest_bounds", "`campaigns.honest_bounds`", _honest),
    ("hostile certificates, data files, grids and arguments, for both checkers and all readers", "fuzz",
     "`campaigns.fuzz`", _fuzz),
    ("the known kinds of hostile files, reader by reader", "hostile_cost", "`campaigns.hostile_cost`", _cost),
    ("commands killed at a random moment and begun again", "crash", "`campaigns.crash`", _crash("kill")),
    ("commands on a full disk", "crash", "`campaigns.crash`", _crash("full disk")),
    ("commands on a read-only folder", "crash", "`campaigns.crash`", _crash("read-only folder")),
    ("two processes on one folder", "crash", "`campaigns.crash`", _crash("two processes")),
    ("checks of statements that should hold, on random instances in rationals", "random_instances",
     "`campaigns.random_instances`", _instances),
    ("degenerate fits against a conic solver", "random_fits", "`campaigns.random_fits`",
     lambda r: (f"{r['fits']:,}", f"{r['failed']}")),
    ("bounds of goals against brute force", "goals", "`campaigns.goals`",
     lambda r: (f"{r['brute']['compared']}", f"{len(r['brute']['above'])}")),
    ("changed formulas that the instances must refute", "claims_mutants", "`tests/planted`", _planted),
    ("changed lines of code that a test must notice", "mutation", "[mutation testing](mutation.md)", _mutation),
)  # fmt: skip


def rows(results: Path = RESULTS, mutants: Path = MUTANTS) -> list[tuple[str, str, str, str]]:
    """A row for each kind of trial; one whose file is not there says so."""
    out = []
    for what, name, by, figures in ROWS:
        path = mutants if name == "claims_mutants" else results / f"{name}.json"
        tried, failed = figures(_read(path)) if path.exists() else ("not run", "unknown")
        out.append((by, what, tried, failed))
    return out


def table() -> str:
    """The rows in Markdown."""
    return _markdown([HEAD, ("---", "---", "---:", "---"), *rows()])


def costs() -> str:
    """Each hostile kind: verdict, CPU seconds and peak memory, reader by reader."""
    path = RESULTS / "hostile_cost.json"
    found = _read(path)["rows"] if path.exists() else []
    head = [("kind", "reader", "verdict", "CPU s", "MB beyond the start"), ("---", "---", "---", "---:", "---:")]
    lines = [(r["kind"], r["reader"], r["verdict"], f"{r['seconds']:.2f}", f"{r['megabytes']:g}") for r in found]
    return _markdown([*head, *lines]) if lines else "Not run."


def _markdown(lines: list[tuple[str, ...]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


__all__ = ["costs", "rows", "table"]
