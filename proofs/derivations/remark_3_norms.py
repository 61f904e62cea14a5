"""Remark 3: from the Euclidean norm of an attainable model to its l1 norm."""

from __future__ import annotations

import sympy

from .steps import AtMost, Equal, Step, nonnegative, positive, real, verify

CLAIM = "remark-3"
TITLE = "Remark 3's l1 bound"

#: Lagrange's identity is checked for these numbers of features.
DIMENSIONS = (2, 3)


def lagrange(dimension: int) -> Equal:
    """d sum a_i^2 - (sum a_i)^2 = sum over pairs of (a_i - a_k)^2, for absolute weights a_i."""
    a = real(*(f"a_{i + 1}" for i in range(dimension)))
    pairs = sum((a[i] - a[k]) ** 2 for i in range(dimension) for k in range(i + 1, dimension))
    return Equal(dimension * sum(x**2 for x in a) - sum(a) ** 2, pairs)


def steps() -> list[Step]:
    """Pairs of weights, then Remark 2 sharpened."""
    one, two, d, c = positive(r"\|\theta\|_1", r"\|\theta\|_2", "d", "c")
    spread, short = nonnegative(r"\sum_{i<k}(|\theta_i|-|\theta_k|)^2", "s")
    squares = {two: sympy.sqrt((one**2 + spread) / d)}
    return [
        *(
            Step(
                rf"For $d={dimension}$ and $a_i=|\theta_i|$:"
                if dimension > DIMENSIONS[0]
                else r"For $d=2$ and $a_i=|\theta_i|$ Lagrange's identity is",
                lagrange(dimension),
            )
            for dimension in DIMENSIONS
        ),
        Step(
            r"and for every $d$, $d\|\theta\|_2^2-\|\theta\|_1^2=\sum_{i<k}(|\theta_i|-|\theta_k|)^2$, so",
            AtMost(one**2, d * two**2, spread, squares),
        ),
        Step(
            r"Remark 2 sharpened, for the hinge loss ($\ell(0)=1$) and $R=\frac12\|\cdot\|_2^2$, is "
            r"$c\|\theta\|_2^2\le1$; hence",
            AtMost(
                one**2,
                d / c,
                spread + short * d / c,
                {one: sympy.sqrt(d * (1 - short) / c - spread)},
            ),
        ),
        Step(
            r"that is $\|\theta\|_1\le\sqrt{d/c}$, the printed value. It is attained: $d=2$, $c=\frac12$, "
            r"$D=\{((\frac12,\frac12),+1)\}$ trains $\theta=(1,1)$:",
            Equal(one, sympy.sqrt(d / c), {one: sympy.Integer(2), d: sympy.Integer(2), c: sympy.Rational(1, 2)}),
        ),
        Step(
            r"The printed derivation, $cR(\theta)\le1$, would only give $\|\theta\|_2^2\le\frac2c$ and",
            AtMost(
                one**2,
                2 * d / c,
                spread + short * d / c,
                {one: sympy.sqrt(d * (2 - short) / c - spread)},
            ),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
