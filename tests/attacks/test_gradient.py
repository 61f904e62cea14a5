"""Gradient attacks: they gain, keep to the domain, resume, and refuse what they cannot handle."""

import numpy as np
import pytest

import mtp_theory as mtp
from mtp_theory.attacks.gradient import Influence, LogisticGradient, SvmGradient, nearest
from mtp_theory.attacks.label_flip import LabelFlip
from mtp_theory.domains import Box, L2Ball, MixedBox
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem

D = 4


def problem_of(loss, seed=0, domain=None, n=50):
    rng = np.random.default_rng(seed)
    X = rng.random((n, D))
    y = np.where(X @ [1.0, -1.0, 0.5, 0.2] + 0.1 * rng.standard_normal(n) > 0.3, 1.0, -1.0)
    return Problem(X, y, loss, 0.05, domain or Box(np.zeros(D), np.ones(D)))


def rows_loss(problem, goal, theta):
    return float(problem.loss.value(goal.y * problem.decision(theta, goal.X, 1.0)).mean())


CASES = [
    ("hinge", SvmGradient(rounds=15)),
    ("hinge", SvmGradient(rounds=15, independent=True, copies=2)),
    ("logistic", LogisticGradient(rounds=15, copies=2)),
    ("hinge", Influence(rounds=15)),
    ("hinge", Influence(rounds=15, flat=True)),
    ("logistic", Influence(rounds=15)),
]


@pytest.mark.parametrize(("loss", "attack"), CASES)
def test_gains_over_the_flips_that_it_starts_from(loss, attack):
    problem = problem_of(loss)
    goal = problem.errors(problem.X, problem.y)
    run = attack.run(goal, max_points=8)
    flips = [LabelFlip(seed=attack.seed, at=(8,)).run(goal, max_points=8)]
    flips += [LabelFlip(seed=seed, at=(8,)).run(goal, max_points=8) for seed in (1, 2)]
    reached = rows_loss(problem, goal, run.theta)
    assert all(reached > rows_loss(problem, goal, flip.theta) for flip in flips)
    assert len(run.y) == 8
    assert all(problem.domain.contains(x) for x in run.X)
    np.testing.assert_array_equal(attack.run(goal, max_points=8).X, run.X)


@pytest.mark.parametrize(("loss", "attack"), [CASES[0], CASES[2], CASES[3]])
def test_zeros_and_ones_stay_zeros_and_ones(loss, attack):
    domain = MixedBox(Box(np.zeros(D), np.ones(D)), np.array([True, True, False, False]), np.array([0, 0, -1, -1]))
    X = problem_of(loss).X.copy()
    X[:, :2] = np.eye(2)[(X[:, 0] > 0.5).astype(int)]
    problem = Problem(X, problem_of(loss).y, loss, 0.05, domain)
    run = attack.run(problem.errors(problem.X, problem.y), max_points=6)
    assert all(domain.contains(x) for x in run.X)
    assert set(np.unique(run.X[:, :2])) <= {0.0, 1.0}


def test_the_nearest_point_of_a_mixed_box():
    domain = MixedBox(Box(np.zeros(D), np.array([1.0, 1.0, 5.0, 1.0])), np.array([True, True, True, False]),
                      np.array([0, 0, -1, -1]), "exactly_one")  # fmt: skip
    np.testing.assert_array_equal(nearest(domain, np.array([0.2, 0.3, 3.6, 1.4])), [0.0, 1.0, 4.0, 1.0])


def test_another_regularisation_of_the_attacker_is_another_attack():
    problem = problem_of("logistic")
    goal = problem.errors(problem.X, problem.y)
    own, theirs = (LogisticGradient(rounds=5, copies=1, c_r=c).run(goal, max_points=3) for c in (None, 1.0 / 50))
    assert not np.array_equal(own.X, theirs.X)


def test_resumes_bit_for_bit(tmp_path):
    problem = problem_of("hinge")
    goal, attack = problem.errors(problem.X, problem.y), SvmGradient(rounds=6, copies=2)
    whole = attack.run(goal, max_points=8, checkpoint_every=1)
    attack.run(goal, max_points=8, checkpoint_every=1, folder=tmp_path, stop=lambda row, theta: row.points >= 4)
    again = attack.run(goal, max_points=8, checkpoint_every=1, folder=tmp_path, resume=True)
    np.testing.assert_array_equal(again.X, whole.X)
    np.testing.assert_array_equal(again.theta, whole.theta)


def test_what_it_cannot_handle_is_named():
    problem = problem_of("hinge")
    goal = problem.errors(problem.X, problem.y)
    with pytest.raises(InputError, match="logistic"):
        mtp.attack(goal, "logistic-gradient", max_points=2)
    with pytest.raises(InputError, match="Errors"):
        mtp.attack(problem.target(problem.clean.theta), "svm-gradient", max_points=2)
    ball = problem_of("hinge", domain=L2Ball(np.zeros(D), 3.0))
    with pytest.raises(InputError, match="Boxed"):
        mtp.attack(ball.errors(ball.X, ball.y), "svm-gradient", max_points=2)
    for bad in ({"copies": 0}, {"rounds": 1.5}, {"step": 0.0}, {"step": np.nan}, {"c_r": -1.0}, {"seed": -1}):
        with pytest.raises(InputError):
            SvmGradient(**bad)
