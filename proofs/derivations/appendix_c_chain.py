"""Appendix C's chain, and the one point of the domain that it needs."""

from __future__ import annotations

from sympy import Integer, Rational

from .steps import AtMost, Equal, Step, nonnegative, positive, real, verify

CLAIM = "appendix-c"
TITLE = "Appendix C's constant"


def steps() -> list[Step]:
    """The touching point, the parallelogram, then Lemma 2's form."""
    distance, inner, r, r_target = real("S", r"\langle\theta,\theta_p\rangle", r"R(\theta)", r"R(\theta_p)")
    (norm,) = positive(r"R(\theta_p)")
    square, square_target = real(r"\|\theta\|^2", r"\|\theta_p\|^2")
    (apart,) = nonnegative(r"\|\theta_p-\theta\|^2")
    (c,) = nonnegative("c")
    (above,) = nonnegative("s")
    p, t, x = real(r"\theta_{p,i}", r"\theta_i", "x")
    touching = {distance: 1 - inner / square_target + above}
    polar = {inner: (square_target + square - apart) / 2}
    chain = {distance: 1 - (2 * norm + 2 * r - apart) / 2 / (2 * norm) + above, r_target: norm}
    return [
        Step(
            r"Take the point $x=\theta_p/\|\theta_p\|^2$ with label $+1$. The target's margin there is 1, so its "
            r"hinge loss is 0, and that of $\theta$ is at least $1-\langle\theta,x\rangle$. If $x$ lies in the "
            r"domain,",
            AtMost(1 - inner / square_target, distance, above, touching),
        ),
        Step(
            r"In each coordinate",
            Equal(p * t, p**2 / 2 + t**2 / 2 - (p - t) ** 2 / 2),
        ),
        Step(
            r"which summed up, with $R=\frac12\|\cdot\|^2$, compares the inner product with the regularisers:",
            Equal(
                1 - inner / square_target,
                (square_target / 2 - square / 2) / square_target + apart / (2 * square_target),
                polar,
            ),
        ),
        Step(
            r"so the distance is at least a multiple of the regulariser's difference, with "
            r"$\lambda=1/(2R(\theta_p))$:",
            AtMost(
                (r_target - r) / (2 * r_target),
                distance,
                above + apart / (4 * norm),
                chain,
            ),
        ),
        Step(
            r"Lemma 2 with this $\lambda$ is $\gamma=1-2cR(\theta_p)$:",
            AtMost(
                (1 - 2 * c * r_target) * distance,
                distance + c * (r - r_target),
                2 * c * norm * (above + apart / (4 * norm)),
                chain,
            ),
        ),
        Step(
            r"Where $\theta_p/\|\theta_p\|^2$ lies outside the domain the first line has no point to stand on: on "
            r"$[-1,1]$, $\theta_p=\frac12$ asks for $x=2$,",
            Equal(x, p / square_target, {x: Integer(2), p: Rational(1, 2), square_target: Rational(1, 4)}),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
