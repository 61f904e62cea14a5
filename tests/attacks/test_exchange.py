"""Exchanges of added points: fewer points than the online attack, clean mass untouched."""

from __future__ import annotations

import numpy as np
import pytest

from mtp_theory.attacks.exchange import Atoms, Exchange, Exchanges
from mtp_theory.attacks.registry import attack
from mtp_theory.domains import Box, MixedBox
from mtp_theory.errors import InputError
from mtp_theory.goal import Target
from mtp_theory.losses import get_loss
from mtp_theory.problem import Problem
from mtp_theory.training import make_trainer


def small(seed: int = 0, *, integer: bool = False) -> Target:
    """Forty rows of three features, and a model that eight other points train with them."""
    rng = np.random.default_rng(seed)
    y = np.where(rng.random(40) < 0.5, -1.0, 1.0)
    X = np.clip(0.5 + 0.25 * y[:, None] + 0.2 * rng.standard_normal((40, 3)), 0, 1)
    domain = Box.unit(3)
    if integer:
        X = np.round(4 * X)
        domain = MixedBox(Box(np.zeros(3), np.full(3, 4.0)), np.ones(3, dtype=bool), np.full(3, -1))
    problem = Problem(X, y, get_loss("hinge"), 0.05, domain)
    trainer = make_trainer(problem)
    trainer.add_many(X[:8], -y[:8])
    return Target(problem, trainer.fit().theta)


def test_two_points_do_what_the_online_attack_takes_many_for() -> None:
    # claim online-waste, m = 20: X = [-1, 1], one clean point 0, target 1/40
    problem = Problem(np.zeros((1, 1)), np.ones(1), get_loss("hinge"), 1.0, Box([-1.0], [1.0]), bias=False)
    target = Target(problem, np.array([1 / 40]))
    run = attack(target, "exchange", epsilon=1e-3)
    assert run.status == "converged"
    assert run.points <= 2
    assert attack(target, "online", epsilon=1e-3).points >= 20


def test_fewer_points_than_online_within_the_domain() -> None:
    goal = small()
    run = attack(goal, "exchange", epsilon=0.02)
    other = attack(goal, "online", epsilon=0.02)
    assert run.status == other.status == "converged"
    assert run.points <= 8 + (other.points - 8) / 2
    assert all(goal.problem.domain.contains(x) for x in run.X)
    trainer = make_trainer(goal.problem)
    trainer.add_many(run.X, run.y)
    assert goal.oracle.maximise(trainer.fit().theta).value <= 0.02


def test_a_budget_is_kept_and_spent() -> None:
    goal = small(1)
    run = attack(goal, "exchange", max_points=5)
    assert run.points == 5
    assert run.rows[-1].distance < attack(goal, "online", max_points=5).rows[-1].distance
    assert attack(goal, "exchange", max_points=3, epsilon=1e-6).points == 3


def test_integer_features_stay_integers() -> None:
    goal = small(2, integer=True)
    run = attack(goal, "exchange", epsilon=0.3)
    assert (run.X == np.round(run.X)).all()
    assert all(goal.problem.domain.contains(x) for x in run.X)


def test_a_step_that_raises_the_value_is_not_taken() -> None:
    goal = small()
    sets = Exchanges(goal, 0.0)
    state = sets.added(sets.start(), 4)
    values = [state.value]
    for _ in range(6):
        after = sets._exchanged(state, whole=False)
        if after is None:
            break
        state = after
        values.append(state.value)
        assert state.size == pytest.approx(4)
    assert len(values) > 2
    assert values == sorted(values, reverse=True)
    # the value is that of the concave function behind Algorithm 1: the target's excess for each point
    rows = [np.tile(a.mean, (1, 1)) for a in state.labels.values() if a.mass]
    assert all(goal.problem.domain.contains(x[0]) for x in rows)
    assert state.value >= 0


def test_atoms_keep_their_mass() -> None:
    atoms = Atoms(np.zeros((0, 2)), np.zeros(0)).with_point(np.array([1.0, 0.0]), 2.0).with_point(np.zeros(2), 1.0)
    assert atoms.mass == 3.0
    assert atoms.mean == pytest.approx([2 / 3, 0])
    assert atoms.with_point(np.zeros(2), 1.0).X.shape == (2, 2)
    assert atoms.less(0, 1.0).X.shape[0] == 1
    assert atoms.scaled(6.0).mean == pytest.approx(atoms.mean)


def test_arguments() -> None:
    with pytest.raises(InputError, match="exchanges = 0"):
        Exchange(exchanges=0)
    problem = Problem(np.zeros((1, 1)), np.ones(1), get_loss("logistic"), 1.0, Box([-1.0], [1.0]))
    with pytest.raises(InputError, match="hinge"):
        attack(Target(problem, np.zeros(2)), "exchange", epsilon=0.1)
    with pytest.raises(InputError, match="no end of its own"):
        attack(small(), "exchange")
