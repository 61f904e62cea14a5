"""Piecewise-linear losses: maxima of lines."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from ..errors import InputError
from .base import Array, MarginLoss


class PiecewiseLinear(MarginLoss):
    r""":math:`\varphi(m) = \max_k (c_k - s_k m)` with slopes :math:`s_k \ge 0`.

    ``slopes`` and ``intercepts`` are s and c; lines that never attain the maximum are dropped.
    The line 0 is needed for the loss to be non-negative: a smallest slope of 0 is required.
    """

    key = "piecewise_linear"
    closed_form = True
    piecewise_linear = True

    def __init__(self, slopes: Sequence[float], intercepts: Sequence[float]) -> None:
        s = np.asarray(slopes, dtype=np.float64)
        c = np.asarray(intercepts, dtype=np.float64)
        if s.ndim != 1 or s.shape != c.shape or s.size == 0:
            raise InputError(
                f"piecewise-linear loss: {s.shape} slopes and {c.shape} intercepts; give one intercept for each slope"
            )
        if not (np.isfinite(s).all() and np.isfinite(c).all()):
            raise InputError("piecewise-linear loss: slopes and intercepts must be finite")
        if (s < 0).any():
            raise InputError(
                f"piecewise-linear loss: slope {s.min():g} makes it increase with the margin; give slopes >= 0"
            )
        if s.min() > 0 or c[s == 0].max() < 0:
            raise InputError("piecewise-linear loss: unbounded below or negative; add the line (slope 0, intercept 0)")
        self.slopes, self.intercepts, kinks = _upper_envelope(s, c)
        self.kinks = tuple(float(k) for k in kinks)
        self.lipschitz = float(self.slopes.max())

    def value(self, margin: ArrayLike) -> Array:
        m = np.asarray(margin, dtype=np.float64)
        lines: Array = self.intercepts - self.slopes * m[..., None]
        return np.asarray(lines.max(axis=-1), dtype=np.float64)

    def slope(self, margin: ArrayLike) -> Array:
        m = np.asarray(margin, dtype=np.float64)
        # side="left": at a kink itself the piece to its left, the steeper one.
        return np.asarray(self.slopes[np.searchsorted(np.asarray(self.kinks), m, side="left")])

    def exact(self, margin: Fraction) -> Fraction:
        return max(Fraction(c) - Fraction(s) * margin for s, c in zip(self.slopes, self.intercepts, strict=True))

    def conjugate(self, slope: ArrayLike) -> Array:
        # The conjugate of a maximum of lines is the lower hull of their negated intercepts.
        return -np.interp(np.asarray(slope, dtype=np.float64), self.slopes[::-1], self.intercepts[::-1])

    def __repr__(self) -> str:
        return f"PiecewiseLinear(slopes={self.slopes.tolist()}, intercepts={self.intercepts.tolist()})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, PiecewiseLinear)
            and np.array_equal(self.slopes, other.slopes)
            and np.array_equal(self.intercepts, other.intercepts)
        )

    def __hash__(self) -> int:
        return hash((self.key, self.slopes.tobytes(), self.intercepts.tobytes()))


def _upper_envelope(slopes: Array, intercepts: Array) -> tuple[Array, Array, Array]:
    """Lines of max_k (c_k - s_k m) that attain it, by falling slope, and the kinks between them."""
    order = np.lexsort((intercepts, slopes))[::-1]
    hull: list[tuple[float, float]] = []
    kinks: list[float] = []
    for s, c in zip(slopes[order].tolist(), intercepts[order].tolist(), strict=True):
        if hull and hull[-1][0] == s:
            continue
        while hull:
            crossing = (hull[-1][1] - c) / (hull[-1][0] - s)
            if kinks and crossing <= kinks[-1]:
                hull.pop()
                kinks.pop()
                continue
            kinks.append(crossing)
            break
        hull.append((s, c))
    kept = np.asarray(hull, dtype=np.float64)
    return kept[:, 0], kept[:, 1], np.asarray(kinks, dtype=np.float64)


__all__ = ["PiecewiseLinear"]
