"""The hinge's maximisers against linear and mixed-integer programs solved by HiGHS."""

from __future__ import annotations

import numpy as np
import pytest
from reference import shadow_instances as instances
from reference import shadow_lp

from mtp_theory.domains import Domain
from mtp_theory.losses import Array
from mtp_theory.shadow import maximise, price

#: HiGHS's primal feasibility tolerance is 1e-7 on rows with coefficients of size 1.
LP_TOLERANCE = 1e-6


def check_distance(domain: Domain, theta: Array, target: Array) -> None:
    found = maximise("hinge", domain, theta, target)
    expected = shadow_lp.hinge_distance(domain, theta, target).max()
    assert found.kind == "exact"
    assert domain.contains(found.x)
    u, v = found.y * (theta @ np.append(found.x, 1.0)), found.y * (target @ np.append(found.x, 1.0))
    assert found.value == pytest.approx(max(0.0, 1.0 - u) - max(0.0, 1.0 - v), abs=1e-12)
    assert found.lower <= found.value <= found.upper
    assert found.value == pytest.approx(expected, abs=LP_TOLERANCE)


def check_price(domain: Domain, direction: Array, target: Array) -> None:
    found = price("hinge", domain, direction, target)
    expected = shadow_lp.hinge_price(domain, direction, target).max()
    assert domain.contains(found.x)
    assert found.value == pytest.approx(expected, abs=LP_TOLERANCE)
    assert found.lower <= expected + LP_TOLERANCE
    assert expected <= found.upper + LP_TOLERANCE


@pytest.mark.parametrize("seed", range(4))
def test_boxes(seed: int) -> None:
    rng = np.random.default_rng([seed, 11])
    for _ in range(100):
        d = int(rng.integers(1, 12))
        theta, target = instances.models(rng, d)
        domain = instances.box(rng, d)
        check_distance(domain, theta, target)
        check_distance(instances.one_label(rng, domain), theta, target)
        check_price(domain, theta, target)


@pytest.mark.parametrize("seed", range(4))
def test_integer_features(seed: int) -> None:
    rng = np.random.default_rng([seed, 12])
    for _ in range(60):
        d = int(rng.integers(1, 15))
        theta, target = instances.models(rng, d)
        for domain in (instances.integer_box(rng, d), instances.grouped(rng, d, integer=True)):
            check_distance(domain, theta, target)
            check_price(domain, theta, target)


def test_adult_shape() -> None:
    """4 continuous and 53 binary features, models like those of an attack."""
    rng = np.random.default_rng(13)
    integer = np.arange(57) >= 4
    for scale in (0.05, 0.3, 1.0):
        for digits in (1, 16):
            target = np.round(rng.normal(size=58) * 0.5, digits)
            theta = np.round(target + scale * rng.normal(size=58), digits)
            check_distance(_mixed(integer), theta, target)


def _mixed(integer: np.ndarray) -> Domain:
    from mtp_theory.domains import MixedBox

    return MixedBox(instances.unit(integer.size), integer, np.full(integer.size, -1))


@pytest.mark.slow
def test_campaign() -> None:
    rng = np.random.default_rng(14)
    for _ in range(10_000):
        d = int(rng.integers(1, 25))
        theta, target = instances.models(rng, d)
        check_distance(instances.box(rng, d), theta, target)
        if d <= 14:
            check_distance(instances.integer_box(rng, d), theta, target)
