"""No model is at negative distance from an attainable one: true for margin losses, for every pair of models."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.kinds import PairFacts

D, LAM, R_DIFF, ZERO = symbols(r"D(\theta,\theta_p)", r"\lambda", r"\left[R(\theta_p)-R(\theta)\right]", "0")

NONNEGATIVE = Inequality(ZERO, D)
REPAIRED = Inequality(LAM * R_DIFF, D)


def printed_cases(facts: PairFacts) -> Iterator[Case]:
    """Any model against a target that is attainable at C_R."""
    if facts.target_attainable:
        yield Case({ZERO.name: 0, D.name: facts.distance}, facts.description)


def repaired_cases(facts: PairFacts) -> Iterator[Case]:
    """Any model against a target that is attainable at lam."""
    if facts.lam > 0:
        values = {LAM.name: facts.lam, R_DIFF.name: -facts.regulariser_difference, D.name: facts.distance}
        yield Case(values, facts.description)


def margin_cases(facts: PairFacts) -> Iterator[Case]:
    """Any two models, in both orders that the facts hold, where every point may carry either label."""
    if facts.both_labels:
        for distance in (facts.distance, *facts.via_third):
            yield Case({ZERO.name: 0, D.name: distance}, facts.description)


def same_loss_everywhere() -> PairFacts:
    """The loss (1 - theta)^2 of every point, R = theta^2/2, C_R = 1: any data train 2/3, and D(1, 2/3) = 0 - 1/9."""
    one, target = Fraction(1), Fraction(2, 3)
    distance = -((one - target) ** 2)
    return PairFacts(
        description="loss (1 - theta)^2 whatever the point, both labels, C_R = 1, D(1, 2/3)",
        c=one,
        lam=one,
        gamma=Fraction(0),
        same=False,
        attainable=False,
        distance=distance,
        regulariser_difference=(one - target**2) / 2,
        via_third=(distance, Fraction(0)),
        target_attainable=True,
    )


CLAIM = Claim(
    id="nonnegative-distance",
    title="No model is at negative distance from an attainable one",
    source="Section 4.2, after Definition 1",
    summary="True for every margin loss when either label is allowed, and then for all pairs of models, attainable or not.",
    sharper=r"For any loss, $D(\theta,\theta_p)\ge\lambda(R(\theta_p)-R(\theta))$ when $\theta_p$ is attainable at weight $\lambda$.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"If $\theta_p$ is attainable by empirical risk minimisation, no model has a negative distance to it:",
            inequality=NONNEGATIVE,
            hypotheses=(r"$\theta_p$ is $C_R$-attainable", r"$\ell\ge0$ convex"),
            cases=printed_cases,
            kind="pair",
            expected=Verdict.VIOLATED,
            grade=Grade.NEEDS_HYPOTHESIS,
            counterexample=same_loss_everywhere,
            quote=r"if some model $\theta$ is attainable using ERM, no model could have a negative distance to it",
            theorem="MTP.nonnegative_distance.nonnegative_distance_printed_refuted_square",
            note=(
                "The regulariser is left out of account: a model of larger norm may have the smaller loss everywhere. (Where only the label +1 "
                "is to be had, outside Section 2's two labels, the hinge loss shows the same: X = [1/2, 1].) With a margin "
                "loss and both labels, as in the paper's experiments, the sentence holds (extended statement)."
            ),
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"If $\theta_p$ minimises some nonempty finite multiset's mean loss plus $\lambda R$, then for every $\theta$",
            inequality=REPAIRED,
            hypotheses=(r"$\theta_p$ is a minimiser at weight $\lambda$",),
            cases=repaired_cases,
            kind="pair",
            theorem="MTP.nonnegative_distance.nonnegative_distance_repaired_attainable",
            note=r"So the sentence holds among the models with $R(\theta)\le R(\theta_p)$.",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"For a loss $\varphi(y\langle\theta,x\rangle)$ with $\varphi$ non-increasing, for all $\theta,\theta_p$",
            inequality=NONNEGATIVE,
            hypotheses=(r"every $x\in\mathcal X$ may carry either label",),
            cases=margin_cases,
            kind="pair",
            theorem="MTP.nonnegative_distance.nonnegative_distance_repaired_margin",
            note="One of a point and its label flip has a difference that is not negative. Attainability plays no part.",
        ),
    ),
    on_data="The experiments have margin losses and both labels: the extended statement applies, and the sentence holds.",
    code="mtp_theory.shadow.distance.distance",
)
