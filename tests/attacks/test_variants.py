"""The paper's cheaper steps: gradient descent, approximate and vertex oracles, copies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtp_theory.attacks import online
from mtp_theory.attacks.variants import ApproximateOracle, GradientDescentTrainer, vertex_oracle
from mtp_theory.domains import Box, L2Ball, MixedBox, PerLabel, labelled
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem, regulariser
from mtp_theory.shadow import Oracle
from mtp_theory.targets import canonical
from mtp_theory.training import train

#: Rounding of a loss difference of order 1 to 100.
ROUNDING = 1e-12


def domain(kind, d):
    box = Box.unit(d)
    return {
        "box": box,
        "ball": L2Ball(np.full(d, 0.5), 1.0),
        "integer": MixedBox(box, np.arange(d) > 0, np.full(d, -1), "at_most_one"),
        "groups": MixedBox(box, np.arange(d) > 0, np.where(np.arange(d) < 3, -1, 0), "at_most_one"),
        "labels": PerLabel(Box.unit(d), Box(np.zeros(d), np.full(d, 0.5))),
    }[kind]


def instance(kind, seed, loss, d=6):
    rng = np.random.default_rng(seed)
    problem = Problem(rng.random((8, d)), np.where(rng.random(8) < 0.5, -1.0, 1.0), loss, 0.1, domain(kind, d))
    return problem, 3 * rng.normal(size=d + 1), 3 * rng.normal(size=d + 1)


@given(
    kind=st.sampled_from(["box", "ball", "integer", "groups", "labels"]),
    seed=st.integers(0, 10**6),
    loss=st.sampled_from(["hinge", "logistic"]),
    alpha=st.sampled_from([0.05, 0.3, 0.7, 0.99, 1.0]),
)
def test_approximate_points_attain_their_share(kind, seed, loss, alpha):
    problem, theta, target = instance(kind, seed, loss)
    oracle = ApproximateOracle(problem, target, alpha)
    found = oracle.maximise(theta)
    maximum = Oracle(problem.loss, problem.domain, target).maximise(theta)
    value = problem.point_loss(theta, found.x, found.y) - problem.point_loss(target, found.x, found.y)
    assert found.value == pytest.approx(value, abs=ROUNDING)
    assert value <= maximum.upper + ROUNDING
    # A label's own domain may leave a negative maximum; then the maximiser itself comes back.
    assert value >= alpha * maximum.lower - ROUNDING or value == pytest.approx(maximum.value, abs=ROUNDING)
    own = dict(labelled(problem.domain))[found.y]
    assert own.contains(found.x)
    assert np.array_equal(found.x, oracle.maximise(theta).x)


def test_approximate_point_is_really_weaker():
    """On a convex domain the value is the share itself: the oracle is not the exact one in disguise."""
    problem, theta, target = instance("box", 3, "hinge")
    best = Oracle(problem.loss, problem.domain, target).maximise(theta)
    found = ApproximateOracle(problem, target, 0.5).maximise(theta)
    assert found.value == pytest.approx(0.5 * best.value, rel=1e-9)
    assert found.upper == best.upper


def test_planted_careless_share_is_seen():
    """Half way along the segment is not half of the value: what the first test would catch."""
    problem, theta, target = instance("box", 3, "hinge")
    best = Oracle(problem.loss, problem.domain, target).maximise(theta)
    start = problem.domain.support(best.y * theta[:-1])[1]
    x = 0.5 * (start + best.x)
    careless = problem.point_loss(theta, x, best.y) - problem.point_loss(target, x, best.y)
    assert careless < 0.5 * best.value - ROUNDING


@pytest.mark.parametrize("alpha", [0.0, -1.0, 1.5, np.nan])
def test_bad_share(alpha):
    problem, _, target = instance("box", 0, "hinge")
    with pytest.raises(InputError, match="alpha"):
        ApproximateOracle(problem, target, alpha)


def test_attack_with_an_approximate_oracle_comes_close(digits):
    """gamma of this target is about 0.9: a share of 0.8 is above 1 - gamma, and the attack converges."""
    problem, target = digits
    exact = online(problem, target, epsilon=0.2)
    weak = online(problem, target, max_points=600, oracle=ApproximateOracle(problem, target, 0.8))
    assert exact.status == "converged"
    assert min(r.distance_upper for r in weak.rows) < 0.3


@pytest.fixture(scope="module")
def digits():
    problem, fit = canonical("digits-1-7")
    return problem, fit.theta


def draw(seed, count, d=3):
    rng = np.random.default_rng(seed)
    y = np.where(rng.random(count) < 0.5, -1.0, 1.0)
    return np.clip(0.5 + 0.2 * y[:, None] + 0.2 * rng.normal(size=(count, d)), 0, 1), y


def descend(trainer, X, y):
    for x, label in zip(X, y, strict=True):
        trainer.add(x, int(label))


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
def test_descent_approaches_exact_training(loss):
    """Points like the clean ones: the objective's excess over the exact minimum falls as points come in."""
    X, y = draw(1, 20)
    problem = Problem(X, y, loss, 0.2, Box.unit(3))
    more, labels = draw(2, 6000)
    trainer, excess = GradientDescentTrainer(problem), []
    done = 0
    for count in (60, 600, 6000):
        descend(trainer, more[done:count], labels[done:count])
        done = count
        whole = Problem(np.vstack([X, more[:count]]), np.append(y, labels[:count]), loss, 0.2, Box.unit(3))
        fit, best = trainer.fit(), train(whole)
        assert fit.objective == pytest.approx(whole.objective(fit.theta), abs=ROUNDING)
        assert fit.n_points == trainer.n_points == 20 + count
        # The gap bounds the excess (the exact fit has a gap of its own).
        assert fit.objective - best.objective <= fit.gap + best.gap + ROUNDING
        assert trainer.full_gap() == fit.gap
        excess.append(fit.objective - best.objective)
    assert excess[2] < excess[0] / 3
    assert excess[2] < 1e-3


def regret_and_bound(problem, target, rounds, rate=1.0):
    """Regret of the descent against exact training in hindsight, and the sum that bounds it."""
    oracle = Oracle(problem.loss, problem.domain, target)
    trainer = GradientDescentTrainer(problem)
    n, c = problem.n_points, problem.c_r
    total, bound = problem.potential(trainer.fit().theta), 0.0
    points = []
    for k in range(1, rounds + 1):
        before = trainer.fit().theta
        found = oracle.maximise(before)
        points.append(found)
        z = found.y * np.append(found.x, 1.0)
        gradient = c * before - float(problem.loss.slope(float(z @ before))) * z
        total += problem.point_loss(before, found.x, found.y) + c * regulariser(before)
        bound += float(gradient @ gradient) / (2 * c * (n + k))
        trainer.add(found.x, found.y)
        # Planted bug: another step length.
        trainer._theta = before + rate * (trainer._theta - before)
    X = np.vstack([problem.X, [p.x for p in points]])
    y = np.append(problem.y, [p.y for p in points])
    best = train(Problem(X, y, problem.loss, c, problem.domain))
    return total - best.n_points * best.objective, bound, trainer


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
def test_descent_keeps_its_regret_bound(loss):
    X, y = draw(3, 20)
    problem = Problem(X, y, loss, 0.2, Box.unit(3))
    flipped = Problem(np.vstack([X, X[:6]]), np.append(y, -y[:6]), loss, 0.2, Box.unit(3))
    regret, bound, _ = regret_and_bound(problem, train(flipped).theta, 300)
    assert regret <= bound
    slow, bound_slow, _ = regret_and_bound(problem, train(flipped).theta, 300, rate=0.01)
    assert slow > bound_slow


def test_attack_with_descent_comes_close_and_resumes(digits, tmp_path):
    problem, target = digits
    run = online(problem, target, max_points=400, trainer=GradientDescentTrainer(problem))
    assert min(r.distance for r in run.rows) < 0.4 * run.rows[0].distance
    arguments = {"checkpoint_every": 20, "folder": tmp_path}
    online(problem, target, max_points=47, trainer=GradientDescentTrainer(problem), **arguments)
    resumed = online(problem, target, max_points=60, trainer=GradientDescentTrainer(problem), resume=True, **arguments)
    assert np.array_equal(resumed.X, run.X[:60])


def test_descent_copies_counts_and_many():
    X, y = draw(4, 12)
    problem = Problem(X, y, "hinge", 0.2, Box.unit(3))
    one, three, many = (GradientDescentTrainer(problem) for _ in range(3))
    for _ in range(3):
        one.add(X[0], 1)
    three.add(X[0], 1, 3)
    many.add_many(X[:1], [1], [3])
    assert np.array_equal(one.fit().theta, three.fit().theta)
    assert np.array_equal(one.fit().theta, many.fit().theta)
    counts = np.arange(12) + 1
    one.set_counts(counts)
    fresh = GradientDescentTrainer(Problem(X, y, "hinge", 0.2, Box.unit(3), counts=counts))
    fresh.add(X[0], 1, 3)
    assert one.n_points == fresh.n_points == counts.sum() + 3
    assert np.array_equal(one.fit().theta, fresh.fit().theta)
    # Exact training of the clean rows alone, before any step.
    assert np.array_equal(GradientDescentTrainer(problem).fit().theta, train(problem).theta)


def test_vertex_oracle_returns_whole_points_no_better_than_the_maximum():
    for seed in range(40):
        problem, theta, target = instance("integer", seed, "logistic")
        box = Problem(problem.X, problem.y, "logistic", 0.1, Box.unit(6))
        found = vertex_oracle(box, target).maximise(theta)
        assert np.isin(found.x, (0.0, 1.0)).all()
        assert found.value <= Oracle("logistic", Box.unit(6), target).maximise(theta).upper + ROUNDING


def test_copies_reach_the_same_distance_in_fewer_rounds(digits):
    problem, target = digits
    once, twice = (online(problem, target, max_points=200, copies=k) for k in (1, 2))
    assert len(twice.rows) == 101
    assert twice.best.distance < 2 * once.best.distance
