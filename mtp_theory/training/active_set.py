r"""Hinge loss: a dual active set that is warm from one fit to the next.

With :math:`\mu = n C_R` and signed rows :math:`z_i` of multiplicity :math:`k_i` the dual of the sum form is

.. math:: \min_\alpha\ \tfrac12|v|^2 - \mu\sum_i\alpha_i,\qquad v = \sum_i\alpha_i z_i,\qquad 0 \le \alpha_i \le k_i,
          \qquad \theta = v/\mu .

At the minimum rows with margin above 1 have alpha 0 (*zero*), rows below 1 have alpha = k (*capped*), and the
others are the *free* set F, few and linearly independent. One round:

1. Solve for F: residual :math:`g = \mu 1 - Z_F v`, direction from :math:`Z_F Z_F^T\delta = g` (Cholesky), step
   until a bound blocks; the blocked row leaves F and the factor, repeat; refine on the true residual.
2. Look for rows on the wrong side of margin 1. The margin of a row at an earlier model :math:`\theta_a` (its
   *anchor*) bounds the present one: with an orthonormal basis U of a few directions and the precomputed *sketch* Uz

   .. math:: |m - m_a - \langle Uz, U(\theta-\theta_a)\rangle| \le |z - U^TUz|\,|(I - U^TU)(\theta-\theta_a)| .

   Only rows that this leaves in doubt are read. And only rows on the *watch list* are put to this test: the
   others cannot change sides, by the same bound, while the model stays in a region around the list's centre.
3. The worst few enter F; a dependent one is exchanged along the null direction.

An added point raises mu by :math:`C_R` for each copy; with margin below 1 it starts capped. The gap needs no pass:
with :math:`\theta = v/\mu` (up to a correction of rounding, ``polish``) it is
:math:`\frac1n\sum_i [k_i(1-m_i)_+ - \alpha_i(1-m_i)]`, and only free rows and rows on the wrong side contribute.
``full_gap`` recomputes it from alpha alone, over all rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError, UndecidedError
from ..losses import Array, Hinge
from ..problem import Problem
from . import active_set_kernels as core
from . import active_set_state as state
from .coordinate_descent import LOOSE, MAX_EPOCHS, coordinate_descent
from .fit import Fit, duality_gap
from .rows import PointSet
from .screening import BATCH, SKETCH_ROUNDING

#: Models kept as anchors. More anchors mean fewer rows looked at and more distances to compute.
ANCHORS = 16
#: Share of the rows on the first watch list.
WATCHED = 0.1
#: Directions of the sketch at most, and as a share of the dimension; rows it is made from, power steps, and the
#: least dimension where it pays.
SKETCH, SKETCH_SHARE, SKETCH_ROWS, SKETCH_STEPS, SKETCH_FROM = 16, 7, 1024, 4, 32
#: Rounds before a fit is given up; beyond SINGLE rounds rows enter one by one, which cannot cycle
#: except at exact ties.
MAX_ROUNDS = 100_000
SINGLE_AFTER = 2_000
#: Error bound of a margin that is stale: the row must be looked at.
RECHECK = np.inf


class ActiveSetTrainer:
    """Hinge loss trainer; ``looked`` counts the rows whose margin the last fit evaluated."""

    engine = "active_set"

    def __init__(self, problem: Problem, tolerance: float, *, recheck: float = RECHECK) -> None:
        if not isinstance(problem.loss, Hinge):
            raise InputError(f"engine 'active_set': loss {problem.loss.key!r}; it knows the hinge loss only")
        self.problem = problem
        self.tolerance = tolerance
        self.points = PointSet(problem)
        self.looked = 0
        self._recheck = recheck
        self._last: Array | None = None
        self._cold = True
        self._basis = principal_directions(self.points)
        self._clean_norms: Array | None = None
        self._clean_sketch: tuple[Any, Array] | None = None
        self._allocate_rows(0)
        self._free, self._k = _new_free_set(0, problem.dim), 0

    @property
    def n_points(self) -> int:
        """Points of the multiset, with multiplicity."""
        return self.points.n_points

    @property
    def added_multipliers(self) -> Array:
        """Dual variables alpha of the added rows at the last fit, in the order of ``points.added``; a view."""
        return np.asarray(self._rows.alpha[self.points.n_clean : self.points.n_rows])

    @property
    def mu(self) -> float:
        """n C_R of the present multiset."""
        return self.points.n_points * self.problem.c_r

    def add(self, x: Array, y: int, copies: int = 1) -> None:
        """Multiset union with ``copies`` of the point (x, y)."""
        before = self.points.n_rows
        row = self.points.add(x, y, copies)
        self._last = None
        if self._cold:
            return
        if row == before:
            self._make_room(row)
            self._capped += core.admit(
                row, float(y), self.points.added[-1], float(copies), self.problem.bias, self._v, self.mu,
                self._rows, self._watch, self._basis,
            )  # fmt: skip
            return
        self._rows.count[row] += copies
        if self._rows.status[row] == state.CAPPED:
            self._rows.alpha[row] = self._rows.count[row]
            self._v += copies * self._signed(row)
            self._capped += copies

    def add_many(self, X: ArrayLike, y: ArrayLike, counts: ArrayLike | None = None) -> None:
        """Multiset union with the rows of X, each ``counts`` times."""
        if self._cold:
            self.points.add_many(X, y, counts)
            self._last = None
            return
        rows = np.atleast_2d(np.asarray(X, dtype=np.float64))
        labels = np.asarray(y).reshape(-1)
        times = np.ones(labels.size, dtype=np.int64) if counts is None else np.asarray(counts).reshape(-1)
        self.points.check_many(rows, labels, times)
        for x, label, k in zip(rows, labels.tolist(), times.tolist(), strict=True):
            if k:
                self.add(x, int(label), int(k))

    def set_counts(self, counts: ArrayLike) -> None:
        """Give the clean rows other multiplicities; the warm start keeps what fits them."""
        self.points.set_counts(counts)
        self._last = None
        if self._cold:
            return
        n = self.points.n_rows
        capped = self._rows.status[:n] == state.CAPPED
        alpha = np.minimum(self._rows.alpha[:n], self.points.counts)
        alpha[capped] = self.points.counts[capped]
        self._start_from(alpha)

    def rebuild(self) -> None:
        """Forget the warm start."""
        self._cold = True

    def fit(self) -> Fit:
        """The minimiser on all points so far. UndecidedError where it stalls or the gap exceeds the tolerance."""
        if self._cold:
            self._cold_start()
        rounds, self.looked = 0, 0
        while True:
            single = rounds > SINGLE_AFTER
            code, self._k, change, used, gap, looked = core.refit(
                *self._stores(), self.problem.bias, self._v, self._theta, self.mu,
                self._rows, self._watch, self._free, self._k, self._anchors, self._recheck,
                MAX_ROUNDS - SINGLE_AFTER if single else SINGLE_AFTER + 1, 1 if single else BATCH,
            )  # fmt: skip
            self._capped += change
            self.looked += looked
            rounds += used
            if code == core.DONE:
                break
            if code == core.GROW:
                self._grow_free()
            elif single:
                raise UndecidedError(f"engine 'active_set': no end after {rounds} rounds on {self.n_points} points")
        n, theta = self.n_points, self._theta.copy()
        gap /= n
        # Strong duality: the dual value plus the gap is the primal value.
        free = self._rows.alpha[self._free.row[: self._k]].sum()
        dual = (self._capped + free) / n - float(self._v @ self._v) / (2.0 * n * self.mu)
        if not gap <= self.tolerance * max(1.0, dual):
            raise UndecidedError(
                f"engine 'active_set': duality gap {gap:.3g} above the tolerance {self.tolerance:g} on {n} points;"
                " scale the features or raise C_R"
            )
        self._last = theta
        return Fit(theta, dual + gap, gap, n, rounds, self.engine)

    def full_gap(self) -> float:
        """Gap of the last fit from alpha alone, by a pass over all rows. InputError unless the last call was a fit."""
        if self._last is None:
            raise InputError("full_gap: no fit of the present points; call fit first")
        counts, alpha = self.points.counts, self._rows.alpha[: self.points.n_rows]
        slopes = np.divide(alpha, counts, out=np.zeros_like(alpha), where=counts > 0)
        margins, combined = self.points.margins(self._last), self.points.combine(alpha)
        return duality_gap(
            self.problem.loss,
            self.problem.c_r,
            self._last,
            margins,
            slopes,
            counts,
            combined,
        )

    def _stores(self) -> tuple[Any, ...]:
        points = self.points
        return (
            points.clean,
            points.n_clean,
            points.added_store,
            points.n_added,
            points.problem.scale,
        )

    def _signed(self, row: int) -> Array:
        """Signed row of an added point."""
        x = self.points.added[row - self.points.n_clean]
        z = np.append(x, 1.0) if self.problem.bias else x
        return np.asarray(z * self.points.labels[row])

    def _allocate_rows(self, capacity: int) -> None:
        p = self._basis.shape[0]
        self._rows = state.RowState(
            label=np.zeros(capacity),
            count=np.zeros(capacity),
            alpha=np.zeros(capacity),
            status=np.zeros(capacity, dtype=np.int8),
            norm=np.zeros(capacity),
            sketch=np.zeros((capacity, p), dtype=np.float32),
            outside=np.zeros(capacity),
            place=np.full(capacity, -1, dtype=np.int64),
        )
        self._watch = state.Watch(
            row=np.zeros(capacity, dtype=np.int64),
            side=np.zeros(capacity),
            margin=np.zeros(capacity),
            error=np.zeros(capacity),
            outside=np.zeros(capacity),
            sketch=np.zeros((capacity, p), dtype=np.float32),
            anchor=np.zeros(capacity, dtype=np.int64),
            limits=np.zeros(6),
        )

    def _make_room(self, row: int) -> None:
        """Room for one more row in all arrays of this kind."""
        if row < self._rows.label.size:
            return
        old_rows, old_watch, used = (
            self._rows,
            self._watch,
            int(self._watch.limits[state.USED]),
        )
        self._allocate_rows(row + max(16, self.points.n_added))
        for new, old in zip(self._rows, old_rows, strict=True):
            new[:row] = old[:row]
        for new, old in zip(self._watch[:-1], old_watch[:-1], strict=True):
            new[:used] = old[:used]
        self._watch = self._watch._replace(limits=old_watch.limits)

    def _grow_free(self) -> None:
        old, dim = self._free, self.problem.dim
        size = min(2 * old.row.size, dim + BATCH + 2)
        self._free = _new_free_set(size, dim)
        k = old.row.size
        self._free.row[:k], self._free.slot[:k] = old.row, old.slot
        self._free.Z[:k], self._free.L[:k, :k] = old.Z, old.L

    def _cold_start(self) -> None:
        """Rough coordinate descent from alpha = 0, then an active set from there."""
        n, points = self.points.n_rows, self.points
        alpha, v = np.zeros(n), np.zeros(self.problem.dim)
        norms = self._norms()
        coordinate_descent(
            points.clean, points.n_clean, points.added_store, points.problem.scale, self.problem.bias,
            points.labels, points.counts, norms, self.mu, alpha, v, LOOSE, MAX_EPOCHS,
        )  # fmt: skip
        self._start_from(alpha, norms)
        self._cold = False

    def _norms(self) -> Array:
        """|z_i| of all rows; those of the clean rows are computed once."""
        points = self.points
        if self._clean_norms is None:
            self._clean_norms = points.norms()[: points.n_clean]
        return np.concatenate([self._clean_norms, points.norms(points.n_clean)])

    def _sketch_rows(self, n: int) -> None:
        """Sketches Uz of the first n rows and what is outside the span; those of the clean rows are computed once."""
        points, rows, clean = self.points, self._rows, self.points.n_clean
        known = self._clean_sketch
        if known is None:
            sketch = np.empty((clean, self._basis.shape[0]), dtype=np.float32)
            square = np.zeros(clean)
            for q, direction in enumerate(self._basis):
                coordinate = points.margins(direction)[:clean]
                sketch[:, q] = coordinate
                square += coordinate**2
            known = self._clean_sketch = sketch, _outside(rows.norm[:clean], square)
        rows.sketch[:clean], rows.outside[:clean] = known
        coordinates = points.added @ self._basis[:, : self.problem.d].T
        if self.problem.bias:
            coordinates += self._basis[:, -1]
        # Labels only turn the signs, of the sketch as of its row.
        rows.sketch[clean:n] = coordinates * points.labels[clean:, None]
        rows.outside[clean:n] = _outside(rows.norm[clean:n], (coordinates**2).sum(axis=1))

    def _start_from(self, alpha: Array, norms: Array | None = None) -> None:
        """State in which every alpha strictly between its bounds is free as far as independence allows."""
        n, points, dim = self.points.n_rows, self.points, self.problem.dim
        if self._rows.label.size < n or norms is not None:
            self._allocate_rows(n)
            self._rows.norm[:n] = self._norms() if norms is None else norms
            self._sketch_rows(n)
        rows, counts = self._rows, points.counts
        rows.label[:n], rows.count[:n], rows.alpha[:n] = points.labels, counts, alpha
        # A row without weight or without features never moves.
        rows.alpha[:n][rows.norm[:n] == 0] = counts[rows.norm[:n] == 0]
        alpha = rows.alpha[:n]
        idle = (counts == 0) | (rows.norm[:n] == 0)
        capped = (alpha >= counts) & ((counts > 0) | idle)
        rows.status[:n] = np.where(capped, state.CAPPED, state.ZERO)
        p = self._basis.shape[0]
        self._anchors = state.Anchors(
            theta=np.zeros((ANCHORS, dim)),
            basis=self._basis,
            image=np.zeros((ANCHORS, p)),
            shift=np.zeros((ANCHORS, p), dtype=np.float32),
            outside=np.zeros(ANCHORS),
            latest=np.zeros(1, dtype=np.int64),
        )
        self._capped = float(alpha[capped].sum())
        self._v, self._theta = points.combine(alpha), np.zeros(dim)
        self._free, self._k = _new_free_set(min(64, dim + BATCH + 2), dim), 0
        reach = np.abs(points.margins(self._v / self.mu) - 1.0)[~idle] / rows.norm[:n][~idle]
        radius = float(np.quantile(reach, WATCHED)) if reach.size else 0.0
        self._anchors.theta[0] = self._v / self.mu
        self._anchors.image[0] = self._basis @ self._anchors.theta[0]
        # A region without extent: the first round makes a list from the distance that stands here.
        distance = max(radius, 1e-3 * float(np.linalg.norm(self._v)) / self.mu, 1e-9)
        self._watch.limits[:] = 0.0
        self._watch.limits[[state.FAR_INSIDE, state.FAR_OUTSIDE]] = distance
        self._watch.limits[[state.INSIDE, state.OUTSIDE]] = -1.0
        rows.place[:n] = -1
        between: NDArray[np.intp] = np.flatnonzero((alpha > 0) & ~capped)
        start = 0
        while start < between.size:
            start, self._k, change = core.crash(
                points.clean, points.n_clean, points.added_store, points.problem.scale, self.problem.bias, self._v,
                self.mu, rows, self._watch, self._free, self._k, between, start, self._recheck,
            )  # fmt: skip
            self._capped += change
            if start < between.size:
                self._grow_free()


def principal_directions(points: PointSet) -> Array:
    """About the leading SKETCH principal directions of the clean rows, orthonormal, shape (p, dim).

    From a few rows and a few power steps: screening is right for every orthonormal basis, a good one is
    only sharper.
    No directions (p = 0) where rows are short or sparse, so that looking at a row is cheap.
    """
    X, dim = points.clean[0], points.problem.dim
    p = min(SKETCH, dim // SKETCH_SHARE) if X.ndim == 2 and dim >= SKETCH_FROM else 0
    sample = np.ones((min(points.n_clean, SKETCH_ROWS), dim))
    if p == 0 or sample.shape[0] < p:
        return np.empty((0, dim))
    chosen = np.linspace(0, points.n_clean - 1, sample.shape[0]).astype(np.intp)
    sample[:, : X.shape[1]] = X[chosen] / points.problem.scale
    basis, _ = np.linalg.qr(sample[:: sample.shape[0] // p][:p].T)
    for _ in range(SKETCH_STEPS):
        basis, _ = np.linalg.qr(sample.T @ (sample @ basis))
    return np.ascontiguousarray(basis.T)


def _outside(norm: Any, square: Any) -> Any:
    """Norm of the part of a row outside the sketch's span, with the rounding of both squares on the safe side."""
    return np.sqrt(np.maximum(norm**2 - square, 0.0)) + SKETCH_ROUNDING * norm


def _new_free_set(capacity: int, dim: int) -> state.FreeSet:
    return state.FreeSet(
        row=np.zeros(capacity, dtype=np.int64),
        slot=np.arange(capacity),
        Z=np.zeros((capacity, dim)),
        L=np.zeros((capacity, capacity)),
        work=np.zeros((4, capacity)),
    )


__all__ = ["ActiveSetTrainer"]
