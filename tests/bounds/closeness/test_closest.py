"""The closest set of so many points: what it says is so, it is no worse than its start, no bound is broken."""

import numpy as np
import pytest
from bounds.closeness.small import problem_and_target, random_points, trained
from reference.certificate_instances import flipped_target, small_data

from mtp_theory.attacks import online
from mtp_theory.bounds.closeness import Closest, fewest_points
from mtp_theory.domains import Polytope
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem
from mtp_theory.shadow.distance import distance
from mtp_theory.targets import canonical
from mtp_theory.training import make_trainer


@pytest.mark.parametrize("seed", range(12))
def test_found_sets_are_what_they_say(seed):
    """As many points as the start, in the domain, no further, with the model that another trainer finds."""
    rng = np.random.default_rng(seed)
    problem, target = problem_and_target(rng, bias=bool(seed % 2))
    n = int(rng.integers(1, 6))
    closest = Closest(problem, target)
    start = closest.measured(*random_points(rng, problem, n))
    found = closest.search(start, steps=10)
    assert found.X.shape == (n, problem.d)
    assert all(problem.domain.contains(x) for x in found.X)
    assert found.upper <= start.upper
    again = trained(problem, found.X, found.y)
    assert np.abs(again - found.model).max() < 1e-7
    assert distance(problem, again, target).upper == pytest.approx(found.upper, abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_no_set_breaks_the_certified_bound(seed):
    """The certified fewest points for the distance reached are at most those used."""
    rng = np.random.default_rng(100 + seed)
    problem, target = problem_and_target(rng)
    n = int(rng.integers(1, 4))
    closest = Closest(problem, target)
    found = closest.search(closest.measured(*random_points(rng, problem, n)), steps=10)
    if found.upper < 0.9:
        epsilon = found.upper + 1e-6
        assert fewest_points(problem, target, epsilon, search=False).lower_bound <= n


def test_integer_features_stay_integer():
    data = small_data(3, marks="integer")
    problem = data.problem("hinge", 0.09)
    target = flipped_target(problem, 3)
    run = online(problem, target, epsilon=0.0, max_points=5)
    closest = Closest(problem, target)
    start = closest.measured(run.X, run.y)
    found = closest.search(start, steps=8)
    assert len(found.y) == 5
    assert all(problem.domain.contains(x) for x in found.X)
    assert found.upper <= start.upper


def test_the_canonical_instance():
    """With 18 points, which reach the target if they are the right ones, far closer than the online attack's 18."""
    problem, fit = canonical()
    run = online(problem, fit.theta, epsilon=0.0, max_points=18)
    closest = Closest(problem, fit.theta)
    start = closest.measured(run.X, run.y)
    found = closest.search(start)
    assert start.upper == pytest.approx(run.rows[-1].distance_upper, abs=1e-6)
    assert found.upper < 0.1 < 0.2 < start.upper
    # the set alone, copies as rows, gives the model: nothing else went in
    trainer = make_trainer(problem, "liblinear")
    trainer.add_many(found.X, found.y)
    assert np.abs(trainer.fit().theta - found.model).max() < 1e-6


def test_no_points_leave_the_clean_model():
    problem, fit = canonical()
    closest = Closest(problem, fit.theta)
    nothing = closest.measured(np.zeros((0, problem.d)), np.zeros(0))
    assert closest.search(nothing) is nothing
    assert np.array_equal(nothing.model, make_trainer(problem).fit().theta)


def test_bad_input():
    problem, fit = canonical(loss="logistic")
    with pytest.raises(InputError, match="hinge"):
        Closest(problem, fit.theta)
    one = np.array([[1.0], [-1.0]])
    domain = Polytope(one, np.ones(2))
    other = Problem(np.array([[0.5], [-0.5]]), np.array([1.0, -1.0]), "hinge", 0.1, domain)
    with pytest.raises(InputError, match="Polytope; give a box"):
        Closest(other, np.zeros(2))
