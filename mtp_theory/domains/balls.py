"""Euclidean balls and cross-polytopes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from ..errors import InputError
from ..losses import Array
from .base import MEMBERSHIP_TOLERANCE, Domain, finite_vector


@dataclass(frozen=True, eq=False)
class L2Ball(Domain):
    r"""Euclidean ball :math:`\{x : |x - c|_2 \le r\}`."""

    centre: Array
    radius: float
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "centre", finite_vector("centre", self.centre))
        check_radius(self.radius)
        object.__setattr__(self, "dim", int(self.centre.size))

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        v = np.asarray(x, dtype=np.float64)
        room = tolerance * max(1.0, self.radius, float(np.abs(self.centre).max()))
        return v.shape == (self.dim,) and float(np.linalg.norm(v - self.centre)) <= self.radius + room

    def support(self, direction: Array) -> tuple[float, Array]:
        norm = float(np.linalg.norm(direction))
        x = self.centre + (self.radius / norm) * direction if norm > 0 else self.centre.copy()
        return float(direction @ x), x

    def reach(self) -> Array:
        return np.asarray(np.abs(self.centre) + self.radius)

    def norm_bound(self) -> float:
        return float(np.linalg.norm(self.centre)) + self.radius

    def pulled_in(self, x: Array) -> Array:
        away = float(np.linalg.norm(x - self.centre))
        return self.centre + (x - self.centre) * min(1.0, self.radius / away) if away > 0 else x


@dataclass(frozen=True, eq=False)
class L1Ball(Domain):
    r"""Cross-polytope :math:`\{x : |x - c|_1 \le r\}`."""

    centre: Array
    radius: float
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "centre", finite_vector("centre", self.centre))
        check_radius(self.radius)
        object.__setattr__(self, "dim", int(self.centre.size))

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        v = np.asarray(x, dtype=np.float64)
        room = tolerance * max(1.0, self.radius, float(np.abs(self.centre).max()))
        return v.shape == (self.dim,) and float(np.abs(v - self.centre).sum()) <= self.radius + room

    def support(self, direction: Array) -> tuple[float, Array]:
        j = int(np.argmax(np.abs(direction)))
        x = self.centre.copy()
        x[j] += self.radius * float(np.sign(direction[j]))
        return float(direction @ x), x

    def reach(self) -> Array:
        return np.asarray(np.abs(self.centre) + self.radius)

    def norm_bound(self) -> float:
        shifts = self.radius * np.concatenate([np.eye(self.dim), -np.eye(self.dim)])
        return float(np.linalg.norm(self.centre + shifts, axis=1).max())


def check_radius(radius: float) -> None:
    """Raise InputError unless the radius is a finite number >= 0."""
    if not (np.isfinite(radius) and radius >= 0):
        raise InputError(f"domain: radius {radius!r}; give a finite number >= 0")


__all__ = ["L1Ball", "L2Ball"]
