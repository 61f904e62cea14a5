"""The 64-bit rational kernel of the campaign against the registry's statements in Fractions."""

from fractions import Fraction as F

import numpy as np

from campaigns import rational_kernel as kernel
from mtp_theory.claims import get_claim
from mtp_theory.claims.facts import exact
from mtp_theory.claims.facts import kinds as f
from mtp_theory.exact.line import RationalProblem, RationalRun, attack, erm


def facts_of(p: RationalProblem, target: F, lam: F, test: F) -> dict[str, f.Facts]:
    run: RationalRun = attack(p, target, 1)
    return {
        "pair": exact.exact_pair(p, test, target, F(0), lam, False, ""),
        "run": exact.exact_run(run, ""),
        "induced": exact.exact_induced(p, 1, run.thetas[1], [test], ""),
        "attained": exact.exact_attained(p.data, p.c, [test], 1, ""),
    }


def test_every_slack_is_the_same_number():
    state, a, witness = np.uint64(5), np.zeros(3, dtype=np.int64), np.zeros(2, dtype=np.int64)
    compared = [0] * len(kernel.STATEMENTS)
    for _ in range(150):
        state, size, weight, count, scale, test = kernel.random_instance(state, a, witness)
        slacks = kernel.instance(a, size, weight, witness, count, scale, test)
        p = RationalProblem(tuple(F(int(x), 4) for x in a[:size]), F(*weight))
        lam = p.c * F(*scale)
        facts = facts_of(p, erm([F(int(x), 4) for x in witness[:count]], lam), lam, F(*test))
        for k, (claim, version, variant, _) in enumerate(kernel.STATEMENTS):
            statement = get_claim(claim).statement(version, variant)
            expected = [statement.inequality.slack(c.values) for c in statement.cases(facts[statement.kind])]
            if slacks[k][1] == 0:
                assert not expected
            else:
                assert F(*slacks[k]) == min(expected)
                compared[k] += 1
    assert min(compared) >= 100


def test_overflow_is_marked_and_never_wrong():
    big = (2**62 + 1, 1)
    assert kernel.mul(big, (3, 1)) == (0, 0)
    assert kernel.add((1, 2**61 + 1), (1, 2**61 - 1)) == (0, 0)
    assert kernel.mul((2**40, 3), (9, 2**41)) == (3, 2)


def test_campaign_counts_falsehoods_and_nothing_else():
    tally = kernel.campaign(11, 3000)
    for row, (_, _, _, expected) in zip(tally, kernel.STATEMENTS, strict=True):
        assert row[0] + row[3] == 3000
        assert (row[1] > 0) == (expected == "violated")
        assert row[2] > 0
