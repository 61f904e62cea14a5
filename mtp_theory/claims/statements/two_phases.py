r"""Two phases of the online attack: t* of the model that it induces, beside the number of points spent and the target's t*."""

from __future__ import annotations

from collections.abc import Iterator
from math import isinf

from ..engine.figures import on_data
from ..engine.model import Case, Claim, Inequality, Number, Statement, Version, symbols
from ..facts.phases import PhaseFacts

INDUCED, T, T_STAR = symbols(r"t^*(\theta_{T+1})", "T", r"t^*(\theta_p)")
GAPS, SQUARES, INITIAL, REGRET, EXCESS, N, C = symbols(
    r"\sum_{j\le T}\left[F_0(\theta_p)-F_0(\theta_j)\right]",
    r"\sum_{j\le T}\left\|\theta_j-\theta_p\right\|_2^2",
    "D_0",
    r"\sum_{j\le T}\delta_j",
    "a_T",
    "N",
    "C_R",
)
NUM, S_REG, REVERSE, R_GAP = symbols(
    r"\left[F_0(\theta_{T+1})-F_0(\theta)\right]",
    r"\left[D(\theta,\theta_p)+C_R(R(\theta)-R(\theta_p))\right]",
    r"D(\theta_p,\theta_{T+1})",
    r"\left[R(\theta_p)-R(\theta_{T+1})\right]",
)

REACHED = Inequality(INDUCED, T)
FIRST = Inequality(GAPS + (N + T_STAR) * C * SQUARES / 2, T_STAR * (INITIAL + REGRET - EXCESS))
SECOND = Inequality(INDUCED, T_STAR)
BELOW = Inequality(NUM, INDUCED * (S_REG + REVERSE + C * R_GAP))


def reached_cases(facts: PhaseFacts) -> Iterator[Case]:
    """Every model whose t* was computed."""
    for stage in facts.stages:
        yield Case({INDUCED.name: stage.proved, T.name: stage.points}, stage.description)


def first_cases(facts: PhaseFacts) -> Iterator[Case]:
    """Every T, where t* of the target is finite."""
    if isinf(facts.minimum):
        return
    gaps: Number = 0
    squares: Number = 0
    for t in range(1, len(facts.regret)):
        gaps, squares = gaps + facts.gaps[t - 1], squares + facts.euclidean[t - 1]
        values: dict[str, Number] = {
            GAPS.name: gaps,
            SQUARES.name: squares,
            T_STAR.name: facts.minimum,
            INITIAL.name: facts.excess[0],
            REGRET.name: facts.regret[t],
            EXCESS.name: facts.excess[t],
            N.name: facts.n,
            C.name: facts.c,
        }
        yield Case(values, f"{facts.description}, T = {t}")


def second_cases(facts: PhaseFacts) -> Iterator[Case]:
    """Models between the clean one and the target, where t* of the target is finite."""
    for stage in facts.stages:
        if stage.between and not isinf(facts.minimum):
            yield Case({INDUCED.name: stage.proved, T_STAR.name: facts.minimum}, stage.description)


def below_cases(facts: PhaseFacts) -> Iterator[Case]:
    """Every model whose t* was computed, against every test model."""
    for stage in facts.stages:
        for k, (numerator, denominator) in enumerate(zip(stage.numerators, stage.denominators, strict=True)):
            values = {
                NUM.name: numerator,
                INDUCED.name: stage.minimum,
                S_REG.name: denominator,
                REVERSE.name: stage.reverse,
                R_GAP.name: stage.regulariser_gap,
                C.name: facts.c,
            }
            yield Case(values, f"{stage.description}, model {k}")


CLAIM = Claim(
    id="two-phases",
    title="Two phases of the online attack",
    source="extended (Theorems 1 and 2)",
    summary=(
        r"With $t^*(\theta)$ the least mass of poisoning that makes $\theta$ optimal (tight-lower-bound): an attack never spends fewer points than "
        r"$t^*$ of the model that it induces, and close to the target that number cannot stay below $t^*(\theta_p)$. Whatever it spends beyond goes "
        "into closing in on the target, not into a model that needs more points."
    ),
    sharper=(
        r"Counting follows from the first phase: for attainable targets every term of Theorem 1's sum is non-negative, so at most "
        r"$t^*(\theta_p)\,(D_0+\sum_{j\le T}\delta_j)/(wD_0)$ of the rounds $j\le T$ have $F_0(\theta_p)-F_0(\theta_j)\ge wD_0$: the rounds in which a "
        r"fraction $w$ of the clean objective's way is still ahead are bounded by the target's own $t^*$ and the regret."
    ),
    statements=(
        Statement(
            version=Version.EXTENDED,
            words=r"The model $\theta_{T+1}$ trained on $D_c$ and any $T$ points satisfies",
            inequality=REACHED,
            hypotheses=(
                r"$\theta_{T+1}$ minimises $F_0+\sum_{j\le T}f_{z_j}$, $\ell(\cdot;z)$ convex, $z_j\in\mathcal Z$",
            ),
            cases=reached_cases,
            kind="phases",
            theorem="MTP.two_phases.two_phases_extended",
            note="The points themselves are a measure of mass $T$ that makes the model optimal.",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="first phase",
            words=(
                r"Let $z_j$ attain $D(\theta_j,\theta_p)$ and $t^*(\theta_p)<\infty$. What is still ahead of the clean objective, summed over the "
                r"rounds, is at most $t^*(\theta_p)$ times the sum of Theorem 1:"
            ),
            inequality=FIRST,
            hypotheses=(
                r"$\ell(\cdot;z)$ convex, $\mathcal X$ compact, $R=\frac12\|\cdot\|_2^2$, $t^*(\theta_p)<\infty$",
                r"$\theta_1=\theta_c$, every $z_j$ is an exact maximiser",
            ),
            cases=first_cases,
            kind="phases",
            theorem="MTP.two_phases.two_phases_extended_first",
            note=(
                r"Proof: let $\mu$ have mass $t^*(\theta_p)$ and make $\theta_p$ optimal. Strong convexity at $\theta_p$ gives "
                r"$F_0(\theta_j)-F_0(\theta_p)+\int(f_z(\theta_j)-f_z(\theta_p))\,d\mu\ge\frac{(N+t^*)C_R}2\|\theta_j-\theta_p\|_2^2$, and no $f_z$ "
                r"differs by more than $D(\theta_j,\theta_p)+C_R(R(\theta_j)-R(\theta_p))=f_{z_j}(\theta_j)-f_{z_j}(\theta_p)$. Sum over $j$ and use potential-identity."
            ),
        ),
        Statement(
            version=Version.EXTENDED,
            variant="second phase, one dimension",
            words=r"In one dimension, while the attack's model lies between $\theta_c$ and $\theta_p$, however many points were added,",
            inequality=SECOND,
            hypotheses=(
                r"$d=1$ without a bias, $\ell(\cdot;z)$ convex, $t^*(\theta_p)<\infty$",
                r"$\theta_{T+1}$ between $\theta_c$ and $\theta_p$",
            ),
            cases=second_cases,
            kind="phases",
            theorem="MTP.two_phases.two_phases_extended_second",
            note=(
                r"Proof, for $\theta_c<\theta\le\theta_p$: $t^*(\theta)=F_0'(\theta-)/(\max_z[-\ell'(\theta-;z)]-C_R\theta)$; the numerator "
                r"increases with $\theta$, the denominator decreases. So of $T$ points at least $T-t^*(\theta_p)$ were more than the model needs. In "
                "several dimensions this is an observation, not a theorem: see the figures on data."
            ),
        ),
        Statement(
            version=Version.EXTENDED,
            variant="from below",
            words=r"Close to the target $t^*$ of the induced model cannot stay below any bound that Theorem 2 gives for the target: for every $\theta$",
            inequality=BELOW,
            hypotheses=(r"$\theta_{T+1}$ minimises $F_0+\sum_{j\le T}f_{z_j}$, $\ell(\cdot;z)$ convex",),
            cases=below_cases,
            kind="phases",
            theorem="MTP.two_phases.two_phases_extended_below",
            note=(
                r"Theorem 2 at $\theta_{T+1}$ with $T$ replaced by its own $t^*$, and the triangle inequality for $D$. As "
                r"$\theta_{T+1}\to\theta_p$ the quotient tends to Theorem 2's for $\theta_p$, so $\liminf t^*(\theta_{T+1})\ge t^*(\theta_p)$."
            ),
        ),
    ),
    on_data=on_data(
        "two-phases",
        "On digits-1-7 (t* {t_star:.2f}) the model of {first} points needs {first_needs:.2f} of them; from {from_points} points on the models that were "
        "looked at, up to {points} points, need {least:.1f} to {most:.1f}: after about t* points the number that the model needs stays near the target's, "
        "up and down.",
    ),
    code="mtp_theory.convex_set.fractional_minimum",
)
