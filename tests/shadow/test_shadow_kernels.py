"""The compiled functions by hand: losses, weights of the two forms, sums, roots, and the order of steps."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from reference import shadow_instances as instances

from mtp_theory.domains import Box, GroupedBox, MixedBox
from mtp_theory.losses import LOSSES
from mtp_theory.shadow import integer, maximise, objective, price, select, sums

CODES = {"hinge": 0, "squared_hinge": 1, "logistic": 2, "exponential": 3}
MARGINS = (-30.0, -2.0, -0.5, 0.0, 0.5, 1.0, 1.5, 40.0)


@pytest.mark.parametrize("key", CODES)
def test_losses_are_those_of_the_package(key: str) -> None:
    loss, code = LOSSES[key], CODES[key]
    assert loss.kernel == code
    for m in MARGINS:
        assert objective.loss_value(code, m) == pytest.approx(float(loss.value(m)), rel=1e-14, abs=1e-300)
        slope = 0.0 if key == "hinge" and m == 1.0 else float(loss.slope(m))
        assert objective.loss_slope(code, m) == pytest.approx(slope, rel=1e-14, abs=1e-300)
        assert objective.objective(code, m, 0.25) == pytest.approx(float(loss.value(m) - loss.value(0.25)), rel=1e-12)
    assert objective.objective(4, -2.0, -1.0) == 2.0
    assert objective.objective(4, -2.0, -1.5) == 0.0
    for k in (1, 2, 3):
        psi = objective.loss_slope(k, 0.5)
        assert objective.objective(4 + k, -2.0, -0.5) == pytest.approx(2.0 * psi)


def test_pricing_rates_by_hand() -> None:
    assert objective.pricing_rate(0, 5.0, -3.0) == 1.0
    assert objective.pricing_rate(1, 5.0, -3.0) == 8.0 + 5.0 * 2.0
    assert objective.pricing_rate(2, 5.0, 0.0) == 0.5 + 5.0 * 0.25
    assert objective.pricing_rate(3, 5.0, 0.0) == 1.0 + 5.0


@pytest.mark.parametrize("code", range(8))
def test_weights_are_the_derivatives(code: int) -> None:
    """(p, q) is proportional to (-df/du, df/dv), by differences where the objective is smooth and positive."""
    h = 1e-6
    for u, v in itertools.product((-2.0, -0.75, -0.1), (-1.5, -0.5, 0.5, 1.5)):
        f = objective.objective(code, u, v)
        kink = code in (0, 1, 4, 5) and min(abs(abs(u) - 1), abs(abs(v) - 1)) < 0.01
        if f <= 0 or kink:
            continue
        down = -(objective.objective(code, u + h, v) - objective.objective(code, u - h, v)) / (2 * h)
        up = (objective.objective(code, u, v + h) - objective.objective(code, u, v - h)) / (2 * h)
        p, q = objective.weights(code, u, v)
        assert p >= 0
        assert q >= 0
        assert p * up == pytest.approx(q * down, rel=1e-4, abs=1e-6)
        assert p + q > 0
    for u in (0.5, 2.0):
        if code >= 4:
            # no positive weight left: the objective rises nowhere
            assert objective.weights(code, u, 0.0) == (1.0, 0.0)
            assert not objective.rises(code, 1e9, u, 0.0)


def test_rising_is_strict() -> None:
    # exponential: psi(u) = psi(v) where u = v, so slope 1 neither rises nor falls
    assert not objective.rises(3, 1.0, 0.5, 0.5)
    assert objective.rises(3, 1.0 + 1e-9, 0.5, 0.5)
    assert not objective.rises(3, 1.0 - 1e-9, 0.5, 0.5)


def test_a_root_on_an_edge() -> None:
    # e^-u - e^-v along (0, 0) + t (1, 3): stops where 3 e^-v = e^-u, v - u = 2 t = log 3
    t = objective.edge_root(3, 3.0, 0.0, 0.0, 1.0, 3.0)
    assert 2 * t == pytest.approx(math.log(3.0), abs=1e-12)
    # the hinge's kink of v at 1: u rises, v passes 1 at t = 1/2
    t = objective.edge_root(0, 2.0, -3.0, 0.0, 1.0, 2.0)
    assert t == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("d", [1, 2, 3, 4, 8, 9, 10, 99, 100, 101])
def test_blocked_sums(d: int) -> None:
    rng = np.random.default_rng(d)
    a, b, x, w = rng.normal(size=(4, d))
    lower, upper = np.minimum(x, w), np.maximum(x, w)
    assert sums.dot(a, x) == pytest.approx(math.fsum(a * x), rel=1e-12, abs=1e-12)
    for s, y in ((0.0, 1.0), (1.5, -1.0)):
        c = y * (b - s * a)
        expected = math.fsum(np.where(c > 0, c * upper, c * lower))
        assert sums.support(a, b, s, y, lower, upper) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("d", "expected"), [(1, 2), (57, 58), (128, 129), (784, 128 + 7), (10**6, 1001 + 1000)])
def test_roundings_by_hand(d: int, expected: int) -> None:
    assert sums.roundings(d) == expected


@pytest.mark.parametrize("seed", range(8))
def test_starts_are_those_of_the_two_labels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    d = 200
    a, b, x, w = np.round(rng.normal(size=(4, d)))  # zeros in a and b
    lower, upper = np.minimum(x, w), np.maximum(x, w)
    found = sums.starts(a, b, lower, upper)
    expected = []
    for y in (1.0, -1.0):
        up = (y * a < 0) | ((a == 0) & (y * b > 0))
        expected.append(np.where(up, upper, lower))
    first, second = expected
    assert found[:2] == (a @ first, a @ second)
    assert found[2:4] == (np.minimum(b * lower, b * upper).sum(), np.maximum(b * lower, b * upper).sum())
    assert found[4:] == (b @ first, b @ second)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 150])
@pytest.mark.parametrize("code", [0, 2, 4, 6])
def test_the_place_is_that_of_the_sorted_chain(count: int, code: int) -> None:
    """Buckets and pivots against a walk along the sorted steps, equal slopes included."""
    least = 1.0 if code < 4 else 0.0
    for seed in range(40):
        rng = np.random.default_rng([seed, count, code])
        d = count + 5
        du = rng.choice([0.25, 0.5, 1.0], d)
        ratio = np.zeros(d)
        order = rng.permutation(d)[:count].astype(np.int64)
        ratio[order] = least + rng.choice([0.125, 0.5, 0.75, 3.0, 40.0, 1e9], count)
        dv = ratio * du
        u, v = -rng.integers(0, 40) / 4.0, -rng.integers(0, 200) / 4.0
        start, table = np.empty(select.BUCKETS + 1, np.int64), np.empty((select.BUCKETS + 1, 3))
        moving = order.copy()
        select.sort_into_buckets(ratio, du, dv, moving, count, start, table)
        assert sorted(moving) == sorted(order)
        assert (np.diff([select.bucket_of(ratio[j]) for j in moving]) >= 0).all()
        k = select.last_rising_bucket(code, start, table, u, v)
        # along the sorted chain, equal slopes as one edge
        reached = 0
        for s in sorted(set(ratio[order]), reverse=True):
            before = ratio > s
            edge = ratio == s
            if objective.rises(code, s, u + du[before].sum(), v + dv[before].sum()):
                reached += 1
                last = s, bool(objective.rises(code, s, u + du[before | edge].sum(), v + dv[before | edge].sum()))
        if reached == 0:
            assert k == -1
            continue
        slope, whole = last
        assert k == select.bucket_of(slope)
        at_other = np.zeros(d, np.bool_)
        taken, partial, share, found = select.select(
            code, ratio, du, dv, moving, start[k], start[k + 1], u + table[k, 0], v + table[k, 1], at_other
        )
        if whole:
            assert (found, partial) == (0.0, -1)
            assert set(moving[:taken]) == set(np.flatnonzero(ratio >= slope))
        else:
            assert found == slope
            assert set(moving[:taken]) == set(np.flatnonzero(ratio > slope))
            assert (ratio[at_other] == slope).all()
            assert partial < 0 or (ratio[partial] == slope and 0.0 <= share < 1.0)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 40, 121])
def test_steps_are_sorted_by_slope_then_number(count: int) -> None:
    rng = np.random.default_rng(count)
    slope = rng.integers(1, 6, count + 3) * 0.5
    order = rng.permutation(count + 3)[:count].astype(np.int64)
    expected = sorted(order.tolist(), key=lambda j: (-slope[j], j))
    integer.sort_by_slope(slope, order)
    assert order.tolist() == expected


def corners(d: int) -> np.ndarray:
    return np.array(list(itertools.product((0.0, 1.0), repeat=d)))


@pytest.mark.parametrize("key", CODES)
def test_the_best_vertex_is_the_best_corner(key: str) -> None:
    loss, rng, x = LOSSES[key], np.random.default_rng(9), corners(5)
    better = 0
    for _ in range(40):
        theta, target = rng.normal(size=(2, 6)) * 2
        domain = MixedBox(Box.unit(5), np.ones(5, dtype=bool), np.full(5, -1))
        values = []
        for y in (-1, 1):
            u, v = (y * (x @ w[:-1] + w[-1]) for w in (theta, target))
            values.append(loss.value(u) - loss.value(v))
        found = maximise(loss, domain, theta, target, method="vertex")
        # falling in u and rising in v: where it is positive, only corners of the chain can be best for these losses
        assert found.value <= np.max(values) * (1 + 1e-12) + 1e-12
        chain = maximise(loss, domain.relaxation, theta, target, method="vertex")
        np.testing.assert_array_equal(found.x, chain.x)
        better += found.value == pytest.approx(np.max(values), rel=1e-9, abs=1e-9)
    # the chain misses a best corner only where no vertex of it is best
    assert better >= 30


@pytest.mark.parametrize("key", CODES)
@pytest.mark.parametrize("groups", [False, True])
def test_integer_searches_against_every_corner(key: str, groups: bool) -> None:
    loss, rng = LOSSES[key], np.random.default_rng(10)
    for _ in range(25):
        theta, target = instances.models(rng, 5)
        group = np.array([0, 0, 0, -1, -1]) if groups else np.full(5, -1)
        domain = MixedBox(Box.unit(5), np.ones(5, dtype=bool), group)
        x = np.array([c for c in corners(5) if domain.contains(c)])
        best, priced = -math.inf, -math.inf
        for y in (-1, 1):
            u, v = (y * (x @ w[:-1] + w[-1]) for w in (theta, target))
            best = max(best, float((loss.value(u) - loss.value(v)).max()))
            slope = np.where(v <= 1.0, 1.0, 0.0) if key == "hinge" else loss.slope(v)
            priced = max(priced, float((u * slope).max()))
        found = maximise(loss, domain, theta, target)
        room = 1e-9 * (1.0 + abs(best))
        assert found.kind == "exact"
        assert found.value == pytest.approx(best, abs=room)
        assert found.lower <= best + room
        assert best <= found.upper + room
        assert found.upper - found.lower <= 1e-7 * (1.0 + abs(best))
        values = price(loss, domain, theta, target)
        assert values.value == pytest.approx(priced, rel=1e-9, abs=1e-9)


def test_equal_steps_are_merged_and_shared_out() -> None:
    """Forty equal features: one step of width 40, not 2^40 nodes; moved features come first in order."""
    d = 40
    domain = MixedBox(Box.unit(d), np.ones(d, dtype=bool), np.full(d, -1))
    theta, target = np.append(np.full(d, -0.1), 0.05), np.append(np.full(d, 0.15), 0.2)
    found = maximise("hinge", domain, theta, target)
    assert found.kind == "exact"
    k = np.arange(d + 1)
    hinge = LOSSES["hinge"].value
    values = [hinge(y * (-0.1 * k + 0.05)) - hinge(y * (0.15 * k + 0.2)) for y in (-1, 1)]
    assert found.value == pytest.approx(np.max(values))
    parallel = maximise("hinge", domain, np.append(np.full(d, 0.1), 0.0), np.append(np.full(d, 0.3), -2.0))
    values = [hinge(y * 0.1 * k) - hinge(y * (0.3 * k - 2.0)) for y in (-1, 1)]
    assert parallel.value == pytest.approx(np.max(values))
    moved = np.flatnonzero(parallel.x if parallel.y == 1 else 1 - parallel.x)
    assert moved.tolist() == list(range(moved.size))


def test_groups_take_one_member() -> None:
    domain = GroupedBox(Box.unit(3), np.zeros(3, dtype=int), "exactly_one")
    found = maximise("hinge", domain, np.array([1.0, -2.0, 0.5, 0.0]), np.array([1.0, 1.0, 1.0, 0.0]))
    assert found.x.sum() == pytest.approx(1.0)
    assert found.value == pytest.approx(3.0)


@pytest.mark.parametrize("key", ["hinge", "logistic"])
def test_a_search_cut_off_before_the_best_point_is_bounded_by_the_relaxation(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, short = np.random.default_rng(12), 0
    for _ in range(80):
        theta, target = rng.normal(size=(2, 8))
        domain = MixedBox(Box.unit(7), np.ones(7, dtype=bool), np.full(7, -1))
        exact = maximise(key, domain, theta, target)
        with monkeypatch.context() as patched:
            patched.setattr("mtp_theory.shadow.compiled.NODE_LIMIT", 1)
            early = maximise(key, domain, theta, target)
        assert exact.lower <= early.upper
        short += early.value < exact.lower - 1e-6
    assert short >= 1
