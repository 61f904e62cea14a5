r"""What every margin loss is: losses :math:`\ell(\theta; x, y) = \varphi(y\langle\theta, (x, 1)\rangle)`.

Every loss of this package is convex and non-increasing in the margin :math:`m`.
``psi`` is the negative slope :math:`\psi = -\varphi' \ge 0`; at a kink the slope is the
interval ``slope_interval``. A loss of one's own subclasses :class:`MarginLoss`; the
functions of :mod:`mtp_theory.testing` check that it is what it claims to be.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError

Array = NDArray[np.float64]


class MarginLoss(ABC):
    r"""A convex, non-increasing, non-negative function :math:`\varphi` of the margin.

    Subclasses give ``value`` and ``slope``; the attributes are promises that the
    solvers use and that ``check_loss`` tests.
    """

    key: str
    #: Margins at which the slope jumps, ascending.
    kinks: tuple[float, ...] = ()
    #: sup of psi over all margins; ``inf`` where the loss is not Lipschitz.
    lipschitz: float = inf
    #: sup of phi''; ``inf`` where the slope jumps. Used by Newton's method.
    smoothness: float = inf
    #: Is log(psi) concave? Allows the unimodal search on the shadow (a speed flag).
    log_concave_slope: bool = False
    #: Number by which compiled kernels know the loss; ``None``: general path.
    kernel: int | None = None
    #: Are value and slope this class's own closed form, whose critical points the shadow may use? Else it searches.
    closed_form: bool = False
    #: Is phi piecewise linear, with all its corners among ``kinks``?
    piecewise_linear: bool = False
    #: Is phi the hinge (1 - m)_+, which theorems and engines name?
    is_hinge: bool = False
    #: Margins at which the curvature jumps and the slope does not, ascending.
    bends: tuple[float, ...] = ()
    #: Kinds of certificates that there are for the loss.
    certificates: frozenset[str] = frozenset()

    def __init_subclass__(cls) -> None:
        """A subclass may have another value: the kernel's number and the closed form are its own or none."""
        super().__init_subclass__()
        cls.kernel = cls.__dict__.get("kernel")
        cls.closed_form = cls.__dict__.get("closed_form", False)

    @abstractmethod
    def value(self, margin: ArrayLike) -> Array:
        r""":math:`\varphi(m)`, elementwise."""

    @abstractmethod
    def slope(self, margin: ArrayLike) -> Array:
        r""":math:`\psi(m) = -\varphi'(m) \ge 0`, elementwise; at a kink the left slope,
        the steepest: :math:`-\varphi'(m^-)`."""

    def curvature(self, margin: ArrayLike) -> Array:
        r""":math:`\varphi''(m)`, elementwise; smooth losses only."""
        raise InputError(f"loss {self.key!r} has no second derivative; use a first-order solver")

    def slope_interval(self, margin: float) -> tuple[float, float]:
        r"""Least and greatest element of :math:`-\partial\varphi(m)`."""
        steep = float(self.slope(margin))
        if margin not in self.kinks:
            return steep, steep
        return float(self.slope(np.nextafter(margin, inf))), steep

    def exact(self, margin: Fraction) -> Fraction:
        r""":math:`\varphi(m)` in rational arithmetic, for losses that map Q to Q."""
        raise InputError(f"loss {self.key!r} has irrational values; use interval arithmetic")

    def conjugate(self, slope: ArrayLike) -> Array:
        r""":math:`\varphi^*(-s) = \sup_m (-s m - \varphi(m))` for s in the range of psi, up to ``lipschitz``."""
        raise InputError(f"loss {self.key!r} has no known conjugate; give it a method conjugate(slope)")

    def fenchel(self, margins: Array, slopes: Array) -> Array:
        r""":math:`\varphi(m_i) + \varphi^*(-s_i) + s_i m_i \ge 0`; rounding below zero is cut off."""
        return np.maximum(0.0, self.value(margins) + self.conjugate(slopes) + slopes * margins)

    @property
    def smooth(self) -> bool:
        """Has phi a slope without jumps and a known second derivative?"""
        return not self.kinks and type(self).curvature is not MarginLoss.curvature

    @property
    def at_zero(self) -> float:
        r""":math:`\varphi(0)`, the loss of the zero model on any point."""
        return float(self.value(0.0))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), self.key))


__all__ = ["Array", "MarginLoss"]
