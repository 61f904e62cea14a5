"""Every constant against its formula written out by hand, and the conditions under which it has a value."""

from math import exp, inf, log, sqrt

import numpy as np
import pytest

from mtp_theory.attacks import online
from mtp_theory.claims.constants import constants
from mtp_theory.claims.constants.bounds import _linearised
from mtp_theory.claims.constants.setting import make_setting
from mtp_theory.convex_set import fractional_minimum, gamma
from mtp_theory.domains import Box, L1Ball, MixedBox, PerLabel
from mtp_theory.problem import Problem
from mtp_theory.shadow.distance import distance
from mtp_theory.training import train

ROUNDS, C, D, N = 7, 0.3, 2, 10


def problem(bias, loss="hinge", domain=None, c_r=C):
    rng = np.random.default_rng(8)
    X = rng.random((N, D))
    y = np.where(X.sum(axis=1) > 1.0, 1.0, -1.0)
    return Problem(X, y, loss, c_r, Box.unit(D) if domain is None else domain, bias=bias)


@pytest.fixture(
    scope="module", params=[(True, "hinge"), (False, "hinge"), (True, "logistic")], ids=["bias", "no bias", "logistic"]
)
def given(request):
    """The constants, with what they are computed from; the target is attainable with room."""
    bias, loss = request.param
    p = problem(bias, loss)
    poisoned = Problem(
        np.vstack([p.X, p.X]), np.concatenate([p.y, -p.y[:6], p.y[6:]]), loss, 2 * C, p.domain, bias=bias
    )
    target = train(poisoned).theta
    run = online(p, target, max_points=ROUNDS, keep_models=True)
    further = np.linspace(-1.0, 2.0, p.dim)
    return p, target, run, further, constants(p, target, run=run, models=[further], epsilon=0.25)


def losses(p, theta, X=None, y=None):
    X, y = (p.X, p.y) if X is None else (X, y)
    rows = np.column_stack([X, np.ones(len(X))]) if p.bias else X
    margins = y * (rows @ theta)
    return np.maximum(0, 1 - margins) if p.loss.key == "hinge" else np.log1p(np.exp(-margins))


def close(found, name, expected):
    assert found[name].value == pytest.approx(expected, rel=1e-9, abs=1e-9), name


def test_gamma(given):
    p, target, _, _, found = given
    g = gamma(p, target)
    for name, value in (
        ("C", g.lambda_star.value),
        ("lambda_star", g.lambda_star.value),
        ("lambda_star_lower", g.lambda_star.lower),
        ("lambda_star_upper", g.lambda_star.upper),
        ("gamma", g.value),
        ("gamma_lower", g.lower),
        ("gamma_upper", 1 - C / g.lambda_star.upper),
    ):
        close(found, name, value)
    assert (found.gamma, found.gamma_lower, found.lambda_star) == (g.value, g.lower, g.lambda_star.value)
    assert (found.points, found.n_points, found.c_r) == (ROUNDS, N, C)


def test_regret_and_epsilon(given):
    p, target, run, _, found = given
    b = sqrt(D + p.bias)
    at_zero = 1.0 if p.loss.key == "hinge" else log(2)
    repaired = min(2 * b, b + sqrt(C * at_zero))
    close(found, "lipschitz", b)
    close(found, "G_printed", b)
    close(found, "G", repaired)
    alphas = {
        "printed": b**2 / (2 * C) * (1 + log(ROUNDS)),
        "paper_repaired_G": (2 * b) ** 2 / (2 * C) * (1 + log(ROUNDS)),
        "logarithm": repaired**2 / (2 * C) * log(1 + ROUNDS / N),
        "measured": 0.0,
        "exact": run.rows[-1].regret,
    }
    for j in range(ROUNDS):
        theta = run.thetas[j]
        z = run.y[j] * (np.append(run.X[j], 1.0) if p.bias else run.X[j])
        m = float(theta @ z)
        slope = float(m < 1) if p.loss.key == "hinge" else 1 / (1 + exp(m))
        alphas["measured"] += float(np.sum((C * theta - slope * z) ** 2)) / (2 * C * (N + j + 1))
    clean = run.thetas[0]
    loss_gap = losses(p, target).sum() - losses(p, clean).sum()
    d0 = loss_gap + N * C * (target @ target - clean @ clean) / 2
    close(found, "D0", d0)
    gamma_lower = gamma(p, target).lower
    assert gamma_lower > 0
    for name, alpha in alphas.items():
        close(found, f"alpha_{name}", alpha)
        close(found, f"epsilon_{name}", (alpha + d0) / (ROUNDS * gamma_lower))
        close(found, f"epsilon_main_text_{name}", (alpha + loss_gap) / (ROUNDS * gamma_lower))


def test_lower_bounds(given):
    p, target, run, further, found = given
    plain, linearised, corollary = [], [], {"corollary_1": [], "corollary_1_no_bound": [], "corollary_1_half": []}
    k = found["k"].value
    radius = (1.0 if p.loss.key == "hinge" else log(2)) / (2 * C)
    for theta in (*run.thetas, further):
        gap = losses(p, target).sum() - losses(p, theta).sum()
        upper = distance(p, theta, target).upper
        own, heavier = theta @ theta / 2, (theta @ theta - target @ target) / 2
        pull = target @ (target - theta)
        plain.append((gap - N * C * heavier) / (upper + C * heavier))
        linearised.append((gap + N * C * pull) / (upper - C * pull))
        assert upper + C * heavier > 0
        assert upper - C * pull > 0
        if k is not None:
            e = k * 0.25
            star = max(radius, own)
            corollary["corollary_1"].append((gap - N * C * star - N * e) / (upper + C * star + e))
            corollary["corollary_1_no_bound"].append((gap - N * C * own - N * e) / (upper + C * own + e))
            corollary["corollary_1_half"].append((gap - N * C * own / 2 - N * e) / (upper + C * own / 2 + e))
    close(found, "theorem_2", max(plain))
    close(found, "theorem_2_linearised", max(linearised))
    t_star = fractional_minimum(p, target)
    close(found, "t_star_lower", t_star.lower)
    close(found, "t_star_upper", t_star.upper)
    for name, bounds in corollary.items():
        if bounds:
            close(found, name, max(bounds))
        else:
            assert found[name].value is None
            assert "a factor k" in found[name].reason


def test_norms_and_closeness(given):
    p, target, _, _, found = given
    hinge, no_bias = p.loss.key == "hinge", not p.bias
    at_zero = 1.0 if hinge else log(2)
    close(found, "R_star", at_zero / (2 * C))
    close(found, "l1_norm", sqrt(p.dim * at_zero / C))
    for name, value in (("R_star_printed", 1 / C), ("l1_norm_printed", sqrt(p.dim / C))):
        if hinge:
            close(found, name, value)
        else:
            assert "l(0) = 1" in found[name].reason
    plus, minus = np.maximum(target, 0), np.maximum(-target, 0)
    if hinge and no_bias:
        own = max(plus.sum(), minus.sum())
        m = max(1.0, own, sqrt(D) * sqrt(1 / C))
        close(found, "k", max(plus.sum(), minus.sum()) if plus.sum() >= 1 and minus.sum() >= 1 else m)
        close(found, "l1_closeness", 2 * m)
        weight = max(plus.max(), plus @ plus) + max(minus.max(), minus @ minus)
        close(found, "gamma_closed_form", 1 - C * weight)
    else:
        for name in ("l1_closeness", "gamma_closed_form", "gamma_appendix_c"):
            assert found[name].value is None
    for name in ("k_printed", "loss_closeness_printed", "l1_closeness_printed"):
        assert found[name].value is None


def test_closeness_on_an_l1_ball_about_zero():
    target, radius = np.array([0.25, -0.5]), 5.0
    found = constants(problem(False, domain=L1Ball(np.zeros(2), radius)), target, points=3)
    r = max(0.75, sqrt(2 / C))
    close(found, "k_printed", r * radius)
    close(found, "loss_closeness_printed", radius)
    close(found, "l1_closeness_printed", r)
    # the target's margins reach 2.5 either way; a ball that no margin of 1 fits in is left to the trained models
    close(found, "k", radius * 0.5)
    small = constants(problem(False, domain=L1Ball(np.zeros(2), 0.75)), target, points=3)
    close(small, "k", max(1.0, 0.375, sqrt(2.0) * 0.75 * sqrt(1 / C)))
    assert "every point" in small["l1_closeness_printed"].reason
    close(small, "k_printed", r * 0.75)
    tiny = constants(problem(False, domain=L1Ball(np.zeros(2), 0.1)), target, points=3)
    assert "r q >= 1" in tiny["k_printed"].reason
    moved = constants(problem(False, domain=L1Ball(np.array([0.5, 0.0]), 5.0)), target, points=3)
    assert moved["l1_closeness_printed"].value is None
    large = constants(problem(False, domain=L1Ball(np.zeros(2), radius)), np.array([4.0, -3.0]), points=3)
    close(large, "l1_closeness_printed", 7.0)


def test_closeness_with_a_bias_and_wide_margins():
    target = np.array([4.0, -1.0, -1.5])
    found = constants(problem(True), target, points=3)
    close(found, "k", 2.5)
    close(constants(problem(True), -target, points=3), "k", 2.5)
    close(constants(problem(True), np.array([4.0, -1.0, -2.5]), points=3), "k", 3.5)
    for narrow in ([0.5, 0.0, 0.9], [1.5, 0.0, -0.75], [3.0, 0.0, -0.5], [1.5, 0.0, -1.5]):
        assert constants(problem(True), np.array(narrow), points=3)["k"].value is None
    integers = MixedBox(Box.unit(2), np.ones(2, dtype=bool), np.full(2, -1))
    for domain in (PerLabel(Box.unit(2), Box.unit(2)), integers):
        assert constants(problem(True, domain=domain), target, points=3)["k"].value is None
    assert constants(problem(True, loss="logistic"), target, points=3)["k"].value is None
    away = Box(np.full(2, 0.1), np.ones(2))
    assert constants(problem(False, domain=away), np.array([0.5, -0.5]), points=3)["k"].value is None


def test_cubes_and_appendix_c():
    target = np.array([0.5, 0.25])
    wide = problem(False, domain=Box(-2 * np.ones(2), 2 * np.ones(2)))
    found = constants(wide, target, points=3)
    close(found, "gamma_appendix_c", 1 - C * 0.3125)
    close(found, "l1_closeness_printed", max(0.75, sqrt(2 / C)))
    assert found["l1_closeness"].value is None
    # theta_p / |theta_p|^2 = (1.6, 0.8) is outside of the unit box, its opposite inside of the negative one
    assert "or its opposite" in constants(problem(False), target, points=3)["gamma_appendix_c"].reason
    negative = problem(False, domain=Box(-2 * np.ones(2), np.zeros(2)))
    close(constants(negative, target, points=3), "gamma_appendix_c", 1 - C * 0.3125)
    narrow = problem(False, domain=Box(np.array([-0.3, -2.0]), np.array([2.0, 2.0])))
    assert constants(narrow, target, points=3)["l1_closeness_printed"].value is None
    zero = constants(problem(False), np.zeros(2), points=3)
    assert "other than 0" in zero["gamma_closed_form"].reason


def test_defaults_and_what_a_run_does_not_reach():
    p = problem(True)
    target = np.array([0.25, -0.5, 0.1])
    assert constants(p, target).points == 100
    run = online(p, target, max_points=5, keep_models=True)
    assert constants(p, target, run=run).points == run.points
    shorter = constants(p, target, run=run, points=3)
    close(shorter, "alpha_exact", run.rows[3].regret)
    assert shorter["alpha_measured"].value < constants(p, target, run=run)["alpha_measured"].value
    longer = constants(p, target, run=run, points=6)
    for name in ("alpha_exact", "alpha_measured", "epsilon_exact", "epsilon_main_text_measured"):
        assert longer[name].value is None
    double = online(p, target, max_points=6, copies=2, keep_models=True)
    found = constants(p, target, run=double, points=6)
    close(found, "alpha_exact", double.rows[-1].regret)
    assert found["alpha_measured"].value is None
    forgotten = online(p, target, max_points=5)
    assert constants(p, target, run=forgotten, points=5)["alpha_measured"].value is None


def test_epsilon_of_corollary_1_defaults_to_what_the_run_reached():
    p = problem(False)
    target = np.array([0.75, -1.25])
    run = online(p, target, max_points=3, keep_models=True)
    reached = run.rows[-1].distance_upper
    names = ("corollary_1", "corollary_1_no_bound", "corollary_1_half")
    for left, right in (
        (constants(p, target, run=run), constants(p, target, run=run, epsilon=reached)),
        (constants(p, target, points=3), constants(p, target, points=3, epsilon=0.1)),
    ):
        assert [left[n].value for n in names] == [right[n].value for n in names]
        assert None not in [left[n].value for n in names]
    assert constants(p, target, points=3, epsilon=0.0)["corollary_1"].value is not None


def test_infinite_and_unmet_values_say_why():
    p = problem(False)
    found = constants(p, np.array([50.0, 50.0]), points=3)
    assert found.gamma is None or found.gamma < 0
    assert found["epsilon_printed"].reason == (
        "not applicable: needs a positive gamma: a target that is attainable at a weight above C_R"
    )
    squared = constants(problem(True, loss="squared_hinge"), np.array([0.1, 0.2, 0.3]), points=3)
    assert squared["lipschitz"].reason == "not applicable: needs a Lipschitz loss"
    zero = constants(
        Problem(np.ones((2, 1)), np.array([1.0, -1.0]), "hinge", C, Box.unit(1), bias=False), [0.0], points=3
    )
    assert zero["lambda_star"].reason == "the value is +infinite"
    assert zero.lambda_star is None
    assert zero.gamma == 1.0
    assert inf not in [e.value for e in zero.entries]


@pytest.mark.parametrize("target", [[-9.0, 0.5], [9.0, -0.5], [-4.0, -5.0]])
def test_k_from_the_largest_margin_on_either_side(target):
    found = constants(problem(False), np.array(target), points=3)
    close(found, "k", 9.0)
    close(found, "l1_closeness", 18.0)


@pytest.mark.parametrize("model", [[3.0, -2.0], [-1.0, 0.5], [0.25, 0.25], [6.0, 6.0]])
def test_corollary_1_at_one_model(model):
    """The clean model's bound is far below: the one given decides."""
    p, target, theta = problem(False), np.array([-4.0, -5.0]), np.array(model)
    found = constants(p, target, models=[theta], points=3, epsilon=0.01)
    upper, e, own = distance(p, theta, target).upper, 9.0 * 0.01, theta @ theta / 2
    gap = losses(p, target).sum() - losses(p, theta).sum()
    star = max(1 / (2 * C), own)
    expected = {
        "corollary_1": (gap - N * C * star - N * e) / (upper + C * star + e),
        "corollary_1_no_bound": (gap - N * C * own - N * e) / (upper + C * own + e),
        "corollary_1_half": (gap - N * C * own / 2 - N * e) / (upper + C * own / 2 + e),
    }
    clean = constants(p, target, points=3, epsilon=0.01)
    for name, bound in expected.items():
        close(found, name, max(bound, clean[name].value))
    alone = train(p).theta
    gap = losses(p, target).sum() - losses(p, alone).sum()
    star, s = max(1 / (2 * C), alone @ alone / 2), distance(p, alone, target).upper
    assert s > 1
    close(clean, "corollary_1", (gap - N * C * star - N * e) / (s + C * star + e))


def test_the_linearised_bound_where_its_denominator_is_not_positive():
    p = problem(False)
    target = np.array([0.5, -0.25])
    setting = make_setting(p, target, 3, None, [], None)
    # at the target itself both are 0, which says nothing
    assert _linearised(setting, target, 0.0) == -inf
    assert _linearised(setting, train(p).theta, -1e3) == inf
    assert _linearised(setting, np.array([-30.0, -30.0]), -1e3) == -inf
