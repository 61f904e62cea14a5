r"""Cholesky factor of a small Gram matrix :math:`G = L L^T` under insertion and deletion.

``L`` is the leading k x k lower triangle of a larger array; everything is O(k^2) for each change.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...kernel import kernel


@kernel()
def solve_lower(L: Any, k: int, b: Any) -> None:
    """Overwrite b[:k] with the solution of L x = b."""
    for i in range(k):
        total = b[i]
        for j in range(i):
            total -= L[i, j] * b[j]
        b[i] = total / L[i, i]


@kernel()
def solve_upper(L: Any, k: int, b: Any) -> None:
    """Overwrite b[:k] with the solution of L^T x = b."""
    for i in range(k - 1, -1, -1):
        b[i] /= L[i, i]
        for j in range(i):
            b[j] -= L[i, j] * b[i]


@kernel()
def append(L: Any, k: int, column: Any, pivot: float) -> None:
    """Border G by one row: ``column`` (k,) solves L x = (new inner products), ``pivot`` is the new diagonal."""
    for j in range(k):
        L[k, j] = column[j]
    L[k, k] = pivot


@kernel()
def delete(L: Any, k: int, p: int) -> None:
    """Delete row and column p of G: shift the rows up, then restore the triangle by Givens rotations."""
    for i in range(p + 1, k):
        for j in range(i + 1):
            L[i - 1, j] = L[i, j]
    for j in range(p, k - 1):
        a, b = L[j, j], L[j, j + 1]
        r = np.hypot(a, b)
        c, s = a / r, b / r
        L[j, j] = r
        L[j, j + 1] = 0.0
        for i in range(j + 1, k - 1):
            u, w = L[i, j], L[i, j + 1]
            L[i, j] = c * u + s * w
            L[i, j + 1] = c * w - s * u


__all__ = ["append", "delete", "solve_lower", "solve_upper"]
