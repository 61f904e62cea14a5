"""The minimum attack within a number of points: beside the online attack with as many."""

import pytest

from mtp_theory.attacks import online
from mtp_theory.attacks.minimum import within
from mtp_theory.errors import InputError
from mtp_theory.targets import canonical


def test_within_is_no_further_than_the_online_attack():
    problem, fit = canonical()
    run = online(problem, fit.theta, epsilon=0.0, max_points=20)
    pairs = within(problem, fit.theta, [20, 8, 0], steps=8)
    assert [len(p.y) for p in pairs] == [20, 8, 0]
    for pair, n in zip(pairs, (20, 8, 0), strict=True):
        assert pair.start.upper == pytest.approx(run.rows[n].distance_upper, abs=1e-6)
        assert pair.upper <= pair.start.upper
    assert pairs[0].upper < 0.5 * pairs[0].start.upper
    assert within(problem, fit.theta, []) == []


def test_within_refuses_negative_counts():
    problem, fit = canonical()
    with pytest.raises(InputError, match="counts"):
        within(problem, fit.theta, [3, -1])
