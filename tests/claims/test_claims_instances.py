"""Instances are named by kind, seed and number; committed results refer to them so, hence a name keeps its meaning.

After a deliberate change of a generator: ``python tests/claims/test_claims_instances.py`` writes the digests anew, and
whatever refers to instances by number (the table of mutated formulas, the campaign) is to be run again.
"""

import hashlib
import json
import sys
from dataclasses import fields
from fractions import Fraction as F
from pathlib import Path

import pytest

from mtp_theory.claims.instances import GENERATORS, approximate_choice, generate, instance
from mtp_theory.rational import RationalProblem, hinge

TABLE = Path(__file__).with_name("instances.json")
SEED, COUNT = 11, 50


def digest(kind):
    """SHA-256 over every field of the kind's first instances."""
    text = "\n".join(
        f"{f.name} = {getattr(facts, f.name)!r}" for facts in generate(kind, COUNT, SEED) for f in fields(facts)
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("kind", list(GENERATORS))
def test_a_name_keeps_its_instance(kind):
    assert digest(kind) == json.loads(TABLE.read_text())[kind]


def test_the_table_has_every_kind():
    assert list(json.loads(TABLE.read_text())) == list(GENERATORS)


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


if __name__ == "__main__":
    TABLE.write_text(json.dumps({kind: digest(kind) for kind in GENERATORS}, indent=1) + "\n")
    sys.stdout.write(f"written: {TABLE.name}\n")
