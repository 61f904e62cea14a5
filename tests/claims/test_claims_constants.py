"""The theory's constants as numbers: against runs, against each other, and absent with a reason."""

import json

import numpy as np
import pytest

from mtp_theory.attacks import online
from mtp_theory.claims.constants import constants
from mtp_theory.domains import Box, L1Ball, PerLabel
from mtp_theory.errors import InputError
from mtp_theory.losses import Hinge
from mtp_theory.problem import Problem, regulariser
from mtp_theory.training import train

ROUNDS = 12


def problem(bias, loss="hinge", domain=None, c_r=0.3):
    rng = np.random.default_rng(5)
    X = rng.integers(0, 5, (20, 3)) / 4.0
    y = np.where(X.sum(axis=1) + rng.normal(0, 0.3, 20) > 1.5, 1.0, -1.0)
    return Problem(X, y, loss, c_r, Box.unit(3) if domain is None else domain, bias=bias)


def target_of(p):
    flipped = Problem(p.X, np.where(np.arange(20) < 8, -p.y, p.y), p.loss, 2 * p.c_r, p.domain, bias=p.bias)
    return train(flipped, "liblinear").theta


@pytest.fixture(scope="module", params=[True, False], ids=["bias", "no bias"])
def measured(request):
    p = problem(request.param)
    goal = target_of(p)
    run = online(p, goal, max_points=ROUNDS, keep_models=True)
    return p, goal, run, constants(p, goal, run=run)


def value(found, name):
    assert found[name].value is not None, found[name]
    return found[name].value


def test_every_regret_bound_bounds_the_one_before(measured):
    _, _, run, found = measured
    names = ("alpha_exact", "alpha_measured", "alpha_logarithm", "alpha_paper_repaired_G")
    values = [value(found, n) for n in names]
    assert values == sorted(values)
    assert values[0] == pytest.approx(run.rows[-1].regret)


def test_every_epsilon_bounds_the_best_distance(measured):
    _, _, run, found = measured
    best = min(row.distance for row in run.rows[:-1])
    for name in ("epsilon_exact", "epsilon_measured", "epsilon_logarithm", "epsilon_paper_repaired_G"):
        assert value(found, name) >= best - 1e-6
    expected = (run.rows[-1].regret + value(found, "D0")) / (ROUNDS * value(found, "gamma_lower"))
    assert value(found, "epsilon_exact") == pytest.approx(expected)


def test_main_text_and_appendix_differ_by_the_regulariser(measured):
    p, goal, run, found = measured
    gap = p.c_r_total * (regulariser(goal) - regulariser(run.thetas[0]))
    difference = value(found, "epsilon_exact") - value(found, "epsilon_main_text_exact")
    assert difference == pytest.approx(gap / (ROUNDS * value(found, "gamma_lower")))


def test_lower_bounds_are_ordered(measured):
    _, _, _, found = measured
    z, sharper = value(found, "theorem_2"), value(found, "theorem_2_linearised")
    assert z <= sharper + 1e-9
    if found["t_star_upper"].value is not None:
        assert sharper <= found["t_star_upper"].value + 1e-6
        assert found["t_star_lower"].value <= found["t_star_upper"].value + 1e-6


def test_gamma_and_its_closed_form(measured):
    p, _, _, found = measured
    assert found.gamma_lower == value(found, "gamma_lower") <= value(found, "gamma_upper") + 1e-9
    assert found.lambda_star == pytest.approx(p.c_r / (1 - found.gamma))
    closed = found["gamma_closed_form"]
    if p.bias:
        assert closed.value is None
        assert "no bias" in closed.reason
    else:
        assert closed.value <= value(found, "gamma_upper") + 1e-9


def test_constants_about_norms_need_no_bias(measured):
    p, _, _, found = measured
    for name in ("k", "l1_closeness", "corollary_1_half"):
        assert (found[name].value is None) == p.bias
        assert bool(found[name].reason) == p.bias
    assert found["R_star"].value == pytest.approx(found["R_star_printed"].value / 2)


def test_corollary_1_is_sharper_in_each_version(measured):
    p, _, _, found = measured
    if not p.bias:
        printed, no_bound, half = (value(found, n) for n in ("corollary_1", "corollary_1_no_bound", "corollary_1_half"))
        assert printed <= no_bound <= half <= ROUNDS


def test_k_bounds_the_reverse_distance(measured):
    from mtp_theory.shadow.distance import distance

    p, goal, run, found = measured
    if not p.bias:
        for theta in run.thetas:
            forth, back = distance(p, theta, goal), distance(p, goal, theta)
            assert back.lower <= value(found, "k") * forth.upper + 1e-9


def test_k_exists_with_a_bias_where_the_target_has_margins_of_both_signs_beyond_one():
    from mtp_theory.shadow.distance import distance

    p = problem(True)
    goal = np.array([2.0, 2.0, 0.0, -2.0])  # margins from -2 to 2 over the unit box
    found = constants(p, goal, points=10)
    assert value(found, "k") == 2.0
    assert found["corollary_1"].value is not None
    rng = np.random.default_rng(2)
    ratios = []
    for _ in range(100):
        theta = goal + rng.normal(0, 0.5, 4)
        forth, back = distance(p, theta, goal), distance(p, goal, theta)
        assert back.lower <= 2.0 * forth.upper + 1e-9
        ratios.append(back.lower / forth.upper)
    assert max(ratios) > 1.05  # k = 1 would be wrong
    # shifted so that no margin is -1: two such models may be 0-close in one direction only
    assert constants(p, np.array([2.0, 2.0, 0.0, -0.5]), points=10)["k"].value is None


def test_the_constant_of_lemma_2_is_lambda_star(measured):
    _, _, _, found = measured
    assert value(found, "C") == found.lambda_star


def test_json_holds_no_infinities_and_every_null_has_a_reason(measured):
    _, _, _, found = measured
    text = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert {"gamma", "gamma_lower", "lambda_star", "entries"} <= set(text)
    for entry in text["entries"]:
        assert (entry["value"] is None) == bool(entry["reason"]), entry
    assert len({e["name"] for e in text["entries"]}) == len(text["entries"])
    with pytest.raises(KeyError):
        found["gama"]


def test_without_a_run_what_it_measures_is_absent():
    p = problem(True)
    found = constants(p, target_of(p), points=50)
    assert found["alpha_exact"].value is None
    assert "run" in found["alpha_exact"].reason
    assert found["epsilon_exact"].value is None
    assert value(found, "epsilon_logarithm") > 0
    assert found.points == 50


def test_an_unattainable_target_has_no_epsilon():
    p = problem(False)
    found = constants(p, np.full(3, 50.0), points=10)
    assert found["gamma"].value is None or found["gamma"].value < 0
    assert found["epsilon_logarithm"].value is None
    assert "positive gamma" in found["epsilon_logarithm"].reason


def test_a_loss_without_lipschitz_constant():
    p = problem(False, loss="squared_hinge")
    found = constants(p, target_of(p), points=10)
    assert "Lipschitz" in found["alpha_logarithm"].reason
    assert found["epsilon_logarithm"].value is None
    assert found["k"].value is None


def test_balls_and_label_domains():
    p = problem(False, domain=L1Ball(np.zeros(3), 3.0))
    found = constants(p, target_of(p), points=10)
    assert found["k_printed"].value is not None
    assert found["loss_closeness_printed"].value == 3.0
    one_label = problem(False, domain=PerLabel(None, Box.unit(3)))
    assert constants(one_label, target_of(one_label), points=10)["k"].value is None


@pytest.mark.parametrize(("option", "message"), [({"points": 0}, "points"), ({"epsilon": -1.0}, "epsilon")])
def test_unusable_arguments_are_refused(option, message):
    p = problem(True)
    with pytest.raises(InputError, match=message):
        constants(p, target_of(p), **option)


def test_the_zero_target_has_an_infinite_lambda():
    p = Problem(np.array([[1.0], [1.0]]), np.array([1.0, -1.0]), Hinge(), 1.0, Box.unit(1), bias=False)
    found = constants(p, np.zeros(1), points=5)
    assert found.lambda_star is None
    assert "infinite" in found["lambda_star"].reason
    assert found.gamma == 1.0
