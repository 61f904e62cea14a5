"""Statements are evaluated exactly where they are rational, and enclosed where they are not."""

from fractions import Fraction as F

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from mtp_theory.claims.check import Tally
from mtp_theory.claims.engine.model import Case, Grade, Inequality, Statement, Verdict, Version, evaluate, symbols
from mtp_theory.claims.facts.kinds import Facts
from mtp_theory.errors import UndecidedError

A, B = symbols(r"\alpha", "b")


def statement(inequality, values):
    def cases(facts):
        yield Case(values, facts.description)

    return Statement(Version.PRINTED, "", inequality, (), cases, "run", grade=Grade.STANDS)


def verdict(inequality, values, tolerance=0.0):
    tally = Tally(statement(inequality, values))
    tally.add(Facts(description="one", tolerance=tolerance))
    return tally.verdict()


def test_rational_formulas_stay_exact():
    q = Inequality(A / 3, sympy.Max(A, B) / 2)
    assert q.slack({A.name: F(1, 7), B.name: F(1, 11)}) == F(1, 14) - F(1, 21)
    assert not q.transcendental
    # a quotient of plain ints must not turn into a float
    assert evaluate(A / B, {A.name: 1, B.name: 3}) == F(1, 3)


def test_printed_and_evaluated_are_one_object():
    assert Inequality(A, B).latex == r"\alpha \le b"
    assert Inequality(A, B, strict=True).latex == r"\alpha < b"
    assert Inequality(A, B, equal=True).latex == r"\alpha = b"


def test_equalities_fail_in_both_directions():
    q = Inequality(A, B, equal=True)
    for b, expected in ((2, Verdict.VIOLATED), (0, Verdict.VIOLATED), (1, Verdict.HOLDS)):
        assert verdict(q, {A.name: F(1), B.name: F(b)}) is expected


def test_strict_inequalities_fail_at_equality():
    assert verdict(Inequality(A, B, strict=True), {A.name: F(1), B.name: F(1)}) is Verdict.VIOLATED
    assert verdict(Inequality(A, B), {A.name: F(1), B.name: F(1)}) is Verdict.HOLDS


@given(st.fractions(min_value=F(1, 40), max_value=50, max_denominator=40))
def test_logarithms_are_enclosed(x):
    low, high = Inequality(A, sympy.log(A)).slack_enclosure({A.name: x})
    assert isinstance(low, F)
    assert low <= high
    assert high - low < F(1, 10**40)
    # log x < x - 1 + 1e-30 decides the sign against the exact tangent
    assert high <= -1 + F(1, 10**30)


def test_ties_of_logarithms_and_roots_are_decided_exactly():
    assert verdict(Inequality(A, B * (1 + sympy.log(A))), {A.name: F(1), B.name: F(1)}) is Verdict.HOLDS
    assert verdict(Inequality(A, sympy.sqrt(B)), {A.name: F(2, 3), B.name: F(4, 9)}) is Verdict.HOLDS


def test_an_enclosure_around_zero_decides_nothing():
    # sqrt(2)^2 = 2, but no ball shows it
    q = Inequality(B, sympy.sqrt(A) * sympy.sqrt(B))
    assert verdict(q, {A.name: F(2), B.name: F(2)}) is Verdict.UNDECIDED


def test_infinite_enclosures_are_undecided():
    with pytest.raises(UndecidedError):
        Inequality(A, sympy.log(B)).slack_enclosure({A.name: F(1), B.name: F(0)})


def test_nan_is_undecided_and_tolerance_is_respected():
    q = Inequality(A, B)
    assert verdict(q, {A.name: float("nan"), B.name: 1.0}) is Verdict.UNDECIDED
    assert verdict(q, {A.name: 1.0 + 1e-9, B.name: 1.0}, tolerance=1e-7) is Verdict.HOLDS
    assert verdict(q, {A.name: 1.0 + 1e-6, B.name: 1.0}, tolerance=1e-7) is Verdict.VIOLATED
