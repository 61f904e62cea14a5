"""The ledger: what is written is read back; strangers' files are refused."""

import json
from types import SimpleNamespace

import pytest

from mtp_theory.claims import get_claim, select
from mtp_theory.claims.check import check_claims
from mtp_theory.errors import InputError
from mtp_theory.evidence import latest, record
from mtp_theory.evidence.cite import bibtex, sentence
from mtp_theory.evidence.ledger import read


@pytest.fixture(scope="module")
def entry(tmp_path_factory):
    results = check_claims(select(["lemma-2", "theorem-1"]), examples=10, seed=4, on_embedded=False)
    return record(results, examples=10, seed=4, folder=tmp_path_factory.mktemp("ledger"))


def test_round_trip_and_digest(entry):
    again = latest(entry.path.parent)
    assert again is not None
    assert again.content == json.loads(json.dumps(entry.content))
    assert again.digest == entry.digest
    assert again.content["seed"] == 4
    assert again.content["environment"]["packages"]["numpy"]
    changed = json.loads(json.dumps(entry.content))
    changed["results"][0]["verdict"] = "holds"
    other = entry.path.with_name("checks-0.json")
    other.write_text(json.dumps(changed))
    assert read(other).digest != entry.digest
    other.unlink()


def test_nothing_recorded_yet(tmp_path):
    assert latest(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other"}', "[" * 100_000, '{"format": 1, "results": 3}'])
def test_strange_files_are_refused(tmp_path, text):
    path = tmp_path / "checks-1.json"
    path.write_text(text)
    with pytest.raises(InputError, match="evidence"):
        latest(tmp_path)


def test_a_citation_carries_the_evidence_of_its_own_claim_only(entry):
    held, other = get_claim("lemma-2"), get_claim("theorem-4")
    assert entry.digest in bibtex(held, entry)
    for without in (bibtex(other, entry), bibtex(held, None)):
        assert "no evidence recorded" in without
        assert "{n.d.}" in without
        assert entry.digest not in without
    assert "has not been checked" in sentence(other, entry)


def test_formulas_of_a_citation_stand_in_mathematics():
    row = {
        "claim": "theorem-4", "statement": "printed", "variant": "on the box [0, 1]^d", "grade": None,
        "verdict": "holds",
        "instances": 3, "arithmetic": "rational", "theorem": None,
    }  # fmt: skip
    text = sentence(get_claim("theorem-4"), SimpleNamespace(results=[row]))
    assert text.count("^") == text.count("$[0, 1]^d$") == 1
