r"""Pricing: :math:`\max_{x, y} \langle\lambda, y(x,1)\rangle\,\psi(y\langle\theta_p, (x,1)\rangle)`.

With :math:`w = \langle\lambda, y(x,1)\rangle` and m the margin, :math:`w\psi(m)` rises in w and, where w > 0, falls
in m: in the coordinates u = -w, v = -m it has its maximum on the chain. Where every w is negative (possible with one
label only) it rises in m instead, so v = m. At a kink psi may be any value of ``slope_interval``: the maximum is over
a closed set, for the hinge :math:`\max w` subject to m <= 1.

A kink makes psi jump, so that rounding decides whether a margin is at it. ``value`` treats a margin within its rounding
error of the kink as at it; ``upper`` moves the kink outwards by that error, ``lower`` inwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..losses import Array, MarginLoss
from .chain import Index
from .edges import Place, add_interior_maxima, at, break_points, crossings, overflow
from .general import check_shape
from .rounding import UNIT_ROUNDOFF, VALUE_ROUNDINGS

#: A user's loss: relative gap at which branch and bound stops, its rounds and segments.
TOLERANCE = 1e-9
MAX_ROUNDS = 50
#: Relative gap for built-in losses: none but rounding.
EXACT = 1e-12
MAX_SEGMENTS = 200_000


@dataclass(frozen=True)
class Pricing:
    """The objective w psi(m), u = -w, v = ``sign`` m; see the module."""

    loss: MarginLoss
    #: -1 where w may be positive, +1 where it is negative throughout.
    sign: float = -1.0

    @property
    def tolerance(self) -> float:
        return TOLERANCE if self._by_user else EXACT

    @property
    def _by_user(self) -> bool:
        return not self.loss.closed_form

    def at_vertices(self, u: Array, v: Array, error_v: float) -> Array:
        return self._value(u, v + (error_v if self.loss.kinks else 0.0))

    def place(self, u: Array, v: Array, error_u: float, error_v: float) -> Place:
        loss = self.loss
        if self._by_user:
            check_shape(loss, *sorted((float(self.sign * v[0]), float(self.sign * v[-1]))))
        least = (float(v[0]) if self.sign > 0 else -float(v[-1])) - 2.0 * error_v
        with np.errstate(over="ignore"):
            steepest = float(loss.slope(least))
        if not np.isfinite(steepest):
            raise overflow(loss, least)
        greatest = max(abs(float(u[0])), abs(float(u[-1])))
        slack = steepest * (error_u + VALUE_ROUNDINGS * UNIT_ROUNDOFF * greatest)
        # A margin at most ``grace`` from a kink counts as at it; smooth slopes need no grace.
        grace = error_v if loss.kinks else 0.0
        if self._by_user:
            return self._by_bounds(u, v, 2.0 * error_v, grace, slack)
        k, t, value = self._best(u, v, 0.0, grace)
        _, _, lower = self._best(u, v, -error_v - grace, grace)
        _, _, upper = self._best(u, v, error_v, grace)
        return Place(k, t, value, min(value, lower) - slack, max(value, upper) + slack, slack)

    def _value(self, u: Array, v: Array) -> Array:
        # A greater v helps in both cases: smaller m where w > 0, greater m where w < 0.
        return np.asarray(-u * self.loss.slope(self.sign * v), dtype=np.float64)

    def _best(self, u: Array, v: Array, shift: float, grace: float) -> tuple[int, float, float]:
        """Best place of a built-in loss when v is moved by ``shift`` and kinks reach ``grace`` further."""
        moved = v + shift
        levels = [(moved, self.sign * kink) for kink in break_points(self.loss)]
        # Where w changes its sign the derivative's form does as well.
        k, t = crossings(u.size, [*levels, (u, 0.0)])
        if self.loss.closed_form and not self.loss.piecewise_linear:

            def rises(e: Index, at_: Array) -> NDArray[np.bool_]:
                du, dv = u[e + 1] - u[e], moved[e + 1] - moved[e]
                w, m = np.abs(u[e] + at_ * du), self.sign * (moved[e] + at_ * dv)
                return np.asarray(dv * w * self._curvature(m) > du * self.loss.slope(m), dtype=bool)

            k, t = add_interior_maxima(k, t, rises)
        f = self._value(at(u, k, t), at(moved, k, t) + grace)
        best = int(np.argmax(f))
        return int(k[best]), float(t[best]), float(f[best])

    def _curvature(self, m: Array) -> Array:
        # Where the curvature jumps the one towards smaller margins decides; the squared hinge's is 0 at m = 1 itself.
        return np.full(m.shape, self.loss.smoothness) if self.loss.bends else self.loss.curvature(m)

    def _by_bounds(self, u: Array, v: Array, error_v: float, grace: float, slack: float) -> Place:
        """Branch and bound for a user's loss: w and psi are monotone on a segment, so its corner bounds it."""
        k, t = crossings(u.size, [(v, self.sign * kink) for kink in self.loss.kinks])
        f = self._value(at(u, k, t), at(v, k, t) + grace)
        i = int(np.argmax(f))
        k_best, t_best, best = int(k[i]), float(t[i]), float(f[i])
        scale = float(np.abs(f).max()) + slack
        k, low, high = np.arange(u.size - 1), np.zeros(u.size - 1), np.ones(u.size - 1)
        closed, bound = best, np.empty(0)
        for _ in range(MAX_ROUNDS):
            du, dv = u[k + 1] - u[k], v[k + 1] - v[k]
            w = -(u[k] + low * du)
            steep = self._slope_at(v[k] + high * dv + error_v)
            flat = self._slope_at(v[k] + low * dv - error_v)
            # The greatest w on the segment, with the psi that suits its sign.
            bound = w * np.where(w >= 0, np.maximum(steep, flat), np.minimum(steep, flat))
            middle = 0.5 * (low + high)
            f = self._value(u[k] + middle * du, v[k] + middle * dv)
            if f.size and f.max() > best:
                i = int(np.argmax(f))
                k_best, t_best, best = int(k[i]), float(middle[i]), float(f[i])
            open_ = bound > best + TOLERANCE * scale
            closed = max(closed, float(bound[~open_].max(initial=best)))
            bound = bound[open_]
            if bound.size == 0 or bound.size > MAX_SEGMENTS:
                break
            k, low, middle, high = k[open_], low[open_], middle[open_], high[open_]
            k = np.repeat(k, 2)
            low, high = np.column_stack([low, middle]).ravel(), np.column_stack([middle, high]).ravel()
        upper = max(closed, float(bound.max(initial=best)))
        place_u, place_v = at(u, np.array([k_best]), np.array([t_best])), at(v, np.array([k_best]), np.array([t_best]))
        inward = float(self._value(place_u, place_v - error_v)[0])
        _, _, inner = self._best(u, v, -error_v, grace)
        return Place(k_best, t_best, best, min(best, max(inward, inner)) - slack, upper + slack, slack)

    def _slope_at(self, v: Array) -> Array:
        return self.loss.slope(self.sign * v)


__all__ = ["Pricing"]
