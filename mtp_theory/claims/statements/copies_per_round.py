"""Several copies of the selected point in each round."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..engine.model import Case, Claim, Grade, Inequality, Statement, Version, symbols
from ..facts.kinds import RunFacts

BEST, REGRET, D0, T, GAMMA, KAPPA, B, C, N, SUM = symbols(
    r"\min_{j}D(\theta_j,\theta_p)",
    r"\sum_j\delta_j",
    "D_0",
    "T",
    r"\gamma",
    r"\kappa",
    "B",
    "C_R",
    "N",
    r"\left[\sum_{j\le T/\kappa}\frac{\|g_j\|_2^2}{N+\kappa j}\right]",
)

PRINTED = Inequality(BEST, (REGRET + D0) / (T * GAMMA))
REPAIRED = Inequality(REGRET, KAPPA**2 / (2 * C) * SUM)
EXTENDED = Inequality(REGRET, KAPPA * (2 * B) ** 2 / (2 * C) * sympy.log(1 + T / N))


def convergence_cases(facts: RunFacts) -> Iterator[Case]:
    """Every round; T counts points."""
    if facts.gamma <= 0:
        return
    best = facts.distances[0]
    for rounds in range(1, facts.points + 1):
        best = min(best, facts.distances[rounds - 1])
        values = {
            BEST.name: best,
            REGRET.name: facts.regret[rounds],
            D0.name: facts.initial,
            T.name: facts.copies * rounds,
            GAMMA.name: facts.gamma,
        }
        yield Case(values, f"{facts.description}, {rounds} rounds")


def regret_cases(facts: RunFacts) -> Iterator[Case]:
    """The regret of the first rounds against measured gradients."""
    total = 0 * facts.regret[0]
    for j, square in enumerate(facts.gradients, start=1):
        total = total + square / (facts.n + facts.copies * j)
        values = {REGRET.name: facts.regret[j], KAPPA.name: facts.copies, C.name: facts.c, SUM.name: total}
        yield Case(values, f"{facts.description}, {j} rounds")


def logarithmic_cases(facts: RunFacts) -> Iterator[Case]:
    """The regret of the first rounds against the a priori bound."""
    if facts.lipschitz == float("inf"):
        return
    for j in range(1, facts.points + 1):
        values = {
            REGRET.name: facts.regret[j],
            KAPPA.name: facts.copies,
            B.name: facts.lipschitz,
            C.name: facts.c,
            N.name: facts.n,
            T.name: facts.copies * j,
        }
        yield Case(values, f"{facts.description}, {j} rounds")


CLAIM = Claim(
    id="copies-per-round",
    title="Several copies of a point in each round",
    source="Section 4.1",
    summary="The convergence proof carries over word for word; the regret's bound grows by the factor kappa.",
    sharper=r"Theorem 1's formula with the exact regret is unchanged when $T$ counts points.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"With $\kappa$ copies a round and $T$ points in all, the proof of convergence is similar:",
            inequality=PRINTED,
            hypotheses=(
                r"$\theta_p$ minimises at a weight $\lambda>C_R$, $\gamma=1-C_R/\lambda$",
                "each round's point attains the maximal loss difference, training is exact",
            ),
            cases=convergence_cases,
            kind="copies",
            grade=Grade.STANDS,
            quote=r"we can add multiple copies of $(x^*,y^*)$ into $D_p$ each time. ... The proof of convergence will be similar.",
            theorem="MTP.copies_per_round.copies_per_round_repaired",
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"For $R=\frac12\|\cdot\|_2^2$ the regret of $\kappa$ copies a round satisfies",
            inequality=REPAIRED,
            hypotheses=(r"$g_j$ is a subgradient of $f_{z_j}=\ell(\cdot;z_j)+C_R R$ at $\theta_j$, training is exact",),
            cases=regret_cases,
            kind="copies",
            theorem="MTP.copies_per_round.copies_per_round_repaired_sum",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"With $\ell(\cdot;z)$ $B$-Lipschitz,",
            inequality=EXTENDED,
            hypotheses=(r"the data and every added point have loss gradients of norm at most $B$",),
            cases=logarithmic_cases,
            kind="copies",
            theorem="MTP.copies_per_round.copies_per_round_extended",
            note=r"The factor $\kappa$ cannot be dropped: one round of three copies can have regret $9G^2/(8C_R)$ with $N=1$.",
        ),
    ),
    code="mtp_theory.attacks.online",
)
