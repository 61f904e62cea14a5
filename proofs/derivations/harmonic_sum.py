"""The harmonic sum against the logarithm, term by term."""

from __future__ import annotations

import sympy

from .steps import AtMost, Equal, Step, nonnegative, positive, real, verify

CLAIM = "corollary-2"
TITLE = "The harmonic sum and the logarithm"


def steps() -> list[Step]:
    """1/(N+i) <= log((N+i)/(N+i-1)), then the telescoping sum of logarithms."""
    (w,) = positive("w")
    logarithm, term = sympy.log((w + 1) / w), 1 / (w + 1)
    n, least = positive("N", r"\Delta(w)")
    (partial,) = real(r"\sum_{j<i}\tfrac{1}{N+j}")
    (below,) = nonnegative("s")
    (next_term,) = real(r"\tfrac{1}{N+i}")
    before, growth, after = (sympy.log(x) for x in (w / n, (w + 1) / w, (w + 1) / n))
    return [
        Step(
            r"Let $w=N+i-1>0$ and $\Delta(w)=\log\frac{w+1}w-\frac1{w+1}$. It falls:",
            AtMost(
                sympy.together(sympy.diff(logarithm - term, w)),
                sympy.Integer(0),
                1 / (w * (w + 1) ** 2),
                strict=True,
            ),
        ),
        Step(
            r"and it tends to 0 as $w$ grows, so $\Delta(w)>0$: each term of the harmonic sum is below a logarithm.",
            Equal(sympy.Limit(logarithm - term, w, sympy.oo), sympy.Integer(0)),
        ),
        Step(r"The logarithms telescope, as $w+1=N+i$:", Equal(before + growth, after)),
        Step(
            r"So if $\sum_{j<i}\frac1{N+j}=\log\frac wN-s$ with $s\ge0$, and "
            r"$\frac1{N+i}=\log\frac{w+1}w-\Delta(w)$ with $\Delta(w)>0$, then one more term keeps the bound, and "
            r"by induction $\sum_{i\le T}\frac1{N+i}\le\log(1+T/N)$:",
            AtMost(
                partial + next_term,
                after,
                below + least,
                {partial: before - below, next_term: growth - least},
            ),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
