r"""lambda*: how much more regularisation the target could survive, and with it gamma.

.. math:: \lambda^*(\theta_p) = \sup\{\lambda : -\lambda\theta_p \in K\}, \qquad \gamma = 1 - C_R/\lambda^*.

K meets the target's line in an interval, and the target is :math:`C_R`-attainable (by a measure; by a
multiset after rounding) exactly if :math:`C_R` lies in it. Where both labels have one domain
the interval contains 0, because z and its label flip cancel. Source: Lemma 2 of the paper, repaired and
sharpened (gamma is decided locally, by K).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from ..errors import UndecidedError
from ..losses import Array
from ..problem import Problem
from ..result import Enclosure
from .cells import Cell, domain_kind
from .mixture import Mixture
from .points import PointProgramme
from .pricing import Price, price
from .programme import Extra, Programme, Solution
from .refinement import TwoSided, first_cells, minimise, not_crossed

#: Width of the enclosure, relative to lambda*, at which the refinement for a smooth loss stops.
LAMBDA_TOLERANCE = 1e-6

#: The same for the points of a domain that is not convex, where each round adds single points.
POINTS_TOLERANCE = 1e-4

#: Residual, relative to the largest entry of K that occurs, below which a float64 mixture counts as
#: hitting the target's line: a thousand times HiGHS's feasibility tolerance.
RESIDUAL_TOLERANCE = 1e-7


@dataclass(frozen=True, eq=False)
class LambdaStar(Enclosure):
    r"""Enclosure of :math:`\lambda^*` with what proves each side.

    ``lower``: ``mixture`` (total mass 1) has resultant lower * theta_p up to ``residual``, the largest entry
    of the difference.
    ``upper``: every point of -K satisfies <direction, .> <= U, so upper = U / <direction, theta_p>, evaluated in
    float64 with the upper bound of the pricing. ``value`` is the lower side. Infinite ends: +inf at
    theta_p = 0 in K, -inf when no multiple of the target is in K (or none was found). ``kind``: "exact" for
    a convex domain; for another "relaxed", when X's relaxation is meant and only ``upper`` holds for X, or
    "integral", when both sides hold for X itself.
    """

    kind: str
    mixture: Mixture | None
    direction: Array | None
    residual: float

    @property
    def value(self) -> float:
        """The side to rely on: what a mixture attains."""
        return self.lower


@dataclass(frozen=True, eq=False)
class Gamma(Enclosure):
    r""":math:`\gamma = 1 - C_R/\lambda^*` and whether the target is :math:`C_R`-attainable.

    ``value`` comes from the value of ``lambda_star``; 0 when the target is extremal (lambda* = C_R up to the
    tolerance), negative or -inf when it is not attainable. ``attainable``: "yes" when
    C_R is inside the enclosed interval, "no" when outside of it, "undecided" when the enclosure's
    width does not settle it (always so for extremal targets whose ends are not exact in float64).
    """

    value: float
    lambda_star: LambdaStar
    attainable: str
    extremal: bool


def lambda_star(
    problem: Problem, target: ArrayLike, *, tolerance: float | None = None, integral: bool = False
) -> LambdaStar:
    r""":math:`\lambda^* = \sup\{\lambda : -\lambda\theta_p \in K\}` with mixture and dual direction.

    Hinge and piecewise-linear losses: one linear programme (second-order for an l2 ball). Other losses: slices,
    until both sides are within ``tolerance`` (relative; default LAMBDA_TOLERANCE) or no progress. ``integral``: on
    a domain that is not convex, both sides over its own points (default POINTS_TOLERANCE) instead of the
    relaxation. Raises UndecidedError when a solver fails.
    """
    return _end(problem, problem.check_theta(target, "target"), 1.0, tolerance, integral)


def gamma(problem: Problem, target: ArrayLike, *, tolerance: float | None = None) -> Gamma:
    r""":math:`\gamma = 1 - C_R/\lambda^*`, its proved lower side and the attainability of the target.

    Everything is about X itself: on a domain that is not convex the sides come from its own points.
    """
    theta = problem.check_theta(target, "target")
    c, width = problem.c_r, LAMBDA_TOLERANCE if tolerance is None else tolerance
    top = _end(problem, theta, 1.0, tolerance, True)
    extremal = np.isfinite(top.value) and min(abs(top.lower - c), abs(top.upper - c)) <= width * c
    attainable = "undecided"
    if top.upper < c:
        attainable = "no"
    elif _contains_zero(problem):
        attainable = "yes" if top.lower >= c else "undecided"
    else:
        # without label flips the interval's other end may lie above C_R
        bottom = _end(problem, theta, -1.0, tolerance, True)
        if -bottom.upper > c:
            attainable = "no"
        elif top.lower >= c and -bottom.lower <= c:
            attainable = "yes"
    value = 0.0 if extremal else _gamma(c, top.value)
    return Gamma(
        _gamma(c, top.lower), _gamma(c, top.upper), value, top, attainable, bool(extremal), witness=top.mixture
    )


def _gamma(c_r: float, lam: float) -> float:
    return 1.0 - c_r / lam if lam > 0 else -inf


def _contains_zero(problem: Problem) -> bool:
    """Both labels see one domain: psi(-v) z and psi(v) times its label flip cancel, so 0 is in K."""
    return problem.domain.both_labels


def _end(problem: Problem, target: Array, sign: float, tolerance: float | None, integral: bool) -> LambdaStar:
    """The greatest lambda with -lambda * sign * target in K (sign = -1 gives minus the least one)."""
    relaxed = _relaxed_end(problem, target, sign * target, LAMBDA_TOLERANCE if tolerance is None else tolerance)
    if integral and relaxed.kind == "relaxed" and relaxed.direction is not None and relaxed.upper > -inf:
        return _over_points(
            problem, target, sign * target, relaxed, POINTS_TOLERANCE if tolerance is None else tolerance
        )
    return relaxed


def _relaxed_end(problem: Problem, target: Array, axis: Array, tolerance: float) -> LambdaStar:
    """Both sides over the cells of the convex relaxation."""
    kind = domain_kind(problem)
    if not target.any() and _contains_zero(problem):
        return LambdaStar(inf, inf, kind, None, None, 0.0)
    cells = first_cells(problem, target)
    two = _sides(problem, target, axis, cells, tolerance) if target.any() else None
    if two is None or two.solution is None:
        nearest = _nearest(problem, target, axis, cells)
        if nearest.solution is None:
            raise UndecidedError("K and the target's line: the programme of least residual has no solution")
        if nearest.bound > 0:
            return LambdaStar(-inf, -inf, kind, None, nearest.direction, nearest.solution.objective)
        if nearest.solution.objective > RESIDUAL_TOLERANCE:
            raise UndecidedError("K and the target's line: neither a common point nor a separating direction was found")
        if not target.any():
            return LambdaStar(inf, inf, kind, nearest.solution.mixture, None, nearest.solution.objective)
        two = _sides(problem, target, axis, nearest.cells, tolerance)
    if two.solution is None:
        raise UndecidedError("K and the target's line: a common point was found and lost again")
    upper = -two.bound
    lower = not_crossed(-two.solution.objective, upper)
    return _enclosure(problem, axis, lower, upper, kind, two)


def _over_points(problem: Problem, target: Array, axis: Array, relaxed: LambdaStar, tolerance: float) -> LambdaStar:
    """Both sides over the points of a domain that is not convex."""
    assert relaxed.direction is not None
    programme = PointProgramme(problem, target, _zero(problem), _zero(problem), _line(axis), total=1.0)
    two = programme.minimise(relaxed.direction, _line_bound(axis), _close(tolerance))
    upper = min(relaxed.upper, -two.bound)
    if two.solution is None:
        return LambdaStar(-inf, upper, "integral", None, two.direction, 0.0)
    return _enclosure(problem, axis, not_crossed(-two.solution.objective, upper), upper, "integral", two)


def _enclosure(problem: Problem, axis: Array, lower: float, upper: float, kind: str, two: TwoSided) -> LambdaStar:
    assert two.solution is not None
    mixture = two.solution.mixture
    mixture = mixture.scaled(1.0 / mixture.total)
    residual = float(np.abs(mixture.resultant(problem.bias) - lower * axis).max())
    lower = lower + 0.0  # no negative zero
    return LambdaStar(lower, upper, kind, mixture, two.direction, residual)


def _line(axis: Array) -> Extra:
    """The free variable lambda with column -axis, to be maximised."""
    return Extra(-axis[:, None], np.array([-1.0]), np.array([[-np.inf, np.inf]]))


def _line_bound(axis: Array) -> Callable[[Array, Price], float]:
    """-lambda >= -U(d) / <d, axis>."""

    def bound(direction: Array, priced: Price) -> float:
        along = float(direction @ axis)
        return -priced.upper / along if along > 0 else -inf

    return bound


def _close(tolerance: float) -> Callable[[float, float], bool]:
    return lambda value, best: value - best <= tolerance * abs(value)


def _sides(problem: Problem, target: Array, axis: Array, cells: list[Cell], tolerance: float) -> TwoSided:
    """minimise -lambda subject to resultant = lambda * axis, total mass 1."""

    def master(cells: list[Cell]) -> Solution | None:
        return Programme(problem, target, cells, _zero(problem), _zero(problem), _line(axis), total=1.0).solve()

    return minimise(problem, target, cells, master, _line_bound(axis), _close(tolerance))


def _nearest(problem: Problem, target: Array, axis: Array, cells: list[Cell]) -> TwoSided:
    """Least l1 distance of the target's line from -K; positive when they do not meet."""
    dim = problem.dim
    columns = np.hstack([-axis[:, None], np.eye(dim), -np.eye(dim)])
    bounds = np.vstack([[[-np.inf, np.inf]], np.tile([0.0, np.inf], (2 * dim, 1))])
    elastic = Extra(columns, np.append(0.0, np.ones(2 * dim)), bounds)

    def master(cells: list[Cell]) -> Solution | None:
        return Programme(problem, target, cells, _zero(problem), _zero(problem), elastic, total=1.0).solve()

    def bound(direction: Array, priced: Price) -> float:
        # a direction orthogonal to the line on which all of -K is negative separates the two
        normal = direction - axis * (direction @ axis) / (axis @ axis) if axis.any() else direction
        return -price(problem, target, normal).upper if not np.array_equal(normal, direction) else -priced.upper

    return minimise(problem, target, cells, master, bound, lambda value, best: value <= RESIDUAL_TOLERANCE or best > 0)


def _zero(problem: Problem) -> Array:
    return np.zeros(problem.dim)


__all__ = ["LAMBDA_TOLERANCE", "POINTS_TOLERANCE", "Gamma", "LambdaStar", "gamma", "lambda_star"]
