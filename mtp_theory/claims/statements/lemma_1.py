"""Lemma 1: attainable models of different norm are separated by more than C_R."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.kinds import PairFacts

D, C, LAM, R_DROP, SQUARE = symbols(
    r"D(\theta,\theta_p)",
    "C_R",
    r"\lambda",
    r"\left[R(\theta_p)-R(\theta)\right]",
    r"\left\|\theta-\theta_p\right\|_2^2",
)

PRINTED = Inequality(C, D / R_DROP, strict=True)
REPAIRED = Inequality(LAM * R_DROP, D, strict=True)
EXTENDED = Inequality(LAM * R_DROP + LAM * SQUARE / 2, D)


def _values(facts: PairFacts) -> dict[str, Fraction | float]:
    return {D.name: facts.distance, C.name: facts.c, LAM.name: facts.lam, R_DROP.name: -facts.regulariser_difference}


def unique_cases(facts: PairFacts) -> Iterator[Case]:
    """Two attainable models, the target the unique minimiser of its training set and of the larger norm.

    In floats, larger by more than rounding: the quotient of two rounding errors says nothing.
    """
    if facts.attainable and facts.unique and -facts.regulariser_difference > facts.tolerance:
        yield Case(_values(facts), facts.description)


def any_minimiser_cases(facts: PairFacts) -> Iterator[Case]:
    """As before, the target any of several minimisers."""
    if facts.attainable and -facts.regulariser_difference > facts.tolerance:
        yield Case(_values(facts), facts.description)


def repaired_cases(facts: PairFacts) -> Iterator[Case]:
    """Any other model; the target a unique minimiser at weight lam."""
    if facts.lam > 0 and facts.unique and not facts.same:
        yield Case(_values(facts), facts.description)


def strong_cases(facts: PairFacts) -> Iterator[Case]:
    """Any model; R half the squared norm."""
    if facts.lam > 0 and facts.euclidean is not None:
        yield Case({**_values(facts), SQUARE.name: facts.euclidean}, facts.description)


def two_minimisers() -> PairFacts:
    """R = |theta|, C_R = 1, D = {(1, +1)}: every model in [0, 1] is a minimiser; for 1 and 0 the ratio is 1 = C_R."""
    one, zero = Fraction(1), Fraction(0)
    return PairFacts(
        description="X = [-1, 1], R = |theta|, C_R = 1, D = {(1, +1)}, theta_p = 1, theta = 0",
        c=one,
        lam=one,
        gamma=zero,
        same=False,
        attainable=True,
        # D(0, 1): the zero model's loss is 1 everywhere, the other's is 0 at s = 1
        distance=one,
        regulariser_difference=-one,
        via_third=(one, one),
        target_attainable=True,
        both_labels=True,
        unique=False,
    )


CLAIM = Claim(
    id="lemma-1",
    title="An attainable model of larger norm is separated",
    source="Lemma 1",
    summary="Comparing a minimiser with any other model on its own training set bounds their distance from below.",
    sharper=r"$D(\theta,\theta_p)\ge\lambda\langle\theta_p,\theta_p-\theta\rangle$ for $R=\frac12\|\cdot\|_2^2$, every $\theta$, attainable or not.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"For $C_R$-attainable $\theta_p,\theta$ with $R(\theta_p)>R(\theta)$, the minimiser being unique,",
            inequality=PRINTED,
            hypotheses=(
                r"$C_R>0$",
                r"$\theta_p$ is the unique minimiser for some training set (the equality sign of Definition 2)",
            ),
            cases=unique_cases,
            kind="pair",
            grade=Grade.STANDS,
            quote=r"Let $\theta_1$ and $\theta_2$ be two $C_R$-attainable parameters for some $C_R>0$ such that $R(\theta_1)>R(\theta_2)$. Then, $(\sup_{x,y}l(\theta_2;x,y)-l(\theta_1;x,y))/(R(\theta_1)-R(\theta_2))>C_R$.",
            theorem="MTP.lemma_1.lemma_1_printed",
            note=r"That $\theta$ is attainable is not used.",
        ),
        Statement(
            version=Version.PRINTED,
            variant="argmin read as a set",
            words=r"The same when $\theta_p$ is one of several minimisers:",
            inequality=PRINTED,
            hypotheses=(r"$C_R>0$", r"$\theta_p$ is a minimiser for some training set"),
            cases=any_minimiser_cases,
            kind="pair",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=two_minimisers,
            quote=r"$\theta=\arg\min_{\theta\in\Theta}\frac1{|D|}L(\theta;D)+C_R R(\theta)$ (Definition 2; the proof of Lemma 1 says: the unique minimizer)",
            theorem="MTP.lemma_1.lemma_1_printed_refuted_nonunique",
            note=r"Then only $\ge$ holds. A strongly convex $R$, such as the paper's, has unique minimisers.",
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"If $\theta_p$ is the unique minimiser at weight $\lambda$, then for every $\theta\ne\theta_p$, without any division,",
            inequality=REPAIRED,
            hypotheses=(
                r"$\theta_p$ is the only minimiser of $\frac1{|D|}L(\cdot;D)+\lambda R$ for a nonempty finite $D$",
            ),
            cases=repaired_cases,
            kind="pair",
            theorem="MTP.lemma_1.lemma_1_repaired_strict",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"With $R=\frac12\|\cdot\|_2^2$, for every $\theta$",
            inequality=EXTENDED,
            hypotheses=(r"$\theta_p$ is a minimiser at weight $\lambda$", r"$\ell(\cdot;z)$ convex"),
            cases=strong_cases,
            kind="pair",
            theorem="MTP.lemma_1.lemma_1_extended_strongly_convex",
            note=r"The left side is $\lambda\langle\theta_p,\theta_p-\theta\rangle$.",
        ),
    ),
    on_data="The experiments regularise weights and bias with the squared norm: every minimiser is unique, and the strict form applies.",
    code="mtp_theory.convex_set.gamma",
)
