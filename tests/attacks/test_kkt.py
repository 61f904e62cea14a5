"""The KKT baseline: against other formulations, brute force, its own definition; planted bugs."""

from __future__ import annotations

import itertools

import cvxpy as cp
import numpy as np
import pytest

from mtp_theory.attacks import kkt_hinge as inner
from mtp_theory.attacks.kkt import kkt
from mtp_theory.attacks.kkt_logistic import LogisticResidual
from mtp_theory.domains import Box, L2Ball, MixedBox
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem
from mtp_theory.targets import canonical
from mtp_theory.training import make_trainer, train

#: Two solvers of one convex programme, each with tolerance 1e-8 on a residual of order one.
AGREE = 1e-5


def instance(seed, d, tight):
    """g, w, b, shares; ``tight``: margin rows that bind."""
    rng = np.random.default_rng(seed)
    g, w = rng.normal(size=d), rng.normal(size=d)
    plus, minus = rng.uniform(0.1, 1.5, size=2)
    b = float(rng.normal() if not tight else 1.0 - 0.6 * np.minimum(w, 0).sum() - 0.4 * w.sum())
    return g, w, b, float(plus), float(minus)


@pytest.mark.parametrize("tight", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_box_programme_agrees_with_cvxpy(seed, tight):
    """Koh et al.'s second-order cone form, other solver, other variables."""
    g, w, b, plus, minus = instance(seed, 7, tight)
    found = inner.HingeResidual(g, w, b, Box.unit(7), 100).solve(plus, minus)
    x, z = cp.Variable(7), cp.Variable(7)
    rows = [x >= 0, x <= 1, z >= 0, z <= 1, w @ x + b <= 1, -(w @ z + b) <= 1]
    other = cp.Problem(cp.Minimize(cp.norm(g - plus * x + minus * z)), rows)
    other.solve(solver=cp.SCS, eps=1e-9, max_iters=100_000)
    if other.status == "infeasible":
        assert found is None
        return
    assert found is not None
    assert found[2] == pytest.approx(other.value, abs=AGREE)
    assert w @ found[0] + b <= 1 + AGREE
    assert -(w @ found[1] + b) <= 1 + AGREE


def mixed(rule):
    """Two continuous features, a group of three, a group of two, one lone 0/1 feature."""
    groups = np.array([-1, -1, 0, 0, 0, 1, 1, -1])
    return MixedBox(Box.unit(8), np.array([False, False] + [True] * 6), groups, rule)


def members(domain):
    """Every 0/1 choice of the integer features, by definition."""
    for bits in itertools.product([0.0, 1.0], repeat=6):
        v = np.concatenate([[0.0, 0.0], bits])
        if domain.contains(v):
            yield v


def brute_force(g, w, b, plus, minus, domain):
    """The continuous features by a fine programme for every pair of choices."""
    best = np.inf
    box = Box.unit(2)
    for p, q in itertools.product(list(members(domain)), repeat=2):
        rest = (g - plus * p + minus * q)[2:]
        found = inner.least_residual(g[:2], w[:2], plus, minus, 1 - b - w @ p, 1 + b + w @ q, box.lower, box.upper)
        if found is not None:
            head = g[:2] - plus * found[0] + minus * found[1]
            best = min(best, np.sqrt(rest @ rest + head @ head))
    return best


@pytest.mark.parametrize("rule", ["exactly_one", "at_most_one"])
@pytest.mark.parametrize("seed", range(2))
def test_branch_and_bound_finds_the_best_choice(seed, rule):
    domain = mixed(rule)
    g, w, b, plus, minus = instance(seed, 8, tight=seed % 2 == 1)
    found = inner.HingeResidual(g, w, b, domain, 20_000).solve(plus, minus)
    best = brute_force(g, w, b, plus, minus, domain)
    if found is None:
        assert best == np.inf
        return
    assert domain.contains(found[0], 1e-6)
    assert domain.contains(found[1], 1e-6)
    assert found[2] == pytest.approx(best, abs=AGREE)
    assert 0 <= found[3] <= AGREE


def test_node_limit_leaves_an_honest_gap():
    """Cut short, the search still encloses the optimum."""
    domain = MixedBox(Box.unit(12), np.arange(12) >= 2, np.full(12, -1))
    g, w, b, plus, minus = instance(5, 12, tight=True)
    full = inner.HingeResidual(g, w, b, domain, 100_000).solve(plus, minus)
    cut = inner.HingeResidual(g, w, b, domain, 2).solve(plus, minus)
    assert full is not None
    assert cut is not None
    assert cut[2] - cut[3] <= full[2] + AGREE
    assert cut[2] >= full[2] - AGREE


def test_planted_wrong_prices_are_caught(monkeypatch):
    """A dual value without the price of the rooms is no bound: the enclosure then misses the optimum."""
    domain = MixedBox(Box.unit(12), np.arange(12) >= 2, np.full(12, -1))
    g, w, b, plus, minus = instance(5, 12, tight=True)
    full = inner.HingeResidual(g, w, b, domain, 100_000).solve(plus, minus)
    monkeypatch.setattr(inner._Search, "_free_part", lambda self, a, c: 1e3)
    wrong = inner.HingeResidual(g, w, b, domain, 100_000).solve(plus, minus)
    assert full is not None
    assert wrong is not None
    assert wrong[2] > full[2] + AGREE


@pytest.fixture(scope="module")
def digits():
    problem, fit = canonical("digits-1-7")
    return problem, fit.theta


def test_points_residual_and_selection_by_definition(digits):
    """Everything that a pair states, recomputed from the printed formula."""
    problem, target = digits
    found = kkt(problem, target, 30, step=0.02)
    total = 30 / problem.n_points
    margins = problem.margins(target)
    slope = margins < 0.99
    gradient = -(problem.y[slope] @ problem.X[slope]) / problem.scale / problem.n_points
    gradient = gradient + (1 + total) * problem.c_r * target[:-1]
    assert [p.eps_plus for p in found.pairs[1:]] == pytest.approx(np.arange(0, total, 0.02))
    first = found.pairs[0]
    bias = -problem.y[slope].sum() / problem.n_points
    assert bias - first.eps_plus + first.eps_minus == pytest.approx(0)
    for p in found.pairs:
        assert p.eps_plus + p.eps_minus == pytest.approx(total)
        assert p.copies_plus + p.copies_minus == 30
        residual = gradient - p.eps_plus * p.x_plus + p.eps_minus * p.x_minus
        assert p.residual == pytest.approx(np.linalg.norm(residual), rel=1e-9)
        for x, y in ((p.x_plus, 1), (p.x_minus, -1)):
            assert problem.domain.contains(x)
            assert problem.point_margin(target, x, y) <= 1 + AGREE
        assert found.selected.residual <= p.residual
    X, y, copies = found.selected.points()
    assert copies.sum() == 30
    assert len(X) == len(y) == len(copies)


def test_recovers_a_target_made_of_two_points():
    """A target trained with copies of one point for each label: the attack finds points that induce it again."""
    rng = np.random.default_rng(2)
    y = np.where(np.arange(60) % 2 == 0, 1.0, -1.0)
    X = np.clip(0.5 + 0.2 * y[:, None] + 0.15 * rng.normal(size=(60, 4)), 0, 1)
    problem = Problem(X, y, "hinge", 0.1, Box.unit(4))
    trainer = make_trainer(problem)
    trainer.add_many(np.array([[0.1, 0.2, 0.1, 0.3], [0.9, 0.8, 0.9, 0.6]]), np.array([1.0, -1.0]), [6, 6])
    target = trainer.fit().theta
    clean = train(problem).theta
    pair = kkt(problem, target, 12, step=0.1).selected
    trainer = make_trainer(problem)
    trainer.add_many(*pair.points())
    assert np.linalg.norm(trainer.fit().theta - target) < 0.3 * np.linalg.norm(clean - target)


def logistic():
    """A logistic problem and a target that twelve points reach."""
    rng = np.random.default_rng(3)
    y = np.where(np.arange(60) % 2 == 0, 1.0, -1.0)
    X = np.clip(0.5 + 0.2 * y[:, None] + 0.15 * rng.normal(size=(60, 4)), 0, 1)
    problem = Problem(X, y, "logistic", 0.1, Box.unit(4))
    trainer = make_trainer(problem)
    trainer.add_many(np.array([[0.1, 0.2, 0.1, 0.3], [0.9, 0.8, 0.9, 0.6]]), np.array([1.0, -1.0]), [6, 6])
    return problem, trainer.fit().theta


def test_corrected_sign_is_stationarity_and_the_published_one_is_not():
    """At the very points behind the target the corrected residual vanishes; with the published sign it cannot."""
    problem, target = logistic()
    x, z = np.array([0.1, 0.2, 0.1, 0.3]), np.array([0.9, 0.8, 0.9, 0.6])
    w, b = problem.split(target)
    share = 6 / problem.n_points
    likelihood = (problem.loss.slope(problem.margins(target)) * problem.y) @ problem.X / problem.n_points
    weight = (1 + 2 * share) * problem.c_r
    norms = {}
    for name, sign in (("correct", -1), ("authors", 1)):
        solver = LogisticResidual(likelihood + sign * weight * w, w, b, Box.unit(4), 1, 1, np.random.default_rng(0))
        norms[name] = np.linalg.norm(solver.residual(share, share, x, z))
    # a gap of 1e-8 leaves a gradient of sqrt(2 * 0.1 * 1e-8) = 4.5e-5
    assert norms["correct"] < 1e-4
    assert norms["authors"] == pytest.approx(2 * weight * np.linalg.norm(w), rel=1e-3)


def test_logistic_attack_with_the_corrected_sign_comes_closer():
    """On the digits, with as many points as there are flips behind the target; both residuals are minimised."""
    problem, fit = canonical(loss="logistic")
    distances, residuals = {}, {}
    for sign in ("correct", "authors"):
        rng = np.random.default_rng(1)
        pair = kkt(problem, fit.theta, 36, step=0.02, sign=sign, restarts=2, steps=5000, rng=rng).selected
        assert pair.gap is None
        trainer = make_trainer(problem)
        trainer.add_many(*pair.points())
        residuals[sign], distances[sign] = pair.residual, np.linalg.norm(trainer.fit().theta - fit.theta)
    assert residuals["correct"] < 0.1 * residuals["authors"]
    assert distances["correct"] < 0.5 * distances["authors"]


def test_adam_reaches_the_convex_minimum_when_coefficients_do_not_depend_on_x():
    """With w = 0 both coefficients are 1/2 and the problem is least squares on a box: compare with its solution."""
    rng = np.random.default_rng(4)
    g = rng.normal(size=5)
    solver = LogisticResidual(g, np.zeros(5), 0.0, Box.unit(5), 3, 20_000, rng)
    _, _, value, _ = solver.solve(0.6, 0.8)
    best = g - np.clip(g, -0.3, 0.4)  # g + 0.3 x - 0.4 z with x, z in [0, 1]
    assert value == pytest.approx(np.linalg.norm(best), abs=1e-3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_points": 0}, "n_points"),
        ({"sign": "author"}, "did you mean 'authors'"),
        ({"step": 0.0}, "step"),
        ({"domain": L2Ball(np.zeros(64), 1.0)}, "L2Ball"),
    ],
)
def test_bad_arguments(digits, change, message):
    problem, target = digits
    arguments = {"n_points": 5, **change}
    with pytest.raises(InputError, match=message):
        kkt(problem, target, arguments.pop("n_points"), **arguments)


def test_integer_features_need_bounds_0_and_1(digits):
    problem, target = digits
    domain = MixedBox(Box(np.zeros(64), np.full(64, 3.0)), np.ones(64, dtype=bool), np.full(64, -1))
    with pytest.raises(InputError, match="give bounds 0 and 1"):
        kkt(problem, target, 5, domain=domain)
