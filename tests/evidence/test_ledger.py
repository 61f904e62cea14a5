"""The ledger: what is written is read back; strangers' files are refused."""

import json

import pytest

from mtp_theory.claims import select
from mtp_theory.claims.engine.check import check_claims
from mtp_theory.errors import InputError
from mtp_theory.evidence import latest, record
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
