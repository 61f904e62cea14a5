"""Theorem 2: a lower bound on the number of poisoning points."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..engine.model import Case, Claim, Grade, Inequality, Statement, Version, symbols
from ..facts.kinds import InducedFacts

POINTS, NUMERATOR, S_REG = symbols(
    r"|D_p|",
    r"\left[F_0(\theta_p)-F_0(\theta)\right]",
    r"\left[D(\theta,\theta_p)+C_R(R(\theta)-R(\theta_p))\right]",
)

PRINTED = Inequality(NUMERATOR / S_REG, POINTS)
REPAIRED = Inequality(NUMERATOR, POINTS * S_REG)


def printed_cases(facts: InducedFacts) -> Iterator[Case]:
    """Every tested model whose denominator is not zero (in floats: by more than rounding)."""
    for k, (numerator, denominator) in enumerate(zip(facts.numerators, facts.denominators, strict=True)):
        if not -facts.tolerance <= denominator <= facts.tolerance:
            yield _case(facts, k, numerator, denominator)


def repaired_cases(facts: InducedFacts) -> Iterator[Case]:
    """Every tested model, the target itself among them."""
    for k, (numerator, denominator) in enumerate(zip(facts.numerators, facts.denominators, strict=True)):
        yield _case(facts, k, numerator, denominator)


def _case(facts: InducedFacts, k: int, numerator: Fraction | float, denominator: Fraction | float) -> Case:
    values = {POINTS.name: facts.points, NUMERATOR.name: numerator, S_REG.name: denominator}
    return Case(values, f"{facts.description}, model {k}")


CLAIM = Claim(
    id="theorem-2",
    title="Lower bound on the number of points",
    source="Theorem 2",
    summary="Every other model gives a lower bound on the points needed to reach the target exactly.",
    sharper="The supremum over all models equals the fractional minimum t* of poisoning mass (tight-lower-bound).",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"If training on $D_c\cup D_p$ gives $\theta_p$ exactly, then for every $\theta$ (with a nonzero denominator)",
            inequality=PRINTED,
            hypotheses=(r"$\theta_p$ is reached exactly by adding $D_p\subset\mathcal X\times\mathcal Y$",),
            cases=printed_cases,
            kind="induced",
            grade=Grade.STANDS,
            quote=r"to reproduce $\theta_p$ by adding the poisoning set $D_p$ into $D_c$, the number of poisoning points $|D_p|$ cannot be lower than $\sup_\theta z(\theta)$",
            theorem="MTP.theorem_2.theorem_2_printed_positive_denominator",
            note=(
                r"A denominator $\le 0$ beside a positive numerator proves that the target is out of reach from these data; the printed "
                r"ratio is then negative where the right value is $+\infty$."
            ),
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"If $\theta_p$ minimises the objective of $D_c\uplus D_p$, then without any division, for every $\theta$",
            inequality=REPAIRED,
            hypotheses=(
                r"$\theta_p$ minimises $F_0+\sum_{z\in D_p}f_z$, $D_p$ a finite multiset of $\mathcal X\times\mathcal Y$",
            ),
            cases=repaired_cases,
            kind="induced",
            theorem="MTP.theorem_2.theorem_2_repaired",
        ),
    ),
    code="mtp_theory.bounds.theorem_2",
)
