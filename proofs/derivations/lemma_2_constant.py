"""Lemma 2's constant 1 - c/lambda, by averaging over the training set of the target."""

from __future__ import annotations

from .steps import AtMost, Step, nonnegative, positive, real, verify

CLAIM = "lemma-2"
TITLE = "Lemma 2's constant from averaging"


def steps() -> list[Step]:
    """Average below supremum, optimality of the target, then the weight c against lambda."""
    distance, mean, mean_target, r, r_target = real(
        "S", r"\bar\ell(\theta)", r"\bar\ell(\theta_p)", r"R(\theta)", r"R(\theta_p)"
    )
    (c,) = nonnegative("c")
    (lam,) = positive(r"\lambda")
    above, gain = nonnegative("s_1", "s_2")
    averaged = {distance: mean - mean_target + above}
    # optimality of the target in the mean: mean + lam R = mean_target + lam R_target + gain
    optimal = {mean: mean_target + lam * (r_target - r) + gain}
    both = {distance: lam * (r_target - r) + gain + above}
    return [
        Step(
            r"Let $\theta_p$ minimise $\bar\ell+\lambda R$, where $\bar\ell$ is the mean loss over a nonempty "
            r"finite multiset $D$, and let $S$ be at least $\ell(\theta;z)-\ell(\theta_p;z)$ for all $z$. No mean "
            r"exceeds such a bound:",
            AtMost(mean - mean_target, distance, above, averaged),
        ),
        Step(
            r"Optimality of $\theta_p$ says",
            AtMost(lam * (r_target - r), mean - mean_target, gain, optimal),
        ),
        Step(r"and the two give", AtMost(lam * (r_target - r), distance, above + gain, both)),
        Step(
            r"Multiplied by $c/\lambda\ge0$ and added to $S$, with no case distinction and whatever the sign of $S$:",
            AtMost((1 - c / lam) * distance, distance + c * (r - r_target), c / lam * (above + gain), both),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
