"""The facts about phases and frontiers, measured, against the exact ones and brute force."""

from dataclasses import replace
from fractions import Fraction as F

import numpy as np
import pytest

from mtp_theory.attacks import online
from mtp_theory.claims import get_claim, select
from mtp_theory.claims.facts import frontier_measured as mf
from mtp_theory.claims.facts import measured
from mtp_theory.claims.facts.frontier import exact_energy, least_loss
from mtp_theory.claims.facts.phases import exact_phases
from mtp_theory.domains import Box
from mtp_theory.exact.line import RationalProblem, RationalRun, erm
from mtp_theory.problem import Problem
from mtp_theory.testing.instance import evaluate

DATA = (F(1), F(3, 4), F(-1, 2))
TARGET = erm([F(-1), F(-1), F(1, 2)], F(1, 2))


@pytest.fixture(scope="module")
def both():
    """The same problem in floats (X = [-1, 1], one label each way) and exactly, attacked for 8 rounds."""
    exact = RationalProblem(DATA, F(1, 2))
    X = np.array([[abs(float(s))] for s in DATA])
    y = np.array([1.0 if s > 0 else -1.0 for s in DATA])
    floats = Problem(X, y, "hinge", 0.5, Box(np.array([-1.0]), np.array([1.0])), bias=False)
    target = np.array([float(TARGET)])
    run = online(floats, target, max_points=8, keep_models=True)
    # ties between maximisers may be broken differently: the exact run adds the points that the float one chose
    poison = tuple(F(float(label * x[0])).limit_denominator(1000) for x, label in zip(run.X, run.y, strict=True))
    thetas = tuple(erm([*DATA, *poison[:k]], exact.c) for k in range(9))
    return exact, RationalRun(exact, TARGET, thetas, poison), floats, target, run


def test_measured_phases_agree_with_exact_ones(both):
    _, exact_run, floats, target, run = both
    facts = measured.measured_run(floats, target, run, 0.0, "one dimension")
    found = mf.measured_phases(floats, target, run, facts, "one dimension")
    expected = exact_phases(exact_run, "one dimension")
    assert found.minimum == pytest.approx(float(expected.minimum), abs=1e-6)
    for stage in found.stages:
        twin = expected.stages[stage.points]
        assert stage.minimum == pytest.approx(float(twin.minimum), abs=1e-5)
        assert stage.reverse == pytest.approx(float(twin.reverse), abs=1e-6)
    assert found.gaps == pytest.approx([float(g) for g in expected.gaps], abs=1e-6)


def test_measured_energy_agrees_with_the_exact_one(both):
    exact, exact_run, floats, target, run = both
    tested = [F(-1), F(0), F(1, 3), F(2)]
    expected = exact_energy(exact, exact_run.poison, TARGET, tested, "one dimension")
    models = [np.array([float(t)]) for t in tested]
    (found,) = mf.measured_energies(floats, run, target, models, "one dimension")
    assert found.suprema == pytest.approx([float(u) for u in expected.suprema], abs=1e-6)
    assert found.inner == pytest.approx([float(u) for u in expected.inner], abs=1e-6)
    assert found.loss == pytest.approx(float(expected.loss), abs=1e-6)


def test_the_supremum_is_that_of_brute_force():
    rng = np.random.default_rng(3)
    problem = Problem(rng.random((4, 2)), np.array([1.0, -1.0, 1.0, -1.0]), "hinge", 0.5, Box.unit(2))
    grid = np.stack(np.meshgrid(np.linspace(0, 1, 101), np.linspace(0, 1, 101)), axis=-1).reshape(-1, 2)
    for _ in range(20):
        theta, target = rng.normal(0, 2, 3), rng.normal(0, 2, 3)
        epsilon = rng.random()
        found = mf._supremum(problem, theta, target, epsilon)
        u, v = (np.concatenate([problem.decision(m, grid), -problem.decision(m, grid)]) for m in (theta, target))
        brute = (np.maximum(0, 1 - u) - np.maximum(0, 2 - epsilon - np.maximum(0, 1 + v))).max()
        assert brute <= found + 1e-9
        assert found <= brute + 0.02 * np.abs([*theta, *target]).sum()  # a grid step of 1/100


def test_no_model_within_epsilon_has_less_than_the_least_loss():
    problem = RationalProblem(DATA, F(1, 2))
    for k in range(-8, 9):
        theta = F(k, 4)
        epsilon = problem.distance(theta, TARGET)
        for j in range(-8, 9):
            s = F(j, 8)
            assert max(F(0), 1 - theta * s) >= least_loss(TARGET * s, epsilon)


@pytest.mark.parametrize("epsilon", [F(0), F(1, 7), F(9, 10)])
def test_the_code_of_the_frontier_uses_the_margins_of_the_statements(epsilon):
    from mtp_theory.bounds.closeness import greatest_margin, least_margin
    from mtp_theory.claims.statements import reach_frontier as rf

    for v in (F(-1), F(0), F(1), F(3, 2), F(4)):
        values = {rf.V.name: v, rf.EPS.name: epsilon}
        assert rf.OUTWARD.slack({**values, rf.M.name: greatest_margin(v, epsilon)}) == 0
        assert rf.INWARD.slack({**values, rf.M.name: least_margin(v, epsilon, F(-1))}) == 0
        for least in (F(-1), F(0), F(2, 3)):
            if v > 1:
                mixed = {**values, rf.M.name: least_margin(v, epsilon, least), rf.LEAST.name: least}
                assert rf.MIXED.slack(mixed) == 0


def test_models_that_are_not_known_well_enough_have_no_stage(both):
    _, _, floats, target, run = both
    facts = measured.measured_run(floats, target, run, 0.0, "one dimension")
    rough = replace(run, rows=tuple(replace(row, gap=1e-6) for row in run.rows))
    assert mf.measured_phases(floats, target, rough, facts, "").stages == ()
    # a smooth loss keeps the first phase, which needs no t* of trained models
    smooth = Problem(floats.X, floats.y, "logistic", 0.5, floats.domain, bias=False)
    other = online(smooth, target / 4, max_points=4, keep_models=True)
    known = measured.measured_run(smooth, target / 4, other, 0.0, "")
    found = mf.measured_phases(smooth, target / 4, other, known, "")
    assert found.stages == ()
    assert len(found.gaps) == 5


def test_every_statement_is_tried_on_a_trajectory_with_a_bias():
    from mtp_theory.testing import facts_of

    rng = np.random.default_rng(1)
    X = rng.random((12, 2))
    problem = Problem(X, np.where(X[:, 0] > 0.5, 1.0, -1.0), "hinge", 0.05, Box.unit(2))
    target = np.array([-3.0, 1.0, 1.2])
    report = evaluate(facts_of(problem, target, rounds=30), select(["two-phases", "reach-frontier", "corollary-3"]))
    verdicts = {f"{r.id}/{r.statement}": r.verdict for r in report}
    assert report.ok
    for statement in get_claim("reach-frontier"):
        assert verdicts[f"reach-frontier/{statement.label}"] == "holds"
    assert verdicts["corollary-3/repaired (with a bias feature)"] == "holds"
    assert verdicts["two-phases/extended"] == "holds"
    assert verdicts["two-phases/extended (second phase, one dimension)"] == "not_applicable"


def test_one_label_and_other_losses_have_no_such_facts():
    from mtp_theory.domains import PerLabel

    one = Problem(np.array([[1.0]]), np.array([1.0]), "hinge", 1.0, PerLabel(None, Box.unit(1)))
    smooth = Problem(np.array([[1.0]]), np.array([1.0]), "logistic", 1.0, Box.unit(1))
    X, y = np.array([[1.0]]), np.array([1.0])
    for problem in (one, smooth):
        assert mf.measured_transfers(problem, [np.zeros(2)], np.ones(2), X, y, "") == []
        run = online(problem, np.ones(2), max_points=1, keep_models=True)
        assert mf.measured_energies(problem, run, np.ones(2), [np.zeros(2)], "") == []
