"""Bounded polytopes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from ..errors import InputError, UndecidedError
from ..losses import Array
from .base import MEMBERSHIP_TOLERANCE, Domain, finite_vector

#: HiGHS's tightest feasibility tolerances.
LP_OPTIONS = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@dataclass(frozen=True, eq=False)
class Polytope(Domain):
    r"""Bounded polytope :math:`\{x : A x \le b\}`, A of shape (rows, d); linear programs by HiGHS."""

    a: Array
    b: Array
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        a = np.array(self.a, dtype=np.float64)
        if a.ndim != 2 or 0 in a.shape or not np.isfinite(a).all():
            raise InputError(f"domain: A has shape {a.shape}; give a finite matrix (rows, d)")
        a.setflags(write=False)
        object.__setattr__(self, "a", a)
        object.__setattr__(self, "b", finite_vector("b", self.b, a.shape[0]))
        object.__setattr__(self, "dim", int(a.shape[1]))
        if linprog(np.zeros(self.dim), self.a, self.b, bounds=(None, None)).status == 2:
            raise InputError("domain: the polytope A x <= b is empty; relax a row")
        for j in range(self.dim):
            for sign in (1.0, -1.0):
                direction = np.zeros(self.dim)
                direction[j] = sign
                self.support(direction)

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        v = np.asarray(x, dtype=np.float64)
        if v.shape != (self.dim,):
            return False
        room = tolerance * (1.0 + np.abs(self.b) + np.abs(self.a) @ np.abs(v))
        return bool(np.all(self.a @ v <= self.b + room))

    def support(self, direction: Array) -> tuple[float, Array]:
        result = linprog(-direction, self.a, self.b, bounds=(None, None), method="highs")
        if result.status == 3:
            raise InputError("domain: the polytope A x <= b is unbounded; add rows that bound every direction")
        if result.status != 0:
            raise UndecidedError(f"linear program over the polytope not solved: {result.message}")
        return float(direction @ result.x), np.asarray(result.x, dtype=np.float64)

    def certain_support(self, direction: Array) -> tuple[float, Array]:
        r"""Bound by weak duality, so that it holds whatever the solver's tolerances.

        For multipliers :math:`\lambda \ge 0`: :math:`\langle c, x\rangle \le \langle\lambda, b\rangle +
        \sum_j |c - A^T\lambda|_j \max|x_j|`.
        """
        result = linprog(-direction, self.a, self.b, bounds=(None, None), method="highs", options=LP_OPTIONS)
        if result.status != 0:
            raise UndecidedError(f"linear program over the polytope not solved: {result.message}")
        multipliers = np.maximum(0.0, -np.asarray(result.ineqlin.marginals))
        residual = np.abs(direction - self.a.T @ multipliers)
        bound = float(multipliers @ self.b + residual @ self._widest)
        return max(bound, float(-result.fun)), np.asarray(result.x, dtype=np.float64)

    @cached_property
    def _widest(self) -> Array:
        """Greatest |x_j|, from ``support``."""
        out = np.zeros(self.dim)
        for j in range(self.dim):
            direction = np.zeros(self.dim)
            direction[j] = 1.0
            out[j] = max(abs(self.support(direction)[0]), abs(self.support(-direction)[0]))
        return out


__all__ = ["Polytope"]
