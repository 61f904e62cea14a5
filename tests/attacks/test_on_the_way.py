"""From the online attack's model on towards the target: a logistic target of the digits."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from mtp_theory.attacks import online
from mtp_theory.attacks.on_the_way import Way, onward
from mtp_theory.errors import InputError
from mtp_theory.shadow.distance import distance
from mtp_theory.targets import canonical
from mtp_theory.training import make_trainer


def test_the_distance_falls_in_proportion() -> None:
    """As many points as asked for at most, and D <= (1 - a) D of the online attack's model."""
    problem, fit = canonical("digits-1-7", "logistic")
    counts = [12, 40, 0]
    run = online(problem, fit.theta, max_points=40)
    found = onward(problem, fit.theta, counts)
    assert found[1].share == 1.0  # so many points reach the target itself
    for o, n in zip(found, counts, strict=True):
        assert len(o.y) == len(o.X) <= n
        assert o.start.upper == pytest.approx(run.rows[n].distance_upper, rel=1e-6)
        assert all(problem.domain.contains(x) for x in o.X)
        trainer = make_trainer(problem)
        if n:
            trainer.add_many(o.X, o.y)
        again = trainer.fit()
        # Either model is within sqrt(2 gap / C_R) of the minimum, and D changes by |(x, 1)| <= sqrt(d + 1) times that.
        away = np.sqrt(problem.dim) * sum(np.sqrt(2.0 * gap / problem.c_r) for gap in (again.gap, run.rows[n].gap))
        bound = (1.0 - o.share) * o.start.upper + float(away)
        assert distance(problem, again.theta, fit.theta).value <= bound
        assert o.share == 0.0 or bound < o.start.upper
    assert onward(problem, fit.theta, []) == []


class Known(Way):
    """A way whose masses are a formula."""

    def __init__(self, formula) -> None:  # type: ignore[no-untyped-def]
        self.formula, self.masses = formula, {}

    def mass(self, share: float) -> float:
        return self.masses.setdefault(share, self.formula(share))


@pytest.mark.parametrize(
    ("formula", "mass", "expected"),
    [
        (lambda a: 100.0 + 900.0 * a * a, 400.0, np.sqrt(1 / 3)),
        (lambda a: 100.0 + 900.0 * a, 1000.0, 1.0),
        (lambda a: 100.0 + 900.0 * a, 99.0, 0.0),
        (lambda a: 200.0 - 50.0 * a, 180.0, 1.0),
        # not attainable beyond one half
        (lambda a: 100.0 + 50.0 * a if a <= 0.5 else inf, 400.0, 0.5),
    ],
)
def test_the_largest_share_within_the_mass(formula, mass: float, expected: float) -> None:  # type: ignore[no-untyped-def]
    way = Known(formula)
    share = way.share(mass)
    assert share == pytest.approx(expected, abs=0.02)
    assert share == 0.0 or formula(share) <= mass
    assert len(way.masses) <= 8


def test_planted_mass_beyond_the_budget_is_not_taken() -> None:
    """A share whose mass is not within the budget never wins, even where interpolation lands on it."""
    jump = Known(lambda a: 10.0 if a < 0.3 else 1000.0)
    assert 0.0 < jump.share(500.0) < 0.3


def test_planted_points_that_come_no_closer_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounding may lose what was gained; here the points found are a few of the online attack's own."""
    problem, fit = canonical("digits-1-7", "logistic")
    run = online(problem, fit.theta, max_points=10)
    monkeypatch.setattr(Way, "points", lambda self, budget: (0.5, run.X[:3], run.y[:3]))
    found = onward(problem, fit.theta, [10])[0]
    assert found.share == 0.0
    assert np.array_equal(found.X, run.X[:10])
    assert np.array_equal(found.y, run.y[:10])


def test_negative_counts_are_refused() -> None:
    problem, fit = canonical("digits-1-7", "logistic")
    with pytest.raises(InputError, match="counts"):
        onward(problem, fit.theta, [3, -1])
