r"""The paper's cheaper steps, as attacks of their own and as trainers and oracles.

* :class:`OnlineGradient`, :class:`GradientDescentTrainer`: online gradient descent instead of retraining (section 4.1).
* :class:`OnlineApproximate`, :class:`ApproximateOracle`: a point with a share of the maximal loss difference
  (appendix D.2).
* :class:`OnlineVertex`, :func:`vertex_oracle`: vertices of the domain only, the step behind the paper's logistic runs
  on 0/1 features.

The attacks find their points by the cheaper step, and their victim is trained and measured exactly. The trainers and
oracles as arguments of :meth:`.base.Attack.run` make the cheaper step the measured one, as the claims about it need.
Several copies in each round are the option ``copies`` of :class:`.online.Online`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import inputs
from ..domains import labelled
from ..errors import InputError
from ..goal import Goal, Target
from ..losses import Array
from ..problem import Problem, regulariser
from ..shadow import Maximiser, Oracle
from ..training import Fit, train
from ..training.rows.store import PointSet
from .base import Attack, Batch, Budget, Requires

#: Halvings of the interval that holds the least useful admissible point.
BISECTIONS = 60


class GradientDescentTrainer:
    r"""Online gradient descent in place of exact training.

    The clean model :math:`\theta_0` is exact. The k-th added point z moves the model along a subgradient of its own
    summand :math:`f_k(\theta) = \ell(\theta; z) + C_R R(\theta)`, in O(d):

    .. math:: \theta_k = \theta_{k-1} - \frac{1}{C_R\,(N+k)}\,g_k,\qquad g_k\in\partial f_k(\theta_{k-1}).

    With this step the online guarantee holds: for every model u and every order of points, with F_0 the clean sum,

    .. math:: F_0(\theta_0) + \sum_{k\le T} f_k(\theta_{k-1}) - \Bigl(F_0(u) + \sum_{k\le T} f_k(u)\Bigr)
              \le \sum_{k\le T}\frac{|g_k|^2}{2\,C_R\,(N+k)},

    so the mean regret is O(log T / T). It bounds the losses met on the way; the last model need not minimise the
    objective, because clean points never change their share in it. Each fit adds one pass over the data, which
    evaluates the objective and, by strong convexity, a gap: :math:`P-\min P\le|\partial P|^2/(2C_R)`. For the hinge the
    bound stays away from 0. Source: section 4.1; Hazan, Agarwal and Kale 2007.
    """

    engine = "gradient_descent"

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.points = PointSet(problem)
        #: Row and number of copies of each call of ``add``, in order: the path of the descent.
        self._path: list[tuple[int, int]] = []
        self._theta = train(problem).theta

    @property
    def theta(self) -> Array:
        """The model after the steps so far, without a pass over the data; a step makes another array."""
        return self._theta

    @property
    def n_points(self) -> int:
        """Points of the multiset, with multiplicity."""
        return self.points.n_points

    def add(self, x: Array, y: int, copies: int = 1) -> None:
        """Multiset union with ``copies`` of the point (x, y); one step for each copy."""
        before = self.points.n_points
        row = self.points.add(x, y, copies)
        self._path.append((row, copies))
        self._descend(row, copies, before)

    def add_many(self, X: ArrayLike, y: ArrayLike, counts: ArrayLike | None = None) -> None:
        """The rows of X one after the other, each ``counts`` times."""
        rows = np.atleast_2d(np.asarray(X, dtype=np.float64))
        labels = np.asarray(y).reshape(-1)
        times = np.ones(labels.size, dtype=np.int64) if counts is None else np.asarray(counts).reshape(-1)
        self.points.check_many(rows, labels, times)
        for x, label, k in zip(rows, labels.tolist(), times.tolist(), strict=True):
            if k:
                self.add(x, int(label), int(k))

    def set_counts(self, counts: ArrayLike) -> None:
        """Give the clean rows other multiplicities: the exact model of those, then the same steps."""
        self.points.set_counts(counts)
        clean, p = self.points.counts[: self.points.n_clean], self.problem
        again = Problem(p.X, p.y, p.loss, p.c_r, p.domain, bias=p.bias, counts=clean.astype(np.int64), scale=p.scale)
        self._theta = train(again).theta
        n = again.n_points
        for row, copies in self._path:
            self._descend(row, copies, n)
            n += copies

    def rebuild(self) -> None:
        """Nothing to forget: a fresh trainer given the same points in the same order takes the same steps."""

    def fit(self) -> Fit:
        """The model after the steps so far, with its objective and an upper bound of its gap; no tolerance applies."""
        problem, points, theta = self.problem, self.points, self._theta
        margins, n = points.margins(theta), self.n_points
        objective = float(problem.loss.value(margins) @ points.counts) / n + problem.c_r * regulariser(theta)
        slopes = np.asarray(problem.loss.slope(margins)) * points.counts
        residual = problem.c_r * theta - points.combine(slopes) / n
        return Fit(theta.copy(), objective, float(residual @ residual) / (2.0 * problem.c_r), n, 1, self.engine)

    def full_gap(self) -> float:
        """The bound of the gap, by a pass over all rows."""
        return self.fit().gap

    def _descend(self, row: int, copies: int, before: int) -> None:
        """Steps on ``copies`` of an added row; ``before`` points precede them."""
        x = self.points.added[row - self.points.n_clean]
        z = self.points.labels[row] * (np.append(x, 1.0) if self.problem.bias else x)
        for n in range(before + 1, before + copies + 1):
            slope = float(self.problem.loss.slope(float(z @ self._theta)))
            # theta - (C_R theta - psi(m) z) / (C_R n)
            self._theta = (1.0 - 1.0 / n) * self._theta + (slope / (self.problem.c_r * n)) * z


class ApproximateOracle:
    r"""A point of the domain whose loss difference is at least ``alpha`` times the maximum, and not much more.

    On the way from the point :math:`x_0` that the current model likes best to the exact maximiser :math:`x^*`,
    label fixed, the value ends at the maximum. The first place with at least alpha times the maximum is returned: on
    convex domains by bisection of the segment, on integer ones feature by feature (group by group), each step one
    whole move. Deterministic. ``value`` is that of the point returned, ``upper`` still bounds the true maximum.

    Raises InputError for alpha outside (0, 1]. Source: appendix D.2 (claim approximate-oracle).
    """

    def __init__(self, problem: Problem, target: ArrayLike, alpha: float) -> None:
        if not 0.0 < alpha <= 1.0:
            raise InputError(f"alpha = {alpha!r}: give a number in (0, 1]")
        self.problem, self.alpha = problem, alpha
        self.target = problem.check_theta(target, "target")
        self.exact = Oracle(problem.loss, problem.domain, self.target, bias=problem.bias)
        self._domains = dict(labelled(problem.domain))

    def maximise(self, theta: ArrayLike) -> Maximiser:
        """A point for the model ``theta`` (dim,) with alpha * maximum <= value <= maximum."""
        model = self.problem.check_theta(theta)
        best = self.exact.maximise(model)
        # Against the upper end of the enclosure, so that the share is of the true maximum. A value below it by
        # rounding (alpha near 1) or not positive: the maximiser itself.
        goal = self.alpha * best.upper
        if best.value <= 0 or best.value < goal:
            return best
        weights, _ = self.problem.split(model)
        start = self._domains[best.y].support(best.y * weights)[1]
        box = self._domains[best.y].boxed
        way = self._segment if box is None or not box.integer.any() else self._whole_moves
        x = way(model, start, best, goal)
        value = self._value(model, x, best.y)
        # The exact search proved that some point attains best.lower, wherever this one stands.
        return Maximiser(x, best.y, value, best.lower, best.upper, "heuristic")

    def _value(self, theta: Array, x: Array, y: int) -> float:
        problem = self.problem
        return problem.point_loss(theta, x, y) - problem.point_loss(self.target, x, y)

    def _segment(self, theta: Array, start: Array, best: Maximiser, goal: float) -> Array:
        """Bisection: the value is below the goal at ``low`` (or low = 0) and reaches it at ``high``."""
        low, high = 0.0, 1.0
        for _ in range(BISECTIONS):
            t = 0.5 * (low + high)
            if self._value(theta, self._between(start, best.x, t), best.y) >= goal:
                high = t
            else:
                low = t
        return self._between(start, best.x, high)

    @staticmethod
    def _between(start: Array, end: Array, t: float) -> Array:
        """Point at the fraction t, within the two ends in every feature."""
        x = (1.0 - t) * start + t * end
        return np.clip(x, np.minimum(start, end), np.maximum(start, end))

    def _whole_moves(self, theta: Array, start: Array, best: Maximiser, goal: float) -> Array:
        """The first of the points that lead from ``start`` to the maximiser by whole moves and reaches the goal."""
        x = start.copy()
        for move in self._moves(best.y):
            if self._value(theta, x, best.y) >= goal:
                return x
            x[move] = best.x[move]
        return best.x.copy()

    def _moves(self, y: int) -> list[NDArray[np.intp]]:
        """Features that move together: groups, and every other feature alone."""
        domain = self._domains[y].boxed
        assert domain is not None
        groups = domain.group_members()
        grouped = np.zeros(domain.dim, dtype=bool)
        for members in groups:
            grouped[members] = True
        return [*groups, *(np.array([j]) for j in np.flatnonzero(~grouped))]


def vertex_oracle(problem: Problem, target: ArrayLike) -> Oracle:
    """The best vertex of the relaxed domain's chain, heuristic; on a 0/1 domain what the paper's logistic runs add."""
    return Oracle(
        problem.loss, problem.domain, problem.check_theta(target, "target"), bias=problem.bias, method="vertex"
    )


@dataclass(frozen=True)
class OnlineGradient(Attack):
    """Algorithm 1 with one step of online gradient descent in place of each retraining."""

    name = "online-gradient"
    requires = Requires(goals=(Target,), linear=True)
    resumable = True

    def points(self, goal: Goal, budget: Budget) -> Iterator[Batch]:
        assert isinstance(goal, Target)
        own = GradientDescentTrainer(goal.problem)
        if budget.spent:
            own.add_many(budget.X, budget.y)
        while True:
            worst = goal.oracle.maximise(own.theta)
            own.add(worst.x, worst.y)
            yield Batch(worst.x, worst.y)


@dataclass(frozen=True)
class OnlineApproximate(Attack):
    """Algorithm 1 with a point of at least ``alpha`` times the largest loss difference, and not much more."""

    alpha: float = 0.5

    name = "online-approximate"
    requires = Requires(goals=(Target,), linear=True)
    resumable = True

    def __post_init__(self) -> None:
        inputs.real("alpha", self.alpha, above=0, high=1)

    def points(self, goal: Goal, budget: Budget) -> Iterator[Batch]:
        assert isinstance(goal, Target)
        oracle = ApproximateOracle(goal.problem, goal.theta, self.alpha)
        while True:
            found = oracle.maximise(budget.theta)
            yield Batch(found.x, found.y)


@dataclass(frozen=True)
class OnlineVertex(Attack):
    """Algorithm 1 with the best vertex of the domain in place of its best point."""

    name = "online-vertex"
    requires = Requires(goals=(Target,), linear=True)
    resumable = True

    def points(self, goal: Goal, budget: Budget) -> Iterator[Batch]:
        assert isinstance(goal, Target)
        oracle = vertex_oracle(goal.problem, goal.theta)
        while True:
            found = oracle.maximise(budget.theta)
            yield Batch(found.x, found.y)


__all__ = [
    "ApproximateOracle",
    "GradientDescentTrainer",
    "OnlineApproximate",
    "OnlineGradient",
    "OnlineVertex",
    "vertex_oracle",
]
