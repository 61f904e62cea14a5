"""Goals: what they accept, what they refuse, and what counts as reached."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.svm import LinearSVC

from mtp_theory.datasets import Dataset, save_model
from mtp_theory.errors import InputError
from mtp_theory.goal import Goal, Target
from mtp_theory.shadow.distance import distance
from mtp_theory.training import train


@pytest.fixture(scope="module")
def problem():
    rng = np.random.default_rng(3)
    X = np.clip(rng.normal(0.5, 0.2, (40, 5)) + 0.15 * np.repeat([[1], [-1]], 20, 0), 0, 1)
    return Dataset(X, np.repeat([1.0, -1.0], 20), X[:6], np.ones(6), name="small").problem("hinge", 0.09)


THETA = np.array([1.0, -2.0, 0.5, 0.0, 1.5, -0.25])


def test_a_target_from_numbers_a_file_and_an_estimator_is_the_same(problem, tmp_path):
    save_model(tmp_path / "b.npz", THETA)
    svc = LinearSVC(loss="hinge").fit(problem.X, problem.y)
    svc.coef_, svc.intercept_ = THETA[None, :-1], THETA[-1:]
    made = [problem.target(t) for t in (THETA, THETA.tolist(), tmp_path / "b.npz", str(tmp_path / "b.npz"), svc)]
    for target in made:
        assert np.array_equal(target.theta, THETA)
    assert len({t.identity for t in made}) == 1
    assert problem.target(-THETA).identity != made[0].identity


def test_the_given_array_can_change_afterwards(problem):
    given = THETA.copy()
    target = problem.target(given)
    given[0] = 7.0
    assert target.theta[0] == 1.0


def test_zero_one_classes_count_as_minus_and_plus(problem):
    fitted = LogisticRegression().fit(problem.X, (problem.y > 0).astype(int))
    target = problem.target(fitted)
    assert np.array_equal(np.sign(problem.decision(target.theta)), np.where(fitted.predict(problem.X) == 1, 1, -1))


@pytest.mark.parametrize(
    ("theta", "message"),
    [
        (THETA[:3], "shape"),
        (THETA + 1j, "complex"),
        (np.where(THETA > 1, np.nan, THETA), "NaN"),
        (["a"] * 6, "give real numbers"),
        ([[1.0], [1.0, 2.0]], "lengths"),
        ("missing.npz", "not found"),
        (LinearSVC(), "fit it first"),
    ],
)
def test_what_is_no_model_is_refused(problem, theta, message):
    with pytest.raises(InputError, match=message):
        problem.target(theta)


def test_an_estimator_that_does_not_say_which_class_is_plus_is_refused(problem):
    named = SGDClassifier().fit(problem.X, np.where(problem.y > 0, "spam", "ham"))
    with pytest.raises(InputError, match="which is \\+1"):
        problem.target(named)
    three = LinearSVC().fit(problem.X, np.arange(40) % 3)
    with pytest.raises(InputError, match="3 rows"):
        problem.target(three)


def test_an_intercept_needs_a_bias(problem):
    plain = Dataset(problem.X, problem.y, name="small").problem("hinge", 0.09, bias=False)
    with pytest.raises(InputError, match="no bias"):
        plain.target(LinearSVC().fit(problem.X, problem.y))


def test_the_clean_fit_and_the_oracle_are_made_once(problem):
    target = problem.target(THETA)
    assert target.clean is target.clean is problem.clean
    assert np.array_equal(target.clean.theta, train(problem).theta)
    assert target.oracle is target.oracle
    ours, direct = target.distance(target.clean.theta), distance(problem, target.clean.theta, THETA)
    assert (ours.value, ours.upper, ours.y) == (direct.value, direct.upper, direct.y)


def test_reached(problem):
    target = problem.target(THETA)
    assert target.reached(THETA * (1 + 1e-10))
    assert not target.reached(THETA * (1 + 1e-6))
    away = target.distance(target.clean.theta).upper
    assert target.close(away).reached(target.clean.theta)
    assert not problem.close(THETA, 0.99 * away).reached(target.clean.theta)
    everything = problem.errors(problem.X, -np.sign(problem.decision(THETA)))
    assert everything.reached(THETA)
    assert everything.rate(THETA) == 1.0
    assert not everything.reached(-THETA)


@pytest.mark.parametrize("epsilon", [-0.1, np.nan, np.inf])
def test_an_epsilon_that_is_none_is_refused(problem, epsilon):
    with pytest.raises(InputError, match="epsilon"):
        problem.close(THETA, epsilon)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.ones((2, 4)), [1, 1], "shape"),
        (np.ones((0, 5)), [], "shape"),
        (np.ones((2, 5)), [1, 0], "labels"),
        (np.full((1, 5), np.inf), [1], "infinite"),
        (np.ones((1, 5)) * 1j, [1], "real numbers"),
    ],
)
def test_rows_that_are_none_are_refused(problem, X, y, message):
    with pytest.raises(InputError, match=message):
        problem.errors(X, y)


def test_descriptions_tell_goals_apart(problem):
    goals: list[Goal] = [
        problem.target(THETA),
        problem.close(THETA, 0.1),
        problem.close(THETA, 0.2),
        problem.errors(problem.X, problem.y),
        problem.errors(problem.X, -problem.y),
    ]
    described = [str(g.describe()) for g in goals]
    assert len(set(described)) == len(goals)
    assert isinstance(goals[0], Target)


def test_test_error(problem):
    assert problem.test_error(THETA) == problem.error_rate(THETA, problem.X[:6], np.ones(6))
    assert Dataset(problem.X, problem.y, name="small").problem("hinge", 0.09).test_error(THETA) is None
