"""Margin transfer in exact arithmetic: ends hold for every close model, are attained, and near misses are refuted."""

from fractions import Fraction as Q

import numpy as np
import pytest

from mtp_theory.bounds.closeness import active_limit, greatest_margin, least_margin, mixing_margin
from mtp_theory.bounds.closeness.lemma import margins_within
from mtp_theory.domains import Box
from mtp_theory.problem import Problem

#: x in [low, 1], models (w, b): everything is decided at the ends and at the kinks of the target.
LOW = (Q(0), Q(-1))


def hinge(m):
    return max(Q(0), 1 - m)


def distance(t, p, low):
    """D over x in [low, 1] and both labels: the difference is convex in x between the kinks of the target's loss."""
    xs = [low, Q(1)]
    if p[0]:
        xs += [x for x in ((y - p[1]) / p[0] for y in (1, -1)) if low <= x <= 1]
    return max(hinge(y * (t[0] * x + t[1])) - hinge(y * (p[0] * x + p[1])) for x in xs for y in (1, -1))


def instance(rng):
    low = LOW[int(rng.integers(2))]
    p = (Q(int(rng.integers(-24, 25)), 8), Q(int(rng.integers(-12, 13)), 8))
    t = tuple(v + Q(int(rng.integers(-6, 7)), 16) for v in p)
    return t, p, low


def margins(rng, t, p, low):
    """(v, m, v0) at a random point."""
    x = low + (1 - low) * Q(int(rng.integers(0, 17)), 16)
    y = int(rng.choice([-1, 1]))
    least = min(y * (p[0] * e + p[1]) for e in (low, Q(1)))
    return y * (p[0] * x + p[1]), y * (t[0] * x + t[1]), mixing_margin(least)


def ends_hold(least, greatest, count=4000, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        t, p, low = instance(rng)
        eps = max(Q(0), distance(t, p, low))
        if eps >= 1:
            continue
        v, m, v0 = margins(rng, t, p, low)
        if not least(v, eps, v0) <= m <= greatest(v, eps):
            return False
    return True


def test_ends_hold_for_thousands_of_close_models():
    assert ends_hold(least_margin, greatest_margin)


@pytest.mark.parametrize(
    ("least", "greatest"),
    [
        (least_margin, lambda v, eps: v),  # no label flip
        (lambda v, eps, v0: v - eps, greatest_margin),  # no mixing: v - eps beyond 1 as well
        (lambda v, eps, v0: least_margin(v, eps, Q(-1)), greatest_margin),  # (1 - eps) v whatever the label reaches
    ],
)
def test_planted_ends_are_refuted(least, greatest):
    assert not ends_hold(least, greatest)


def test_closeness_is_the_lower_end_everywhere():
    rng = np.random.default_rng(1)
    for _ in range(200):
        t, p, low = instance(rng)
        eps = Q(int(rng.integers(0, 33)), 32)
        grid = [low + (1 - low) * Q(i, 96) for i in range(97)]
        if p[0]:
            grid += [x for x in ((y - p[1]) / p[0] for y in (1, -1)) if low <= x <= 1]
        signed = [(y * (t[0] * x + t[1]), y * (p[0] * x + p[1])) for x in grid for y in (1, -1)]
        assert (distance(t, p, low) <= eps) == all(m >= min(Q(1), v) - eps for m, v in signed)


def test_the_mixing_end_is_attained():
    # t = (1 - eps) p is within eps of p and has margin (1 - eps) v everywhere
    p, eps = (Q(2), Q(0)), Q(1, 4)
    t = tuple((1 - eps) * v for v in p)
    assert distance(t, p, Q(-1)) == eps
    assert least_margin(Q(2), eps, Q(-1)) == (1 - eps) * 2


@pytest.mark.parametrize("v0", [Q(-1), Q(-1, 2), Q(0), Q(1, 2)])
@pytest.mark.parametrize("eps", [Q(0), Q(1, 10), Q(1, 3), Q(3, 4)])
def test_the_limit_of_active_points(v0, eps):
    limit = active_limit(eps, v0)
    if limit is None:
        assert least_margin(Q(10**6), eps, v0) <= 1
    else:
        assert limit >= 1
        assert least_margin(limit, eps, v0) == 1
        assert least_margin(limit + Q(1, 10**6), eps, v0) > 1
    if v0 == -1:
        assert limit == 1 / (1 - eps)


def test_float_ends_are_the_exact_ones():
    rng = np.random.default_rng(2)
    X = rng.integers(0, 9, (40, 2)) / 8
    problem = Problem(X, np.where(np.arange(40) % 2, 1.0, -1.0), "hinge", 0.1, Box.unit(2))
    target = np.array([1.5, -0.25, 0.75])
    v = problem.margins(target)
    low, high = margins_within(problem, target, 0.25, v, problem.y)
    # margins over the unit square: 0.5 to 2.25 for label +1, -2.25 to -0.5 for -1
    for a, b, m, y in zip(low, high, v, problem.y, strict=True):
        v0 = mixing_margin(Q(1, 2) if y > 0 else Q(-9, 4))
        assert a == pytest.approx(float(least_margin(Q(m), Q(1, 4), v0)), abs=1e-12)
        assert b == pytest.approx(float(greatest_margin(Q(m), Q(1, 4))), abs=1e-12)
