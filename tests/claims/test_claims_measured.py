"""Measured facts in floats against their exact twins: the same problem, run and models, field by field."""

from dataclasses import fields, replace
from fractions import Fraction as F
from math import inf, sqrt

import numpy as np
import pytest

from mtp_theory.attacks import online
from mtp_theory.claims.facts import exact, measured
from mtp_theory.claims.facts import vectors as vector_facts
from mtp_theory.domains import Box, L1Ball, L2Ball, MixedBox, PerLabel
from mtp_theory.exact import vectors as v
from mtp_theory.exact.line import RationalProblem, RationalRun, erm, hinge
from mtp_theory.problem import Problem

DATA = (F(1), F(3, 4), F(-1, 2), F(1, 4))
C = F(1, 2)
TARGET = erm([F(-1), F(-1), F(1, 2)], F(5, 8))
ROUNDS = 6
#: Models trained to a gap of 1e-9 or better are within 1e-4 of the exact ones; most come much nearer.
CLOSE = 1e-5
#: What the measured run is not told, or bounds in its own way.
OTHER = {"description", "arithmetic", "tolerance", "gamma", "lipschitz", "attainable"}


@pytest.fixture(scope="module")
def both():
    """The problem in floats (X = [-1, 1], no bias) and exactly; the exact run adds the float one's points."""
    p = RationalProblem(DATA, C)
    X = np.array([[abs(float(s))] for s in DATA])
    y = np.array([1.0 if s > 0 else -1.0 for s in DATA])
    floats = Problem(X, y, "hinge", 0.5, Box(np.array([-1.0]), np.array([1.0])), bias=False)
    target = np.array([float(TARGET)])
    run = online(floats, target, max_points=ROUNDS, keep_models=True)
    poison = tuple(F(float(label * x[0])).limit_denominator(1000) for x, label in zip(run.X, run.y, strict=True))
    thetas = tuple(erm([*DATA, *poison[:k]], C) for k in range(ROUNDS + 1))
    return p, RationalRun(p, TARGET, thetas, poison), floats, target, run


def same(found, expected, leave=frozenset()):
    """Every field of the measured facts is that of the exact ones."""
    assert type(found) is type(expected)
    for field in fields(found):
        if field.name in OTHER - {"attainable"} or field.name in leave:
            continue
        left, right = getattr(found, field.name), getattr(expected, field.name)
        if isinstance(right, tuple) and right and not isinstance(right[0], bool | int | float | F):
            for one, other in zip(left, right, strict=True):
                for part in fields(one):
                    assert getattr(one, part.name) == pytest.approx(float(getattr(other, part.name)), abs=CLOSE)
        elif isinstance(right, tuple):
            assert len(left) == len(right), field.name
            assert list(left) == pytest.approx([float(r) for r in right], abs=CLOSE), field.name
        elif isinstance(right, str | bool) or right is None:
            assert left == right, field.name
        else:
            assert float(left) == pytest.approx(float(right), abs=CLOSE), field.name
    assert found.arithmetic == "float"
    assert 0 < found.tolerance < 1e-3


def test_run(both):
    _, exact_run, floats, target, run = both
    expected = exact.exact_run(exact_run, "")
    found = measured.measured_run(floats, target, run, 0.25, "")
    # least subgradients are compared away from the kinks only: there a float model picks one of many
    same(found, expected, {"gradients", "attainable", "lipschitz"})
    theta, points = exact_run.thetas, exact_run.poison
    for g, e, t, s in zip(found.gradients, expected.gradients, theta, points, strict=False):
        if t * s != 1:
            assert g == pytest.approx(float(e), abs=CLOSE)
    assert found.gamma == 0.25
    assert found.lipschitz == pytest.approx(float(expected.lipschitz))
    assert found.attainable
    assert not measured.measured_run(floats, target, run, -0.25, "").attainable
    assert found.initial == pytest.approx(float(expected.initial), abs=CLOSE)


def test_copies(both):
    _, _, floats, target, _ = both
    run = online(floats, target, max_points=ROUNDS, copies=2, keep_models=True)
    poison = [F(float(label * x[0])).limit_denominator(1000) for x, label in zip(run.X, run.y, strict=True)]
    assert poison[::2] == poison[1::2]
    thetas = tuple(erm([*DATA, *poison[: 2 * k]], C) for k in range(ROUNDS // 2 + 1))
    exact_run = RationalRun(RationalProblem(DATA, C), TARGET, thetas, tuple(poison[::2]), copies=2)
    found = measured.measured_run(floats, target, run, 0.25, "", copies=2)
    same(found, exact.exact_run(exact_run, ""), {"gradients", "attainable", "lipschitz"})


def test_a_run_with_a_bias_has_its_own_gradients_and_brackets():
    rng = np.random.default_rng(3)
    p = Problem(rng.random((8, 2)), np.where(rng.random(8) > 0.5, 1.0, -1.0), "logistic", 0.2, Box.unit(2))
    target = np.array([1.0, -0.5, 0.25])
    run = online(p, target, max_points=4, keep_models=True)
    found = measured.measured_run(p, target, run, 0.1, "")
    for j in range(4):
        theta, z = run.thetas[j], np.append(run.X[j], 1.0) * run.y[j]
        sigmoid = 1.0 / (1.0 + np.exp(theta @ z))
        gradient = 0.2 * theta - sigmoid * z
        assert found.gradients[j] == pytest.approx(gradient @ gradient)
        losses = np.log1p(np.exp(-np.array([theta @ z, target @ z])))
        assert found.brackets[j] == pytest.approx(losses[0] - losses[1] + 0.1 * (theta @ theta - target @ target))
    assert found.lipschitz == pytest.approx(sqrt(3.0))
    assert found.at_zero == pytest.approx(np.log(2.0))


def test_induced(both):
    p, exact_run, floats, _, run = both
    expected = exact.exact_induced(p, ROUNDS, exact_run.thetas[-1], exact_run.thetas[:-1], "")
    same(measured.measured_induced(floats, run, ""), expected)


def test_near(both):
    p, exact_run, floats, target, run = both
    expected = exact.exact_near(p, exact_run.poison, TARGET, exact_run.thetas, "")
    same(measured.measured_near(floats, target, run, ""), expected)


@pytest.mark.parametrize("lam", [F(5, 8), F(1, 2), F(1, 4), F(-1)])
def test_pairs(both, lam):
    p, exact_run, floats, target, run = both
    found = measured.measured_pairs(floats, target, [*run.thetas[:3], target], float(lam), "run")
    for k, (facts, theta) in enumerate(zip(found, [*exact_run.thetas[:3], TARGET], strict=True)):
        expected = exact.exact_pair(p, theta, TARGET, F(0), lam, bool(lam >= C), "")
        same(facts, expected, {"gamma", "shrunk", "target_attainable"})
        assert facts.target_attainable == (lam >= C)
        assert facts.gamma == (pytest.approx(float(1 - C / lam)) if lam > 0 else -inf)
        assert facts.description == f"run, model {k}"
    # an infinite lambda* is replaced by a large weight
    (facts,) = measured.measured_pairs(floats, np.zeros(1), [target], inf, "")
    assert (facts.lam, facts.gamma) == (500.0, pytest.approx(0.999))


def test_pairs_on_one_label_are_no_pairs_of_both(both):
    _, _, floats, target, _ = both
    one = Problem(floats.X[:2], np.ones(2), "hinge", 0.5, PerLabel(None, floats.domain), bias=False)
    assert not measured.measured_pairs(one, target, [target], 1.0, "")[0].both_labels


def test_points(both):
    p, exact_run, floats, target, run = both
    theta, exact_theta = run.thetas[0], exact_run.thetas[0]
    X, y = np.array([[0.5], [-1.0], [0.25]]), np.array([1.0, 1.0, -1.0])
    found = measured.measured_points(floats, theta, target, X, y, "run")
    top = p.distance(exact_theta, TARGET)
    for k, (facts, s) in enumerate(zip(found, (F(1, 2), F(-1), F(-1, 4)), strict=True)):
        assert facts.difference == pytest.approx(float(hinge(exact_theta, s) - hinge(TARGET, s)), abs=CLOSE)
        assert facts.maximum == pytest.approx(float(top), abs=CLOSE)
        assert facts.attained == pytest.approx(float(top), abs=CLOSE)
        assert facts.description == f"run, point {k}"
        assert 0 < facts.tolerance < 1e-5


def test_attained(both):
    p, exact_run, floats, target, run = both
    found = measured.measured_attained(floats, run.thetas[0], 1e-10, [target, *run.thetas[1:3]], "")
    others = [TARGET, *exact_run.thetas[1:3]]
    same(found, exact.exact_attained(DATA, C, others, 1, ""), {"attainable"})
    assert exact_run.thetas[0] == p.clean_model()


def test_minimum():
    p = RationalProblem((F(1, 2), F(1, 3)), F(1, 4))
    target = erm([F(-1), F(-1), F(1, 2)], F(3, 8))
    floats = Problem(
        np.array([[0.5], [1 / 3]]), np.ones(2), "hinge", 0.25, Box(np.array([-1.0]), np.array([1.0])), bias=False
    )
    tested = [F(0), F(1), F(-2)]
    found = measured.measured_minimum(floats, np.array([float(target)]), [np.array([float(t)]) for t in tested], "")
    expected = exact.exact_minimum(p, target, tested, "")
    for name in ("numerators", "denominators", "euclidean"):
        assert list(getattr(found, name)) == pytest.approx([float(x) for x in getattr(expected, name)[:3]])
    assert found.minimum == pytest.approx(float(p.fractional_minimum(target)), rel=1e-6)
    assert (found.near, found.fewest, found.miss) == ((False, False, False), None, None)
    assert measured.measured_minimum(floats, np.array([50.0]), [], "") is None


@pytest.mark.parametrize("kind", ["box", "cube", "l1"])
def test_vectors(kind):
    domain, twin = {
        "box": (Box.unit(2), v.unit_box(2)),
        "cube": (Box(-2 * np.ones(2), 2 * np.ones(2)), v.cube(F(2), 2)),
        "l1": (L1Ball(np.zeros(2), 3.0), v.CrossPolytope(F(3), 2)),
    }[kind]
    p = Problem(np.ones((1, 2)), np.ones(1), "hinge", 0.5, domain, bias=False)
    for theta, target in (((F(1), F(-2)), (F(1, 2), F(3, 4))), ((F(-1, 4), F(1)), (F(-2), F(1, 8)))):
        floats = [np.array([float(t) for t in w]) for w in (theta, target)]
        (found,) = measured.measured_vectors(p, [floats[0]], floats[1], "pair")
        same(found, vector_facts.exact_vectors(twin, kind, theta, target, C, ""))
        assert found.description == "pair, model 0"


def test_no_vectors_where_the_theorems_do_not_apply():
    target = np.array([1.0, 2.0])
    for loss, domain, bias in (
        ("logistic", Box.unit(2), False),
        ("hinge", L2Ball(np.zeros(2), 1.0), False),
        ("hinge", L1Ball(np.ones(2), 1.0), False),
        ("hinge", Box(np.zeros(2), np.array([1.0, 2.0])), False),
        ("hinge", Box(np.array([-1.0, -2.0]), np.ones(2)), False),
        ("hinge", Box.unit(1), True),
    ):
        p = Problem(np.zeros((1, domain.dim)), np.ones(1), loss, 0.5, domain, bias=bias)
        assert measured.measured_vectors(p, [target], target, "") == []


@pytest.mark.parametrize(
    ("domain", "radius"),
    [
        (Box(np.array([-3.0, 0.0]), np.array([1.0, 4.0])), 5.0),
        (L2Ball(np.array([3.0, 4.0]), 2.0), 7.0),
        (L1Ball(np.array([3.0, 0.0]), 1.0), 4.0),
        (L1Ball(np.array([0.0, 3.0]), 4.0), 7.0),
        (PerLabel(Box.unit(2), L2Ball(np.zeros(2), 3.0)), 3.0),
    ],
)
def test_radius_and_lipschitz_constant(domain, radius):
    assert measured.domain_radius(domain) == pytest.approx(radius)
    for bias in (False, True):
        p = Problem(np.zeros((1, 2)), np.ones(1), "hinge", 0.5, domain, bias=bias)
        assert measured.lipschitz_constant(p) == pytest.approx(sqrt(radius**2 + bias))
    far = Problem(np.array([[30.0, 40.0]]), np.ones(1), "logistic", 0.5, domain, bias=False, scale=2.0)
    assert measured.lipschitz_constant(far) == pytest.approx(25.0)
    squared = Problem(np.zeros((1, 2)), np.ones(1), "squared_hinge", 0.5, domain)
    assert measured.lipschitz_constant(squared) == inf


def test_tolerances_are_rounding_of_the_sums_and_the_training_gaps(both):
    """1e-7 for each point, relative to the largest clean loss of the models, and twice each round's summed gap."""
    _, _, floats, target, run = both
    n = floats.n_points

    def largest(*models):
        return max(1.0, *(float(floats.loss.value(floats.margins(m)).max()) for m in models))

    gaps = 0.0
    for j, row in enumerate(run.rows[:-1]):
        gaps += 2.0 * row.gap * (n + j)
    rounding = 1e-7 * (n + ROUNDS) * largest(run.thetas[0], target)
    assert measured.measured_run(floats, target, run, 0.25, "").tolerance == pytest.approx(rounding + gaps)
    rough = replace(run, rows=tuple(replace(row, gap=0.5) for row in run.rows))
    expected = rounding + sum(2.0 * 0.5 * (n + j) for j in range(ROUNDS))
    assert measured.measured_run(floats, target, rough, 0.25, "").tolerance == pytest.approx(expected)
    double = online(floats, target, max_points=4, copies=2, keep_models=True)
    double = replace(double, rows=tuple(replace(row, gap=0.5) for row in double.rows))
    expected = 1e-7 * (n + 4) * largest(run.thetas[0], target) + 2.0 * 0.5 * (n + n + 2)
    found = measured.measured_run(floats, target, double, 0.25, "", copies=2)
    assert found.tolerance == pytest.approx(expected)
    last = 0.5 * (n + ROUNDS)
    found = measured.measured_induced(floats, rough, "").tolerance
    assert found == pytest.approx(1e-7 * (n + ROUNDS) * largest(run.thetas[-1], run.thetas[0]) + last)
    found = measured.measured_near(floats, target, rough, "").tolerance
    assert found == pytest.approx(1e-7 * (n + ROUNDS) * largest(target, run.theta) + last)
    far = np.array([-30.0])
    assert measured.measured_pairs(floats, target, [far], 1.0, "")[0].tolerance == pytest.approx(1e-7 * largest(far))
    found = measured.measured_attained(floats, run.thetas[0], 0.01, [far], "").tolerance
    assert found == pytest.approx(1e-7 * largest(far) + 4.0 * 0.1 + 0.01)
    found = measured.measured_points(floats, far, target, [[1.0]], [1.0], "")[0].tolerance
    assert found == pytest.approx(1e-7 * 31.0)
    small = measured.measured_points(floats, target, target, [[1.0]], [1.0], "")[0].tolerance
    assert small == pytest.approx(1e-7 * max(1.0, 1.0 - float(TARGET)))
    (vectors,) = measured.measured_vectors(
        Problem(np.ones((1, 2)), np.ones(1), "hinge", 0.5, Box.unit(2), bias=False),
        [np.array([3.0, 4.0])],
        np.ones(2),
        "",
    )
    assert vectors.tolerance == pytest.approx(1e-7 * 49.0)


def test_tolerance_of_a_minimum_covers_the_kinks():
    floats = Problem(
        np.array([[0.5], [1 / 3]]), np.ones(2), "hinge", 0.25, Box(np.array([-1.0]), np.array([1.0])), bias=False
    )
    target = erm([F(-1), F(-1), F(1, 2)], F(3, 8))
    found = measured.measured_minimum(floats, np.array([float(target)]), [np.zeros(1)], "")
    upper = found.minimum
    assert upper > 1
    largest = max(1.0, float(floats.loss.value(floats.margins(np.array([float(target)]))).max()))
    expected = 1e-7 * (2 + int(upper)) * largest + 1e-6 * 2 * upper
    assert found.tolerance == pytest.approx(expected)
    easy = measured.measured_minimum(floats, floats_clean(floats), [], "")
    assert easy.minimum < 1
    assert easy.tolerance == pytest.approx(1e-7 * 2 + 1e-6 * 2 * 1.0)


def floats_clean(problem):
    """The clean model, which needs no points."""
    return np.array([float(RationalProblem((F(1, 2), F(1, 3)), F(1, 4)).clean_model())])


def test_no_minimum_from_a_relaxation():
    domain = MixedBox(Box.unit(1), np.ones(1, dtype=bool), np.full(1, -1))
    floats = Problem(np.array([[1.0], [0.0]]), np.array([1.0, -1.0]), "hinge", 0.25, domain)
    target = np.array([0.5, -0.25])
    assert measured.measured_minimum(floats, target, [], "") is None
    convex = Problem(floats.X, floats.y, "hinge", 0.25, Box.unit(1))
    assert measured.measured_minimum(convex, target, [], "") is not None
