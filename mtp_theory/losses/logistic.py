"""The logistic loss."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from .base import Array, MarginLoss


class Logistic(MarginLoss):
    r""":math:`\varphi(m) = \log(1 + e^{-m})`."""

    key = "logistic"
    lipschitz = 1.0
    smoothness = 0.25
    log_concave_slope = True
    kernel = 2
    closed_form = True
    certificates = frozenset(("lower_bound", "unattainable", "upper_bound"))

    def value(self, margin: ArrayLike) -> Array:
        return np.logaddexp(0.0, -np.asarray(margin, dtype=np.float64))

    def slope(self, margin: ArrayLike) -> Array:
        m = np.asarray(margin, dtype=np.float64)
        # exp(-|m|) never overflows; both branches equal 1 / (1 + e^m).
        e = np.exp(-np.abs(m))
        return np.where(m >= 0, e / (1.0 + e), 1.0 / (1.0 + e))

    def curvature(self, margin: ArrayLike) -> Array:
        s = self.slope(margin)
        return s * (1.0 - s)

    def conjugate(self, slope: ArrayLike) -> Array:
        s = np.asarray(slope, dtype=np.float64)
        return np.asarray(xlogy(s, s) + xlogy(1.0 - s, 1.0 - s))


__all__ = ["Logistic"]
