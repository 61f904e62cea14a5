"""Generated Coq files that hold real data: is each its template filled in, and are its rows the data that it names?

A file NAME.v beside NAME.v.in is generated. Its text must be that of the template with something in the place of
every @WORD@, the same for the same word. Where the template has @ROWS@ and @IDENTITY@, the rows must be those of
the data set below, entry by entry, and both they and the data set of the package must have the identity (SHA-256)
that the file states. What a script searched for (targets, multipliers, bounds) needs no such check: the proved
checkers decide about it inside Coq.
"""

from __future__ import annotations

import re

import numpy as np

from mtp_theory.datasets import Dataset, load

from .project import Project

#: The data set whose rows a generated file holds, and the scale of its integers.
DATA = {"digits_certificate.v": ("digits-1-7", 16)}
WORD = re.compile(r"@([A-Z_]+)@")
ROW = re.compile(r"\((true|false), \[([0-9;]*)\]\)")


def check_data(project: Project) -> list[str]:
    """One line for each generated file that is not what it says."""
    problems = []
    for name in project.listed_files():
        template = project.coq / f"{name}.in"
        if not template.exists() or not (project.coq / name).exists():
            continue
        text = (project.coq / name).read_text(encoding="utf-8")
        words = fields(template.read_text(encoding="utf-8"), text)
        if words is None:
            problems.append(f"coq/{name}: not {template.name} filled in: run its make_ script")
        elif "ROWS" in words:
            problems += [f"coq/{name}: {line}" for line in check_rows(name, words["ROWS"], words.get("IDENTITY", ""))]
    return problems


def fields(template: str, text: str) -> dict[str, str] | None:
    """What stands in ``text`` for each @WORD@ of ``template``; None where the rest differs."""
    pattern, last, seen = [], 0, set()
    for m in WORD.finditer(template):
        pattern.append(re.escape(template[last : m.start()]))
        pattern.append(f"(?P={m[1]})" if m[1] in seen else f"(?P<{m[1]}>.*?)")
        seen.add(m[1])
        last = m.end()
    pattern.append(re.escape(template[last:]))
    found = re.fullmatch("".join(pattern), text, re.DOTALL)
    return None if found is None else found.groupdict()


def rows_of(content: str) -> tuple[np.ndarray, np.ndarray]:
    """Integer rows and labels -1, +1 of a Coq list of (label, entries)."""
    parts = [ROW.fullmatch(part.strip()) for part in re.split(r"(?<=\)); *\n", content)]
    if not parts or any(part is None for part in parts):
        raise ValueError("rows that are not (true or false, [integers])")
    found = [part for part in parts if part is not None]
    entries = [[int(v) for v in part[2].split(";")] for part in found]
    if len({len(row) for row in entries}) != 1:
        raise ValueError("rows of different lengths")
    return np.array(entries), np.array([1.0 if part[1] == "true" else -1.0 for part in found])


def check_rows(name: str, content: str, identity: str) -> list[str]:
    """Are these rows, without their constant last entry, the data set's; have both the stated identity?"""
    if name not in DATA:
        return ["holds rows of no data set that proofs/bridge/data.py knows"]
    data_name, scale = DATA[name]
    data = load(data_name)
    try:
        entries, y = rows_of(content)
    except ValueError as error:
        return [str(error)]
    problems = []
    if data.identity != identity:
        problems.append(f"names the identity {identity or 'none'}, {data_name} has {data.identity}")
    if Dataset(entries[:, :-1] / scale, y, name=data_name).identity != identity:
        problems.append(f"its rows do not have the identity {identity or 'none'} that it names")
    if (entries[:, -1] != scale).any():
        problems.append(f"the constant feature is not {scale} in every row")
    wanted = np.asarray(data.X) * scale
    if entries[:, :-1].shape != wanted.shape:
        problems.append(f"{entries.shape[0]} rows of {entries.shape[1] - 1} features, {data_name} has {wanted.shape}")
    else:
        wrong = np.flatnonzero((entries[:, :-1] != wanted).any(axis=1) | (y != data.y))
        problems += [f"row {i} is not row {i} of {data_name}" for i in wrong[:3]]
    return problems


__all__ = ["DATA", "check_data", "check_rows", "fields", "rows_of"]
