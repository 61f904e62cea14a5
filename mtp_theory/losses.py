r"""Margin losses :math:`\ell(\theta; x, y) = \varphi(y\langle\theta, (x, 1)\rangle)`.

Every loss of this package is convex and non-increasing in the margin :math:`m`.
``psi`` is the negative slope :math:`\psi = -\varphi' \ge 0`; at a kink the slope is the
interval ``slope_interval``. A loss of one's own subclasses :class:`MarginLoss`; the
functions of :mod:`mtp_theory.testing` check that it is what it claims to be.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import InputError, unknown_name

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


class Hinge(MarginLoss):
    r""":math:`\varphi(m) = (1-m)_+`."""

    key = "hinge"
    kinks = (1.0,)
    lipschitz = 1.0
    log_concave_slope = True
    kernel = 0

    def value(self, margin: ArrayLike) -> Array:
        return np.maximum(0.0, 1.0 - np.asarray(margin, dtype=np.float64))

    def slope(self, margin: ArrayLike) -> Array:
        return (np.asarray(margin, dtype=np.float64) <= 1.0).astype(np.float64)

    def exact(self, margin: Fraction) -> Fraction:
        return max(Fraction(0), 1 - margin)


class SquaredHinge(MarginLoss):
    r""":math:`\varphi(m) = (1-m)_+^2`, as in scikit-learn (no factor 1/2)."""

    key = "squared_hinge"
    smoothness = 2.0
    log_concave_slope = True
    kernel = 1

    def value(self, margin: ArrayLike) -> Array:
        return np.asarray(np.maximum(0.0, 1.0 - np.asarray(margin, dtype=np.float64)) ** 2, dtype=np.float64)

    def slope(self, margin: ArrayLike) -> Array:
        return np.asarray(2.0 * np.maximum(0.0, 1.0 - np.asarray(margin, dtype=np.float64)), dtype=np.float64)

    def curvature(self, margin: ArrayLike) -> Array:
        return np.asarray(2.0 * (np.asarray(margin, dtype=np.float64) < 1.0), dtype=np.float64)

    def exact(self, margin: Fraction) -> Fraction:
        return max(Fraction(0), 1 - margin) ** 2


class Logistic(MarginLoss):
    r""":math:`\varphi(m) = \log(1 + e^{-m})`."""

    key = "logistic"
    lipschitz = 1.0
    smoothness = 0.25
    log_concave_slope = True
    kernel = 2

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


class Exponential(MarginLoss):
    r""":math:`\varphi(m) = e^{-m}`."""

    key = "exponential"
    log_concave_slope = True
    kernel = 3

    def value(self, margin: ArrayLike) -> Array:
        return np.exp(-np.asarray(margin, dtype=np.float64))

    slope = value
    curvature = value


class PiecewiseLinear(MarginLoss):
    r""":math:`\varphi(m) = \max_k (c_k - s_k m)` with slopes :math:`s_k \ge 0`.

    ``slopes`` and ``intercepts`` are s and c; lines that never attain the maximum are dropped.
    The line 0 is needed for the loss to be non-negative: a smallest slope of 0 is required.
    """

    key = "piecewise_linear"

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


#: Built-in losses by key, one shared instance each.
LOSSES: dict[str, MarginLoss] = {loss.key: loss for loss in (Hinge(), SquaredHinge(), Logistic(), Exponential())}


def get_loss(loss: str | MarginLoss) -> MarginLoss:
    """The built-in loss of that key, or the loss itself. Raises InputError with the nearest key."""
    if isinstance(loss, MarginLoss):
        return loss
    if loss not in LOSSES:
        raise unknown_name("loss", str(loss), LOSSES)
    return LOSSES[loss]


__all__ = [
    "LOSSES",
    "Array",
    "Exponential",
    "Hinge",
    "Logistic",
    "MarginLoss",
    "PiecewiseLinear",
    "SquaredHinge",
    "get_loss",
]
