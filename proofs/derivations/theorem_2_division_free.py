"""Theorem 2 without a division: nothing to say about signs or attained suprema."""

from __future__ import annotations

from .steps import AtMost, Step, nonnegative, positive, real, verify

CLAIM = "theorem-2"
TITLE = "Theorem 2, division-free"


def steps() -> list[Step]:
    """Optimality on all points, each added point at most the regularised gap, and the division last."""
    clean, clean_target, added = real(r"F_0(\theta)", r"F_0(\theta_p)", "A")
    (gap,) = real(r"S_{\mathrm{reg}}(\theta)")
    (n,) = positive("n")
    gain, short = nonnegative("s_1", "s_2")
    (positive_gap,) = positive(r"S_{\mathrm{reg}}(\theta)")
    optimal = {clean: clean_target - added + gain}
    return [
        Step(
            r"Let $\theta_p$ minimise $F_0+\sum_{z\in D_p}f_z$ with $|D_p|=n$, and write $A=\sum_{z\in "
            r"D_p}\left[f_z(\theta)-f_z(\theta_p)\right]$. Optimality says",
            AtMost(clean_target - clean, added, gain, optimal),
        ),
        Step(
            r"Each added point gains at most $S_{\mathrm{reg}}(\theta)=S+C_R\left(R(\theta)-R(\theta_p)\right)$, "
            r"where $S\ge\ell(\theta;z)-\ell(\theta_p;z)$ on the domain:",
            AtMost(added, n * gap, short, {added: n * gap - short}),
        ),
        Step(
            r"Together, for every $\theta$, with no condition on signs:",
            AtMost(clean_target - clean, n * gap, gain + short, {clean: clean_target - (n * gap - short) + gain}),
        ),
        Step(
            r"Only where $S_{\mathrm{reg}}(\theta)>0$ may one divide, which is the printed form:",
            AtMost(
                (clean_target - clean) / positive_gap,
                n,
                (gain + short) / positive_gap,
                {clean: clean_target - (n * positive_gap - short) + gain},
            ),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
