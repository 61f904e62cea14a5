"""Do the tables agree with what Coq says, and with the registry of claims?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mtp_theory.claims.engine.model import Claim, Verdict, Version

from .coq import Answer
from .project import CLASSICAL, Project, Row

STATED = r"^\s*(?:Theorem|Lemma|Corollary|Proposition|Fact|Remark|Example)\s+{name}\b"


def line_of(project: Project, full_name: str) -> int | None:
    """The line on which MTP.file.theorem is stated; None where it is not."""
    _, module, name = full_name.split(".")
    path = project.coq / f"{module}.v"
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    found = re.search(STATED.format(name=re.escape(name)), text, re.MULTILINE)
    return None if found is None else text.count("\n", 0, found.end()) + 1


def check_tables(project: Project, rows: Sequence[Row], claims: Iterable[Claim]) -> list[str]:
    """Rows that name no claim, no version, no file or no theorem, or stand twice."""
    ids, versions = {claim.id for claim in claims}, {str(v) for v in Version}
    problems = []
    for row in rows:
        where = f"{row.table}: {row.theorem}"
        if row.claim not in ids:
            problems.append(f"{where}: unknown claim {row.claim!r}")
        if row.statement not in versions:
            problems.append(f"{where}: statement {row.statement!r} is none of {', '.join(sorted(versions))}")
        if not row.file.endswith(f"coq/{row.theorem.split('.')[1]}.v"):
            problems.append(f"{where}: the theorem is not in {row.file}")
        problems += [
            f"{where}: no theorem {name} in the Coq files"
            for name in (row.theorem, row.witness)
            if name and line_of(project, name) is None
        ]
    twice = Counter((row.claim, row.statement, row.theorem) for row in rows)
    problems += [f"{theorem}: {n} rows for {claim}, {s}" for (claim, s, theorem), n in twice.items() if n > 1]
    return problems


def check_answers(rows: Sequence[Row], answers: Mapping[str, Answer]) -> list[str]:
    """Axioms outside the allow-list; hypotheses that nothing satisfies."""
    problems = []
    for row in rows:
        axioms = set(answers[row.theorem].axioms)
        extra = sorted(axioms - row.allowed_axioms)
        if extra and set(extra) <= CLASSICAL:
            problems.append(f'{row.theorem}: rests on {", ".join(extra)}: needs "axioms": "classical" in {row.table}')
        elif extra:
            problems.append(f"{row.theorem}: rests on {', '.join(extra)}, not in the allow-list")
        if row.axioms == "classical" and not axioms & CLASSICAL:
            problems.append(f'{row.theorem}: "axioms": "classical" in {row.table}, but it needs none')
        if row.kind == "proved" and not answers[row.theorem].satisfiable:
            without = f"the witness {row.witness} does not show that the hypotheses are satisfiable"
            problems.append(f"{row.theorem}: {without if row.witness else 'has hypotheses and no witness'}")
    return problems


def check_registry(project: Project, rows: Sequence[Row], claims: Iterable[Claim]) -> list[str]:
    """Registry statements whose theorem is missing, another claim's, or neither named nor marked open."""
    by_theorem: dict[str, list[Row]] = {}
    for row in rows:
        by_theorem.setdefault(row.theorem, []).append(row)
    claims, problems = list(claims), []
    unused = {(o.claim, o.statement, o.variant): o for o in project.open_statements()}
    for claim in claims:
        if not claim.statements and not any(row.claim == claim.id for row in rows):
            if unused.pop((claim.id, "*", ""), None) is None:
                problems.append(f"registry: {claim.id}: no statement, no theorem, and open.json does not list it")
            continue
        for s in claim.statements:
            where = f"registry: {claim.id}, {s.label}"
            if s.theorem is None:
                if unused.pop((claim.id, str(s.version), s.variant), None) is None:
                    problems.append(f"{where}: no theorem, and open.json does not list it")
                continue
            kind = "refuted" if s.expected is Verdict.VIOLATED else "proved"
            candidates = by_theorem.get(s.theorem, [])
            if not candidates:
                problems.append(f"{where}: {s.theorem} is in no table")
            elif (claim.id, str(s.version)) not in [(r.claim, r.statement) for r in candidates]:
                stands = ", ".join(f"{r.claim} {r.statement}" for r in candidates)
                problems.append(f"{where}: {s.theorem} stands in the table for {stands}")
            elif kind not in [r.kind for r in candidates]:
                problems.append(f"{where}: expected {s.expected}, but {s.theorem} is {candidates[0].kind}")
    problems += [
        f"open.json: {claim}, {s} {variant}".rstrip() + ": not an open statement of the registry"
        for claim, s, variant in unused
    ]
    return problems
