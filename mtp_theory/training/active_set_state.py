"""State of the active set as groups of arrays, which compiled code takes apart."""

from __future__ import annotations

from typing import Any, NamedTuple

#: Where a row is: alpha = 0, alpha = its multiplicity, or in the free set.
ZERO, CAPPED, FREE = 0, 1, 2
#: Entries of ``Watch.limits``: size of the region (in the span of U, outside it), entries in use, and since
#: the list was made: rounds, largest distances from the centre.
INSIDE, OUTSIDE, USED, ROUNDS, FAR_INSIDE, FAR_OUTSIDE = 0, 1, 2, 3, 4, 5


class RowState(NamedTuple):
    """One entry for each row of the training set."""

    label: Any
    count: Any
    alpha: Any
    status: Any  # ZERO, CAPPED or FREE
    norm: Any  # |z|
    sketch: Any  # (rows, p) coordinates U z in float32
    outside: Any  # |z - U^T U z|, rounded up
    place: Any  # position in the watch list, -1 for the rows that are not in it


class FreeSet(NamedTuple):
    """The free rows F in order, with the Cholesky factor of their Gram matrix."""

    row: Any  # row numbers; the first k count
    slot: Any  # permutation of the slots of Z; the first k are in use
    Z: Any  # (capacity, dim) signed rows, by slot
    L: Any  # (capacity, capacity) lower triangle
    work: Any  # (4, capacity) scratch: residual, direction, weights, change by slot


class Watch(NamedTuple):
    """The rows that may change sides soon, one entry for each, side by side in memory.

    All others keep their side as long as the model stays in a region around anchor 0.
    """

    row: Any
    side: Any  # +1: margin must be >= 1, -1: <= 1, 0: free
    margin: Any  # at the row's anchor
    error: Any  # bound of the error of that margin; inf: look at the row
    outside: Any
    sketch: Any
    anchor: Any  # number of the model at which the row was last looked at
    limits: Any  # see the numbers INSIDE..FAR_OUTSIDE


class Anchors(NamedTuple):
    """The last models at which rows were looked at, and how far the present model is from each."""

    theta: Any  # (anchors, dim)
    basis: Any  # U (p, dim), orthonormal rows
    image: Any  # (anchors, p): U theta_a
    shift: Any  # (anchors, p): U (theta - theta_a)
    outside: Any  # |theta - theta_a| outside the span of U, rounded up
    latest: Any  # number of the present model


__all__ = [
    "CAPPED",
    "FAR_INSIDE",
    "FAR_OUTSIDE",
    "FREE",
    "INSIDE",
    "OUTSIDE",
    "ROUNDS",
    "USED",
    "ZERO",
    "Anchors",
    "FreeSet",
    "RowState",
    "Watch",
]
