"""The logistic difference along an edge of the shadow has at most one critical point."""

from __future__ import annotations

import sympy

from .steps import AtMost, Equal, Step, positive, real, verify

CLAIM = "shadow-maximum"
TITLE = "The critical point on a logistic edge"


def steps() -> list[Step]:
    """h' up to a positive factor, the critical point equation, one sign change."""
    s, u, v, u0, v0, slope, scaled, growth = real("s", "u", "v", "u_0", "v_0", "h'(s)", "k(s)", "k'(s)")
    a, b, above, below = positive("a", "b", "(b-a)", "(a-b)")
    edge = {u: u0 + a * s, v: v0 + b * s}
    h = (sympy.log(1 + sympy.exp(-u)) - sympy.log(1 + sympy.exp(-v))).xreplace(edge)
    critical = (b - a) + b * sympy.exp(u) - a * sympy.exp(v)
    along = {slope: sympy.diff(h, s), **edge}
    k = (b - a) * sympy.exp(-a * s) + b * sympy.exp(u0) - a * sympy.exp(v0 + (b - a) * s)
    steeper = {growth: sympy.diff(k.subs(b, a + above), s)}
    flatter = {growth: sympy.diff(k.subs(a, b + below), s), a: b + below}
    return [
        Step(
            r"Along an edge $u=u_0+as$, $v=v_0+bs$ with $a,b>0$ let $h(s)=\log(1+e^{-u})-\log(1+e^{-v})$. Then",
            Equal(slope, b / (1 + sympy.exp(v)) - a / (1 + sympy.exp(u)), along),
        ),
        Step(
            r"so $h'$ has the sign of $(b-a)+be^u-ae^v$, and a critical point is a root of it:",
            Equal(slope * (1 + sympy.exp(u)) * (1 + sympy.exp(v)), critical, along),
        ),
        Step(
            r"Multiplied by $e^{-as}>0$ it is",
            Equal(scaled, k, {scaled: sympy.exp(-a * s) * critical.xreplace(edge)}),
        ),
        Step(
            r"For $b>a$ this falls strictly, so $h'$ changes its sign at most once, from plus to minus: one "
            r"critical point at most, a maximum.",
            AtMost(
                growth,
                sympy.Integer(0),
                a * above * (sympy.exp(-a * s) + sympy.exp(v0 + above * s)),
                steeper,
                strict=True,
            ),
        ),
        Step(
            r"For $b<a$ it rises strictly: one critical point at most, a minimum, so that the maximum lies at an end.",
            AtMost(
                sympy.Integer(0),
                growth,
                (b + below) * below * (sympy.exp(-(b + below) * s) + sympy.exp(v0 - below * s)),
                flatter,
                strict=True,
            ),
        ),
        Step(
            r"For $a=b$ the sign of $h'$ is that of $e^{u_0}-e^{v_0}$ all along:",
            Equal(
                critical,
                a * sympy.exp(a * s) * (sympy.exp(u0) - sympy.exp(v0)),
                {u: u0 + a * s, v: v0 + a * s, b: a},
            ),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
