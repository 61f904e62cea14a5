"""Compile the proofs and ask Coq: statements, axioms, and whether hypotheses are satisfiable."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from .project import CLASSICAL, REALS, Project, Row
from .scan import without_comments

SATISFY = Path(__file__).with_name("Satisfy.v")
#: Characters a line in the printed statements: they stand in a column of the book.
WIDTH = 76
JOBS = min(2, os.cpu_count() or 1)
#: Definitions of propositions; their parameters hold no full stop.
PROPOSITION = re.compile(r"^\s*Definition\s+(\w+)[^.]*?:\s*Prop\s*:=", re.MULTILINE)
#: Questions about fewer theorems go to one process: each spends a second on loading the library.
WORTH_A_PROCESS = 10


class CoqError(RuntimeError):
    """Coq refused a file: the first line of its message."""


@dataclass(frozen=True)
class Answer:
    """What Coq says of a theorem; ``satisfiable`` is None where it was not asked."""

    statement: str
    axioms: tuple[str, ...]
    satisfiable: bool | None = None


def compile_all(project: Project) -> None:
    """Compile what changed, with the makefile that coq_makefile writes."""
    for tool in ("coqc", "coq_makefile", "make"):
        if shutil.which(tool) is None:
            raise CoqError(f"{tool} is absent: install Coq 8.16 (on Debian: apt-get install coq make)")
    _run(["coq_makefile", "-f", "_CoqProject", "-o", "CoqMakefile"], project.coq)
    _run(["make", "--silent", "-f", "CoqMakefile", f"-j{JOBS}"], project.coq)


def recheck(project: Project) -> list[str]:
    """Recheck the compiled files, and all that they need, with coqchk; one line for each thing out of order."""
    modules = [f"MTP.{name.removesuffix('.v').replace('/', '.')}" for name in project.listed_files()]
    return judge_recheck(_run(["coqchk", "-silent", "-o", "-Q", ".", "MTP", *modules], project.coq))


def judge_recheck(report: str) -> list[str]:
    """What is wrong in coqchk's summary: an axiom outside the standard library, a check that was switched off.

    coqchk lists every axiom and sealed constant of the library that is loaded, used or not; which of them a theorem
    rests on is for Print Assumptions to say.
    """
    sections = dict(re.findall(r"^\* ([^:\n]+):(.*?)(?=^\* |\Z)", report, re.MULTILINE | re.DOTALL))
    if "Axioms" not in sections:
        return ["coqchk printed no summary of axioms"]
    axioms = [] if "<none>" in sections["Axioms"] else sections.pop("Axioms").split()
    problems = [f"axiom {name}" for name in axioms if not name.startswith("Coq.")]
    for title, content in sections.items():
        if title not in ("Theory", "Axioms") and "<none>" not in content:
            problems.append(f"{title}: {' '.join(content.split())}")
    return problems


def ask(project: Project, rows: Sequence[Row]) -> dict[str, Answer]:
    """Statement, axioms and satisfiability for the theorem of each row; the statement for each witness."""
    theorems = list(dict.fromkeys(row.theorem for row in rows))
    witnesses = list(dict.fromkeys(row.witness for row in rows if row.witness and row.witness not in theorems))
    proved = [row for row in rows if row.kind == "proved"]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(JOBS) as pool:
        jobs = JOBS if len(theorems) > WORTH_A_PROCESS else 1
        parts = [theorems[i::jobs] for i in range(jobs)]
        about = [pool.submit(_about, project, part, Path(folder, f"about{i}")) for i, part in enumerate(parts)]
        shown = pool.submit(_about, project, witnesses, Path(folder, "witnesses"), axioms=False)
        satisfiable = pool.submit(_satisfiable, project, proved, Path(folder, "satisfiable"))
        answers = {name: answer for part in about for name, answer in part.result().items()} | shown.result()
        satisfied = satisfiable.result()
    return {name: replace(answer, satisfiable=satisfied.get(name)) for name, answer in answers.items()}


def _about(project: Project, names: Sequence[str], folder: Path, *, axioms: bool = True) -> dict[str, Answer]:
    """``Check`` and, half a second each, ``Print Assumptions`` of every name; each answer in a file of its own."""
    lines = [_require(project, "Import "), "Open Scope R_scope.", f"Set Printing Width {WIDTH}."]
    for i, name in enumerate(names):
        lines.append(f'Redirect "{i}.check" Check @{name}.')
        if axioms:
            lines.append(f'Redirect "{i}.axioms" Print Assumptions {name}.')
    _coqc(project, folder, "About", lines)
    answers = {}
    for i, name in enumerate(names):
        statement = _statement((folder / f"{i}.check.out").read_text(encoding="utf-8"))
        rests_on = _axioms((folder / f"{i}.axioms.out").read_text(encoding="utf-8")) if axioms else ()
        answers[name] = Answer(statement, rests_on)
    return answers


def _satisfiable(project: Project, rows: Sequence[Row], folder: Path) -> dict[str, bool]:
    """For each row: did Coq prove, from the witness, that the hypotheses are satisfiable?"""
    folder.mkdir()
    shutil.copy(SATISFY, folder)
    _compile(project, folder, "Satisfy")
    lines = [
        _require(project),
        "From Ltac2 Require Import Ltac2.",
        "From Bridge Require Import Satisfy.",
        'Set Default Proof Mode "Classic".',
    ]
    asked = list({row.theorem: row for row in rows}.values())
    for i, row in enumerate(asked):
        tactic = f"pose proof (@{row.witness}); satisfy" if row.witness else "satisfy"
        hidden = _local_claims(project, row)
        unfolded = f"eval cbv beta delta [{' '.join(hidden)}] in t" if hidden else "t"
        statement = f"let t := type of (@{row.theorem}) in let u := {unfolded} in conclude_false t u"
        goal = f"outcome (~ ltac:({statement}))"
        lines += [
            f"Definition satisfiable_{i} : {goal} := ltac:(first [ apply yes; solve [ {tactic} ] | exact no ]).",
            f'Redirect "{i}" Eval hnf in succeeded satisfiable_{i}.',
        ]
    lines.append(
        f"Definition all := ({' :: '.join([*(f'succeeded satisfiable_{i}' for i in range(len(asked))), 'nil'])})%list."
    )
    lines.append('Redirect "axioms" Print Assumptions all.')
    try:
        _coqc(project, folder, "Queries", lines)
    except CoqError as error:
        answered = len(list(folder.glob("*.out")))
        at = f" at {asked[answered].theorem}" if answered < len(asked) else ""
        raise CoqError(f"satisfiability of hypotheses{at}: {error}") from error
    extra = set(_axioms((folder / "axioms.out").read_text(encoding="utf-8"))) - REALS - CLASSICAL
    if extra:
        raise CoqError(f"the proofs that hypotheses are satisfiable rest on {', '.join(sorted(extra))}")
    return {row.theorem: (folder / f"{i}.out").read_text().split()[1:2] == ["true"] for i, row in enumerate(asked)}


def _local_claims(project: Project, row: Row) -> list[str]:
    """Propositions that the theorem's own file defines: a statement may hide its hypotheses in one."""
    _, module, _ = row.theorem.split(".")
    text = without_comments((project.coq / f"{module}.v").read_text(encoding="utf-8"))
    return [f"MTP.{module}.{name}" for name in PROPOSITION.findall(text)]


def _require(project: Project, how: str = "") -> str:
    names = " ".join(name.removesuffix(".v").replace("/", ".") for name in project.listed_files())
    return f"From Coq Require {how}Reals List.\nFrom MTP Require {how}{names}."


def _coqc(project: Project, folder: Path, name: str, lines: Sequence[str]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.v").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _compile(project, folder, name)


def _compile(project: Project, folder: Path, name: str) -> None:
    _run(["coqc", "-q", "-Q", str(project.coq.resolve()), "MTP", "-Q", ".", "Bridge", f"{name}.v"], folder)


def _run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        message = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        at = next((i for i, line in enumerate(message) if line.startswith("File ")), 0)
        raise CoqError(f"{command[0]}: " + " ".join(" ".join(message[at : at + 4]).split())[:400])
    # coqchk writes its summary to stderr
    return done.stdout + done.stderr


def _statement(printed: str) -> str:
    """The type in ``name\\n     : type``, its lines shifted left."""
    statement = printed.partition("\n     : ")[2]
    return "\n".join(line.removeprefix("       ") for line in statement.rstrip().splitlines())


def _axioms(printed: str) -> tuple[str, ...]:
    """Names in the answer of Print Assumptions; anything else that it mentions is returned as it stands."""
    if printed.strip() == "Closed under the global context":
        return ()
    lines = [line for line in printed.splitlines() if line and not line[0].isspace() and line != "Axioms:"]
    return tuple(sorted(re.sub(r"^(\S+)(\s*:.*)?$", r"\1", line) for line in lines))
