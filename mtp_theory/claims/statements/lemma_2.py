"""Lemma 2: the regularised difference dominates a multiple of the distance."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...exact.line import RationalProblem, erm
from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.exact import exact_pair
from ..facts.kinds import PairFacts

S, C, LAM, GAMMA, R_DIFF = symbols(
    r"D(\theta,\theta_p)", "C_R", r"\lambda", r"\gamma", r"\left[R(\theta)-R(\theta_p)\right]"
)

PRINTED = Inequality(GAMMA * S, S + C * R_DIFF, strict=True)
REPAIRED = Inequality((1 - C / LAM) * S, S + C * R_DIFF)

#: Tested where the best gamma is 0. The family n -> infinity of the counterexample refutes every positive value.
TESTED_GAMMA = Fraction(1, 100)


def _values(facts: PairFacts) -> dict[str, Fraction | float]:
    return {S.name: facts.distance, C.name: facts.c, R_DIFF.name: facts.regulariser_difference, LAM.name: facts.lam}


def printed_cases(facts: PairFacts) -> Iterator[Case]:
    """Some positive gamma for an attainable theta other than the target: half the best one, else 1/100."""
    if facts.attainable and not facts.same and facts.gamma >= 0:
        tested = facts.gamma / 2 if facts.gamma > 0 else TESTED_GAMMA
        yield Case({**_values(facts), GAMMA.name: tested}, facts.description)


def repaired_cases(facts: PairFacts) -> Iterator[Case]:
    """gamma = 1 - C_R / lam for a target attainable at lam."""
    if facts.lam > 0:
        yield Case(_values(facts), facts.description)


def extremal_target() -> PairFacts:
    """c = 2, target 1/2 = ERM{(1, +1)}: an attainable model of norm so large that no weight beyond C_R reaches it.

    Against ERM{n x (1, +1), (1, -1)} the ratio of the two sides is 1/(n + 1), here with n = 199.
    """
    p = RationalProblem((Fraction(1),), Fraction(2))
    target = p.clean_model()
    n = 199
    theta = erm([Fraction(1)] * n + [Fraction(-1)], p.c)
    return exact_pair(p, theta, target, Fraction(0), p.c, True, f"X = [-1, 1], C_R = 2, target 1/2, theta = {theta}")


CLAIM = Claim(
    id="lemma-2",
    title="The constant gamma",
    source="Lemma 2",
    summary="gamma measures how much more regularisation the target could bear: gamma = 1 - C_R / lambda.",
    sharper=r"The best constant over all models is $1-C_R/\lambda^*$ with $\lambda^*=\sup\{\lambda:-\lambda\nabla R(\theta_p)\in K\}$.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=(
                r"For every $C_R$-attainable $\theta_p$ there is $\gamma>0$ such that for every attainable $\theta$"
            ),
            inequality=PRINTED,
            hypotheses=(r"$\theta_p$ is $C_R$-attainable",),
            cases=printed_cases,
            kind="pair",
            expected=Verdict.VIOLATED,
            grade=Grade.NEEDS_HYPOTHESIS,
            counterexample=extremal_target,
            quote=r"For any $\theta_1\in F$, there is a constant $\gamma$ where for all $\theta_2\in F$ we have ...",
            theorem="MTP.lemma_2.lemma_2_printed_refuted_gamma_zero",
            note=(
                r"For an extremal target, one that is attainable at $C_R$ but at no larger weight, no positive $\gamma$ exists. "
                r"For $\theta=\theta_p$ both sides are 0; that case is left out here."
            ),
        ),
        Statement(
            version=Version.REPAIRED,
            words=(
                r"If $\theta_p$ minimises $\frac1{|D|}\sum_{z\in D}\ell(\cdot;z)+\lambda R$ for some nonempty finite $D$, "
                r"then for every $\theta$"
            ),
            inequality=REPAIRED,
            hypotheses=(
                r"$0\le C_R\le\lambda$, $\lambda>0$",
                r"$\theta_p$ is a minimiser at weight $\lambda$ (not necessarily unique)",
            ),
            cases=repaired_cases,
            kind="pair",
            theorem="MTP.lemma_2.lemma_2_repaired",
            note="No convexity, no norm, no sign of the distance is used.",
        ),
    ),
    code="mtp_theory.convex_set.gamma",
)
