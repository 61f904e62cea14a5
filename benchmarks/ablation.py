"""What each part gives: the paper's training with the closed-form oracle, a warm start, an active set, screening.

Every stage makes the same rounds of the same trajectory and is timed with the same closed-form oracle.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mtp_theory.problem import Problem
from mtp_theory.shadow import Oracle
from mtp_theory.training import make_trainer
from mtp_theory.training.hinge import kernels as core
from mtp_theory.training.hinge.active_set import ActiveSetTrainer
from mtp_theory.training.hinge.coordinate_descent import coordinate_descent
from mtp_theory.training.hinge.screening import BATCH
from mtp_theory.training.rows.store import PointSet

from . import paper_way
from .clock import Clock, least

#: Consecutive rounds at each of the places of the trajectory.
ROUNDS = 8
PLACES = 4


class WarmDescent:
    """Dual coordinate descent, compiled, from the last round's multipliers, as tight as liblinear is asked to be."""

    def __init__(self, problem: Problem) -> None:
        self.points = PointSet(problem)
        self.alpha, self.v = np.zeros(0), np.zeros(problem.dim)

    def add(self, x: Any, y: int) -> None:
        """One more point, multiplier 0."""
        self.points.add(x, y)

    def fit(self) -> Any:
        """The model."""
        p = self.points
        self.alpha = np.append(self.alpha, np.zeros(p.n_rows - self.alpha.size))
        mu = p.n_points * p.problem.c_r
        coordinate_descent(
            p.clean, p.n_clean, p.added_store, p.problem.scale, p.problem.bias, p.labels, p.counts, p.norms(), mu,
            self.alpha, self.v, paper_way.TOLERANCE, paper_way.EPOCHS,
        )  # fmt: skip
        return self.v / mu


class Unscreened(ActiveSetTrainer):
    """The active set that reads every row in every round."""

    def fit(self) -> Any:
        """Round by round, each with all rows on the list and every one of them to be looked at."""
        if self._cold:
            return super().fit()
        code = core.STALLED
        while code != core.DONE:
            self._watch.farthest[:], self._watch.error[:], self._watch.used[1] = np.inf, np.inf, 0
            code = self._rounds(1, BATCH)[0]
        return self._theta


def stages(problem: Problem) -> dict[str, Any]:
    """A fresh trainer of each warm stage."""
    return {
        "+ warm start": lambda: WarmDescent(problem),
        "+ active set": lambda: Unscreened(problem, 1e-8),
        "+ screening (ours)": lambda: make_trainer(problem),
    }


def measure(problem: Problem, target: Any, trajectory: str, repeats: int) -> dict[str, Any]:
    """Milliseconds of training for each stage, and of both oracles."""
    stored = np.load(trajectory, allow_pickle=False)
    X, y = stored["X"], stored["y"].astype(int)
    places = np.unique(np.linspace(0, max(0, y.size - ROUNDS - 1), PLACES).astype(int))
    rows: dict[str, float] = {}
    cold = paper_way.Training(problem, X, y)
    rows["paper's training"] = 1e3 * float(np.mean([least(lambda k=k: cold.fit(int(k)), repeats) for k in places]))
    for name, make in stages(problem).items():
        means = []
        for _ in range(repeats):
            clock = Clock()
            for k in places:
                trainer = make()
                for i in range(k):
                    trainer.add(X[i], int(y[i]))
                trainer.fit()
                for i in range(k, min(k + ROUNDS, y.size)):
                    clock.call(lambda t=trainer, i=i: (t.add(X[i], int(y[i])), t.fit()))
            means.append(float(np.mean(clock.laps)))
        rows[name] = 1e3 * min(means)
    models = list(stored["thetas"])
    theirs, ours = paper_way.oracle(problem, target), Oracle(problem.loss, problem.domain, target)
    times = [
        1e3 * least(lambda o=o: [o.maximise(t) for t in models], r) / len(models)
        for o, r in ((theirs, repeats), (ours, 5 * repeats))
    ]
    return {"ms_training": rows, "ms_oracle_paper": times[0], "ms_oracle_ours": times[1]}
