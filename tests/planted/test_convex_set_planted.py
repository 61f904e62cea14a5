"""Bugs planted in the programmes of K; the comparisons with independent formulations must notice each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from reference import attainability_dual as dual
from reference.attainability_instances import poisoned_target, problem_of

from mtp_theory.convex_set import fractional_minimum, lambda_star
from mtp_theory.convex_set import minimum as minimum_module
from mtp_theory.convex_set import programme as programme_module
from mtp_theory.convex_set import refinement as refinement_module
from mtp_theory.errors import UndecidedError

TOLERANCE = 1e-5


def disagreements() -> list[str]:
    """What the checks of the package's tests notice on a few instances; empty when all is well."""
    noticed = set()
    for seed in range(4):
        problem = problem_of("box", "hinge", seed)
        target = poisoned_target(problem, seed + 1, 6)
        try:
            star, result = lambda_star(problem, target), fractional_minimum(problem, target)
        except UndecidedError:
            noticed.add("undecided")
            continue
        if star.upper != pytest.approx(dual.hinge_lambda(problem, target), rel=TOLERANCE, abs=TOLERANCE):
            noticed.add("lambda upper")
        if star.lower != pytest.approx(dual.hinge_lambda(problem, target), rel=TOLERANCE, abs=TOLERANCE):
            noticed.add("lambda lower")
        true = dual.hinge_minimum(problem, target)
        for name, value in (("lower", result.lower), ("upper", result.upper)):
            if value != pytest.approx(true, rel=TOLERANCE, abs=TOLERANCE):
                noticed.add(f"minimum {name}")
        if result.status != "optimal":
            noticed.add("status")
    return sorted(noticed)


def test_nothing_is_noticed_without_a_bug() -> None:
    assert disagreements() == []


def test_bias_row_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    assemble = programme_module.Programme._assemble

    def without(self: Any, *args: Any) -> Any:
        data = assemble(self, *args)
        rows = [i for i in range(data.a_eq.shape[0]) if i != self.problem.dim - 1]
        # the row is emptied, so that shapes and multipliers stay in place
        keep = np.ones(data.a_eq.shape[0])
        keep[self.problem.dim - 1] = 0.0
        assert len(rows) == keep.sum()
        return replace(data, a_eq=data.a_eq.multiply(keep[:, None]).tocsr(), b_eq=data.b_eq * keep)

    monkeypatch.setattr(programme_module.Programme, "_assemble", without)
    # the mixture then misses the balance, which the measured residual turns into an error
    assert {"undecided", "lambda lower", "minimum upper"} & set(disagreements())


def test_kink_multipliers_fixed_at_one(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = minimum_module.clean_gradient

    def fixed(*args: Any) -> Any:
        clean = honest(*args)
        return replace(
            clean, base=clean.base - clean.room @ clean.rows, least=clean.least + 1.0, room=np.zeros_like(clean.room)
        )

    monkeypatch.setattr(minimum_module, "clean_gradient", fixed)
    assert "minimum lower" in disagreements()


def test_c_r_for_n_times_c_r(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = minimum_module.clean_gradient

    def forgotten(problem: Any, target: Any, *args: Any) -> Any:
        clean = honest(problem, target, *args)
        return replace(clean, base=clean.base - (problem.n_points - 1) * problem.c_r * target)

    monkeypatch.setattr(minimum_module, "clean_gradient", forgotten)
    assert "minimum lower" in disagreements()


def test_regulariser_increment_of_the_poison_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    assemble = programme_module.Programme._assemble

    def without(self: Any, *args: Any) -> Any:
        self.drift = np.zeros_like(self.drift)
        return assemble(self, *args)

    monkeypatch.setattr(programme_module.Programme, "_assemble", without)
    # again the residual gives it away
    assert {"undecided", "minimum upper"} & set(disagreements())


def test_one_label_not_priced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dual bound that forgets a label claims more points than were used: the sides cross, and that is an error."""
    honest = refinement_module.price

    def half(*args: Any) -> Any:
        priced = honest(*args)
        return replace(priced, by_label=priced.by_label[:1])

    monkeypatch.setattr(refinement_module, "price", half)
    crossed = 0
    for seed in range(4):
        problem = problem_of("box", "logistic", seed)
        try:
            fractional_minimum(problem, poisoned_target(problem, seed + 1, 6))
        except UndecidedError as error:
            crossed += "cross" in str(error)
    assert crossed > 0
