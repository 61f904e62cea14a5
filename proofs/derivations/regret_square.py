"""Completion of the square: what one round of follow-the-leader can lose."""

from __future__ import annotations

from .steps import AtMost, Equal, Step, nonnegative, positive, real, verify

CLAIM = "theorem-3"
TITLE = "The square in the regret step"


def steps() -> list[Step]:
    """min over h of <g, h> + m/2 |h|^2 = -|g|^2/(2m), and the bound on delta_j."""
    m, c, n = positive("m", "c", "(N+j)")
    g, h = real("g_i", "h_i")
    delta, linear, square, squared_gradient = real(r"\delta_j", r"\langle g,h\rangle", r"\|h\|^2", r"\|g\|^2")
    completed, leader, loss = nonnegative(r"\|h+\tfrac{1}{m}g\|^2", "s_1", "s_2")
    strong = {delta: -(linear + m / 2 * square) - leader - loss}
    in_norm = {completed: square + 2 / m * linear + squared_gradient / m**2}
    everything = {delta: squared_gradient / (2 * m) - m / 2 * completed - leader - loss}
    return [
        Step(
            r"For one coordinate, complete the square:",
            Equal(g * h + m / 2 * h**2, m / 2 * (h + g / m) ** 2 - g**2 / (2 * m)),
        ),
        Step(
            r"so, for every $m>0$, the least value over $h_i$ is $-g_i^2/(2m)$:",
            AtMost(-(g**2) / (2 * m), g * h + m / 2 * h**2, m / 2 * (h + g / m) ** 2),
        ),
        Step(
            r"Summed over the coordinates:",
            Equal(linear + m / 2 * square, m / 2 * completed - squared_gradient / (2 * m), in_norm),
        ),
        Step(
            r"In round $j$ let $h=\theta_{j+1}-\theta_j$ and let $g$ be a subgradient of $f_{z_j}$ at $\theta_j$. "
            r"$\Phi_{j-1}$ is $c(N+j-1)$-strongly convex with minimiser $\theta_j$, $f_{z_j}$ is $c$-strongly "
            r"convex; the moduli add up to $m=c(N+j)$:",
            Equal(c * (n - 1) + c, c * n),
        ),
        Step(
            r"The two inequalities of strong convexity give",
            AtMost(delta, -(linear + m / 2 * square), leader + loss, strong),
        ),
        Step(
            r"and the square, whatever $h$ is,",
            AtMost(delta, squared_gradient / (2 * m), m / 2 * completed + leader + loss, everything),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
