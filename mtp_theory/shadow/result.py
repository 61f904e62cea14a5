"""What a maximisation over the feature domain returns."""

from __future__ import annotations

from dataclasses import dataclass

from ..losses import Array


@dataclass(frozen=True, eq=False, slots=True)
class Maximiser:
    """A point with its objective value and an enclosure of the true maximum over the domain.

    ``kind`` says what the point is:

    * ``"exact"``: a maximiser, up to the enclosure's width;
    * ``"relaxed"``: a maximiser over the convex hull of an integer domain, perhaps fractional. ``value`` is
      the relaxed maximum; ``lower`` and ``upper`` still enclose the maximum over the domain itself;
    * ``"heuristic"``: a point of the domain that need not be a maximiser; the enclosure is valid.
    """

    #: Features, shape (d,), without the constant one.
    x: Array
    #: Label, -1 or +1.
    y: int
    #: The objective at (x, y), evaluated.
    value: float
    #: lower <= max over the domain <= upper.
    lower: float
    upper: float
    kind: str


__all__ = ["Maximiser"]
