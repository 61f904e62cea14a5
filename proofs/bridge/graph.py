"""The graph of the theorems: which of ours each proof uses, from what coqc writes down of every name (``*.glob``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from .project import Project, Row

#: A definition or proof that begins, and a use of a name of ours.
BEGINS = re.compile(r"^(prf|def|thm|ind|rec) \d+:\d+ \S+ (\S+)$")
USES = re.compile(r"^R\d+:\d+ MTP\.(\w+) \S+ (\S+) (thm|prf)$")


def used(project: Project) -> dict[str, list[str]]:
    """Full name -> full names of what its statement and proof name; what a tactic finds by itself is not seen."""
    graph: dict[str, list[str]] = {}
    for file in project.listed_files():
        module, current = file.removesuffix(".v"), None
        for line in (project.coq / f"{module}.glob").read_text(encoding="utf-8").splitlines():
            if begins := BEGINS.match(line):
                current = f"MTP.{module}.{begins[2]}" if begins[1] in ("prf", "thm") else None
                if current is not None:
                    graph[current] = []
            elif current is not None and (use := USES.match(line)):
                name = f"MTP.{use[1]}.{use[2]}"
                if name != current and name not in graph[current]:
                    graph[current].append(name)
    return graph


def dependencies(project: Project, rows: Iterable[Row]) -> str:
    """Theorem of the tables -> the theorems of the tables that it rests on, directly or through lemmas; as JSON."""
    graph, listed = used(project), dict.fromkeys(row.theorem for row in rows)

    def reached(name: str) -> list[str]:
        found: dict[str, None] = {}
        todo, seen = list(graph.get(name, [])), {name}
        while todo:
            at = todo.pop(0)
            if at in seen:
                continue
            seen.add(at)
            if at in listed:
                found[at] = None
            else:
                todo += graph.get(at, [])
        return sorted(found)

    return json.dumps({name: reached(name) for name in listed}, indent=1) + "\n"


def check_dependencies(project: Project, *, write: bool = False) -> list[str]:
    """Write dependencies.json, or compare it with what the compiled files say."""
    path, now = project.root / "dependencies.json", dependencies(project, project.rows())
    if write:
        path.write_text(now, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != now:
        return ["dependencies.json is out of date: run python proofs/check.py --write"]
    return []
