"""Falsehoods planted in a small proofs folder; the check must name each in one line."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mtp_theory.claims.engine.model import Verdict, Version

PROOFS = Path(__file__).parents[2] / "proofs"

GOOD = """
From Coq Require Import Reals Lra.
Open Scope R_scope.
(* Admitted in a comment is no harm, and "Axiom" in a string neither. *)
Section Half.
Variable a : R.
Hypothesis positive : 0 < a.
Theorem half_repaired (b : R) : b <= a -> b / 2 <= a.
Proof. lra. Qed.
End Half.
Theorem half_repaired_witness : exists a b : R, 0 < a /\\ b <= a /\\ b < a.
Proof. exists 2, 1. lra. Qed.
Definition half_printed_claim : Prop := forall a : R, a / 2 < a.
Theorem half_printed_refuted : ~ half_printed_claim.
Proof. intros H. specialize (H 0). lra. Qed.
"""
ROWS: list[dict[str, Any]] = [
    {
        "claim": "half",
        "statement": "repaired",
        "kind": "proved",
        "theorem": "MTP.half.half_repaired",
        "witness": "MTP.half.half_repaired_witness",
        "file": "proofs/coq/half.v",
        "note": "",
    },
    {
        "claim": "half",
        "statement": "printed",
        "kind": "refuted",
        "theorem": "MTP.half.half_printed_refuted",
        "witness": None,
        "file": "proofs/coq/half.v",
        "note": "",
    },
]


def statement(version: Version, theorem: str | None, expected: Verdict = Verdict.HOLDS) -> SimpleNamespace:
    return SimpleNamespace(version=version, variant="", label=str(version), theorem=theorem, expected=expected)


CLAIM = SimpleNamespace(
    id="half",
    statements=(
        statement(Version.REPAIRED, "MTP.half.half_repaired"),
        statement(Version.PRINTED, "MTP.half.half_printed_refuted", Verdict.VIOLATED),
    ),
)


@pytest.fixture(scope="module")
def bridge() -> Iterator[Any]:
    """check.py, which is a script beside the package that it uses."""
    sys.path.insert(0, str(PROOFS))
    import check

    yield check
    sys.path.remove(str(PROOFS))
    for name in [n for n in sys.modules if n == "check" or n.split(".")[0] == "bridge"]:
        del sys.modules[name]


class Folder:
    """A small proofs folder that can be changed, then checked."""

    def __init__(self, root: Path, check: Any) -> None:
        self.root, self.script, self.claims = root, check, [CLAIM]
        for name in ("coq", "theorems.d"):
            (root / name).mkdir()
        (root / "README.md").write_text("Map\n")
        self.files("half.v")
        self.source(GOOD)
        self.rows(ROWS)

    def files(self, *names: str) -> None:
        (self.root / "coq" / "_CoqProject").write_text("\n".join(["-Q . MTP", *names]) + "\n")

    def source(self, text: str, name: str = "half.v") -> None:
        (self.root / "coq" / name).write_text(text)

    def rows(self, rows: list[dict[str, Any]]) -> None:
        (self.root / "theorems.d" / "half.json").write_text(json.dumps(rows))

    def open(self, entries: list[dict[str, str]]) -> None:
        (self.root / "open.json").write_text(json.dumps(entries))

    def publish(self, theorems: str) -> list[str]:
        return list(self.script.publish(self.script.Project(self.root), theorems, write=False))

    def check(self, **options: bool) -> list[str]:
        return list(self.script.check(self.script.Project(self.root), self.claims, **options))


@pytest.fixture
def folder(tmp_path: Path, bridge: Any) -> Folder:
    return Folder(tmp_path, bridge)


def text_only(folder: Folder) -> list[str]:
    return list(folder.script.scan(folder.script.Project(folder.root)))


needs_coq = [
    pytest.mark.proofs,
    pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is absent: apt-get install coq"),
]


def with_marks(function: Any) -> Any:
    for mark in needs_coq:
        function = mark(function)
    return function


@with_marks
def test_a_sound_folder_passes_and_a_stale_table_is_noticed(folder):
    assert folder.check(write=True) == []
    path, readme = folder.root / "theorems.json", folder.root / "README.md"
    text = path.read_text()
    repaired, refuted = json.loads(text)["claims"]["half"]
    assert repaired["coq"] == "forall a : R, 0 < a -> forall b : R, b <= a -> b / 2 <= a"
    assert repaired["axioms"] == [
        "ClassicalDedekindReals.sig_forall_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
    ]
    assert (repaired["file"], repaired["line"], refuted["line"]) == ("half.v", 8, 14)
    assert refuted["coq"] == "~ half_printed_claim"
    assert "| half | repaired, proved | `half_repaired` | reals |" in readme.read_text()
    assert folder.publish(text) == []
    path.write_text(text.replace("b / 2 <= a", "b / 3 <= a"))
    readme.write_text(readme.read_text().replace("| reals |", "| none |"))
    assert folder.publish(text) == [
        "theorems.json is out of date: run python proofs/check.py --write",
        "README.md is out of date: run python proofs/check.py --write",
    ]


@with_marks
def test_admitted_and_axiom_of_our_own(folder):
    wish = GOOD.replace("Section Half.", "Axiom wish : forall b : R, b / 2 <= 0.\nSection Half.")
    wish = wish.replace("Proof. lra. Qed.", "Proof. pose proof (wish b). lra. Qed.", 1)
    folder.source(wish + "Theorem more : 1 <= 2.\nAdmitted.\n")
    assert folder.check() == [
        "coq/half.v:5: Axiom",
        "coq/half.v:18: Admitted",
        "MTP.half.half_repaired: rests on wish, not in the allow-list",
    ]


@with_marks
def test_axiom_of_the_library(folder):
    # The text of this file is innocent: the axiom comes from the standard library.
    classical = GOOD.replace("Reals Lra.", "Reals Lra Classical.")
    folder.source(classical.replace("Proof. lra. Qed.", "Proof. intros. destruct (classic (a = b)); lra. Qed.", 1))
    assert folder.check() == [
        'MTP.half.half_repaired: rests on Classical_Prop.classic: needs "axioms": "classical" in half.json'
    ]


def test_axioms_listed_where_needed(folder):
    rows = folder.script.Project(folder.root).rows()
    allowed, classical = rows[0], replace(rows[0], axioms="classical")

    def problems(row, *axioms):
        answer = folder.script.Answer("", axioms, satisfiable=True)
        return folder.script.check_answers([row], {row.theorem: answer})

    assert problems(allowed, *folder.script.REALS) == []
    assert problems(classical, "Classical_Prop.classic") == []
    assert problems(classical) == ['MTP.half.half_repaired: "axioms": "classical" in half.json, but it needs none']
    assert problems(classical, "foo is assumed to be guarded.") != []


#: name -> statement and proof of a witness that does not show what it should
FAKES = {
    "trivial": "True. Proof. exact I. Qed.",
    "partial": "exists a b : R, 0 < a /\\ b < a. Proof. exists 2, 1. lra. Qed.",
    "renamed": "exists a b c : R, 0 < a /\\ a <= c /\\ b < a. Proof. exists 2, 1, 2. lra. Qed.",
    "vacuous": "forall a b : R, a <= b -> b < a -> 0 < a /\\ a <= b /\\ b < a. Proof. intros. lra. Qed.",
}


@with_marks
def test_contradictory_hypotheses(folder):
    contradictory = "(a b : R) : 0 < a -> a <= b -> b < a -> b / 2 <= 0. Proof. lra. Qed.\n"
    source, rows = GOOD, []
    for name, fake in FAKES.items():
        source += f"Theorem {name} {contradictory}Theorem {name}_witness : {fake}\n"
        rows.append({**ROWS[0], "theorem": f"MTP.half.{name}", "witness": f"MTP.half.{name}_witness"})
    source += f"Theorem bare {contradictory}"
    # Hypotheses inside a definition count as well.
    source += "Definition claim (c : R) : Prop := forall a b : R, a <= b -> b < a -> a <= c.\n"
    source += "Theorem hidden (c : R) : claim c. Proof. intros a b. lra. Qed.\n"
    rows.append({**ROWS[0], "theorem": "MTP.half.hidden", "witness": None})
    # A witness that is true and leaves out a hypothesis of a sound theorem.
    source += "Theorem forgetful : exists a b : R, b <= a /\\ a < 3 /\\ b < 2. Proof. exists 2, 1. lra. Qed.\n"
    rows.append({**ROWS[0], "theorem": "MTP.half.bare", "witness": None})
    rows.append({**ROWS[0], "witness": "MTP.half.forgetful"})
    folder.source(source)
    folder.rows(rows)
    folder.claims = [SimpleNamespace(id="half", statements=CLAIM.statements[:1])]
    assert folder.check() == [
        *(
            f"MTP.half.{name}: the witness MTP.half.{name}_witness does not show that the hypotheses are satisfiable"
            for name in FAKES
        ),
        "MTP.half.hidden: has hypotheses and no witness",
        "MTP.half.bare: has hypotheses and no witness",
        "MTP.half.half_repaired: the witness MTP.half.forgetful does not show that the hypotheses are satisfiable",
    ]


@with_marks
def test_a_file_that_does_not_compile(folder):
    folder.source(GOOD.replace("Proof. lra. Qed.", "Proof. Qed.", 1))
    (problem,) = folder.check()
    assert problem.startswith('make: File "./half.v", line 9')
    assert "incomplete proof" in problem


def registry_problems(folder: Folder) -> list[str]:
    """The part of the check that needs no Coq."""
    project = folder.script.Project(folder.root)
    rows = project.rows()
    return [
        *folder.script.check_tables(project, rows, folder.claims),
        *folder.script.check_registry(project, rows, folder.claims),
    ]


def test_tables_agree_with_registry(folder):
    assert registry_problems(folder) == []
    assert text_only(folder) == []


def test_unproved_registry_entry(folder):
    bare = statement(Version.EXTENDED, None)
    folder.claims = [
        SimpleNamespace(id="half", statements=(*CLAIM.statements, bare)),
        SimpleNamespace(id="empty", statements=()),
    ]
    assert registry_problems(folder) == [
        "registry: half, extended: no theorem, and open.json does not list it",
        "registry: empty: no statement, no theorem, and open.json does not list it",
    ]
    listed = [
        {"claim": "half", "statement": "extended", "reason": "a test"},
        {"claim": "empty", "statement": "*", "reason": "a test"},
    ]
    folder.open(listed)
    assert registry_problems(folder) == []
    folder.claims = [CLAIM]
    assert registry_problems(folder) == [
        "open.json: half, extended: not an open statement of the registry",
        "open.json: empty, *: not an open statement of the registry",
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (statement(Version.REPAIRED, "MTP.half.other"), "registry: half, repaired: MTP.half.other is in no table"),
        (
            statement(Version.EXTENDED, "MTP.half.half_repaired"),
            "registry: half, extended: MTP.half.half_repaired stands in the table for half repaired",
        ),
        (
            statement(Version.REPAIRED, "MTP.half.half_repaired", Verdict.VIOLATED),
            "registry: half, repaired: expected violated, but MTP.half.half_repaired is proved",
        ),
        (
            statement(Version.PRINTED, "MTP.half.half_printed_refuted"),
            "registry: half, printed: expected holds, but MTP.half.half_printed_refuted is refuted",
        ),
    ],
)
def test_registry_names_the_wrong_theorem(folder, wrong, message):
    folder.claims = [SimpleNamespace(id="half", statements=(wrong,))]
    assert registry_problems(folder) == [message]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"theorem": "MTP.half.gone"}, "half.json: MTP.half.gone: no theorem MTP.half.gone in the Coq files"),
        ({"witness": "MTP.half.gone"}, "half.json: MTP.half.half_repaired: no theorem MTP.half.gone in the Coq files"),
        ({"claim": "third"}, "half.json: MTP.half.half_repaired: unknown claim 'third'"),
        ({"file": "proofs/coq/other.v"}, "half.json: MTP.half.half_repaired: the theorem is not in proofs/coq/other.v"),
    ],
)
def test_rows_that_point_nowhere(folder, change, message):
    folder.rows([{**ROWS[0], **change}, ROWS[1]])
    assert message in registry_problems(folder)


def test_a_row_that_stands_twice(folder):
    folder.rows([ROWS[0], *ROWS])
    assert registry_problems(folder) == ["MTP.half.half_repaired: 2 rows for half, repaired"]


@pytest.mark.parametrize("row", [{"claim": "half"}, {**ROWS[0], "kind": "believed"}, {**ROWS[0], "theorem": "short"}])
def test_rows_that_cannot_be_read(folder, row):
    folder.rows([row])
    with pytest.raises(folder.script.TableError, match=r"half\.json"):
        registry_problems(folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Parameter p : nat.", "coq/half.v:1: Parameter"),
        ("Variable p : nat.", "coq/half.v:1: Variable outside a section is an axiom"),
        ("Section S. End S.\nHypothesis h : False.", "coq/half.v:2: Hypothesis outside a section is an axiom"),
        ("(* a (* nested *)\n comment *) Conjecture c : False.", "coq/half.v:2: Conjecture"),
        ("Goal True. Proof. admit. Abort.", "coq/half.v:1: admit"),
        ("Unset Guard Checking.", "coq/half.v:1: Unset Guard Checking"),
    ],
)
def test_text_that_assumes(folder, text, expected):
    folder.source(text)
    assert text_only(folder) == [expected]


def test_files_outside_the_project(folder):
    folder.source("", "stray.v")
    folder.files("half.v", "gone.v")
    assert text_only(folder) == [
        "coq/stray.v: not listed in _CoqProject",
        "coq/gone.v: listed in _CoqProject but absent",
    ]


@pytest.fixture
def digits(folder: Folder) -> Folder:
    """The folder with the generated certificate of the digits and its template."""
    for name in ("digits_certificate.v", "digits_certificate.v.in"):
        shutil.copy(PROOFS / "coq" / name, folder.root / "coq" / name)
    folder.files("half.v", "digits_certificate.v")
    return folder


def data_problems(folder: Folder, old: str, new: str, *, times: int = 1) -> list[str]:
    """Replace ``old`` by ``new`` in the generated file, then check it."""
    path = folder.root / "coq" / "digits_certificate.v"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, times))
    return list(folder.script.check_data(folder.script.Project(folder.root)))


DIGITS = "c0208f80959832cb337a46bf158f5de3aa21dcf6a866e3935a7a328563fa4919"
FIRST_ROW = "(true, [0;0;0;12;13;5;"


def test_data_of_the_certificate(digits):
    assert data_problems(digits, FIRST_ROW, FIRST_ROW) == []


@pytest.mark.parametrize("new", [FIRST_ROW.replace("12", "11"), FIRST_ROW.replace("true", "false")])
def test_a_changed_pixel_or_label(digits, new):
    assert data_problems(digits, FIRST_ROW, new) == [
        f"coq/digits_certificate.v: its rows do not have the identity {DIGITS} that it names",
        "coq/digits_certificate.v: row 0 is not row 0 of digits-1-7",
    ]


def test_a_row_left_out(digits):
    text = (digits.root / "coq" / "digits_certificate.v").read_text()
    row = next(line for line in text.splitlines() if FIRST_ROW in line)
    problems = data_problems(digits, row + "\n", "")
    assert problems[-1] == "coq/digits_certificate.v: 360 rows of 64 features, digits-1-7 has (361, 64)"
    assert len(problems) == 2


def test_a_constant_feature_that_is_none(digits):
    text = (digits.root / "coq" / "digits_certificate.v").read_text()
    row = next(line for line in text.splitlines() if FIRST_ROW in line)
    assert data_problems(digits, row, row.replace(";16])", ";15])")) == [
        "coq/digits_certificate.v: the constant feature is not 16 in every row"
    ]


def test_another_identity(digits):
    other = "0" * 64
    assert data_problems(digits, DIGITS, other) == [
        f"coq/digits_certificate.v: names the identity {other}, digits-1-7 has {DIGITS}",
        f"coq/digits_certificate.v: its rows do not have the identity {other} that it names",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Theorem digits_checked : check digits_rows digits_cert = true.", "Theorem digits_checked : True."),
        ("(length added < 18)%nat ->\n  minimiser", "(length added < 17)%nat ->\n  minimiser"),
    ],
)
def test_a_generated_file_changed_by_hand(digits, old, new):
    assert data_problems(digits, old, new) == [
        "coq/digits_certificate.v: not digits_certificate.v.in filled in: run its make_ script"
    ]


def test_only_the_listed_axioms_are_allowed(bridge):
    rows = bridge.Project(PROOFS).rows()
    assert rows
    assert {row.allowed_axioms for row in rows} <= {bridge.REALS, bridge.REALS | bridge.CLASSICAL}
    assert not replace(rows[0], axioms="everything").allowed_axioms - bridge.REALS


SUMMARY = """
CONTEXT SUMMARY
===============

* Theory: Set is predicative

* Axioms:
    Coq.Reals.ClassicalDedekindReals.sig_forall_dec
    Coq.Logic.FunctionalExtensionality.functional_extensionality_dep

* Constants/Inductives relying on type-in-type: <none>

* Constants/Inductives relying on unsafe (co)fixpoints: <none>

* Inductives whose positivity is assumed: <none>
"""


def test_summary_of_the_recheck(bridge):
    assert bridge.judge_recheck(SUMMARY) == []
    assert bridge.judge_recheck(SUMMARY.replace("    Coq.Logic", "    MTP.half.wish\n    Coq.Logic")) == [
        "axiom MTP.half.wish"
    ]
    assert bridge.judge_recheck(SUMMARY.replace("fixpoints: <none>", "fixpoints:\n    MTP.half.loop")) == [
        "Constants/Inductives relying on unsafe (co)fixpoints: MTP.half.loop"
    ]
    assert bridge.judge_recheck("") == ["coqchk printed no summary of axioms"]
