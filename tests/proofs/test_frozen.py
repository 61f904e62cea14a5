"""The theorems are those that were held against the statements; another one is noticed."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from mtp_theory.claims import REGISTRY

PROOFS = Path(__file__).parents[2] / "proofs"


@pytest.fixture
def bridge(monkeypatch):
    monkeypatch.syspath_prepend(str(PROOFS))
    for name in [n for n in sys.modules if n.split(".")[0] == "bridge"]:
        monkeypatch.delitem(sys.modules, name)
    from bridge import frozen, project

    return frozen, project


@pytest.fixture
def folder(tmp_path):
    for name in ("theorems.json", "frozen.json"):
        shutil.copy(PROOFS / name, tmp_path)
    return tmp_path


def test_every_theorem_is_the_one_that_was_reviewed(bridge, folder):
    frozen, project = bridge
    assert frozen.check_frozen(project.Project(folder), REGISTRY.values()) == []
    named = sum(s.theorem is not None for c in REGISTRY.values() for s in c)
    assert len(json.loads((folder / "frozen.json").read_text())) == named


def test_a_weaker_theorem_under_the_same_name_is_noticed(bridge, folder):
    frozen, project = bridge
    content = json.loads((folder / "theorems.json").read_text())
    entry = next(e for e in content["claims"]["lemma-2"] if e["theorem"].endswith("lemma_2_repaired"))
    assert "attainable lam tp ->" in entry["coq"]
    # spaces do not matter
    entry["coq"] = entry["coq"].replace(" ->", "  ->")
    (folder / "theorems.json").write_text(json.dumps(content))
    assert frozen.check_frozen(project.Project(folder), REGISTRY.values()) == []
    entry["coq"] = entry["coq"].replace("attainable lam tp", "strictly_attainable lam tp")
    (folder / "theorems.json").write_text(json.dumps(content))
    (problem,) = frozen.check_frozen(project.Project(folder), REGISTRY.values())
    assert problem.startswith("frozen.json: lemma-2 / repaired: reviewed as MTP.lemma_2.lemma_2_repaired")


def test_a_statement_that_goes_away_or_is_new_is_noticed(bridge, folder):
    frozen, project = bridge
    path = folder / "frozen.json"
    content = json.loads(path.read_text())
    content["lemma-9 / repaired"] = content.pop("lemma-2 / repaired")
    path.write_text(json.dumps(content))
    found = frozen.check_frozen(project.Project(folder), REGISTRY.values())
    assert [line.split(":")[1].strip() for line in found] == ["lemma-2 / repaired", "lemma-9 / repaired"]
