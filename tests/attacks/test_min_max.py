"""The min-max attack: worst points, its certificate, resuming; and that it beats random flips."""

import numpy as np
import pytest

import mtp_theory as mtp
from mtp_theory.attacks.label_flip import LabelFlip
from mtp_theory.attacks.min_max import MinMax, worst_point
from mtp_theory.domains import Box, MixedBox, PerLabel
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem
from mtp_theory.training import make_trainer


def problem_of(loss="hinge", seed=0, domain=None, n=60, d=3):
    rng = np.random.default_rng(seed)
    X = rng.random((n, d))
    y = np.where(X @ np.linspace(1, -1, d) + 0.1 * rng.standard_normal(n) > 0.0, 1.0, -1.0)
    return Problem(X, y, loss, 0.05, domain or Box(np.zeros(d), np.ones(d)))


def vertices(d):
    return np.array(np.meshgrid(*[[0.0, 1.0]] * d)).reshape(d, -1).T


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
def test_the_worst_point_is_the_worst_vertex(loss):
    problem, rng = problem_of(loss), np.random.default_rng(5)
    for _ in range(20):
        theta = rng.standard_normal(problem.dim)
        x, y, value = worst_point(problem, theta)
        most = max(problem.point_loss(theta, v, s) for v in vertices(3) for s in (-1, 1))
        assert value == pytest.approx(most, abs=1e-12) == problem.point_loss(theta, x, y)


def test_each_label_keeps_to_its_domain():
    low, high = Box(np.zeros(3), np.full(3, 0.5)), Box(np.full(3, 0.5), np.ones(3))
    problem = problem_of(domain=PerLabel(low, high))
    run = mtp.attack(problem.errors(problem.X, problem.y), "min-max", max_points=12)
    for x, y in zip(run.X, run.y, strict=True):
        assert (high if y > 0 else low).contains(x)


@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared_hinge"])
@pytest.mark.parametrize("n", [3, 30])
def test_no_set_of_points_goes_beyond_the_certificate(loss, n):
    problem = problem_of(loss)
    errors = problem.errors(problem.X, problem.y)
    run = mtp.attack(errors, "min-max", max_points=n)
    bound = run.extra
    rng = np.random.default_rng(1)
    sets = [
        (run.X, run.y),
        *((rng.integers(0, 2, (n, 3)).astype(float), rng.choice([-1.0, 1.0], n)) for _ in range(20)),
    ]
    for X, y in sets:
        trainer = make_trainer(problem)
        trainer.add_many(X, y)
        fit = trainer.fit()
        # the fit's objective is within its gap of the minimum
        assert fit.objective - fit.gap <= bound.objective * (1 + 1e-12)
        assert problem.loss_sum(fit.theta) / problem.n_points <= bound.clean_loss * (1 + 1e-12)
    # with few points it says more than the model 0 does
    assert bound.objective <= float(problem.loss.value(0.0))
    assert n > 3 or bound.objective < 0.95 * float(problem.loss.value(0.0))


def test_a_certificate_without_the_maximum_would_be_caught():
    """The planted falsehood: the loss of the clean points alone is below what the attack's own points reach."""
    problem = problem_of()
    run = mtp.attack(problem.errors(problem.X, problem.y), "min-max", max_points=30)
    trainer = make_trainer(problem)
    trainer.add_many(run.X, run.y)
    assert trainer.fit().objective > problem.clean.objective * 1.01


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
def test_beats_random_flips(loss):
    problem = problem_of(loss, n=200, d=5)
    errors = problem.errors(problem.X, problem.y)
    worst = mtp.attack(errors, "min-max", max_points=40).rows[-1].error
    for seed in range(3):
        assert worst > LabelFlip(seed=seed, at=(40,)).run(errors, max_points=40).rows[-1].error


def test_whole_numbers_stay_whole():
    domain = MixedBox(Box(np.zeros(3), np.array([1.0, 1.0, 3.0])), np.full(3, True), np.full(3, -1))
    problem = problem_of(domain=domain)
    run = mtp.attack(problem.errors(problem.X, problem.y), "min-max", max_points=8)
    assert all(domain.contains(x) for x in run.X)


def test_resumes_bit_for_bit(tmp_path):
    problem = problem_of()
    errors = problem.errors(problem.X, problem.y)
    whole = MinMax().run(errors, max_points=9, checkpoint_every=3)
    MinMax().run(errors, max_points=9, checkpoint_every=3, folder=tmp_path, stop=lambda row, theta: row.points >= 5)
    again = MinMax().run(errors, max_points=9, checkpoint_every=3, folder=tmp_path, resume=True)
    np.testing.assert_array_equal(again.X, whole.X)
    np.testing.assert_array_equal(again.theta, whole.theta)
    assert again.extra.summary() == whole.extra.summary()


def test_needs_a_budget_and_a_sensible_step():
    problem = problem_of()
    with pytest.raises(InputError, match="max_points"):
        mtp.attack(problem.errors(problem.X, problem.y), "min-max")
    for step in (0.0, -1.0, np.inf, "a"):
        with pytest.raises(InputError, match="step"):
            MinMax(step=step)
