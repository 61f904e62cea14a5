"""The frozen statements: for each statement of the registry, the Coq statement that was held against its words.

``frozen.json`` has one line for each: the theorem and a hash of its statement as Coq prints it, spaces apart. A
theorem that comes to say something else, or a statement that comes to name another theorem, is a problem until a
reader has compared the two again and ``python proofs/check.py --write --freeze`` has recorded it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from mtp_theory.claims.engine.model import Claim

from .project import Project


def fingerprint(coq: str) -> str:
    """The head of the SHA-256 of a Coq statement, spaces and line breaks made alike."""
    return hashlib.sha256(" ".join(coq.split()).encode()).hexdigest()[:16]


def frozen(theorems: Mapping[str, Any], claims: Iterable[Claim]) -> dict[str, str]:
    """``claim / label`` -> theorem and fingerprint, for every statement that names a theorem of the tables."""
    texts = {e["theorem"]: e["coq"] for entries in theorems["claims"].values() for e in entries}
    return {
        f"{claim.id} / {s.label}": f"{s.theorem} {fingerprint(texts[s.theorem])}"
        for claim in claims
        for s in claim
        if s.theorem in texts
    }


def check_frozen(project: Project, claims: Iterable[Claim], *, freeze: bool = False) -> list[str]:
    """Statements whose theorem, in theorems.json, is not the one reviewed; ``freeze`` records them all."""
    now = frozen(json.loads(project.theorems.read_text(encoding="utf-8")), claims)
    path = project.root / "frozen.json"
    if freeze:
        path.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return []
    reviewed = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    how = "compare it with the words, then run python proofs/check.py --write --freeze"
    was = {name: f"reviewed as {reviewed[name]}" if name in reviewed else "not reviewed" for name in now}
    problems = [
        f"frozen.json: {name}: {was[name]}, now {text}: {how}"
        for name, text in now.items()
        if reviewed.get(name) != text
    ]
    return problems + [f"frozen.json: {name}: no such statement: {how}" for name in reviewed if name not in now]
