"""The last models at which rows were looked at, and how far the present one is from each, part by part."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...kernel import kernel
from .state import IN_SPAN, LATEST, LENGTH, OUT_OF_SPAN, STEP, WAY

#: Rounding of float32 sketches as a share of |z| |theta - theta_a|. It counts like one more coordinate outside the
#: span, in which a row and a change of the model have the root of this share of their norms.
SKETCH_ROUNDING = 1e-5


@kernel(inner=True, fastmath={"reassoc", "contract"})
def squared_distance(theta: Any, models: Any, a: int) -> float:
    """|theta - models_a|^2."""
    total = 0.0
    for j in range(theta.size):
        gap = theta[j] - models[a, j]
        total += gap * gap
    return total


@kernel(inner=True)
def set_anchor(
    theta: Any, models: Any, basis: Any, image: Any, shift: Any, parts: Any, sizes: Any, counters: Any
) -> int:
    """Make ``theta`` the latest anchor in place of the oldest; distances to the others. Returns its number."""
    count, p = shift.shape
    # Anchor 0 is the centre of the watch list, to which most rows refer; it stays.
    latest: int = counters[LATEST] % (count - 1) + 1
    counters[LATEST] = latest
    for j in range(theta.size):
        models[latest, j] = theta[j]
    set_image(latest, models, basis, image, count, sizes[LENGTH])
    length = sizes[LENGTH]
    for a in range(count):
        total = squared_distance(theta, models, a)
        s = image[latest, p] - image[a, p]
        # The step is the one of least squares, so the rest follows by Pythagoras.
        rest = max(total - (s * length) ** 2, 0.0) + 1e-14 * total
        inside = 0.0
        for q in range(p):
            # The last row of the images is that of the drift.
            change = image[latest, q] - image[a, q] - s * image[count, q]
            shift[a, q] = change
            inside += change * change
        parts[STEP, a] = s
        parts[IN_SPAN, a] = np.sqrt(inside + SKETCH_ROUNDING * rest)
        parts[OUT_OF_SPAN, a] = np.sqrt(max(rest - inside, 0.0) + SKETCH_ROUNDING * rest)
        if a == 0:
            sizes[WAY] = np.sqrt((1.0 + 1e-12) * total)
    # Rows that refer to the model just overwritten are looked at again.
    parts[OUT_OF_SPAN, latest] = np.inf
    return latest


@kernel(inner=True)
def set_image(a: int, models: Any, basis: Any, image: Any, drift: int, length: float) -> None:
    """Coordinates of anchor ``a`` in the span of U and along the drift, row ``drift`` of the models."""
    p = basis.shape[0]
    for q in range(p):
        image[a, q] = inner_of_rows(basis, q, models, a)
    square = length**2
    image[a, p] = inner_of_rows(models, a, models, drift) / square if square > 0.0 else 0.0


@kernel(inner=True, fastmath={"reassoc", "contract"})
def inner_of_rows(A: Any, i: int, B: Any, k: int) -> float:
    """Inner product of row i of A and row k of B."""
    total = 0.0
    for j in range(A.shape[1]):
        total += A[i, j] * B[k, j]
    return total


__all__ = ["SKETCH_ROUNDING", "set_anchor", "set_image"]
