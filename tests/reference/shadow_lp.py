"""The hinge's maxima as linear and mixed-integer programs, solved by HiGHS."""

from __future__ import annotations

import numpy as np
from scipy.optimize import LinearConstraint, milp

from mtp_theory.domains import Box, Domain, MixedBox, labelled
from mtp_theory.losses import Array


def hinge_distance(domain: Domain, theta: Array, target: Array) -> Array:
    """max (1-u)_+ - (1-v)_+ for each label: the better of max (1-u) - s and max -s, with s >= 1-v, s >= 0."""
    values = []
    for y, d in labelled(domain):
        a, b = y * theta, y * target
        n = d.dim
        # Variables (x, s); row: -<b, x> - s <= b_0 - 1.
        row = np.concatenate([-b[:n], [-1.0]])
        best = -np.inf
        for gain, constant in ((-a[:n], 1.0 - a[n]), (np.zeros(n), 0.0)):
            found = _solve(d, np.concatenate([gain, [-1.0]]), row, b[n] - 1.0)
            best = max(best, found + constant)
        values.append(best)
    return np.array(values)


def hinge_price(domain: Domain, direction: Array, target: Array) -> Array:
    """max w psi for each label: w subject to m <= 1 (psi = 1), or 0 where a point has m >= 1 (psi = 0)."""
    values = []
    for y, d in labelled(domain):
        c, b = y * direction, y * target
        n = d.dim
        inside = _solve(d, np.append(c[:n], 0.0), np.append(b[:n], 0.0), 1.0 - b[n]) + c[n]
        beyond = _solve(d, np.zeros(n + 1), np.append(-b[:n], 0.0), b[n] - 1.0)
        values.append(max(inside, beyond))
    return np.array(values)


def _solve(domain: Domain, gain: Array, row: Array, bound: float) -> float:
    """max <gain, (x, s)> subject to <row, (x, s)> <= bound, s >= 0; -inf where infeasible."""
    box = domain.box if isinstance(domain, MixedBox) else domain
    assert isinstance(box, Box)
    integer = domain.integer if isinstance(domain, MixedBox) else np.zeros(box.dim, dtype=bool)
    rows, low, high = [row], [-np.inf], [bound]
    if isinstance(domain, MixedBox):
        for members in domain.group_members():
            one = np.zeros(box.dim + 1)
            one[members] = 1.0
            rows.append(one)
            low.append(1.0 if domain.group_rule == "exactly_one" else 0.0)
            high.append(1.0)
    result = milp(
        -gain,
        constraints=LinearConstraint(np.array(rows), low, high),
        bounds=(np.append(box.lower, 0.0), np.append(box.upper, np.inf)),
        integrality=np.append(integer, False).astype(int),
        options={"mip_rel_gap": 0.0},
    )
    if result.status == 2:
        return -np.inf
    assert result.status == 0, result.message
    return float(-result.fun)
