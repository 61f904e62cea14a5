"""The attack with an oracle that only approximates the maximal loss difference."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...exact.line import RationalProblem, attack
from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.exact import exact_run
from ..facts.kinds import RunFacts

BEST, REGRET, D0, T, GAMMA, ALPHA, ETA = symbols(
    r"\min_{j\le T}D(\theta_j,\theta_p)", r"\sum_{j\le T}\delta_j", "D_0", "T", r"\gamma", r"\alpha", r"\eta"
)

PRINTED = Inequality(BEST, (REGRET + D0) / (T * GAMMA * ALPHA))
REPAIRED = Inequality((ALPHA - (1 - GAMMA)) * T * BEST, REGRET + D0 + T * ETA)


def _cases(facts: RunFacts) -> Iterator[Case]:
    best = facts.distances[0]
    for t in range(1, facts.points + 1):
        best = min(best, facts.distances[t - 1])
        values = {
            BEST.name: best,
            REGRET.name: facts.regret[t],
            D0.name: facts.initial,
            T.name: t,
            GAMMA.name: facts.gamma,
            ALPHA.name: facts.alpha,
            ETA.name: facts.eta,
        }
        yield Case(values, f"{facts.description}, T = {t}")


def printed_cases(facts: RunFacts) -> Iterator[Case]:
    """A multiplicative error alone, any alpha in (0, 1]."""
    if facts.gamma > 0 and facts.eta == 0:
        yield from _cases(facts)


def repaired_cases(facts: RunFacts) -> Iterator[Case]:
    """alpha above 1 - gamma."""
    if facts.gamma > 0 and facts.alpha > 1 - facts.gamma:
        yield from _cases(facts)


def stuck() -> RunFacts:
    """C_R = 1, D_c = {(1/4, +1)}, target 1/2, alpha = 1/4: the oracle returns the clean point for ever, the distance stays 1/4."""
    quarter = Fraction(1, 4)
    p = RationalProblem((quarter,), Fraction(1))

    def same(problem: RationalProblem, theta: Fraction, target: Fraction) -> Fraction:
        return quarter

    run = attack(p, Fraction(1, 2), 12, choose=same)
    return exact_run(run, "X = [-1, 1], C_R = 1, D_c = {(1/4, +1)}, target 1/2, alpha = 1/4", alpha=quarter)


CLAIM = Claim(
    id="approximate-oracle",
    title="Approximate maximisers",
    source="Appendix D.2",
    summary="An oracle that attains the share alpha of the maximum keeps the guarantee if alpha > 1 - gamma.",
    sharper=r"Exact maximisers exist for the logistic loss too (shadow-maximum), so the experiments need no approximation.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=(
                r"If every point attains $\hat l\ge\alpha\,l^*$ with some $0<\alpha<1$, similar convergence guarantees hold; with $\alpha$ carried "
                "through the proof:"
            ),
            inequality=PRINTED,
            hypotheses=(r"$\theta_p$ attainable at a weight above $C_R$", r"$0<\alpha\le1$"),
            cases=printed_cases,
            kind="approximate",
            expected=Verdict.VIOLATED,
            grade=Grade.NEEDS_HYPOTHESIS,
            counterexample=stuck,
            quote=r"if the approximate maximum loss difference $\hat l$ ... is within a constant factor from the globally optimal value $l^*$ (i.e., $\hat l\ge\alpha l^*$, $0<\alpha<1$), then we still enjoy similar convergence guarantees",
            theorem="MTP.approximate_oracle.approximate_oracle_printed_refuted",
            note=r"For $\alpha\le1-\gamma$ the regulariser can eat up what the point gains: here the attack never moves.",
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"If every point attains $\hat l\ge\alpha\,l^*-\eta$ and $\alpha>1-\gamma$,",
            inequality=REPAIRED,
            hypotheses=(
                r"$\theta_p$ minimises at a weight $\lambda>C_R$, $\gamma=1-C_R/\lambda$",
                r"$\alpha>1-\gamma$, $\eta\ge0$",
                "training is exact, the attack starts at the clean model",
            ),
            cases=repaired_cases,
            kind="approximate",
            theorem="MTP.approximate_oracle.approximate_oracle_repaired",
            note=r"A purely additive error ($\alpha=1$) keeps $\gamma$ and costs $\eta/\gamma$.",
        ),
    ),
    on_data=(
        "For the hinge loss the published attack finds exact maximisers on these domains, and so do we for the logistic loss too: the factor is one, and the "
        "statement adds nothing there."
    ),
    code="mtp_theory.attacks.online",
)
