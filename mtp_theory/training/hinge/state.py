"""State of the active set as groups of arrays, and where each lies in the few larger ones that compiled code gets.

Each array handed to compiled code is unpacked, and its users are counted, at every fit. So the arrays of a group are
the rows of a few larger ones: ``new_...`` makes those, ``..._of`` names their rows for Python. Compiled code takes the
larger ones as they are, with the numbers below: tuples of arrays take several times as long to compile.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

#: Where a row is: alpha = 0, alpha = its multiplicity, or in the free set.
ZERO, CAPPED, FREE = 0, 1, 2
#: Sizes of a change of the model: forward and backward along the drift, of the rest in the span of U and outside; and
#: of all of it.
FORWARD, BACKWARD, INSIDE, OUTSIDE, DISTANCE = 0, 1, 2, 3, 4
#: Rows of the numbers and of the states of a RowState.
LABEL, COUNT, ALPHA, NORM, WITHIN, BEYOND, MARGIN, DRIFT, UNTIL = 0, 1, 2, 3, 4, 5, 6, 7, 8
STATUS, CURRENT, DUE, PLACE = 0, 1, 2, 3
#: Rows of the numbers and of the entries of a Watch; its places in the sizes and in the counters.
SIDE, SEEN, ERROR, REST, TREND = 0, 1, 2, 3, 4
WATCHED, ANCHOR = 0, 1
SHARE, TRAVELLED, REGION, FARTHEST = 0, 1, 2, 7
ENTRIES, MODELS, READ = 0, 1, 2
#: Those of an Anchors: rows of its parts, places in the sizes and in the counters.
STEP, IN_SPAN, OUT_OF_SPAN = 0, 1, 2
LENGTH, WAY = 12, 13
LATEST = 3
#: Rows of the numbers of a FreeSet.
ROW, SLOT = 0, 1


class RowState(NamedTuple):
    """One entry for each row of the training set."""

    label: Any
    count: Any
    alpha: Any
    norm: Any  # |z|
    inside: Any  # |U z|, rounded up
    outside: Any  # |z - U^T U z|, rounded up
    margin: Any  # at the centre of the watch list
    drift: Any  # <z, drift>
    until: Any  # the side is certain until ``travelled`` and the way from the centre come to this
    status: Any  # ZERO, CAPPED or FREE
    current: Any  # 1 where margin and drift belong to the present centre, 0 where the row was too far to be read
    due: Any  # numbers of the rows that were read for the watch list; the first ``used[2]`` count
    place: Any  # position in the watch list, -1 for the rows that are not in it
    sketch: Any  # (rows, p) coordinates U z in float32


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

    side: Any  # +1: margin must be >= 1, -1: <= 1, 0: free
    margin: Any  # at the row's anchor
    error: Any  # of that margin; inf: look at the row
    outside: Any
    drift: Any  # <z, drift>
    row: Any
    anchor: Any  # number of the model at which the row was last looked at
    sketch: Any
    share: Any  # (1,) error of a margin at the centre, or at the one before, as a share of |z|
    travelled: Any  # (1,) the ways from centre to centre, added up
    region: Any  # (5,) sizes
    farthest: Any  # (5,) greatest sizes of a change from the centre since the list was made
    used: Any  # (3,) entries in use, final models since the list was made, rows read for it


class Anchors(NamedTuple):
    """The last models at which rows were looked at, and how far the present model is from each.

    A change of the model is split into s times the drift, a rest in the span of U, and a rest outside.
    """

    theta: Any  # (anchors, dim); number 0 is the centre of the watch list
    drift: Any  # (dim,) from the centre before to the present one
    basis: Any  # U (p, dim), orthonormal rows
    image: Any  # (anchors, p + 1): U theta_a, <drift, theta_a> / |drift|^2
    turn: Any  # (p,) U drift, and one more
    shift: Any  # (anchors, p): U (theta - theta_a - s drift)
    steps: Any  # (anchors,): s
    inside: Any  # (anchors,): norm of that, rounded up
    outside: Any  # (anchors,): norm of the rest, rounded up
    length: Any  # (1,) |drift|
    distance: Any  # (1,) norm of the whole change from anchor 0, rounded up
    latest: Any  # (1,) number of the present model


def new_rows(capacity: int, p: int) -> tuple[Any, Any, Any]:
    """Arrays of a RowState."""
    rows = np.zeros((9, capacity)), np.zeros((4, capacity), dtype=np.int64), np.zeros((capacity, p), dtype=np.float32)
    rows_of(*rows).place[:] = -1
    return rows


def rows_of(numbers: Any, integers: Any, sketch: Any) -> RowState:
    """The RowState in these arrays."""
    return RowState(
        numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7], numbers[8],
        integers[0], integers[1], integers[2], integers[3], sketch,
    )  # fmt: skip


def new_watch(capacity: int, p: int) -> tuple[Any, Any, Any]:
    """Arrays of a Watch, one entry for each row; those of ``new_sizes`` come to them."""
    return np.zeros((5, capacity)), np.zeros((2, capacity), dtype=np.int64), np.zeros((capacity, p), dtype=np.float32)


def new_sizes() -> tuple[Any, Any]:
    """Single numbers and counters of a Watch and an Anchors."""
    return np.zeros(14), np.zeros(4, dtype=np.int64)


def watch_of(numbers: Any, integers: Any, sketch: Any, sizes: Any, counters: Any) -> Watch:
    """The Watch in these arrays."""
    return Watch(
        numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], integers[0], integers[1], sketch,
        sizes[0:1], sizes[1:2], sizes[2:7], sizes[7:12], counters[0:3],
    )  # fmt: skip


def new_anchors(count: int, basis: Any) -> tuple[Any, Any, Any, Any, Any]:
    """Arrays of an Anchors; those of ``new_sizes`` come to them."""
    p, dim = basis.shape
    return (
        np.zeros((count + 1, dim)), basis, np.zeros((count + 1, p + 1)), np.zeros((count, p), dtype=np.float32),
        np.zeros((3, count)),
    )  # fmt: skip


def anchors_of(models: Any, basis: Any, image: Any, shift: Any, parts: Any, sizes: Any, counters: Any) -> Anchors:
    """The Anchors in these arrays: the last row of the models is the drift, that of the images its image."""
    count = parts.shape[1]
    return Anchors(
        models[:count], models[count], basis, image[:count], image[count], shift, parts[0], parts[1], parts[2],
        sizes[12:13], sizes[13:14], counters[3:4],
    )  # fmt: skip


def new_free(capacity: int, dim: int) -> tuple[Any, ...]:
    """Arrays of a FreeSet."""
    numbers = np.zeros((2, capacity), dtype=np.int64)
    numbers[1] = np.arange(capacity)
    return numbers, np.zeros((capacity, dim)), np.zeros((capacity, capacity)), np.zeros((4, capacity))


def free_of(numbers: Any, Z: Any, L: Any, work: Any) -> FreeSet:
    """The FreeSet in these arrays."""
    return FreeSet(numbers[0], numbers[1], Z, L, work)


__all__ = [
    "ALPHA",
    "ANCHOR",
    "BACKWARD",
    "BEYOND",
    "CAPPED",
    "COUNT",
    "CURRENT",
    "DISTANCE",
    "DRIFT",
    "DUE",
    "ENTRIES",
    "ERROR",
    "FARTHEST",
    "FORWARD",
    "FREE",
    "INSIDE",
    "IN_SPAN",
    "LABEL",
    "LATEST",
    "LENGTH",
    "MARGIN",
    "MODELS",
    "NORM",
    "OUTSIDE",
    "OUT_OF_SPAN",
    "PLACE",
    "READ",
    "REGION",
    "REST",
    "ROW",
    "SEEN",
    "SHARE",
    "SIDE",
    "SLOT",
    "STATUS",
    "STEP",
    "TRAVELLED",
    "TREND",
    "UNTIL",
    "WATCHED",
    "WAY",
    "WITHIN",
    "ZERO",
    "Anchors",
    "FreeSet",
    "RowState",
    "Watch",
    "anchors_of",
    "free_of",
    "new_anchors",
    "new_free",
    "new_rows",
    "new_sizes",
    "new_watch",
    "rows_of",
    "watch_of",
]
