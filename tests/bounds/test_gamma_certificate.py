"""Gamma is certified on every kind of domain that a data file has, and only what a checker accepts is returned."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from reference.certificate_instances import flipped_target, small_data

from mtp_theory.bounds.certify import FARTHEST, gamma_certificate
from mtp_theory.bounds.confirm import confirmed
from mtp_theory.certificates.format import seal
from mtp_theory.convex_set import lambda_star
from mtp_theory.errors import UndecidedError


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("marks", ["box", "integer", "groups"])
@pytest.mark.parametrize("seed", [2, 3])
def test_gamma_is_certified_nearly_whole(seed: int, marks: str, bias: bool) -> None:
    """Odd seeds have groups of which exactly one member is 1."""
    data = small_data(seed, marks=marks)
    problem = data.problem("hinge", 0.09, bias=bias)
    target = flipped_target(problem, seed)
    top = gamma_certificate(problem, data, target)
    found = 1 - problem.c_r / lambda_star(problem, target).lower
    assert found - 1e-5 <= float(Fraction(top["value"])) <= found + 1e-9
    if top["mode"] == "polished":
        assert Fraction(top["given"]["moved"]) <= 1e-12
    more = {**top, "value": str(Fraction(top["value"]) + Fraction(1, 10**5))}
    more["seal"] = seal(more)
    assert confirmed(top, data) is None
    assert "gamma" in (confirmed(more, data) or "")


def test_a_target_off_the_groups_is_no_target() -> None:
    data = small_data(3, marks="groups")
    problem = data.problem("hinge", 0.09)
    target = flipped_target(problem, 3) + np.array([1.0, 0, 0, 0]) * 2 * float(FARTHEST)
    with pytest.raises(UndecidedError, match="gamma"):
        gamma_certificate(problem, data, target)
