"""What the paper concludes from Theorem 1: more points come closer, a lower clean loss is easier to reach."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy

from ...exact.line import RationalProblem
from ..engine.figures import on_data
from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.exact import exact_two_targets
from ..facts.kinds import RunFacts, TwoTargetsFacts
from .theorem_1 import final_model

NEXT, LAST, BEST, D0, B, C, N, T, GAMMA = symbols(
    r"D(\theta_{T+1},\theta_p)",
    r"D(\theta_T,\theta_p)",
    r"\min_{j\le T}D(\theta_j,\theta_p)",
    "D_0",
    "B",
    "C_R",
    "N",
    "T",
    r"\gamma",
)
FIRST, SECOND = symbols(r"t^*(\theta_p)", r"t^*(\theta_p')")

#: Regret of the repaired Remark 1 with G = 2B.
ALPHA = (2 * B) ** 2 / (2 * C) * sympy.log(1 + T / N)
EPSILON = (ALPHA + D0) / (T * GAMMA)

MONOTONE = Inequality(NEXT, LAST)
EASIER = Inequality(FIRST, SECOND)
RATE = Inequality(BEST, EPSILON)
DECREASING = Inequality(EPSILON.subs(T, T + 1), EPSILON)


def monotone_cases(facts: RunFacts) -> Iterator[Case]:
    """Every two consecutive models of a run against an attainable target."""
    if facts.gamma > 0:
        for t in range(1, facts.points + 1):
            values = {NEXT.name: facts.distances[t], LAST.name: facts.distances[t - 1]}
            yield Case(values, f"{facts.description}, T = {t}")


def easier_cases(facts: TwoTargetsFacts) -> Iterator[Case]:
    """Two targets, the first of lower clean loss."""
    values = {FIRST.name: facts.first_minimum, SECOND.name: facts.second_minimum}
    if values[FIRST.name] != values[SECOND.name]:
        yield Case(values, facts.description)


def rate_cases(facts: RunFacts) -> Iterator[Case]:
    """Every T of a run with a positive gamma and a Lipschitz loss."""
    if facts.gamma <= 0 or facts.lipschitz == float("inf"):
        return
    best = facts.distances[0]
    for t in range(1, facts.points + 1):
        best = min(best, facts.distances[t - 1])
        yield Case(
            {
                BEST.name: best,
                D0.name: facts.initial,
                B.name: facts.lipschitz,
                C.name: facts.c,
                N.name: facts.n,
                T.name: t,
                GAMMA.name: facts.gamma,
            },
            f"{facts.description}, T = {t}",
        )


def hard_target_of_low_loss() -> TwoTargetsFacts:
    """C_R = 2, D_c = {(1/2, +1)}: the target 1/2 has clean loss 3/4 and is never reached, -1/4 has 9/8 and is."""
    p = RationalProblem((Fraction(1, 2),), Fraction(2))
    return exact_two_targets(
        p, Fraction(1, 2), Fraction(-1, 4), "X = [-1, 1], C_R = 2, D_c = {(1/2, +1)}, targets 1/2 and -1/4"
    )


CLAIM = Claim(
    id="theorem-1-implications",
    title="Rate of convergence",
    source="Section 4.2, after Theorem 1",
    summary="The bound falls with every point and with the target's clean loss; the distance itself need not.",
    sharper=r"The bound is $O(\log T/T)$ for the best iterate; for the model trained on all points see last-iterate.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words="With more poisoning points we get closer to the target, read point by point:",
            inequality=MONOTONE,
            hypotheses=(r"$\theta_p$ attainable at a weight above $C_R$",),
            cases=monotone_cases,
            kind="run",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=final_model,
            quote=r"with more poisoning points, we get closer to the target classifier",
            theorem="MTP.theorem_1_implications.theorem_1_implications_printed_refuted_more_points",
            note="Read for the bound, the sentence stands (extended statement): each further point lowers it.",
        ),
        Statement(
            version=Version.PRINTED,
            variant="lower clean loss is easier",
            words=r"A target with a lower loss on $D_c$ is easier to achieve, read as: if $L(\theta_p;D_c)\le L(\theta_p';D_c)$, it needs no more points,",
            inequality=EASIER,
            hypotheses=(r"$\theta_p$ and $\theta_p'$ are $C_R$-attainable",),
            cases=easier_cases,
            kind="two_targets",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=hard_target_of_low_loss,
            quote=r"if the target classifier $\theta_p$ has a lower loss on $D_c$, then it is easier to achieve the target model",
            theorem="MTP.theorem_1_implications.theorem_1_implications_printed_refuted_lower_loss",
            note=(
                r"At equal norm and equal $\gamma$ the bound $\varepsilon(T)$ does fall with the clean loss; norm and $\gamma$ decide as well. "
                r"$t^*$ is the least mass of points that makes a model optimal."
            ),
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"With $\ell(\cdot;z)$ $B$-Lipschitz and $R=\frac12\|\cdot\|_2^2$, the best of the first $T$ models satisfies",
            inequality=RATE,
            hypotheses=(
                r"$\theta_p$ minimises at a weight $\lambda>C_R$, $\gamma=1-C_R/\lambda$",
                r"$D_0=F_0(\theta_p)-F_0(\theta_c)$",
                r"the data and every added point have loss gradients of norm at most $B$",
            ),
            cases=rate_cases,
            kind="run",
            theorem="MTP.remark_1.remark_1_repaired_epsilon",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"The bound $\varepsilon(T)$ of the repaired statement decreases with every point:",
            inequality=DECREASING,
            hypotheses=(r"$\gamma>0$, $D_0\ge0$",),
            cases=rate_cases,
            kind="run",
            theorem="MTP.theorem_1_implications.theorem_1_implications_extended",
        ),
    ),
    on_data=on_data(
        "theorem-1-implications",
        "On digits-1-7 the distance rises at {rises:.0f} single rounds of the first {points}, by up to {largest_rise:.3f}; the best so far and the "
        "bound fall.",
    ),
    code="mtp_theory.claims.constants",
)
