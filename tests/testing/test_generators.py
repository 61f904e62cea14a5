"""The generators reach what the claims turn on: kinks, ties, gamma = 0, unattainable targets, duplicates."""

from collections import Counter
from fractions import Fraction as F

import numpy as np
import pytest

from mtp_theory.claims.facts.drawing import SeededDraw, any_target, problem
from mtp_theory.claims.facts.instances import GENERATORS, generate, instance
from mtp_theory.domains import labelled
from mtp_theory.exact.line import erm
from mtp_theory.testing import float_instance
from mtp_theory.testing.problems import ALL_LOSSES, DOMAIN_KINDS, TARGET_KINDS, domain_point, random_domain

SEED = 0


def exact_problems(count):
    for i in range(count):
        draw = SeededDraw(f"{SEED}/problem/{i}")
        p = problem(draw)
        yield p, any_target(draw, p)


def test_exact_problems_reach_the_degenerate_cases():
    seen = Counter()
    for p, target in exact_problems(400):
        clean = p.clean_model()
        gains = [p.distance(clean, target)]
        margins = [clean * s for s in p.data]
        seen["kink of the clean model"] += 1 in margins
        seen["kink of the target"] += any(target * s == 1 for s in p.data)
        seen["duplicate"] += len(set(p.data)) < len(p.data)
        seen["one point"] += len(p.data) == 1
        seen["one label"] += not p.both_labels
        seen["domain end"] += any(s in (low, high) for s in p.data for low, high in p.domain)
        seen["zero target"] += target == 0
        seen["target is the clean model"] += target == clean
        seen["tiny C_R"] += p.c <= F(1, 100)
        seen["huge C_R"] += p.c >= 50
        seen["separable"] += all(m >= 1 for m in margins)
        seen["tie of the maximiser"] += _tied(p, clean, target)
        seen["zero distance"] += gains[0] == 0
        top = p.lambda_star(target)
        seen["extremal, gamma = 0"] += top == p.c
        seen["gamma > 0"] += top > p.c
        seen["unattainable"] += not p.attainable(target, p.c)
        seen["out of reach of these data"] += p.fractional_minimum(target) == float("inf")
        seen["reached without points"] += p.fractional_minimum(target) == 0
    missing = [case for case, times in seen.items() if times < 2]
    assert not missing, seen


def _tied(p, theta, target):
    from mtp_theory.exact.line import hinge

    gains = [hinge(theta, s) - hinge(target, s) for s in p.candidates(theta, target)]
    return gains.count(max(gains)) > 1


def test_extremal_targets_are_trained_and_have_no_gamma():
    extremal = [(p, t) for p, t in exact_problems(400) if p.both_labels and p.lambda_star(t) == p.c]
    assert len(extremal) >= 5
    for p, target in extremal:
        assert p.gamma(target) == 0
        assert p.attainable(target, p.c)
        assert not p.attainable(target, p.c * F(101, 100))


def test_vectors_reach_every_case_of_the_appendices():
    facts = generate("vectors", 400, SEED)
    count = Counter(f.domain for f in facts)
    assert min(count[k] for k in ("space", "cube", "box", "l1")) >= 40
    assert sum(f.forward == float("inf") for f in facts) == 0
    assert sum(f.backward == float("inf") for f in facts) >= 5
    assert sum(f.domain == "cube" and f.q * f.r == 1 for f in facts) >= 10
    assert sum(f.domain == "l1" and f.q * f.r < 1 for f in facts) >= 5
    assert sum(f.forward == 0 for f in facts) >= 10
    assert sum(f.forward != f.backward for f in facts) >= 40
    assert sum(f.margin < 1 for f in facts) >= 10
    assert sum(f.scaled_inside and f.domain != "space" for f in facts) >= 10


def test_trained_vectors_attain_the_sharp_norm():
    facts = generate("attained", 400, SEED)
    assert any(2 * f.c * f.regulariser == f.at_zero - f.mean_loss for f in facts)
    assert any(f.c * f.l1_norm**2 == f.dim for f in facts)
    assert {f.dim for f in facts} == {1, 2, 3}


def test_leaders_have_kinks_and_comparators():
    facts = generate("leader", 200, SEED)
    assert any(0 in f.gradients for f in facts)
    assert any(f.rho > 0 for f in facts)
    assert any(f.rho == 0 for f in facts)
    assert any(min(map(min, f.regret)) < 0 for f in facts)


def test_runs_reach_equalities():
    facts = generate("run", 300, SEED)
    assert any(f.excess[-1] == 0 for f in facts)
    assert any(f.regret[1] == f.gradients[0] / (2 * f.c * (f.n + 1)) > 0 for f in facts)
    assert any(f.gamma == 0 for f in facts)
    assert any(f.gamma < 0 for f in facts)


def test_phases_reach_both_phases_and_unreachable_targets():
    facts = generate("phases", 150, SEED)
    stages = [(f, s) for f in facts for s in f.stages]
    assert any(f.minimum == float("inf") for f in facts)
    assert any(f.minimum == 0 for f in facts)
    assert sum(0 < f.minimum < s.points and s.between for f, s in stages) >= 10
    assert sum(not s.between for _, s in stages) >= 10
    # the points are needed to the last one, and far from it
    assert any(s.minimum == s.points > 0 for _, s in stages)
    assert any(2 * s.minimum < s.points for _, s in stages)
    assert any(s.minimum > f.minimum for f, s in stages)


def test_transfers_reach_every_side_of_the_lemma():
    facts = generate("transfer", 300, SEED)
    assert sum(f.reaches for f in facts) >= 30
    assert sum(not f.reaches for f in facts) >= 30
    assert any(f.forward == 0 and f.backward > 0 for f in facts)
    assert any(0 < f.forward < 1 for f in facts)
    assert any(f.forward > 1 for f in facts)
    margins = [(v, m, f) for f in facts if f.reaches and f.forward > 0 for v, m in f.margins]
    for low, high in ((-100, -1), (-1, 1), (1, 100)):
        assert sum(low < v < high for v, _, _ in margins) >= 10
    assert any(v > 1 and m == (1 - f.forward) * v for v, m, f in margins)
    assert any(v > 1 and m == v + f.forward for v, m, f in margins)
    # without a margin of -1 the inward side is false: the hypothesis is needed
    assert any(m < v - f.forward * max(1, v) for f in facts if not f.reaches for v, m in f.margins if v >= -1)


def test_energies_reach_equality_with_points_and_biases():
    facts = generate("energy", 200, SEED)
    assert sum("with a bias" in f.description for f in facts) >= 30
    assert any(f.points == 0 for f in facts)
    assert any(f.epsilon == 0 for f in facts)
    assert any(u > 0 for f in facts for u in f.suprema)
    assert any(u == 0 for f in facts for u in f.suprema)
    gaps = [
        (f.points, loss + f.points * u - f.loss - (f.n + f.points) * f.c * inner)
        for f in facts
        for loss, inner, u in zip(f.losses, f.inner, f.suprema, strict=True)
    ]
    assert any(points > 0 and gap == 0 for points, gap in gaps)


@pytest.mark.parametrize("kind", GENERATORS)
def test_instances_do_not_depend_on_what_was_drawn_before(kind):
    assert instance(kind, 3, 5) == generate(kind, 6, 3)[5]
    assert instance(kind, 3, 5) != instance(kind, 3, 6) or kind == "two_targets"


def test_float_instances_reach_every_loss_domain_and_target():
    seen, kinds, cases = Counter(), Counter(), Counter()
    for i in range(400):
        draw = SeededDraw(f"cover/{i}")
        kind = draw.pick(DOMAIN_KINDS)
        domain = random_domain(draw, draw.integer(1, 3), kind)
        # targets that need no training: the generator is what is tested here
        one = float_instance(draw, domain=domain, target=draw.pick(("far", "zero")))
        p = one.problem
        seen[(repr(p.loss))] += 1
        kinds[kind] += 1
        cases["bias" if p.bias else "no bias"] += 1
        cases["duplicate"] += len({(*x, y) for x, y in zip(p.X.tolist(), p.y, strict=True)}) < len(p.y)
        cases["one class"] += len(set(p.y.tolist())) == 1
        cases["tiny"] += p.c_r <= 1e-3
        cases["huge"] += p.c_r >= 50
        cases["at a corner"] += any(_corner(domain, x, int(y)) for x, y in zip(p.X, p.y, strict=True))
        assert all(dict(labelled(domain))[int(y)].contains(x) for x, y in zip(p.X, p.y, strict=True))
    assert len(seen) == len(ALL_LOSSES)
    assert set(kinds) == set(DOMAIN_KINDS)
    assert min(cases.values()) >= 20, cases


def _corner(domain, x, label):
    part = dict(labelled(domain))[label]
    ends = [part.support(s * e)[0] for e in np.eye(part.dim) for s in (1.0, -1.0)]
    return any(abs(abs(v) - abs(e)) < 1e-12 for v in x for e in ends)


def test_every_kind_of_target_is_made():
    from mtp_theory.convex_set import gamma

    outcomes = Counter()
    for i in range(40):
        draw = SeededDraw(f"target/{i}")
        one = float_instance(draw, loss=ALL_LOSSES[0], domain=random_domain(draw, 2, "unit_box"), bias=False)
        found = gamma(one.problem, one.target)
        outcomes[one.kind, found.attainable] += 1
        outcomes["extremal"] += found.extremal
        outcomes["gamma > 0"] += found.lower > 0
    assert {k for k, _ in (o for o in outcomes if isinstance(o, tuple))} == set(TARGET_KINDS)
    assert outcomes["extremal"] >= 1
    assert outcomes["gamma > 0"] >= 5
    assert outcomes["far", "no"] >= 3
    assert outcomes["far", "yes"] == 0


def test_domain_points_lie_inside():
    for i in range(200):
        draw = SeededDraw(f"inside/{i}")
        domain = random_domain(draw, draw.integer(1, 3))
        x, y = domain_point(draw, domain)
        assert dict(labelled(domain))[y].contains(x)


def test_erm_of_the_extremal_example():
    assert erm([F(1)], F(2)) == F(1, 2)
