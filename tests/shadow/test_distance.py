"""Loss-based distance: each field is the planar shadow's, and closeness is decided by the upper side."""

from dataclasses import replace

import numpy as np
import pytest

from mtp_theory.domains import Box, L2Ball, MixedBox
from mtp_theory.problem import Problem
from mtp_theory.shadow import maximise
from mtp_theory.shadow.distance import Distance, distance


def problem(domain, bias=True):
    return Problem(np.zeros((2, 3)), np.array([1.0, -1.0]), "logistic", 0.1, domain, bias=bias)


#: On an l2 ball, and where a 0/1 domain is relaxed, value, lower and upper are three different numbers.
CASES = {
    "box": (Box.unit(3), "auto"),
    "l2": (L2Ball(np.zeros(3), 2.0), "auto"),
    "relaxed": (MixedBox(Box.unit(3), np.ones(3, dtype=bool), np.full(3, -1)), "relaxed"),
    "vertex": (Box.unit(3), "vertex"),
}


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_every_field_is_the_shadows(case, bias):
    domain, method = CASES[case]
    p = problem(domain, bias)
    rng = np.random.default_rng(5)
    seen = set()
    for _ in range(4):
        theta, target = rng.normal(size=(2, p.dim)) * 2
        found = distance(p, theta, target, method=method)
        best = maximise(p.loss, domain, theta, target, bias=bias, method=method)
        for field in ("value", "lower", "upper", "y", "kind"):
            assert getattr(found, field) == getattr(best, field)
        np.testing.assert_array_equal(found.x, best.x)
        if method == "auto":
            assert found.lower <= found.value <= found.upper
        at_point = p.point_loss(theta, found.x, found.y) - p.point_loss(target, found.x, found.y)
        assert found.value == pytest.approx(at_point, abs=1e-9)
        # the distance has a direction: exchanged models give another number
        assert distance(p, target, theta, method=method).value != found.value
        seen.add(found.lower < found.upper)
    assert seen == {True}


def test_closeness_is_certain_only_by_the_upper_side():
    found = Distance(lower=0.25, upper=0.75, value=0.5, x=np.zeros(1), y=1, kind="exact")
    assert found.label == 1
    assert not found.close(0.6)
    assert found.close(0.75)
    assert found.close(0.8)
    assert replace(found, upper=0.5).close(0.6)
