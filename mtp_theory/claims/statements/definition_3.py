"""Definition 3: regret, and its round 0."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...exact.line import RationalProblem
from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.sentences import RoundZeroFacts, exact_round_zero

GAP, B, C = symbols(r"\left[F_0(\theta_0)-F_0(\theta_c)\right]", "B", "C_R")

PRINTED = Inequality(GAP, 2 * B**2 / C)
EXTENDED = Inequality(0 * GAP, GAP)


def cases(facts: RoundZeroFacts) -> Iterator[Case]:
    """What round 0 adds."""
    yield Case({GAP.name: facts.gap, B.name: facts.lipschitz, C.name: facts.c}, facts.description)


def far_start() -> RoundZeroFacts:
    """N = 1, C_R = 1, D_c = {(1, +1)}, theta_0 = 10: round 0 adds 99/2."""
    return exact_round_zero(RationalProblem((Fraction(1),), Fraction(1)), Fraction(10))


CLAIM = Claim(
    id="definition-3",
    title="Regret, and its round 0",
    source="Definition 3 and Appendix A",
    summary=(
        r"The sum runs over $T+1$ rounds, $j=0,\dots,T$; the name says $T$. Round 0 is the clean data. The proof draws $\theta_0$ at random and then puts "
        r"$L(\theta_c;D_c)$ for round 0, which is right for $\theta_0=\theta_c$ only. Everywhere in this project the attack starts at $\theta_c$."
    ),
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"With $\theta_0$ drawn at random the regret over rounds $0,\dots,T$ still obeys remark-1's bound; already round 0 alone, at $T=1$, would have to satisfy",
            inequality=PRINTED,
            hypotheses=(r"$\ell(\cdot;z)$ is $B$-Lipschitz, $\theta_0$ any model",),
            cases=cases,
            kind="round_zero",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=far_start,
            theorem="MTP.definition_3.definition_3_printed_refuted",
            note="A reading: Appendix A says that the first model is drawn at random, and bounds the regret after that.",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"Theorem 1's inequality bears any $\theta_0$, for then the regret is the larger one:",
            inequality=EXTENDED,
            hypotheses=(r"$\theta_c$ minimises $F_0$",),
            cases=cases,
            kind="round_zero",
            theorem="MTP.definition_3.definition_3_extended",
        ),
    ),
    code="mtp_theory.attacks.online",
)
