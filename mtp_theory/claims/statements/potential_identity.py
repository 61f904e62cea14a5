"""The identity behind Theorem 1: true for any models and any points, so it certifies inexact training."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.model import Case, Claim, Inequality, Number, Statement, Version, symbols
from ..facts.kinds import RunFacts

SUM, D1, REGRET, EXCESS, BEST, T, GAMMA = symbols(
    r"\sum_{j\le T}\left[f_{z_j}(\theta_j)-f_{z_j}(\theta_p)\right]",
    r"\left[F_0(\theta_p)-F_0(\theta_1)\right]",
    r"\sum_{j\le T}\left[\Phi_j(\theta_j)-\Phi_j(\theta_{j+1})\right]",
    r"\left[\Phi_T(\theta_p)-\Phi_T(\theta_{T+1})\right]",
    r"\min_{j\le T}D(\theta_j,\theta_p)",
    "T",
    r"\gamma",
)

IDENTITY = Inequality(SUM, D1 + REGRET - EXCESS, equal=True)
INEXACT = Inequality(BEST, (D1 + REGRET - EXCESS) / (T * GAMMA))


def cases(facts: RunFacts) -> Iterator[Case]:
    """Every T of any sequences of models and points."""
    total, best = 0 * facts.regret[0], facts.distances[0]
    for t in range(1, facts.points + 1):
        total, best = total + facts.brackets[t - 1], min(best, facts.distances[t - 1])
        values: dict[str, Number] = {
            SUM.name: total,
            D1.name: facts.initial,
            REGRET.name: facts.regret[t],
            EXCESS.name: facts.excess[t],
            BEST.name: best,
            T.name: t,
            GAMMA.name: facts.gamma,
        }
        yield Case(values, f"{facts.description}, T = {t}")


def inexact_cases(facts: RunFacts) -> Iterator[Case]:
    """Maximal points at models that need not be minimisers; gamma positive."""
    if facts.gamma > 0:
        yield from cases(facts)


CLAIM = Claim(
    id="potential-identity",
    title="The identity behind Theorem 1",
    source="extended (proof of Theorem 1)",
    summary="What the rounds gain, the regret and the target's excess add up exactly, for any models and any points.",
    sharper="With exact training the excess is not negative and Theorem 1 follows; a duality gap bounds it otherwise.",
    statements=(
        Statement(
            version=Version.EXTENDED,
            words=r"For arbitrary models $\theta_1,\theta_2,\dots$ and points $z_1,z_2,\dots$, with $\Phi_j=F_0+\sum_{i\le j}f_{z_i}$,",
            inequality=IDENTITY,
            hypotheses=(),
            cases=cases,
            kind="arbitrary",
            theorem="MTP.theorem_1.theorem_1_repaired_potential_identity",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="inexact training",
            words=r"If each $z_j$ attains the maximal loss difference at $\theta_j$, trained exactly or not,",
            inequality=INEXACT,
            hypotheses=(r"$\theta_p$ minimises at a weight $\lambda>C_R$, $\gamma=1-C_R/\lambda$",),
            cases=inexact_cases,
            kind="inexact",
            theorem="MTP.theorem_1.theorem_1_extended_inexact",
            note="Everything on the right is measured: this is the bound to use with a solver's duality gap.",
        ),
    ),
    code="mtp_theory.attacks.online",
)
