"""The table of theorems as the book and the command line read it."""

from __future__ import annotations

import hashlib

import pytest
from render import proofs

from mtp_theory.claims import REGISTRY
from mtp_theory.errors import InputError


def test_table_is_of_these_files():
    """The committed table was made from the Coq files as they are, whether or not Coq is here."""
    for name, digest in proofs._table()["sources"].items():
        text = (proofs.proofs_folder() / "coq" / name).read_bytes()
        assert hashlib.sha256(text).hexdigest() == digest, f"{name} has changed: run python proofs/check.py --write"


def test_every_theorem_stands_where_the_table_says():
    entries = [e for es in proofs.theorems().values() for e in es]
    assert len(entries) > 100
    for e in entries:
        lines = (proofs.proofs_folder() / "coq" / e["file"]).read_text().splitlines()
        assert proofs._short(e["theorem"]) in lines[e["line"] - 1]
        assert e["coq"]
        assert e["kind"] in ("proved", "refuted")


def test_theorems_belong_to_claims():
    assert set(proofs.theorems()) <= set(REGISTRY)
    assert {o["claim"] for o in proofs.open_statements()} <= set(REGISTRY)


def test_axioms_in_words():
    reals = list(proofs.REALS)
    assert proofs.axioms_in_words([]) == "none"
    assert proofs.axioms_in_words(reals) == "reals"
    assert proofs.axioms_in_words(["Classical_Prop.classic", *reals]) == "reals, excluded middle"
    assert proofs.axioms_in_words([*reals, "wish"]) == "reals, wish"


def test_table_of_theorems_links_to_every_theorem():
    table = proofs.theorem_table()
    body = "\n".join(proofs.claim_theorems_markdown(REGISTRY[c]) for c in proofs.theorems())
    for entries in proofs.theorems().values():
        for e in entries:
            anchor = proofs._anchor(e)
            assert table.count(f'href="#{anchor}"') == 1
            assert body.count(f'id="{anchor}"') == 1
            assert e["coq"] in body


def test_refutation_shows_what_it_refutes():
    text = proofs.claim_theorems_markdown(REGISTRY["lemma-2"])
    assert "~ lemma_2_printed_claim Std" in text
    assert "Definition lemma_2_printed_claim" in text
    assert "As printed" in text
    assert "Source: lemma\\_2.v" in text


def test_data_is_left_out_and_said_so():
    data = "  (true, [" + ";".join("0" * 65) + "]);"
    text = "\n".join(["Definition rows := [", *[data] * 10, "].", "Theorem t : True."])
    short = proofs.abridged(text)
    assert short.count("(true") == 2
    assert "8 more lines of data" in short
    assert short.endswith("].\nTheorem t : True.")
    assert proofs.abridged("a\nb\n") == "a\nb"


def test_every_file_is_shown_once():
    listed = set(proofs._table()["sources"])
    used = {e["file"] for es in proofs.theorems().values() for e in es}
    assert used | set(proofs.library_files()) == listed
    assert "Base.v" in proofs.library_files()


def test_derivations_print_their_steps():
    modules = proofs.derivations()
    assert len(modules) >= 14
    text = proofs.derivation_markdown(modules[0])
    assert modules[0].TITLE in text
    assert text.count("$$") == 2 * len(modules[0].steps())


def test_absent_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(proofs, "__file__", str(tmp_path / "book" / "render" / "proofs.py"))
    with pytest.raises(InputError, match="no table of theorems"):
        proofs.theorems()


def test_counts():
    assert proofs.counts_markdown().startswith(
        f"{len({e['theorem'] for es in proofs.theorems().values() for e in es})} theorems"
    )
    assert "none needs an axiom of ours" in proofs.counts_markdown()
    assert proofs.open_markdown().count("\n") + 1 == max(1, len(proofs.open_statements()))
