"""The maximum of the squared hinge difference on an edge, in closed form."""

from __future__ import annotations

import sympy

from .steps import AtMost, Equal, Step, positive, real, verify

CLAIM = "shadow-maximum"
TITLE = "The squared hinge on an edge"


def steps() -> list[Step]:
    """h' is linear where both margins are below 1; its root; the sign of h''."""
    s, u0, v0, difference, slope, curvature, root, u = real("s", "u_0", "v_0", "h(s)", "h'(s)", "h''(s)", "s^*", "u")
    a, above = positive("a", "(b-a)")
    (b,) = positive("b")
    h = (1 - u0 - a * s) ** 2 - (1 - v0 - b * s) ** 2
    closed = (b * (1 - v0) - a * (1 - u0)) / (b**2 - a**2)
    meaning = {difference: h, slope: sympy.diff(h, s), curvature: sympy.diff(h, s, 2)}
    return [
        Step(
            r"On an edge $u=u_0+as$, $v=v_0+bs$ with $a,b>0$, where both margins are below 1,",
            Equal(difference, (1 - (u0 + a * s)) ** 2 - (1 - (v0 + b * s)) ** 2, meaning),
        ),
        Step(
            r"and the slope is linear in $s$:",
            Equal(slope, 2 * (b * (1 - v0) - a * (1 - u0)) - 2 * (b**2 - a**2) * s, meaning),
        ),
        Step(
            r"For $a\ne b$ its root is the critical point:",
            Equal(root, closed, {root: sympy.solve(sympy.diff(h, s), s)[0]}),
        ),
        Step(
            r"which is a maximum when $b>a$:",
            AtMost(
                curvature,
                sympy.Integer(0),
                2 * above * (2 * a + above),
                {curvature: sympy.diff(h, s, 2).subs(b, a + above)},
                strict=True,
            ),
        ),
        Step(
            r"Where only the first margin is below 1 the difference is $(1-u)^2$, which falls in $s$; a root "
            r"outside the piece where both are below 1 does not count, and the maximum then lies at a vertex or a "
            r"kink:",
            Equal(slope, -2 * a * (1 - u), {slope: sympy.diff((1 - u0 - a * s) ** 2, s), u: u0 + a * s}),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
