"""The exponential loss."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from .base import Array, MarginLoss


class Exponential(MarginLoss):
    r""":math:`\varphi(m) = e^{-m}`."""

    key = "exponential"
    log_concave_slope = True
    kernel = 3
    closed_form = True

    def value(self, margin: ArrayLike) -> Array:
        return np.exp(-np.asarray(margin, dtype=np.float64))

    slope = value
    curvature = value

    def conjugate(self, slope: ArrayLike) -> Array:
        s = np.asarray(slope, dtype=np.float64)
        return np.asarray(xlogy(s, s) - s)


__all__ = ["Exponential"]
