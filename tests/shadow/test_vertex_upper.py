"""The best vertex's upper end: the compiled relaxed maximum in place of the whole chain's, same point."""

from __future__ import annotations

import numpy as np
import pytest

from mtp_theory.domains import Box, MixedBox
from mtp_theory.losses import get_loss
from mtp_theory.shadow import Oracle
from mtp_theory.shadow.edges import Distance
from mtp_theory.shadow.search import Forms, LabelSearch, over_labels

#: Relative room between two enclosures of the same maximum, each closed to 1e-9 or to rounding.
ENCLOSURES = 1e-8


def both_ways(loss, domain, target, theta):
    oracle = Oracle(loss, domain, target, method="vertex")
    objective = Distance(get_loss(loss))
    forms = [(y, Forms(*(y * w for w in (theta[:-1], theta[-1], target[:-1], target[-1])))) for y in (-1, 1)]
    slow = over_labels([(y, LabelSearch(domain, "vertex").maximise(objective, f)) for y, f in forms])
    return oracle.maximise(theta), slow


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
@pytest.mark.parametrize("mixed", [False, True])
def test_same_point_and_an_enclosure(loss, mixed):
    rng = np.random.default_rng(7)
    box = Box(np.zeros(9), np.ones(9))
    domain = MixedBox(box, np.arange(9) > 2, np.full(9, -1)) if mixed else box
    for _ in range(40):
        target = rng.normal(size=10)
        theta = target + rng.normal(size=10) * 10.0 ** -rng.integers(0, 4)
        fast, (y, slow) = both_ways(loss, domain, target, theta)
        np.testing.assert_array_equal(fast.x, slow.x)
        assert (fast.y, fast.value, fast.lower) == (y, slow.value, slow.lower)
        assert abs(fast.upper - slow.upper) <= ENCLOSURES * slow.upper + 1e-12
        exact = Oracle(loss, domain.relaxation, target, method="scan").maximise(theta)
        assert fast.upper >= exact.lower


def test_planted_vertex_value_is_no_upper_end():
    """Where the maximum lies inside an edge the vertex's value is below it: the upper end must not be that value."""
    target, theta = np.array([3.0, 0.0]), np.array([1.0, -1.0])
    box = Box(np.full(1, -5.0), np.full(1, 5.0))
    fast, _ = both_ways("logistic", box, target, theta)
    exact = Oracle("logistic", box, target).maximise(theta)
    assert fast.value < exact.lower <= fast.upper
