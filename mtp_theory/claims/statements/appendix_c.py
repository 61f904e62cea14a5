"""Appendix C: a closed form for gamma of the support vector machine."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...exact.vectors import unit_box, vector
from ..engine.figures import on_data
from ..engine.model import Case, Claim, Grade, Inequality, Number, Statement, Verdict, Version, symbols
from ..facts.vectors import VectorFacts, exact_vectors

S, C, R, RP, W = symbols(
    r"D(\theta,\theta_p)",
    "C_R",
    r"R(\theta)",
    r"R(\theta_p)",
    r"\left[\max(\|\theta_p^+\|_\infty,\|\theta_p^+\|_2^2)+\max(\|\theta_p^-\|_\infty,\|\theta_p^-\|_2^2)\right]",
)

PRINTED = Inequality((1 - 2 * C * RP) * S, S + C * (R - RP))
BOX = Inequality((1 - C * W) * S, S + C * (R - RP))


def _values(facts: VectorFacts) -> dict[str, Number]:
    values = {S.name: facts.forward, C.name: facts.c, R.name: facts.regulariser, RP.name: facts.target_regulariser}
    return {**values, W.name: facts.box_weight}


def space_cases(facts: VectorFacts) -> Iterator[Case]:
    """Pairs at finite distance over R^d; the second model is the target."""
    if facts.domain == "space" and facts.forward != float("inf") and facts.target_regulariser > 0:
        yield Case(_values(facts), facts.description)


def box_cases(facts: VectorFacts) -> Iterator[Case]:
    """[0, 1]^d without a bias."""
    if facts.domain == "box" and not facts.bias and facts.target_regulariser > 0:
        yield Case(_values(facts), facts.description)


def point_cases(facts: VectorFacts) -> Iterator[Case]:
    """Bounded domains that hold the target divided by its squared norm, or its opposite."""
    if facts.scaled_inside and not facts.bias and facts.target_regulariser > 0:
        yield Case(_values(facts), facts.description)


def extremal_on_the_box() -> VectorFacts:
    """X = [0, 1], C_R = 2, target 1/2 = ERM{(1, +1)}, theta = 1/6 = ERM{2 x (1, +1), (1, -1)}: gamma = 1/2 fails."""
    half, sixth = vector("1/2"), vector("1/6")
    return exact_vectors(unit_box(1), "box", sixth, half, Fraction(2), "X = [0, 1], C_R = 2, target 1/2, theta = 1/6")


CLAIM = Claim(
    id="appendix-c",
    title="A lower bound of gamma",
    source="Appendix C",
    summary="On R^d, as stated, the formula stands and is exact; on a bounded domain one point of it has to be inside.",
    sharper=r"On $[0,1]^d$, $\gamma\ge1-C_R W(\theta_p)$ with the closed form $W$; the best value is a linear programme (exact-gamma).",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"Support vector machine, $\mathcal X=\mathbb R^d$: $\gamma\ge1-2C_R R(\theta_p)$, that is for every $\theta$ at finite distance",
            inequality=PRINTED,
            hypotheses=(
                r"hinge loss, $R=\frac12\|\cdot\|_2^2$, $\mathcal X=\mathbb R^d$, both labels, no bias, $\theta_p\ne0$",
            ),
            cases=space_cases,
            kind="vectors",
            grade=Grade.STANDS,
            quote=r"Imagine the feature domain is $\mathbb R^d$. Now we calculate the constant $C$ as follows.",
            theorem="MTP.appendix_c.appendix_c_printed",
            note="The proof divides by the coordinates of the target; those that are 0 can be left out.",
        ),
        Statement(
            version=Version.PRINTED,
            variant="on the box [0, 1]^d",
            words=r"The same constant carried over to the experiments' domain:",
            inequality=PRINTED,
            hypotheses=(r"hinge loss, $\mathcal X=[0,1]^d$, both labels, no bias",),
            cases=box_cases,
            kind="vectors",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=extremal_on_the_box,
            quote=r"(not in the paper, which imagines that the feature domain is $\mathbb R^d$)",
            theorem="MTP.appendix_c.appendix_c_printed_refuted",
            note="The paper asks to imagine that the domain is $\\mathbb R^d$; in this example no positive $\\gamma$ exists on $[0,1]$.",
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"If $\theta_p/\|\theta_p\|_2^2$ or its opposite lies in $\mathcal X$, then for every $\theta$",
            inequality=PRINTED,
            hypotheses=(r"$\pm\theta_p/\|\theta_p\|_2^2\in\mathcal X$ for one sign, both labels, no bias",),
            cases=point_cases,
            kind="vectors",
            theorem="MTP.appendix_c.appendix_c_repaired",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"On $[0,1]^d$, without a bias, for every $\theta$",
            inequality=BOX,
            hypotheses=(r"hinge loss, $\mathcal X=[0,1]^d$, both labels, no bias, $\theta_p\ne0$",),
            cases=box_cases,
            kind="vectors",
            theorem="MTP.appendix_c.appendix_c_extended_box",
            note=r"$W=\|\theta_p\|_2^2$, the printed value, exactly when the squared norms attain both maxima.",
        ),
    ),
    on_data=on_data(
        "appendix-c",
        r"With the bias of the experiments neither closed form applies. Used all the same, on digits-1-7, it gives {closed:.5f} beside the exact "
        r"$\gamma$, {gamma:.5f}.",
    ),
    code="mtp_theory.convex_set.gamma",
)
