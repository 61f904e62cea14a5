"""Footnote 4: the maximal loss difference by convex optimisation."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.sentences import MidpointFacts, exact_midpoint

FIRST, SECOND, MIDDLE = symbols("h(x)", "h(x')", r"h\left(\frac{x+x'}2\right)")

PRINTED = Inequality((FIRST + SECOND) / 2, MIDDLE)


def cases(facts: MidpointFacts) -> Iterator[Case]:
    """Two points and the one between them."""
    values = {FIRST.name: facts.first, SECOND.name: facts.second, MIDDLE.name: facts.middle}
    yield Case(values, facts.description)


def bent() -> MidpointFacts:
    """Model 2, target 0, label +1: the difference is 0, -1 and -1 at x = 0, 1/2 and 1."""
    return exact_midpoint(Fraction(2), Fraction(0), Fraction(0), Fraction(1))


CLAIM = Claim(
    id="footnote-4",
    title="The maximal loss difference by convex optimisation",
    source="Appendix A, footnote 4",
    summary=(
        "The difference of two convex functions is to be maximised, which is not a convex programme in general. For the hinge loss it is two concave programmes for each label, as the loss "
        "of the target is a maximum of two linear functions; for the logistic loss it is not, as Appendix D.2 says itself. In either case it is found exactly (shadow-maximum)."
    ),
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"The maximum is that of a convex programme, so $h=\ell(\theta;\cdot,y)-\ell(\theta_p;\cdot,y)$ is concave on the convex set $\mathcal X$:",
            inequality=PRINTED,
            hypotheses=(r"$\mathcal X$ closed and convex, $\ell$ convex",),
            cases=cases,
            kind="midpoint",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=bent,
            quote=r"the data space $\mathcal X$ is a closed convex set and hence, we can find $(x^*,y^*)$ using convex optimization",
            theorem="MTP.footnote_4.footnote_4_printed_refuted",
            note="A reading: what the sentence concludes, and not how the maximum is to be found.",
        ),
    ),
    code="mtp_theory.shadow.maximise",
)
