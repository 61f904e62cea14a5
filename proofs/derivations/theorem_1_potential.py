"""The identity behind Theorem 1: rounds, regret and the target's excess add up exactly."""

from __future__ import annotations

from .steps import AtMost, Equal, Step, nonnegative, positive, real, verify

CLAIM = "theorem-1"
TITLE = "The potential identity behind Theorem 1"


def steps() -> list[Step]:
    """One round by algebra, then the sum over rounds, then the bound on the best model."""
    old_target, old_model, f_target, f_model, new_next = real(
        r"\Phi_{j-1}(\theta_p)",
        r"\Phi_{j-1}(\theta_j)",
        r"f_{z_j}(\theta_p)",
        r"f_{z_j}(\theta_j)",
        r"\Phi_j(\theta_{j+1})",
    )
    a_new, a_old, delta, bracket = real("a_j", "a_{j-1}", r"\delta_j", "b_j")
    round_ = {
        a_new: old_target + f_target - new_next,
        a_old: old_target - old_model,
        delta: old_model + f_model - new_next,
        bracket: f_model - f_target,
    }
    brackets, last_bracket, regret, last_delta = real(r"\sum_{j\le T}b_j", "b_T", r"\sum_{j\le T}\delta_j", r"\delta_T")
    first, last, before = real("a_0", "a_T", "a_{T-1}")
    earlier_regret = regret - last_delta
    induction = {
        brackets: first + earlier_regret - before + last_bracket,
        last: before - last_bracket + last_delta,
    }
    gamma, count = positive(r"\gamma", "T")
    (best,) = real(r"\min_{j\le T}D(\theta_j,\theta_p)")
    above, excess = nonnegative("s", "a_T")
    bound = (first + regret) / (count * gamma)
    return [
        Step(
            r"Write $f_z=\ell(\cdot;z)+C_R R$, $\Phi_j=F_0+\sum_{i\le j}f_{z_i}$, and for each round "
            r"$a_j=\Phi_j(\theta_p)-\Phi_j(\theta_{j+1})$, $\delta_j=\Phi_j(\theta_j)-\Phi_j(\theta_{j+1})$, "
            r"$b_j=f_{z_j}(\theta_j)-f_{z_j}(\theta_p)$. Nothing is assumed of the models or of the points. As "
            r"$\Phi_j=\Phi_{j-1}+f_{z_j}$, algebra gives",
            Equal(a_new, a_old - bracket + delta, round_),
        ),
        Step(
            r"By induction on $T$, the sum telescopes: if $\sum_{j<T}b_j=a_0+\sum_{j<T}\delta_j-a_{T-1}$, then",
            Equal(brackets, first + regret - last, induction),
        ),
        Step(
            r"Here $a_0=D_0$ when $\theta_1=\theta_c$. If each point attains the maximum, Lemma 2 gives "
            r"$b_j\ge\gamma D(\theta_j,\theta_p)$, so $\sum_jb_j=T\gamma\min_jD(\theta_j,\theta_p)+s$ with "
            r"$s\ge0$; if $\theta_{T+1}$ minimises $\Phi_T$, then $a_T\ge0$. With the identity this is Theorem 1:",
            AtMost(
                best,
                bound,
                (above + excess) / (count * gamma),
                {first: count * gamma * best + above + excess - regret},
            ),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
