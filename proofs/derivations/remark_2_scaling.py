"""Remark 2 sharpened: an attainable model compared with its own multiples."""

from __future__ import annotations

import sympy

from .steps import AtMost, Equal, Step, nonnegative, positive, real, verify

CLAIM = "remark-2"
TITLE = "Remark 2 by scaling the model"


def steps() -> list[Step]:
    """t theta for t < 1: convexity, optimality, division by 1 - t, t -> 1."""
    mean, mean_scaled, at_zero = real(r"\bar\ell(\theta)", r"\bar\ell(t\theta)", r"\ell(0)")
    r, c = nonnegative(r"R(\theta)", "c")
    (rest,) = positive("(1-t)")  # 1 - t as a symbol whose sign is known
    (t,) = real("t")
    scale = {t: 1 - rest}
    convex, gain, slack = nonnegative("s_1", "s_2", "s_3")
    convexity = {mean_scaled: (1 - rest) * mean + rest * at_zero - convex, **scale}
    # optimality against t theta: mean + c R + gain = mean_scaled + c t^2 R, with mean_scaled from convexity
    optimal = {mean: at_zero - c * r * (2 - rest) - (convex + gain) / rest, **scale}
    # the same line before the division by 1 - t
    both = {mean: optimal[mean], mean_scaled: (1 - rest) * optimal[mean] + rest * at_zero - convex, **scale}
    (value,) = nonnegative(r"\bar\ell(\theta)")
    return [
        Step(
            r"Let $\theta$ minimise $\bar\ell+cR$ with $R$ homogeneous of degree 2 (such as $\frac12\|\cdot\|^2$) "
            r"and $0\le t<1$. The loss is convex and $\ell(0)$ is the same for every point:",
            AtMost(mean_scaled, t * mean + (1 - t) * at_zero, convex, convexity),
        ),
        Step(
            r"Optimality against $t\theta$, at which the regulariser is $t^2R(\theta)$, says",
            AtMost(mean + c * r, mean_scaled + c * t**2 * r, gain, both),
        ),
        Step(
            r"Both together, divided by $1-t>0$; $1-t^2=(1-t)(1+t)$:",
            AtMost((1 + t) * c * r, at_zero - mean, (convex + gain) / rest, optimal),
        ),
        Step(
            r"The right side does not depend on $t$, and as $t\to1$ the left side tends to",
            Equal(sympy.Limit((1 + t) * c * r, t, 1), 2 * c * r),
        ),
        Step(
            r"So $2cR(\theta)\le\ell(0)-\bar\ell(\theta)$; with a non-negative loss, half the printed bound:",
            AtMost(2 * c * r, at_zero, slack + value, {at_zero: 2 * c * r + value + slack}),
        ),
        Step(
            r"It is attained: hinge loss, $c=\frac14$, $D=\{(\frac12,+1)\}$ trains $\theta=2$, where "
            r"$\bar\ell(\theta)=0$, $\ell(0)=1$, $R(\theta)=2$ and",
            Equal(2 * c * r, at_zero, {c: sympy.Rational(1, 4), r: sympy.Integer(2), at_zero: sympy.Integer(1)}),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
