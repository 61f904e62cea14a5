r"""Exchange: conditional gradients with pairwise steps on the added points, clean mass left alone.

Algorithm 1 is the method of Frank and Wolfe for the concave value :math:`g` of the training set's distribution (claim
frank-wolfe): its oracle is line 4, its step :math:`1/(N+k+1)`, and what it has added it never takes back. Here mass
goes from the added point of least loss difference to the one of line 4 as long as
:math:`-g = [\Phi(\theta_p) - \min\Phi]/(N+n)` falls: a pairwise step, its length by the sign of the derivative, which
is the difference of the two loss differences at the model trained there. Clean mass stays: the distributions within
reach are :math:`(N\nu_0 + n\mu)/(N+n)`. Where the model is not close enough, points are added. Each label's atoms merge
into their mean, which for the hinge loss pulls as they do while their margins are below 1; at first the labels may
share a point, in the end each has a whole number. Training and line 4 are all it needs: no programme, with whole
numbers or without.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..bounds.target.rounding import split
from ..domains import labelled
from ..errors import InputError
from ..goal import Goal, Target
from ..losses import Array
from ..problem import regulariser
from ..shadow import Oracle
from ..training import make_trainer
from .base import Attack, Batch, Budget, Ending, Points, Requires

LABELS = (-1, 1)
#: Parts of a point that masses are counted in while labels may share points: every clean row has as many.
PARTS = 65536
#: Bisections of a step's length.
BISECTIONS = 7
#: Relative fall of the value below which an exchange counts as none; so many in a row end a run of them.
PROGRESS, PATIENCE = 1e-4, 6
#: Points are added by this share of those that are there, at least one: what follows starts near where it ends.
GROWTH = 0.1
#: Whole points are tried where the distance is within this multiple of epsilon while labels share points.
NEAR = 1.5
#: Numbers of points, each larger than the last, that may come no closer before the search ends.
GROWTHS = 8
#: Less of a point than this is dropped.
LEAST_MASS = 1e-9


@dataclass(frozen=True, eq=False)
class Atoms:
    """One label's points: the mean of the rows of ``X`` (k, d) with ``masses`` (k,), as often as they add up to."""

    X: Array
    masses: Array

    @property
    def mass(self) -> float:
        """Number of points, a whole one in the end."""
        return float(self.masses.sum())

    @property
    def mean(self) -> Array:
        """The point, shape (d,)."""
        return np.array(self.masses @ self.X) / self.mass

    def scaled(self, mass: float) -> Atoms:
        """The same mean, another mass."""
        return Atoms(self.X, self.masses * (mass / self.mass))

    def with_point(self, x: Array, mass: float) -> Atoms:
        """``mass`` of x (d,) more."""
        rows, where = np.unique(np.vstack([self.X, x]), axis=0, return_inverse=True)
        return Atoms(
            rows, np.asarray(np.bincount(where.ravel(), np.append(self.masses, mass), len(rows)), dtype=np.float64)
        )._kept()

    def less(self, row: int, mass: float) -> Atoms:
        """``mass`` of the row taken away."""
        masses = self.masses.copy()
        masses[row] -= mass
        return Atoms(self.X, masses)._kept()

    def none(self) -> Atoms:
        """No points."""
        return Atoms(self.X[:0], self.masses[:0])

    def _kept(self) -> Atoms:
        kept = self.masses > LEAST_MASS
        return Atoms(self.X[kept], self.masses[kept])


@dataclass(frozen=True, eq=False)
class State:
    """The points of both labels, the model (dim,) trained on them, the value -g and the distance's upper end."""

    labels: dict[int, Atoms]
    theta: Array
    value: float
    distance: float

    @property
    def size(self) -> float:
        """n."""
        return sum(a.mass for a in self.labels.values())


class Exchanges:
    """Sets of points for one target, changed by exchanges. ``epsilon``: the distance that is asked for."""

    def __init__(self, goal: Target, epsilon: float) -> None:
        self.problem, self.target, self.epsilon = goal.problem, goal.theta, epsilon
        problem = self.problem
        # the mean objective does not see that every row counts PARTS times
        self._in_parts = replace(problem, counts=problem.counts * PARTS)
        self.oracles = {
            y: Oracle(problem.loss, d.relaxation, self.target, bias=problem.bias, label=y)
            for y, d in labelled(problem.domain)
        }
        self._own = Oracle(problem.loss, problem.domain, self.target, bias=problem.bias)
        self._rest = problem.potential(self.target)
        self.fits = 0

    def start(self) -> State:
        """No points."""
        none = Atoms(np.zeros((0, self.problem.d)), np.zeros(0))
        return self.trained(dict.fromkeys(self.oracles, none))

    def trained(self, labels: dict[int, Atoms]) -> State:
        """The set with its model. Raises UndecidedError when training fails."""
        self.fits += 1
        problem, trainer = self.problem, make_trainer(self._in_parts)
        counts = {y: round(PARTS * a.mass) for y, a in labels.items()}
        used = [(y, labels[y].mean, k) for y, k in counts.items() if k]
        if used:
            trainer.add_many(np.array([x for _, x, _ in used]), [y for y, _, _ in used], [k for _, _, k in used])
        theta, n = trainer.fit().theta, sum(counts.values()) / PARTS
        value = self._rest - problem.potential(theta)
        for y, x, k in used:
            value -= k / PARTS * float(self.differences(theta, x[None], y)[0])
        value += n * problem.c_r * (regulariser(self.target) - regulariser(theta))
        return State(labels, theta, value / (problem.n_points + n), self._own.maximise(theta).upper)

    def differences(self, theta: Array, X: Array, y: int) -> Array:
        """l(theta) - l(target) of the rows, shape (k,)."""
        model, target = (self.problem.loss.value(y * self.problem.decision(t, X)) for t in (theta, self.target))
        return np.asarray(model - target)

    def added(self, state: State, copies: float) -> State:
        """``copies`` of the point of line 4 more."""
        y, x, _ = self._best(state.theta)[0]
        return self.trained({**state.labels, y: state.labels[y].with_point(x, copies)})

    def parts(self, state: State, most: int) -> State:
        """A set of as many points after at most ``most`` exchanges; labels may share a point."""
        return self._exchanged_until(state, most, whole=False)

    def settled(self, free: State, most: int) -> State:
        """Whole numbers of points near those of ``free``, after at most ``most`` exchanges within the labels."""
        whole = {y: float(round(a.mass)) for y, a in free.labels.items()}
        largest = max(whole, key=lambda y: whole[y])
        whole[largest] += round(free.size) - sum(whole.values())
        rounded = {y: a.scaled(whole[y]) if a.mass and whole[y] else a.none() for y, a in free.labels.items()}
        return self._exchanged_until(self.trained(rounded), most, whole=True)

    def _exchanged_until(self, state: State, most: int, *, whole: bool) -> State:
        best, idle = state, 0
        for _ in range(most):
            if whole and self.close(best):
                break
            after = self._exchanged(state, whole)
            if after is None:
                break
            idle = idle + 1 if after.value > state.value * (1 - PROGRESS) else 0
            state = after
            best = min(best, state, key=lambda s: s.distance if whole else s.value)
            if idle == PATIENCE:
                break
        return best

    def _best(self, theta: Array) -> list[tuple[int, Array, float]]:
        """Label, point and loss difference of the best point of each label, the better one first."""
        found = [(m.y, m.x, m.value) for m in (o.maximise(theta) for o in self.oracles.values())]
        return sorted(found, key=lambda f: -f[2])

    def _exchanged(self, state: State, whole: bool) -> State | None:
        """The set after the most promising pairwise step that lowers the value; ``whole``: within a label."""
        held = {y: self.differences(state.theta, a.X, y) for y, a in state.labels.items() if a.mass}
        steps = []
        for y_in, x, value in self._best(state.theta):
            for y_out, differences in held.items():
                if y_in == y_out or not whole:
                    out = int(differences.argmin())
                    steps.append((value - float(differences[out]), y_in, x, y_out, out))
        for gain, y_in, x, y_out, out in sorted(steps, key=lambda s: -s[0]):
            if gain > 0:
                after = self._shifted(state, y_in, x, y_out, out)
                if after is not None and after.value < state.value:
                    return after
        return None

    def _shifted(self, state: State, y_in: int, x: Array, y_out: int, out: int) -> State | None:
        """As much of the outgoing row's mass to the point as the derivative's sign allows."""
        leaving = state.labels[y_out].X[out]
        low, high, found = 0.0, float(state.labels[y_out].masses[out]), None
        mass = high
        for _ in range(BISECTIONS):
            labels = {**state.labels, y_out: state.labels[y_out].less(out, mass)}
            labels[y_in] = labels[y_in].with_point(x, mass)
            after = self.trained(labels)
            gain = self.differences(after.theta, x[None], y_in) - self.differences(after.theta, leaving[None], y_out)
            if gain[0] >= 0:
                found, low = after, mass
                if mass == high:
                    break
            else:
                high = mass
            mass = 0.5 * (low + high)
        return found

    def placed(self, state: State) -> tuple[Array, Array]:
        """The points X (n, d), y (n,): the means, or integer points of nearly the same sums."""
        problem, domain, parts, y = self.problem, self.problem.domain.boxed, [np.zeros((0, self.problem.d))], []
        for label, atoms in state.labels.items():
            k = round(atoms.mass)
            if k and domain is not None and domain.integer.any():
                parts.append(split(problem, domain, state.theta, label, k, k * atoms.mean))
            elif k:
                parts.append(np.tile(atoms.mean, (k, 1)))
            y += [float(label)] * k
        return np.vstack(parts), np.array(y)

    def close(self, state: State) -> bool:
        """Do the points bring the model within epsilon, after rounding where features are integers?"""
        if state.distance > self.epsilon or self.problem.domain.convex:
            return state.distance <= self.epsilon
        trainer = make_trainer(self.problem)
        trainer.add_many(*self.placed(state))
        return self._own.maximise(trainer.fit().theta).upper <= self.epsilon

    def fewest(self, first: float | None, most: int | None, exchanges: int) -> State:
        """The smallest set found that is close, or the closest of at most ``most`` points.

        ``first``: the size to begin with.
        """
        before = free = best = self.start()
        size, idle = max(1, int(first or 0)), 0
        if most is not None:
            size = most if self.epsilon == 0 else min(size, most)
        while not self.close(best) and idle < GROWTHS:
            before = free
            free = self.parts(self.added(free, size - free.size), exchanges)
            whole = best
            if free.distance <= NEAR * self.epsilon or size == most:
                whole = self.settled(free, exchanges)
            idle = 0 if min(free.distance, whole.distance) < min(before.distance, best.distance) else idle + 1
            best = min(best, whole, key=lambda s: s.distance)
            if size == most:
                break
            size += max(1, int(GROWTH * size))
            size = size if most is None else min(size, most)
        return self._fewer(before, best, exchanges) if self.close(best) and best.size else best

    def _fewer(self, low: State, high: State, exchanges: int) -> State:
        """By bisection between a size that was not enough and one that was."""
        while high.size - low.size > 1.5:
            free = self.parts(self.added(low, round(high.size - low.size) // 2), exchanges)
            whole = self.settled(free, exchanges)
            if self.close(whole):
                high = whole
            else:
                low = free
        return high


@dataclass(frozen=True)
class Exchange(Attack):
    """The online attack with exchanges: points that are there give way to better ones before more are added.

    ``exchanges``: most exchanges with one number of points. For an epsilon the smallest number of points for which they
    reach it, found by adding a tenth at a time and bisection; with ``max_points`` alone the closest set of so many.
    Hinge loss. The run has two rows, the clean model and the model trained on all points.
    """

    exchanges: int = 25

    name = "exchange"
    requires = Requires(losses=("hinge",), goals=(Target,))

    def __post_init__(self) -> None:
        if self.exchanges < 1:
            raise InputError(f"exchanges = {self.exchanges}: give an integer >= 1")

    def points(self, goal: Goal, budget: Budget) -> Points:
        assert isinstance(goal, Target)
        sets = Exchanges(goal, budget.epsilon)
        found = sets.fewest(budget.row.lower_bound, budget.max_points, self.exchanges)
        if round(found.size):
            yield Batch(*sets.placed(found))
        return Ending(None if sets.close(found) or round(found.size) == budget.max_points else "stalled")


__all__ = ["Exchange"]
