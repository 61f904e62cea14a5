"""What losses and domains own, and that a subclass of one's own takes the general paths."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import ArrayLike

from mtp_theory.certificates import checker
from mtp_theory.domains import Box, Domain, GroupedBox, L1Ball, L2Ball, MixedBox, PerLabel, Polytope
from mtp_theory.errors import InputError
from mtp_theory.losses import LOSSES, Array, Hinge, MarginLoss
from mtp_theory.shadow.compiled import served
from mtp_theory.training.reference.general import loss_expression

UNIT = Box.unit(3)
MIXED = MixedBox(UNIT, np.array([False, False, True]), np.array([0, 0, -1]), "exactly_one")


class Doubled(Hinge):
    """Twice the hinge: what it inherits from the hinge's compiled side would be wrong."""

    def value(self, margin: ArrayLike) -> Array:
        return 2 * super().value(margin)

    def slope(self, margin: ArrayLike) -> Array:
        return 2 * super().slope(margin)


class Segment(Domain):
    """From 0 to (1, 1, 1)."""

    dim = 3

    def contains(self, x: ArrayLike, tolerance: float = 1e-9) -> bool:
        v = np.asarray(x)
        return bool(np.ptp(v) <= tolerance and 0 <= v[0] <= 1)

    def support(self, direction: Array) -> tuple[float, Array]:
        x = np.full(3, float(direction.sum() > 0))
        return float(direction @ x), x


def test_every_certificate_that_a_loss_names_is_one_that_checkers_know() -> None:
    named = {key: loss.certificates for key, loss in LOSSES.items()}
    assert all(kinds <= set(checker.CLAIMS) for kinds in named.values())
    assert {key for key, kinds in named.items() if kinds} == set(checker.LOSSES)
    assert Doubled.certificates == Hinge.certificates


def test_a_subclass_has_no_kernel_and_no_closed_form_but_its_own() -> None:
    assert (Hinge.kernel, Hinge.closed_form) == (0, True)
    assert (Doubled.kernel, Doubled.closed_form) == (None, False)
    assert served(Hinge(), UNIT) is UNIT
    assert served(Doubled(), UNIT) is None
    assert served(Hinge(), MIXED) is None
    assert served(Hinge(), PerLabel(UNIT, UNIT)) is None


def test_smooth_losses() -> None:
    smooth = {key for key, loss in LOSSES.items() if loss.smooth}
    assert smooth == {"squared_hinge", "logistic", "exponential"}


class Own(MarginLoss):
    key = "own"

    def value(self, margin: ArrayLike) -> Array:
        return np.maximum(0.0, 1.0 - np.asarray(margin, dtype=np.float64))

    def slope(self, margin: ArrayLike) -> Array:
        return (np.asarray(margin) <= 1.0).astype(np.float64)


def test_what_a_loss_of_ones_own_lacks_is_said() -> None:
    with pytest.raises(InputError, match="conjugate"):
        Own().conjugate(0.5)
    with pytest.raises(InputError, match="own"):
        loss_expression(Own(), None)


@pytest.mark.parametrize(
    "domain",
    [UNIT, MIXED, MIXED.relaxation, L1Ball(np.ones(3), 2.0), L2Ball(np.array([1.0, 0, -2]), 0.5), Segment(),
     PerLabel(None, L2Ball(np.zeros(3), 3.0)), Polytope(np.vstack([np.eye(3), -np.eye(3)]), np.ones(6))],
    ids=lambda d: type(d).__name__,
)  # fmt: skip
def test_reach_and_norm_cover_the_points_of_every_direction(domain: Domain) -> None:
    rng = np.random.default_rng(0)
    reach, norm = domain.reach(), domain.norm_bound()
    for direction in rng.normal(size=(40, 3)):
        value, x = domain.support(direction)
        assert np.all(np.abs(x) <= reach + 1e-9)
        assert np.linalg.norm(x) <= norm + 1e-9
        assert domain.certain_support(direction)[0] >= value - 1e-12
        assert np.allclose(domain.pulled_in(x), x, atol=1e-9)
    assert domain.convex == (domain is not MIXED)
    assert [y for y, _ in domain.labelled()] == ([-1, 1] if domain.both_labels else [1])


def test_boxes_in_one_form() -> None:
    hull = MIXED.relaxation
    assert isinstance(hull, GroupedBox)
    for box in (UNIT, MIXED, hull):
        assert box.boxed is box
        assert box.lower.shape == box.upper.shape == box.integer.shape == box.groups.shape == (3,)
        assert hull.contains(box.middle())
    assert (UNIT.group_members(), MIXED.exactly_one) == ([], True)
    assert Segment().boxed is None
    assert L2Ball(np.zeros(3), 1.0).boxed is None
