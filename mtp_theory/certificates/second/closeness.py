"""The second check of ``epsilon_lower_bound``, with python-flint; :mod:`.checker` calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flint import fmpq

from ..checker import Refused
from .arithmetic import dot, rational, vector

if TYPE_CHECKING:
    from .checker import Check


def prove_closeness(check: Check) -> str:
    """Raises Refused unless the claim is proved."""
    k = check.k
    if k.radius != 0:
        raise Refused("the radius must be 0")
    if k.domain == "data" and any(check.domain.integer):
        raise Refused("with integer features the claim is about the hull")
    if not (k.value["epsilon"] < 1 and k.witness["kappa"] > 0):
        raise Refused("epsilon must be below 1 and kappa positive")
    rows = [row for row, _ in k.witness["tilts"]]
    if len(set(rows)) != len(rows) or any(row >= check.rows.n for row in rows):
        raise Refused("tilts do not belong to the rows")
    if len(k.witness["direction"].n) != len(check.p):
        raise Refused("a direction of the wrong length")
    closeness = Closeness(check)
    if k.value["points"] == 0:
        return "0 points: nothing is claimed"
    gaps = closeness.gaps()
    if min(gaps) <= 0:
        raise Refused("the witness does not refute one point fewer")
    if check.points is not None and check.points.n < k.value["points"] and closeness.left(*gaps) <= 0:
        raise Refused("the points of the points file are not excluded by the witness")
    return "proved"


class Closeness:
    """The quantities of one certificate: margins, reach of the poison, and GAP."""

    def __init__(self, check: Check) -> None:
        k = check.k
        self.check, self.w = check, k.witness
        self.eps, self.kappa = rational(k.value["epsilon"]), rational(k.witness["kappa"])
        self.eta: list[fmpq] = [fmpq(n, k.witness["direction"].d) for n in k.witness["direction"].n]
        #: v_0 of each label: its least margin at the target, at least -1
        self.v0 = {y: max(fmpq(-1), -check.top([-a for a in check.p], y)) for y in (1, -1)}
        self.total, self.sum = self._rows()
        limits = {y: [rational(v) for v in self.w["limits"][name]] for y, name in ((1, "plus"), (-1, "minus"))}
        self.reach = max(fmpq(0), *(self._label(y, *multipliers) for y, multipliers in limits.items()))

    def least(self, v: fmpq, y: int) -> fmpq:
        """Lower end of the margin of a close model at a point of target margin v."""
        v0 = self.v0[y]
        if v <= 1:
            return v - self.eps
        return v - self.eps * (2 * v - v0 - 1) / (1 - v0) if v0 < 1 else 1 - self.eps

    def greatest(self, v: fmpq) -> fmpq:
        """Upper end of the margin."""
        return max(fmpq(-1), v) + self.eps

    def left(self, first: fmpq, last: fmpq) -> fmpq:
        """What is left of GAP for the points given, when each counts with what it can contribute."""
        points, k = self.check.points, self.check.k
        assert points is not None
        allowed = fmpq(0)
        if points.n:
            at_target, along = points.products([k.target, self.w["direction"]])
            for v, e, y in zip(at_target, along, points.y, strict=True):
                if self.least(v, y) <= 1:
                    allowed += max(fmpq(0), self.kappa * min(fmpq(1), self.greatest(v)) - e)
        share = fmpq(points.n, k.value["points"] - 1) if k.value["points"] > 1 else fmpq(0)
        return (1 - share) * first + share * last + points.n * self.reach - allowed

    def _rows(self) -> tuple[fmpq, list[fmpq]]:
        """Sum of the rows' constants r_i, and sum of b_i z_i."""
        rows = self.check.rows
        at_target, along = rows.products([self.check.k.target, self.w["direction"]])
        given = {i: rational(b) for i, b in self.w["tilts"]}
        total, slopes = fmpq(0), []
        for i, (v, e, y) in enumerate(zip(at_target, along, rows.y, strict=True)):
            low, high = self.least(v, y), self.greatest(v)
            b = given.get(i, self.kappa if high < 1 else fmpq(0))
            ends = []
            if low <= 1:
                ends += [(self.kappa - b) * m - e for m in (low, min(fmpq(1), high))]
            if high >= 1:
                ends += [-b * m for m in (max(fmpq(1), low), high)]
            total += max(ends)
            slopes.append(b)
        return total, rows.combination(slopes)

    def _label(self, y: int, a: fmpq, tau: fmpq, behind: fmpq) -> fmpq:
        """Upper bound of kappa min(1, u) - <eta, z> over the points of a label that may have a slope."""
        if not (0 <= a <= self.kappa and tau >= 0 and behind >= 0):
            raise Refused("a multiplier of the points is out of range")
        p, eta, top = self.check.p, self.eta, self.check.top
        value = a * self.eps + self.kappa - a + top([(a - tau) * u - h for u, h in zip(p, eta, strict=True)], y)
        if tau > 0:
            v0 = self.v0[y]
            room = 1 - v0 - 2 * self.eps
            if room <= 0:
                raise Refused("every point may have a slope: the multiplier of the limit must be 0")
            value += tau * (1 - v0 - self.eps * (1 + v0)) / room
        if self.v0[y] > -1:
            return value
        far = self.kappa * (self.eps - 1) - behind + top([-behind * u - h for u, h in zip(p, eta, strict=True)], y)
        return max(value, far)

    def gap(self, n: int, cuts: Sequence[dict[str, Any]]) -> fmpq:
        """GAP(n) with the cuts given."""
        check = self.check
        weight = (check.rows.n + n) * check.c
        pull = [weight * h + s for h, s in zip(self.eta, self.sum, strict=True)]
        value = -self.total - n * self.reach
        for cut in cuts:
            y, nu, point = cut["label"], rational(cut["weight"]), vector(cut["x"])
            if nu < 0 or not check.domain.contains(point, check.k.domain == "hull"):
                raise Refused("a cut has a negative weight or a point outside the domain")
            point = [*point, fmpq(1)] if check.k.bias else point
            v = y * dot(check.p, point)
            value += nu * (min(fmpq(1), v) - self.eps)
            pull = [g + y * nu * u for g, u in zip(pull, point, strict=True)]
        return value - dot(pull, pull) / (4 * self.kappa * weight)

    def gaps(self) -> tuple[fmpq, fmpq]:
        """At both ends."""
        last = max(0, self.check.k.value["points"] - 1)
        return self.gap(0, self.w["first"]), self.gap(last, self.w["last"])


__all__ = ["Closeness", "prove_closeness"]
