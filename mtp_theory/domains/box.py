"""Boxes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import inputs
from ..errors import InputError
from ..losses import Array
from .base import MEMBERSHIP_TOLERANCE, Boxed, finite_vector


@dataclass(frozen=True, eq=False)
class Box(Boxed):
    r"""Product of intervals, :math:`\{x : l \le x \le u\}`; l = u fixes a feature."""

    lower: Array
    upper: Array
    dim: int = field(init=False)
    integer: NDArray[np.bool_] = field(init=False, repr=False)
    groups: NDArray[np.int64] = field(init=False, repr=False)
    group_rule: str = field(init=False, repr=False, default="at_most_one")

    def __post_init__(self) -> None:
        object.__setattr__(self, "lower", finite_vector("lower", self.lower))
        object.__setattr__(self, "upper", finite_vector("upper", self.upper, self.lower.size))
        bad = np.flatnonzero(self.lower > self.upper)
        if bad.size:
            j = int(bad[0])
            raise InputError(
                f"domain: empty box, lower {self.lower[j]:g} > upper {self.upper[j]:g} at feature {j}; swap the bounds"
            )
        object.__setattr__(self, "dim", int(self.lower.size))
        object.__setattr__(self, "integer", np.zeros(self.dim, dtype=bool))
        object.__setattr__(self, "groups", np.full(self.dim, -1, dtype=np.int64))

    @staticmethod
    def unit(dim: int) -> Box:
        """The box [0, 1]^d."""
        return Box(np.zeros(dim), np.ones(dim))

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        v = np.asarray(inputs.numbers("point x", x), dtype=np.float64)
        inputs.real("tolerance", tolerance, low=0)
        room = tolerance * np.maximum(1.0, np.maximum(np.abs(self.lower), np.abs(self.upper)))
        return bool(v.shape == (self.dim,) and np.all(v >= self.lower - room) and np.all(v <= self.upper + room))

    def support(self, direction: Array) -> tuple[float, Array]:
        x = np.where(direction > 0, self.upper, self.lower)
        return float(direction @ x), x


__all__ = ["Box"]
