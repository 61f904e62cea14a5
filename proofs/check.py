"""Compile the proofs, ask Coq what they prove and from which axioms, compare with the tables and the registry.

    python proofs/check.py              check; exit 1 with one line for each problem
    python proofs/check.py --write      the same, and write the generated files anew
    python proofs/check.py --write --freeze  record that each theorem was held against its statement (frozen.json)
    python proofs/check.py --recheck    recheck the compiled files with coqchk

It fails on an admitted goal or an axiom in any file, a file that _CoqProject does not list, a generated file that
is not its template filled in or whose rows are not the data that it names, an axiom outside the allow-list, a
theorem of the tables that is missing, hypotheses that nothing satisfies, a statement of the registry without a
theorem that open.json does not list, a theorem other than the one in frozen.json, and on a
theorems.json or README.md that is out of date.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from bridge.agreement import check_answers, check_registry, check_tables
from bridge.coq import Answer, CoqError, ask, compile_all, judge_recheck, recheck
from bridge.data import check_data
from bridge.frozen import check_frozen
from bridge.graph import check_dependencies
from bridge.project import CLASSICAL, REALS, Project, TableError
from bridge.publish import readme_map, theorems_json, with_map
from bridge.scan import scan

from mtp_theory.claims import REGISTRY
from mtp_theory.claims.engine.model import Claim

__all__ = [
    "CLASSICAL",
    "REALS",
    "Answer",
    "Project",
    "TableError",
    "check",
    "check_answers",
    "check_data",
    "judge_recheck",
    "publish",
    "scan",
]


def check(project: Project, claims: Iterable[Claim], *, write: bool = False) -> list[str]:
    """Every problem in one line; an empty list when the proofs are what the registry says.

    ``write`` publishes what Coq says once the proofs themselves are sound, even if the registry disagrees.
    """
    claims = list(claims)
    problems = scan(project) + check_data(project)
    try:
        rows = project.rows()
        problems += check_tables(project, rows, claims)
        registry = check_registry(project, rows, claims)
        missing = {line.rpartition("no theorem ")[2].split()[0] for line in problems if "no theorem MTP." in line}
        rows = [row for row in rows if row.theorem not in missing and row.witness not in missing]
        compile_all(project)
        answers = ask(project, rows)
    except (CoqError, TableError) as error:
        return [*problems, str(error)]
    problems += check_answers(rows, answers)
    if not problems:
        problems = publish(project, theorems_json(project, rows, answers, claims), write=write)
    return problems + registry


def publish(project: Project, theorems: str, *, write: bool) -> list[str]:
    """Compare theorems.json and README.md with what they should be, or write them."""
    problems = []
    readme = project.readme.read_text(encoding="utf-8") if project.readme.exists() else ""
    for path, wanted in (
        (project.theorems, theorems),
        (project.readme, with_map(readme, readme_map(json.loads(theorems)))),
    ):
        if write:
            path.write_text(wanted, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != wanted:
            problems.append(f"{path.name} is out of date: run python proofs/check.py --write")
    return problems


def main(arguments: list[str] | None = None) -> int:
    """Run the check that the arguments ask for; 0 where nothing is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write theorems.json and the map in README.md")
    parser.add_argument("--freeze", action="store_true", help="record the theorems as reviewed against the statements")
    parser.add_argument("--recheck", action="store_true", help="recheck the compiled files with coqchk")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent, help="the proofs folder")
    options = parser.parse_args(arguments)
    project, start = Project(options.folder), time.monotonic()
    if options.recheck:
        try:
            compile_all(project)
            problems = [f"coqchk: {line}" for line in recheck(project)]
        except CoqError as error:
            problems = [str(error)]
    else:
        problems = check(project, REGISTRY.values(), write=options.write)
        if not problems:
            problems += check_dependencies(project, write=options.write)
            problems += check_frozen(project, REGISTRY.values(), freeze=options.freeze)
    for line in problems:
        print(line, file=sys.stderr)
    verdict = f"{len(problems)} problem(s)" if problems else "no problem"
    print(f"proofs: {verdict}; {len(project.rows())} theorems; {time.monotonic() - start:.0f} s")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
