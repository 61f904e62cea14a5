"""Corollary 1: a lower bound on the points needed to come epsilon-close."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy

from ...exact.line import RationalProblem
from ..engine.figures import on_data
from ..engine.model import Case, Claim, Grade, Inequality, Number, Statement, Values, Verdict, Version, symbols
from ..facts.exact import exact_near
from ..facts.kinds import NearFacts

POINTS, LOSS_GAP, S, R, RP, R_STAR, C, N, E, RHO = symbols(
    r"|D_p|",
    r"\left[L(\theta_p;D_c)-L(\theta;D_c)\right]",
    r"D(\theta,\theta_p)",
    r"R(\theta)",
    r"R(\theta_p)",
    r"R^*",
    "C_R",
    "N",
    r"k\varepsilon",
    r"\rho",
)

_NUMERATOR = LOSS_GAP - N * C * R_STAR - N * E
PRINTED = Inequality(_NUMERATOR / (S + C * R_STAR + E), POINTS)
PROOF = Inequality(_NUMERATOR / (S + C * R_STAR - E), POINTS)
REPAIRED = Inequality(_NUMERATOR, POINTS * (S + C * R_STAR + E))
NO_BOUND = Inequality(LOSS_GAP - N * C * R - N * E, POINTS * (S + C * R + E))
HALF = Inequality(LOSS_GAP - N * C * R / 2 - N * E, POINTS * (S + C * R / 2 + E))
RADIUS = Inequality(LOSS_GAP + N * C * (RP - R) - N * (E + C * RHO), POINTS * (S + C * (R - RP) + E + C * RHO))


def _values(facts: NearFacts) -> Iterator[tuple[Values, str]]:
    shift = facts.target_regulariser - facts.induced_regulariser
    for k, model in enumerate(facts.tested):
        values: dict[str, Number] = {
            POINTS.name: facts.points,
            LOSS_GAP.name: model.loss_gap,
            S.name: model.distance,
            R.name: model.regulariser,
            RP.name: facts.target_regulariser,
            R_STAR.name: facts.bound,
            C.name: facts.c,
            N.name: facts.n,
            E.name: facts.reverse,
            RHO.name: max(shift, 0 * shift),
        }
        yield values, f"{facts.description}, model {k}"


def printed_cases(facts: NearFacts) -> Iterator[Case]:
    """Every tested model whose denominator is positive."""
    for values, text in _values(facts):
        if values[S.name] + values[C.name] * values[R_STAR.name] + values[E.name] > 0:
            yield Case(values, text)


def proof_cases(facts: NearFacts) -> Iterator[Case]:
    """Every tested model whose denominator, as the proof ends with it, is positive."""
    for values, text in _values(facts):
        if values[S.name] + values[C.name] * values[R_STAR.name] - values[E.name] > 0:
            yield Case(values, text)


def cases(facts: NearFacts) -> Iterator[Case]:
    """Every tested model."""
    for values, text in _values(facts):
        yield Case(values, text)


def proof_sign() -> NearFacts:
    """C_R = 1/100, D_c = {(1, +1)}, target -3: two points come 2/3-close, the proof's last display asks for 383."""
    p = RationalProblem((Fraction(1),), Fraction(1, 100))
    epsilon = Fraction(17, 25)
    return exact_near(
        p,
        [Fraction(-1), Fraction(-1)],
        Fraction(-3),
        [Fraction(1)],
        "X = [-1, 1], Theta = [-3, 3], C_R = 1/100, D_c = {(1, +1)}, target -3, epsilon = 17/25, k = 3, R* = 9/2",
        epsilon=epsilon,
        reverse=3 * epsilon,
        bound=Fraction(9, 2),
    )


_NEAR = r"$\theta'$ minimises $F_0+\sum_{z\in D_p}f_z$ and $D(\theta_p,\theta')\le k\varepsilon$"

CLAIM = Claim(
    id="corollary-1",
    title="Lower bound for epsilon-close models",
    source="Corollary 1 and its proof",
    summary="Theorem 2 for every model near the target, at the price of k epsilon and of a bound on the regulariser.",
    sharper=(
        r"No bound $R^*$ is needed (extended), and with $|R(\theta')-R(\theta_p)|\le\rho$ the bound tends to Theorem 2's as "
        r"$\varepsilon,\rho\to0$; the printed one does not."
    ),
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"If the attack reaches a model $\varepsilon$-close to $\theta_p$, then for every $\theta$",
            inequality=PRINTED,
            hypotheses=(_NEAR, r"$0\le R\le R^*$ at $\theta$ and $\theta'$", "the denominator is positive"),
            cases=printed_cases,
            kind="near",
            grade=Grade.STANDS,
            quote=r"if $\theta_1$ being $\epsilon$-close to $\theta_2$ implies that $\theta_2$ is also $k\cdot\epsilon$ close to $\theta_1$, then we have, $\sup_\theta z'(\theta)=\frac{L(\theta_p;D_c)-L(\theta;D_c)-NC_R\cdot R^*-Nk\epsilon}{\sup_{x,y}l(\theta;x,y)-l(\theta_p;x,y)+C_R\cdot R^*+k\epsilon}$",
            theorem="MTP.corollary_1.corollary_1_printed",
            note=r"$R^*$ has to bound $R$ at the tested $\theta$ too, so $\Theta$ is bounded or $\theta$ attainable (remark-2).",
        ),
        Statement(
            version=Version.PRINTED_APPENDIX,
            words=r"The proof's last displays carry $-k\varepsilon$ in the denominator:",
            inequality=PROOF,
            hypotheses=(_NEAR, r"$0\le R\le R^*$ at $\theta$ and $\theta'$", "the denominator is positive"),
            cases=proof_cases,
            kind="near",
            expected=Verdict.VIOLATED,
            grade=Grade.TYPO,
            counterexample=proof_sign,
            theorem="MTP.corollary_1.corollary_1_printed_refuted_minus",
            note="A slip of the sign: the proof's own intermediate line gives the plus sign of the statement.",
        ),
        Statement(
            version=Version.REPAIRED,
            words="Without any division, for every such model",
            inequality=REPAIRED,
            hypotheses=(_NEAR, r"$R(\theta)\le R^*$, $R(\theta')\ge0$, $R^*\ge R(\theta')$"),
            cases=cases,
            kind="near",
            theorem="MTP.corollary_1.corollary_1_repaired",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"No bound on the regulariser is needed: for every $\theta$",
            inequality=NO_BOUND,
            hypotheses=(_NEAR, r"$R\ge0$"),
            cases=cases,
            kind="near",
            theorem="MTP.corollary_1.corollary_1_extended_no_bound",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="half the regulariser",
            words=r"With $R=\frac12\|\cdot\|_2^2$ half of $R(\theta)$ suffices: for every $\theta$",
            inequality=HALF,
            hypotheses=(_NEAR, r"$R=\frac12\|\cdot\|_2^2$, $\ell(\cdot;z)$ convex"),
            cases=cases,
            kind="near",
            theorem="MTP.corollary_1.corollary_1_extended_half",
            note=r"$\theta'$ minimises a strongly convex objective, and $\langle\theta',\theta-\theta'\rangle\le\frac14\|\theta\|_2^2$.",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="radius",
            words=r"If moreover $R(\theta_p)-R(\theta')\le\rho$,",
            inequality=RADIUS,
            hypotheses=(_NEAR, r"$R(\theta_p)-R(\theta')\le\rho$, $\rho\ge0$"),
            cases=cases,
            kind="near",
            theorem="MTP.corollary_1.corollary_1_extended_radius",
        ),
    ),
    on_data=on_data(
        "corollary-1",
        "Theorem 5's constants do not apply with the bias of the experiments; the factor k of corollary-3 (with a bias feature) does: {k:.2f} for "
        "digits-1-7. Over the models of an attack of {points} points there, which ends {last:.3f}-close, the printed bound's largest value is {printed:.0f} "
        "points, without a bound on the regulariser {no_bound:.0f}, with half of it {half:.0f}: true and silent, since N times k epsilon alone exceeds "
        "the numerator. reach-frontier has a bound that speaks. When the reverse distance is measured all versions hold; none asks for more points than were used.",
    ),
    code="mtp_theory.claims.constants",
)

#: Numerator and denominator of the bounds, for those who instantiate them.
QUOTIENTS: dict[str, tuple[sympy.Expr, sympy.Expr]] = {
    "corollary_1": (_NUMERATOR, S + C * R_STAR + E),
    "corollary_1_no_bound": (NO_BOUND.lhs, S + C * R + E),
    "corollary_1_half": (HALF.lhs, S + C * R / 2 + E),
}
