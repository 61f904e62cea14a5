"""Exact facts of two points and of two and three dimensions: known values, and planted falsehoods."""

from fractions import Fraction as F

from mtp_theory.claims import get_claim
from mtp_theory.claims.check import Tally
from mtp_theory.claims.engine.model import Inequality
from mtp_theory.claims.facts import exact
from mtp_theory.claims.facts.drawing import SeededDraw
from mtp_theory.claims.facts.instances import generate
from mtp_theory.claims.facts.spatial import descents, least_gradient, spatial_problem
from mtp_theory.claims.facts.two_points import fewest_two
from mtp_theory.claims.statements import last_iterate, log_free_rate
from mtp_theory.exact import vectors as v
from mtp_theory.exact.line import RationalProblem


def test_two_points_of_one_class_that_no_pair_replaces():
    near, far = v.vector("1/2", 1), v.vector(1, 1)
    theta = v.erm([near, near, near, far], F(1))
    assert theta == v.vector("3/8", "3/4")
    assert fewest_two([near, near], theta, F(1), 2) == 3


def test_points_of_the_form_are_found():
    # one of each class, as they stand
    plus, minus = v.vector(2, 1), v.vector(-1, -1)
    clean = [v.vector("1/2", 1)]
    theta = v.erm([*clean, plus, minus], F(1))
    assert fewest_two(clean, theta, F(1), 2) <= 2


def test_the_least_subgradient_at_a_kink():
    # margin 1: the slope that makes c theta - s z shortest
    assert least_gradient(v.vector(1, 0), v.vector(1, 0), F(1, 2)) == 0
    assert least_gradient(v.vector(1, 0), v.vector(1, 1), F(1)) == F(1, 2)


def test_the_chosen_point_attains_the_distance():
    for k in range(20):
        draw = SeededDraw(f"chosen/{k}")
        p = spatial_problem(draw)
        a, b = (tuple(F(draw.integer(-3, 3), 2) for _ in p.domain.lower) for _ in range(2))
        z = p.maximiser(a, b)
        assert v.hinge(a, z, 1) - v.hinge(b, z, 1) == v.distance(p.domain, a, b)
        assert max(v.dot(x, x) for x in p.domain.corners()) == p.reach**2


def violated(inequality, cases):
    return any(inequality.slack_enclosure(c.values)[1] < 0 for c in cases)


def test_gradient_steps_with_a_constant_one_per_cent_too_small():
    statement = get_claim("online-gradient-descent").statement("repaired")
    cases = [c for f in generate("descent", 25, 0) for c in statement.cases(f)]
    assert not violated(statement.inequality, cases)
    left, right = statement.inequality.lhs, statement.inequality.rhs
    assert violated(Inequality(left, F(99, 100) * right), cases)
    assert violated(Inequality(F(101, 100) * left, right), cases)


def test_a_round_with_gradient_steps_of_another_length_is_noticed():
    statement = get_claim("online-gradient-descent").statement("repaired")
    facts = descents(SeededDraw("length/3"))
    tally = Tally(statement)
    tally.add(facts)
    assert tally.verdict() == "holds"


def test_the_round_by_round_rate_pins_its_constants():
    cases = [c for f in generate("rate", 40, 0) for c in log_free_rate.cases(f)]
    assert not violated(log_free_rate.ROUND, cases)
    shrunk = {log_free_rate.STEP: F(99, 100) * log_free_rate.STEP}
    assert violated(Inequality(log_free_rate.ROUND.lhs, log_free_rate.ROUND.rhs.xreplace(shrunk)), cases)
    faster = {log_free_rate.K: F(9, 10) * log_free_rate.K}
    assert violated(Inequality(log_free_rate.ROUND.lhs, log_free_rate.ROUND.rhs.xreplace(faster)), cases)


def test_the_norm_in_the_potential_is_euclidean():
    cases = [c for f in generate("spatial_run", 20, 0) for c in last_iterate.cases(f)]
    assert cases
    assert not violated(last_iterate.POTENTIAL, cases)
    longer = {last_iterate.LAST2: F(101, 100) * last_iterate.LAST2}
    assert violated(Inequality(last_iterate.POTENTIAL.lhs.xreplace(longer), last_iterate.POTENTIAL.rhs), cases)


def test_too_few_points_are_a_violation_and_no_pass():
    # one point less than needed: the force is not to be had
    p = RationalProblem((F(1), F(1), F(1)), F(1, 2))
    target = F(-1, 2)
    assert p.fractional_minimum(target) > 1
    force = p.c * target + p.clean_slopes(target)[1]
    assert exact._miss(p, target, 1, force) == float("inf")
