r"""One pass over the rows for a smooth loss: loss sum, margins and gradient, block by block.

A block of rows stays in the cache between its margins and its share of the gradient. For the logistic loss the
exponentials of a block are evaluated together, in vector registers, and one logarithm serves the whole block:

.. math:: \sum_i \log(1 + e^{-|m_i|}) = \log\Bigl(1 + \Bigl(\prod_i (1 + e^{-|m_i|}) - 1\Bigr)\Bigr),

the product less one being carried along, so that small terms keep their relative accuracy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...kernel import kernel
from ..kernels import row_axpy, row_dot

#: Rows in a block: 50 kB of pixels. The product of so many factors of at most 2 is far from overflow.
BLOCK = 64
#: Beyond it exp(-a) is set to exp(-700), about 1e-304.
LARGEST = 700.0
#: log 2 in two parts, the first with trailing zeros, so that k times it is exact (as in fdlibm).
LOG_2_HIGH, LOG_2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
#: 1.5 * 2^52: adding it rounds to an integer, which then stands in the last bits.
ROUNDER = 6755399441055744.0
#: 1/13!, ..., 1/0!: Taylor's series of exp on |r| <= log(2)/2, truncated below 1e-17.
SERIES = tuple(
    1.0 / f
    for f in (6227020800, 479001600, 39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1)
)  # fmt: skip


@kernel(fastmath={"contract"})
def decays(a: Any, out: Any, scratch: Any) -> None:
    """out = exp(-a) for a >= 0, all arrays of the same length; relative error below 1e-15 for a <= LARGEST."""
    bits = scratch.view(np.int64)
    for i in range(a.size):
        x = -min(a[i], LARGEST)
        # x = k log 2 + r; exp(r) by its series, then k goes into the exponent.
        shifted = x * 1.4426950408889634 + ROUNDER
        k = shifted - ROUNDER
        r = (x - k * LOG_2_HIGH) - k * LOG_2_LOW
        p = 0.0
        for c in SERIES:
            p = p * r + c
        scratch[i], out[i] = shifted, p
    for i in range(a.size):
        bits[i] = (bits[i] + 1023) << 52
    for i in range(a.size):
        out[i] *= scratch[i]


@kernel()
def value_and_slope(kernel: int, m: float) -> tuple[float, float]:
    """phi(m) and psi(m) of the squared hinge (``kernel`` 1) and the exponential loss (3)."""
    if kernel == 1:
        room = max(0.0, 1.0 - m)
        return room * room, 2.0 * room
    e = np.exp(-m)
    return e, e


@kernel()
def block_losses(kernel: int, margins: Any, counts: Any, slopes: Any, scratch: Any) -> float:
    """Sum of k phi(m) over at most BLOCK rows; slopes = k psi(m). Rows of multiplicity 0 count for nothing."""
    total = 0.0
    if kernel != 2:
        for i in range(margins.size):
            k = counts[i]
            slopes[i] = 0.0
            if k != 0.0:
                value, slope = value_and_slope(kernel, margins[i])
                total += k * value
                slopes[i] = k * slope
        return total
    decays(np.abs(margins), slopes, scratch)
    product = 0.0  # less one
    for i in range(margins.size):
        m, k, e = margins[i], counts[i], slopes[i]
        slopes[i] = 0.0
        if k == 0.0:
            continue
        if k == 1.0:
            product += e + product * e
        else:
            total += k * np.log1p(e)
        if m < 0.0:
            total -= k * m
            slopes[i] = k / (1.0 + e)
        else:
            slopes[i] = k * e / (1.0 + e)
    whole: float = total + np.log1p(product)
    return whole


@kernel()
def sweep(
    store: Any, w: Any, bias: float, labels: Any, counts: Any, kernel: int, margins: Any, out: Any, constant: Any
) -> float:
    """Sum of k phi(m); margins; out += sum k psi(m) y x and constant[0] += sum k psi(m) y."""
    total = 0.0
    slopes, scratch = np.empty(BLOCK), np.empty(BLOCK)
    for start in range(0, margins.size, BLOCK):
        end = min(start + BLOCK, margins.size)
        for i in range(start, end):
            margins[i] = labels[i] * (row_dot(store, i, w) + bias)
        size = end - start
        total += block_losses(kernel, margins[start:end], counts[start:end], slopes[:size], scratch[:size])
        for i in range(start, end):
            c = slopes[i - start] * labels[i]
            if c != 0.0:
                row_axpy(store, i, c, out)
                constant[0] += c
    return total


__all__ = ["BLOCK", "LARGEST", "decays", "sweep"]
