r"""Hinge loss: a dual active set that is warm from one fit to the next.

With :math:`\mu = n C_R` and signed rows :math:`z_i` of multiplicity :math:`k_i` the dual of the sum form is

.. math:: \min_\alpha\ \tfrac12|v|^2 - \mu\sum_i\alpha_i,\qquad v = \sum_i\alpha_i z_i,\qquad 0 \le \alpha_i \le k_i,
          \qquad \theta = v/\mu .

At the minimum rows with margin above 1 have alpha 0 (*zero*), rows below 1 have alpha = k (*capped*), and the
others are the *free* set F, few and linearly independent. One round:

1. Solve for F: residual :math:`g = \mu 1 - Z_F v`, direction from :math:`Z_F Z_F^T\delta = g` (Cholesky), step
   until a bound blocks; the blocked row leaves F and the factor, repeat; refine on the true residual.
2. Look for rows on the wrong side of margin 1. The margin of a row at an earlier model :math:`\theta_a` (its
   *anchor*) bounds the present one: with the *drift* :math:`\delta`, the way between the last two models at which all
   rows were read, an orthonormal basis U of a few directions and the precomputed *sketch* Uz, for every number s

   .. math:: |m - m_a - s\langle z, \delta\rangle - \langle Uz, Ue\rangle| \le |z - U^TUz|\,|e - U^TUe|,
             \qquad e = \theta - \theta_a - s\delta .

   :math:`\langle z, \delta\rangle` is a difference of two known margins, so the steady part of the movement costs
   nothing. Only rows that the bound leaves in doubt are read. And only rows on the *watch list* are put to this test:
   the others cannot change sides, by the same bound, while the model stays in a region around the list's centre. A
   new list is made now and then; a row whose distance to margin 1, in units of |z|, is more than the centres have
   travelled since it was last read is not read for it.
3. The worst few enter F; a dependent one is exchanged along the null direction.

An added point raises mu by :math:`C_R` for each copy; with margin below 1 it starts capped. The gap needs no pass:
with :math:`\theta = v/\mu` (up to a correction of rounding, ``polish``) it is
:math:`\frac1n\sum_i [k_i(1-m_i)_+ - \alpha_i(1-m_i)]`, and only free rows and rows on the wrong side contribute.
``full_gap`` recomputes it from alpha alone, over all rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...errors import InputError, UndecidedError
from ...losses import Array
from ...problem import Problem
from ..fit import Fit, duality_gap
from ..rows.store import PointSet
from . import kernels as core
from . import state
from .coordinate_descent import LOOSE, MAX_EPOCHS, coordinate_descent
from .screening import BATCH
from .sketch import Sketch
from .watch_list import LIFETIME

#: Models kept as anchors. More anchors mean fewer rows looked at and more distances to compute.
ANCHORS = 16
#: Share of the rows whose distance to margin 1 gives the first region its size.
WATCHED = 0.1
#: Rounds before a fit is given up; beyond SINGLE rounds rows enter one by one, which cannot cycle
#: except at exact ties.
MAX_ROUNDS = 100_000
SINGLE_AFTER = 2_000
#: Added rows for which there is room at first.
ROOM = 1024
#: Error bound of a margin that is stale: the row must be looked at.
RECHECK = np.inf


class ActiveSetTrainer:
    """Hinge loss trainer; ``looked`` counts the rows whose margin the last fit evaluated."""

    engine = "active_set"

    def __init__(self, problem: Problem, tolerance: float, *, recheck: float = RECHECK) -> None:
        if not problem.loss.is_hinge:
            raise InputError(f"engine 'active_set': loss {problem.loss.key!r}; it knows the hinge loss only")
        self.problem = problem
        self.tolerance = tolerance
        self.points = PointSet(problem)
        self.looked = 0
        self._recheck = recheck
        self._last: Array | None = None
        self._cold = True
        self._sketch = Sketch(self.points)
        #: Rows that the state below knows, and those of them that have more copies than it knows.
        self._admitted = 0
        self._raised: list[int] = []
        self._sizes = state.new_sizes()
        self._allocate_rows(0)
        self._allocate_free(0)
        self._k = 0

    @property
    def n_points(self) -> int:
        """Points of the multiset, with multiplicity."""
        return self.points.n_points

    @property
    def added_multipliers(self) -> Array:
        """Dual variables alpha of the added rows at the last fit, in the order of ``points.added``; a view."""
        return np.asarray(self._rows.alpha[self.points.n_clean : self._admitted])

    @property
    def mu(self) -> float:
        """n C_R of the present multiset."""
        return self.points.n_points * self.problem.c_r

    def add(self, x: Array, y: int, copies: int = 1) -> None:
        """Multiset union with ``copies`` of the point (x, y)."""
        row = self.points.add(x, y, copies)
        self._last = None
        # The next fit admits new rows and takes up the copies of old ones.
        if not self._cold and row < self._admitted:
            self._raised.append(row)

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
        """Give the clean rows other multiplicities; the next fit starts from scratch."""
        self.points.set_counts(counts)
        self._last = None
        # Multiplicities change for many rows at once, and an active set that is far away costs more than a new one.
        self.rebuild()

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
            code, used, gap, dual = self._rounds(
                MAX_ROUNDS - SINGLE_AFTER if single else SINGLE_AFTER + 1, 1 if single else BATCH
            )
            rounds += used
            if code == core.DONE:
                break
            if code == core.STALLED and single:
                raise UndecidedError(f"engine 'active_set': no end after {rounds} rounds on {self.n_points} points")
        n, theta = self.n_points, self._theta.copy()
        # Strong duality: the dual value plus the gap is the primal value.
        gap, dual = gap / n, dual / n
        if not gap <= self.tolerance * max(1.0, dual):
            raise UndecidedError(
                f"engine 'active_set': duality gap {gap:.3g} above the tolerance {self.tolerance:g} on {n} points;"
                " raise C_R, or subtract an offset from the features or scale those that are not integer"
            )
        self._last = theta
        return Fit(theta, dual + gap, gap, n, rounds, self.engine)

    def _rounds(self, most: int, batch: int) -> tuple[int, int, float, float]:
        """At most ``most`` rounds, ``batch`` rows entering in each; code, rounds, gap and dual value in sum form."""
        points = self.points
        self._make_room(points.n_rows)
        code, self._k, change, used, gap, looked, dual = core.refit(
            points.clean, points.n_clean, points.added_store, points.coded_store, points.n_added, self.problem.scale,
            *points.weighted_labels, self._admitted, np.array(self._raised, dtype=np.int64), self.problem.bias,
            self._v, self._theta, self.mu, self._k, self._recheck, most, batch,
            *self._row_arrays, *self._watch_arrays, *self._sizes, *self._free_arrays, *self._anchor_arrays,
        )  # fmt: skip
        self._admitted = points.n_rows
        self._raised.clear()
        self._capped += change
        self.looked += looked
        if code == core.GROW:
            self._grow_free()
        return code, used, gap, self._capped + dual

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

    def _allocate_rows(self, capacity: int) -> None:
        p = self._sketch.basis.shape[0]
        self._row_arrays, self._watch_arrays = state.new_rows(capacity, p), state.new_watch(capacity, p)
        self._rows = state.rows_of(*self._row_arrays)
        self._watch = state.watch_of(*self._watch_arrays, *self._sizes)

    def _make_room(self, n: int) -> None:
        """Room for n rows in all arrays of this kind."""
        if n <= self._rows.label.size:
            return
        old = (self._row_arrays, self._admitted), (self._watch_arrays, int(self._watch.used[0]))
        self._allocate_rows(n + max(ROOM, self.points.n_added))
        for grown, (arrays, used) in zip((self._row_arrays, self._watch_arrays), old, strict=True):
            for k in range(2):
                grown[k][:, :used] = arrays[k][:, :used]
            grown[2][:used] = arrays[2][:used]

    def _allocate_free(self, capacity: int) -> None:
        self._free_arrays = state.new_free(capacity, self.problem.dim)
        self._free = state.free_of(*self._free_arrays)

    def _grow_free(self) -> None:
        old, dim = self._free, self.problem.dim
        self._allocate_free(min(2 * old.row.size, dim + BATCH + 2))
        k = old.row.size
        self._free.row[:k], self._free.slot[:k] = old.row, old.slot
        self._free.Z[:k], self._free.L[:k, :k] = old.Z, old.L

    def _cold_start(self) -> None:
        """Rough coordinate descent from alpha = 0, then an active set from there."""
        n, points = self.points.n_rows, self.points
        alpha, v = np.zeros(n), np.zeros(self.problem.dim)
        norms = self._sketch.norms()
        coordinate_descent(
            points.clean, points.n_clean, points.added_store, points.problem.scale, self.problem.bias,
            points.labels, points.counts, norms, self.mu, alpha, v, LOOSE, MAX_EPOCHS,
        )  # fmt: skip
        self._start_from(alpha, norms)
        self._cold = False

    def _start_from(self, alpha: Array, norms: Array | None = None) -> None:
        """State in which every alpha strictly between its bounds is free as far as independence allows."""
        n, points, dim = self.points.n_rows, self.points, self.problem.dim
        if self._rows.label.size < n or norms is not None:
            self._allocate_rows(n)
            self._rows.norm[:n] = self._sketch.norms() if norms is None else norms
            self._sketch.fill(self._rows)
        rows, counts = self._rows, points.counts
        rows.label[:n], rows.count[:n], rows.alpha[:n] = points.labels, counts, alpha
        # A row without weight or without features never moves.
        rows.alpha[:n][rows.norm[:n] == 0] = counts[rows.norm[:n] == 0]
        alpha = rows.alpha[:n]
        idle = (counts == 0) | (rows.norm[:n] == 0)
        capped = (alpha >= counts) & ((counts > 0) | idle)
        rows.status[:n] = np.where(capped, state.CAPPED, state.ZERO)
        p = self._sketch.basis.shape[0]
        self._anchor_arrays = state.new_anchors(ANCHORS, self._sketch.basis)
        self._anchors = state.anchors_of(*self._anchor_arrays, *self._sizes)
        self._anchors.length[0] = self._anchors.distance[0] = self._anchors.latest[0] = 0
        self._capped, self._admitted = float(alpha[capped].sum()), n
        self._raised.clear()
        self._v, self._theta = points.combine(alpha), np.zeros(dim)
        self._allocate_free(min(64, dim + BATCH + 2))
        self._k = 0
        rows.margin[:n] = points.margins(self._v / self.mu)
        reach = np.abs(rows.margin[:n] - 1.0)[~idle] / rows.norm[:n][~idle]
        radius = float(np.quantile(reach, WATCHED)) if reach.size else 0.0
        self._anchors.theta[0] = self._v / self.mu
        self._anchors.image[0, :p] = self._sketch.basis @ self._anchors.theta[0]
        # A region without extent: the first final model makes a list from the distance that stands here.
        distance = max(radius, 1e-3 * float(np.linalg.norm(self._v)) / self.mu, 1e-9)
        self._watch.used[:] = 0, LIFETIME, 0
        self._watch.region[:] = -1.0
        self._watch.farthest[:] = 0.0
        self._watch.farthest[[state.INSIDE, state.OUTSIDE, state.DISTANCE]] = distance
        self._watch.travelled[0] = 0.0
        rows.current[:n], rows.until[:n], rows.place[:n] = 1, -np.inf, -1
        between: NDArray[np.intp] = np.flatnonzero((alpha > 0) & ~capped)
        start = 0
        while start < between.size:
            start, self._k, change = core.crash(
                points.clean, points.n_clean, points.added_store, points.problem.scale, self.problem.bias, self._v,
                self.mu, *self._row_arrays[:2], self._watch_arrays[0], *self._free_arrays, self._k, between, start,
                self._recheck,
            )  # fmt: skip
            self._capped += change
            if start < between.size:
                self._grow_free()


__all__ = ["ActiveSetTrainer"]
