"""The registry: permanent ids, theorems that exist, verdicts as expected."""

import json
import re
from pathlib import Path

import pytest

from mtp_theory.claims import REGISTRY
from mtp_theory.claims.check import check_statement
from mtp_theory.claims.engine.model import Grade, Verdict
from mtp_theory.claims.facts.instances import GENERATORS

COQ = Path(__file__).parents[2] / "proofs" / "coq"
ALL = [pytest.param(c, s, id=f"{c.id}-{s.label}") for c in REGISTRY.values() for s in c]

#: Sentences of the paper that say of which settings another claim's theorem holds.
OF_ANOTHER = ("multi-class-and-regression", "appendix-d2-lipschitz")
#: An id never changes its meaning and never goes away; new ones are added at the end of their group.
IDS = [
    "abstract-rate",
    "multi-class-and-regression",
    "online-gradient-descent",
    "definition-1",
    "nonnegative-distance",
    "definition-2",
    "lemma-1",
    "lemma-2",
    "theorem-1",
    "theorem-1-implications",
    "copies-per-round",
    "remark-1",
    "theorem-2",
    "corollary-1",
    "kkt-foundation",
    "definition-3",
    "appendix-a-sqrt",
    "footnote-4",
    "remark-2",
    "theorem-3",
    "corollary-2",
    "theorem-4",
    "remark-3",
    "theorem-5",
    "corollary-3",
    "appendix-c",
    "appendix-d1-tightness",
    "appendix-d2-lipschitz",
    "approximate-oracle",
    "exact-gamma",
    "tight-lower-bound",
    "minimum-poisoning",
    "two-phases",
    "reach-frontier",
    "shadow-maximum",
    "log-free-rate",
    "frank-wolfe",
    "online-waste",
    "last-iterate",
    "data-dependent-regret",
    "potential-identity",
]


def test_ids_are_permanent():
    assert [i for i in REGISTRY if i in IDS] == IDS


@pytest.mark.parametrize("claim", [c for c in REGISTRY.values() if c.checked], ids=lambda c: c.id)
def test_each_claim_is_complete(claim):
    labels = [s.label for s in claim]
    assert len(set(labels)) == len(labels)
    assert claim.title
    assert claim.source
    assert claim.summary
    assert claim.code.startswith("mtp_theory.")
    extended = claim.source.startswith("extended")
    assert any(s.version.is_printed for s in claim) != extended


@pytest.mark.parametrize(("claim", "statement"), ALL)
def test_grade_and_expectation_agree(claim, statement):
    assert statement.version.is_printed == (statement.grade is not None)
    assert (statement.expected is Verdict.HOLDS) == (statement.grade in (None, Grade.STANDS))
    assert (statement.counterexample is not None) == (statement.expected is Verdict.VIOLATED)
    assert statement.kind in GENERATORS
    assert statement.inequality.latex.count("{") == statement.inequality.latex.count("}")


@pytest.mark.parametrize(("claim", "statement"), ALL)
def test_named_theorems_exist(claim, statement):
    if statement.theorem is None:
        return
    prefix, module, name = statement.theorem.split(".")
    assert prefix == "MTP"
    source = (COQ / f"{module}.v").read_text(encoding="utf-8")
    assert re.search(rf"^(Theorem|Lemma|Corollary) {re.escape(name)}\b", source, re.MULTILINE)
    own = f"{claim.id.replace('-', '_')}_" in name
    assert own or not statement.version.is_printed or claim.id in OF_ANOTHER


@pytest.mark.parametrize(("claim", "statement"), ALL)
def test_verdicts_are_the_expected_ones(claim, statement):
    result = check_statement(claim, statement, examples=40, seed=7, on_embedded=False)
    assert result.as_expected, result
    assert result.instances >= 1
    assert result.arithmetic in ("rational", "interval")
    json.dumps(result.to_json(), allow_nan=False)
