"""Remark 2: the norm of attainable models."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.model import Case, Claim, Grade, Inequality, Statement, Version, symbols
from ..facts.kinds import AttainedFacts

R, C, L0, MEAN = symbols(r"R(\theta)", "C_R", r"\ell(0)", r"\left[\tfrac1{|D|}L(\theta;D)\right]")

PRINTED = Inequality(R, 1 / C)
REPAIRED = Inequality(C * R, L0 - MEAN)
EXTENDED = Inequality(2 * C * R, L0 - MEAN)


def printed_cases(facts: AttainedFacts) -> Iterator[Case]:
    """A trained model of a loss with l(0) = 1, such as the hinge loss."""
    if facts.at_zero == 1:
        yield Case({R.name: facts.regulariser, C.name: facts.c}, facts.description)


def cases(facts: AttainedFacts) -> Iterator[Case]:
    """A trained model of any margin loss."""
    values = {R.name: facts.regulariser, C.name: facts.c, L0.name: facts.at_zero, MEAN.name: facts.mean_loss}
    yield Case(values, facts.description)


CLAIM = Claim(
    id="remark-2",
    title="Norm of attainable models",
    source="Remark 2",
    summary="A trained model is no worse than the zero model, which bounds its regulariser.",
    sharper=r"Half of it suffices: $R(\theta)\le\ell(0)/(2C_R)$ for $R=\frac12\|\cdot\|_2^2$, and this is attained.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words="For the support vector machine, every attainable model satisfies",
            inequality=PRINTED,
            hypotheses=(r"$\theta$ is $C_R$-attainable", r"$\ell\ge0$, $\ell(0;z)=1$, $R(0)=0$, $0\in\Theta$"),
            cases=printed_cases,
            kind="attained",
            grade=Grade.STANDS,
            theorem="MTP.remark_2.remark_2_printed",
            note=r"It is a statement about attainable models, not about every $\theta\in\Theta$ at which Corollary 1 may be tested.",
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"For any loss with the value $\ell(0)$ at the zero model and any training set $D$,",
            inequality=REPAIRED,
            hypotheses=(r"$\theta$ minimises $\frac1{|D|}L(\cdot;D)+C_R R$, $R(0)=0$, $0\in\Theta$",),
            cases=cases,
            kind="attained",
            theorem="MTP.remark_2.remark_2_repaired",
            note=r"For the logistic loss $\ell(0)=\log 2$.",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"With $R=\frac12\|\cdot\|_2^2$ and $\ell$ convex in $\theta$, comparing $\theta$ with its own multiples gives",
            inequality=EXTENDED,
            hypotheses=(r"$\theta$ minimises over a star-shaped $\Theta$", r"$\ell(\cdot;z)$ convex"),
            cases=cases,
            kind="attained",
            theorem="MTP.remark_2.remark_2_extended",
            note=r"Attained: $d=1$, $C_R=1/4$, $D=\{(1/2,+1)\}$ trains $\theta=2$, $R=2=1/(2C_R)$.",
        ),
    ),
    code="mtp_theory.training.train",
)
