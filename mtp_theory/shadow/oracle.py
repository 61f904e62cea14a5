r"""The loss-based distance's inner maximisation, for every domain and loss (Theorem O).

:math:`D(\theta, \theta_p) = \max_{x \in X,\, y} \varphi(y\langle\theta, (x, 1)\rangle)
- \varphi(y\langle\theta_p, (x, 1)\rangle)`, Definition 1 of Suya et al., ICML 2021.

Tie rule: labels in order -1, +1, the later only if strictly better; on one label the first place on the chain
(see :mod:`mtp_theory.shadow.chain`).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from ..domains import Domain, labelled
from ..errors import InputError, unknown_name
from ..losses import Array, MarginLoss, get_loss
from .compiled import CompiledSearch, served
from .edges import Distance, overflow
from .result import Maximiser
from .rounding import magnitude, margin_error
from .search import Forms, Found, LabelSearch, is_convex, over_labels

METHODS = ("auto", "relaxed", "scan", "vertex")


def check_model(name: str, model: ArrayLike, domain: Domain, bias: bool) -> Array:
    """The model as a float64 vector (d + 1,) with bias, (d,) without; InputError for a wrong shape or value."""
    t = np.ascontiguousarray(model, dtype=np.float64)
    if t.shape != (domain.dim + bias,):
        tail = "the bias last" if bias else "no bias"
        raise InputError(f"{name}: shape {t.shape}; this domain needs ({domain.dim + bias},), {tail}")
    if not np.isfinite(t).all():
        raise InputError(f"{name}: NaN or infinite values; give finite numbers")
    return t


def split(model: Array, bias: bool) -> tuple[Array, float]:
    """Weights (d,) and bias, 0 without one."""
    return (model[:-1], float(model[-1])) if bias else (model, 0.0)


def allowed_labels(domain: Domain, label: int | None) -> list[tuple[int, Domain]]:
    """The labels to search with their domains; ``label`` picks one. Raises InputError where none is left."""
    if label is not None and label not in (-1, 1):
        raise InputError(f"label {label!r}; give -1, +1, or None for both")
    pairs = [(y, d) for y, d in labelled(domain) if label is None or y == label]
    if not pairs:
        raise InputError(f"label {label}: the domain does not allow it; give the other one")
    return pairs


class Oracle:
    r"""The maximiser of :math:`\varphi(u) - \varphi(v)` for one loss, domain and target, prepared for many models.

    ``method``: "auto" (exact, as fast as the case allows), "scan" (exact, all of the chain, no compiled search),
    "relaxed" (over ``domain.relaxation``), "vertex" (best vertex of the relaxation's chain, heuristic: the
    paper's own step for logistic regression on 0/1 features). ``label`` restricts to one label.

    Raises InputError for a model of the wrong length or not finite, an unknown method, a loss that overflows on the
    domain or is seen not to be convex and non-increasing, a domain that is unbounded or not convex.
    """

    def __init__(
        self,
        loss: str | MarginLoss,
        domain: Domain,
        target: ArrayLike,
        *,
        bias: bool = True,
        method: str = "auto",
        label: int | None = None,
    ) -> None:
        if method not in METHODS:
            raise unknown_name("method", method, METHODS)
        self.loss, self.domain, self.bias, self.method = get_loss(loss), domain, bias, method
        self.target = check_model("target", target, domain, bias).copy()
        self._forms = split(self.target, bias)
        self._model = np.empty_like(self.target)
        self._weights, _ = split(self._model, bias)
        convex = all(is_convex(d) for _, d in labelled(domain))
        self._exact_kind = "relaxed" if method == "relaxed" and not convex else "exact"
        self._compiled: CompiledSearch | None = None
        self._above: CompiledSearch | None = None
        self._labels: list[tuple[int, LabelSearch]] = []
        both = label is None and method in ("auto", "relaxed")
        box = served(self.loss, domain)
        if both and box is not None:
            self._compiled = CompiledSearch(box, relaxed=method == "relaxed")
        else:
            how = "exact" if method in ("auto", "scan") else method
            # The best vertex says nothing from above; where a compiled search does, it is many times cheaper.
            if method == "vertex" and label is None and box is not None:
                self._above = CompiledSearch(box, relaxed=True)
            self._labels = [
                (y, LabelSearch(d, how, bounded=self._above is None)) for y, d in allowed_labels(domain, label)
            ]

    def maximise(self, theta: ArrayLike) -> Maximiser:
        """The maximiser for the model ``theta``, shape (d + 1,) with bias, (d,) without."""
        if np.shape(theta) != self.target.shape:
            check_model("theta", theta, self.domain, self.bias)
        # Into a buffer of one type: numba would compile anew for read-only or strided models.
        model = self._model
        model[:] = theta
        # One pass sees any NaN or infinity; an overflowing norm alone is no error.
        if not math.isfinite(model.dot(model)):
            check_model("theta", theta, self.domain, self.bias)
        a, a0 = self._weights, float(model[-1]) if self.bias else 0.0
        b, b0 = self._forms
        if self._compiled is not None:
            assert self.loss.kernel is not None
            y, found = self._compiled.maximise(self.loss.kernel, a, a0, b, b0)
            if not math.isfinite(found.upper - found.lower):
                raise overflow(self.loss, self._least_margin(model))
            if self._exact_kind == "relaxed":
                found = self._bounded_by_rounding(y, found, a, a0)
        else:
            objective = Distance(self.loss)
            y, found = over_labels(
                [(y, s.maximise(objective, Forms(y * a, y * a0, y * b, y * b0))) for y, s in self._labels]
            )
            if self._above is not None:
                assert self.loss.kernel is not None
                upper = self._above.maximise(self.loss.kernel, a, a0, b, b0)[1].upper
                if not math.isfinite(upper):
                    raise overflow(self.loss, self._least_margin(model))
                found = found._replace(upper=upper)
        kind = self._exact_kind if found.exact else "heuristic"
        return Maximiser(found.x, y, found.value, found.lower, found.upper, kind)

    def _least_margin(self, model: Array) -> float:
        """Least margin of either model over the domain and both labels."""
        least = math.inf
        for theta in (model, self.target):
            w, constant = split(theta, self.bias)
            for sign in (-1.0, 1.0):
                least = min(least, sign * constant - self.domain.support(-sign * w)[0])
        return least

    def _bounded_by_rounding(self, y: int, found: Found, a: Array, a0: float) -> Found:
        """The relaxed maximum with the lower bound that its rounded point gives for the integer domain."""
        domain = self.domain.boxed
        assert domain is not None
        x = np.where(domain.integer, np.rint(found.x), found.x)
        reach = np.maximum(np.abs(domain.lower), np.abs(domain.upper))
        b, b0 = self._forms
        u, v = np.array([y * (a @ x + a0)]), np.array([y * (b @ x + b0)])
        error_u, error_v = (margin_error(x.size, magnitude(w, reach, w0)) for w, w0 in ((a, a0), (b, b0)))
        lower = Distance(self.loss).place(u, v, error_u, error_v).lower
        return Found(found.x, found.value, lower, found.upper, True)


def maximise(
    loss: str | MarginLoss,
    domain: Domain,
    theta: ArrayLike,
    target: ArrayLike,
    *,
    bias: bool = True,
    method: str = "auto",
    label: int | None = None,
) -> Maximiser:
    r"""Loss-based distance :math:`D(\theta, \theta_p)` and its maximiser; see :class:`Oracle`."""
    return Oracle(loss, domain, target, bias=bias, method=method, label=label).maximise(theta)


__all__ = ["METHODS", "Oracle", "allowed_labels", "check_model", "maximise", "split"]
