r"""Algorithm 1: add the point of largest loss difference, retrain, repeat.

.. math:: z_k \in \arg\max_{(x,y)} \ell(\theta_k;x,y) - \ell(\theta_p;x,y), \qquad
          \theta_{k+1} = \arg\min_\theta L(\theta; D_c \uplus \{z_1,\dots,z_k\}) + (N+k)\,C_R R(\theta)

The union is one of multisets and the regulariser's weight grows with the set, as equation (1) and the paper's
appendix have it (Algorithm 1 as printed leaves the regulariser out).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from ..errors import InputError
from ..losses import Array
from ..problem import Problem, regulariser
from ..shadow import Maximiser, Oracle
from ..training import Fit, Trainer, make_trainer
from .added_loss import AddedLoss
from .checkpoint import Checkpoint, Checkpoints, usual_interval
from .metrics import sums
from .run import AttackRun, Row, Status

#: Without a budget the attack stops as "stalled" once the best distance has not shrunk by this factor
#: over the last third of the rounds (at least over STALL_ROUNDS).
STALL_FACTOR = 0.999
STALL_ROUNDS = 1000


class LossDifferenceOracle(Protocol):
    """Anything that returns a maximiser of the loss difference to the target."""

    def maximise(self, theta: Array) -> Maximiser: ...


def online(
    problem: Problem,
    target: Array,
    *,
    epsilon: float = 0.0,
    max_points: int | None = None,
    stop: Callable[[Row, Array], bool] | None = None,
    copies: int = 1,
    gamma: float | None = None,
    bound_every: int = 1,
    keep_models: bool = False,
    trainer: Trainer | None = None,
    oracle: LossDifferenceOracle | None = None,
    on_row: Callable[[Row], None] | None = None,
    folder: Path | None = None,
    resume: bool = False,
    checkpoint_every: int | None = None,
) -> AttackRun:
    """Run Algorithm 1 against ``target`` (dim,) until one of its stops.

    Stops: the distance's upper end is at most ``epsilon`` (0: never), ``max_points`` are added, or ``stop(row, theta)``
    is true (both count as "budget"). ``copies`` points are added in each round. ``gamma``: a proved lower bound of the
    paper's constant, for the epsilon column. ``bound_every``: evaluate Theorem 2's bound at every so many rounds.
    ``trainer`` and ``oracle`` replace exact training and the exact maximiser (online gradient descent,
    approximate oracles). With a ``folder``, a checkpoint is written every ``checkpoint_every`` rounds (default: what
    suits the trainer's engine); ``resume`` goes on from the last one. The solver is rebuilt from its points at every
    checkpoint whether one is written or not, so a resumed run gives the same points bit for bit.

    Raises InputError for unusable arguments. Source: Algorithm 1.
    """
    target = problem.check_theta(target, "target")
    _check_arguments(epsilon, max_points, copies, bound_every, 1 if checkpoint_every is None else checkpoint_every)
    state = _State(problem, target, gamma, bound_every, keep_models, trainer, oracle)
    every = usual_interval(state.fit.engine) if checkpoint_every is None else checkpoint_every
    checkpoints = Checkpoints(folder, problem, target, copies) if folder is not None else None
    if checkpoints is not None and resume:
        saved = checkpoints.load()
        if saved is not None:
            state.restore(saved, max_points)
    while True:
        row, found = state.measure()
        if on_row is not None:
            on_row(row)
        status = _status(row, state, epsilon, max_points, stop)
        if status is not None:
            return state.result(status)
        state.add(found, min(copies, max_points - row.points) if max_points is not None else copies)
        if state.rounds % every == 0:
            if checkpoints is not None:
                checkpoints.save(state.snapshot())
            state.rebuild()


def _check_arguments(epsilon: float, max_points: int | None, copies: int, bound_every: int, every: int) -> None:
    if not (np.isfinite(epsilon) and epsilon >= 0):
        raise InputError(f"epsilon = {epsilon!r}: give a finite number >= 0 (0: run to the budget)")
    if max_points is not None and max_points < 0:
        raise InputError(f"max_points = {max_points}: give an integer >= 0")
    for name, value in (("copies", copies), ("bound_every", bound_every), ("checkpoint_every", every)):
        if value < 1:
            raise InputError(f"{name} = {value}: give an integer >= 1")


def _status(
    row: Row, state: _State, epsilon: float, max_points: int | None, stop: Callable[[Row, Array], bool] | None
) -> Status | None:
    if epsilon > 0 and row.distance_upper <= epsilon:
        return "converged"
    if (max_points is not None and row.points >= max_points) or (stop is not None and stop(row, state.fit.theta)):
        return "budget"
    if max_points is None and stop is None and state.stalled():
        return "stalled"
    return None


class _State:
    """Points so far, the current fit and the running sums behind the metrics."""

    def __init__(
        self,
        problem: Problem,
        target: Array,
        gamma: float | None,
        bound_every: int,
        keep_models: bool,
        trainer: Trainer | None,
        oracle: LossDifferenceOracle | None,
    ) -> None:
        self.problem, self.target, self.gamma = problem, target, gamma
        self.bound_every, self.keep_models = bound_every, keep_models
        self.trainer: Trainer = trainer if trainer is not None else make_trainer(problem)
        self.oracle: LossDifferenceOracle = (
            oracle if oracle is not None else Oracle(problem.loss, problem.domain, target, bias=problem.bias)
        )
        self.added_loss = AddedLoss(problem, self.trainer)
        self.potential_target = problem.potential(target)
        self.regulariser_target = regulariser(target)
        self.fit: Fit = self.trainer.fit()
        self.rounds = 0
        self.regret = 0.0
        self.rows: list[Row] = []
        #: Least distance up to each row.
        self.bests: list[float] = []
        self.models: list[Array] = []
        #: The poisoning points so far, in order.
        self.X: list[Array] = []
        self.y: list[int] = []
        #: R of the measured model, and its loss at the point that the next round would add.
        self.regulariser = self.loss_of_point = 0.0
        #: D_0 = F_0(theta_p) - F_0(theta_c)
        self.initial_gap = float(self.potential_target - problem.n_points * self.fit.objective)

    @property
    def size(self) -> int:
        """Points so far, with multiplicity."""
        return len(self.y)

    def measure(self) -> tuple[Row, Maximiser]:
        """The current model's row and the maximiser that the next round would add."""
        theta, problem = self.fit.theta, self.problem
        found = self.oracle.maximise(theta)
        square, way, decision = sums(theta, self.target, found.x)
        self.regulariser = 0.5 * square
        self.loss_of_point = float(problem.loss.value(found.y * decision))
        bounds = self.rounds % self.bound_every == 0
        row = Row(
            points=self.size,
            distance=found.value,
            distance_upper=found.upper,
            euclidean=math.sqrt(way),
            gap=self.fit.gap,
            lower_bound=self._lower_bound(found.upper) if bounds else None,
            regret=self.regret,
            epsilon=self._epsilon(),
        )
        self.rows.append(row)
        self.bests.append(min(row.distance, self.bests[-1]) if self.bests else row.distance)
        if self.keep_models or not self.models:
            self.models.append(theta)
        return row, found

    def add(self, found: Maximiser, copies: int) -> None:
        """Add the point ``copies`` times, retrain, and account for the regret of the round."""
        n = self.problem.n_points + self.size
        # Phi_j(theta_j): the objective before this round plus the new points' f at the old model.
        one = self.loss_of_point + self.problem.c_r * self.regulariser
        before = n * self.fit.objective + copies * one
        self.X += [found.x] * copies
        self.y += [found.y] * copies
        self.trainer.add(found.x, found.y, copies)
        self.fit = self.trainer.fit()
        self.regret += float(before - (n + copies) * self.fit.objective)
        self.rounds += 1

    def stalled(self) -> bool:
        """Has the best distance stopped shrinking over the last third of the rounds?"""
        window = max(STALL_ROUNDS, self.rounds // 3)
        return len(self.bests) > window and self.bests[-1] > STALL_FACTOR * self.bests[-1 - window]

    def result(self, status: Status) -> AttackRun:
        """The run so far."""
        models = self.models if self.keep_models else [self.models[0], self.fit.theta]
        return AttackRun(
            X=self._points(),
            y=np.array(self.y, dtype=np.float64),
            theta=self.fit.theta,
            thetas=tuple(models),
            rows=tuple(self.rows),
            status=status,
        )

    def snapshot(self) -> Checkpoint:
        """What a later process needs in order to go on from here."""
        y = np.array(self.y, dtype=np.float64)
        return Checkpoint(self._points(), y, self.rows, self.rounds, self.regret, self.models)

    def restore(self, saved: Checkpoint, max_points: int | None) -> None:
        """Go on from a checkpoint: points added all at once, as ``rebuild`` does in the running process."""
        if max_points is not None and saved.y.size > max_points:
            raise InputError(
                f"resume: the run already holds {saved.y.size} points, max_points is {max_points}; raise the budget"
            )
        self.rows, self.rounds, self.regret = list(saved.rows), saved.rounds, saved.regret
        if self.keep_models and len(saved.models) != len(saved.rows):
            raise InputError("resume: the saved run did not keep its models; resume without keep_models")
        self.bests = np.minimum.accumulate([r.distance for r in self.rows]).tolist()
        self.models = list(saved.models)
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

    def _points(self) -> Array:
        return np.array(self.X).reshape(self.size, self.problem.d)

    def _lower_bound(self, distance_upper: float) -> float | None:
        """Theorem 2 at the current model; the clean potential is the objective without the added points."""
        problem = self.problem
        added = self.added_loss.value(self.fit.theta)
        total = float((problem.n_points + self.size) * self.fit.objective)
        r = self.regulariser
        clean = total - added - self.size * problem.c_r * r
        return theorem_2_ratio(
            self.potential_target - clean, distance_upper + problem.c_r * (r - self.regulariser_target)
        )

    def _epsilon(self) -> float | None:
        if self.gamma is None or self.gamma <= 0 or self.rounds == 0:
            return None
        return (self.initial_gap + self.regret) / (self.size * self.gamma)


def theorem_2_ratio(numerator: float, denominator: float) -> float | None:
    """z = numerator / denominator of Theorem 2; None where the test model says nothing (denominator <= 0)."""
    return numerator / denominator if denominator > 0 else None


__all__ = ["online", "theorem_2_ratio"]
