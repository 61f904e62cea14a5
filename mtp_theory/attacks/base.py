"""One shape of attack: a method says which points come next; everything else is done here, once.

A method is a subclass of :class:`Attack` with a ``name``, what it ``requires``, and :meth:`Attack.points`, which yields
the points. The base retrains exactly, measures a row for each model, keeps the best one, writes checkpoints and goes on
from them, reports progress and stops. A method of one idea is then a dozen lines::

    class Noise(Attack):
        \"\"\"Random points of the unit box with random labels.\"\"\"

        name = "noise"

        def points(self, goal, budget):
            rng = np.random.default_rng(0)
            while True:
                yield Batch(rng.random(goal.problem.d), rng.choice([-1, 1]))

``Noise().run(goal, max_points=20)`` runs it, as does ``mtp_theory.attack(goal, Noise(), max_points=20)``. The registry
(:mod:`.registry`) knows the methods by name.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from .. import inputs
from ..domains import Domain
from ..errors import InputError
from ..goal import Close, Errors, Goal, Target, check_goal
from ..losses import Array
from ..shadow import Maximiser
from ..training import Trainer, polished
from .checkpoint import Checkpoints, plain, usual_interval
from .run import AttackRun, Details, Row, Status
from .victim import Batch, LossDifferenceOracle, Victim


@dataclasses.dataclass(frozen=True)
class Requires:
    """What a method needs; an empty tuple takes everything.

    ``goals``: kinds of goal (a closeness is a target with an epsilon). ``budget``: ``max_points`` must be named.
    ``stop``: some stop must be named, because the method has no end of its own. ``linear``: models must be linear; the
    others work on networks (:mod:`mtp_theory.dnn`) as well.
    """

    losses: tuple[str, ...] = ()
    domains: tuple[type[Domain], ...] = ()
    goals: tuple[type[Goal], ...] = ()
    budget: bool = False
    stop: bool = True
    linear: bool = False

    def check(self, name: str, goal: Goal, max_points: int | None, stop: bool) -> None:
        """Raise one InputError that names the attack, what it needs and what it got."""
        problem, missing = goal.problem, []
        if self.linear and not problem.linear:
            missing.append(f"a linear model, got a {type(problem).__name__}")
        if self.losses and problem.loss.key not in self.losses:
            missing.append(f"the loss {_either(self.losses)}, got {problem.loss.key!r}")
        if self.domains and not isinstance(problem.domain, self.domains):
            missing.append(f"the domain {_either(_names(self.domains))}, got {type(problem.domain).__name__}")
        if self.goals and not isinstance(goal, self.goals):
            missing.append(f"the goal {_either(_names(self.goals))}, got {type(goal).__name__}")
        if self.budget and not max_points:
            missing.append(f"max_points >= 1, got {max_points}")
        elif self.stop and not stop:
            what = "epsilon > 0, max_points or a stop" if isinstance(goal, Target) else "max_points or a stop"
            missing.append(f"{what} (it has no end of its own), got none")
        if missing:
            raise InputError(f"attack {name!r} needs {'; '.join(missing)}")


class Budget:
    """What an attack may still spend, and the victim that its points have made so far.

    Everything but ``epsilon`` and ``max_points`` changes from one ``yield`` to the next.
    """

    def __init__(self, epsilon: float, max_points: int | None, victim: Victim) -> None:
        #: The distance that is asked for; 0: none.
        self.epsilon = epsilon
        #: Most points in all; None: no limit.
        self.max_points = max_points
        self._victim = victim

    @property
    def spent(self) -> int:
        """Points so far; more than 0 at the start of a resumed run."""
        return self._victim.size

    @property
    def left(self) -> int | None:
        """Points that may still be added; None: any number."""
        return None if self.max_points is None else self.max_points - self._victim.size

    @property
    def theta(self) -> Array:
        """The model trained on the clean data and the points so far, shape (dim,)."""
        return self._victim.fit.theta

    @property
    def row(self) -> Row:
        """Its metrics."""
        return self._victim.rows[-1]

    @property
    def worst(self) -> Maximiser:
        """The point of largest loss difference between that model and the target. InputError without a target."""
        found = self._victim.worst
        if found is None:
            raise InputError("attack: the goal has no target, so no loss difference to it; give a target")
        return found

    @property
    def X(self) -> Array:
        """The points so far, shape (spent, d)."""
        return self._victim.points

    @property
    def y(self) -> Array:
        """Their labels, shape (spent,)."""
        return np.array(self._victim.y, dtype=np.float64)


@dataclasses.dataclass(frozen=True)
class Ending:
    """What a method may return from ``points``: how it ended by its own account, and what it says besides."""

    status: Status | None = None
    extra: Details | None = None


#: What ``points`` of a method that says how it ended returns.
Points = Generator[Batch, None, Ending]


class Attack(ABC):
    """A way of finding poisoning points. Options are the subclass's own arguments (dataclass fields)."""

    #: Name in the registry, on the command line and in the run's files; without one the class's.
    name: ClassVar[str]
    requires: ClassVar[Requires] = Requires()
    #: Does ``points``, started anew, go on after the first ``budget.spent`` points as if it had never stopped?
    resumable: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not isinstance(getattr(cls, "name", None), str):
            cls.name = cls.__name__

    @abstractmethod
    def points(self, goal: Goal, budget: Budget) -> Iterable[Batch]:
        """The points, in batches that are added together; ``budget`` shows the victim after each batch.

        A generator may return an ``Ending``. A batch beyond the budget is cut to it.
        """

    def options(self) -> dict[str, Any]:
        """The method's options as plain JSON."""
        names: list[str] = list(getattr(self, "__dataclass_fields__", {}))
        return {name: plain(getattr(self, name)) for name in names}

    def check(
        self,
        goal: Goal,
        *,
        epsilon: float = 0.0,
        max_points: int | None = None,
        stop: Callable[[Row, Array], bool] | None = None,
        resume: bool = False,
    ) -> tuple[Goal, float]:
        """Raise InputError where this attack cannot be run so; returns the goal and epsilon, a closeness resolved."""
        # 0: run to the budget
        goal, epsilon = _resolved(check_goal(goal), inputs.real("epsilon", epsilon, low=0))
        if max_points is not None:
            inputs.whole("max_points", max_points)
        inputs.called("stop", stop)
        self.requires.check(self.name, goal, max_points, epsilon > 0 or max_points is not None or stop is not None)
        if inputs.flag("resume", resume) and not self.resumable:
            raise InputError(f"attack {self.name!r}: cannot be resumed; run it anew")
        return goal, epsilon

    def run(
        self,
        goal: Goal,
        *,
        epsilon: float = 0.0,
        max_points: int | None = None,
        stop: Callable[[Row, Array], bool] | None = None,
        gamma: float | None = None,
        bound_every: int = 1,
        keep_models: bool = False,
        trainer: Trainer | None = None,
        oracle: LossDifferenceOracle | None = None,
        on_row: Callable[[Row], None] | None = None,
        folder: str | PathLike[str] | None = None,
        resume: bool = False,
        checkpoint_every: int | None = None,
    ) -> AttackRun:
        """Attack ``goal`` until one of the stops or the method's own end.

        Stops: the distance's upper end is at most ``epsilon`` (0: never; a closeness brings its own), another goal is
        reached, ``max_points`` are added, or ``stop(row, theta)`` is true (both count as "budget"). ``gamma``: a proved
        lower bound of the paper's constant, for the epsilon column. ``bound_every``: evaluate Theorem 2's bound at
        every so many rounds. ``keep_models``: keep every model, not the first, the best and the last only. ``trainer``
        and ``oracle`` replace exact training and the exact maximiser in studies of cheaper ones. With a ``folder``, a
        checkpoint is written every ``checkpoint_every`` rounds (default: what suits the trainer's engine); ``resume``
        goes on from the last one. The solver is rebuilt from its points at every checkpoint whether one is written or
        not, so a resumed run gives the same points bit for bit.

        Status: "converged" where the goal is reached, "stalled" where the method has nothing more to offer or comes no
        closer, "budget" otherwise. Raises InputError for what the method requires and does not get, and for unusable
        arguments.
        """
        goal, epsilon = self.check(goal, epsilon=epsilon, max_points=max_points, stop=stop, resume=resume)
        inputs.whole("bound_every", bound_every, least=1)
        if checkpoint_every is not None:
            inputs.whole("checkpoint_every", checkpoint_every, least=1)
        if gamma is not None:
            inputs.real("gamma", gamma, high=1)
        inputs.flag("keep_models", keep_models)
        inputs.called("on_row", on_row)
        for name, own, method in (("trainer", trainer, "fit"), ("oracle", oracle, "maximise")):
            if own is not None and (isinstance(own, type) or not callable(getattr(own, method, None))):
                raise InputError(f"{name} = {inputs.shown(own)}: give an object with the method {method}")
        place = None if folder is None else Path(inputs.path("folder", folder))
        if resume and place is None:
            raise InputError("resume = True: there is nothing to go on from; give the run's folder")
        if place is not None and place.exists() and not place.is_dir():
            raise InputError(f"folder = {str(place)!r}: a file of that name exists; give a folder")
        victim = Victim(
            goal, gamma=gamma, bound_every=bound_every, keep_models=keep_models, trainer=trainer, oracle=oracle
        )
        every = usual_interval(victim.fit.engine) if checkpoint_every is None else checkpoint_every
        checkpoints = None
        if place is not None and self.resumable:
            checkpoints = Checkpoints(place, goal, self.name, self.options())
            saved = checkpoints.load() if resume else None
            if saved is not None:
                victim.restore(saved, max_points)
        source = _iterator(self.name, self.points(goal, Budget(epsilon, max_points, victim)))
        endless, ending = self.requires.stop, Ending()
        while True:
            row = victim.measure()
            if on_row is not None:
                on_row(row)
            status = _status(row, victim, epsilon, max_points, stop, endless)
            # a method with an end of its own is asked first: it may say how it ended
            if status is not None and endless:
                break
            try:
                batch = next(source)
            except StopIteration as end:
                ending = end.value or ending
                status = _ended(status, ending.status, epsilon, goal)
                break
            if status is not None:
                break
            victim.add(_within(_checked(self.name, batch, goal.problem.d), max_points, row.points))
            if victim.rounds % every == 0:
                if checkpoints is not None:
                    checkpoints.save(victim.snapshot())
                victim.rebuild()
        # the rows measure the models as the attack saw them; the one that is kept is good enough for a certificate
        theta = victim.fit.theta if trainer is not None else polished(victim.trainer).theta
        return AttackRun(
            X=victim.points,
            y=np.array(victim.y, dtype=np.float64),
            theta=theta,
            thetas=tuple(victim.models if keep_models else [victim.models[0], theta]),
            rows=tuple(victim.rows),
            status=status,
            best_model=victim.best_model,
            goal=goal,
            method=self.name,
            options=self.options(),
            extra=ending.extra,
        )


def check_seed(name: str, seed: object) -> None:
    """Raise InputError unless ``seed`` is an integer >= 0 or a numpy Generator."""
    inputs.seed(f"attack {name!r}: seed", seed)


def _resolved(goal: Goal, epsilon: float) -> tuple[Goal, float]:
    """A closeness as its target with its epsilon."""
    if isinstance(goal, Close):
        if epsilon not in (0.0, goal.epsilon):
            raise InputError(f"epsilon = {epsilon!r}: the goal asks for {goal.epsilon!r}; leave epsilon out")
        return goal.target, goal.epsilon
    if epsilon and not isinstance(goal, Target):
        raise InputError(f"epsilon = {epsilon!r}: a {type(goal).__name__} goal has no target; leave epsilon out")
    return goal, epsilon


def _status(
    row: Row,
    victim: Victim,
    epsilon: float,
    max_points: int | None,
    stop: Callable[[Row, Array], bool] | None,
    endless: bool,
) -> Status | None:
    if epsilon > 0 and row.distance_upper <= epsilon:
        return "converged"
    if victim.target is None and victim.goal.reached(victim.fit.theta):
        return "converged"
    if (max_points is not None and row.points >= max_points) or (stop is not None and stop(row, victim.fit.theta)):
        return "budget"
    if endless and max_points is None and stop is None and victim.stalled():
        return "stalled"
    return None


def _ended(stopped: Status | None, own: Status | None, epsilon: float, goal: Goal) -> Status:
    """Status of a run whose method ended by itself."""
    if stopped == "converged":
        return "converged"
    if own is not None or stopped is not None:
        return own or stopped or "stalled"
    # nothing more on offer: where something was asked for, it was not reached
    asked = epsilon > 0 or not isinstance(goal, Target | Errors)
    return "stalled" if asked else "budget"


def _iterator(name: str, points: object) -> Iterator[Batch]:
    if not isinstance(points, Iterable):
        raise InputError(
            f"attack {name!r}: its points gave {inputs.shown(points)}; yield Batch(X, y), or return a list"
        )
    return iter(points)


def _checked(name: str, batch: object, d: int) -> Batch:
    """The batch; InputError for anything else, and for points that are no arrays of ``d`` features."""
    if not isinstance(batch, Batch):
        raise InputError(f"attack {name!r}: its points gave a {type(batch).__name__}; yield Batch(X, y)")
    if not isinstance(batch.X, np.ndarray) or batch.X.ndim not in (1, 2) or batch.X.shape[-1] != d:
        got = f"shape {batch.X.shape}" if isinstance(batch.X, np.ndarray) else type(batch.X).__name__
        raise InputError(f"attack {name!r}: a batch's X is {got}; give an array of shape ({d},) or (m, {d})")
    return batch


def _within(batch: Batch, max_points: int | None, spent: int) -> Batch:
    """The batch, cut to the budget."""
    if max_points is None:
        return batch
    X, y, copies = batch
    left = max_points - spent
    if X.ndim == 1:
        return batch if copies <= left else Batch(X, y, left)
    counts = np.broadcast_to(copies, len(X))
    if counts.sum() <= left:
        return batch
    return Batch(X, y, np.diff(np.minimum(np.cumsum(counts), left), prepend=0))


def _either(words: Iterable[str]) -> str:
    return " or ".join(words)


def _names(kinds: Iterable[type]) -> list[str]:
    return [k.__name__ for k in kinds]


__all__ = ["Attack", "Batch", "Budget", "Ending", "Points", "Requires", "check_seed"]
