"""What must not stand in a proof, found in the text of the files.

Print Assumptions tells the axioms of the theorems in the tables; the text tells of everything else in the folder.
"""

from __future__ import annotations

import re

from .project import Project

#: Sentences that assume what should be proved, or switch off a check of the kernel.
FORBIDDEN = re.compile(
    r"\b(Admitted|admit|give_up|Axioms?|Parameters?|Conjectures?|bypass_check"
    r"|Unset\s+(?:Guard|Positivity|Universe)\s+Checking)\b"
)
#: Inside a section these are hypotheses of its theorems; outside they are axioms.
LOCAL = re.compile(r"(?:^|\.\s)\s*(Variables?|Hypothes[ie]s)\b", re.MULTILINE)
SECTION = re.compile(r"(?:^|\.\s)\s*(Section|End)\s+(\w+)\s*(?=\.)", re.MULTILINE)
TOKEN = re.compile(r'\(\*|\*\)|"(?:[^"]|"")*"')


def without_comments(text: str) -> str:
    """The text with comments (they nest) and strings blanked; lines keep their numbers."""
    kept, depth, last = [], 0, 0
    for token in TOKEN.finditer(text):
        piece = text[last : token.start()]
        kept.append(piece if depth == 0 else "\n" * piece.count("\n"))
        last = token.end()
        if token[0] == "(*":
            depth += 1
        elif token[0] == "*)":
            depth = max(0, depth - 1)
        else:
            kept.append("\n" * token[0].count("\n"))
    kept.append(text[last:] if depth == 0 else "")
    return "".join(kept)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _open_sections(text: str, position: int) -> int:
    names: list[str] = []
    for m in SECTION.finditer(text, 0, position):
        if m[1] == "Section":
            names.append(m[2])
        elif names and names[-1] == m[2]:
            names.pop()
    return len(names)


def scan(project: Project) -> list[str]:
    """One line for each thing that must not be there."""
    problems = []
    listed = project.listed_files()
    present = sorted(str(p.relative_to(project.coq)) for p in project.coq.rglob("*.v"))
    problems += [f"coq/{name}: not listed in _CoqProject" for name in present if name not in listed]
    problems += [f"coq/{name}: listed in _CoqProject but absent" for name in listed if name not in present]
    for path in sorted(project.coq.rglob("*.v")):
        text = without_comments(path.read_text(encoding="utf-8"))
        name = path.relative_to(project.root)
        problems += [f"{name}:{_line(text, m.start(1))}: {m[1]}" for m in FORBIDDEN.finditer(text)]
        problems += [
            f"{name}:{_line(text, m.start(1))}: {m[1]} outside a section is an axiom"
            for m in LOCAL.finditer(text)
            if _open_sections(text, m.start(1)) == 0
        ]
    return problems
