"""The certified fewest points for closeness: the relaxation at a few numbers of points, then one exact witness."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor, inf

from ...certificates.format import Certificate
from ...datasets import Dataset
from .. import confirm
from .relaxation import Relaxation, Relaxed
from .witness import Witness

#: Solves of the relaxation at most; each brings n nearer to the number where its least mass equals n.
MAX_SOLVES = 6
#: Width, in points and relative, at which that number is known well enough.
WIDTH, RELATIVE_WIDTH = 0.05, 1e-3
#: Fall of the least mass with n, before two solves tell: every point adds C_R R to what has to be balanced.
FIRST_FALL = 0.15
#: Candidates for the certified integer below the one that floats suggest.
BACKWARD = (0, 1, 2, 5, 10, 30, 100)


@dataclass(frozen=True, eq=False)
class ClosenessBound:
    """Certified: fewer than ``points`` points do not come that close. ``value``: the relaxation's float64 number."""

    points: int
    value: float
    certificate: Certificate | None
    reason: str = ""


def crossing(relaxation: Relaxation, start: float) -> Relaxed:
    """The relaxation near the n at which its least mass equals n. Raises UndecidedError when the solver fails."""
    n, before, best = max(0.0, start), None, None
    for _ in range(MAX_SOLVES):
        at = relaxation.solve(n)
        if best is None or abs(at.mass - at.n) < abs(best.mass - best.n):
            best = at
        if at.mass == inf:
            # no mass suffices for n points: look further out
            n = 10 * max(1.0, n)
            continue
        if abs(at.mass - n) <= max(WIDTH, RELATIVE_WIDTH * n):
            break
        fall = FIRST_FALL
        if before is not None and before.mass < inf and before.n != n:
            fall = min(0.9, max(0.0, (before.mass - at.mass) / (n - before.n)))
        before, n = at, max(0.0, (at.mass + fall * n) / (1 + fall))
    assert best is not None
    return best


def certified(relaxation: Relaxation, data: Dataset, epsilon: Fraction, start: float) -> ClosenessBound:
    """The largest integer that the relaxation proves, with its certificate; 0 without one where nothing is proved.

    ``start``: a number of points near the answer. ``epsilon`` exactly, as the certificate states it.
    """
    near = crossing(relaxation, start)
    witness = Witness(relaxation, near.multipliers)
    top = near.mass if near.mass < inf else near.n
    refuted, first = witness.cuts(0)
    if refuted <= 0:
        return ClosenessBound(0, top, None, "the clean model is not shown to be further away")
    reason = "no number of points is refuted"
    n = floor(min(top, 1e12)) + 1
    for back in BACKWARD:
        points = n - back
        if points < 1:
            break
        estimate, last = witness.cuts(points - 1)
        if estimate <= 0:
            continue
        found = witness.certificate(data, points, epsilon, first, last)
        refused = confirm.confirmed(found, data)
        if refused is None:
            return ClosenessBound(points, top, found)
        reason = f"the certificate does not close: {refused}"
    return ClosenessBound(0, top, None, reason)


__all__ = ["ClosenessBound", "certified", "crossing"]
