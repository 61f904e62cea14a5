"""A conic programme put together from named variables: linear equalities, inequalities, second-order cones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import clarabel
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ...losses import Array

#: Statuses whose solution is used. What is proved never rests on them: multipliers are rounded and checked exactly.
USABLE = ("Solved", "AlmostSolved")
INFEASIBLE = ("PrimalInfeasible", "AlmostPrimalInfeasible")


@dataclass(frozen=True, eq=False)
class Answer:
    """Status of the solver, objective, primal values by variable and multipliers by row name."""

    status: str
    objective: float
    values: dict[str, Array]
    multipliers: dict[str, Array]

    @property
    def usable(self) -> bool:
        return self.status in USABLE

    @property
    def infeasible(self) -> bool:
        """No point satisfies the rows; the multipliers then are what shows it."""
        return self.status in INFEASIBLE


class Conic:
    """minimise <cost, x> + 1/2 sum quadratic x^2 subject to rows. Names stand for blocks of variables and rows."""

    def __init__(self) -> None:
        self._at: dict[str, slice] = {}
        self._size = 0
        self._cost: dict[str, Any] = {}
        self._quadratic: dict[str, float] = {}
        self._equal: list[tuple[str, Any, Array]] = []
        self._below: list[tuple[str, Any, Array]] = []
        self._cones: list[tuple[str, Any, Array]] = []

    def variable(self, name: str, size: int = 1, cost: float | Array = 0.0, quadratic: float = 0.0) -> None:
        """A block of free variables."""
        self._at[name] = slice(self._size, self._size + size)
        self._size += size
        self._cost[name], self._quadratic[name] = cost, quadratic

    def equal(self, name: str, terms: dict[str, Any], right: Any) -> None:
        """sum of matrix @ block = right."""
        self._equal.append(self._row(name, terms, right))

    def below(self, name: str, terms: dict[str, Any], right: Any) -> None:
        """sum of matrix @ block <= right, row by row."""
        self._below.append(self._row(name, terms, right))

    def cone(self, name: str, terms: dict[str, Any], right: Any) -> None:
        """right - sum of matrix @ block lies in the second-order cone."""
        self._cones.append(self._row(name, terms, right))

    def _row(self, name: str, terms: dict[str, Any], right: Any) -> tuple[str, dict[str, Any], Array]:
        parts = {k: sp.coo_array(np.atleast_2d(m) if not sp.issparse(m) else m) for k, m in terms.items()}
        rows = next(iter(parts.values())).shape[0]
        return name, parts, np.broadcast_to(np.asarray(right, dtype=np.float64), (rows,)).copy()

    def _matrix(self, groups: list[tuple[str, Any, Array]]) -> sp.csc_array:
        rows: list[NDArray[Any]] = []
        columns: list[NDArray[Any]] = []
        values: list[NDArray[Any]] = []
        top = 0
        for _, parts, right in groups:
            for name, m in parts.items():
                rows.append(m.row + top)
                columns.append(m.col + self._at[name].start)
                values.append(m.data)
            top += right.size
        shape = (top, self._size)
        return sp.csc_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape)

    def solve(self) -> Answer:
        """Interior-point solution by Clarabel."""
        groups = self._equal + self._below + self._cones
        a, b = self._matrix(groups), np.concatenate([right for _, _, right in groups])
        cones = [clarabel.ZeroConeT(sum(r.size for _, _, r in self._equal))]
        cones.append(clarabel.NonnegativeConeT(sum(r.size for _, _, r in self._below)))
        cones += [clarabel.SecondOrderConeT(r.size) for _, _, r in self._cones]
        cost, square = np.zeros(self._size), np.zeros(self._size)
        for name, part in self._at.items():
            cost[part], square[part] = self._cost[name], self._quadratic[name]
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.max_threads = 1
        found = clarabel.DefaultSolver(sp.diags_array(square).tocsc(), cost, a, b, cones, settings).solve()
        x, z = np.array(found.x), np.array(found.z)
        values = {name: x[part] for name, part in self._at.items()}
        multipliers, top = {}, 0
        for name, _, right in groups:
            multipliers[name] = z[top : top + right.size]
            top += right.size
        return Answer(str(found.status), float(found.obj_val), values, multipliers)


__all__ = ["Answer", "Conic"]
