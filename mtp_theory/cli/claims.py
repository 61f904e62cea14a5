"""``check``: put claims to the test. ``claims``: the table of contents."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..display import latex
from ..errors import InputError
from .app import json_option
from .output import emit


@click.command()
@click.argument("claim", nargs=-1)
@click.option(
    "--examples", type=click.IntRange(1, 10**9), default=200, show_default=True, help="Random instances each."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the random instances.")
@click.option("--no-embedded", is_flag=True, help="Exact random instances only, without the embedded data.")
@click.option("--data", metavar="DATA", help="Also on an attack on this data file or data set; needs --target.")
@click.option("--data-dir", metavar="DIR", help="Folder with raw data files (default: MTP_DATA_DIR).")
@click.option("--target", metavar="B.npz", help="Target model of that attack.")
@click.option("--loss", default="hinge", show_default=True, metavar="LOSS", help="Loss of that attack.")
@click.option("--c-r", "c_r", type=float, default=0.09, show_default=True, help="C_R of that attack.")
@click.option("--points", type=click.IntRange(1, 10**9), default=100, show_default=True, help="Points of an attack.")
@click.option(
    "--paper-data", is_flag=True, help="Also on attacks on MNIST 1-7 and Adult, hinge loss, where their files are."
)
@click.option(
    "--evidence", metavar="DIR", help="Folder of the evidence ledger (default: MTP_EVIDENCE_DIR, else yours)."
)
@json_option
def check(
    claim: tuple[str, ...],
    examples: int,
    seed: int,
    no_embedded: bool,
    data: str | None,
    data_dir: str | None,
    target: str | None,
    loss: str,
    c_r: float,
    points: int,
    paper_data: bool,
    evidence: str | None,
    as_json: bool,
) -> int:
    """Check CLAIMs (all by default) on counterexamples, random instances and digits-1-7.

    With --data and --target also on the online attack's trajectory on data of your own, with --paper-data on those
    on the paper's data, in floats.

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

    if (data is None) != (target is None):
        raise InputError("check: --data and --target go together; give both or neither")
    sources: list[dict[str, Any]] = []
    further: dict[str, list[Any]] = {}
    if data is not None and target is not None:
        _add(sources, further, _trajectory(data, data_dir, target, loss, c_r, points))
    if paper_data:
        for one in _paper_trajectories(data_dir, points):
            _add(sources, further, one)
    results = check_claims(
        chosen, examples=examples, seed=seed, on_embedded=not no_embedded, further=further, on_result=progress
    )
    folder = Path(evidence) if evidence else None
    entry = record(results, examples=examples, seed=seed, folder=folder, data=sources)
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


def _trajectory(
    data: str, data_dir: str | None, target: str, loss: str, c_r: float, points: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the data are, for the record, and the facts of an attack on them by kind."""
    from .. import datasets
    from ..losses import get_loss
    from ..problem import check_c_r
    from ..testing import facts_of

    get_loss(loss)
    check_c_r(c_r)
    dataset = datasets.load(data, data_dir=data_dir)
    problem = dataset.problem(loss, c_r)
    theta = datasets.load_model(target, problem.dim, bias=problem.bias)
    source = {"data": data, "identity": dataset.identity, "loss": loss, "c_r": c_r, "points": points}
    return source, facts_of(problem, theta, rounds=points, name=data)


def _paper_trajectories(data_dir: str | None, points: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The same for every target of the paper's tables whose raw data are present; what is absent is said on stderr."""
    from ..evidence.paper_data import C_R, TARGETS, paper_facts, present

    here = present(data_dir)
    absent = [t.name for t in TARGETS if t not in here]
    if absent:
        click.echo(f"left out, raw files absent (--data-dir, MTP_DATA_DIR): {', '.join(absent)}", err=True)
    for target in here:
        identity, facts = paper_facts(target, points, data_dir)
        source = {"data": target.data, "identity": identity, "loss": "hinge", "c_r": C_R, "points": points}
        yield {**source, "target": target.name}, facts


def _add(
    sources: list[dict[str, Any]], further: dict[str, list[Any]], one: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    source, facts = one
    sources.append(source)
    for kind, items in facts.items():
        further.setdefault(kind, []).extend(items)


def exit_code(results: list[Any]) -> int:
    """1: a repaired or extended statement violated, or a printed one not as expected; else 3 for undecided; else 0.

    A repaired or extended statement that no instance reached is not violated; its line says "not_applicable".
    """

    def wrong(r: Any) -> bool:
        if r.verdict == "undecided":
            return False
        printed = r.statement.startswith("printed")
        return bool(r.verdict != r.expected if printed else r.verdict == "violated")

    if any(wrong(r) for r in results):
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
        unreached = r.verdict == "not_applicable" and not r.statement.startswith("printed")
        mark = "as expected" if r.as_expected else "no instance" if unreached else f"EXPECTED {r.expected}"
        label = f"{r.statement} ({r.variant})" if r.variant else r.statement
        verdict = "illegible" if r.grade == "illegible" else r.verdict
        table.add_row(r.claim, label, verdict, r.grade or "", str(r.instances), slack, r.arithmetic, mark)
    Console(file=sys.stdout, width=160 if not sys.stdout.isatty() else None).print(table)
    if unchecked:
        click.echo(f"not yet checked ({len(unchecked)}): {', '.join(unchecked)}")


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "csv", "latex"]), default="table", show_default=True)
@json_option
def claims(form: str, as_json: bool) -> None:
    """List every claim id with its statements and grades; ids never change their meaning."""
    from ..claims import REGISTRY

    registry = list(REGISTRY.values())
    if as_json:
        emit({"claims": [_claim_json(c) for c in registry]}, True)
    elif form == "table":
        table = Table(box=None, pad_edge=False)
        for name in ("claim", "title", "source", "statements"):
            table.add_column(name, no_wrap=name == "claim")
        for c in registry:
            parts = [_marked(s) for s in c]
            table.add_row(c.id, c.title, c.source, escape(", ".join(parts) or "not yet checked"))
        console = Console(file=sys.stdout, width=150 if not sys.stdout.isatty() else None)
        console.print(table)
        console.print(f"\n{LESS}: what the Coq theorem says less than the statement:", markup=False)
        for c in registry:
            for s in c:
                if s.differs:
                    console.print(f"{c.id}, {s.label}: {s.differs}", markup=False)
    else:
        rows = [row for c in registry for row in _export_rows(c)]
        click.echo(_csv(rows) if form == "csv" else _latex_table(rows), nl=False)


#: Marks a statement whose theorem says less.
LESS = "[less]"


def _marked(statement: Any) -> str:
    """Version, grade and mark of a statement."""
    grade = f": {statement.grade}" if statement.grade else ""
    return f"{statement.label}{grade}{' ' + LESS if statement.differs else ''}"


def _claim_json(claim: Any) -> dict[str, Any]:
    return {
        "claim": claim.id,
        "title": claim.title,
        "source": claim.source,
        "checked": claim.checked,
        "summary": claim.summary,
        "sharper": claim.sharper,
        "on_data": claim.on_data,
        "code": claim.code,
        "statements": [
            {
                "statement": str(s.version),
                "variant": s.variant,
                "grade": None if s.grade is None else str(s.grade),
                "expected": str(s.expected),
                "latex": s.latex,
                "hypotheses": list(s.hypotheses),
                "note": s.note,
                "theorem": s.theorem,
                "quote": s.quote,
                "differs": s.differs,
            }
            for s in claim
        ],
    }


def _export_rows(claim: Any) -> list[tuple[str, ...]]:
    if not claim.checked:
        return [(claim.id, claim.title, claim.source, "", "", "not yet checked", "", "")]
    return [
        (claim.id, claim.title, claim.source, s.label, str(s.grade or ""), str(s.expected), s.theorem or "", s.differs)
        for s in claim
    ]


HEADER = ("claim", "title", "source", "statement", "grade", "verdict", "theorem", "differs")


def _csv(rows: list[tuple[str, ...]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([HEADER, *rows])
    return stream.getvalue()


def _latex_table(rows: list[tuple[str, ...]]) -> str:
    def line(cells: tuple[str, ...]) -> str:
        return " & ".join(map(latex, cells)) + " \\\\"

    head = ["\\begin{tabular}{llllllll}", line(HEADER), "\\hline"]
    return "\n".join([*head, *(line(r) for r in rows), "\\end{tabular}", ""])


@click.command()
@click.argument("claim")
@click.option(
    "--evidence", metavar="DIR", help="Folder of the evidence ledger (default: MTP_EVIDENCE_DIR, else yours)."
)
@json_option
def cite(claim: str, evidence: str | None, as_json: bool) -> None:
    """BibTeX for the paper and for the check of CLAIM, a LaTeX sentence, and the book's page."""
    from pathlib import Path

    from ..claims import get_claim
    from ..evidence import latest
    from ..evidence.cite import PAPER, bibtex, sentence

    found = get_claim(claim)
    entry = latest(Path(evidence) if evidence else None)
    page = f"claims/{found.id}.html"
    if as_json:
        emit(
            {
                "claim": found.id,
                "paper": PAPER,
                "check": bibtex(found, entry),
                "sentence": sentence(found, entry),
                "page": page,
            },
            True,
        )
        return
    click.echo("\n\n".join([PAPER, bibtex(found, entry), sentence(found, entry), f"Book page: {page}"]))
