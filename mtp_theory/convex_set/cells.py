r"""The set K, cut into cells on which the loss has one slope.

A subgradient of the loss of z = (x, y) at the target is :math:`-s\,y\bar x` with
:math:`\bar x = (x, 1)` (or x without the bias feature), :math:`s \in -\partial\varphi(v)` and
:math:`v = y\langle\theta_p, \bar x\rangle`. So

.. math:: -K = \mathrm{conv}\bigcup_{\text{cells}} s\,y\,\{\bar x : x \in X_y,\ v \in [\text{low}, \text{high}]\}.

A cell is convex where :math:`X_y` is, so any points of it can be merged into one: that is why
K is described by a handful of *sums* instead of all its points. A piecewise-linear loss has
one cell per linear piece and label, and their hull is K itself. Any other loss has a cell
for each margin v (a *slice*); finitely many slices give a subset of K.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from ..domains import labelled
from ..losses import Array, MarginLoss
from ..problem import Problem

#: Slices steeper than this are left out: the programmes' coefficients would leave the range that float64 solvers take.
#: What is left is still a subset of K, and the dual bound still prices all of it.
STEEPEST = 1e16

#: Two margins this close, relative to max(1, |v|), are one slice: its points differ by less than
#: the feasibility tolerance of the linear programs.
SAME_MARGIN = 1e-9


@dataclass(frozen=True)
class Cell:
    """Points of one label with margin in [low, high] at the target, taken with one slope."""

    label: int
    slope: float
    low: float
    high: float


@dataclass(frozen=True)
class MarginRange:
    """Margins that a label's domain reaches at the target, with the points at both ends."""

    label: int
    low: float
    high: float
    x_high: Array


def margin_ranges(problem: Problem, target: Array) -> dict[int, MarginRange]:
    """Least and greatest margin at the target for each allowed label (of the relaxed domain)."""
    w, b = problem.split(target)
    ranges = {}
    for label, domain in labelled(problem.domain.relaxation):
        greatest, x_high = domain.support(label * w)
        least = -domain.support(-label * w)[0]
        # linprog and sums may cross by rounding where the domain is a point
        low = min(least, greatest) + label * b
        ranges[label] = MarginRange(label, low, greatest + label * b, x_high)
    return ranges


def domain_kind(problem: Problem) -> str:
    """ "exact" where every label's domain is convex, "relaxed" where its convex relaxation stands for it."""
    convex = all(domain.relaxation is domain for _, domain in labelled(problem.domain))
    return "exact" if convex else "relaxed"


def has_linear_pieces(loss: MarginLoss) -> bool:
    """Is K the hull of finitely many cells? True for the hinge and piecewise-linear losses."""
    return loss.piecewise_linear


def linear_cells(problem: Problem, target: Array) -> list[Cell]:
    r"""All cells of a piecewise-linear loss that contain a point; their hull is -K.

    The hinge has two per label: margin at most 1 (slope 1) and at least 1 (slope 0: neutral points,
    which only fill up mass). A neutral cell counts only if X really has a point there, compared in
    float64 without tolerance.
    """
    edges = (-inf, *problem.loss.kinks, inf)
    slopes = [problem.loss.slope_interval(k)[1] for k in problem.loss.kinks]
    slopes.append(
        problem.loss.slope_interval(problem.loss.kinks[-1])[0] if problem.loss.kinks else _slope(problem, 0.0)
    )
    cells = []
    for label, reach in margin_ranges(problem, target).items():
        for slope, low, high in zip(slopes, edges[:-1], edges[1:], strict=True):
            if reach.high >= low and reach.low <= high:
                cells.append(Cell(label, slope, low, high))
    return cells


def slices(problem: Problem, label: int, margin: float) -> list[Cell]:
    """The cells of one margin value: one, or two (both extreme slopes) at a kink of the loss."""
    room = SAME_MARGIN * max(1.0, abs(margin))
    at_kink = [k for k in problem.loss.kinks if abs(k - margin) <= room]
    if at_kink:
        k = at_kink[0]
        return [Cell(label, s, k, k) for s in problem.loss.slope_interval(k)]
    slope = _slope(problem, margin)
    return [Cell(label, slope, margin, margin)] if slope <= STEEPEST else []


def first_slices(problem: Problem, target: Array, count: int) -> list[Cell]:
    """A coarse grid of margins over each label's range, kinks included, to start the refinement."""
    cells: list[Cell] = []
    for label, reach in margin_ranges(problem, target).items():
        grid = set(np.linspace(reach.low, reach.high, count).tolist())
        # where the slope is near its steepest the product slope * x peaks for most directions
        grid |= {float(np.clip(v, reach.low, reach.high)) for v in (*problem.loss.kinks, -1.0, 0.0, 1.0)}
        for v in sorted(grid):
            cells = merge(cells, slices(problem, label, v))
    return cells


def merge(cells: list[Cell], more: list[Cell]) -> list[Cell]:
    """Both lists, without repeated slices."""
    kept = list(cells)
    for new in more:
        if not any(_same(cell, new) for cell in kept):
            kept.append(new)
    return kept


def _same(a: Cell, b: Cell) -> bool:
    """One label, margin and slope up to rounding; the two slices at a kink differ in slope."""
    return (
        a.label == b.label
        and abs(a.low - b.low) <= SAME_MARGIN * max(1.0, abs(b.low))
        and abs(a.slope - b.slope) <= SAME_MARGIN * max(1.0, b.slope)
    )


def _slope(problem: Problem, margin: float) -> float:
    return float(problem.loss.slope(margin))


__all__ = [
    "Cell",
    "MarginRange",
    "domain_kind",
    "first_slices",
    "has_linear_pieces",
    "linear_cells",
    "margin_ranges",
    "merge",
    "slices",
]
