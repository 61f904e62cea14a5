r"""The dual of the minimum mass: Theorem 2 in the limit towards the target.

For any direction d, pairing a balance :math:`g(s) = \int (s\,y\bar x - C_R\theta_p)\,d\mu` with d gives

.. math:: \mu(Z) \ge \frac{\min_s \langle d, g(s)\rangle}{U(d) - C_R\langle d, \theta_p\rangle},

which is the limit of Theorem 2's z at :math:`\theta_p - \epsilon d`, :math:`\epsilon \to 0^+`.
"""

from __future__ import annotations

from math import inf

from ..losses import Array
from ..problem import Problem
from .clean import CleanGradient
from .pricing import Price


def dual_bound(problem: Problem, target: Array, clean: CleanGradient, direction: Array, priced: Price) -> float:
    """Lower bound of the mass: 0 when the direction proves nothing, +inf when it proves that no mass suffices.

    Evaluated in float64 from the pricing's upper bound; rounding is not directed outward.
    """
    gain = clean.along(direction)
    if gain <= 0:
        return 0.0
    pull = priced.upper - problem.c_r * float(direction @ target)
    return gain / pull if pull > 0 else inf


__all__ = ["dual_bound"]
