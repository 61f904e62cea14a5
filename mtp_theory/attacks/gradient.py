r"""Attacks that move points up the gradient of the victim's loss on the rows that the attacker cares for.

Biggio, Nelson, Laskov (ICML 2012) for the SVM and Demontis et al. (USENIX Security 2019) for logistic regression place
one point after the other: a training row with the other label, moved while the retrained victim's loss on the rows
grows, then added, in copies. Koh and Liang (ICML 2017) move all points together, with influence functions. The
derivative is that of :mod:`.sensitivity`. Features are measured in widths of the domain's box; a point is brought back
into the box after each move, and at the end to whole numbers and groups where the domain has them, where it is
kept if the loss is still larger than at the start.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..domains import Boxed
from ..errors import InputError
from ..goal import Errors, Goal
from ..losses import Array
from ..problem import Problem
from .base import Attack, Batch, Budget, Requires, check_seed
from .label_flip import dense_rows, random_turns
from .sensitivity import Surrogate

#: The step is given up when it has shrunk to this share of its first length.
LEAST_STEP = 1e-3
BOXED = Requires(domains=(Boxed,), goals=(Errors,))


@dataclass(frozen=True, eq=False)
class _OneByOne(Attack):
    """Points placed one after the other; see the module."""

    copies: int = 1
    step: float = 0.05
    rounds: int = 50
    seed: int = 0
    c_r: float | None = None
    independent: bool = False

    def __post_init__(self) -> None:
        check_seed(self.name, self.seed)
        _check(self.name, copies=self.copies, rounds=self.rounds, step=self.step)
        if self.c_r is not None and not (np.isfinite(self.c_r) and self.c_r > 0):
            raise InputError(f"attack {self.name!r}: c_r = {self.c_r!r}; give a finite number > 0")

    def points(self, goal: Goal, budget: Budget) -> Iterator[Batch]:
        assert isinstance(goal, Errors)
        surrogate = Surrogate(goal.problem if self.c_r is None else with_c_r(goal.problem, self.c_r), goal.X, goal.y)
        order = random_turns(np.arange(goal.problem.y.size), self.seed)
        # a resumed run goes on with the rows that are not used up
        for row in itertools.islice(order, budget.spent // self.copies, None):
            x, label = dense_rows(goal.problem, [row]), -goal.problem.y[[row]]
            before = (x[:0], label[:0]) if self.independent else (budget.X, budget.y)
            moved = ascend(_Objective(surrogate, label, self.copies, before), x, self.step, self.rounds)
            yield Batch(moved[0], int(label[0]), self.copies)


@dataclass(frozen=True, eq=False)
class SvmGradient(_OneByOne):
    """Points moved up the SVM's loss on the rows, one after the other (Biggio, Nelson, Laskov 2012).

    ``copies``: of each point. ``step``: longest first move, as a share of the box's diagonal; ``rounds``: most moves of
    a point. ``seed``: of the rows that they start from. ``c_r``: the attacker's own regularisation (default: the
    victim's). ``independent``: every point is placed as if it were the only one, as the authors' code did through
    another library.
    """

    name = "svm-gradient"
    requires = Requires(losses=("hinge",), domains=BOXED.domains, goals=BOXED.goals)
    resumable = True


@dataclass(frozen=True, eq=False)
class LogisticGradient(_OneByOne):
    """Points moved up the logistic loss on the rows, one after the other (Demontis et al. 2019).

    Options as for ``svm-gradient``. ``c_r``: the authors' attacker trained with C = 1, that is 1/N for N points.
    """

    copies: int = 10

    name = "logistic-gradient"
    requires = Requires(losses=("logistic",), domains=BOXED.domains, goals=BOXED.goals)
    resumable = True


@dataclass(frozen=True, eq=False)
class Influence(Attack):
    """All points moved together up the victim's loss on the rows (Koh and Liang 2017).

    They start as training rows with the other label. ``flat``: C_R I in place of the Hessian, as the authors take the
    hinge; without it the exact derivative. ``step``, ``rounds``, ``seed``: as for ``svm-gradient``.
    """

    flat: bool = False
    step: float = 0.05
    rounds: int = 50
    seed: int = 0

    name = "influence"
    requires = Requires(losses=("hinge", "logistic"), domains=BOXED.domains, goals=BOXED.goals, budget=True, stop=False)

    def __post_init__(self) -> None:
        check_seed(self.name, self.seed)
        _check(self.name, copies=1, rounds=self.rounds, step=self.step)

    def points(self, goal: Goal, budget: Budget) -> Iterator[Batch]:
        assert isinstance(goal, Errors)
        order = random_turns(np.arange(goal.problem.y.size), self.seed)
        rows = list(itertools.islice(order, budget.max_points))
        X, labels = dense_rows(goal.problem, rows), -goal.problem.y[rows]
        objective = _Objective(Surrogate(goal.problem, goal.X, goal.y), labels, flat=self.flat)
        yield Batch(ascend(objective, X, self.step, self.rounds), labels)


class _Objective:
    """The victim's mean loss on the attacker's rows as a function of some added points, behind those of before."""

    def __init__(
        self,
        surrogate: Surrogate,
        labels: Array,
        copies: int = 1,
        before: tuple[Array, Array] | None = None,
        *,
        flat: bool = False,
    ) -> None:
        domain = surrogate.problem.domain
        assert isinstance(domain, Boxed)
        self.domain, self.surrogate = domain, surrogate
        X, y = before if before is not None else (np.empty((0, domain.dim)), np.empty(0))
        self._before, self._moving = X, len(labels)
        self._labels = np.append(y, labels)
        self._copies = np.repeat([1, copies], [len(y), len(labels)])
        self._derivative = surrogate.flat_gradient if flat else surrogate.gradient

    def value(self, X: Array) -> float:
        """The loss with the points at X (m, d)."""
        self.surrogate.train(self._all(X), self._labels, self._copies)
        return self.surrogate.loss

    def gradient(self, X: Array) -> Array:
        """Its derivative at X, of which the value was asked last; shape (m, d)."""
        return self._derivative(self._all(X), self._labels, self._copies)[-self._moving :]

    def _all(self, X: Array) -> Array:
        return np.vstack([self._before, X])


def ascend(objective: _Objective, X: Array, step: float, rounds: int) -> Array:
    """Points (m, d) of the domain with a larger loss than X has, by projected gradient steps; X where none is found.

    A step that gains grows by half, one that does not is halved; each moves at most ``step`` diagonals of the box.
    """
    domain = objective.domain
    width = np.where(domain.upper > domain.lower, domain.upper - domain.lower, 1.0)
    diagonal = np.sqrt(X.size)
    start = best = objective.value(X)
    here, length, direction = X, step, objective.gradient(X) * width
    for _ in range(rounds):
        size = float(np.linalg.norm(direction))
        if size == 0.0 or length < step * LEAST_STEP:
            break
        tried = np.clip(here + direction * width * (length * diagonal / size), domain.lower, domain.upper)
        reached = objective.value(tried)
        if reached > best:
            here, best, length = tried, reached, 1.5 * length
            direction = objective.gradient(here) * width
        else:
            length *= 0.5
    settled = np.array([nearest(domain, x) for x in here])
    return settled if np.array_equal(settled, here) or objective.value(settled) > start else X


def nearest(domain: Boxed, x: Array) -> Array:
    """A point of the domain near x: whole numbers rounded, of each group the largest member or none."""
    out = np.clip(x, domain.lower, domain.upper)
    for members in domain.group_members():
        best = members[np.argmax(x[members])]
        chosen = domain.exactly_one or x[best] > 0.5
        out[members] = 0.0
        out[best] = float(chosen)
    whole = domain.integer & (domain.groups < 0)
    out[whole] = np.clip(np.rint(out[whole]), np.ceil(domain.lower[whole]), np.floor(domain.upper[whole]))
    return out


def with_c_r(problem: Problem, c_r: float) -> Problem:
    """The same data with another regularisation weight."""
    return Problem(
        problem.X, problem.y, problem.loss, c_r, problem.domain, bias=problem.bias, counts=problem.counts,
        scale=problem.scale,
    )  # fmt: skip


def _check(name: str, *, copies: int, rounds: int, step: float) -> None:
    for what, number in (("copies", copies), ("rounds", rounds)):
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise InputError(f"attack {name!r}: {what} = {number!r}; give an integer >= 1")
    if not (isinstance(step, int | float) and np.isfinite(step) and 0 < step <= 1):
        raise InputError(f"attack {name!r}: step = {step!r}; give a share of the box's diagonal, above 0 and at most 1")


__all__ = ["Influence", "LogisticGradient", "SvmGradient", "ascend", "nearest", "with_c_r"]
