"""The squared hinge loss."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from .base import Array, MarginLoss


class SquaredHinge(MarginLoss):
    r""":math:`\varphi(m) = (1-m)_+^2`, as in scikit-learn (no factor 1/2)."""

    key = "squared_hinge"
    smoothness = 2.0
    log_concave_slope = True
    kernel = 1
    closed_form = True
    bends = (1.0,)
    certificates = frozenset(("lower_bound", "unattainable", "upper_bound"))

    def value(self, margin: ArrayLike) -> Array:
        return np.asarray(np.maximum(0.0, 1.0 - np.asarray(margin, dtype=np.float64)) ** 2, dtype=np.float64)

    def slope(self, margin: ArrayLike) -> Array:
        return np.asarray(2.0 * np.maximum(0.0, 1.0 - np.asarray(margin, dtype=np.float64)), dtype=np.float64)

    def curvature(self, margin: ArrayLike) -> Array:
        return np.asarray(2.0 * (np.asarray(margin, dtype=np.float64) < 1.0), dtype=np.float64)

    def exact(self, margin: Fraction) -> Fraction:
        return max(Fraction(0), 1 - margin) ** 2

    def conjugate(self, slope: ArrayLike) -> Array:
        s = np.asarray(slope, dtype=np.float64)
        return s * s / 4.0 - s


__all__ = ["SquaredHinge"]
