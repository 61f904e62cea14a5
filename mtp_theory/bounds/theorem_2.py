r"""Theorem 2: lower bounds on the number of poisoning points, at a model and in the limit at the target.

.. math:: z(\theta) = \frac{F_0(\theta_p) - F_0(\theta)}{S(\theta, \theta_p) + C_R (R(\theta) - R(\theta_p))},
          \qquad S(a, b) = \max_{z} \ell(a; z) - \ell(b; z).

A lower bound needs an *upper* bound of the inner maximum S, never a point that a search found. The
supremum of z over all models is the fractional minimum t* (:mod:`mtp_theory.convex_set`).
"""

from __future__ import annotations

from math import inf, nan

from numpy.typing import ArrayLike

from ..errors import InputError
from ..problem import Problem


def theorem_2_value(problem: Problem, target: ArrayLike, theta: ArrayLike, upper: float) -> float:
    r"""z(theta) with ``upper`` :math:`\ge S(\theta, \theta_p)` in the denominator; shapes (dim,).

    Let num be the numerator and den the denominator with ``upper``. den > 0: num / den (negative when theta is
    worse than the target on the clean data: no information). den <= 0 < num: +inf, no set of points makes the
    target optimal. Otherwise NaN: the model says nothing. Source: Theorem 2, with the case
    of a non-positive denominator repaired.
    """
    t, p = problem.check_theta(theta), problem.check_theta(target, "target")
    if not upper > -inf:
        raise InputError(f"upper bound of the loss difference: {upper!r}; give a number or +inf")
    # differences first: both potentials are large and nearly equal close to the target
    losses = problem.loss.value(problem.margins(p)) - problem.loss.value(problem.margins(t))
    heavier = 0.5 * float((t - p) @ (t + p))
    return ratio(float(losses @ problem.counts) - problem.c_r_total * heavier, upper + problem.c_r * heavier)


def ratio(numerator: float, denominator: float) -> float:
    """z of Theorem 2 from its numerator and an upper bound of its denominator; +inf and NaN as in theorem_2_value."""
    if denominator > 0:
        return numerator / denominator
    return inf if numerator > 0 else nan


def direction_bound(
    problem: Problem, target: ArrayLike, direction: ArrayLike, *, kink_tolerance: float | None = None
) -> float:
    r""":math:`\lim_{s \to 0^+} z(\theta_p + s h)` along h = ``direction``, shape (dim,).

    At least z at any model on that ray, and at most t*. 0 where the limit is not positive, +inf where
    it proves the target unattainable from these data. Clean rows within ``kink_tolerance`` of a kink (default:
    that of the convex set) count as lying on it; give 0 for the bound of the target as it stands.
    """
    # the convex set and its linear programmes are loaded only where they are used: attacks need the ratio alone
    from ..convex_set import KINK_TOLERANCE, clean_gradient, dual_bound, price

    p = problem.check_theta(target, "target")
    h = problem.check_theta(direction, "direction")
    clean = clean_gradient(problem, p, KINK_TOLERANCE if kink_tolerance is None else kink_tolerance)
    return dual_bound(problem, p, clean, -h, price(problem, p, -h))


__all__ = ["direction_bound", "ratio", "theorem_2_value"]
