r"""The one-dimensional hinge world in exact rational arithmetic.

One feature, no bias, hinge loss, :math:`R(\theta) = \frac12\theta^2`. A labelled point (x, y) enters only
through its signed feature s = y x, so data are multisets of rationals and the domain X x Y is a union of
intervals of s. Everything here is a :class:`fractions.Fraction`: training, distance, Algorithm 1, gamma and
regret carry no rounding at all, so an inequality that fails here is false.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import inf

from .errors import InputError

Interval = tuple[Fraction, Fraction]
ZERO, ONE = Fraction(0), Fraction(1)


def hinge(theta: Fraction, s: Fraction) -> Fraction:
    r"""Loss :math:`(1 - \theta s)_+`."""
    return max(ZERO, 1 - theta * s)


def regulariser(theta: Fraction) -> Fraction:
    r""":math:`R(\theta) = \frac12\theta^2`."""
    return theta * theta / 2


def erm(data: Iterable[Fraction], c: Fraction) -> Fraction:
    r"""Exact minimiser of :math:`\sum_i (1-\theta s_i)_+ + n c\,\theta^2/2`, unique since c > 0.

    The subdifferential :math:`n c\,\theta - \sum_{\theta s_i < 1} s_i` (with the kinks filled in) is increasing; the
    scan over the sorted kinks :math:`1/s_i` finds its zero.
    """
    points = list(data)
    if not points:
        raise InputError("erm: no data; give at least one point")
    weight = len(points) * c
    kinks = sorted({1 / s for s in points if s != 0})
    edges: list[Fraction | float] = [-inf, *kinks, inf]
    for left, right in pairwise(edges):
        # On (left, right) the active set is constant: those with theta s < 1.
        inner = _between(left, right)
        theta = sum((s for s in points if inner * s < 1), ZERO) / weight
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
    """Algorithm 1, exactly: ``thetas[k]`` is trained on the clean data and the first k of ``poison``."""

    problem: RationalProblem
    target: Fraction
    thetas: tuple[Fraction, ...]
    poison: tuple[Fraction, ...]

    def regret(self) -> tuple[Fraction, ...]:
        r"""Partial sums of :math:`\delta_j = \Phi_j(\theta_j) - \Phi_j(\theta_{j+1})`, j = 1..T; entry 0 is 0."""
        total, sums = ZERO, [ZERO]
        for j in range(1, len(self.poison) + 1):
            total += self._phi(j, self.thetas[j - 1]) - self._phi(j, self.thetas[j])
            sums.append(total)
        return tuple(sums)

    def _phi(self, j: int, theta: Fraction) -> Fraction:
        extra = sum((hinge(theta, s) for s in self.poison[:j]), ZERO) + j * self.problem.c * regulariser(theta)
        return self.problem.potential(theta) + extra


def attack(problem: RationalProblem, target: Fraction, points: int) -> RationalRun:
    """Algorithm 1 for ``points`` rounds, one copy per round."""
    thetas, poison = [problem.clean_model()], []
    for _ in range(points):
        poison.append(problem.maximiser(thetas[-1], target))
        thetas.append(erm([*problem.data, *poison], problem.c))
    return RationalRun(problem, target, tuple(thetas), tuple(poison))


def fractions(values: Sequence[int | str | Fraction]) -> tuple[Fraction, ...]:
    """Rationals from integers or strings such as '3/10'."""
    return tuple(Fraction(v) for v in values)


__all__ = ["RationalProblem", "RationalRun", "attack", "erm", "fractions", "hinge", "regulariser"]
