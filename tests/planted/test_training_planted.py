"""Planted bugs in the training engines: each one must make the checks of the fits fail."""

from __future__ import annotations

import numpy as np
from reference.training_checks import run
from reference.training_degenerate import random_problem

from mtp_theory.errors import UndecidedError
from mtp_theory.training.hinge.active_set import ActiveSetTrainer
from mtp_theory.training.rows.store import PointSet
from mtp_theory.training.smooth.newton import NewtonTrainer

SEEDS = range(40)


def caught(make, loss="hinge"):
    """Number of seeded instances on which the checks fail."""
    count = 0
    for seed in SEEDS:
        try:
            run(*random_problem(np.random.default_rng(seed), loss), make)
        except (AssertionError, UndecidedError):
            count += 1
    return count


class SetUnion(PointSet):
    """A point that is there already is not counted again."""

    def add(self, x, y, copies=1):
        known = self.n_added
        before = self.n_points
        row = super().add(x, y, copies)
        if self.n_added == known:
            self._counts[row] -= copies
            self.n_points = before
        return row


class MissingIncrement(ActiveSetTrainer):
    """Added points do not raise the weight of the regulariser."""

    @property
    def mu(self):
        return self.problem.n_points * self.problem.c_r


class StaleGradient(NewtonTrainer):
    """Takes the gradient that ``add`` carries over for a certificate: no pass after points were added."""

    def add(self, x, y, copies=1):
        fitted = not self._stale
        super().add(x, y, copies)
        if fitted:
            self._gradient_sum *= 0.0


def plant_set_union(trainer):
    trainer.points = SetUnion(trainer.problem)
    return trainer


def test_sound_engines_pass():
    assert caught(lambda problem: ActiveSetTrainer(problem, 1e-8)) == 0
    assert caught(lambda problem: NewtonTrainer(problem, 1e-8), "logistic") == 0


def test_screening_that_forgets_dropped_points():
    """Rows that leave the free set, or were not taken into it, are never looked at again."""
    assert caught(lambda problem: ActiveSetTrainer(problem, 1e-8, recheck=-np.inf)) >= 1


def test_missing_regulariser_increment():
    assert caught(lambda problem: MissingIncrement(problem, 1e-8)) >= 5


def test_set_instead_of_multiset_union():
    assert caught(lambda problem: plant_set_union(ActiveSetTrainer(problem, 1e-8))) >= 1
    assert caught(lambda problem: plant_set_union(NewtonTrainer(problem, 1e-8)), "logistic") >= 1


def test_gradient_that_is_wrong_after_adding():
    """The certificate comes from a pass, so a wrong carried gradient costs steps, not correctness."""
    assert caught(lambda problem: StaleGradient(problem, 1e-8), "logistic") == 0
