"""The proofs folder: Coq files, tables of theorems, what is marked open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Axioms of the standard library's real numbers; every theorem may use them.
REALS = frozenset({"ClassicalDedekindReals.sig_forall_dec", "FunctionalExtensionality.functional_extensionality_dep"})
#: What logarithms, square roots and excluded middle bring; only for rows that say ``"axioms": "classical"``.
CLASSICAL = frozenset({"ClassicalDedekindReals.sig_not_dec", "Classical_Prop.classic"})

KINDS = ("proved", "refuted")


class TableError(ValueError):
    """A table that cannot be read: which file, what is wrong."""


@dataclass(frozen=True)
class Row:
    """One theorem of the tables: ``theorem`` and ``witness`` are full names such as MTP.lemma_2.lemma_2_repaired."""

    claim: str
    statement: str
    kind: str
    theorem: str
    witness: str | None
    file: str
    note: str
    axioms: str
    table: str

    @property
    def allowed_axioms(self) -> frozenset[str]:
        """What this theorem may rest on."""
        return REALS | CLASSICAL if self.axioms == "classical" else REALS


@dataclass(frozen=True)
class Open:
    """A statement of the registry that has no theorem yet, and why; ``statement`` "*" stands for the whole claim."""

    claim: str
    statement: str
    variant: str
    reason: str


@dataclass(frozen=True)
class Project:
    """The folder with coq/, theorems.d/, open.json, theorems.json and README.md."""

    root: Path

    @property
    def coq(self) -> Path:
        return self.root / "coq"

    @property
    def theorems(self) -> Path:
        return self.root / "theorems.json"

    @property
    def readme(self) -> Path:
        return self.root / "README.md"

    def listed_files(self) -> list[str]:
        """The .v files of _CoqProject, in its order (a file before those that need it)."""
        lines = (self.coq / "_CoqProject").read_text(encoding="utf-8").splitlines()
        return [line.strip() for line in lines if line.strip().endswith(".v")]

    def rows(self) -> list[Row]:
        """Every row of theorems.d/*.json."""
        rows = []
        for path in sorted((self.root / "theorems.d").glob("*.json")):
            rows += [_row(item, path.name) for item in _load(path)]
        return rows

    def open_statements(self) -> list[Open]:
        """Statements that open.json marks as open."""
        path = self.root / "open.json"
        entries = _load(path) if path.exists() else []
        return [Open(e["claim"], e["statement"], e.get("variant", ""), e["reason"]) for e in entries]


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise TableError(f"{path.name}: not valid JSON: {error}") from error


def _row(item: Any, table: str) -> Row:
    try:
        row = Row(
            claim=item["claim"],
            statement=item["statement"],
            kind=item["kind"],
            theorem=item["theorem"],
            witness=item.get("witness"),
            file=item["file"],
            note=item.get("note", ""),
            axioms=item.get("axioms", "reals"),
            table=table,
        )
    except (KeyError, TypeError) as error:
        raise TableError(f"{table}: a row lacks {error}: {item!r}") from error
    if row.kind not in KINDS:
        raise TableError(f"{table}: {row.theorem}: kind {row.kind!r} is none of {', '.join(KINDS)}")
    for name in (row.theorem, row.witness or row.theorem):
        if name.count(".") != 2:
            raise TableError(f"{table}: {name!r} is not a full name MTP.file.theorem")
    return row
