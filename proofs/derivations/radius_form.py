"""Theorem 2 when the target is only met to within a radius, as a trained model in floats is."""

from __future__ import annotations

from .steps import AtMost, Equal, Step, nonnegative, positive, real, verify

CLAIM = "theorem-2"
TITLE = "The radius form of the lower bound"


def steps() -> list[Step]:
    """The regulariser, the clean points and the added points each pay for the radius."""
    clean, clean_target, clean_induced, added = real(r"F_0(\theta)", r"F_0(\theta_p)", r"F_0(\theta')", "A")
    gap, r_target, r_induced = real(r"S_{\mathrm{reg}}(\theta)", r"R(\theta_p)", r"R(\theta')")
    n, points = positive("n", "N")
    lipschitz, rho, c, m, w, b = nonnegative("L", r"\rho", "c", "M", "W", "B")
    (apart,) = nonnegative(r"\|\theta_p-\theta'\|^2")
    s1, s2, s3, s4 = nonnegative("s_1", "s_2", "s_3", "s_4")
    p, q = real(r"{\theta_{p,i}}", r"{\theta'_i}")
    clean_bound = lipschitz * rho * w + points * c * (rho * m)
    added_bound = n * (gap + lipschitz * rho * b + c * (rho * m))
    theorem_2 = {clean_induced: clean + added - s4}
    everything = {
        clean_target: clean + added_bound - s3 - s4 + clean_bound - s2,
        clean_induced: clean + added_bound - s3 - s4,
        added: added_bound - s3,
    }
    return [
        Step(
            r"Let $\theta'$ minimise the objective on $D_c\cup D_p$, $|D_p|=n$, with $\|\theta_p-\theta'\|\le\rho$ "
            r"and $R=\frac12\|\cdot\|^2$. In each coordinate",
            Equal(p**2 / 2 - q**2 / 2, p * (p - q) - (p - q) ** 2 / 2),
        ),
        Step(
            r"so, as $\langle\theta_p,\theta_p-\theta'\rangle=M\rho-s_1$ with $s_1\ge0$ by Cauchy and Schwarz "
            r"where $\|\theta_p\|\le M$,",
            AtMost(
                r_target - r_induced,
                m * rho,
                s1 + apart / 2,
                {r_target: r_induced + (m * rho - s1) - apart / 2},
            ),
        ),
        Step(
            r"A loss that is $L$-Lipschitz in the margin changes by at most $L\rho\|x\|$ on a point. Over the $N$ "
            r"clean points, whose norms add up to at most $W$:",
            AtMost(clean_target - clean_induced, clean_bound, s2, {clean_target: clean_induced + clean_bound - s2}),
        ),
        Step(
            r"and for the $n$ added points, of norm at most $B$, with $A=\sum_{z\in D_p}[f_z(\theta)-f_z(\theta')]$:",
            AtMost(added, added_bound, s3, {added: added_bound - s3}),
        ),
        Step(
            r"Theorem 2 is exact at $\theta'$:",
            AtMost(clean_induced - clean, added, s4, theorem_2),
        ),
        Step(
            r"The three lines add up to the form that a certificate for a float target proves; $\rho=0$ gives "
            r"Theorem 2 back:",
            AtMost(clean_target - clean - clean_bound, added_bound, s2 + s3 + s4, everything),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
