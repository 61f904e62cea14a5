"""The multiplier bound of the hinge difference: a maximum of two linear forms, by cases."""

from __future__ import annotations

import sympy

from .steps import AtMost, Equal, Step, nonnegative, real, verify

CLAIM = "shadow-maximum"
TITLE = "The multiplier bound of the hinge difference"


def steps() -> list[Step]:
    """(1-u)_+ - (1-v)_+ <= max(0, 1 - mu + mu v - u) for 0 <= mu <= 1."""
    mu, u, v = real(r"\mu", "u", "v")
    m, rest, a, b = nonnegative(r"\mu", r"(1-\mu)", "a", "b")
    left = sympy.Max(0, 1 - u) - sympy.Max(0, 1 - v)
    line = 1 - mu + mu * v - u
    return [
        Step(
            r"Let $0\le\mu\le1$. Where $u=1+a$ and $v=1+b$ with $a,b\ge0$, both losses vanish:",
            Equal(left, sympy.Integer(0), {u: 1 + a, v: 1 + b}),
        ),
        Step(
            r"Where $u=1+a$ and $v=1-b$, the difference is $-b\le0$:",
            AtMost(left, sympy.Integer(0), b, {u: 1 + a, v: 1 - b}),
        ),
        Step(
            r"Where $u=1-a$ and $v=1+b$, the linear form is above by $\mu b$:",
            AtMost(left, line, m * b, {u: 1 - a, v: 1 + b, mu: m}),
        ),
        Step(
            r"Where $u=1-a$ and $v=1-b$, it is above by $(1-\mu)b$:",
            AtMost(left, line, rest * b, {u: 1 - a, v: 1 - b, mu: 1 - rest}),
        ),
        Step(
            r"In every case the difference is at most $\max(0,1-\mu+\mu v-u)$. The right side is linear in $x$, so "
            r"its maximum over a domain is a support function; for $u\le v\le 1$, $\mu=1$ makes it an equality:",
            Equal(left, line, {u: 1 - a - b, v: 1 - b, mu: sympy.Integer(1)}),
        ),
        Step(r"and for $u\le1\le v$, $\mu=0$:", Equal(left, line, {u: 1 - a, v: 1 + b, mu: sympy.Integer(0)})),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
