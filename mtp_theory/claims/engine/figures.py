"""Numbers in the claims' sentences on data: read from a file that a campaign writes, never typed.

``figures.json`` holds, by claim, the figures that its sentence names; ``python -m campaigns.claims_on_data`` writes it
with its own result.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

#: Beside the package's claims, so that a wheel has it.
FILE = Path(__file__).resolve().parents[1] / "figures.json"
#: Digits that are names: of data sets, of the paper's items, of our claims, of norms and boxes in formulas.
NAMES = (
    r"digits-1-7|MNIST 1-7|\$[^$]*\$|\[0, 1\]\^d|l1|"
    r"\b(?:Algorithm|Appendix|Corollary|Definition|Figure|Lemma|Remark|Section|Table|Theorem) \d+(?:\.\d+)?|"
    r"\b(?:corollary|definition|lemma|remark|theorem)-\d"
)


@cache
def figures() -> dict[str, dict[str, float]]:
    """Claim id -> name -> number."""
    content: dict[str, dict[str, float]] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def on_data(claim: str, sentence: str) -> str:
    """The sentence with its figures, named in braces, filled in. ValueError for a number that is typed."""
    if found := typed_numbers(sentence):
        raise ValueError(f"claim {claim}: {', '.join(found)} in the sentence on data; name figures of {FILE.name}")
    for name in set(re.findall(r"\{(\w+)", sentence)):
        if name not in figures()[claim]:
            raise ValueError(f"claim {claim}: {FILE.name} has no figure {name!r}")
    return re.sub(r"\{(\w+)(:[^}]*)?\}", lambda m: _filled(claim, m[1], m[2] or ""), sentence)


def typed_numbers(sentence: str) -> list[str]:
    """Numbers that stand in a sentence as digits and are no names."""
    rest = re.sub(r"\{\w+(?::[^}]*)?\}", "", sentence)
    return re.findall(r"-?\d[\d.,]*", re.sub(NAMES, "", rest))


def _filled(claim: str, name: str, form: str) -> str:
    return f"{figures()[claim][name]:{form.removeprefix(':')}}"


__all__ = ["FILE", "figures", "on_data", "typed_numbers"]
