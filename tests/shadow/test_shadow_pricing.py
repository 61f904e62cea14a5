"""Pricing near the hinge's kink: value counts a margin within rounding of it as at it, the lower bound does not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from mtp_theory.domains import Box, PerLabel
from mtp_theory.losses import Hinge
from mtp_theory.shadow import price
from mtp_theory.shadow.edges import at
from mtp_theory.shadow.pricing import Pricing


def exact_maximum(c: Fraction, t: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """max of c x over x in [low, high] with t x <= 1, one positive feature, label +1, no bias."""
    return c * min(high, 1 / t) if c > 0 else c * low


@pytest.mark.parametrize(
    "domain", [Box(np.zeros(1), np.full(1, 4.0)), PerLabel(None, Box(np.zeros(1), np.full(1, 4.0)))]
)
def test_the_lower_bound_stays_inside_the_kink(domain: Box | PerLabel) -> None:
    for t, c in ((3.0, 1.0), (0.7, 2.5), (1.1, 1e3), (11.0, 7.0)):
        found = price("hinge", domain, np.array([c]), np.array([t]), bias=False, label=1)
        exact = exact_maximum(Fraction(c), Fraction(t), Fraction(0), Fraction(4))
        assert Fraction(found.lower) <= exact <= Fraction(found.upper)
        # two errors of a margin of one feature up to 4 t, each (2 + 16) 2^-53 4 t: at the slope c / t of the edge
        inward = 2 * (2 + 16) * 2.0**-53 * 4 * t * c / t
        assert found.value - found.lower >= inward
        assert found.upper - found.value <= 20 * inward


def test_the_slack_of_place_by_hand() -> None:
    """Steepest slope times the error of w, and 16 roundings of the largest w; the kink moves by two errors inward."""
    u, v = np.array([-1.0, -1.0, 3.0]), np.array([-2.0, -1.0, 0.0])
    place = Pricing(Hinge()).place(u, v, 1e-3, 1e-4)
    # w = -u = 1 from v = -2 to the vertex at the kink v = -1, then it falls: w psi = 1 from the kink on
    slack = 1.0 * (1e-3 + 16 * 2.0**-53 * 3.0)
    assert place.value == 1.0
    assert place.slack == pytest.approx(slack)
    assert place.upper == pytest.approx(1.0 + slack, abs=1e-9)
    # two errors later, on an edge along which w falls by 4 for each unit of v
    assert place.lower == pytest.approx(1.0 - 4 * 2e-4 - slack, abs=1e-12)
    w = float(-at(u, np.array([place.k]), np.array([place.t]))[0])
    assert w == 1.0
    # w = 2 at the kink in the middle of an edge of slope 1: one error outward for the upper side
    middle = Pricing(Hinge()).place(np.array([-3.0, -1.0, 3.0]), np.array([-2.0, 0.0, 1.0]), 1e-3, 1e-4)
    assert (middle.k, middle.t, middle.value) == (0, 0.5, 2.0)
    assert middle.lower == pytest.approx(2.0 - 2e-4 - slack, abs=1e-12)
    assert middle.upper == pytest.approx(2.0 + 1e-4 + slack, abs=1e-12)
