r"""The closest model that a given number of points reaches: descent on the distance over the points themselves.

.. math:: \min_{|P|=n} D(t_P,\theta_p), \qquad t_P \text{ trained on the clean data and the points } P .

With n fixed, the balance :math:`(N+n)c\,t = \sum_i s_i z_i + \sum_y y\,(w_y, g_y)` is linear in the model t, the clean
slopes s, the poison's sums :math:`w_y` and masses :math:`g_y`, and so is :math:`D(t,\theta_p)\le\varepsilon` for a
variable :math:`\varepsilon` (:mod:`.relaxation`). Two things are not. The sides of the clean margins are kept as they
are at the model at hand; rows on the margin have a free slope, and in every other step they may leave it, margin and
slope in the hull of the graph. The margin limit :math:`y\langle t,(w_y,g_y)\rangle\le g_y`, without which points do not
pull, is linearised there. The programme's sums become points of the domain, the model is trained on them, and a step
counts only if the distance of *that* model has fallen. So every state is a set of exactly n points with the model that
they make, and none is further than the start. The problem is not convex: what comes out is the best set found.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from ...convex_set.clean import dense_rows, signed_sum
from ...errors import InputError, UndecidedError
from ...losses import Array
from ...problem import Problem
from ...result import Enclosure
from ...shadow import Oracle
from ...training import make_trainer
from ..target.rounding import split
from .conic import Conic
from .descent import FIRST_RADIUS, GREATEST_RADIUS, ON_MARGIN, SHRINK, WATCHED, WIDEN
from .relaxation import LABELS, Relaxation

#: What a label's mean margin keeps from 1: points split into integer ones differ, and beyond the margin none pulls.
INTEGER_ROOM = (0.1, 0.0)
#: Relative fall of the distance that counts as progress, and the trust region's radius at which the search ends.
PROGRESS, LAST_RADIUS = 1e-4, 1e-3


@dataclass(frozen=True, eq=False)
class ClosestSet(Enclosure):
    """D(model, target) over the domain itself, of the model (dim,) that points X (n, d), y (n,) train.

    Copies are rows. ``gap``: the model's duality gap.
    """

    X: Array
    y: Array
    model: Array
    gap: float

    def _quantity(self) -> str:
        return "loss-based distance to the target"


@dataclass(frozen=True, eq=False)
class _Sums:
    """The programme's model, and (mass, sum) of each label's points."""

    model: Array
    sums: dict[int, tuple[float, Array]]


class Closest:
    """The search for one problem and target (dim,): :meth:`search` for each number of points.

    Raises InputError for a loss other than the hinge, and a domain that is no box (integer features are allowed).
    """

    def __init__(self, problem: Problem, target: ArrayLike) -> None:
        domain = problem.domain.boxed
        if domain is None:
            raise InputError(
                f"closest set: domain {type(problem.domain).__name__}; give a box, with or without integers"
            )
        self.problem, self.domain = problem, domain
        self.target = problem.check_theta(target, "target")
        self.rooms = INTEGER_ROOM if domain.integer.any() else (0.0,)
        self._oracle = Oracle(problem.loss, domain, self.target, bias=problem.bias)
        # epsilon is a variable here: only the rows of the relaxation are used
        self._rows = Relaxation(problem, self.target, 0.0)

    def measured(self, X: Array, y: Array) -> ClosestSet:
        """The set X (n, d), y (n,) with the model trained on it. Raises UndecidedError when training fails."""
        trainer = make_trainer(self.problem)
        if len(y):
            rows, counts = np.unique(np.column_stack([y, X]), axis=0, return_counts=True)
            trainer.add_many(rows[:, 1:], rows[:, 0], counts)
        fit = trainer.fit()
        away = self._oracle.maximise(fit.theta)
        return ClosestSet(away.lower, away.upper, X, y, fit.theta, fit.gap)

    def search(self, start: ClosestSet, steps: int = 30) -> ClosestSet:
        """The closest set of as many points as ``start`` (see :meth:`measured`) found in at most ``steps`` steps."""
        best = start
        radius, failed = FIRST_RADIUS, 0
        for step in range(steps if len(start.y) else 0):
            after = self._after(best, radius, leave=step % 2 == 0)
            if after is not None and after.upper < best.upper * (1 - PROGRESS):
                best, radius, failed = after, min(GREATEST_RADIUS, radius * WIDEN), 0
            else:
                failed += 1
            if failed == 2:
                radius, failed = radius / SHRINK, 0
            if radius < LAST_RADIUS:
                break
        return best

    def _after(self, state: ClosestSet, radius: float, *, leave: bool) -> ClosestSet | None:
        """The closest of the sets that the programme proposes; None where it proposes none that can be trained on."""
        n, found = len(state.y), []
        for room in self.rooms:
            free = self._step(state, radius, room, None, leave=leave)
            if free is None:
                continue
            # counts are whole: the sums once more for the nearest ones
            plus = int(np.clip(round(free.sums[1][0]), 0, n))
            whole = self._step(state, radius, room, {1: plus, -1: n - plus}, leave=leave)
            if whole is not None:
                with suppress(UndecidedError):
                    found.append(self.measured(*self._points(whole)))
        return min(found, key=lambda s: s.upper, default=None)

    def _points(self, wanted: _Sums) -> tuple[Array, Array]:
        """Points of the domain, as many as the masses say, with the sums wanted or, of integer points, near them."""
        parts, labels = [], []
        for y, (mass, total) in wanted.sums.items():
            k = round(mass)
            if k:
                mean = np.clip(total / k, self.domain.lower, self.domain.upper)
                if self.domain.integer.any():
                    parts.append(split(self.problem, self.domain, wanted.model, y, k, k * mean))
                else:
                    parts.append(np.tile(mean, (k, 1)))
                labels.append(np.full(k, float(y)))
        return np.vstack(parts), np.concatenate(labels)

    def _pulls(self, state: ClosestSet) -> dict[int, Array]:
        """y (sum, mass) of each label's points within the margin, the margin included: the gradient of its limit."""
        inside = state.y * self.problem.decision(state.model, state.X) <= 1 + ON_MARGIN
        out = {}
        for y in LABELS:
            chosen = inside & (state.y == y)
            total = state.X[chosen].sum(axis=0)
            out[y] = y * (np.append(total, float(chosen.sum())) if self.problem.bias else total)
        return out

    def _step(
        self, state: ClosestSet, radius: float, room: float, counts: dict[int, int] | None, *, leave: bool
    ) -> _Sums | None:
        """The linearised programme's answer with the masses ``counts``, or any that add up; None: not solved."""
        problem, t, n = self.problem, state.model, len(state.y)
        lift, size = self._rows.lift(), self._rows.block.size
        first = np.zeros((1, size))
        first[0, 0] = 1.0
        unit = sp.eye_array(problem.dim)
        model = Conic()
        model.variable("t", problem.dim)
        model.variable("epsilon", cost=1.0)
        model.below("trust high", {"t": unit}, t + radius)
        model.below("trust low", {"t": -unit}, radius - t)
        balance = {"t": (problem.n_points + n) * problem.c_r * unit}
        pulls = self._pulls(state)
        for y in LABELS:
            self._rows.closeness(model, y, self.target, None)
            name = f"points {y}"
            model.variable(name, size)
            self._rows.in_cone(model, name)
            balance[name] = -y * lift
            margin = y * (t @ lift)[None, :] - (1 - room) * first
            model.below(f"limit {y}", {"t": pulls[y][None, :], name: margin}, float(pulls[y] @ t))
            if counts is not None:
                model.equal(f"mass {y}", {name: first}, float(counts[y]))
        if counts is None:
            model.equal("mass", {f"points {y}": first for y in LABELS}, float(n))
        model.equal("balance", balance | self._sides(model, t, radius, leave=leave), self._full(t))
        answer = model.solve()
        if not answer.usable:
            return None
        found = {y: answer.values[f"points {y}"] for y in LABELS}
        return _Sums(answer.values["t"], {y: (float(v[0]), lift[: problem.d] @ v) for y, v in found.items()})

    def _full(self, t: Array) -> Array:
        """The sum of the clean rows of slope 1 at t, those clearly within the margin."""
        problem = self.problem
        return signed_sum(problem, (problem.margins(t) < 1 - ON_MARGIN) * problem.counts * problem.y)

    def _sides(self, model: Conic, t: Array, radius: float, *, leave: bool) -> dict[str, Array]:
        """Rows that keep the clean margins at t on their sides; the slopes' terms of the balance."""
        problem = self.problem
        off = problem.margins(t) - 1
        counted = problem.counts > 0
        on = counted & (np.abs(off) <= ON_MARGIN)
        watched = min(WATCHED, off.size) - 1
        near = counted & ~on & (np.abs(off) <= np.partition(np.abs(off), watched)[watched])
        inside, outside, kinks = (np.flatnonzero(m) for m in (near & (off < 0), near & (off > 0), on))
        if inside.size:
            model.below("inside", {"t": self._signed(inside)}, 1.0)
        if outside.size:
            model.below("outside", {"t": -self._signed(outside)}, -1.0)
        if not kinks.size:
            return {}
        rows, unit = self._signed(kinks), sp.eye_array(kinks.size)
        model.variable("s", kinks.size)
        model.below("s low", {"s": -unit}, 0.0)
        model.below("s high", {"s": unit}, 1.0)
        if leave:
            # margins within [1 - radius, 1 + radius]: margin and slope in the hull of the graph there
            model.below("on high", {"t": rows, "s": radius * unit}, 1.0 + radius)
            model.below("on low", {"t": -rows, "s": -radius * unit}, -1.0)
        else:
            model.equal("on", {"t": rows}, 1.0)
        return {"s": -(rows * problem.counts[kinks, None]).T}

    def _signed(self, rows: NDArray[np.intp]) -> Array:
        """Rows y (x, 1) of the clean data."""
        return np.asarray(self.problem.y[rows, None] * dense_rows(self.problem, rows))


__all__ = ["Closest", "ClosestSet"]
