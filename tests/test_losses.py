"""Losses: shape of phi, slopes, exact values, and the piecewise-linear envelope."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtp_theory.errors import InputError
from mtp_theory.losses import LOSSES, Hinge, PiecewiseLinear, get_loss

MARGINS = np.concatenate([np.linspace(-30, 30, 601), [0.0, 1.0]])
ALL = [*LOSSES.values(), PiecewiseLinear([0, 1, 3], [0, 1, 0.5])]


@pytest.mark.parametrize("loss", ALL, ids=lambda loss: loss.key)
def test_convex_nonincreasing_and_slope_is_the_derivative(loss):
    m = np.sort(MARGINS)
    v = loss.value(m)
    assert (v >= 0).all()
    assert (np.diff(v) <= 0).all()
    assert (loss.slope(m) >= 0).all()
    assert (np.diff(loss.slope(m)) <= 1e-15).all()
    for at in (-2.3, 0.4, 0.999, 1.7):
        step = 1e-6
        difference = (loss.value(at - step) - loss.value(at + step)) / (2 * step)
        # Central differences: relative error of second order in the step, about 1e-10 here.
        assert difference == pytest.approx(float(loss.slope(at)), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("loss", ALL, ids=lambda loss: loss.key)
def test_lipschitz_and_smoothness_are_upper_bounds_that_are_reached(loss):
    steepest = float(loss.slope(MARGINS.min() * 20)) if np.isfinite(loss.lipschitz) else None
    if steepest is not None:
        assert steepest == pytest.approx(loss.lipschitz)
    if np.isfinite(loss.smoothness):
        curvature = loss.curvature(np.linspace(-5, 5, 1001))
        assert curvature.max() == pytest.approx(loss.smoothness)


def test_slope_interval_is_wide_only_at_kinks():
    assert Hinge().slope_interval(1.0) == (0.0, 1.0)
    assert Hinge().slope_interval(0.5) == (1.0, 1.0)
    assert PiecewiseLinear([0, 1, 2], [0, 1, 1]).slope_interval(0.0) == (1.0, 2.0)


def test_exact_agrees_with_float():
    for loss in (get_loss("hinge"), get_loss("squared_hinge"), PiecewiseLinear([0, 2], [0, 1])):
        for m in (Fraction(-7, 3), Fraction(1, 2), Fraction(1), Fraction(5, 2)):
            assert float(loss.exact(m)) == pytest.approx(float(loss.value(float(m))))
    with pytest.raises(InputError, match="irrational"):
        get_loss("logistic").exact(Fraction(1))


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(-5, 5)), min_size=1, max_size=6),
    st.floats(-10, 10),
)
def test_envelope_keeps_the_maximum_of_all_lines(lines, margin):
    lines = [*lines, (0, 0)]
    slopes, intercepts = zip(*lines, strict=True)
    loss = PiecewiseLinear(slopes, intercepts)
    assert float(loss.value(margin)) == pytest.approx(max(c - s * margin for s, c in lines), abs=1e-12)
    assert list(loss.kinks) == sorted(set(loss.kinks))


@pytest.mark.parametrize(
    ("slopes", "intercepts", "message"),
    [
        ([1], [0], "unbounded below"),
        ([0, -1], [0, 0], "increase"),
        ([0], [-1], "negative"),
        ([0, 1], [0], "one intercept"),
    ],
)
def test_bad_piecewise_linear(slopes, intercepts, message):
    with pytest.raises(InputError, match=message):
        PiecewiseLinear(slopes, intercepts)


def test_unknown_loss_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'hinge'"):
        get_loss("hing")
