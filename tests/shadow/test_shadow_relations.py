"""Relations that hold without knowing the answer, and agreement of the methods."""

from __future__ import annotations

import numpy as np
import pytest
from reference import shadow_instances as instances

from mtp_theory.domains import Box, L1Ball, L2Ball, MixedBox, Polytope
from mtp_theory.losses import LOSSES, Hinge, Logistic, MarginLoss
from mtp_theory.shadow import Oracle, maximise, price

ALL = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
#: Rounding of sums taken in another order, relative to the losses of size e^5 at these margins.
CLOSE = 1e-9


@ALL
def test_label_symmetry(loss: MarginLoss) -> None:
    """On a box symmetric about 0 and without bias, flipping x flips the label: both labels have one maximum."""
    rng = np.random.default_rng(31)
    for _ in range(30):
        theta, target = (w[:-1] for w in instances.models(rng, 5))
        domain = Box(-np.ones(5), np.ones(5))
        values = [maximise(loss, domain, theta, target, bias=False, label=y).value for y in (-1, 1)]
        assert values[0] == pytest.approx(values[1], rel=CLOSE, abs=CLOSE)
        both = maximise(loss, domain, theta, target, bias=False)
        assert both.value == pytest.approx(max(values), rel=CLOSE, abs=CLOSE)


@ALL
def test_permutation_of_features(loss: MarginLoss) -> None:
    rng = np.random.default_rng(32)
    for _ in range(30):
        theta, target = instances.models(rng, 6)
        domain = instances.box(rng, 6)
        order = rng.permutation(6)
        moved = np.append(order, 6)
        there = maximise(loss, Box(domain.lower[order], domain.upper[order]), theta[moved], target[moved])
        assert there.value == pytest.approx(maximise(loss, domain, theta, target).value, rel=CLOSE, abs=CLOSE)


@ALL
def test_scaling_of_the_box(loss: MarginLoss) -> None:
    """Features k times as wide and weights 1/k times as large: the same margins."""
    rng = np.random.default_rng(33)
    for _ in range(30):
        theta, target = instances.models(rng, 6)
        domain = instances.box(rng, 6)
        k = rng.uniform(0.1, 10, 6)
        unscaled = np.append(1 / k, 1.0)
        there = maximise(loss, Box(domain.lower * k, domain.upper * k), theta * unscaled, target * unscaled)
        assert there.value == pytest.approx(maximise(loss, domain, theta, target).value, rel=CLOSE, abs=CLOSE)


@ALL
def test_compiled_equals_scan(loss: MarginLoss) -> None:
    rng = np.random.default_rng(34)
    for d in (1, 3, 40, 300):
        for _ in range(20):
            theta, target = instances.models(rng, d)
            domain = instances.box(rng, d)
            # Margins of moderate size, so that the exponential loss keeps its digits.
            theta, target = theta / np.sqrt(d), target / np.sqrt(d)
            fast = maximise(loss, domain, theta, target)
            slow = maximise(loss, domain, theta, target, method="scan")
            assert fast.value == pytest.approx(slow.value, rel=CLOSE, abs=CLOSE)
            assert fast.lower <= slow.upper
            assert slow.lower <= fast.upper


@ALL
def test_compiled_branch_and_bound_equals_the_general_one(loss: MarginLoss) -> None:
    rng = np.random.default_rng(35)
    for _ in range(40):
        d = int(rng.integers(1, 10))
        theta, target = instances.models(rng, d)
        domain = instances.integer_box(rng, d)
        fast = maximise(loss, domain, theta, target)
        slow = maximise(loss, domain, theta, target, method="scan")
        assert fast.kind == slow.kind == "exact"
        assert fast.value == pytest.approx(slow.value, rel=CLOSE, abs=CLOSE)
        labels = [maximise(loss, domain, theta, target, label=y).value for y in (-1, 1)]
        assert fast.value == pytest.approx(max(labels), rel=CLOSE, abs=CLOSE)
        priced = [price(loss, domain, theta, target, label=y).value for y in (-1, 1)]
        assert price(loss, domain, theta, target).value == pytest.approx(max(priced), rel=CLOSE, abs=CLOSE)


@ALL
@pytest.mark.parametrize("groups", [False, True])
def test_relaxed_and_vertex_enclose(loss: MarginLoss, groups: bool) -> None:
    rng = np.random.default_rng(36)
    for _ in range(30):
        d = 6
        theta, target = instances.models(rng, d)
        domain = instances.grouped(rng, d, integer=True) if groups else instances.integer_box(rng, d, 1.0)
        exact = maximise(loss, domain, theta, target)
        relaxed = maximise(loss, domain, theta, target, method="relaxed")
        vertex = maximise(loss, domain, theta, target, method="vertex")
        room = CLOSE * (1.0 + abs(exact.value))
        assert (exact.kind, relaxed.kind, vertex.kind) == ("exact", "relaxed", "heuristic")
        assert domain.contains(vertex.x)
        assert domain.relaxation.contains(relaxed.x)
        assert vertex.value <= exact.value + room
        assert exact.value <= relaxed.value + room
        for found in (relaxed, vertex):
            assert found.lower <= exact.upper
            assert exact.lower <= found.upper


def test_same_set_under_three_descriptions() -> None:
    """The interval [-1, 1] as box, l1 ball, l2 ball and polytope; the square as box and polytope."""
    rng = np.random.default_rng(37)
    line = [
        Box(np.array([-1.0]), np.array([1.0])),
        L1Ball(np.zeros(1), 1.0),
        L2Ball(np.zeros(1), 1.0),
        Polytope(np.array([[1.0], [-1.0]]), np.ones(2)),
    ]
    square = [Box(-np.ones(2), np.ones(2)), Polytope(np.vstack([np.eye(2), -np.eye(2)]), np.ones(4))]
    for domains, d in ((line, 1), (square, 2)):
        for _ in range(15):
            theta, target = instances.models(rng, d)
            for loss in (Hinge(), Logistic()):
                values = [maximise(loss, domain, theta, target).value for domain in domains]
                np.testing.assert_allclose(values, values[0], atol=1e-9)


def test_oracle_is_deterministic_and_reusable() -> None:
    rng = np.random.default_rng(38)
    target = rng.normal(size=51)
    oracle = Oracle("logistic", instances.unit(50), target)
    models = [target + 0.3 * rng.normal(size=51) for _ in range(5)]
    first = [oracle.maximise(theta) for theta in models]
    for theta, before in zip(models, first, strict=True):
        again = oracle.maximise(theta)
        np.testing.assert_array_equal(again.x, before.x)
        assert (again.y, again.value, again.lower, again.upper) == (
            before.y,
            before.value,
            before.lower,
            before.upper,
        )


def test_node_limit_gives_a_valid_enclosure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off early, the point is labelled heuristic and the enclosure still holds the exact maximum."""
    rng = np.random.default_rng(39)
    cut = 0
    for _ in range(40):
        theta, target = rng.normal(size=(2, 13))
        domain = MixedBox(instances.unit(12), np.ones(12, dtype=bool), np.full(12, -1))
        exact = maximise("hinge", domain, theta, target)
        with monkeypatch.context() as patched:
            patched.setattr("mtp_theory.shadow.compiled.NODE_LIMIT", 2)
            early = maximise("hinge", domain, theta, target)
        assert domain.contains(early.x)
        assert early.lower <= exact.upper
        assert exact.lower <= early.upper
        cut += early.kind == "heuristic"
    assert cut > 5


def test_large_dimension() -> None:
    rng = np.random.default_rng(40)
    theta, target = rng.normal(size=(2, 200_001)) / 100
    fast = maximise("logistic", instances.unit(200_000), theta, target)
    slow = maximise("logistic", instances.unit(200_000), theta, target, method="scan")
    assert fast.value == pytest.approx(slow.value, rel=1e-12)
    assert fast.upper - fast.lower < 1e-9
