"""The maximal loss difference is found exactly."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.model import Case, Claim, Inequality, Statement, Version, symbols
from ..facts.kinds import PointFacts

DIFFERENCE, ATTAINED, MAXIMUM = symbols(
    r"\ell(\theta;x,y)-\ell(\theta_p;x,y)", r"\ell(\theta;x^*,y^*)-\ell(\theta_p;x^*,y^*)", r"D(\theta,\theta_p)"
)

UPPER = Inequality(DIFFERENCE, MAXIMUM)
REACHED = Inequality(ATTAINED, MAXIMUM, equal=True)


def point_cases(facts: PointFacts) -> Iterator[Case]:
    """A point of the domain against the claimed maximum."""
    yield Case({DIFFERENCE.name: facts.difference, MAXIMUM.name: facts.maximum}, facts.description)


def attained_cases(facts: PointFacts) -> Iterator[Case]:
    """The claimed maximiser against the claimed maximum."""
    if facts.attained is not None:
        yield Case({ATTAINED.name: facts.attained, MAXIMUM.name: facts.maximum}, facts.description)


CLAIM = Claim(
    id="shadow-maximum",
    title="Exact maximum of the loss difference",
    source="extended (Algorithm 1, line 4; Section 5)",
    summary="The loss difference sees a point only through two linear forms, so its maximum is found exactly, for the logistic loss too.",
    sharper=r"For a loss with log-concave slope the search along the shadow's boundary is unimodal: $O(d\log d)$ on a box.",
    statements=(
        Statement(
            version=Version.EXTENDED,
            words="No point of the domain has a larger loss difference than the value found:",
            inequality=UPPER,
            hypotheses=(
                r"$\ell=\varphi(y\langle\theta,x\rangle)$, $\varphi$ convex and non-increasing, $\mathcal X$ compact and convex",
            ),
            cases=point_cases,
            kind="point",
            theorem="MTP.shadow_maximum.shadow_maximum_extended_hinge_bound",
            differs=r"the hinge loss on a box, one label and one multiplier; the chain theorems cover every convex non-increasing loss in the plane of the two margins, without the map from $\mathcal X$",
            note=(
                "Exact instances: the hinge formula by duality in up to three dimensions; floats: the planar shadow's enclosure on every loss "
                "and domain. The paper reports that the maximum for logistic regression cannot be obtained."
            ),
        ),
        Statement(
            version=Version.EXTENDED,
            variant="attained",
            words="and the value is attained at a point of the domain:",
            inequality=REACHED,
            hypotheses=(r"$\mathcal X$ compact and convex",),
            cases=attained_cases,
            kind="point",
            theorem="MTP.shadow_attained.shadow_maximum_extended_attained_compact",
            differs=r"that a maximiser exists; that the value found is the maximum is the statement before",
        ),
    ),
    code="mtp_theory.shadow.maximise",
)
