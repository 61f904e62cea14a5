r"""Margin transfer: what closeness to the target says about margins. Hinge loss, both labels on one domain X.

Signed points :math:`z = y(x,1)`, :math:`v = \langle\theta_p,z\rangle`, :math:`m = \langle t,z\rangle`. Because
:math:`1 - (1-v)_+ = \min(1,v)` and :math:`(1-m)_+ = \max(0, 1-m)`, whose piece 0 asks nothing for
:math:`\varepsilon\ge 0`,

.. math:: D(t,\theta_p)\le\varepsilon \iff m \ge \min(1,v) - \varepsilon \quad\text{for every } z \in X\times\{\pm1\}.

So the close models are a convex set B. Its consequences, each from the line above:

* *label flip* (the same x with the other label): :math:`m \le \max(-1,v) + \varepsilon`;
* *mixing*, X convex, v > 1: let :math:`z_0` have the label of z and :math:`-1\le v_0 < 1`. The mixture
  :math:`a z + (1-a) z_0`, :math:`a = (1-v_0)/(v-v_0)`, has margin 1 at the target, so
  :math:`a m + (1-a) m_0 \ge 1-\varepsilon` with :math:`m_0\le v_0+\varepsilon`, hence

  .. math:: m \ge v - \varepsilon\,\frac{2v - v_0 - 1}{1 - v_0},

  best for the least :math:`v_0` (its derivative is :math:`2(v-1)/(1-v_0)^2 \ge 0`); with :math:`v_0=-1` it is
  :math:`(1-\varepsilon)v`. A label whose margins are all at least 1 has no such point: then :math:`m\ge 1-\varepsilon`.

A bias is a feature that is constantly 1: none of this scales x, which is what Corollary 3 would need. All but
:func:`margins_within` are exact.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ... import inputs
from ...convex_set.cells import margin_ranges
from ...losses import Array
from ...problem import Problem


def mixing_margin(least: Fraction) -> Fraction:
    """v_0 for a label whose least margin at the target is ``least``: at least -1, where the label flip bends."""
    return max(Fraction(-1), least)


def least_margin(v: Fraction, epsilon: Fraction, v0: Fraction) -> Fraction:
    """Lower end of m for a point of target margin v; ``v0`` = :func:`mixing_margin` of its label."""
    if v <= 1:
        return v - epsilon
    if v0 >= 1:
        return 1 - epsilon
    return v - epsilon * (2 * v - v0 - 1) / (1 - v0)


def greatest_margin(v: Fraction, epsilon: Fraction) -> Fraction:
    """Upper end of m for a point of target margin v."""
    return max(Fraction(-1), v) + epsilon


def active_limit(epsilon: Fraction, v0: Fraction) -> Fraction | None:
    """The v at which :func:`least_margin` passes 1: points beyond it have no slope. None where it never does."""
    room = 1 - v0 - 2 * epsilon
    return (1 - v0 - epsilon * (1 + v0)) / room if room > 0 else None


def margins_within(problem: Problem, target: Array, epsilon: float, rows: Array, labels: Array) -> tuple[Array, Array]:
    """Lower and upper ends of the margins of rows with target margins ``rows`` (n,) and ``labels`` (n,), in float64."""
    ranges = margin_ranges(problem, target)
    v0 = np.empty_like(rows)
    for y, reach in ranges.items():
        v0[labels == y] = max(-1.0, reach.low)
    with np.errstate(divide="ignore", invalid="ignore"):
        mixed = np.where(v0 < 1, rows - epsilon * (2 * rows - v0 - 1) / (1 - v0), 1 - epsilon)
    return np.where(rows <= 1, rows - epsilon, mixed), np.maximum(-1.0, rows) + epsilon


def check_epsilon(epsilon: float) -> None:
    """Raise InputError unless 0 <= epsilon < 1: from 1 on closeness no longer fixes the slope of any row."""
    inputs.real("epsilon", epsilon, low=0, below=1)


__all__ = [
    "active_limit",
    "check_epsilon",
    "greatest_margin",
    "least_margin",
    "margins_within",
    "mixing_margin",
]
