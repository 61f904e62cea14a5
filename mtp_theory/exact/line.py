r"""The one-dimensional hinge world in exact rational arithmetic.

One feature, no bias, hinge loss, :math:`R(\theta) = \frac12\theta^2`. A labelled point (x, y) enters only
through its signed feature s = y x, so data are multisets of rationals and the domain X x Y is a union of
intervals of s. Everything here is a :class:`fractions.Fraction`: training, distance, Algorithm 1, gamma and
regret carry no rounding at all, so an inequality that fails here is false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import inf

from ..errors import InputError

Interval = tuple[Fraction, Fraction]
ZERO, ONE = Fraction(0), Fraction(1)


def hinge(theta: Fraction, s: Fraction) -> Fraction:
    r"""Loss :math:`(1 - \theta s)_+`."""
    return max(ZERO, 1 - theta * s)


def regulariser(theta: Fraction) -> Fraction:
    r""":math:`R(\theta) = \frac12\theta^2`."""
    return theta * theta / 2


def erm(data: Iterable[Fraction], c: Fraction) -> Fraction:
    r"""Exact minimiser of :math:`\sum_i (1-\theta s_i)_+ + n c\,\theta^2/2`, unique since c > 0."""
    points = list(data)
    if not points:
        raise InputError("erm: no data; give at least one point")
    return minimise(points, len(points) * c)


def minimise(points: Sequence[Fraction], curvature: Fraction, linear: Fraction = ZERO) -> Fraction:
    r"""Exact minimiser of :math:`\sum_i (1-\theta s_i)_+ + A\theta^2/2 - b\theta`; ``curvature`` A > 0, ``linear`` b.

    The subdifferential :math:`A\theta - b - \sum_{\theta s_i < 1} s_i` (with the kinks filled in) is increasing; the
    scan over the sorted kinks :math:`1/s_i` finds its zero.
    """
    kinks = sorted({1 / s for s in points if s != 0})
    edges: list[Fraction | float] = [-inf, *kinks, inf]
    for left, right in pairwise(edges):
        # On (left, right) the active set is constant: those with theta s < 1.
        inner = _between(left, right)
        theta = sum((s for s in points if inner * s < 1), linear) / curvature
        if theta <= left:
            # The slope is already positive just right of this kink: the kink is the zero.
            return Fraction(left)
        if theta <= right:
            return theta
    raise AssertionError("unreachable: the subdifferential changes sign")


def _between(left: Fraction | float, right: Fraction | float) -> Fraction:
    if left == -inf:
        return ZERO if right == inf else Fraction(right) - 1
    return Fraction(left) + 1 if right == inf else (Fraction(left) + Fraction(right)) / 2


@dataclass(frozen=True)
class RationalProblem:
    """Clean data (signed features), C_R and the domain of signed features.

    ``domain``: disjoint closed intervals, ascending. X = [-1, 1] or [0, 1] with both labels give [-1, 1].
    """

    data: tuple[Fraction, ...]
    c: Fraction
    domain: tuple[Interval, ...] = ((-ONE, ONE),)

    @property
    def n(self) -> int:
        """N, the number of clean points."""
        return len(self.data)

    def clean_model(self) -> Fraction:
        """theta_c."""
        return erm(self.data, self.c)

    def loss_sum(self, theta: Fraction) -> Fraction:
        """L(theta; D_c)."""
        return sum((hinge(theta, s) for s in self.data), ZERO)

    def potential(self, theta: Fraction) -> Fraction:
        """F_0 = L(theta; D_c) + N c R(theta)."""
        return self.loss_sum(theta) + self.n * self.c * regulariser(theta)

    def candidates(self, *thetas: Fraction) -> list[Fraction]:
        """Ends of the intervals and kinks 1/theta inside them: every maximum below is among these."""
        points: list[Fraction] = []
        for low, high in self.domain:
            kinks = [1 / t for t in thetas if t != 0 and low < 1 / t < high]
            points += [low, *sorted(kinks), high]
        return points

    def maximiser(self, theta: Fraction, target: Fraction) -> Fraction:
        """Signed feature that maximises the loss difference; the smallest one among ties."""
        return max(self.candidates(theta, target), key=lambda s: (hinge(theta, s) - hinge(target, s), -s))

    def distance(self, theta: Fraction, target: Fraction) -> Fraction:
        """D(theta, target) of Definition 1."""
        s = self.maximiser(theta, target)
        return hinge(theta, s) - hinge(target, s)

    def forces(self, target: Fraction) -> Interval:
        r"""The interval :math:`-K`: all s with :math:`\theta_p s \le 1`, and 0 where one has more.

        A point at margin 1 counts with every slope in [0, 1].
        """
        reach: list[Fraction] = []
        for low, high in self.domain:
            for end in (low, high):
                reach.append(end if target * end <= 1 else ZERO)
            if target != 0 and low <= 1 / target <= high:
                reach += [1 / target, ZERO]
        return min(reach), max(reach)

    def attainable(self, target: Fraction, weight: Fraction) -> bool:
        r"""Is :math:`-\lambda\theta_p \in K`: is the target a minimiser for some measure at that weight?"""
        low, high = self.forces(target)
        return low <= weight * target <= high

    def lambda_star(self, target: Fraction) -> Fraction | float:
        r""":math:`\sup\{\lambda : -\lambda\theta_p \in K\}`; inf for the zero model within reach, else -inf for it."""
        low, high = self.forces(target)
        if target == 0:
            return inf if low <= 0 <= high else -inf
        return high / target if target > 0 else low / target

    @property
    def reach(self) -> Fraction:
        """B, the largest absolute signed feature of the domain: the hinge loss is B-Lipschitz in theta."""
        return max(max(abs(low), abs(high)) for low, high in self.domain)

    @property
    def both_labels(self) -> bool:
        """Is the domain symmetric, so that every point may carry either label?"""
        return sorted((-high, -low) for low, high in self.domain) == sorted(self.domain)

    def clean_slopes(self, target: Fraction) -> Interval:
        """Left and right derivative of F_0 at the target."""
        base = self.n * self.c * target
        active = sum((s for s in self.data if target * s < 1), ZERO)
        kinks = [s for s in self.data if target * s == 1]
        # at a kink the slope of the loss runs over [-s, 0]; to the left of it theta s < 1 exactly if s > 0
        left = base - active - sum((s for s in kinks if s > 0), ZERO)
        right = base - active - sum((s for s in kinks if s < 0), ZERO)
        return left, right

    def fractional_minimum(self, target: Fraction) -> Fraction | float:
        r"""t*: least mass t with :math:`0 \in \partial F_0(\theta_p) + t\,(K + C_R\theta_p)`; inf if none."""
        left, right = self.clean_slopes(target)
        low, high = self.forces(target)
        pull = self.c * target
        if left <= 0 <= right:
            return ZERO
        if left > 0:
            return left / (high - pull) if high > pull else inf
        return -right / (pull - low) if low < pull else inf

    def gamma(self, target: Fraction) -> Fraction:
        r""":math:`\gamma = 1 - C_R/\lambda^*`, the best constant of the repaired Lemma 2.

        Negative only if the target is not attainable at C_R. (With both labels everywhere also conversely; on a
        one-label domain 0 may lie outside K, and a target attainable at :math:`\lambda^*` may not be so at C_R.)
        """
        top = self.lambda_star(target)
        if top == inf:
            return ONE
        if top <= 0:
            raise InputError(f"gamma: no positive multiple of the target {target} is attainable on this domain")
        return 1 - self.c / Fraction(top)


@dataclass(frozen=True)
class RationalRun:
    """An attack, exactly: ``thetas[k]`` is the model after k rounds; round k added ``poison[k]``, ``copies`` times.

    ``fresh[k]`` is False where a point was already in the set and set union left the set as it was.
    """

    problem: RationalProblem
    target: Fraction
    thetas: tuple[Fraction, ...]
    poison: tuple[Fraction, ...]
    copies: int = 1
    fresh: tuple[bool, ...] = ()

    @property
    def rounds(self) -> int:
        """Number of rounds."""
        return len(self.poison)

    def regret(self) -> tuple[Fraction, ...]:
        r"""Partial sums of :math:`\delta_j = \Phi_j(\theta_j) - \Phi_j(\theta_{j+1})`, j = 1..T; entry 0 is 0."""
        total, sums = ZERO, [ZERO]
        for j in range(1, self.rounds + 1):
            total += self.potential(j, self.thetas[j - 1]) - self.potential(j, self.thetas[j])
            sums.append(total)
        return tuple(sums)

    def added(self, rounds: int) -> list[Fraction]:
        """The points of the first ``rounds`` rounds, with multiplicity."""
        fresh = self.fresh or (True,) * self.rounds
        return [s for s, new in zip(self.poison[:rounds], fresh, strict=False) if new for _ in range(self.copies)]

    def potential(self, rounds: int, theta: Fraction) -> Fraction:
        r""":math:`\Phi_j(\theta)`: F_0 plus f_z of every point of the first j = ``rounds`` rounds."""
        points = self.added(rounds)
        extra = sum((hinge(theta, s) for s in points), ZERO) + len(points) * self.problem.c * regulariser(theta)
        return self.problem.potential(theta) + extra


#: Chooses the next point from (problem, current model, target).
Choice = Callable[[RationalProblem, Fraction, Fraction], Fraction]


def attack(
    problem: RationalProblem,
    target: Fraction,
    rounds: int,
    *,
    copies: int = 1,
    choose: Choice = RationalProblem.maximiser,
    union: str = "multiset",
) -> RationalRun:
    """Algorithm 1 for ``rounds`` rounds, each adding ``copies`` of the point that ``choose`` returns.

    ``union``: "multiset" (a repeated point counts again) or "set" (the literal reading of the paper's union sign).
    """
    if union not in ("multiset", "set"):
        raise InputError(f"union {union!r}; give 'multiset' or 'set'")
    data = list(problem.data)
    thetas, poison, fresh = [problem.clean_model()], [], []
    for _ in range(rounds):
        s = choose(problem, thetas[-1], target)
        new = union == "multiset" or s not in data
        if new:
            data += [s] * copies
        poison.append(s)
        fresh.append(new)
        thetas.append(erm(data, problem.c))
    return RationalRun(problem, target, tuple(thetas), tuple(poison), copies, tuple(fresh))


def fractions(values: Sequence[int | str | Fraction]) -> tuple[Fraction, ...]:
    """Rationals from integers or strings such as '3/10'."""
    return tuple(Fraction(v) for v in values)


__all__ = [
    "Choice",
    "RationalProblem",
    "RationalRun",
    "attack",
    "erm",
    "fractions",
    "hinge",
    "minimise",
    "regulariser",
]
