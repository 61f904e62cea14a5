"""How to cite a check: BibTeX for the paper and for the check, and a sentence with the figures."""

from __future__ import annotations

from .. import __version__
from ..claims import Claim
from ..claims.engine.model import GRADES
from ..display import latex
from .ledger import Entry

PAPER = """@inproceedings{suya2021,
  author    = {Suya, Fnu and Mahloujifar, Saeed and Suri, Anshuman and Evans, David and Tian, Yuan},
  title     = {Model-Targeted Poisoning Attacks with Provable Convergence},
  booktitle = {Proceedings of the 38th International Conference on Machine Learning},
  series    = {Proceedings of Machine Learning Research},
  volume    = {139},
  year      = {2021}
}"""


def key(claim: Claim) -> str:
    """BibTeX key of the check of a claim."""
    return f"mtptheory-{claim.id}"


def bibtex(claim: Claim, entry: Entry | None) -> str:
    """BibTeX entry of the check: id, version, the book's page, and the hash of the evidence that holds this claim."""
    held = entry is not None and any(r["claim"] == claim.id for r in entry.results)
    evidence = f"evidence SHA-256 {entry.digest}" if entry is not None and held else "no evidence recorded"
    year = str(entry.content["time"])[:4] if entry is not None and held else "n.d."
    return "\n".join(
        [
            f"@misc{{{key(claim)},",
            "  author = {{The mtp-theory authors}},",
            f"  title  = {{Check of {claim.id} ({latex(claim.title)}), mtp-theory {__version__}}},",
            f"  year   = {{{year}}},",
            f"  note   = {{{evidence}; book page claims/{claim.id}.html}}",
            "}",
        ]
    )


def sentence(claim: Claim, entry: Entry | None) -> str:
    """A LaTeX sentence with grade, verdict, instances and arithmetic of each recorded statement."""
    results = [] if entry is None else [r for r in entry.results if r["claim"] == claim.id]
    if not results:
        source = latex(claim.source)
        return f"{source} has not been checked in this installation; run \\texttt{{mtp-theory check {claim.id}}}."
    parts = []
    for r in results:
        variant = f", {latex(r['variant'])}" if r.get("variant") else ""
        grade = f" (graded: {GRADES[r['grade']]})" if r["grade"] else ""
        proof = f", machine-checked in Coq as \\texttt{{{latex(r['theorem'])}}}" if r["theorem"] else ""
        verdict = r["verdict"].replace("_", " ")
        parts.append(
            f"{r['statement'].replace('_', ' ')}{variant}: {verdict}{grade} "
            f"on {r['instances']} instances in {r['arithmetic']} arithmetic{proof}"
        )
    return (
        f"{latex(claim.source)}~\\cite{{suya2021}} was checked by machine~\\cite{{{key(claim)}}}: "
        + "; ".join(parts)
        + "."
    )


__all__ = ["PAPER", "bibtex", "key", "sentence"]
