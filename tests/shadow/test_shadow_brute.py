"""Every domain and loss against brute force over the segments between a domain's vertices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from reference import shadow_brute
from reference import shadow_instances as instances

from mtp_theory.domains import Domain, PerLabel
from mtp_theory.losses import LOSSES, Array, Hinge, Logistic, MarginLoss, PiecewiseLinear
from mtp_theory.shadow import Maximiser, maximise, price


class OwnHinge(Hinge):
    """The hinge as a user would write it: no kernel code is looked at, and its kink is given."""

    key = "own_hinge"
    kernel = None


class OwnLogistic(Logistic):
    key = "own_logistic"
    kernel = None


class Huberised(MarginLoss):
    """Smoothed hinge: quadratic on [0, 1], linear below; of no built-in family."""

    key = "huberised"
    lipschitz = 2.0

    def value(self, margin: Array) -> Array:
        short = np.maximum(0.0, 1.0 - np.asarray(margin, dtype=np.float64))
        return np.where(short <= 1.0, short**2, 2.0 * short - 1.0)

    def slope(self, margin: Array) -> Array:
        return 2.0 * np.clip(1.0 - np.asarray(margin, dtype=np.float64), 0.0, 1.0)


BUILT_IN = [*LOSSES.values(), PiecewiseLinear([2, 1, 0.5, 0], [1.5, 1, 0.75, 0])]
USERS = [OwnHinge(), OwnLogistic(), Huberised()]

DOMAINS: dict[str, Callable[[np.random.Generator, int], Domain]] = {
    "box": instances.box,
    "integer": instances.integer_box,
    "grouped": lambda rng, d: instances.grouped(rng, d, integer=False),
    "one_hot": lambda rng, d: instances.grouped(rng, d, integer=True),
    "l1_ball": lambda rng, d: instances.ball(rng, d, 1),
    "l2_ball": lambda rng, d: instances.ball(rng, d, 2),
    "polytope": lambda rng, d: instances.polytope(rng, min(d, 3)),
    "one_label": lambda rng, d: instances.one_label(rng, instances.box(rng, d)),
    "one_label_integer": lambda rng, d: instances.one_label(rng, instances.grouped(rng, d, integer=True)),
    "per_label": lambda rng, d: PerLabel(instances.box(rng, d), instances.ball(rng, d, 2)),
}

#: The last grid's spacing is 2e-10 of an edge, so brute force errs by less than this relative to the losses at hand
#: (at a kink by the spacing); a user's pricing closes at 1e-9.
TOLERANCE = 1e-8


def scale(loss: MarginLoss, domain: Domain, *models: Array) -> float:
    """phi and psi at the least margin of the domain, times the margins' size: the size of what is rounded."""
    size = 1.0
    for w in models:
        for sign in (-1.0, 1.0):
            size = max(size, domain.support(sign * w[:-1])[0] + abs(w[-1]))
    return size * (1.0 + float(loss.value(-size)) + float(loss.slope(-size)))


def check(
    found: Maximiser,
    f: Callable[[Array, Array], Array],
    domain: Domain,
    first: Array,
    second: Array,
    room: float,
    *,
    tight: bool = True,
) -> None:
    """The point is in the domain and attains the value, which brute force neither beats nor misses."""
    expected = shadow_brute.maximum(f, domain, first, second).max()
    x = np.append(found.x, 1.0)
    assert found.kind == "exact"
    assert domain.contains(found.x)
    at_point = float(f(np.array([found.y * (first @ x)]), np.array([found.y * (second @ x)]))[0])
    assert found.value == pytest.approx(at_point, abs=room)
    assert found.value == pytest.approx(expected, abs=room)
    assert found.lower <= found.value <= found.upper
    assert expected <= found.upper + (1e-5 * room if tight else room)
    if tight:
        assert found.upper - found.lower <= room


def instance(name: str, seed: int) -> tuple[Domain, Array, Array]:
    rng = np.random.default_rng([seed, *name.encode()])
    domain = DOMAINS[name](rng, int(rng.integers(1, 5)))
    return domain, *instances.models(rng, domain.dim)


@pytest.mark.parametrize("loss", BUILT_IN, ids=lambda loss: loss.key)
@pytest.mark.parametrize("name", DOMAINS)
def test_built_in_losses(name: str, loss: MarginLoss) -> None:
    for seed in range(6 if name in ("polytope", "l2_ball", "per_label") else 15):
        domain, theta, target = instance(name, seed)
        room = TOLERANCE * scale(loss, domain, theta, target)
        check(maximise(loss, domain, theta, target), shadow_brute.distance(loss), domain, theta, target, room)
        # Where the least margin is itself at a kink, rounding decides whether its slope counts: a wide enclosure.
        priced = price(loss, domain, theta, target)
        check(priced, shadow_brute.pricing(loss), domain, theta, target, room, tight=not loss.kinks)


@pytest.mark.parametrize("loss", USERS, ids=lambda loss: loss.key)
@pytest.mark.parametrize("name", DOMAINS)
def test_users_losses(name: str, loss: MarginLoss) -> None:
    for seed in range(3 if name in ("polytope", "l2_ball", "per_label") else 6):
        domain, theta, target = instance(name, seed)
        room = TOLERANCE * scale(loss, domain, theta, target)
        check(maximise(loss, domain, theta, target), shadow_brute.distance(loss), domain, theta, target, room)
        priced = price(loss, domain, theta, target)
        check(priced, shadow_brute.pricing(loss), domain, theta, target, room, tight=False)


@pytest.mark.parametrize("own", [OwnHinge(), OwnLogistic()], ids=["hinge", "logistic"])
def test_users_loss_equals_built_in(own: MarginLoss) -> None:
    """d = 20, where brute force is out of reach: general branch and bound against the compiled search."""
    rng = np.random.default_rng(21)
    built_in = LOSSES[own.key.removeprefix("own_")]
    for _ in range(40):
        theta, target = instances.models(rng, 20)
        domain = instances.box(rng, 20)
        ours, theirs = maximise(built_in, domain, theta, target), maximise(own, domain, theta, target)
        assert theirs.value == pytest.approx(ours.value, abs=1e-10)
        assert theirs.lower <= ours.upper
        assert ours.lower <= theirs.upper
        ours, theirs = price(built_in, domain, theta, target), price(own, domain, theta, target)
        assert theirs.value == pytest.approx(ours.value, abs=TOLERANCE * 100)
