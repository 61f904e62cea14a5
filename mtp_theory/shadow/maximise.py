r"""The loss-based distance's inner maximisation, for every domain and loss (Theorem O).

:math:`D(\theta, \theta_p) = \max_{x \in X,\, y} \varphi(y\langle\theta, (x, 1)\rangle)
- \varphi(y\langle\theta_p, (x, 1)\rangle)`, Definition 1 of Suya et al., ICML 2021.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..domains import Domain, labelled
from ..errors import InputError, unknown_name
from ..losses import Array, MarginLoss, get_loss
from .chain import planar_chain
from .edges import maximum_on_polyline
from .result import Maximiser

METHODS = ("auto", "relaxed", "scan", "vertex")


def check_model(name: str, model: ArrayLike, domain: Domain, bias: bool) -> Array:
    """The model as a float64 vector (d + 1,) with bias, (d,) without; InputError for a wrong shape or value."""
    t = np.ascontiguousarray(model, dtype=np.float64)
    if t.shape != (domain.dim + bias,):
        tail = "the bias last" if bias else "no bias"
        raise InputError(f"{name}: shape {t.shape}; this domain needs ({domain.dim + bias},), {tail}")
    if not np.isfinite(t).all():
        raise InputError(f"{name}: NaN or infinite values")
    return t


def split(model: Array, bias: bool) -> tuple[Array, float]:
    """Weights (d,) and bias, 0 without one."""
    return (model[:-1], float(model[-1])) if bias else (model, 0.0)


class Oracle:
    """The maximiser of one loss, domain and target, prepared for many models.

    Raises InputError for a model of the wrong length or not finite, an unknown method, or a loss that is seen not to be
    convex and non-increasing.
    """

    def __init__(
        self, loss: str | MarginLoss, domain: Domain, target: ArrayLike, *, bias: bool = True, method: str = "auto"
    ) -> None:
        if method not in METHODS:
            raise unknown_name("method", method, METHODS)
        self.loss, self.domain, self.bias, self.method = get_loss(loss), domain, bias, method
        self.target = check_model("target", target, domain, bias)
        self._labels = labelled(domain)

    def maximise(self, theta: ArrayLike) -> Maximiser:
        r"""Maximiser of :math:`\varphi(y\langle\theta, (x,1)\rangle) - \varphi(y\langle\theta_p, (x,1)\rangle)`."""
        model = check_model("theta", theta, self.domain, self.bias)
        a, a0 = split(model, self.bias)
        b, b0 = split(self.target, self.bias)
        best: Maximiser | None = None
        upper = -np.inf
        for y, domain in self._labels:
            chain = planar_chain(domain, y * a, y * a0, y * b, y * b0)
            if chain is None:
                raise InputError(f"domain {type(domain).__name__}: no chain")
            place = maximum_on_polyline(self.loss, chain.u, chain.v, chain.error_u + chain.error_v)
            upper = max(upper, place.upper)
            if best is None or place.value > best.value:
                x = chain.point(place.k, place.t)
                best = Maximiser(x, y, place.value, place.lower, place.upper, "exact")
        assert best is not None
        return Maximiser(best.x, best.y, best.value, best.lower, upper, best.kind)


def maximise(
    loss: str | MarginLoss,
    domain: Domain,
    theta: ArrayLike,
    target: ArrayLike,
    *,
    bias: bool = True,
    method: str = "auto",
) -> Maximiser:
    r"""Loss-based distance D(theta, target) and its maximiser; see :class:`Oracle`."""
    return Oracle(loss, domain, target, bias=bias, method=method).maximise(theta)


__all__ = ["METHODS", "Oracle", "check_model", "maximise", "split"]
