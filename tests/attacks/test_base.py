"""The base of every attack: what it requires, its stops, its measures, and what a stranger's method gets from it."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from mtp_theory.attacks import Attack, Batch, Ending, Requires, attack, online
from mtp_theory.attacks.given import Given
from mtp_theory.attacks.registry import METHODS, descriptions, method
from mtp_theory.attacks.variants import GradientDescentTrainer
from mtp_theory.domains import Box, L2Ball
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem
from mtp_theory.shadow.distance import distance
from mtp_theory.training import make_trainer, train


def problem_of(seed=0, loss="hinge", domain=None, n=20, d=3):
    rng = np.random.default_rng(seed)
    y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    X = np.clip(0.5 + 0.2 * y[:, None] + 0.15 * rng.normal(size=(n, d)), 0, 1)
    return Problem(X, y, loss, 0.2, Box.unit(d) if domain is None else domain)


@pytest.fixture(scope="module")
def goal():
    problem = problem_of()
    flipped = Problem(
        np.vstack([problem.X, problem.X[:6]]), np.append(problem.y, -problem.y[:6]), "hinge", 0.2, problem.domain
    )
    return problem.target(train(flipped).theta)


@dataclass(frozen=True)
class Corner(Attack):
    """The same corner of the box, over and over."""

    label: int = -1

    name = "corner"

    def points(self, goal, budget):
        while True:
            yield Batch(np.ones(goal.problem.d), self.label)


def test_a_strangers_method_is_measured_like_any_other(goal):
    run = attack(goal, Corner(), max_points=5, keep_models=True)
    assert (run.points, run.status, run.method, run.options) == (5, "budget", "corner", {"label": -1})
    for k, (row, theta) in enumerate(zip(run.rows, run.thetas, strict=True)):
        p = goal.problem
        grown = Problem(np.vstack([p.X, run.X[:k]]), np.append(p.y, run.y[:k]), "hinge", 0.2, p.domain)
        assert grown.objective(theta) == pytest.approx(train(grown).objective, abs=1e-8)
        assert row.distance == distance(p, theta, goal.theta).value
    best = int(np.argmin([r.distance for r in run.rows]))
    assert np.array_equal(run.best_model, run.thetas[best])
    assert run.best == run.rows[best]
    assert attack(goal, Corner, label=1, max_points=2).y.tolist() == [1.0, 1.0]


class Reuses(Attack):
    """Points of one array that is written over and over."""

    name = "reuses"

    def points(self, goal, budget):
        x = np.zeros(goal.problem.d)
        while True:
            x += 0.1
            yield Batch(x, 1)


def test_points_are_what_they_were_when_they_were_added(goal):
    run = Reuses().run(goal, max_points=3)
    assert run.X[:, 0] == pytest.approx([0.1, 0.2, 0.3])
    p = goal.problem
    grown = Problem(np.vstack([p.X, run.X]), np.append(p.y, run.y), "hinge", 0.2, p.domain)
    assert grown.objective(run.theta) == pytest.approx(train(grown).objective, abs=1e-8)


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        (None, "gave a NoneType"),
        ((np.ones(3), 1), "gave a tuple"),
        (Batch([1.0, 1.0, 1.0], 1), "X is list"),
        (Batch(np.ones(2), 1), r"shape \(2,\); give an array of shape \(3,\)"),
    ],
)
def test_what_is_no_batch_is_refused(goal, batch, message):
    class Odd(Attack):
        name = "odd"

        def points(self, goal, budget):
            yield batch

    with pytest.raises(InputError, match=message):
        Odd().run(goal, max_points=2)


def test_regret_of_a_batch_is_what_the_old_model_loses(goal):
    p, X, y = goal.problem, np.eye(3), np.array([1.0, -1.0, 1.0])
    run = Given(X, y, np.array([2, 0, 3])).run(goal)
    assert (run.points, len(run.rows), run.status) == (5, 2, "budget")
    grown = Problem(np.vstack([p.X, run.X]), np.append(p.y, run.y), "hinge", 0.2, p.domain)
    expected = grown.n_points * (grown.objective(run.thetas[0]) - grown.objective(run.theta))
    assert run.last.regret == pytest.approx(expected, abs=1e-7)
    one_by_one = Given(X[[0, 0, 2, 2, 2]], y[[0, 0, 2, 2, 2]]).run(goal)
    assert one_by_one.last.distance == pytest.approx(run.last.distance, abs=1e-6)


@pytest.mark.parametrize("name", ["online", "label-flip", "online-gradient", "online-approximate", "online-vertex"])
def test_endless_methods_need_a_stop(goal, name):
    with pytest.raises(InputError, match=f"'{name}' needs .*no end of its own"):
        attack(goal, name)
    assert attack(goal, name, max_points=2).points == 2


def test_online_without_any_stop_is_refused(goal):
    with pytest.raises(InputError, match="no end of its own"):
        online(goal.problem, goal.theta)
    assert online(goal.problem, goal.theta, stop=lambda row, theta: row.points >= 3).points == 3


def test_what_is_missing_is_one_error_with_all_of_it(goal):
    ball = problem_of(loss="exponential", domain=L2Ball(np.full(3, 0.5), 2.0))
    with pytest.raises(InputError) as caught:
        attack(ball.errors(ball.X, ball.y), "kkt")
    for part in ("'kkt' needs", "hinge or logistic, got 'exponential'", "got L2Ball", "got Errors", "got None"):
        assert part in str(caught.value)
    with pytest.raises(InputError, match=r"the loss .*got 'exponential'"):
        attack(ball.target(np.zeros(4)), "minimum")


@pytest.mark.parametrize(
    ("method_", "options", "message"),
    [
        ("onlin", {}, "did you mean 'online'"),
        ("online", {"copise": 2}, "did you mean 'copies'"),
        ("minimum", {"copies": 2}, "it has none"),
        ("minimum", {"resume": True}, "cannot be resumed"),
        (Corner(), {"label": 1}, "an instance already"),
        (dict, {}, "a subclass of Attack"),
        (Corner, {"max_points": -1}, "max_points"),
        ("kkt", {"max_points": 3, "seed": -1}, "seed"),
    ],
)
def test_bad_arguments(goal, method_, options, message):
    with pytest.raises(InputError, match=message):
        attack(goal, method_, **options)


def test_a_goal_is_a_goal(goal):
    with pytest.raises(InputError, match=r"problem\.target"):
        attack(goal.theta, "online", max_points=1)
    close = goal.close(0.5)
    run = attack(close, "online")
    assert run.status == "converged"
    assert run.last.distance_upper <= 0.5
    with pytest.raises(InputError, match="leave epsilon out"):
        attack(close, "online", epsilon=0.1)
    with pytest.raises(InputError, match="leave epsilon out"):
        attack(goal.problem.errors(np.eye(3), [1, 1, -1]), "label-flip", epsilon=0.1)


def test_errors_have_no_distance_and_the_best_model_errs_most(goal):
    p = goal.problem
    run = attack(p.errors(p.X, p.y), "label-flip", max_points=25, keep_models=True)
    assert all(math.isnan(r.distance) and math.isnan(r.euclidean) and r.lower_bound is None for r in run.rows)
    errors = [p.error_rate(t) for t in run.thetas]
    assert [r.error for r in run.rows] == errors
    assert run.best.error == max(errors) > errors[0]
    assert np.array_equal(run.best_model, run.thetas[int(np.argmax(errors))])


def test_errors_all_wrong_is_reached(goal):
    p = goal.problem
    run = attack(p.errors(p.X[1:2], p.y[1:2]), Corner(label=1), max_points=400)
    assert run.status == "converged"
    assert run.last.error == 1.0
    assert run.points < 400


class Short(Attack):
    """Two points and a word about how it went."""

    name = "short"
    requires = Requires(stop=False)

    def points(self, goal, budget):
        for _ in range(2):
            yield Batch(np.zeros(goal.problem.d), 1)
        return Ending("stalled")


class List(Short):
    """Two points, as a plain list."""

    name = "list"

    def points(self, goal, budget):
        return [Batch(np.zeros((3, goal.problem.d)), np.ones(3), np.array([1, 0, 1]))]


def test_a_methods_own_end(goal):
    assert (Short().run(goal).points, Short().run(goal).status) == (2, "stalled")
    assert Short().run(goal, max_points=2).status == "stalled"
    cut = Short().run(goal, max_points=1)
    assert (cut.points, cut.status) == (1, "budget")
    assert (List().run(goal).points, List().run(goal).status) == (2, "budget")
    # asked for a distance that its points do not reach
    assert List().run(goal, epsilon=1e-9).status == "stalled"
    assert (List().run(goal, max_points=1).points, List().run(goal, max_points=1).status) == (1, "budget")
    assert List().run(goal, epsilon=1e9).status == "converged"


def test_registry_describes_every_method_in_a_line():
    listed = dict(descriptions())
    assert set(METHODS) <= set(listed)
    assert all(0 < len(text) <= 120 for text in listed.values())
    assert all(method(name).name == name for name in METHODS)


def test_methods_of_other_packages(goal, monkeypatch):
    class Entry:
        def __init__(self, name, found):
            self.name, self.load = name, lambda: found

    entries = [Entry("corner", Corner), Entry("broken", dict)]
    monkeypatch.setattr("mtp_theory.attacks.registry.entry_points", lambda group: entries)
    assert attack(goal, "corner", label=1, max_points=2).method == "corner"
    assert method("corner") is Corner
    with pytest.raises(InputError, match="no subclass of Attack"):
        attack(goal, "broken", max_points=2)


def test_descent_finds_points_and_the_victim_is_trained_exactly(goal, tmp_path):
    p = goal.problem
    run = attack(goal, "online-gradient", max_points=12)
    own = GradientDescentTrainer(p)
    for x, y in zip(run.X, run.y, strict=True):
        found = goal.oracle.maximise(own.fit().theta)
        assert (found.y, found.x.tolist()) == (y, x.tolist())
        own.add(x, int(y))
    grown = Problem(np.vstack([p.X, run.X]), np.append(p.y, run.y), "hinge", 0.2, p.domain)
    assert grown.objective(run.theta) == pytest.approx(train(grown).objective, abs=1e-8)
    assert not np.allclose(run.theta, own.theta, atol=1e-3)
    attack(goal, "online-gradient", max_points=8, folder=tmp_path, checkpoint_every=6)
    resumed = attack(goal, "online-gradient", max_points=12, folder=tmp_path, checkpoint_every=6, resume=True)
    assert np.array_equal(resumed.X, run.X)


def test_points_outside_the_domain_are_counted(goal):
    run = Given(np.array([[0.5, 0.5, 0.5], [0.5, 1.5, 0.5]]), np.array([1.0, -1.0])).run(goal)
    assert run.outside == 1


def test_points_all_at_once_are_trained_on_as_by_a_fresh_trainer(goal):
    X, y = np.eye(3), np.array([1.0, -1.0, 1.0])
    fresh = make_trainer(goal.problem)
    fresh.add_many(X, y)
    assert np.array_equal(Given(X, y).run(goal).theta, fresh.fit().theta)
