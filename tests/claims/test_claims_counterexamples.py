"""The counterexamples' numbers, worked out by hand, in exact arithmetic."""

from fractions import Fraction as F

import pytest

from mtp_theory.claims import get_claim

#: claim, version, variant -> (exact lhs, exact rhs) at the counterexample's worst case.
NUMBERS = {
    ("nonnegative-distance", "printed", ""): (F(0), F(-1, 9)),
    ("definition-2", "printed", "line 3"): (F(2), F(1, 2)),
    ("kkt-foundation", "printed", ""): (F(3), F(2)),
    ("lemma-1", "printed", "argmin read as a set"): (F(1), F(1)),
    ("theorem-1", "printed", ""): (F(1, 2), F(1, 4)),
    ("theorem-1", "printed_appendix", ""): (F(2), F(127, 126)),
    ("theorem-1-implications", "printed", ""): (F(2), F(1, 3)),
    ("remark-1", "printed_appendix", ""): (F(1), F(1, 2)),
    ("corollary-1", "printed_appendix", ""): (F(383), F(2)),
    ("theorem-3", "printed", ""): (F(3, 2), F(1)),
    ("theorem-4", "printed", "on the box [0, 1]^d"): (F(2), F(1)),
    ("corollary-3", "printed", ""): (F(1, 2), F(1, 4)),
    ("corollary-3", "printed", "with a bias feature"): (F(1), F(0)),
    ("appendix-c", "printed", "on the box [0, 1]^d"): (F(1, 6), F(1, 9)),
    ("approximate-oracle", "printed", ""): (F(1, 4), F(1, 48)),
}


@pytest.mark.parametrize("key", list(NUMBERS), ids="/".join)
def test_numbers(key):
    from mtp_theory.claims.engine.model import evaluate

    claim, version, variant = key
    statement = get_claim(claim).statement(version, variant)
    cases = list(statement.cases(statement.counterexample()))
    worst = min(cases, key=lambda c: statement.inequality.slack(c.values))
    inequality = statement.inequality
    pair = tuple(evaluate(side, worst.values, "exact") for side in (inequality.lhs, inequality.rhs))
    assert pair == NUMBERS[key]


def test_set_union_is_stuck_for_ever():
    facts = get_claim("definition-2").statement("printed").counterexample()
    assert facts.distances[0] == F(17, 7)
    assert set(facts.distances[1:]) == {F(9, 4)}
    assert len(set(facts.regret[1:])) == 1


def test_extremal_target_has_no_gamma():
    facts = get_claim("lemma-2").statement("printed").counterexample()
    assert facts.gamma == 0
    assert facts.target_attainable


def test_a_target_of_low_loss_that_no_points_reach():
    facts = get_claim("theorem-1-implications").statement("printed", "lower clean loss is easier").counterexample()
    assert facts.first_minimum == float("inf")
    assert facts.second_minimum == F(1, 1) * facts.second_minimum < float("inf")
