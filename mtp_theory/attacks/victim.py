"""The victim of an attack: retrained exactly on every batch of points, measured after each.

Every metric of :class:`~mtp_theory.attacks.run.Row` is computed here and nowhere else.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..bounds.theorem_2 import ratio
from ..errors import InputError
from ..goal import Errors, Goal, Target
from ..losses import Array
from ..problem import regulariser
from ..shadow import Maximiser
from ..training import Fit, Trainer
from .added_loss import AddedLoss
from .checkpoint import Checkpoint
from .metrics import sums
from .run import Row

#: Without a budget an attack stops as "stalled" once the best score has not shrunk by this factor
#: over the last third of the rounds (at least over STALL_ROUNDS).
STALL_FACTOR = 0.999
STALL_ROUNDS = 1000


class LossDifferenceOracle(Protocol):
    """Anything that returns a maximiser of the loss difference to the target."""

    def maximise(self, theta: Array) -> Maximiser: ...


class Batch(NamedTuple):
    """Points that are added together: one point x (d,) with its label, or rows X (m, d) with labels (m,).

    ``copies``: of the one point, or of each row (m,).
    """

    X: Array
    y: int | Array
    copies: int | NDArray[Any] = 1


class Victim:
    """Points so far, the current fit and the running sums behind the metrics."""

    def __init__(
        self,
        goal: Goal,
        *,
        gamma: float | None = None,
        bound_every: int = 1,
        keep_models: bool = False,
        trainer: Trainer | None = None,
        oracle: LossDifferenceOracle | None = None,
    ) -> None:
        self.goal, self.problem = goal, goal.problem
        self.gamma, self.bound_every, self.keep_models = gamma, bound_every, keep_models
        self.trainer: Trainer = trainer if trainer is not None else self.problem.trainer()
        self.target = goal.theta if isinstance(goal, Target) else None
        if oracle is None and isinstance(goal, Target):
            oracle = goal.oracle
        self.oracle = oracle
        self.errors = goal if isinstance(goal, Errors) else None
        self.added_loss = AddedLoss(self.problem, self.trainer)
        self.fit: Fit = self.trainer.fit()
        if self.target is not None:
            self.potential_target = self.problem.potential(self.target)
            self.regulariser_target = regulariser(self.target)
            #: D_0 = F_0(theta_p) - F_0(theta_c)
            self.initial_gap = float(self.potential_target - self.problem.n_points * self.fit.objective)
        self.rounds = 0
        self.regret = 0.0
        self.rows: list[Row] = []
        #: Least score up to each row, and the model that has it.
        self.bests: list[float] = []
        self.best_model = self.fit.theta
        self.models: list[Array] = []
        #: The poisoning points so far, in order.
        self.X: list[Array] = []
        self.y: list[int] = []
        #: What the current model likes least of the target's points; None without a target.
        self.worst: Maximiser | None = None
        #: R of the measured model, and its loss at ``worst``.
        self.regulariser = self.loss_of_worst = 0.0

    @property
    def size(self) -> int:
        """Points so far, with multiplicity."""
        return len(self.y)

    def measure(self) -> Row:
        """The current model's row; finds ``worst`` on the way."""
        row = self._without_target() if self.oracle is None else self._to_target(self.oracle)
        self.rows.append(row)
        score = row.score
        if not self.bests or score < self.bests[-1]:
            self.bests.append(score)
            self.best_model = self.fit.theta
        else:
            self.bests.append(self.bests[-1])
        if self.keep_models or not self.models:
            self.models.append(self.fit.theta)
        return row

    def _to_target(self, oracle: LossDifferenceOracle) -> Row:
        theta = self.fit.theta
        found = self.worst = oracle.maximise(theta)
        square, way, decision = sums(theta, self.target, found.x)
        self.regulariser = 0.5 * square
        if self.problem.linear:
            self.loss_of_worst = float(self.problem.loss.value(found.y * decision))
        else:
            self.loss_of_worst = self.problem.point_loss(theta, found.x, found.y)
        # Theorem 2 needs a minimiser of a convex objective
        bounds = self.problem.linear and self.rounds % self.bound_every == 0
        return Row(
            points=self.size,
            distance=found.value,
            distance_upper=found.upper,
            euclidean=math.sqrt(way),
            gap=self.fit.gap,
            lower_bound=self._lower_bound(found.upper) if bounds else None,
            regret=self.regret,
            epsilon=self._epsilon(),
        )

    def _without_target(self) -> Row:
        theta = self.fit.theta
        self.regulariser = regulariser(theta)
        error = None if self.errors is None else self.errors.rate(theta)
        return Row(self.size, math.nan, math.nan, math.nan, self.fit.gap, None, self.regret, None, error)

    def add(self, batch: Batch) -> None:
        """Add the batch, retrain, and account for the regret of the round."""
        X, y, copies = batch
        n = self.problem.n_points + self.size
        if X.ndim == 1:
            # one point: the way of an attack that adds them one by one
            label, added = int(y), int(copies)
            losses = added * (self._loss_of(X, label) + self.problem.c_r * self.regulariser)
            # a copy: the method may use its array again
            self.X += [X.copy()] * added
            self.y += [label] * added
            self.trainer.add(X, label, added)
        else:
            labels, counts = np.asarray(y, dtype=np.float64), np.broadcast_to(copies, len(X)).astype(np.int64)
            values = self.problem.loss.value(labels * self.problem.decision(self.fit.theta, X))
            added = int(counts.sum())
            losses = float(values @ counts) + added * self.problem.c_r * self.regulariser
            self.X += list(np.repeat(X, counts, axis=0))
            self.y += np.repeat(labels, counts).astype(int).tolist()
            if not self.rounds:
                # points all at once: their model is that of a fresh trainer, whatever was fitted before
                self.trainer.rebuild()
                self.added_loss.rebuild()
            self.trainer.add_many(X, labels, counts)
        # Phi_j(theta_j): the objective before this round plus the new points' f at the old model.
        before = n * self.fit.objective + losses
        self.fit = self.trainer.fit()
        self.regret += float(before - (n + added) * self.fit.objective)
        self.rounds += 1

    def _loss_of(self, x: Array, y: int) -> float:
        """Loss of a point at the measured model; that of ``worst`` is known already."""
        worst = self.worst
        if worst is not None and x is worst.x and y == worst.y:
            return self.loss_of_worst
        return self.problem.point_loss(self.fit.theta, x, y)

    def stalled(self) -> bool:
        """Has the best score stopped shrinking over the last third of the rounds?"""
        window = max(STALL_ROUNDS, self.rounds // 3)
        return len(self.bests) > window and self.bests[-1] > STALL_FACTOR * self.bests[-1 - window]

    def snapshot(self) -> Checkpoint:
        """What a later process needs in order to go on from here."""
        y = np.array(self.y, dtype=np.float64)
        return Checkpoint(self.points, y, self.rows, self.rounds, self.regret, self.models, self.best_model)

    def restore(self, saved: Checkpoint, max_points: int | None) -> None:
        """Go on from a checkpoint: points added all at once, as ``rebuild`` does in the running process."""
        if max_points is not None and saved.y.size > max_points:
            raise InputError(
                f"resume: the run already holds {saved.y.size} points, max_points is {max_points}; raise the budget"
            )
        self.rows, self.rounds, self.regret = list(saved.rows), saved.rounds, saved.regret
        if self.keep_models and len(saved.models) != len(saved.rows):
            raise InputError("resume: the saved run did not keep its models; resume without keep_models")
        self.bests = np.minimum.accumulate([r.score for r in self.rows]).tolist()
        self.models, self.best_model = list(saved.models), saved.best
        for x, y in zip(saved.X, saved.y, strict=True):
            self.X.append(x)
            self.y.append(int(y))
            self.trainer.add(x, int(y), 1)
        self.rebuild()

    def rebuild(self) -> None:
        """Forget the solver's history: the next model depends on the points alone, here and in a resumed process."""
        self.trainer.rebuild()
        self.added_loss.rebuild()
        self.fit = self.trainer.fit()

    @property
    def points(self) -> Array:
        """The poisoning points so far, shape (size, d)."""
        return np.array(self.X).reshape(self.size, self.problem.d)

    def _lower_bound(self, distance_upper: float) -> float | None:
        """Theorem 2 at the current model; the clean potential is the objective without the added points."""
        problem = self.problem
        added = self.added_loss.value(self.fit.theta)
        total = float((problem.n_points + self.size) * self.fit.objective)
        r = self.regulariser
        clean = total - added - self.size * problem.c_r * r
        z = ratio(self.potential_target - clean, distance_upper + problem.c_r * (r - self.regulariser_target))
        return z if math.isfinite(z) else None

    def _epsilon(self) -> float | None:
        if self.gamma is None or self.gamma <= 0 or self.rounds == 0:
            return None
        return (self.initial_gap + self.regret) / (self.size * self.gamma)


__all__ = ["Batch", "LossDifferenceOracle", "Victim"]
