"""The one two-sided answer."""

from __future__ import annotations

from math import inf, nan

import pytest

from mtp_theory.errors import UndecidedError
from mtp_theory.result import Enclosure


def test_width_and_settled():
    assert Enclosure(1.0, 3.0).width == 2.0
    assert not Enclosure(1.0, 3.0).settled
    assert Enclosure(inf, inf, status="unattainable").settled
    assert Enclosure(inf, inf).width == 0.0


@pytest.mark.parametrize(("lower", "upper"), [(1.0, 0.5), (nan, 1.0), (0.0, nan)])
def test_ends_that_cross_are_no_answer(lower, upper):
    with pytest.raises(UndecidedError, match="cross"):
        Enclosure(lower, upper)
