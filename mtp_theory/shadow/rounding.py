r"""Bounds on the rounding errors of the shadow, so that enclosures hold for real numbers.

A margin :math:`\sum_j a_j x_j + a_0` of d terms, summed in any order, errs by at most
:math:`(d + 2)\,\epsilon\,S` with :math:`S = \sum_j |a_j| \max|x_j| + |a_0|` and :math:`\epsilon = 2^{-53}` (Higham,
Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1). A vertex of the chain adds up to d steps more
on top of the first vertex; two steps whose slopes differ by less than a rounding may stand in the wrong
order, which moves a vertex by at most :math:`4\epsilon S`.
"""

from __future__ import annotations

from ..losses import Array, MarginLoss

#: Half the distance from 1 to the next float: the largest relative error of one operation.
UNIT_ROUNDOFF = 2.0**-53

#: Roundings of one margin beyond one for each term: products, widths, order of the steps, position on an edge.
EXTRA_ROUNDINGS = 16

#: Roundings of phi(u) - phi(v), in units of phi at the least margin: two values of at most 4 ulp each (the elementary
#: functions), one subtraction, and the sign of h' in a bisection, which is wrong only where h' is of that size.
VALUE_ROUNDINGS = 16


def margin_error(terms: int, magnitude: float) -> float:
    """Bound on the error of a margin on the chain: (2 d + 16) eps S, see the module."""
    return (2 * terms + EXTRA_ROUNDINGS) * UNIT_ROUNDOFF * magnitude


def magnitude(weights: Array, reach: Array, constant: float) -> float:
    r"""S = sum_j |a_j| max|x_j| + |a_0|; ``reach`` (d,) holds the max|x_j|."""
    return float(abs(weights) @ reach) + abs(constant)


def distance_slack(loss: MarginLoss, least: float, error: float) -> float:
    r"""Bound on the error of phi(u) - phi(v), margins >= ``least`` off by ``error`` in all.

    phi is convex and falls, so its slope is largest at the least margin: error * psi(least) + 16 eps phi(least).
    """
    edge = least - error
    return error * float(loss.slope(edge)) + VALUE_ROUNDINGS * UNIT_ROUNDOFF * abs(float(loss.value(edge)))


__all__ = ["EXTRA_ROUNDINGS", "UNIT_ROUNDOFF", "VALUE_ROUNDINGS", "distance_slack", "magnitude", "margin_error"]
