"""K for losses whose slope varies: slices and pricing from both sides, against dense sampling."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import ArrayLike
from reference import attainability_sampled as sampled
from reference.attainability_instances import inside, minimiser, poisoned_target, problem_of

from mtp_theory.convex_set import fractional_minimum, gamma, lambda_star
from mtp_theory.domains import Box
from mtp_theory.losses import Array, Hinge, MarginLoss, PiecewiseLinear
from mtp_theory.problem import Problem

SMOOTH = ("logistic", "squared_hinge", "exponential")


def line(loss: str | MarginLoss, seed: int, *, bias: bool = True) -> Problem:
    """Nine random points with one feature in [-1, 1]."""
    rng = np.random.default_rng(seed)
    y = np.where(np.arange(9) % 2 == 0, 1.0, -1.0)
    X = np.clip(0.4 * y + rng.normal(size=9) / 2, -1, 1)[:, None]
    return Problem(X=X, y=y, loss=loss, c_r=0.2, domain=Box(-np.ones(1), np.ones(1)), bias=bias)  # type: ignore[arg-type]


@pytest.mark.parametrize("loss", SMOOTH)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("bias", [True, False])
def test_one_dimension_against_dense_sampling(loss: str, seed: int, bias: bool) -> None:
    problem = line(loss, seed, bias=bias)
    target = poisoned_target(problem, seed, 7)
    xs = np.linspace(-1, 1, 4001)[:, None]
    star = lambda_star(problem, target)
    assert star.upper - star.lower <= 1e-6 * star.upper
    inner = sampled.lambda_star(problem, target, xs)
    assert inner <= star.upper * (1 + 1e-9)
    # the grid's spacing of 5e-4 costs its square, relative to the curvature of the slope
    assert inner == pytest.approx(star.value, rel=1e-5)
    result = fractional_minimum(problem, target, tolerance=1e-7)
    assert result.status == "optimal"
    inner = sampled.minimum(problem, target, xs)
    assert inner >= result.lower * (1 - 1e-9)
    assert inner == pytest.approx(result.value, rel=1e-5)


@pytest.mark.parametrize("loss", SMOOTH)
@pytest.mark.parametrize("kind", ["box", "fixed", "grouped", "mixed", "l1", "l2", "polytope", "per_label"])
def test_two_sides_on_every_domain(loss: str, kind: str) -> None:
    # cones and pricing by linear programmes cost seconds; an interior point is coarser than a vertex
    slow, room = kind in ("l2", "polytope"), 1e-4 if kind == "l2" else 1e-6
    problem = problem_of(kind, loss, 0, d=2 if slow else 3)
    for count in (8,) if slow else (1, 2, 8):
        target = poisoned_target(problem, count, count)
        result = fractional_minimum(problem, target)
        # the points that made the target are a mixture of that mass, so both sides are at most their number
        assert result.lower <= count * (1 + 1e-6)
        assert result.upper <= count * (1 + 2e-4)
        assert result.status == "optimal"
        assert result.residual <= room
        margins = [
            problem.point_margin(target, x, y) for x, y in zip(result.mixture.X, result.mixture.y.tolist(), strict=True)
        ]
        active = result.mixture.slopes > 0
        assert problem.loss.slope(np.array(margins))[active] == pytest.approx(result.mixture.slopes[active], rel=1e-6)
    answer = gamma(problem, target)
    assert answer.lambda_star.lower <= answer.lambda_star.upper
    assert answer.lower <= answer.value + 1e-12


@pytest.mark.parametrize("loss", SMOOTH)
def test_attainable_targets_are_seen_to_be(loss: str) -> None:
    """A minimiser on points of X alone, with the constant feature: C_R <= lambda*."""
    for seed in range(3):
        problem = problem_of("box", loss, seed, d=3)
        rng = np.random.default_rng(seed)
        y = rng.choice([-1.0, 1.0], 6)
        target = minimiser(problem, inside(problem.domain, 6, rng), y)
        answer = gamma(problem, target)
        assert answer.lambda_star.upper >= problem.c_r * (1 - 1e-9)
        assert answer.attainable != "no"
        if loss == "exponential":
            # its slope grows with the model, and its pricing's enclosure is wide at margins of -30
            continue
        bigger = 3.0 * np.sign(target) + 10 * target
        assert gamma(problem, bigger).attainable == "no"
        assert fractional_minimum(problem, bigger).status == "unattainable"


class HalfHinge(MarginLoss):
    """Two different convex pieces: quadratic left of 0, then straight down to 1; kinks at 0 and 1."""

    key = "half_hinge"
    kinks: ClassVar[tuple[float, ...]] = (0.0, 1.0)  # type: ignore[misc]

    def value(self, margin: ArrayLike) -> Array:
        m = np.asarray(margin, dtype=np.float64)
        return np.where(m < 0, 1 - 2 * m + m * m, np.maximum(0.0, 1.0 - m))

    def slope(self, margin: ArrayLike) -> Array:
        m = np.asarray(margin, dtype=np.float64)
        return np.where(m <= 0, 2 - 2 * m, np.where(m <= 1, 1.0, 0.0))


def test_piecewise_linear_hinge_is_the_hinge() -> None:
    twin = PiecewiseLinear([1.0, 0.0], [1.0, 0.0])
    for seed in range(4):
        problem = line("hinge", seed)
        target = poisoned_target(problem, seed, 5)
        again = line(twin, seed)
        assert isinstance(problem.loss, Hinge)
        assert lambda_star(again, target).value == pytest.approx(lambda_star(problem, target).value, rel=1e-9)
        assert fractional_minimum(again, target).value == pytest.approx(
            fractional_minimum(problem, target).value, rel=1e-9, abs=1e-9
        )


@pytest.mark.parametrize("loss", [PiecewiseLinear([3.0, 1.0, 0.0], [1.5, 1.0, 0.0]), HalfHinge()])
def test_other_losses_with_kinks(loss: MarginLoss) -> None:
    for seed in range(4):
        problem = line(loss, seed)
        target = np.array([1.5, 0.25]) + 0.1 * seed
        xs = np.linspace(-1, 1, 4001)[:, None]
        star = lambda_star(problem, target)
        assert star.upper - star.lower <= 1e-6 * star.upper
        assert sampled.lambda_star(problem, target, xs) == pytest.approx(star.value, rel=2e-3)
        assert sampled.lambda_star(problem, target, xs) <= star.upper * (1 + 1e-9)
