"""The hinge loss."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from .base import Array, MarginLoss


class Hinge(MarginLoss):
    r""":math:`\varphi(m) = (1-m)_+`."""

    key = "hinge"
    kinks = (1.0,)
    lipschitz = 1.0
    log_concave_slope = True
    kernel = 0
    closed_form = True
    piecewise_linear = True
    is_hinge = True
    certificates = frozenset(
        ("lower_bound", "unattainable", "upper_bound", "distance", "gamma", "run", "epsilon_lower_bound")
    )

    def value(self, margin: ArrayLike) -> Array:
        return np.maximum(0.0, 1.0 - np.asarray(margin, dtype=np.float64))

    def slope(self, margin: ArrayLike) -> Array:
        return (np.asarray(margin, dtype=np.float64) <= 1.0).astype(np.float64)

    def exact(self, margin: Fraction) -> Fraction:
        return max(Fraction(0), 1 - margin)

    def conjugate(self, slope: ArrayLike) -> Array:
        return -np.asarray(slope, dtype=np.float64)

    def fenchel(self, margins: Array, slopes: Array) -> Array:
        # (1 - m)_+ - s (1 - m) as a product, exact at m = 1.
        room = 1.0 - margins
        return np.asarray(np.where(room > 0, (1.0 - slopes) * room, -slopes * room))


__all__ = ["Hinge"]
