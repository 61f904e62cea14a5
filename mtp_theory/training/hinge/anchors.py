"""The last models at which rows were looked at, and how far the present one is from each, part by part."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ..kernels import row_inner
from .state import Anchors

#: Rounding of float32 sketches as a share of |z| |theta - theta_a|. It counts like one more coordinate outside the
#: span, in which a row and a change of the model have the root of this share of their norms.
SKETCH_ROUNDING = 1e-5


@njit(cache=True, fastmath={"reassoc", "contract"})
def squared_distance(theta: Any, models: Any, a: int) -> float:
    """|theta - models_a|^2."""
    total = 0.0
    for j in range(theta.size):
        gap = theta[j] - models[a, j]
        total += gap * gap
    return total


@njit(cache=True)
def set_anchor(theta: Any, anchors: Anchors) -> int:
    """Make ``theta`` the latest anchor in place of the oldest; distances to the others. Returns its number."""
    count, p = anchors.shift.shape
    # Anchor 0 is the centre of the watch list, to which most rows refer; it stays.
    latest: int = anchors.latest[0] % (count - 1) + 1
    anchors.latest[0] = latest
    anchors.theta[latest] = theta
    set_image(latest, anchors)
    length = anchors.length[0]
    for a in range(count):
        total = squared_distance(theta, anchors.theta, a)
        s = anchors.image[latest, p] - anchors.image[a, p]
        # The step is the one of least squares, so the rest follows by Pythagoras.
        rest = max(total - (s * length) ** 2, 0.0) + 1e-14 * total
        inside = 0.0
        for q in range(p):
            change = anchors.image[latest, q] - anchors.image[a, q] - s * anchors.turn[q]
            anchors.shift[a, q] = change
            inside += change * change
        anchors.steps[a] = s
        anchors.inside[a] = np.sqrt(inside + SKETCH_ROUNDING * rest)
        anchors.outside[a] = np.sqrt(max(rest - inside, 0.0) + SKETCH_ROUNDING * rest)
        if a == 0:
            anchors.distance[0] = np.sqrt((1.0 + 1e-12) * total)
    # Rows that refer to the model just overwritten are looked at again.
    anchors.outside[latest] = np.inf
    return latest


@njit(cache=True)
def set_image(a: int, anchors: Anchors) -> None:
    """Coordinates of anchor ``a`` in the span of U and along the drift."""
    basis, models, p = anchors.basis, anchors.theta, anchors.basis.shape[0]
    for q in range(p):
        anchors.image[a, q] = inner_of_rows(basis, q, models, a)
    square = anchors.length[0] ** 2
    anchors.image[a, p] = row_inner(models, a, anchors.drift) / square if square > 0.0 else 0.0


@njit(cache=True, fastmath={"reassoc", "contract"})
def inner_of_rows(A: Any, i: int, B: Any, k: int) -> float:
    """Inner product of row i of A and row k of B."""
    total = 0.0
    for j in range(A.shape[1]):
        total += A[i, j] * B[k, j]
    return total


__all__ = ["SKETCH_ROUNDING", "set_anchor", "set_image"]
