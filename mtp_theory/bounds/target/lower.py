r"""From a dual direction to a certified integer lower bound.

Hinge: the witness is a model :math:`\theta = \theta_p - s\lambda` with multipliers :math:`\mu_y = 1 - s m_y`. The reach
of the loss difference is then s times :math:`\max_y m_y + \max_x \langle y(\lambda - m_y\theta_p), \bar x\rangle`, and
the clean margins are linear in s, so the best s is found exactly: two integer products serve every step. Smooth losses:
the witness is the direction with one q for each label (see :mod:`mtp_theory.certificates.checker`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, inf, lcm

import numpy as np
from flint import fmpq

from ...certificates import format as write
from ...convex_set import price
from ...datasets import Dataset
from ...domains import labelled
from ...errors import UndecidedError
from ...exact.numbers import Whole, dot, fraction, precise, rational, rationals, root
from ...exact.sides import Sides
from ...losses import Array
from ...problem import Problem
from ..subject import sides_of

#: Binary digits of the direction, relative to its largest entry, and of the multipliers.
DIGITS = 40
#: Steps s tried: 2^-k and 3 * 2^-k. A float target's support vectors lie off the margin by 1e-10 (2^-33); the literal
#: bound of such a target needs steps below that.
SMALLEST_STEP = 64
#: Relative rises of the smooth losses' reach above its float value until the exact condition holds.
RISES = (1e-13, 1e-11, 1e-9, 1e-7, 1e-5, 1e-3)
#: Steps of the golden-section searches; each shrinks the interval by 0.618.
GOLDEN_STEPS = 90


@dataclass(frozen=True, eq=False)
class LowerBound:
    """``numerator`` <= n * ``denominator`` for every n points that reach the target, and the witness of it.

    ``points``: the certified integer, None where no number of points suffices.
    """

    numerator: Fraction
    denominator: Fraction
    witness: write.BoundWitness

    @property
    def value(self) -> float:
        """The ratio; 0 where it says nothing, inf where the target is unattainable."""
        if self.numerator <= 0:
            return 0.0
        return float(self.numerator / self.denominator) if self.denominator > 0 else inf

    @property
    def points(self) -> int | None:
        """The certified integer."""
        if self.numerator <= 0:
            return 0
        return ceil(self.numerator / self.denominator) if self.denominator > 0 else None

    def certificate(self, subject: write.Subject) -> write.Certificate:
        """The sealed certificate."""
        kind = "unattainable" if self.points is None else "lower_bound"
        return write.certificate(subject, kind, self.points, self.witness)


def certified_lower(problem: Problem, data: Dataset, subject: write.Subject, direction: Array) -> LowerBound:
    """The best bound that the direction (dim,) gives, established exactly. Raises UndecidedError where none closes."""
    target = np.array([float(t) for t in subject.target])
    largest = float(np.abs(direction).max())
    if not 0 < largest < inf:
        raise UndecidedError("lower bound: the dual direction is zero")
    unit = 1 << DIGITS
    lam = [Fraction(round(float(v) / largest * unit), unit) for v in direction]
    find = _hinge if subject.loss == "hinge" else _smooth
    with precise():
        return find(problem, sides_of(data, subject), target, lam)


def _hinge(problem: Problem, sides: Sides, target: Array, lam: list[Fraction]) -> LowerBound:
    rows, hull = sides.rows, sides.hull
    p, direction = rationals(sides.target), rationals(lam)
    along, flat = np.array([float(v) for v in lam]), 1 << DIGITS
    slopes, reach = {}, fmpq(0)
    for y, part in labelled(problem.domain.relaxation):
        m = Fraction(round(_slope(problem, part.support, y, along, target) * flat), flat)
        form = [a - rational(m) * b for a, b in zip(direction, p, strict=True)]
        slopes[y] = m
        reach = max(reach, rational(m) + sides.height(form, y))
    a, b = rows.products([Whole.of(sides.target), Whole.of(lam)])
    common = lcm(*(int(v.q) for v in a), *(int(v.q) for v in b))
    room = [common - int(v * common) for v in a]
    drop = [int(v * common) for v in b]
    c, rho = rational(sides.c_r), rational(sides.radius)
    inner, square = dot(p, direction), dot(direction, direction)
    length = root(square)
    if rho:
        # the model that is reached moves both margins of a row together: the worse end
        shifts = [int(rho * v * common) + 1 for v in map(root, rows.squares())]
        room = [r + e if s >= 0 else r - e for r, s, e in zip(room, drop, shifts, strict=True)]
    far = rho * hull.largest_norm(sides.bias)
    clean = sum(v for v in room if v > 0)
    best: tuple[fmpq, fmpq] | None = None
    for k in range(2 * SMALLEST_STEP):
        step = fmpq(1, 1 << k // 2) * (1 if k % 2 == 0 else fmpq(3, 4))
        if any(step * rational(m) > 1 for m in slopes.values()):
            continue
        p_, q_ = int(step.p), int(step.q)
        moved = sum(v for v in (q_ * r + p_ * s for r, s in zip(room, drop, strict=True)) if v > 0)
        fall = step * (inner - rho * length - step * square / 2)
        numerator = fmpq(q_ * clean - moved, q_ * common) + rows.n * c * fall
        denominator = step * (reach + far * rational(max(slopes.values()))) - c * fall
        if numerator > 0 and denominator <= 0:
            best = (fmpq(10**30), step)
            break
        if denominator > 0 and (best is None or numerator / denominator > best[0]):
            best = (numerator / denominator, step)
    if best is None:
        raise UndecidedError("lower bound: no step along the dual direction gives a bound")
    taken = fraction(best[1])
    theta = [a - taken * b for a, b in zip(sides.target, lam, strict=True)]
    mu = {y: 1 - taken * m for y, m in slopes.items()}
    return LowerBound(*sides.hinge(theta, mu), write.hinge_bound_witness(theta, mu))


Support = Callable[[Array], tuple[float, Array]]


def _height(problem: Problem, support: Support, y: int, form: Array) -> float:
    """max over x of y <form, (x, 1)>."""
    w, constant = problem.split(y * form)
    return support(w)[0] + constant


def _slope(problem: Problem, support: Support, y: int, lam: Array, p: Array) -> float:
    """m >= 0 that minimises m + max over x of y <lam - m p, (x, 1)>: convex and piecewise linear."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = lam / p
    kinks = np.unique(np.append(ratios[np.isfinite(ratios) & (ratios > 0)], 0.0))

    def height(m: float) -> float:
        return m + _height(problem, support, y, lam - m * p)

    low, high = 0, kinks.size - 1
    while high - low > 3:
        left, right = low + (high - low) // 3, high - (high - low) // 3
        if height(float(kinks[left])) <= height(float(kinks[right])):
            high = right
        else:
            low = left
    return min((float(m) for m in kinks[low : high + 1]), key=height)


def _smooth(problem: Problem, sides: Sides, target: Array, lam: list[Fraction]) -> LowerBound:
    along = np.array([float(v) for v in lam])
    reach = max(price(problem, target, along).upper, 0.0)
    q = {1: 0.0, -1: 0.0}
    for y, part in labelled(problem.domain.relaxation):
        support = part.support
        if _height(problem, support, y, along) <= 0:
            continue
        low = -_height(problem, support, -y, target)
        high = _height(problem, support, y, target)
        q[y] = (_logistic_q if sides.loss == "logistic" else _squared_q)(
            problem, support, y, along, target, reach, low, high
        )
    exactly = {y: Fraction(v) for y, v in q.items()}
    for rise in RISES:
        # a little more than the float value, until the exact condition holds
        shown = Fraction(reach * (1 + rise) + rise * 1e-9)
        if sides.reach_holds(lam, exactly, shown):
            return LowerBound(*sides.smooth(lam, exactly, shown), write.smooth_bound_witness(lam, exactly, shown))
    raise UndecidedError("lower bound: the reach of the direction is not confirmed")


def _golden(f: Callable[[float], float], low: float, high: float) -> float:
    """Minimiser of a quasi-convex function on an interval."""
    ratio = (5**0.5 - 1) / 2
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    fa, fb = f(a), f(b)
    for _ in range(GOLDEN_STEPS):
        if fa <= fb:
            high, b, fb = b, a, fa
            a = high - ratio * (high - low)
            fa = f(a)
        else:
            low, a, fa = a, b, fb
            b = low + ratio * (high - low)
            fb = f(b)
    return 0.5 * (low + high)


#: Tangent points are sought between -FARTHEST and FARTHEST: beyond them the logistic slope is 0 or 1 in float64, and
#: e^v overflows soon after.
FARTHEST = 200.0


def _logistic_q(
    problem: Problem, support: Support, y: int, lam: Array, p: Array, reach: float, low: float, high: float
) -> float:
    """q = reach e^v for the tangent point v that makes p(q) + q ln(q / reach) - q least; quasi-convex in v."""

    def slack(v: float) -> float:
        q = reach * float(np.exp(v))
        return _height(problem, support, y, lam - q * p) + q * v - q

    return reach * float(np.exp(_golden(slack, *np.clip([low, high], -FARTHEST, FARTHEST).tolist())))


#: Smallest multiplier that is divided by.
SMALLEST = 1e-150


def _squared_q(
    problem: Problem, support: Support, y: int, lam: Array, p: Array, reach: float, low: float, high: float
) -> float:
    """q = reach / (2 u^2), u = 1 - v the tangent point, that makes (p(q) + q)^2 / (2 q) least."""
    if reach == 0.0:
        return 0.0
    widest = max(1.0 - low, 1e-6)

    def needed(log_u: float) -> float:
        # a subnormal q would make the quotient below infinite or undefined
        q = max(reach / (2.0 * float(np.exp(2 * log_u))), SMALLEST)
        top = _height(problem, support, y, lam - q * p) + q
        return max(top, 0.0) ** 2 / (2 * q)

    return reach / (2.0 * float(np.exp(2 * _golden(needed, np.log(widest) - 12.0, np.log(widest)))))


__all__ = ["LowerBound", "certified_lower"]
