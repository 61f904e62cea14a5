"""Bad input is one clear error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mtp_theory.domains import Box, Domain, L2Ball, PerLabel
from mtp_theory.errors import InputError
from mtp_theory.losses import Array, Logistic, MarginLoss
from mtp_theory.shadow import maximise, price

D = Box(np.zeros(2), np.ones(2))
T = np.array([1.0, -2.0, 0.5])


@pytest.mark.parametrize("entry", [maximise, price], ids=["maximise", "price"])
@pytest.mark.parametrize(
    ("theta", "target", "message"),
    [
        (T[:2], T, "shape"),
        (T, T[:2], "shape"),
        (np.append(T, 1.0), T, "shape"),
        (np.array([1.0, np.nan, 0.0]), T, "NaN"),
        (np.array([np.inf, 1.0, 0.0]), T, "NaN or infinite"),
        (np.array([1.0, 1.0, np.nan]), T, "NaN"),
        (T, np.array([1.0, -np.inf, 0.0]), "NaN or infinite"),
    ],
)
def test_models(entry: Callable[..., object], theta: Array, target: Array, message: str) -> None:
    with pytest.raises(InputError, match=message):
        entry("hinge", D, theta, target)


def test_names() -> None:
    with pytest.raises(InputError, match="did you mean 'hinge'"):
        maximise("hing", D, T, T)
    with pytest.raises(InputError, match="did you mean 'vertex'"):
        maximise("hinge", D, T, T, method="vertx")
    with pytest.raises(InputError, match="label 2"):
        maximise("hinge", D, T, T, label=2)
    with pytest.raises(InputError, match="does not allow"):
        price("hinge", PerLabel(D, None), T, T, label=1)
    with pytest.raises(InputError, match="method 'auto'"):
        maximise("hinge", L2Ball(np.zeros(2), 1.0), T, T, method="vertex")


class TwoPoints(Domain):
    """Not convex, and no MixedBox either."""

    dim = 2

    def contains(self, x: Array, tolerance: float = 0.0) -> bool:
        return bool(np.all(x == 0) or np.all(x == 1))

    def support(self, direction: Array) -> tuple[float, Array]:
        return max(0.0, float(direction.sum())), np.full(2, float(direction.sum() > 0))

    @property
    def relaxation(self) -> Domain:
        return D


def test_domain_without_a_method() -> None:
    with pytest.raises(InputError, match="neither convex nor a MixedBox"):
        maximise("hinge", TwoPoints(), T, T)
    assert maximise("hinge", TwoPoints(), T, -T, method="relaxed").kind == "relaxed"


class OwnConvex(Domain):
    """A user's convex domain, known by its support function only."""

    def __init__(self, box: Box) -> None:
        self.box, self.dim = box, box.dim

    def contains(self, x: Array, tolerance: float = 1e-9) -> bool:
        return self.box.contains(x, tolerance)

    def support(self, direction: Array) -> tuple[float, Array]:
        return self.box.support(direction)


class HalfLine(OwnConvex):
    def support(self, direction: Array) -> tuple[float, Array]:
        return (np.inf if direction[0] > 0 else 0.0), np.zeros(self.dim)


def test_users_convex_domain() -> None:
    rng = np.random.default_rng(61)
    for _ in range(10):
        theta, target = rng.normal(size=(2, 5))
        box = Box(-np.ones(4), rng.uniform(-0.5, 1.0, 4))
        for loss in ("hinge", "logistic"):
            ours, theirs = maximise(loss, box, theta, target), maximise(loss, OwnConvex(box), theta, target)
            assert theirs.kind == "exact"
            assert theirs.value == pytest.approx(ours.value, abs=1e-10)
            assert theirs.lower <= ours.upper
            assert ours.lower <= theirs.upper
    with pytest.raises(InputError, match="unbounded or empty along feature 0"):
        maximise("hinge", HalfLine(D), T, -T)


@pytest.mark.parametrize("label", [None, 1])
def test_overflow(label: int | None) -> None:
    with pytest.raises(InputError, match="overflows at margin"):
        maximise("exponential", D, 1000 * T, T, label=label)
    with pytest.raises(InputError, match="overflows at margin"):
        price("exponential", D, T, 1000 * T, label=label)


class Own(MarginLoss):
    key = "own"

    def __init__(self, value: Callable[[Array], Array], slope: Callable[[Array], Array]) -> None:
        self._value, self._slope = value, slope

    def value(self, margin: Array) -> Array:
        return self._value(np.asarray(margin, dtype=np.float64))

    def slope(self, margin: Array) -> Array:
        return self._slope(np.asarray(margin, dtype=np.float64))


BAD_LOSSES = {
    "increases near": Own(lambda m: (1 - m) ** 2, lambda m: 2 * (1 - m)),
    "not convex": Own(lambda m: 1 / (1 + np.exp(m)), lambda m: np.exp(m) / (1 + np.exp(m)) ** 2),
    "slope is not": Own(lambda m: np.maximum(0, 1 - m), lambda m: 0.5 * (m <= 1)),
    "elementwise": Own(lambda m: np.zeros(3), lambda m: np.zeros(3)),
    "not finite": Own(lambda m: np.where(m > 0, -np.inf, 0.0), lambda m: np.zeros_like(m)),
}


@pytest.mark.parametrize("entry", [maximise, price], ids=["maximise", "price"])
@pytest.mark.parametrize("message", BAD_LOSSES)
def test_losses(entry: Callable[..., object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        entry(BAD_LOSSES[message], D, 3 * T, 2 * T)


def test_subclass_with_a_foreign_kernel_number_is_not_trusted() -> None:
    """A user's subclass that changes the value but inherits the kernel number must not reach the kernels."""

    class Doubled(Logistic):
        def value(self, margin: Array) -> Array:
            return 2.0 * super().value(margin)

        def slope(self, margin: Array) -> Array:
            return 2.0 * super().slope(margin)

    twice, once = maximise(Doubled(), D, T, -T).value, maximise("logistic", D, T, -T).value
    assert twice == pytest.approx(2.0 * once, rel=1e-12)
