"""Inner products and maxima of linear forms over a box, in blocks, so that the rounding grows with the root of d."""

from __future__ import annotations

import math

from ..kernel import kernel
from ..losses import Array

#: Terms of a block at least: fewer would not fill vector registers.
LEAST_BLOCK = 128
#: Within a block the compiler may choose the order of the terms; the blocks themselves are added one by one.
REORDER = {"reassoc", "contract"}


@kernel()
def block_length(d: int) -> int:
    """Length of a summation block: about the square root of d, from above."""
    return max(LEAST_BLOCK, int(math.sqrt(d)) + 1)


@kernel()
def roundings(d: int) -> int:
    """Additions that one of d terms goes through at most, in its block and from block to block."""
    step = block_length(d)
    most: int = min(d, step) + (d + step - 1) // step
    return most


# Parts take slices, not ranges: the compiler knows that an index from 0 on is no negative one.
@kernel(fastmath=REORDER)
def part_of_dot(a: Array, x: Array) -> float:
    """Inner product of one block."""
    part = 0.0
    for j in range(a.size):
        part += a[j] * x[j]
    return part


@kernel()
def dot(a: Array, x: Array) -> float:
    """Inner product: error at most (roundings(d) + 3) eps sum |a_j x_j|."""
    d = a.size
    step = block_length(d)
    total = 0.0
    for i in range(0, d, step):
        total += part_of_dot(a[i : i + step], x[i : i + step])
    return total


@kernel(fastmath=REORDER)
def part_of_support(a, b, s, y, lower, upper):  # type: ignore[no-untyped-def]
    """``support`` of one block."""
    part = 0.0
    for j in range(a.size):
        c = y * (b[j] - s * a[j])
        # Both ends are read, so that the choice is no branch.
        high, low = upper[j], lower[j]
        part += max(c * high, c * low)
    return part


@kernel()
def support(a, b, s, y, lower, upper):  # type: ignore[no-untyped-def]
    """Maximum of <y (b - s a), x> over the box, summed as ``dot``."""
    d = a.size
    step = block_length(d)
    total = 0.0
    for i in range(0, d, step):
        k = i + step
        total += part_of_support(a[i:k], b[i:k], s, y, lower[i:k], upper[i:k])
    return total


@kernel(fastmath=REORDER)
def part_of_starts(a, b, lower, upper):  # type: ignore[no-untyped-def]
    """``starts`` of one block."""
    least_a = most_a = least_b = most_b = b_low = b_high = 0.0
    for j in range(a.size):
        high, low = upper[j], lower[j]
        a_at_high, a_at_low, b_at_high, b_at_low = a[j] * high, a[j] * low, b[j] * high, b[j] * low
        least_a += min(a_at_high, a_at_low)
        most_a += max(a_at_high, a_at_low)
        least_b += min(b_at_high, b_at_low)
        most_b += max(b_at_high, b_at_low)
        # Where a says nothing b is at its best.
        first = (a[j] < 0) | ((a[j] == 0) & (b[j] > 0))
        second = (a[j] > 0) | ((a[j] == 0) & (b[j] < 0))
        b_low += b_at_high if first else b_at_low
        b_high += b_at_high if second else b_at_low
    return least_a, most_a, least_b, most_b, b_low, b_high


@kernel()
def starts(a, b, lower, upper):  # type: ignore[no-untyped-def]
    """Least and greatest <a, x> and <b, x> over the box, and <b, x> where <a, x> is least and greatest.

    Where a_j = 0 the latter two take the end that makes b_j x_j greatest and least.
    """
    d = a.size
    step = block_length(d)
    least_a = most_a = least_b = most_b = b_low = b_high = 0.0
    for i in range(0, d, step):
        k = i + step
        p = part_of_starts(a[i:k], b[i:k], lower[i:k], upper[i:k])
        least_a += p[0]
        most_a += p[1]
        least_b += p[2]
        most_b += p[3]
        b_low += p[4]
        b_high += p[5]
    return least_a, most_a, least_b, most_b, b_low, b_high


__all__ = ["dot", "roundings", "starts", "support"]
