"""Algorithm 1 on real data and on small problems; exact resume; planted bugs."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from mtp_theory.attacks import online
from mtp_theory.attacks.checkpoint import Checkpoints
from mtp_theory.attacks.victim import Victim
from mtp_theory.domains import Box
from mtp_theory.errors import InputError
from mtp_theory.exact.line import RationalProblem, attack
from mtp_theory.problem import Problem, regulariser
from mtp_theory.shadow import Oracle
from mtp_theory.shadow.distance import distance
from mtp_theory.targets import canonical
from mtp_theory.training import make_trainer, train

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def digits():
    problem, fit = canonical("digits-1-7")
    return problem, fit.theta


def small(seed, loss="hinge", c_r=0.2, n=20, d=3):
    """A separable-ish problem on the unit box and a target trained with flipped points."""
    rng = np.random.default_rng(seed)
    y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    X = np.clip(0.5 + 0.2 * y[:, None] + 0.15 * rng.normal(size=(n, d)), 0, 1)
    problem = Problem(X, y, loss, c_r, Box.unit(d))
    flipped = Problem(np.vstack([X, X[:6]]), np.concatenate([y, -y[:6]]), loss, c_r, Box.unit(d))
    return problem, train(flipped).theta


def test_reaches_epsilon_and_an_independent_solver_agrees(digits):
    problem, target = digits
    run = online(problem, target, epsilon=0.05)
    assert run.status == "converged"
    assert run.rows[-1].distance_upper <= 0.05 < min(r.distance_upper for r in run.rows[:-1])
    assert max(r.gap for r in run.rows) <= 1e-9
    X = np.vstack([problem.X / problem.scale, run.X])
    y = np.concatenate([problem.y, run.y])
    svc = LinearSVC(loss="hinge", C=1 / (y.size * problem.c_r), tol=1e-10, max_iter=10**7, random_state=0).fit(X, y)
    # Objectives within 1e-9 of the optimum are models within sqrt(2e-9 / 0.09) = 1.5e-4 of it.
    assert np.abs(np.append(svc.coef_[0], svc.intercept_) - run.theta).max() < 1.5e-4
    assert all(problem.domain.contains(x) for x in run.X)


@pytest.mark.parametrize("loss", ["hinge", "squared_hinge", "logistic"])
def test_rows_are_what_they_say(loss):
    """Every metric recomputed from scratch, from its definition."""
    problem, target = small(1, loss)
    run = online(problem, target, max_points=12, keep_models=True, gamma=0.3)
    c, n = problem.c_r, problem.n_points

    def phi(k, theta):
        added = sum(problem.point_loss(theta, run.X[i], int(run.y[i])) for i in range(k))
        return problem.potential(theta) + added + k * c * regulariser(theta)

    regret = 0.0
    d0 = problem.potential(target) - problem.potential(run.thetas[0])
    for k, (row, theta) in enumerate(zip(run.rows, run.thetas, strict=True)):
        grown = Problem(np.vstack([problem.X, run.X[:k]]), np.concatenate([problem.y, run.y[:k]]), loss, c, Box.unit(3))
        # The gap bounds how far the objective is from its minimum; 1e-8 is the engines' tolerance.
        assert grown.objective(theta) <= train(grown, "liblinear").objective + 1e-7
        found = distance(problem, theta, target)
        assert row.distance == pytest.approx(found.value)
        assert row.euclidean == pytest.approx(np.linalg.norm(theta - target))
        if k:
            regret += phi(k, run.thetas[k - 1]) - phi(k, theta)
            assert row.epsilon == pytest.approx((d0 + regret) / (0.3 * k))
        assert row.regret == pytest.approx(regret, abs=1e-9 * n)
        s_reg = found.upper + c * (regulariser(theta) - regulariser(target))
        if s_reg > 0:
            z = (problem.potential(target) - problem.potential(theta)) / s_reg
            assert row.lower_bound == pytest.approx(z, rel=1e-6, abs=1e-6)
        else:
            assert row.lower_bound is None
    assert run.points == 12
    assert run.status == "budget"


def test_agrees_with_the_exact_run_in_one_dimension():
    """One feature on [-1, 1], no bias: the float attack follows the rational one."""
    from fractions import Fraction as F

    exact = RationalProblem((F(1), F(3, 4), F(-1, 2), F(1, 3)), F(1, 3))
    reference = attack(exact, F(-1, 2), 15)
    y = np.ones(4)
    problem = Problem(np.array([[float(s)] for s in exact.data]), y, "hinge", 1 / 3, Box([-1.0], [1.0]), bias=False)
    run = online(problem, np.array([-0.5]), max_points=15, keep_models=True)
    assert [float(t) for t in reference.thetas] == pytest.approx([float(t[0]) for t in run.thetas], abs=1e-9)
    assert [float(r) for r in reference.regret()] == pytest.approx([r.regret for r in run.rows], abs=1e-9)


def test_resume_gives_the_same_points_bit_for_bit(tmp_path, digits):
    problem, target = digits
    whole = online(problem, target, max_points=60, checkpoint_every=20)
    for killed_at in (0, 19, 20, 47):
        folder = tmp_path / str(killed_at)
        online(problem, target, max_points=killed_at, checkpoint_every=20, folder=folder)
        resumed = online(problem, target, max_points=60, checkpoint_every=20, folder=folder, resume=True)
        assert np.array_equal(resumed.X, whole.X)
        assert np.array_equal(resumed.y, whole.y)
        assert np.array_equal(resumed.theta, whole.theta)
        assert resumed.rows == whole.rows


CHILD = """
from pathlib import Path
import sys
from mtp_theory.attacks import online
from mtp_theory.targets import canonical
problem, fit = canonical("digits-1-7", sys.argv[2])
online(problem, fit.theta, max_points=60, checkpoint_every=20, folder=Path(sys.argv[1]),
       on_row=lambda row: row.points < 47 or (print("waits", flush=True), sys.stdin.read()))
"""


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
def test_killed_process_resumes_bit_for_bit(tmp_path, loss):
    """SIGKILL between two checkpoints: what another process makes of the folder is the undisturbed run."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path), loss], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout.readline() == b"waits\n"
    child.kill()
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    problem, fit = canonical("digits-1-7", loss)
    whole = online(problem, fit.theta, max_points=60, checkpoint_every=20)
    saved = Checkpoints(tmp_path, problem.target(fit.theta), "online", {"copies": 1}).load()
    assert saved.rounds == 40
    resumed = online(problem, fit.theta, max_points=60, checkpoint_every=20, folder=tmp_path, resume=True)
    assert np.array_equal(resumed.X, whole.X)
    assert np.array_equal(resumed.theta, whole.theta)
    assert resumed.rows == whole.rows


def test_planted_checkpoint_without_a_rebuild_is_seen(digits, monkeypatch):
    """A running process that keeps its warm solver at a checkpoint does not give a resumed process's bits."""
    problem, target = digits
    whole = online(problem, target, max_points=60, checkpoint_every=20)
    monkeypatch.setattr(Victim, "rebuild", lambda self: None)
    assert online(problem, target, max_points=60, checkpoint_every=20).rows != whole.rows


def test_resume_refuses_another_configuration_and_damage(tmp_path, digits):
    problem, target = digits
    online(problem, target, max_points=10, checkpoint_every=5, folder=tmp_path)
    with pytest.raises(InputError, match="belongs to other data"):
        online(problem, target * 1.01, max_points=20, checkpoint_every=5, folder=tmp_path, resume=True)
    with pytest.raises(InputError, match="raise the budget"):
        online(problem, target, max_points=3, checkpoint_every=5, folder=tmp_path, resume=True)
    file = Checkpoints(tmp_path, problem.target(target), "online", {"copies": 1}).path
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(InputError, match="checkpoint file"):
        online(problem, target, max_points=20, checkpoint_every=5, folder=tmp_path, resume=True)


def test_copies_stop_and_budget():
    problem, target = small(2)
    run = online(problem, target, max_points=7, copies=3)
    assert run.points == 7
    assert [r.points for r in run.rows] == [0, 3, 6, 7]
    assert np.array_equal(run.X[0], run.X[2])
    seen = []
    stopped = online(problem, target, stop=lambda row, theta: seen.append(theta) or row.points >= 4)
    assert stopped.points == 4
    assert len(seen) == 5
    assert online(problem, target, max_points=0).points == 0


def test_unattainable_target_stalls():
    """A slope of 60 within [0, 1] is beyond every model of norm at most 1 / sqrt(C_R) = 1."""
    problem, _ = small(3, c_r=1.0, n=4)
    run = online(problem, np.array([60.0, -60.0, 0.0, 0.0]), epsilon=0.01)
    assert run.status == "stalled"
    assert run.best.distance > 0.5


class SetUnion:
    """Planted bug: a point that is already there is not added again."""

    def __init__(self, problem):
        self.inner, self.seen = make_trainer(problem), set()
        self.n_points, self.points = problem.n_points, self.inner.points

    def add(self, x, y, copies=1):
        if (x.tobytes(), y) not in self.seen:
            self.seen.add((x.tobytes(), y))
            self.inner.add(x, y, 1)

    def fit(self):
        return self.inner.fit()

    def full_gap(self):
        return self.inner.full_gap()

    def rebuild(self):
        self.inner.rebuild()


def test_planted_set_union_gets_stuck():
    problem, target = small(4)
    honest = online(problem, target, max_points=120)
    planted = online(problem, target, max_points=120, trainer=SetUnion(problem))
    assert honest.best.distance < planted.best.distance / 2


def test_planted_weak_oracle_is_further_away():
    """An oracle that returns the least useful label's point converges no better than the exact one."""

    class Worst:
        def __init__(self):
            self.oracle = Oracle(problem.loss, problem.domain, target, bias=True)

        def maximise(self, theta):
            return self.oracle.maximise(-theta)

    problem, target = small(5)
    assert online(problem, target, max_points=60, oracle=Worst()).rows[-1].euclidean > (
        online(problem, target, max_points=60).rows[-1].euclidean
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epsilon": -1.0}, "epsilon"),
        ({"epsilon": np.nan}, "epsilon"),
        ({"max_points": -1}, "max_points"),
        ({"copies": 0}, "copies"),
        ({"bound_every": 0}, "bound_every"),
    ],
)
def test_bad_arguments(arguments, message):
    problem, target = small(6)
    with pytest.raises(InputError, match=message):
        online(problem, target, **{"max_points": 3, **arguments})
