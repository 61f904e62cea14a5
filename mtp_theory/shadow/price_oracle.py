r"""Pricing over a feature domain: the maximum that column generation for the convex set K asks for."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from ..domains import Boxed, Domain
from ..losses import Array, MarginLoss, get_loss
from .compiled import CompiledSearch, served
from .edges import overflow
from .objective import PRICING
from .oracle import allowed_labels, check_model, split
from .pricing import Pricing
from .result import Maximiser
from .rounding import magnitude, margin_error
from .search import Forms, Found, LabelSearch, over_labels


def price(
    loss: str | MarginLoss,
    domain: Domain,
    direction: ArrayLike,
    target: ArrayLike,
    *,
    bias: bool = True,
    label: int | None = None,
) -> Maximiser:
    r"""Maximiser of :math:`\langle\lambda, y(x,1)\rangle\,\psi(y\langle\theta_p, (x,1)\rangle)`.

    ``direction`` (the :math:`\lambda`) and ``target``: shape (d + 1,) with bias, (d,) without. At a kink psi is any
    value of ``slope_interval``; a margin within its rounding error of a kink counts as at it in ``value``, while
    ``lower`` and ``upper`` hold for real numbers. ``label`` restricts to one label.

    Raises InputError as :class:`~mtp_theory.shadow.Oracle` does.
    """
    loss = get_loss(loss)
    c, c0 = split(check_model("direction", direction, domain, bias), bias)
    t, t0 = split(check_model("target", target, domain, bias), bias)
    box = served(loss, domain)
    if label is None and box is not None:
        y, found = _compiled(loss, box, c, c0, t, t0)
    else:
        y, found = over_labels(
            [
                (y, _one_label(loss, LabelSearch(d, "exact"), y * c, y * c0, y * t, y * t0))
                for y, d in allowed_labels(domain, label)
            ]
        )
    return Maximiser(found.x, y, found.value, found.lower, found.upper, "exact" if found.exact else "heuristic")


def _one_label(loss: MarginLoss, search: LabelSearch, c: Array, c0: float, t: Array, t0: float) -> Found:
    """Where w may be positive the chain runs to small margins; where it never is, to large ones."""
    found = search.maximise(Pricing(loss), Forms(-c, -c0, -t, -t0))
    w_max, _ = search.domain.support(c)
    if w_max + c0 >= 0:
        return found
    return search.maximise(Pricing(loss, sign=1.0), Forms(-c, -c0, t, t0))


def _compiled(loss: MarginLoss, domain: Boxed, c: Array, c0: float, t: Array, t0: float) -> tuple[int, Found]:
    search = CompiledSearch(domain)
    assert loss.kernel is not None
    code = loss.kernel + PRICING
    # Only the hinge's slope jumps: its kink is reached from within the rounding error of a margin.
    reach = np.maximum(np.abs(domain.lower), np.abs(domain.upper))
    grace = margin_error(t.size, magnitude(t, reach, t0)) if loss.kinks else 0.0
    y, found = search.maximise(code, -c, -c0, -t, -t0, grace)
    if not math.isfinite(found.upper - found.lower):
        raise overflow(loss, -domain.support(-t)[0] - abs(t0))
    if grace == 0.0:
        return y, found
    # Three errors further in, the margin is below the kink for certain; so this point's value is reached.
    _, inner = search.maximise(code, -c, -c0, -t, -t0, -3.0 * grace)
    lower = inner.value - margin_error(c.size, magnitude(c, reach, c0))
    return y, Found(found.x, found.value, min(found.value, lower), found.upper, found.exact)


__all__ = ["price"]
