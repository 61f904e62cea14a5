"""All LaTeX that is printed goes through pdflatex and BibTeX; nothing beyond amsmath and amssymb is needed."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from command_line import mtp

from mtp_theory.claims import REGISTRY
from mtp_theory.claims.constants import constants
from mtp_theory.datasets import Dataset
from mtp_theory.display import latex
from mtp_theory.evidence import cite
from mtp_theory.evidence.ledger import Entry
from mtp_theory.experiments.report import Layout

needed = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("pdflatex", "bibtex")),
    reason="pdflatex and bibtex are not installed (on Debian: apt-get install texlive-latex-base)",
)
PREAMBLE = r"\documentclass{article}\usepackage{amsmath,amssymb}\begin{document}\tiny"
LAYOUT = Layout("A title with 100 % and n_p", ("data", "n_p / n", "5 %"), (("MNIST_1-7", "12 (n_p 13)", "a & b #1"),))


def compiled(body: str, folder: Path, references: str = "") -> str:
    """The log's complaints; raises AssertionError where there is no PDF."""
    (folder / "a.bib").write_text(references)
    end = r"\nocite{*}\bibliographystyle{plain}\bibliography{a}" if references else ""
    (folder / "a.tex").write_text(f"{PREAMBLE}\n{body}\n{end}\n\\end{{document}}\n", encoding="utf-8")
    typeset = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    said = ""
    for command in [typeset, ["bibtex", "a"], typeset, typeset] if references else [typeset]:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120)
        said = done.stdout.decode(errors="replace")
        assert done.returncode == 0, f"{command[0]}: {said[-1500:]}"
    assert (folder / "a.pdf").exists()
    return "\n".join(line for line in said.splitlines() if "undefined" in line or "Missing character" in line)


def entry(claim) -> Entry:
    """A ledger's entry that holds every statement of the claim, as check records it."""
    results = [
        {"claim": claim.id, "statement": str(s.version), "variant": s.variant, "verdict": "holds", "instances": 7,
         "arithmetic": "rational", "grade": None if s.grade is None else str(s.grade), "theorem": s.theorem}
        for s in claim
    ]  # fmt: skip
    return Entry(Path("entry.json"), {"time": "2026-01-01", "results": results})


@needed
def test_citations_with_and_without_evidence(tmp_path):
    claims = list(REGISTRY.values())
    sentences = [cite.sentence(c, e) for c in claims for e in (None, entry(c))]
    references = "\n\n".join([cite.PAPER, *(cite.bibtex(c, entry(c)) for c in claims)])
    assert compiled("\n\n".join(sentences), tmp_path, references) == ""


@needed
def test_the_table_of_claims_the_statements_and_the_constants(tmp_path):
    table = mtp("claims", "--format", "latex", cwd=tmp_path)[1]
    statements = [s["latex"] for c in json.loads(mtp("claims", "--json", cwd=tmp_path)[1])["claims"]
                  for s in c["statements"]]  # fmt: skip
    rng = np.random.default_rng(0)
    data = Dataset(rng.random((8, 2)), np.where(np.arange(8) % 2, 1.0, -1.0))
    formulas = [e.formula for e in constants(data.problem("hinge", 0.1), [1.0, -0.5, 0.25]).entries if e.formula]
    assert len(statements) > 50
    assert formulas
    shown = [f"\n\n{s}" if "$" in s else f"\n\n$\\displaystyle {s}$" for s in [*statements, *formulas]]
    assert compiled(table + "".join(shown), tmp_path) == ""


@needed
def test_tables_of_the_comparison(tmp_path):
    assert compiled(LAYOUT.latex(), tmp_path) == ""


@needed
@pytest.mark.parametrize("planted", ["on the box [0, 1]^d", r"\undefinedword", "a_b", r"\begin{tabular}{l} a & b \\ "])
def test_planted_faults_do_not_compile(planted, tmp_path):
    with pytest.raises(AssertionError, match="pdflatex"):
        compiled(planted, tmp_path)


def test_plain_texts_are_escaped():
    assert (
        latex(r"5 % & n_p_x #1 {a}~\b^c")
        == r"5 \% \& n\_p\_x \#1 \{a\}\textasciitilde{}\textbackslash{}b\textasciicircum{}c"
    )
    assert latex("printed (on the box [0, 1]^d), n_p") == "printed (on the box $[0, 1]^d$), $n_p$"


def test_a_row_of_the_table_has_as_many_cells_as_its_head(tmp_path):
    table = mtp("claims", "--format", "latex", cwd=tmp_path)[1]
    columns = len(next(csv.reader(io.StringIO(mtp("claims", "--format", "csv", cwd=tmp_path)[1]))))
    rows = [line for line in table.splitlines() if line.endswith("\\\\")]
    assert {row.replace("\\&", "").count("&") for row in rows} == {columns - 1}
