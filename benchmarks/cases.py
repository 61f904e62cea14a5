"""The attacks that are timed: data, loss, target and where the attack stops."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mtp_theory.datasets import load
from mtp_theory.problem import Problem
from mtp_theory.targets import canonical, generate
from mtp_theory.targets.grids import Grid

#: C_R of the paper for Adult and MNIST 1-7.
C_R = 0.09


@dataclass(frozen=True)
class Case:
    """One attack. ``value`` and ``copies``: the target's place in the published grid; ``cluster`` on Adult."""

    name: str
    data: str
    loss: str
    #: The attack stops at this distance or after ``budget`` points, whichever is first.
    epsilon: float
    budget: int
    value: float = 0.0
    copies: int = 0
    cluster: int | None = None
    #: One of the six SVM runs of Tables 1 and 2.
    table: bool = False

    def load(self, data_dir: str | None) -> tuple[Problem, Any]:
        """The problem and the target model."""
        if self.data == "digits-1-7":
            problem, fit = canonical("digits-1-7", self.loss)
            return problem, fit.theta
        dataset = load(self.data, data_dir=data_dir)
        method = "koh" if self.cluster is None else "subpopulation"
        target = generate(
            dataset, self.loss, C_R, method=method, goal=0.0, cluster=self.cluster,
            grid=Grid((self.value,), (self.copies,)),
        )  # fmt: skip
        return dataset.problem(self.loss, C_R), target.theta


MANY = 100_000
CASES = (
    Case("digits, SVM", "digits-1-7", "hinge", 0.02, 2000),
    Case("MNIST 1-7, SVM, 5 %", "mnist-1-7", "hinge", 0.1, MANY, 0.10, 30, table=True),
    Case("MNIST 1-7, SVM, 10 %", "mnist-1-7", "hinge", 0.1, MANY, 0.20, 25, table=True),
    Case("MNIST 1-7, SVM, 15 %", "mnist-1-7", "hinge", 0.1, MANY, 0.50, 8, table=True),
    Case("Adult, SVM, cluster 0", "adult", "hinge", 0.01, MANY, 0.8, 15, 17, table=True),
    Case("Adult, SVM, cluster 1", "adult", "hinge", 0.01, MANY, 0.8, 40, 12, table=True),
    Case("Adult, SVM, cluster 2", "adult", "hinge", 0.01, MANY, 0.8, 30, 19, table=True),
    Case("digits, logistic", "digits-1-7", "logistic", 0.02, 500),
    Case("MNIST 1-7, logistic", "mnist-1-7", "logistic", 0.1, 600, 0.20, 25),
    Case("Adult, logistic", "adult", "logistic", 0.05, 600, 1.0, 10, 5),
)


def available(data_dir: str | None, short: bool) -> list[Case]:
    """The cases whose data are here; digits only for the short version."""
    names = {"digits-1-7"}
    folder = data_dir or os.environ.get("MTP_DATA_DIR")
    if not short and folder:
        names |= {n for n, part in (("mnist-1-7", "mnist"), ("adult", "adult")) if (Path(folder) / part).is_dir()}
    return [case for case in CASES if case.data in names]


def by_name(name: str) -> Case:
    """The case of that name."""
    return next(case for case in CASES if case.name == name)


def synthetic(n: int, d: int, loss: str, seed: int = 0) -> tuple[Problem, Any]:
    """Two overlapping Gaussian classes clipped to the unit box, and a target trained on some flipped rows."""
    from mtp_theory.domains import Box
    from mtp_theory.training import train

    rng = np.random.default_rng(seed)
    y = np.where(rng.random(n) < 0.5, -1.0, 1.0)
    direction = rng.normal(size=d) / np.sqrt(d)
    X = np.clip(0.5 + 0.15 * y[:, None] * direction + 0.15 * rng.normal(size=(n, d)), 0.0, 1.0)
    problem = Problem(X, y, loss, C_R, Box.unit(d))
    k = max(1, n // 10)
    flipped = Problem(np.vstack([X, X[:k], X[:k]]), np.concatenate([y, -y[:k], -y[:k]]), loss, C_R, Box.unit(d))
    return problem, train(flipped).theta
