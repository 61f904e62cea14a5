"""What the main text of Theorem 1 leaves out of the appendix's epsilon."""

from __future__ import annotations

from sympy import Rational

from .steps import AtMost, Equal, Step, positive, real, verify

CLAIM = "theorem-1"
TITLE = "D0, and what the main text leaves out"


def steps() -> list[Step]:
    """D0 spelt out, the difference of the two epsilons, and the instance that shows it."""
    clean, clean_target, loss, loss_target, r, r_target = real(
        r"F_0(\theta_c)", r"F_0(\theta_p)", r"L(\theta_c)", r"L(\theta_p)", r"R(\theta_c)", r"R(\theta_p)"
    )
    excess, alpha, main, appendix, best = real(
        "D_0", r"\alpha(T)", r"\varepsilon_{\mathrm{main}}", r"\varepsilon_{\mathrm{app}}", r"D(\theta_1,\theta_p)"
    )
    n, c, count, gamma = positive("N", "C_R", "T", r"\gamma")
    objective = {clean: loss + n * c * r, clean_target: loss_target + n * c * r_target}
    d0 = loss_target - loss + n * c * (r_target - r)
    both = {main: (alpha + loss_target - loss) / (count * gamma), appendix: (alpha + d0) / (count * gamma)}
    # hinge, C_R = 1/2, D_c = {(1/4, +1)}: theta_c = 1/2, target 1, gamma = 1/2, T = 1, regret 1/4
    half, quarter = Rational(1, 2), Rational(1, 4)
    numbers = {alpha: quarter, loss_target: 1 - quarter, loss: 1 - half * quarter, n: 1, c: half, count: 1, gamma: half}
    instance = numbers | {r_target: half, r: Rational(1, 8)}
    values = {key: value.subs(instance) for key, value in both.items()}
    return [
        Step(
            r"The sum of the clean losses is $L$, and $F_0=L+NC_RR$. The numerator's constant is "
            r"$D_0=F_0(\theta_p)-F_0(\theta_c)$:",
            Equal(
                excess,
                (loss_target - loss) + n * c * (r_target - r),
                {excess: (clean_target - clean).subs(objective)},
            ),
        ),
        Step(
            r"The appendix has $\varepsilon=(\alpha(T)+D_0)/(T\gamma)$, the main text "
            r"$(\alpha(T)+L(\theta_p)-L(\theta_c))/(T\gamma)$. The difference is",
            Equal(appendix - main, n * c * (r_target - r) / (count * gamma), both),
        ),
        Step(
            r"Where $R(\theta_p)>R(\theta_c)$ the main text's bound is too small. Hinge loss on $[-1,1]$, "
            r"$C_R=\frac12$, $D_c=\{(\frac14,+1)\}$, so $\theta_c=\frac12$, target 1 with $\gamma=\frac12$; one "
            r"point, regret $\frac14$. The first model is at distance $\frac12$ and",
            Equal(main, quarter, values),
        ),
        Step(
            r"which it exceeds:",
            AtMost(main, best, quarter, {**values, best: half}, strict=True),
        ),
        Step(r"while the appendix's value covers it:", AtMost(best, appendix, Rational(1, 8), {**values, best: half})),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
