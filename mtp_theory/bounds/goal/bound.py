r"""``bound`` for goals on rows: the fewest added points, certified from below, constructed from above.

At least k of m rows wrong: among any m - k + 1 of the rows one is then wrong, so the least of their own bounds is one
for the goal; taken are the rows of the largest clean margins. A mean loss of at least L: some row's loss is that large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, inf
from time import monotonic

import numpy as np

from ... import inputs
from ...certificates.format import Certificate, decimal
from ...datasets import Dataset
from ...errors import InputError, UndecidedError
from ...losses import Array
from ...training import ENGINES, make_trainer
from ..answer import FewestPoints, data_of, versions_of
from ..confirm import confirmed
from . import boxes, cones
from .above import Pair, Search, divided, flipped, own_points
from .certificate import goal_certificate
from .descent import descents, pair_of, sets_of
from .goals import Rows
from .tree import Node, Plane, Region, listed

#: Features up to which regions are boxes of models.
FEW_FEATURES = 4
#: Share of the time that the search from above may take before the one from below.
ABOVE_SHARE = 0.3
#: The search from below stops that close to an integer.
ROUNDING = 1e-6
#: Points by which a claim is lowered, one at a time, where its certificate does not close.
BACKWARD = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class GoalBound(FewestPoints):
    """The fewest points for a goal on rows: ``lower`` certified, ``upper`` constructed (inf: none found).

    ``fractional``: the relaxation's least mass; the lower end rounds it up. ``model``: trained by ``engine`` on the set
    found, the goal seen to hold. ``nodes``: regions looked at. ``seconds``: what it took.
    """

    fractional: float = 0.0
    model: Array | None = None
    nodes: int = 0
    seconds: float = 0.0


def bound_goal(
    goal: Rows, *, data: Dataset | None = None, seconds: float = 60.0, engine: str = "liblinear", above: bool = True
) -> GoalBound:
    """The fewest points for the goal, within about ``seconds``; a cut-off leaves what is proved (status bounds).

    ``data``: the data set that the certificate names. ``engine`` trains on the set found: it counts only if the goal
    is seen to hold at that model too. ``above``: look for a set at all.
    """
    problem, start = goal.problem, monotonic()
    if not problem.loss.is_hinge:
        raise InputError(f"goal: loss {problem.loss.key!r}; points for a goal are bounded for the hinge loss only")
    inputs.real("seconds", seconds, above=0)
    inputs.one_of("engine", engine, ENGINES)
    inputs.flag("above", above)
    data = data_of(problem, data)
    clean = problem.clean.theta
    if goal.reached(clean):
        return GoalBound(
            0, 0, how="float", status="optimal", goal=goal, X=np.zeros((0, problem.d)), y=np.zeros(0), model=clean,
            engine=engine, versions=versions_of("highspy"), reason="the clean model has what is wanted",
        )  # fmt: skip
    return _Run(goal, data, start, seconds, engine, above).answer()


@dataclass(eq=False)
class _Run:
    """One goal's two searches."""

    goal: Rows
    data: Dataset
    start: float
    seconds: float
    engine: str
    above: bool
    found: tuple[Array, Array, Array] | None = None

    def answer(self) -> GoalBound:
        goal, problem = self.goal, self.goal.problem
        needed = len(goal.y) - goal.at_least + 1
        margins = goal.Z @ problem.clean.theta
        rows = [int(i) for i in np.argsort(-margins, kind="stable")[:needed]]
        self.search = Search(goal, self.start + self.seconds)
        roots: list[tuple[int, Plane, Node]] = []
        value, nodes, reasons = inf, 0, []
        for place, i in enumerate(rows):
            plane = Plane.of(problem, goal.Z[i], goal.tau)
            if margins[i] <= -goal.tau:
                value, reasons = 0.0, ["the clean model has too many of the rows wrong"]
                break
            left = (self.start + self.seconds - monotonic()) / (len(rows) - place)
            lower, root, looked, reason = self.from_below(plane, max(left, 0.05), single=len(rows) == 1)
            value, nodes = min(value, lower), nodes + looked
            roots.append((i, plane, root))
            reasons += [reason] if reason else []
            if value <= 0:
                break
        if self.above and self.found is None:
            self.search.until = max(self.search.until, self.start + self.seconds)
            self.take(self.search.down(flipped(goal, max(1, ceil(value))), max(1, ceil(value - ROUNDING))))
        points, certificate, reason = self.certified(value, roots)
        reasons += [reason] if reason else []
        upper = len(self.found[1]) if self.found else inf
        X, y, model = self.found if self.found else (None, None, None)
        status = "optimal" if points == upper else "bounds"
        return GoalBound(
            points, upper, how="heuristic" if upper < inf else "exact", status=status,
            reason="; ".join(dict.fromkeys(reasons)), goal=goal, fractional=max(0.0, value), X=X, y=y, model=model,
            nodes=nodes, seconds=monotonic() - self.start, engine=self.engine, certificate=certificate,
            versions=versions_of("highspy"),
        )  # fmt: skip

    def from_below(self, plane: Plane, seconds: float, single: bool) -> tuple[float, Node, int, str]:
        """The least mass that flips one row, the tree that shows it, its nodes."""
        if plane.problem.d > FEW_FEATURES:
            return self.many_features(plane, seconds, single)

        def incumbent(best: boxes.Relaxed) -> int | None:
            if single and self.above:
                self.try_around(divided(plane, best.theta, best.g, best.h, best.w), best.g, best.h)
            return len(self.found[1]) if single and self.found else None

        done = boxes.search(plane, seconds=seconds, incumbent=incumbent)
        return done.lower, done.root, done.nodes, "" if done.finished else "time is over"

    def many_features(self, plane: Plane, seconds: float, single: bool) -> tuple[float, Node, int, str]:
        """As :meth:`from_below`, by cones: a set from above first, since it says where the search from below ends."""
        until, most = monotonic() + seconds, inf
        if single and self.above and self.found is None:
            self.search.until = monotonic() + ABOVE_SHARE * seconds
            self.by_descent()
            self.search.until = until
        if single and self.found:
            most = len(self.found[1])
        last, root, refuter = cones.most_refuted(plane, until=until, most=most)
        late = monotonic() > until
        if single and self.above and refuter.open is not None and not late:
            self.search.until = until
            at = refuter.open
            self.try_around(divided(plane, at.theta, at.g, at.h, at.w), at.g, at.h)
        nothing = Node(Region.root(plane), 0.0, None, plane.z0)
        return last + 1, root or nothing, refuter.solves, "time is over" if late else ""

    def by_descent(self) -> None:
        """Sets whose model descents of t* end in, while time is left; by steps of the points where none is found."""
        last = None
        for last in descents(self.search, self.search.until):
            for X, y in sets_of(self.goal.problem, last, self.data):
                if self.found is not None and len(y) >= len(self.found[1]):
                    break
                model = self.retrained(X, y)
                if model is not None and self.goal.reached(model):
                    self.found = X, y, model
                    break
        if last is not None and self.found is not None:
            self.try_sizes(*pair_of(last))
        if self.found is None:
            self.take(self.search.down(flipped(self.goal, 1), 1))

    def try_around(self, pair: Pair, g: float, h: float) -> None:
        """Sets near a relaxed one, whose labels' slopes sum to g and h; kept if smaller than the set found."""
        best = len(self.found[1]) if self.found else inf
        if pair.size < best:
            self.take(self.search.down(pair, 1))
        self.try_sizes(pair, g, h)

    def try_sizes(self, pair: Pair, g: float, h: float) -> None:
        """The pair's points in as many copies as slopes add up to, rounded, after steps of the points."""
        size = max(1, ceil(g + h - ROUNDING))
        for plus in {ceil(g - ROUNDING), floor(g), size - ceil(h - ROUNDING), size - floor(h)}:
            if self.found is not None and size >= len(self.found[1]):
                return
            if 0 <= plus <= size:
                moved, lack = self.search.improved(replace(pair, plus=plus, minus=size - plus))
                if self.search.reached(lack):
                    self.take(moved)

    def take(self, pair: Pair | None) -> None:
        """Keep the pair's set if it is the smallest yet and the independent engine's model reaches the goal."""
        while pair is not None and (self.found is None or pair.size < len(self.found[1])):
            theta = self.search.train(*pair.rows())
            X, y = own_points(self.goal.problem, self.goal.problem.clean.theta if theta is None else theta, pair)
            model = self.retrained(X, y)
            if model is not None and self.goal.reached(model):
                self.found = X, y, model
                return
            pair = self.search.larger(pair)

    def retrained(self, X: Array, y: Array) -> Array | None:
        trainer = make_trainer(self.goal.problem, self.engine)
        trainer.add_many(X, y)
        try:
            return trainer.fit().theta
        except UndecidedError:
            return None

    def certified(self, value: float, roots: Sequence[tuple[int, Plane, Node]]) -> tuple[int, Certificate | None, str]:
        """The integer that is proved, with its certificate; lower than the value rounded up where it does not close."""
        goal, reason = self.goal, ""
        points = max(0, ceil(value - ROUNDING)) if value < inf else 0
        tau = decimal(goal.level) - 1 if goal.kind == "loss" else decimal(goal.tau)  # type: ignore[attr-defined]
        for claim in range(points, max(0, points - BACKWARD), -1):
            trees = []
            for i, plane, root in roots:
                nodes = listed(root, plane, claim - 1)
                if nodes is None:
                    reason = "a region stays open"
                    break
                trees.append((i, nodes))
            else:
                found = goal_certificate(
                    goal.problem, self.data, goal.kind, goal.X, goal.y, goal.at_least, Fraction(tau), claim, trees
                )
                refused = confirmed(found, self.data)
                if refused is None:
                    return claim, found, ""
                reason = f"the certificate does not close: {refused}"
        return 0, None, reason


__all__ = ["FEW_FEATURES", "GoalBound", "bound_goal"]
