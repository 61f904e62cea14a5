r"""Finite mixtures of points with slopes: the primal side of every statement about K."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..losses import Array


@dataclass(frozen=True, eq=False)
class Mixture:
    r"""The positive measure :math:`\mu = \sum_j m_j \delta_{(x_j, y_j)}` with a slope :math:`s_j` for each point.

    ``masses`` (r,) >= 0, ``X`` (r, d), ``y`` (r,) in {-1, +1}, ``slopes`` (r,) with
    :math:`s_j \in -\partial\varphi(v_j)`. Masses are real numbers: a multiset is had only by rounding
    them to rationals and clearing denominators (for ratios), or to integers (for counts).
    """

    masses: Array
    X: Array
    y: NDArray[np.int64]
    slopes: Array

    @property
    def total(self) -> float:
        """Total mass."""
        return float(self.masses.sum())

    def resultant(self, bias: bool) -> Array:
        r""":math:`\sum_j m_j s_j y_j \bar x_j`, minus the mixture's subgradient; shape (d,) or (d + 1,)."""
        pull = self.masses * self.slopes * self.y
        features = pull @ self.X
        return np.append(features, pull.sum()) if bias else features

    def scaled(self, factor: float) -> Mixture:
        """The mixture with every mass times ``factor``."""
        return Mixture(self.masses * factor, self.X, self.y, self.slopes)


__all__ = ["Mixture"]
