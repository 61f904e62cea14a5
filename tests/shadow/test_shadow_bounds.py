"""Rounding bounds as their docstrings state them, the chain's vertices and errors, and searches that are cut off."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from reference import shadow_instances as instances

from mtp_theory.domains import Box, Domain, GroupedBox, L1Ball, L2Ball, MixedBox, PerLabel
from mtp_theory.errors import InputError
from mtp_theory.losses import LOSSES, Array, MarginLoss, PiecewiseLinear
from mtp_theory.shadow import Oracle, branch, chain, edges, maximise, price, rounding, sandwich
from mtp_theory.shadow.chain import planar_chain, upper_left_hull
from mtp_theory.shadow.compiled import CompiledSearch

EPS = 2.0**-53
#: Slacks are differences of numbers with 53 bits: some of their digits are lost.
SLACK = 1e-3


def terms(d: int) -> int:
    """Roundings of a sum in blocks of at least 128 and of the root of d: the terms of a block, the blocks, and 16."""
    block = max(128, math.isqrt(d) + 1)
    return min(d, block) + math.ceil(d / block) + 16


def test_rounding_bounds_by_hand() -> None:
    assert rounding.UNIT_ROUNDOFF == EPS
    assert rounding.margin_error(5, 3.0) == (2 * 5 + 16) * EPS * 3.0
    assert rounding.magnitude(np.array([1.0, -2.0]), np.array([3.0, 0.5]), -4.0) == 3.0 + 1.0 + 4.0
    hinge = LOSSES["squared_hinge"]
    # phi = (1 - m)^2 and psi = 2 (1 - m) at the margin -2 - 1
    assert rounding.distance_slack(hinge, -2.0, 1.0) == 1.0 * 8.0 + 16 * EPS * 16.0


def large_instance(rng: np.random.Generator, d: int) -> tuple[Box, Array, float, Array, float]:
    """Weights of size 10^6 on a box of unit width: slacks far above the last bits of the values."""
    a, b = rng.normal(size=(2, d)) * 1e6
    a0, b0 = rng.normal(size=2) * 1e6
    return Box(-rng.uniform(0, 1, d), rng.uniform(0, 1, d)), a, float(a0), b, float(b0)


@pytest.mark.parametrize("key", ["hinge", "squared_hinge"])
def test_compiled_lower_bound_is_the_formula(key: str) -> None:
    loss, rng = LOSSES[key], np.random.default_rng(1)
    for d in (1, 3, 4, 9, 17, 300):
        for _ in range(10):
            box, a, a0, b, b0 = large_instance(rng, d)
            search = CompiledSearch(box)
            assert loss.kernel is not None
            row, found = search.maximise(loss.kernel, a, a0, b, b0)
            reach = np.maximum(np.abs(box.lower), np.abs(box.upper))
            e_u, e_v = (terms(d) * EPS * (np.abs(w) @ reach + abs(w0)) for w, w0 in ((a, a0), (b, b0)))
            for k, y in enumerate((-1, 1)):
                x, (value, lower, _) = search._both[k], search._bounds[k]
                u, v = y * (a @ x + a0), y * (b @ x + b0)
                phi = loss.value
                assert value == pytest.approx(float(phi(u) - phi(v)), rel=1e-9, abs=1e-3)
                drop = float(phi(u) - phi(u + e_u) + phi(v - e_v) - phi(v) + 16 * EPS * phi(min(u, v) - e_u - e_v))
                ulps = 8 * EPS * float(phi(u) + phi(v)) + 1e-12
                assert value - lower == pytest.approx(drop, rel=SLACK, abs=ulps)
            assert found.lower <= found.value <= found.upper
            assert found.lower == search._bounds[:, 1].max()
            assert found.upper == search._bounds[:, 2].max()
            assert (found.value, row) == (search._bounds[(row + 1) // 2, 0], row)


@pytest.mark.parametrize("code", [4, 5], ids=["hinge", "squared_hinge"])
def test_compiled_pricing_lower_bound_is_the_formula(code: int) -> None:
    rng = np.random.default_rng(2)

    def psi(m: float) -> float:
        # the hinge's slope is closed at its kink as a value, and open where it bounds rounding
        return float(m <= 1.0) if code == 4 else 2.0 * max(0.0, 1.0 - m)

    def priced(u: float, v: float) -> float:
        return -u * psi(-v)

    for d in (1, 3, 4, 9):
        for _ in range(10):
            box, a, a0, b, b0 = large_instance(rng, d)
            b, b0 = b / 1e6, b0 / 1e6
            search = CompiledSearch(box)
            search.maximise(code, a, a0, b, b0)
            reach = np.maximum(np.abs(box.lower), np.abs(box.upper))
            size = np.abs(a) @ reach + abs(a0)
            e_u, e_v = terms(d) * EPS * size, terms(d) * EPS * (np.abs(b) @ reach + abs(b0))

            for k, y in enumerate((-1, 1)):
                x, (value, lower, _) = search._both[k], search._bounds[k]
                u, v = float(y * (a @ x + a0)), float(y * (b @ x + b0))
                v_max = float(np.maximum(y * b * box.lower, y * b * box.upper).sum() + y * b0)
                drop = priced(u, v) - priced(u + e_u, v - e_v) + 16 * EPS * size * psi(-v_max)
                if code == 4 and abs(v + 1.0) <= 1e-9:
                    continue  # rounding decides on which side of the kink the point lies
                assert value == pytest.approx(priced(u, v), rel=1e-9, abs=1e-6)
                assert value - lower == pytest.approx(drop, rel=SLACK, abs=8 * EPS * abs(value))


@pytest.mark.parametrize("key", LOSSES)
@pytest.mark.parametrize("code", [0, 4])
def test_compiled_upper_bound_is_above_every_edge(key: str, code: int) -> None:
    """Values on a fine grid of the chain, in floats: none beats the bound of its label."""
    loss, rng = LOSSES[key], np.random.default_rng(3)
    for _ in range(30):
        d = int(rng.integers(1, 7))
        theta, target = instances.models(rng, d)
        box = instances.box(rng, d)
        a, b = theta[:-1].copy(), target[:-1].copy()
        search = CompiledSearch(box)
        assert loss.kernel is not None
        search.maximise(loss.kernel + code, a, float(theta[-1]), b, float(target[-1]))
        for k, y in enumerate((-1, 1)):
            found = planar_chain(box, y * a, y * theta[-1], y * b, y * target[-1])
            assert found is not None
            t = np.linspace(0, 1, 41)
            u = np.concatenate([found.u[:-1, None] + t * np.diff(found.u)[:, None]], axis=None)
            v = np.concatenate([found.v[:-1, None] + t * np.diff(found.v)[:, None]], axis=None)
            u, v = np.append(u, found.u), np.append(v, found.v)
            values = loss.value(u) - loss.value(v) if code == 0 else -u * loss.slope(-v)
            if values.max() <= 0:
                # both labels together reach 0, so a label's own negative maximum is of no interest
                continue
            room = 1e-9 * (1.0 + float(np.abs(values).max()))
            assert values.max() <= search._bounds[k, 2] + room
            # the built-in losses' maximum is on the grid's segments: the bound is not far above
            best = maximise(loss, box, theta, target, label=y, method="scan") if code == 0 else None
            if best is not None and best.value > 0:
                assert search._bounds[k, 2] == pytest.approx(best.value, rel=1e-9, abs=1e-9)


DOMAINS: dict[str, Domain] = {
    "box": Box(np.array([-1.0, 0.0, 2.0]), np.array([1.0, 0.5, 2.0])),
    "at_most_one": GroupedBox(Box.unit(3), np.array([0, 0, -1])),
    "exactly_one": GroupedBox(Box.unit(3), np.array([0, -1, 0]), "exactly_one"),
    "l1": L1Ball(np.array([1.0, -2.0, 0.5]), 1.5),
}


@pytest.mark.parametrize("name", DOMAINS)
def test_chain_vertices_belong_to_their_images(name: str) -> None:
    domain, rng = DOMAINS[name], np.random.default_rng(4)
    for _ in range(20):
        a, b = rng.normal(size=(2, 3))
        a0, b0 = rng.normal(size=2)
        found = planar_chain(domain, a, float(a0), b, float(b0))
        assert found is not None
        for k in range(found.u.size):
            x = found.vertex(k)
            assert domain.contains(x)
            assert (found.u[k], found.v[k]) == (pytest.approx(a @ x + a0), pytest.approx(b @ x + b0))
        assert (np.diff(found.u) > 0).all()
        assert (np.diff(found.v) > 0).all()
        slopes = np.diff(found.v) / np.diff(found.u)
        assert (np.diff(slopes) <= 1e-12 * slopes[:-1]).all()
        # least u and greatest v of the domain
        assert found.u[0] == pytest.approx(a0 - domain.support(-a)[0])
        assert found.v[-1] == pytest.approx(b0 + domain.support(b)[0])
        for k in range(found.u.size - 1):
            for t in (0.0, 0.25, 0.75, 1.0):
                x = found.point(k, t)
                between = (1 - t) * found.vertex(k) + t * found.vertex(k + 1)
                np.testing.assert_allclose(x, between, rtol=0, atol=1e-15)
                assert domain.contains(x)
        reach = np.array([max(domain.support(s)[0], domain.support(-s)[0]) for s in np.eye(3)])
        if name == "l1":
            size = np.abs(a) @ np.array([1.0, 2.0, 0.5]) + abs(a0) + 2 * 1.5 * np.abs(a).max()
            other = np.abs(b) @ np.array([1.0, 2.0, 0.5]) + abs(b0) + 2 * 1.5 * np.abs(b).max()
        else:
            size, other = np.abs(a) @ reach + abs(a0), np.abs(b) @ reach + abs(b0)
        assert found.error_u == pytest.approx((2 * 3 + 16) * EPS * size)
        assert found.error_v == pytest.approx((2 * 3 + 16) * EPS * other)


def test_a_point_keeps_unmoved_features_bit_for_bit() -> None:
    box = Box(np.array([0.1, 0.0]), np.array([0.1, 1.0]))
    found = planar_chain(box, np.array([1.0, 1.0]), 0.0, np.array([1.0, 2.0]), 0.0)
    assert found is not None
    for t in (0.1, 0.3, 0.7):
        assert found.point(0, t)[0] == 0.1
        assert found.point(0, t)[1] == t


def test_hull_by_hand() -> None:
    u = np.array([0.0, 0.0, 1.0, 2.0, 3.0, 1.0, 0.0])
    v = np.array([0.0, 1.0, 3.0, 4.0, 4.0, 2.0, 1.0])
    # the first of two equal points stands for both; (3, 4) is no higher than (2, 4)
    assert upper_left_hull(u, v).tolist() == [1, 2, 3]
    # three in line: the middle one goes
    assert upper_left_hull(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 2.0])).tolist() == [0, 2]
    assert upper_left_hull(np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.5, 2.0])).tolist() == [0, 2]
    assert upper_left_hull(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.5, 2.0])).tolist() == [0, 1, 2]


def test_groups_choose_none_first() -> None:
    domain = GroupedBox(Box.unit(4), np.array([1, 0, 1, -1]))
    assert [c.tolist() for c in chain.group_choices(domain)] == [[4, 1], [4, 0, 2]]
    strict = GroupedBox(Box.unit(4), np.array([1, 0, 1, -1]), "exactly_one")
    assert [c.tolist() for c in chain.group_choices(strict)] == [[1], [0, 2]]


D = Box(np.array([-1.0, 0.0]), np.array([2.0, 3.0]))
THETA, TARGET = np.array([900.0, -500.0, 40.0]), np.array([1.0, 2.0, 0.5])
#: Least margins by label: +1 at (-1, 3), -1 at (2, 0).
LEAST = {1: -900.0 - 1500.0 + 40.0, -1: -1800.0 - 40.0}


@pytest.mark.parametrize("method", ["auto", "scan"])
def test_overflow_names_the_least_margin(method: str) -> None:
    with pytest.raises(InputError) as caught:
        maximise("exponential", D, THETA, TARGET, method=method)
    found = re.search(r"margin (\S+),", str(caught.value))
    assert found is not None
    # the compiled search sees both labels at once, a scan raises at the first one
    expected = min(LEAST.values()) if method == "auto" else LEAST[-1]
    assert float(found.group(1)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("label", [1, -1])
def test_overflow_of_one_label_names_its_own_margin(label: int) -> None:
    with pytest.raises(InputError, match=f"margin {LEAST[label]:.6g},"):
        maximise("exponential", D, THETA, TARGET, label=label)


def test_support_calls_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off after few calls, the result is heuristic and its enclosure still holds; else few calls are enough."""
    rng, cut, calls = np.random.default_rng(5), 0, []
    original = L2Ball.support
    for _ in range(8):
        theta, target = rng.normal(size=(2, 4)) * 3
        ball = L2Ball(rng.normal(size=3), 2.0)
        count = [0]

        def counted(self: L2Ball, direction: Array, count: list[int] = count) -> tuple[float, Array]:
            count[0] += 1
            return original(self, direction)

        with monkeypatch.context() as patched:
            patched.setattr(L2Ball, "support", counted)
            exact = maximise("logistic", ball, theta, target)
        calls.append(count[0])
        with monkeypatch.context() as patched:
            patched.setattr(sandwich, "MAX_CALLS", 4)
            early = maximise("logistic", ball, theta, target)
        assert exact.kind == "exact"
        assert early.lower <= exact.upper
        assert exact.lower <= early.upper
        cut += early.kind == "heuristic"
    assert cut > 2
    # "smooth arcs need about 50" for each of two labels
    assert max(calls) <= 150


def test_general_branch_and_bound_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    rng, cut = np.random.default_rng(6), 0
    for _ in range(30):
        d = 7
        theta, target = rng.normal(size=(2, d + 1))
        domain = MixedBox(instances.unit(d), np.ones(d, dtype=bool), np.array([0, 0, 0, -1, -1, -1, -1]))
        exact = maximise("hinge", domain, theta, target)
        with monkeypatch.context() as patched:
            patched.setattr(branch.over_mixed, "__kwdefaults__", {"node_limit": 2})
            early = maximise("hinge", domain, theta, target)
        assert exact.kind == "exact"
        assert domain.contains(early.x)
        assert early.value <= exact.upper
        assert early.lower <= exact.upper
        assert exact.lower <= early.upper
        cut += early.kind == "heuristic"
    assert cut > 3


@pytest.mark.parametrize("entry", ["maximise", "price"])
def test_bounds_of_labels_cover_both(entry: str) -> None:
    """Both labels of a one-sided problem: the bounds are the greatest of the labels', whichever wins."""
    call = maximise if entry == "maximise" else price
    rng = np.random.default_rng(7)
    for loss in (LOSSES["hinge"], PiecewiseLinear([2, 1, 0], [1.5, 1, 0.5])):
        for _ in range(20):
            domain = PerLabel(instances.box(rng, 3), instances.box(rng, 3))
            theta, target = instances.models(rng, 3)
            both = call(loss, domain, theta, target)
            single = {y: call(loss, domain, theta, target, label=y) for y in (-1, 1)}
            assert both.lower == max(s.lower for s in single.values())
            assert both.upper == max(s.upper for s in single.values())
            winner = 1 if single[1].value > single[-1].value else -1
            assert both.y == winner
            np.testing.assert_array_equal(both.x, single[winner].x)


def test_break_points_and_crossings() -> None:
    assert edges.break_points(LOSSES["squared_hinge"]) == (1.0,)
    assert edges.break_points(LOSSES["hinge"]) == (1.0,)
    assert edges.break_points(LOSSES["logistic"]) == ()
    w = np.array([0.0, 2.0, 2.0, 6.0])
    k, t = edges.crossings(4, [(w, 1.0), (w, 3.0), (w, 2.0), (w, 6.0), (w, -1.0), (w, 9.0)])
    assert (k.tolist(), t.tolist()) == ([0, 0, 1, 2, 2, 3], [0.0, 0.5, 0.0, 0.0, 0.25, 0.0])
    np.testing.assert_array_equal(edges.at(w, np.array([0, 2, 3]), np.array([0.5, 0.25, 0.0])), [1.0, 3.0, 6.0])


@pytest.mark.parametrize("method", ["scan", "vertex"])
def test_relaxed_and_vertex_of_a_box_have_the_same_ends(method: str) -> None:
    rng = np.random.default_rng(8)
    for key in ("hinge", "logistic"):
        loss: MarginLoss = LOSSES[key]
        for _ in range(10):
            theta, target = rng.normal(size=(2, 6))
            found = Oracle(loss, instances.unit(5), target, method=method).maximise(theta)
            point = np.append(found.x, 1.0)
            value = float(loss.value(found.y * (theta @ point)) - loss.value(found.y * (target @ point)))
            assert found.value == pytest.approx(value, abs=1e-12)
            assert found.lower < found.value < found.upper
            assert found.value - found.lower <= 1e-13


@pytest.mark.parametrize("key", ["hinge", "logistic"])
@pytest.mark.parametrize("label", [-1, 1])
def test_relaxed_bounds_of_one_label_hold_for_the_integer_domain(key: str, label: int) -> None:
    rng, apart = np.random.default_rng(11), 0
    for _ in range(30):
        theta, target = rng.normal(size=(2, 5)) * 2
        domain = MixedBox(instances.unit(4), np.ones(4, dtype=bool), np.array([0, 0, -1, -1]))
        exact = maximise(key, domain, theta, target, label=label)
        relaxed = maximise(key, domain, theta, target, method="relaxed", label=label)
        vertex = maximise(key, domain, theta, target, method="vertex", label=label)
        assert relaxed.lower <= exact.upper
        assert relaxed.upper >= exact.lower
        assert vertex.upper >= exact.lower
        assert vertex.lower <= exact.upper
        assert (relaxed.kind, vertex.kind) == ("relaxed", "heuristic")
        apart += relaxed.value > exact.upper + 1e-6
    assert apart >= 3


def test_the_least_margin_is_over_both_models_and_labels() -> None:
    for theta, target in ((THETA, TARGET), (TARGET, THETA), (-THETA, TARGET)):
        assert Oracle("logistic", D, target)._least_margin(theta) == min(LEAST.values())
    # without a bias: +1 at (-1, 3), -1 at (2, 0)
    bare = Oracle("logistic", D, TARGET[:-1], bias=False)
    assert bare._least_margin(THETA[:-1]) == -2400.0
    assert Oracle("logistic", D, TARGET)._least_margin(np.array([0.0, 0.0, -5000.0])) == -5000.0
    assert Oracle("logistic", D, TARGET)._least_margin(np.array([0.0, 0.0, 5000.0])) == -5000.0
