"""Claims and recorded results as the book shows them."""

import pytest
from render.claims import (
    claim_markdown,
    contents_markdown,
    counterexample_markdown,
    environment_markdown,
    overview_markdown,
    verdict_table,
)

from mtp_theory.claims import REGISTRY, get_claim, select
from mtp_theory.claims.check import check_claims
from mtp_theory.errors import InputError
from mtp_theory.evidence import record


@pytest.fixture(scope="module")
def entry(tmp_path_factory):
    results = check_claims(select(["lemma-2", "theorem-1"]), examples=10, seed=4, on_embedded=False)
    return record(results, examples=10, seed=4, folder=tmp_path_factory.mktemp("ledger"))


def test_nothing_recorded_yet():
    with pytest.raises(InputError, match="run 'mtp-theory check' first"):
        environment_markdown(None)


def test_rendering_shows_statements_verdicts_and_what_is_missing(entry):
    text = claim_markdown(get_claim("theorem-1"))
    assert text.index("Repaired") < text.index("As printed")
    assert get_claim("theorem-1").statement("repaired").inequality.latex in text
    table = verdict_table(entry, ["theorem-1"])
    assert "| theorem-1 | printed | violated | typo |" in table
    assert "lemma-2" not in table
    assert "not in this run" in contents_markdown(REGISTRY.values(), entry)
    assert entry.digest in environment_markdown(entry)
    assert "**Stands**" in overview_markdown(REGISTRY.values())


def test_counterexamples_are_shown_with_both_sides():
    text = counterexample_markdown(get_claim("theorem-1").statement("printed"))
    assert r"\tfrac{1}{2} > \tfrac{1}{4}" in text
    with pytest.raises(ValueError, match="no counterexample"):
        counterexample_markdown(get_claim("theorem-1").statement("repaired"))
