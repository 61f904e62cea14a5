r"""A hinge lower bound in the text form of the checker that is extracted from the Coq proof.

That checker (``proofs/coq/hinge_certificate.v``, input form in ``proofs/extract/README.md``) evaluates the radius more
coarsely: it charges :math:`\rho` for every clean row. So the model is moved along the certificate's own line to the
step that suits it best, and the bound that it proves may be smaller.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isqrt, lcm
from typing import Any, TextIO

import numpy as np

from ..datasets import Dataset
from ..datasets.rows import dense
from ..errors import InputError
from .checker import Certificate, Vector, dot, parse
from .format import text

#: Steps tried, as multiples of the certificate's: 2^k.
STEPS = range(-4, 80)


def write_coq_input(out: TextIO, certificate: Mapping[str, Any], data: Dataset) -> int:
    """Write the input; returns the bound that the extracted checker proves with it.

    Raises InputError for another kind of certificate, other data, or features that are no integers over one scale.
    """
    k = parse(text(certificate).encode())
    if k.kind != "lower_bound" or k.loss != "hinge":
        raise InputError(f"extracted checker: kind {k.kind}, loss {k.loss}; it checks lower bounds of the hinge loss")
    if data.identity != k.data:
        raise InputError("extracted checker: the certificate speaks about other data")
    rows, lower, upper, scale = _whole(data, k.bias)
    labels = [int(v) for v in data.y]
    best: tuple[Fraction, list[int], list[int], int, int, int] | None = None
    step = Vector(*_difference(k.target, k.witness["theta"]))
    for power in STEPS:
        t = Fraction(2) ** power
        mu = [1 - t * (1 - k.witness[mu]) for mu in ("mu_plus", "mu_minus")]
        if min(mu) < 0:
            continue
        den = lcm(k.target.d, step.d * t.denominator, *(m.denominator for m in mu))
        p = [v * (den // k.target.d) for v in k.target.n]
        moved = [v * t.numerator * (den // (step.d * t.denominator)) for v in step.n]
        other = [a - b for a, b in zip(p, moved, strict=True)]
        whole_mu = [int(m * den) for m in mu]
        numerator, denominator = _sides(k, rows, labels, lower, upper, scale, den, p, other, whole_mu)
        if numerator > 0 and denominator > 0:
            value = Fraction(numerator, denominator)
            if best is None or value > best[0]:
                best = (value, p, other, den, whole_mu[0], whole_mu[1])
    if best is None:
        raise InputError("extracted checker: no step proves a bound with its coarser radius; take a smaller radius")
    value, p, other, den, plus, minus = best
    bound = -(-value.numerator // value.denominator)

    def line(key: str, values: list[int]) -> None:
        out.write(" ".join([key, *map(str, values)]) + "\n")

    out.write("hinge-certificate 1\n")
    line("dimension", [len(p)])
    line("scale", [scale])
    line("lower", lower)
    line("upper", upper)
    line("c", [k.c.numerator, k.c.denominator])
    line("den", [den])
    line("target", p)
    line("other", other)
    line("mu", [plus, minus])
    line("rho", [k.radius.numerator, k.radius.denominator])
    line("bound", [bound])
    line("rows", [len(rows)])
    for label, row in zip(labels, rows, strict=True):
        line("+1" if label == 1 else "-1", row)
    out.write("end\n")
    return bound


def _difference(a: Vector, b: Vector) -> tuple[list[int], int]:
    d = lcm(a.d, b.d)
    return [x * (d // a.d) - y * (d // b.d) for x, y in zip(a.n, b.n, strict=True)], d


def _whole(data: Dataset, bias: bool) -> tuple[list[list[int]], list[int], list[int], int]:
    """Rows, bounds and scale as integers, the constant feature last."""
    unit = Fraction(data.scale)
    box = data.domain()
    exact = [[Fraction(float(v)) for v in bound] for bound in (box.lower, box.upper)]
    if data.X.dtype == np.uint8:
        scale = lcm(unit.numerator, *(v.denominator for bound in exact for v in bound))
        factor = Fraction(scale) / unit
        rows = [[int(v * factor) for v in row] for row in dense(data.X).tolist()]
        if factor.denominator != 1:
            raise InputError(f"extracted checker: scale {data.scale:g} is no whole number")
    else:
        values = [[Fraction(float(v)) for v in row] for row in dense(data.X).tolist()]
        scale = lcm(*(v.denominator for row in (*values, *exact) for v in row))
        rows = [[int(v * scale) for v in row] for row in values]
    lower, upper = ([int(v * scale) for v in bound] for bound in exact)
    if bias:
        for row in (*rows, lower, upper):
            row.append(scale)
    return rows, lower, upper, scale


def _sides(
    k: Certificate,
    rows: list[list[int]],
    labels: list[int],
    lower: list[int],
    upper: list[int],
    scale: int,
    den: int,
    p: list[int],
    other: list[int],
    mu: list[int],
) -> tuple[int, int]:
    """``numerator`` and ``denominator`` of the proved checker, term by term."""
    unit, gain, norms = den * scale, 0, 0
    for y, x in zip(labels, rows, strict=True):
        gain += max(0, unit - y * dot(p, x)) - max(0, unit - y * dot(other, x))
        norms += isqrt(dot(x, x)) + 1
    pp, tt, n = dot(p, p), dot(other, other), len(rows)
    c_num, c_den, rho_num, rho_den = k.c.numerator, k.c.denominator, k.radius.numerator, k.radius.denominator
    u = 0
    for y, m in zip((1, -1), mu, strict=True):
        tilt = [y * (m * a - den * b) for a, b in zip(p, other, strict=True)]
        top = sum(max(w * a, w * b) for w, a, b in zip(tilt, lower, upper, strict=True))
        u = max(u, (den - m) * den * scale + top)
    box = isqrt(sum(max(a * a, b * b) for a, b in zip(lower, upper, strict=True))) + 1
    length = isqrt(pp) + 1
    numerator = (
        2 * den * c_den * rho_den * gain
        + n * c_num * rho_den * scale * (pp - tt)
        - 2 * den * den * c_den * rho_num * norms
        - 2 * n * den * scale * c_num * rho_num * length
    )
    denominator = (
        2 * c_den * rho_den * u
        + 2 * den * den * c_den * rho_num * box
        + c_num * rho_den * scale * (tt - pp)
        + 2 * den * scale * c_num * rho_num * length
    )
    return numerator, denominator


__all__ = ["write_coq_input"]
