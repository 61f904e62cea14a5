"""Names keep their meaning: an instance (kind, seed, number), and a statement's grade, cases and counterexample.

Committed results refer to instances by number, and an id never changes its meaning. After a deliberate change
``python tests/claims/test_claims_instances.py`` writes the digests anew; whatever refers to instances by number (the
table of mutated formulas, the campaign) is then to be run again.
"""

import hashlib
import json
import sys
from dataclasses import fields, replace
from fractions import Fraction as F
from pathlib import Path

import pytest

from mtp_theory.claims import REGISTRY
from mtp_theory.claims.facts import exact
from mtp_theory.claims.facts.instances import GENERATORS, approximate_choice, generate, instance
from mtp_theory.claims.statements import lemma_1
from mtp_theory.exact.line import RationalProblem, hinge

TABLE = Path(__file__).with_name("instances.json")
SEED, COUNT = 11, 50
STATEMENTS = {f"{c.id} / {s.label}": s for c in REGISTRY.values() for s in c}


def digest(lines):
    """The head of their SHA-256."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def instances(kind):
    """Every field of the kind's first instances."""
    return digest(f"{f.name} = {getattr(i, f.name)!r}" for i in generate(kind, COUNT, SEED) for f in fields(i))


def meaning(statement):
    """What is expected; the symbols' values and the slack in every case of the first instances and counterexample."""
    facts = [] if statement.counterexample is None else [statement.counterexample()]
    cases = [c for i in (*facts, *generate(statement.kind, COUNT, SEED)) for c in statement.cases(i)]
    values = [f"{name} = {value!r}" for c in cases for name, value in sorted(c.values.items())]
    # nine digits: logarithms and roots may differ in the last ones
    slacks = [f"{float(statement.inequality.slack(c.values)):.9g}" for c in cases]
    return digest([str(statement.expected), str(statement.grade), *values, *slacks])


def table():
    return json.loads(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", list(GENERATORS))
def test_a_name_keeps_its_instance(kind):
    assert instances(kind) == table()["instances"][kind]


@pytest.mark.parametrize("name", list(STATEMENTS))
def test_a_statement_keeps_its_cases(name):
    assert meaning(STATEMENTS[name]) == table()["cases"][name]


def test_the_table_has_every_kind_and_statement():
    assert list(table()["instances"]) == list(GENERATORS)
    assert list(table()["cases"]) == list(STATEMENTS)


def test_an_instance_does_not_depend_on_what_was_drawn_before():
    assert [instance("pair", 3, k) for k in (4, 2)] == [generate("pair", 5, 3)[k] for k in (4, 2)]
    assert instance("pair", 3, 4) != instance("pair", 4, 4)


@pytest.mark.parametrize(("alpha", "eta"), [(F(1, 2), F(0)), (F(1, 4), F(1, 10)), (F(1), F(0))])
def test_the_approximate_oracle_takes_the_worst_point_that_it_may(alpha, eta):
    p = RationalProblem((F(1, 2), F(-1, 3)), F(1, 4))
    choose = approximate_choice(alpha, eta)
    for theta, target in ((F(1, 2), F(-2)), (F(-3), F(1)), (F(0), F(3, 2)), (F(5), F(-1, 2))):
        need = alpha * p.distance(theta, target) - eta
        gains = {s: hinge(theta, s) - hinge(target, s) for s in [*p.data, *p.candidates(theta, target)]}
        chosen = choose(p, theta, target)
        assert gains[chosen] == min(g for g in gains.values() if g >= need)


def test_the_step_beside_a_target_stops_before_the_next_kink():
    # kinks at 1/s = 2 and -3; the target is 1/5000 short of the first
    p = RationalProblem((F(1, 2), F(-1, 3), F(0)), F(1, 4))
    assert exact._step(p, 2 - F(1, 5000)) == F(1, 10_000)
    assert exact._step(p, F(2)) == F(1, 1000)
    assert exact._step(p, F(-1)) == F(1, 1000)


def test_a_target_among_several_minimisers_is_left_to_its_own_reading():
    facts = lemma_1.two_minimisers()
    assert list(lemma_1.unique_cases(facts)) == list(lemma_1.repaired_cases(facts)) == []
    assert len(list(lemma_1.any_minimiser_cases(facts))) == 1
    alone = replace(facts, unique=True)
    assert len(list(lemma_1.unique_cases(alone))) == len(list(lemma_1.repaired_cases(alone))) == 1
    for smaller in (replace(alone, attainable=False), replace(alone, regulariser_difference=F(0))):
        assert list(lemma_1.unique_cases(smaller)) == []


if __name__ == "__main__":
    found = {
        "instances": {kind: instances(kind) for kind in GENERATORS},
        "cases": {name: meaning(statement) for name, statement in STATEMENTS.items()},
    }
    TABLE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"written: {TABLE.name}\n")
