r"""Integer domains: the relaxed sums, rounded to integer points whose sum is nearly the same.

A relaxed solution fixes sums :math:`w_\pm`. Each is split into k integer points: every integer feature takes its
rounded total, handed out so that the points' margins stay equal, since a point whose margin passes 1 stops pulling.
What rounding loses, at most one half for each feature, moves the trained model by about as much over :math:`N C_R`:
the set does not reach the target exactly, and its distance is reported.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...certificates.format import Point
from ...convex_set.clean import CleanGradient
from ...domains import Boxed
from ...losses import Array
from ...problem import Problem
from .construct import relaxed_sums

#: Room to margin 1 that is tried, largest first: the split points' margins differ by up to the largest weight.
MARGIN_ROOM = (0.3, 0.1, 0.03, 0.01, 0.003)
#: Share of points beyond the lower bound that may be spent on that room.
SPARE = 0.01


def rounded_set(problem: Problem, target: Array, clean: CleanGradient, at_least: int) -> tuple[Array, Array] | None:
    """X (n, d), y (n,) of integer points that nearly balance, n at most SPARE above ``at_least`` (and one point).

    Takes the largest room that fits. None where no split keeps every margin at most 1.
    """
    domain = problem.domain.boxed
    assert domain is not None
    limit = int(at_least * (1 + SPARE)) + 1
    for room in MARGIN_ROOM:
        sums = relaxed_sums(problem, target, clean, at_least, room)
        if sums is None or sum(k for k, _ in sums.values()) > limit:
            continue
        parts = [(y, split(problem, domain, target, y, k, w)) for y, (k, w) in sums.items() if k]
        X = np.vstack([p for _, p in parts])
        y = np.concatenate([np.full(len(p), float(label)) for label, p in parts])
        if float((y * problem.decision(target, X)).max()) <= 1.0:
            return X, y
    return None


def rounded_points(problem: Problem, target: Array, points: Sequence[Point]) -> tuple[Array, Array]:
    """X (n, d), y (n,): each point's copies (of the hull) replaced by integer points of nearly the same sum."""
    domain = problem.domain.boxed
    assert domain is not None
    parts = [split(problem, domain, target, p.label, p.count, p.count * np.array(p.x, dtype=float)) for p in points]
    return np.vstack(parts), np.repeat([float(p.label) for p in points], [p.count for p in points])


def split(problem: Problem, domain: Boxed, target: Array, y: int, k: int, total: Array) -> Array:
    """k points of the domain whose sum is near ``total``, with margins as equal as a greedy order makes them."""
    weights, bias = problem.split(target)
    mean = np.clip(total / k, domain.lower, domain.upper)
    X = np.tile(np.where(domain.integer, domain.lower, mean), (k, 1))
    margins = y * (X @ weights + bias)
    taken = np.zeros(problem.d, dtype=bool)
    for members in domain.group_members():
        taken[members] = True
        ones = _quotas(total[members], k, domain.group_rule == "exactly_one")
        # the largest pulls go to the points of smallest margin
        order = np.argsort(margins, kind="stable")
        ranked = members[np.argsort(-y * weights[members], kind="stable")]
        quota = dict(zip(members.tolist(), ones.tolist(), strict=True))
        choices = [(float(y * weights[j]), int(j)) for j in ranked for _ in range(quota[int(j)])]
        choices += [(0.0, -1)] * (k - len(choices))
        for row, (gain, j) in zip(order, sorted(choices, key=lambda pair: -pair[0]), strict=True):
            if j >= 0:
                X[row, j] = 1.0
                margins[row] += gain
    for j in np.argsort(-np.abs(weights), kind="stable"):
        if taken[j] or not domain.integer[j]:
            continue
        width = int(domain.upper[j] - domain.lower[j])
        steps = int(np.clip(round(float(total[j]) - k * float(domain.lower[j])), 0, k * width))
        base, more = divmod(steps, k)
        gain = float(y * weights[j])
        order = np.argsort(margins if gain > 0 else -margins, kind="stable")
        X[:, j] += base
        X[order[:more], j] += 1.0
        margins += base * gain
        margins[order[:more]] += gain
    return X


def _quotas(shares: Array, k: int, exactly: bool) -> Array:
    """Whole numbers near the shares, with sum at most k (exactly k): largest remainders first."""
    low = np.floor(np.clip(shares, 0, k) + 1e-9).astype(int)
    goal = k if exactly else min(k, round(float(shares.sum())))
    for j in np.argsort(-(shares - low), kind="stable")[: max(0, goal - int(low.sum()))]:
        low[j] += 1
    return low


__all__ = ["rounded_points", "rounded_set", "split"]
