"""Falsehoods of one per cent: the committed result names instances that still refute them."""

import json

import pytest

from campaigns import planting
from mtp_theory.claims import REGISTRY, get_claim
from mtp_theory.claims.engine.model import Verdict
from mtp_theory.claims.facts.instances import instance

RESULT = json.loads(planting.RESULTS.read_text(encoding="utf-8"))
STATEMENTS = {f"{c.id} / {s.label}": s for c in REGISTRY.values() for s in c if s.expected is Verdict.HOLDS}
#: Re-run in the tests: the others' instances take seconds.
SAMPLE = (
    "lemma-1 / printed",
    "lemma-2 / repaired",
    "remark-1 / repaired",
    "copies-per-round / extended",
    "corollary-3 / repaired",
)


def test_every_statement_that_holds_is_there():
    assert list(RESULT["statements"]) == list(STATEMENTS)
    assert RESULT["totals"] == planting.totals(RESULT["statements"])


@pytest.mark.parametrize("name", SAMPLE)
def test_the_instances_refute_the_mutants(name):
    statement, row = STATEMENTS[name], RESULT["statements"][name]
    by_name = {m.name: m.inequality for m in planting.mutants(statement)}
    assert row["caught"]
    assert not row["missed"]
    for mutant, at in row["caught"].items():
        kind, number = at.split("/")
        cases = list(statement.cases(instance(kind, RESULT["seed"], int(number))))
        assert any(planting.refutes(by_name[mutant], c) for c in cases)
        assert not any(planting.refutes(statement.inequality, c) for c in cases)


def test_a_reason_is_given_for_statements_that_are_there():
    import re

    for statement, _, reason in planting.reasons():
        assert any(re.search(statement, name) for name in STATEMENTS)
        assert reason


def test_three_of_four_falsehoods_are_seen():
    totals = RESULT["totals"]
    assert totals["caught"] >= 0.7 * (totals["caught"] + totals["missed"])


def test_mutants_are_one_per_cent_off():
    found = {m.name for m in planting.mutants(get_claim("remark-2").statement("repaired"))}
    assert any("1.01" in name for name in found)
    assert any("0.99" in name for name in found)
