"""Appendix D.1: is the computed lower bound tight?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isinf

from ...exact.line import RationalProblem
from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.sentences import PlateauFacts, exact_plateau

MINIMUM, BEST = symbols("t^*", r"\max_{j\le T+1}z(\theta_j)")

PRINTED = Inequality(MINIMUM, BEST)


def cases(facts: PlateauFacts) -> Iterator[Case]:
    """Runs whose second half did not improve the bound."""
    if facts.half == facts.best and not isinf(facts.minimum):
        yield Case({MINIMUM.name: facts.minimum, BEST.name: facts.best}, facts.description)


def plateau() -> PlateauFacts:
    """X = [-3, 3], C_R = 1/3, signed features 0, 3, 0, 3, 1, target 1/3: 5/71 is the highest bound, t* = 1/7."""
    data = tuple(Fraction(s) for s in (0, 3, 0, 3, 1))
    return exact_plateau(RationalProblem(data, Fraction(1, 3), ((Fraction(-3), Fraction(3)),)), Fraction(1, 3), 8)


CLAIM = Claim(
    id="appendix-d1-tightness",
    title="Is the computed lower bound tight?",
    source="Appendix D.1",
    summary=(
        r"The inference does not hold: the bound is the highest at the models that the attack passed, and its supremum $t^*$ is approached elsewhere (tight-lower-bound). "
        r"tight-lower-bound has both on the paper's data."
    ),
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"If the highest bound over the attack's models does not rise any more in the second half of the run, it is the best that Theorem 2 gives:",
            inequality=PRINTED,
            hypotheses=(r"the highest bound of the first half of the run is the highest of all, $t^*<\infty$",),
            cases=cases,
            kind="plateau",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=plateau,
            quote="it might be the case that the computed lower bound is already very tight, as we cannot improve the highest lower bound by running the attack for more iterations",
            note="A reading: the paper says `might`, and `tight` of the number of points that are needed; t* is at most that.",
        ),
    ),
    code="mtp_theory.convex_set.fractional_minimum",
)
