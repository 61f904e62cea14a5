"""The table of theorems, the Coq files and the derivations as Markdown for the book.

They stand in the folder ``proofs``. The table ``theorems.json`` is written by ``proofs/check.py`` from what Coq says,
so that a reader needs no Coq.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from mtp_theory.claims import Claim, get_claim
from mtp_theory.claims.engine.model import GRADES, Statement
from mtp_theory.errors import InputError

from .claims import TITLES, statements_in_order

#: The axioms of the library's real numbers, named together, and the classical ones; full names stand in theorems.json.
REALS = ("ClassicalDedekindReals.sig_forall_dec", "FunctionalExtensionality.functional_extensionality_dep")
CLASSICAL = {
    "ClassicalDedekindReals.sig_not_dec": "decidable negation",
    "Classical_Prop.classic": "excluded middle",
}
#: Lines with more semicolons than this hold data, not statements; all but the first two of a run are left out.
DATA_SEMICOLONS = 30
LINES_OF_DATA = 2
LONGEST_LINE = 160


def proofs_folder() -> Path:
    """The folder ``proofs``; InputError where its table is missing."""
    folder = Path(__file__).parents[2] / "proofs"
    if not (folder / "theorems.json").is_file():
        raise InputError(f"no table of theorems in {folder}; write it with python proofs/check.py --write")
    return folder


def theorems() -> dict[str, list[dict[str, Any]]]:
    """Claim id -> its theorems: full name, statement, kind, Coq text, axioms, file, line, witness, note."""
    table: dict[str, list[dict[str, Any]]] = _table()["claims"]
    return {claim: [{"claim": claim, **e} for e in entries] for claim, entries in table.items()}


def open_statements() -> list[dict[str, str]]:
    """Statements of the registry that have no theorem, each with a reason."""
    entries: list[dict[str, str]] = _table()["open"]
    return entries


def axioms_in_words(axioms: Iterable[str]) -> str:
    """Short names of axioms in a fixed order; "none" where a theorem needs none."""
    used = set(axioms)
    words = ["reals"] if used & set(REALS) else []
    words += [short for full, short in CLASSICAL.items() if full in used]
    return ", ".join(words + sorted(used - set(REALS) - set(CLASSICAL))) or "none"


def theorem_table() -> str:
    """Every theorem with its claim, statement, axioms and place, as a Markdown table."""
    lines = ["| theorem | statement | axioms | file, line |", "| --- | --- | --- | --- |"]
    for claim, entries in theorems().items():
        lines.append(f"| **{claim}** | | | |")
        for e in entries:
            what = f"{e['statement'].replace('_', ' ')}, {e['kind']}"
            link = f'<a href="#{_anchor(e)}">{_breakable(_short(e["theorem"]))}</a>'
            where = f"{_breakable(e['file'])}, {e['line']}"
            lines.append(f"| {link} | {what} | {axioms_in_words(e['axioms'])} | {where} |")
    return "\n".join(lines)


def counts() -> dict[str, int]:
    """Theorems for statements of the registry: proved ones, refutations, and how many need classical axioms."""
    entries = list({e["theorem"]: e for es in theorems().values() for e in es}.values())
    refuted = sum(e["kind"] == "refuted" for e in entries)
    return {
        "proved": len(entries) - refuted,
        "refuted": refuted,
        "classical": sum("ClassicalDedekindReals.sig_not_dec" in e["axioms"] for e in entries),
    }


def counts_markdown() -> str:
    """How many theorems, refutations and open statements there are, and how many need which axioms."""
    n = counts()
    return (
        f"{n['proved'] + n['refuted']} theorems for {len(theorems())} claims: {n['proved']} proved statements and "
        f"{n['refuted']} refutations of printed ones. {n['classical']} of them need classical axioms, for logarithms, "
        "square roots or suprema; none needs an axiom of ours."
    )


def open_markdown() -> str:
    """The open statements as a list."""
    items = [
        f"- {get_claim(o['claim']).title} ({o['claim']}"
        + (f", {o['statement'].replace('_', ' ')}" if o["statement"] != "*" else "")
        + (f", {o['variant']}" if o["variant"] else "")
        + f"): {o['reason']}"
        for o in open_statements()
    ]
    return "\n".join(items) or "Every statement of the registry has a theorem."


def claim_theorems_markdown(claim: Claim) -> str:
    """A claim's statements, each with the theorem as Coq prints it; then its other theorems and the source."""
    entries = theorems().get(claim.id, [])
    rest = {e["theorem"] + e["statement"]: e for e in entries}
    parts = [_heading(claim.title), f"*{claim.id}; {claim.source}*"]
    for s in statements_in_order(claim):
        for e in entries:
            if e["theorem"] == s.theorem and rest.pop(e["theorem"] + e["statement"], None) is not None:
                parts += [_statement_markdown(s), _theorem_markdown(e)]
    parts += [_theorem_markdown(e) for e in rest.values()]
    parts += [source_markdown(name) for name in dict.fromkeys(e["file"] for e in entries)]
    return "\n\n".join(parts)


def source_markdown(name: str) -> str:
    """A Coq file, highlighted, folded away; long runs of data are left out and say so."""
    text = (proofs_folder() / "coq" / name).read_text(encoding="utf-8")
    title = re.match(r"\(\*\* \* (.*)", text)
    heading = f"Source: {name}" + (f" ({title[1].rstrip(' *)')})" if title else "")
    return f"````{{dropdown}} {_plain(heading)}\n```coq\n{abridged(text)}\n```\n````"


def library_files() -> list[str]:
    """Coq files that hold no theorem of the table: what the others share."""
    used = {e["file"] for entries in theorems().values() for e in entries}
    return [name for name in _table()["sources"] if name not in used]


def abridged(text: str) -> str:
    """The text without long runs of data; a comment says how much is missing."""
    kept: list[str] = []
    data: list[str] = []
    for line in [*text.rstrip().splitlines(), None]:
        if line is not None and line.count(";") > DATA_SEMICOLONS:
            data.append(line)
            continue
        kept += [
            shown if len(shown) <= LONGEST_LINE else f"{shown[:LONGEST_LINE]} ..." for shown in data[:LINES_OF_DATA]
        ]
        if len(data) > LINES_OF_DATA:
            kept.append(f"  (* ... {len(data) - LINES_OF_DATA} more lines of data ... *)")
        data = []
        if line is not None:
            kept.append(line)
    return "\n".join(kept)


def derivations() -> tuple[ModuleType, ...]:
    """The modules of ``proofs/derivations`` in reading order; each has TITLE, CLAIM, steps() and check()."""
    name, folder = "mtp_derivations", proofs_folder() / "derivations"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            name, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        if spec is None or spec.loader is None:
            raise InputError(f"no derivations in {folder}")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    listed: tuple[ModuleType, ...] = sys.modules[name].DERIVATIONS
    return listed


def derivation_markdown(module: ModuleType) -> str:
    """A derivation's steps; it is checked before it is printed."""
    module.check()
    parts = [_heading(module.TITLE), f"*For {module.CLAIM}*"]
    for number, step in enumerate(module.steps(), start=1):
        parts.append(f"{number}\\. {step.text}\n\n$${step.latex}$$")
    return "\n\n".join(parts)


def _heading(title: str) -> str:
    # A heading inside a cell's output would break the page's own headings.
    return f"```{{rubric}} {title}\n```"


def _table() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((proofs_folder() / "theorems.json").read_text(encoding="utf-8"))
    return content


def _statement_markdown(s: Statement) -> str:
    grade = f" — {GRADES[str(s.grade)]}" if s.grade is not None else ""
    variant = f", {s.variant}" if s.variant else ""
    lines = [f"**{TITLES[s.version]}**{variant}{grade}. {s.words}", f"$${s.inequality.latex}$$"]
    if s.hypotheses:
        lines.append("Hypotheses: " + "; ".join(s.hypotheses) + ".")
    return "\n\n".join(lines)


def _theorem_markdown(e: Mapping[str, Any]) -> str:
    head = (
        f'<a id="{_anchor(e)}"></a>`{_short(e["theorem"])}`: {e["statement"].replace("_", " ")}, {e["kind"]}; '
        f"axioms: {axioms_in_words(e['axioms'])}; {e['file']}, line {e['line']}."
    )
    parts = [head, f"```coq\n{e['coq']}\n```"]
    definitions = _definitions(e) if e["kind"] == "refuted" else []
    if definitions:
        parts += ["where", "```coq\n" + "\n\n".join(definitions) + "\n```"]
    if e["note"]:
        parts.append(_plain(e["note"]))
    return "\n\n".join(parts)


def _definitions(e: Mapping[str, Any]) -> list[str]:
    """The definitions, in the theorem's own file, of the claims that a refutation negates."""
    text = (proofs_folder() / "coq" / e["file"]).read_text(encoding="utf-8")
    names = dict.fromkeys(re.findall(r"[A-Za-z_]\w*", e["coq"]))
    found = (re.search(rf"^Definition {re.escape(n)}\b.*?\.$", text, re.MULTILINE | re.DOTALL) for n in names)
    return [m[0] for m in found if m is not None]


#: Notes are plain text: what Markdown would read as markup stands for itself.
_ESCAPES = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>$|"})


def _plain(text: str) -> str:
    return text.translate(_ESCAPES)


def _breakable(name: str) -> str:
    # A long name may break after an underscore, so that the table fits its column.
    return _plain(name).replace(r"\_", r"\_<wbr>")


def _anchor(e: Mapping[str, Any]) -> str:
    return f"{e['claim']}-{e['statement']}-{_short(e['theorem'])}".replace("_", "-")


def _short(full_name: str) -> str:
    return full_name.rpartition(".")[2]


__all__ = [
    "abridged",
    "axioms_in_words",
    "claim_theorems_markdown",
    "counts",
    "counts_markdown",
    "derivation_markdown",
    "derivations",
    "library_files",
    "open_markdown",
    "open_statements",
    "proofs_folder",
    "source_markdown",
    "theorem_table",
    "theorems",
]
