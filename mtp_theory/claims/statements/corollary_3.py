"""Corollary 3: for the hinge loss, closeness in one direction implies closeness in the other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy

from ...exact.vectors import CrossPolytope, RationalBox, vector
from ..engine.figures import on_data
from ..engine.model import Case, Claim, Grade, Inequality, Number, Statement, Verdict, Version, symbols
from ..facts.frontier import TransferFacts
from ..facts.vectors import VectorFacts, exact_vectors

BACK, FORTH, R, Q, M = symbols(
    r"D(\theta',\theta)",
    r"D(\theta,\theta')",
    "r",
    "q",
    r"\sup_{x\in\mathcal X}\max(|\langle\theta,x\rangle|,|\langle\theta',x\rangle|)",
)

TARGET_M = symbols(r"\sup_{x\in\mathcal X}|\langle\theta',(x,1)\rangle|")[0]

PRINTED = Inequality(BACK, R * Q * FORTH)
REPAIRED = Inequality(BACK, sympy.Max(1, M) * FORTH)
LARGEST = Inequality(BACK, sympy.Max(1, R * Q) * FORTH)
WITH_BIAS = Inequality(BACK, sympy.Max(1, TARGET_M) * FORTH)


def _values(facts: VectorFacts) -> dict[str, Number]:
    values = {BACK.name: facts.backward, FORTH.name: facts.forward, R.name: facts.r, Q.name: facts.q}
    return {**values, M.name: facts.margin}


def ball_cases(facts: VectorFacts) -> Iterator[Case]:
    """The l1 ball of radius q of Theorem 5, r the larger l1 norm."""
    if facts.domain == "l1" and not facts.bias:
        yield Case(_values(facts), facts.description)


def large_ball_cases(facts: VectorFacts) -> Iterator[Case]:
    """The same with r q >= 1."""
    if facts.domain == "l1" and not facts.bias and facts.r * facts.q >= 1:
        yield Case(_values(facts), facts.description)


def bias_cases(facts: VectorFacts) -> Iterator[Case]:
    """A feature that is constantly 1."""
    if facts.bias:
        yield Case(_values(facts), facts.description)


def star_cases(facts: VectorFacts) -> Iterator[Case]:
    """Bounded domains that are star-shaped about 0, without a bias."""
    if facts.domain in ("l1", "box", "cube") and not facts.bias:
        yield Case(_values(facts), facts.description)


def transfer_cases(facts: TransferFacts) -> Iterator[Case]:
    """Targets whose margins over the domain include -1 and +1, with a bias or without; here the target is theta'."""
    if facts.reaches:
        values = {BACK.name: facts.backward, FORTH.name: facts.forward, TARGET_M.name: facts.largest}
        yield Case(values, facts.description)


def small_ball() -> VectorFacts:
    """q = 1/2, r = 1, d = 1: the models 1 and 0 are 1/2 apart in both directions, r q eps = 1/4."""
    half = Fraction(1, 2)
    domain = CrossPolytope(half, 1)
    return exact_vectors(domain, "l1", vector(1), vector(0), Fraction(1), "X = [-1/2, 1/2], theta = 1, theta' = 0")


def two_biases() -> VectorFacts:
    """A constant feature 1 alone: the bias 2 is 0-close to the bias 3, which is at distance 1 from it."""
    one = Fraction(1)
    domain = RationalBox((one,), (one,))
    return exact_vectors(
        domain, "bias", vector(2), vector(3), one, "constant feature 1, biases theta = 2, theta' = 3", bias=True
    )


CLAIM = Claim(
    id="corollary-3",
    title="Closeness in one direction implies the other",
    source="Corollary 3",
    summary="True with the factor max(1, largest margin); the printed factor r q needs r q >= 1 and the l1 ball.",
    sharper=r"The factor $\max(1,M)$, $M$ the largest absolute margin of the two models over $\mathcal X$, is sharp.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=(
                r"Hinge loss; if $\theta$ is $\varepsilon$-close to $\theta'$, then $\theta'$ is $rq\varepsilon$-close to $\theta$, with $r$ of Theorem 4 "
                r"and the $\ell_1$ ball of radius $q$ of Theorem 5:"
            ),
            inequality=PRINTED,
            hypotheses=(r"$\|\theta\|_1,\|\theta'\|_1\le r$, $\mathcal X=\{x:\|x\|_1\le q\}$, no bias",),
            cases=ball_cases,
            kind="vectors",
            expected=Verdict.VIOLATED,
            grade=Grade.NEEDS_HYPOTHESIS,
            counterexample=small_ball,
            quote=r"For Hinge loss, with Theorem 4 and Theorem 5, if $\theta$ is $\epsilon$-close to $\theta'$, then $\theta'$ is $r\cdot q\cdot\epsilon$-close to $\theta$.",
            theorem="MTP.corollary_3.corollary_3_printed_refuted",
            note=r"With $rq\ge1$ it stands (extended): a much weaker condition than $q\ge d/r$, under which Theorem 4's points lie in the ball.",
        ),
        Statement(
            version=Version.PRINTED,
            variant="with a bias feature",
            words="The same with a bias, a feature that is constantly 1:",
            inequality=PRINTED,
            hypotheses=(r"$\mathcal X=\mathcal X_0\times\{1\}$",),
            cases=bias_cases,
            kind="vectors",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=two_biases,
            quote=r"(not in the paper: Corollary 3 does not speak of a bias)",
            theorem="MTP.corollary_3.corollary_3_printed_refuted_bias",
            note=r"No factor exists there: the biases 2 and 3 are at distance 0 in one direction and 1 in the other.",
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"On a domain that is star-shaped about $0$, without a bias,",
            inequality=REPAIRED,
            hypotheses=(r"$\mathcal X$ compact and star-shaped about $0$, both labels, no bias",),
            cases=star_cases,
            kind="vectors",
            theorem="MTP.corollary_3.corollary_3_repaired",
        ),
        Statement(
            version=Version.REPAIRED,
            variant="with a bias feature",
            words=r"With a bias it holds as soon as the margins of $\theta'$ over $\mathcal X$ include $-1$ and $+1$; they alone enter the factor:",
            inequality=WITH_BIAS,
            hypotheses=(
                r"hinge loss, both labels on the same convex $\mathcal X$, a bias feature or none",
                r"$-1$ and $+1$ among the values $\langle\theta',(x,1)\rangle$, $x\in\mathcal X$",
            ),
            cases=transfer_cases,
            kind="transfer",
            theorem="MTP.reach_frontier.corollary_3_repaired_bias",
            note=(
                r"From the margins' transfer (reach-frontier): no margin of $\theta$ exceeds that of $\theta'$ by more than $D(\theta,\theta')$ times "
                r"the larger of 1 and the margin's absolute value, and the hinge loss is 1-Lipschitz. The biases 2 and 3 have no margin $-1$."
            ),
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"The printed factor is right on the $\ell_1$ ball of radius $q$ as soon as $rq\ge1$:",
            inequality=PRINTED,
            hypotheses=(r"$\mathcal X=\{x:\|x\|_1\le q\}$, $rq\ge1$, no bias",),
            cases=large_ball_cases,
            kind="vectors",
            theorem="MTP.corollary_3.corollary_3_repaired_rq",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="star-shaped domain",
            words=r"On every star-shaped domain with $\|x\|_\infty\le q$ the factor is $\max(1,rq)$:",
            inequality=LARGEST,
            hypotheses=(
                r"$\mathcal X$ star-shaped about $0$, $\|x\|_\infty\le q$ on it, both labels, no bias",
                r"$\|\theta\|_1,\|\theta'\|_1\le r$",
            ),
            cases=star_cases,
            kind="vectors",
            theorem="MTP.corollary_3.corollary_3_repaired_max",
        ),
    ),
    on_data=on_data(
        "corollary-3",
        "The experiments have a bias feature, so the printed corollary does not apply to them. The repaired one for a bias does: on digits-1-7 its "
        "factor is {k:.2f}, and it holds at the {models} models of an attack of {points} points at which it was evaluated.",
    ),
    code="mtp_theory.claims.constants",
)
