"""``check``: put claims to the test. ``claims``: the table of contents."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from .app import json_option
from .output import emit


@click.command()
@click.argument("claim", nargs=-1)
@click.option("--examples", type=click.IntRange(min=1), default=200, show_default=True, help="Random instances each.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the random instances.")
@click.option("--no-embedded", is_flag=True, help="Exact random instances only, without the embedded data.")
@click.option(
    "--evidence", metavar="DIR", help="Folder of the evidence ledger (default: MTP_EVIDENCE_DIR, else yours)."
)
@json_option
def check(
    claim: tuple[str, ...], examples: int, seed: int, no_embedded: bool, evidence: str | None, as_json: bool
) -> int:
    """Check CLAIMs (all by default) on counterexamples, random instances and digits-1-7.

    Exit code 1 where a repaired or extended statement is violated, or a printed one has another verdict than the
    registry expects; 3 where something stayed undecided.
    """
    from pathlib import Path

    from ..claims import select
    from ..claims.check import CheckResult, check_claims
    from ..evidence import record

    chosen = select(claim)
    unchecked = [c.id for c in chosen if not c.checked]
    console = Console(stderr=True)

    def progress(result: CheckResult) -> None:
        if console.is_terminal:
            console.print(f"{result.claim} {result.statement}: {result.verdict} ({result.seconds:.1f} s)")

    results = check_claims(chosen, examples=examples, seed=seed, on_embedded=not no_embedded, on_result=progress)
    entry = record(results, examples=examples, seed=seed, folder=Path(evidence) if evidence else None)
    code = exit_code(results)
    if as_json:
        emit(
            {
                "results": [r.to_json() for r in results],
                "not_yet_checked": unchecked,
                "evidence": entry.digest,
                "file": str(entry.path),
            },
            True,
        )
        return code
    _print_results(results, unchecked)
    click.echo(f"evidence {entry.digest[:16]} in {entry.path}")
    return code


def exit_code(results: list[Any]) -> int:
    """0: every verdict is the expected one; 1: some differs; 3: none differs, but some are undecided."""
    if any(r.verdict != r.expected and r.verdict != "undecided" for r in results):
        return 1
    return 3 if any(r.verdict == "undecided" for r in results) else 0


def _print_results(results: list[Any], unchecked: list[str]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("claim", "statement", "verdict", "grade", "instances", "worst slack", "arithmetic", ""):
        table.add_column(name, justify="right" if name in ("instances", "worst slack") else "left", no_wrap=True)
    for r in results:
        slack = r.worst_slack_exact or ("" if r.worst_slack is None else f"{r.worst_slack:.3g}")
        if len(slack) > 16 and r.worst_slack is not None:
            slack = f"{r.worst_slack:.6g}"
        mark = "as expected" if r.as_expected else f"EXPECTED {r.expected}"
        table.add_row(r.claim, r.statement, r.verdict, r.grade or "", str(r.instances), slack, r.arithmetic, mark)
    Console(file=sys.stdout, width=130 if not sys.stdout.isatty() else None).print(table)
    if unchecked:
        click.echo(f"not yet checked ({len(unchecked)}): {', '.join(unchecked)}")


@click.command()
@json_option
def claims(as_json: bool) -> None:
    """List every claim id with its statements and grades; ids never change their meaning."""
    from ..claims import REGISTRY

    rows = [
        {
            "claim": c.id,
            "title": c.title,
            "source": c.source,
            "checked": c.checked,
            "statements": [
                {
                    "statement": str(s.version),
                    "grade": None if s.grade is None else str(s.grade),
                    "expected": str(s.expected),
                    "latex": s.latex,
                    "hypotheses": list(s.hypotheses),
                    "theorem": s.theorem,
                }
                for s in c
            ],
        }
        for c in REGISTRY.values()
    ]
    if as_json:
        emit({"claims": rows}, True)
        return
    table = Table(box=None, pad_edge=False)
    for name in ("claim", "title", "source", "statements"):
        table.add_column(name, no_wrap=name == "claim")
    for c in REGISTRY.values():
        parts = [f"{s.version} ({s.grade})" if s.grade else str(s.version) for s in c]
        table.add_row(c.id, c.title, c.source, ", ".join(parts) or "not yet checked")
    Console(file=sys.stdout, width=150 if not sys.stdout.isatty() else None).print(table)
