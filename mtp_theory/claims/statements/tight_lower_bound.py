"""The supremum of Theorem 2's bounds: the fractional minimum t* of poisoning mass."""

from __future__ import annotations

from collections.abc import Iterator
from math import isinf

from ..engine.figures import on_data
from ..engine.model import Case, Claim, Inequality, Statement, Version, symbols
from ..facts.kinds import InducedFacts, MinimumFacts

NUM, S_REG, T_STAR, SQUARE, N, C, POINTS = symbols(
    r"\left[F_0(\theta_p)-F_0(\theta)\right]",
    r"\left[D(\theta,\theta_p)+C_R(R(\theta)-R(\theta_p))\right]",
    "t^*",
    r"\left\|\theta-\theta_p\right\|_2^2",
    "N",
    "C_R",
    r"|D_p|",
)

BOUND = Inequality(NUM, T_STAR * S_REG)
LIMIT = Inequality(NUM, T_STAR * S_REG - (N + T_STAR) * C * SQUARE / 2, equal=True)
STRONG = Inequality(NUM + N * C * SQUARE / 2, POINTS * (S_REG - C * SQUARE / 2))


def _cases(facts: MinimumFacts, near: bool) -> Iterator[Case]:
    if isinf(facts.minimum):
        return
    rows = zip(facts.numerators, facts.denominators, facts.euclidean, facts.near, strict=True)
    for k, (numerator, denominator, square, beside) in enumerate(rows):
        if beside or not near:
            values = {
                NUM.name: numerator,
                S_REG.name: denominator,
                T_STAR.name: facts.minimum,
                SQUARE.name: square,
                N.name: facts.n,
                C.name: facts.c,
            }
            yield Case(values, f"{facts.description}, model {k}")


def bound_cases(facts: MinimumFacts) -> Iterator[Case]:
    """Every tested model, where t* is finite."""
    yield from _cases(facts, near=False)


def limit_cases(facts: MinimumFacts) -> Iterator[Case]:
    """The model right beside the target."""
    yield from _cases(facts, near=True)


def strong_cases(facts: InducedFacts) -> Iterator[Case]:
    """Every tested model against a target that points really induce."""
    rows = zip(facts.numerators, facts.denominators, facts.euclidean, strict=True)
    for k, (numerator, denominator, square) in enumerate(rows):
        values = {
            NUM.name: numerator,
            S_REG.name: denominator,
            SQUARE.name: square,
            N.name: facts.n,
            C.name: facts.c,
            POINTS.name: facts.points,
        }
        yield Case(values, f"{facts.description}, model {k}")


CLAIM = Claim(
    id="tight-lower-bound",
    title="The supremum of Theorem 2's bounds",
    source="extended (Theorem 2)",
    summary="The best that Theorem 2 can say is t*, the least mass of poisoning that makes the target optimal.",
    sharper="At a single model, the linearised regulariser gives a larger bound than Theorem 2 for free.",
    statements=(
        Statement(
            version=Version.EXTENDED,
            words=(
                r"With $t^*=\min\{\mu(\mathcal Z):0\in\partial F_0(\theta_p)+\int\partial f_z(\theta_p)\,d\mu\}$ finite, no model $\theta$ gives "
                r"more than $t^*$ in Theorem 2:"
            ),
            inequality=BOUND,
            hypotheses=(r"$\ell(\cdot;z)$ convex, $\mathcal X$ compact, $R=\frac12\|\cdot\|_2^2$",),
            cases=bound_cases,
            kind="minimum",
            theorem="MTP.tight_lower_bound.tight_lower_bound_extended",
            differs=r"a measure is there a finite list of weighted points that makes the target optimal, and $t^*$ its mass: no minimum over measures is taken",
            note=r"Where $t^*=+\infty$ no finite set added to these data reaches the target.",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="attained in the limit",
            words=r"In one dimension the bound tends to $t^*$: beside the target, before the next kink,",
            inequality=LIMIT,
            hypotheses=(
                r"$\mathcal X$ an interval that contains 0, both labels, hinge loss, $0<t^*<\infty$",
                r"$\theta$ on the side on which $F_0$ falls",
            ),
            cases=limit_cases,
            kind="minimum",
            theorem="MTP.one_dimension.tight_lower_bound_extended_limit",
            note=r"The supremum is approached as $\theta\to\theta_p$, not at the models that the attack passes.",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="linearised regulariser",
            words=r"If $\theta_p$ minimises the objective of $D_c\uplus D_p$ and $R=\frac12\|\cdot\|_2^2$, then for every $\theta$",
            inequality=STRONG,
            hypotheses=(r"$\theta_p$ minimises $F_0+\sum_{z\in D_p}f_z$, $\ell(\cdot;z)$ convex",),
            cases=strong_cases,
            kind="induced",
            theorem="MTP.tight_lower_bound.tight_lower_bound_extended_linearised",
            note=(
                r"The left side is $L(\theta_p;D_c)-L(\theta;D_c)+N C_R\langle\theta_p,\theta_p-\theta\rangle$, the bracket on the right "
                r"$D(\theta,\theta_p)-C_R\langle\theta_p,\theta_p-\theta\rangle$: never a smaller bound than Theorem 2's at the same model."
            ),
        ),
    ),
    on_data=on_data(
        "tight-lower-bound",
        "On digits-1-7, over the first {points} models of the online attack: Theorem 2 gives at most {theorem_2:.2f} points, the linearised "
        "regulariser {linearised:.2f}; t* is {t_star:.2f}.",
    ),
    code="mtp_theory.convex_set.fractional_minimum",
)
