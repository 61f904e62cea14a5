"""Remark 3: the l1 norm of attainable models."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.model import Case, Claim, Grade, Inequality, Statement, Version, symbols
from ..facts.kinds import AttainedFacts

L1, DIM, C, L0, MEAN = symbols(r"\|\theta\|_1", "d", "C_R", r"\ell(0)", r"\left[\tfrac1{|D|}L(\theta;D)\right]")

PRINTED = Inequality(L1**2, DIM / C)
EXTENDED = Inequality(C * L1**2, DIM * (L0 - MEAN))


def printed_cases(facts: AttainedFacts) -> Iterator[Case]:
    """A trained model of a loss with l(0) = 1, such as the hinge loss; d counts a bias."""
    if facts.at_zero == 1:
        yield Case({L1.name: facts.l1_norm, DIM.name: facts.dim, C.name: facts.c}, facts.description)


def cases(facts: AttainedFacts) -> Iterator[Case]:
    """A trained model of any margin loss."""
    values = {L1.name: facts.l1_norm, DIM.name: facts.dim, C.name: facts.c, L0.name: facts.at_zero}
    yield Case({**values, MEAN.name: facts.mean_loss}, facts.description)


CLAIM = Claim(
    id="remark-3",
    title="l1 norm of attainable models",
    source="Remark 3",
    summary="The printed bound is true and attained; comparing with the zero model alone would give a larger one.",
    sharper=r"For any convex margin loss $\sqrt{d\,\ell(0)/C_R}$, for the logistic loss $\sqrt{d\log2/C_R}$.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"With the $\ell_2$ regulariser, $\|\theta\|_1\le\sqrt{d/C_R}$ for the models of Theorem 4:",
            inequality=PRINTED,
            hypotheses=(
                r"$\theta$ is $C_R$-attainable for the hinge loss, $R=\frac12\|\cdot\|_2^2$, $\Theta=\mathbb R^d$",
            ),
            cases=printed_cases,
            kind="attained",
            grade=Grade.STANDS,
            theorem="MTP.remark_3.remark_3_printed",
            note=(
                r"Comparing with $0$, as the text suggests, gives $\sqrt{2d/C_R}$; the printed value follows from the sharper remark-2. Attained "
                r"for $d=2$, $C_R=1/2$, $D=\{((1/2,1/2),+1)\}$: $\theta=(1,1)$."
            ),
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"For any convex margin loss and any training set (a regularised bias counts in $d$),",
            inequality=EXTENDED,
            hypotheses=(r"$\theta$ minimises $\frac1{|D|}L(\cdot;D)+\frac{C_R}2\|\cdot\|_2^2$ over $\mathbb R^d$",),
            cases=cases,
            kind="attained",
            theorem="MTP.remark_3.remark_3_extended",
            differs=r"it drops $-\frac1{|D|}L(\theta;D)$ and supposes $\varphi\ge0$ instead",
        ),
    ),
    code="mtp_theory.training.train",
)
