"""Direct optimisation of the next point over [0, 1]^d: the way that Appendix F tries first and reports to fail."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from ..errors import InputError
from ..losses import Array
from ..shadow import Maximiser

if TYPE_CHECKING:
    from .problem import NetworkProblem


@dataclass(frozen=True)
class Ascent:
    """Adam on the loss difference from uniform noise, clamped to [0, 1] after each step, for both labels.

    ``starts`` for each label, ``steps`` of size ``rate``. ``seed``: of the noise, the same in each round, so that a
    round depends on the models alone.
    """

    starts: int = 10
    steps: int = 100
    rate: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        if self.starts < 1 or self.steps < 1 or not self.rate > 0:
            raise InputError(
                f"ascent: {self.starts} starts, {self.steps} steps of {self.rate}; give >= 1, >= 1 and > 0"
            )


class AscentSearch:
    """The search for one target. What it finds bounds the maximum from below; from above nothing does."""

    def __init__(self, problem: NetworkProblem, target: Array, how: Ascent) -> None:
        self.problem, self.target, self.how = problem, target, how
        noise = np.random.default_rng(how.seed).random((2 * how.starts, problem.d), dtype=np.float32)
        self._start, self._labels = noise, np.repeat([1.0, -1.0], how.starts)

    def maximise(self, theta: Array) -> Maximiser:
        """The best point met on the way, clean or final."""
        problem, labels = self.problem, torch.from_numpy(self._labels.astype(np.float32))
        current, aim = problem.at(theta), problem.at(self.target)
        device = problem.training.on()
        x = torch.from_numpy(self._start.copy()).to(device).requires_grad_()
        signs = labels.to(device)
        adam = torch.optim.Adam([x], lr=self.how.rate, maximize=True)
        for _ in range(self.how.steps):
            adam.zero_grad()
            loss = [torch.nn.functional.softplus(-signs * (g[:, 0] - g[:, 1])) for g in (current(x), aim(x))]
            (loss[0] - loss[1]).sum().backward()
            adam.step()
            with torch.no_grad():
                x.clamp_(0.0, 1.0)
        points = x.detach().cpu().double().numpy()
        here, there = (problem.loss.value(self._labels * problem.decision(t, points)) for t in (theta, self.target))
        best = int(np.argmax(here - there))
        value = float((here - there)[best])
        return Maximiser(points[best], int(self._labels[best]), value, value, math.inf, "heuristic")


__all__ = ["Ascent", "AscentSearch"]
