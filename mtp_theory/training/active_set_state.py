"""State of the active set as groups of arrays, which compiled code takes apart."""

from __future__ import annotations

from typing import Any, NamedTuple

#: Where a row is: alpha = 0, alpha = its multiplicity, or in the free set.
ZERO, CAPPED, FREE = 0, 1, 2
#: Sizes of a change of the model: forward and backward along the drift, of the rest in the span of U and outside; and
#: of all of it.
FORWARD, BACKWARD, INSIDE, OUTSIDE, DISTANCE = 0, 1, 2, 3, 4


class RowState(NamedTuple):
    """One entry for each row of the training set."""

    label: Any
    count: Any
    alpha: Any
    status: Any  # ZERO, CAPPED or FREE
    norm: Any  # |z|
    sketch: Any  # (rows, p) coordinates U z in float32
    inside: Any  # |U z|, rounded up
    outside: Any  # |z - U^T U z|, rounded up
    margin: Any  # at the centre of the watch list
    drift: Any  # <z, drift>
    current: Any  # do margin and drift belong to the present centre? Not where the row was too far to be read
    until: Any  # the side is certain until ``travelled`` and the way from the centre come to this
    due: Any  # numbers of the rows that were read for the watch list; the first ``used[2]`` count
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
    error: Any  # of that margin; inf: look at the row
    outside: Any
    sketch: Any
    drift: Any  # <z, drift>
    anchor: Any  # number of the model at which the row was last looked at
    share: Any  # (1,) error of a margin at the centre, or at the one before, as a share of |z|
    travelled: Any  # (1,) the ways from centre to centre, added up
    used: Any  # (3,) entries in use, final models since the list was made, rows read for it
    region: Any  # (5,) sizes
    farthest: Any  # (5,) greatest sizes of a change from the centre since the list was made


class Anchors(NamedTuple):
    """The last models at which rows were looked at, and how far the present model is from each.

    A change of the model is split into s times the drift, a rest in the span of U, and a rest outside.
    """

    theta: Any  # (anchors, dim); number 0 is the centre of the watch list
    basis: Any  # U (p, dim), orthonormal rows
    drift: Any  # (dim,) from the centre before to the present one
    length: Any  # (1,) |drift|
    image: Any  # (anchors, p + 1): U theta_a, <drift, theta_a> / |drift|^2
    turn: Any  # (p,) U drift
    steps: Any  # (anchors,): s
    shift: Any  # (anchors, p): U (theta - theta_a - s drift)
    inside: Any  # (anchors,): norm of that, rounded up
    outside: Any  # (anchors,): norm of the rest, rounded up
    distance: Any  # (1,) norm of the whole change from anchor 0, rounded up
    latest: Any  # number of the present model


__all__ = [
    "BACKWARD",
    "CAPPED",
    "DISTANCE",
    "FORWARD",
    "FREE",
    "INSIDE",
    "OUTSIDE",
    "ZERO",
    "Anchors",
    "FreeSet",
    "RowState",
    "Watch",
]
