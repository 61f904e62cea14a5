"""Definition 1: loss-based distance and epsilon-closeness."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.exact import exact_point
from ..facts.kinds import PairFacts, PointFacts

DIFFERENCE, DISTANCE = symbols(r"\ell(\theta_1;x,y)-\ell(\theta_2;x,y)", r"D(\theta_1,\theta_2)")
D13, D12, D23 = symbols(r"D(\theta_1,\theta_3)", r"D(\theta_1,\theta_2)", r"D(\theta_2,\theta_3)")

ATTAINED = Inequality(DIFFERENCE, DISTANCE)
TRIANGLE = Inequality(D13, D12 + D23)


def point_cases(facts: PointFacts) -> Iterator[Case]:
    """The difference at one point against the claimed maximum."""
    yield Case({DIFFERENCE.name: facts.difference, DISTANCE.name: facts.maximum}, facts.description)


def triangle_cases(facts: PairFacts) -> Iterator[Case]:
    """D(theta, target) against the way over the third model."""
    first, second = facts.via_third
    yield Case({D13.name: facts.distance, D12.name: first, D23.name: second}, facts.description)


def unbounded_features() -> PointFacts:
    """X = R: D(1, 0) exceeds 100, and every other number; at s = -101 the difference is 101."""
    return exact_point(
        Fraction(1),
        Fraction(0),
        Fraction(-101),
        Fraction(100),
        "X = R, hinge, theta = 1, target 0, claimed maximum 100",
    )


CLAIM = Claim(
    id="definition-1",
    title="Loss-based distance",
    source="Definition 1",
    summary="The distance is the largest loss difference over all points; it obeys the triangle inequality.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=(
                r"For $\theta_1,\theta_2\in\Theta$, $D(\theta_1,\theta_2)=\max_{(x,y)\in\mathcal X\times\mathcal Y}"
                r"\ell(\theta_1;x,y)-\ell(\theta_2;x,y)$ is a real number that bounds every difference:"
            ),
            inequality=ATTAINED,
            hypotheses=(),
            cases=point_cases,
            kind="point",
            expected=Verdict.VIOLATED,
            grade=Grade.NEEDS_HYPOTHESIS,
            counterexample=unbounded_features,
            quote=r"we define loss-based distance $D_{l,\mathcal X,\mathcal Y}:\Theta\times\Theta\to\mathbb R$ as $D(\theta_1,\theta_2)=\max_{(x,y)\in\mathcal X\times\mathcal Y}l(\theta_1;x,y)-l(\theta_2;x,y)$",
            theorem="MTP.definition_1.definition_1_printed_refuted_unbounded",
            note=r"Compactness of $\mathcal X$ is used: on $\mathbb R$ no real number bounds the differences of 1 and 0.",
        ),
        Statement(
            version=Version.REPAIRED,
            words=(
                r"With $D$ the supremum, $\theta_1$ is $\varepsilon$-close to $\theta_2$ when no point's loss differs by more, "
                r"and closeness adds up along a chain:"
            ),
            inequality=TRIANGLE,
            hypotheses=(
                r"$\mathcal X$ compact and $\ell$ continuous in $x$ (for the supremum to be finite and attained)",
            ),
            cases=triangle_cases,
            kind="pair",
            theorem="MTP.definition_1.definition_1_repaired_triangle_distance",
        ),
    ),
    on_data="The domains of the experiments are compact and the losses continuous: the maximum exists, and is found exactly (shadow-maximum).",
    code="mtp_theory.shadow.distance.distance",
)
