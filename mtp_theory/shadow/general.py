r"""Branch and bound on the polyline for a loss of which only values and slopes are known.

On a segment, phi(u) lies below its chord and phi(v) above any of its tangents, so chord minus tangent, a linear
function of the position, bounds :math:`\varphi(u) - \varphi(v)` from above at its ends. The error falls with the
square of the length (linearly at a kink of the loss, of which a segment contains few).
"""

from __future__ import annotations

import numpy as np

from ..errors import InputError
from ..losses import Array, MarginLoss

#: Stop when the bound exceeds the best value by this, relative to phi at the least margin: well above rounding.
TOLERANCE = 1e-12
#: Halvings of a segment: 2^-50 of an edge is the resolution of its floats.
MAX_ROUNDS = 50
#: Segments kept at once; beyond it the enclosure returned is wider, and still valid.
MAX_SEGMENTS = 200_000
#: Margins at which a user's loss is examined.
SAMPLES = 65
#: A user's value and slope may disagree by rounding of this relative size before it is an error.
SHAPE_TOLERANCE = 1e-9


def maximum_on_polyline(loss: MarginLoss, u: Array, v: Array) -> tuple[int, float, float, float]:
    """Best edge, fraction on it, value there and upper bound of the polyline's maximum."""
    h = loss.value(u) - loss.value(v)
    k_best, t_best = int(np.argmax(h)), 0.0
    best = closed = float(h[k_best])
    tolerance = TOLERANCE * max(1.0, abs(float(loss.value(min(u[0], v[0])))))
    k, low, high = np.arange(u.size - 1), np.zeros(u.size - 1), np.ones(u.size - 1)
    for _ in range(MAX_ROUNDS):
        du, dv = u[k + 1] - u[k], v[k + 1] - v[k]
        bound = _segment_bound(loss, u[k] + low * du, u[k] + high * du, v[k] + low * dv, v[k] + high * dv)
        middle = 0.5 * (low + high)
        h = loss.value(u[k] + middle * du) - loss.value(v[k] + middle * dv)
        if h.size and h.max() > best:
            i = int(np.argmax(h))
            k_best, t_best, best = int(k[i]), float(middle[i]), float(h[i])
        open_ = bound > best + tolerance
        closed = max(closed, float(bound[~open_].max(initial=best)))
        if not open_.any() or open_.sum() > MAX_SEGMENTS:
            break
        k, low, middle, high, bound = k[open_], low[open_], middle[open_], high[open_], bound[open_]
        k = np.repeat(k, 2)
        low, high = np.column_stack([low, middle]).ravel(), np.column_stack([middle, high]).ravel()
    return k_best, t_best, best, max(closed, float(bound.max(initial=best)))


def _segment_bound(loss: MarginLoss, u0: Array, u1: Array, v0: Array, v1: Array) -> Array:
    """Upper bound of phi(u) - phi(v) on segments: the least of three chord-minus-tangent bounds and two others."""
    chord0, chord1 = loss.value(u0), loss.value(u1)
    # phi falls: the corner (u0, v1) bounds every point of the segment.
    bound = chord0 - loss.value(v1)
    # By convexity phi(u) - phi(v) <= psi(u) (v - u); this one is exact where u = v, however long the segment.
    bound = np.minimum(bound, loss.slope(u0) * np.maximum(0.0, np.maximum(v0 - u0, v1 - u1)))
    for v in (v0, 0.5 * (v0 + v1), v1):
        value, slope = loss.value(v), loss.slope(v)
        at0 = chord0 - (value - slope * (v0 - v))
        at1 = chord1 - (value - slope * (v1 - v))
        bound = np.minimum(bound, np.maximum(at0, at1))
    return np.asarray(bound, dtype=np.float64)


def check_shape(loss: MarginLoss, low: float, high: float) -> None:
    """Raise InputError if values and slopes at 65 margins in [low, high] contradict convexity or monotonicity."""
    if not low < high:
        high = low + 1.0
    m = np.linspace(low, high, SAMPLES)
    value, slope = np.asarray(loss.value(m), dtype=np.float64), np.asarray(loss.slope(m), dtype=np.float64)
    name = f"loss {loss.key!r}"
    for what, array in (("value", value), ("slope", slope)):
        if array.shape != m.shape:
            raise InputError(f"{name}: {what} has shape {array.shape} for margins {m.shape}; make it elementwise")
        if not np.isfinite(array).all():
            at = float(m[~np.isfinite(array)][0])
            raise InputError(f"{name}: {what} at margin {at:.6g} is not finite; the domain contains that margin")
    rounding = SHAPE_TOLERANCE * (1.0 + float(np.abs(value).max()))
    rises = np.flatnonzero((np.diff(value) > rounding) | (slope[:-1] < -SHAPE_TOLERANCE))
    if rises.size:
        at = float(m[rises[0]])
        raise InputError(f"{name} increases near margin {at:.6g}; a margin loss must be non-increasing")
    # Convex with these slopes: psi(left) >= (phi(left) - phi(right)) / step >= psi(right).
    step = m[1] - m[0]
    fall = -np.diff(value)
    bent = np.flatnonzero((fall > slope[:-1] * step + rounding) | (fall < slope[1:] * step - rounding))
    if bent.size:
        at = float(m[bent[0]])
        raise InputError(
            f"{name} is not convex near margin {at:.6g}, or its slope is not -phi'; give a convex loss and psi = -phi'"
        )


__all__ = ["check_shape", "maximum_on_polyline"]
