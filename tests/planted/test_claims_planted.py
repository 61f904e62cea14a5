"""Every check has twins that it must refute: mutated formulas, and the printed statements that are false."""

import json
import re

import pytest
from planted.claims_mutation import TABLE, killing_cases, mutants, refutes, subjects

from mtp_theory.claims import REGISTRY
from mtp_theory.claims.check import check_statement
from mtp_theory.claims.model import Grade, Verdict

ROWS = json.loads(TABLE.read_text())
SUBJECTS = subjects()

#: Mutants that are stronger somewhere and that no instance refutes, with the reason: (statement, mutant, why).
UNREFUTED = (
    (r"nonnegative-distance / extended", r"1/D|D\(\S+\) / 2", "has the same sign as the original"),
    (
        r"(theorem-1|definition-2|copies-per-round|theorem-1-implications) / (repaired|printed)",
        r"\\min_.* / 2",
        "stronger only where every distance is negative; the right side never is",
    ),
    (r"lemma-1 / printed", r"C_R -> ", "true: lemma-1 repaired, the target is attainable at the larger weight"),
    (r"lemma-1 / printed", r"factor D.* dropped", "true: R(theta_p) <= 1/(2 C_R), remark-2 extended"),
    (
        r"lemma-2 / repaired|exact-gamma / extended",
        r"factor .*R\(\\theta\).* dropped",
        "true wherever D >= -lambda: only a domain with one label and losses beyond lambda could refute it",
    ),
    (
        r"theorem-1-implications / repaired",
        r".*",
        "the rate overestimates the regret by G = 2B and the logarithm; its factors are pinned in theorem-1, "
        "remark-1 and data-dependent-regret",
    ),
    (r"theorem-1-implications / extended", r"N -> T", "true: a constant over T decreases too"),
    (
        r"remark-1 / (repaired|extended)",
        r"factor log.* dropped",
        "stronger only for log(1 + T/N) > 1, where the gradients can no longer all be largest: with room",
    ),
    (r"remark-1 / printed", r".*", "a statement about the order: its constant 2 is not sharp; the repaired one is"),
    (
        r"theorem-2 / (printed|repaired)|tight-lower-bound / extended",
        r"F_0.* / 2|\+ 1$",
        "stronger only where the numerator is negative; the other side never is",
    ),
    (
        r"corollary-1 / (printed|repaired|extended)",
        r"R\^\*|C_R|R\(\\theta\)|2 N|N \+ 1|k\\varepsilon|L\(\\theta_p;D_c\)|D\(\\theta,\\theta_p\)",
        "stronger only where the numerator or k epsilon is negative, or true: half of R(theta) suffices (extended), "
        "so the terms with C_R R* have room; every term of the half and radius versions is pinned",
    ),
    (r"remark-2 / printed", r"2 R|2 C_R", "true: remark-2 extended"),
    (r"remark-2 / repaired", r"2 C_R", "true: remark-2 extended"),
    (r"(theorem-3|corollary-2) / ", r"Regret.* / 2", "stronger only where the regret is negative; the bound never is"),
    (r"theorem-5 / printed", r"infty", "true: theorem-5 extended"),
    (
        r"appendix-c / ",
        r"R\(\\theta_p\) -> R|C_R / 2|dropped",
        "true where D >= 0, which holds with both labels (nonnegative-distance extended)",
    ),
    (
        r"last-iterate / extended \(best iterate\)",
        r".*",
        "true or with room: last-iterate, all iterates, is sharper and all its mutants are refuted",
    ),
)


def reason(statement, mutant):
    """Why this mutant may stay unrefuted, or None."""
    return next((why for s, m, why in UNREFUTED if re.search(s, statement) and re.search(m, mutant)), None)


def test_the_table_covers_every_statement_that_should_hold():
    assert list(ROWS) == list(SUBJECTS)


@pytest.mark.parametrize("name", list(SUBJECTS))
def test_every_mutant_is_refuted_or_listed(name):
    claim, statement = SUBJECTS[name]
    row = ROWS[name]
    cases = killing_cases(statement, row["instances"])
    assert cases
    for case in cases:
        # a strict inequality may only fail where the mutant is meant to
        assert not refutes(statement.inequality, case)
    known = set(cases[0].values)
    survivors = {}
    refuted = 0
    for mutant in mutants(claim, statement):
        if not {str(s) for e in (mutant.inequality.lhs, mutant.inequality.rhs) for s in e.free_symbols} <= known:
            continue
        if any(refutes(mutant.inequality, case) for case in cases):
            refuted += 1
        else:
            survivors[mutant.name] = row["kept"].get(mutant.name)
    assert None not in survivors.values(), {m for m, status in survivors.items() if status is None}
    assert refuted >= row["refuted"] >= 1
    open_ = [m for m, status in survivors.items() if status == "unrefuted" and reason(name, m) is None]
    assert not open_


def test_most_mutants_are_refuted():
    refuted = sum(row["refuted"] for row in ROWS.values())
    unrefuted = sum(status == "unrefuted" for row in ROWS.values() for status in row["kept"].values())
    assert refuted > 1200
    assert unrefuted < refuted / 15


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        pytest.param(claim, s, id=f"{claim.id}-{s.label}")
        for claim in REGISTRY.values()
        for s in claim
        if s.expected is Verdict.VIOLATED
    ],
)
def test_every_printed_falsehood_is_reported(claim, statement):
    # by its counterexample alone, without any random instance
    result = check_statement(claim, statement, examples=0, on_embedded=False)
    assert result.verdict == "violated"
    assert result.arithmetic in ("rational", "interval")
    assert statement.version.is_printed
    assert statement.grade is not Grade.STANDS
