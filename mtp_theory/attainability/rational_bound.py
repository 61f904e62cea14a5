r"""From a dual direction to a lower bound in exact rational arithmetic (hinge loss).

The certificate is a model, not a direction. With :math:`\theta = \theta_p - \epsilon d` rounded to rationals,
Theorem 2 without division says that n points can make the target optimal only if

.. math:: F_0(\theta_p) - F_0(\theta) \le n\,\big(U + C_R (R(\theta) - R(\theta_p))\big),
          \qquad U \ge \max_z \ell(\theta; z) - \ell(\theta_p; z).

The hinge loss satisfies :math:`(1-u)_+ - (1-v)_+ \le \max(0, 1 - \mu_y - u + \mu_y v)` for any :math:`\mu_y` in
[0, 1]. That is linear in x, so U is the larger of 0 and two maxima of linear forms over X. Floats choose
:math:`\theta` and :math:`\mu`; what is evaluated is exact whatever they chose, and needs no decision about which clean
points lie on a kink.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf, isqrt, lcm
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from ..domains import Box, Domain, GroupedBox, MixedBox, labelled
from ..errors import InputError
from ..losses import Array, Hinge
from ..problem import Problem
from .pricing import price

#: Steps along the direction that are tried, relative to 1 / max|d|. Short ones lose less to curvature, long ones less
#: to the radius and to support vectors that lie on the margin only up to rounding.
STEPS = tuple(10 ** (-k / 4) for k in range(4, 33))

#: Binary digits of the certificate's model below the step: its rounding costs about 2^-24 of the bound.
DIGITS_BELOW_STEP = 24

#: Binary digits of the multipliers below 1 - mu, for the same reason.
MULTIPLIER_DIGITS = 24

#: Rows turned into Python integers at a time.
CHUNK = 1024


@dataclass(frozen=True)
class ModelCertificate:
    """A model theta = ``theta`` / ``denominator`` and a multiplier mu in [0, 1] for each allowed label."""

    theta: tuple[int, ...]
    denominator: int
    mu: dict[int, Fraction]


@dataclass(frozen=True)
class ExactBound:
    r"""``numerator`` <= n * ``denominator`` for every n points of X that make the target optimal.

    ``reach`` is the exact bound U of the loss difference that ``denominator`` contains.
    """

    numerator: Fraction
    denominator: Fraction
    reach: Fraction

    @property
    def value(self) -> Fraction | float:
        """The bound numerator / denominator: 0 when it says nothing, inf when no number of points suffices."""
        if self.numerator <= 0:
            return Fraction(0)
        return self.numerator / self.denominator if self.denominator > 0 else inf

    @property
    def points(self) -> int | float:
        """The least integer that the bound allows, inf when there is none."""
        value = self.value
        return -(-value.numerator // value.denominator) if isinstance(value, Fraction) else inf


def model_certificate(
    problem: Problem, target: ArrayLike, direction: ArrayLike, *, radius: Fraction | float = 0
) -> ModelCertificate:
    """The rational model near the target, along ``direction`` (dim,), whose bound is best in float64.

    ``radius``: the one that :func:`exact_bound` will be asked for. Raises InputError for a loss other than the
    hinge or a domain without exact linear maxima.
    """
    p = problem.check_theta(target, "target")
    d = problem.check_theta(direction, "direction")
    _check(problem)
    largest = float(np.abs(d).max())
    if largest == 0:
        raise InputError("certificate: the direction is zero; give the dual direction of a fractional minimum > 0")
    reach = price(problem, p, d).upper
    rho, length = float(radius), float(np.linalg.norm(p))
    lost = rho * (float(_norm_sum(problem)) + problem.c_r_total * length) if rho > 0 else 0.0
    spread = rho * (float(_largest_norm(problem)) + problem.c_r * length) if rho > 0 else 0.0
    slopes = {label: _multiplier(domain, label, d, p, problem.bias) for label, domain in labelled(problem.domain)}

    def estimate(step: float) -> float:
        theta = p - step * d
        losses = problem.loss.value(problem.margins(p)) - problem.loss.value(problem.margins(theta))
        heavier = 0.5 * float((theta - p) @ (theta + p))
        num = float(losses @ problem.counts) - problem.c_r_total * heavier - lost
        den = step * max(reach, 0.0) + problem.c_r * heavier + spread
        return num / den if den > 0 else (inf if num > 0 else 0.0)

    step = max((relative / largest for relative in STEPS), key=estimate)
    unit = 1 << max(0, DIGITS_BELOW_STEP - int(np.floor(np.log2(step * largest))))
    theta = [round(Fraction(float(a)) * unit - Fraction(float(step * b)) * unit) for a, b in zip(p, d, strict=True)]
    shared = gcd(unit, *theta)
    digits = 1 << max(0, MULTIPLIER_DIGITS - int(np.floor(np.log2(step * max(1.0, *slopes.values())))))
    mu = {
        label: min(Fraction(1), max(Fraction(0), 1 - Fraction(round(step * m * digits), digits)))
        for label, m in slopes.items()
    }
    return ModelCertificate(tuple(t // shared for t in theta), unit // shared, mu)


def exact_bound(
    problem: Problem, target: ArrayLike, certificate: ModelCertificate, *, radius: Fraction | int = 0
) -> ExactBound:
    r"""Evaluate a certificate exactly; floats and bytes stand for the rationals that they are.

    With a ``radius`` the bound holds for every model within that Euclidean distance of the target: each loss
    changes by at most radius |z|, R falls by at most radius |theta_p|. Raises InputError as
    :func:`model_certificate` does, and for a certificate of the wrong shape or with multipliers outside [0, 1].
    """
    _check(problem)
    p = [Fraction(float(t)) for t in problem.check_theta(target, "target")]
    theta = [Fraction(t, certificate.denominator) for t in certificate.theta]
    c, n, rho = Fraction(problem.c_r), problem.n_points, Fraction(radius)
    if len(theta) != len(p) or rho < 0 or not all(0 <= m <= 1 for m in certificate.mu.values()):
        raise InputError("certificate: needs a model of the target's length, multipliers in [0, 1] and a radius >= 0")
    reach = Fraction(0)
    for label, domain in labelled(problem.domain):
        if label not in certificate.mu:
            raise InputError(f"certificate: no multiplier for label {label:+d}, which the domain allows")
        mu = certificate.mu[label]
        form = [label * (mu * a - b) for a, b in zip(p, theta, strict=True)]
        constant = form.pop() if problem.bias else Fraction(0)
        reach = max(reach, 1 - mu + constant + _support(domain, form))
    heavier = (_square(theta) - _square(p)) / 2
    losses = _loss_sum(problem, p) - _loss_sum(problem, theta)
    numerator = losses - n * c * heavier
    denominator = reach + c * heavier
    if rho > 0:
        length = _root_above(_square(p))
        numerator -= rho * (_norm_sum(problem) + n * c * length)
        denominator += rho * (_largest_norm(problem) + c * length)
    return ExactBound(numerator, denominator, reach)


def _check(problem: Problem) -> None:
    if not isinstance(problem.loss, Hinge):
        raise InputError(f"certificate: loss {problem.loss.key!r}; the exact bound is for the hinge loss")
    for _, domain in labelled(problem.domain):
        if not isinstance(domain, Box | GroupedBox | MixedBox):
            raise InputError(f"certificate: domain {type(domain).__name__}; give Box, GroupedBox or MixedBox")


def _multiplier(domain: Domain, label: int, d: Array, p: Array, bias: bool) -> float:
    """m >= 0 that minimises m + max over x of label <d - m theta_p, xb>: convex and piecewise linear in m."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = d / p
    kinks = np.unique(np.append(ratios[np.isfinite(ratios) & (ratios > 0)], 0.0))

    def height(m: float) -> float:
        form = label * (d - m * p)
        return m + (domain.support(form[:-1])[0] + float(form[-1]) if bias else domain.support(form)[0])

    low, high = 0, len(kinks) - 1
    # groups add kinks of their own, so this is a minimum over the boxes' kinks only: any m is valid
    while high - low > 2:
        third = (high - low) // 3
        left, right = low + third, high - third
        if height(float(kinks[left])) <= height(float(kinks[right])):
            high = right
        else:
            low = left
    return min((float(k) for k in kinks[low : high + 1]), key=height)


def _support(domain: Domain, form: Sequence[Fraction]) -> Fraction:
    """Exact maximum of a linear form over a box with or without groups."""
    box = domain if isinstance(domain, Box) else getattr(domain, "box")  # noqa: B009 (typed as Domain)
    grouped: set[int] = set()
    total = Fraction(0)
    if isinstance(domain, GroupedBox | MixedBox):
        for members in domain.group_members():
            grouped.update(int(j) for j in members)
            best = max(form[j] for j in members)
            total += best if domain.group_rule == "exactly_one" else max(Fraction(0), best)
    for j, a in enumerate(form):
        if a and j not in grouped:
            total += a * Fraction(float(box.upper[j] if a > 0 else box.lower[j]))
    return total


def _square(v: Sequence[Fraction]) -> Fraction:
    return sum((t * t for t in v), Fraction(0))


def _integer_rows(problem: Problem) -> Iterator[tuple[slice, Any, int]]:
    """Blocks of rows as Python integers over one denominator: (rows, integers (m, d), denominator)."""
    n = len(problem.y)
    scale = Fraction(float(problem.scale))
    for start in range(0, n, CHUNK):
        part = slice(start, min(n, start + CHUNK))
        rows = problem.X[part]
        rows = rows.toarray() if sp.issparse(rows) else rows
        if np.issubdtype(rows.dtype, np.integer):
            yield part, rows.astype(object) * scale.denominator, scale.numerator
            continue
        values = rows.astype(np.float64)
        # every float64 is an integer over a power of two; the finest one of the block serves all
        mantissas, exponents = np.frexp(values)
        finest = int(np.max(np.where(values != 0, 53 - exponents, 0), initial=0))
        whole = (mantissas * 2.0**53).astype(np.int64).astype(object)
        shift = np.where(values != 0, finest - (53 - exponents), 0).astype(object)
        yield part, (whole << shift) * scale.denominator, (1 << finest) * scale.numerator


def _loss_sum(problem: Problem, theta: Sequence[Fraction]) -> Fraction:
    """Summed hinge loss of the clean data, exactly."""
    unit = lcm(*(t.denominator for t in theta))
    weights = np.array([t.numerator * (unit // t.denominator) for t in theta], dtype=object)
    w, b = (weights[:-1], weights[-1]) if problem.bias else (weights, 0)
    total = Fraction(0)
    for part, rows, denominator in _integer_rows(problem):
        labels = [int(y) for y in problem.y[part]]
        counts = [int(k) for k in problem.counts[part]]
        whole = unit * denominator
        decisions = rows @ w + b * denominator
        losses = (k * max(0, whole - y * int(m)) for k, y, m in zip(counts, labels, decisions, strict=True))
        total += Fraction(sum(losses), whole)
    return total


def _root_above(square: Fraction) -> Fraction:
    """A rational at least sqrt(square), within 2^-40 of it."""
    scaled = -(-(square.numerator << 80) // square.denominator)
    return Fraction(isqrt(scaled) + 1, 1 << 40)


def _norm_sum(problem: Problem) -> Fraction:
    """An upper bound of the summed norms |z_i| of the clean rows, constant feature included."""
    total = Fraction(0)
    for part, rows, denominator in _integer_rows(problem):
        squares = (rows * rows).sum(axis=1)
        for k, square in zip(problem.counts[part], squares, strict=True):
            total += int(k) * _root_above(Fraction(int(square), denominator**2) + int(problem.bias))
    return total


def _largest_norm(problem: Problem) -> Fraction:
    """An upper bound of |z| over the domain, constant feature included."""
    largest = Fraction(0)
    for _, domain in labelled(problem.domain):
        box = domain if isinstance(domain, Box) else getattr(domain, "box")  # noqa: B009 (typed as Domain)
        corner = [Fraction(max(abs(float(a)), abs(float(b)))) for a, b in zip(box.lower, box.upper, strict=True)]
        largest = max(largest, _square(corner))
    return _root_above(largest + int(problem.bias))


__all__ = ["ExactBound", "ModelCertificate", "exact_bound", "model_certificate"]
