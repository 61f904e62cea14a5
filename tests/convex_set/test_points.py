"""K of integer domains from their own points, against programmes over all of them."""

from __future__ import annotations

from itertools import product
from math import inf

import numpy as np
import pytest
from reference import attainability_sampled as sampled
from reference.attainability_instances import minimiser

from mtp_theory.convex_set import fractional_minimum, gamma, lambda_star
from mtp_theory.domains import Box, MixedBox
from mtp_theory.problem import Problem


def instance(loss: str, seed: int) -> tuple[Problem, np.ndarray, np.ndarray]:
    """Four integer features, two of them one group; a target trained with points of the domain; all points."""
    rng = np.random.default_rng(seed)
    groups = np.array([0, 0, -1, -1])
    box = Box(np.array([0.0, 0.0, -1.0, 0.0]), np.array([1.0, 1.0, 1.0, 2.0]))
    domain = MixedBox(box, np.ones(4, dtype=bool), groups)
    grid = product((0.0, 1.0), (0.0, 1.0), (-1.0, 0.0, 1.0), (0.0, 1.0, 2.0))
    everything = np.array([x for x in grid if domain.contains(x)])
    X = everything[rng.integers(len(everything), size=12)]
    y = rng.choice([-1.0, 1.0], 12)
    problem = Problem(X=X, y=y, loss=loss, c_r=0.1, domain=domain)  # type: ignore[arg-type]
    poison = everything[rng.integers(len(everything), size=9)]
    labels = rng.choice([-1.0, 1.0], 9)
    return problem, minimiser(problem, np.vstack([X, poison]), np.concatenate([y, labels])), everything


@pytest.mark.parametrize(
    ("loss", "seed"), [("hinge", 0), ("hinge", 1), ("hinge", 2), ("logistic", 0), ("squared_hinge", 1)]
)
def test_against_all_points(loss: str, seed: int) -> None:
    problem, target, everything = instance(loss, seed)
    star = lambda_star(problem, target, integral=True)
    relaxed = lambda_star(problem, target)
    assert (star.kind, relaxed.kind) == ("integral", "relaxed")
    true = sampled.lambda_star(problem, target, everything)
    assert star.lower <= true * (1 + 1e-7)
    assert true <= star.upper * (1 + 1e-7)
    assert star.lower >= star.upper * (1 - 2e-4)
    assert star.upper <= relaxed.upper * (1 + 1e-12)
    assert star.mixture.total == pytest.approx(1.0)
    assert all(problem.domain.contains(x) for x in star.mixture.X)
    assert star.mixture.resultant(True) == pytest.approx(star.lower * target, abs=1e-7)
    answer = gamma(problem, target)
    assert answer.lower <= 1 - problem.c_r / true + 1e-7
    # the target was trained on rows of X
    assert answer.attainable == "yes"
    result = fractional_minimum(problem, target, integral=True)
    assert result.kind == "integral"
    assert result.status == "optimal"
    assert result.upper <= 9 * (1 + 1e-6)
    assert result.lower >= fractional_minimum(problem, target).lower * (1 - 1e-9)
    assert all(problem.domain.contains(x) for x in result.mixture.X)
    if loss != "hinge":
        true = sampled.minimum(problem, target, everything)
        assert result.lower <= true * (1 + 1e-6)
        assert result.upper >= true * (1 - 1e-6)


def test_relaxed_but_not_integral() -> None:
    """One 0/1 feature, a target that needs x = 1/2: attainable over [0, 1], not over {0, 1}."""
    domain = MixedBox(Box.unit(1), np.ones(1, dtype=bool), np.full(1, -1))
    problem = Problem(X=np.ones((1, 1)), y=np.ones(1), loss="hinge", c_r=0.25, domain=domain, bias=False)
    # theta_p = 2: margins of label +1 are 0 and 2, so 1/2 is the steepest point; x = 1 is neutral
    relaxed = lambda_star(problem, [2.0])
    assert relaxed.value == pytest.approx(0.25)
    assert lambda_star(problem, [2.0], integral=True).value == pytest.approx(0.0, abs=1e-9)
    answer = gamma(problem, [2.0])
    assert answer.lower == -inf
    assert answer.attainable == "no"
