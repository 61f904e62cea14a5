"""How far K reaches in a direction, against the sampled chain over a box."""

from __future__ import annotations

import numpy as np
import pytest
from reference import attainability_pricing as sampled
from reference.attainability_instances import problem_of

from mtp_theory.convex_set import price


@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared_hinge"])
@pytest.mark.parametrize("kind", ["box", "fixed"])
def test_against_the_sampled_chain(loss: str, kind: str) -> None:
    for seed in range(15):
        problem = problem_of(kind, loss, seed, d=6)
        rng = np.random.default_rng(seed)
        target, direction = rng.normal(size=(2, problem.dim))
        priced = price(problem, target, direction)
        for label, best in zip((-1, 1), priced.by_label, strict=True):
            slow = sampled.price(problem.loss, problem.domain, direction, target, label=label)
            assert best.y == label
            # four refinements of 16 steps leave 1e-4 of an edge, and its square in the value
            assert best.value == pytest.approx(slow.value, rel=1e-6, abs=1e-9)
            assert slow.value <= best.upper + 1e-9
        assert priced.upper == max(best.upper for best in priced.by_label)
