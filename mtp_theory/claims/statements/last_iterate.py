"""Convergence of the model trained on all points, without gamma."""

from __future__ import annotations

from collections.abc import Iterator
from math import isinf

from ..engine.figures import on_data
from ..engine.model import Case, Claim, Inequality, Number, Statement, Version, symbols
from ..facts.kinds import RunFacts

LAST2, BEST2, ALL2, D_LAST, SUM, REGRET, D0, N, T, C, B = symbols(
    r"\left\|\theta_{T+1}-\theta_p\right\|_2^2",
    r"\min_{j\le T}\left\|\theta_j-\theta_p\right\|_2^2",
    r"\left[\sum_{j\le T}\left\|\theta_j-\theta_p\right\|_2^2\right]",
    r"D(\theta_{T+1},\theta_p)",
    r"\left[\sum_{j\le T}f_{z_j}(\theta_j)-f_{z_j}(\theta_p)\right]",
    r"\sum_{j\le T}\delta_j",
    "D_0",
    "N",
    "T",
    "C_R",
    "B",
)

POTENTIAL = Inequality(C * (N + T) * LAST2 / 2 + SUM, D0 + REGRET)
DISTANCE = Inequality(D_LAST**2, 2 * B**2 * (D0 + REGRET) / (C * (N + T)))
BEST = Inequality(C * T * BEST2 / 2, D0 + REGRET)
ALL = Inequality(C / 2 * ((N + T) * LAST2 + ALL2), D0 + REGRET)


def _values(facts: RunFacts) -> Iterator[tuple[dict[str, Number], str]]:
    total: Number = 0
    squares: Number = 0
    best = facts.euclidean[0]
    for t in range(1, facts.points + 1):
        total = total + facts.brackets[t - 1]
        best, squares = min(best, facts.euclidean[t - 1]), squares + facts.euclidean[t - 1]
        yield (
            {
                LAST2.name: facts.euclidean[t],
                BEST2.name: best,
                ALL2.name: squares,
                # an attainable model is at no negative distance only where both labels are allowed
                D_LAST.name: max(facts.distances[t], 0),
                SUM.name: total,
                REGRET.name: facts.regret[t],
                D0.name: facts.initial,
                N.name: facts.n,
                T.name: t,
                C.name: facts.c,
                B.name: facts.lipschitz,
            },
            f"{facts.description}, T = {t}",
        )


def cases(facts: RunFacts) -> Iterator[Case]:
    """Every T of any run, whether the target is attainable or not."""
    for values, text in _values(facts):
        yield Case(values, text)


def distance_cases(facts: RunFacts) -> Iterator[Case]:
    """Every T of a run against a C_R-attainable target, for a Lipschitz loss."""
    if facts.attainable and not isinf(facts.lipschitz):
        yield from cases(facts)


def attainable_cases(facts: RunFacts) -> Iterator[Case]:
    """Every T of a run against a C_R-attainable target."""
    if facts.attainable:
        yield from cases(facts)


_TRAINING = r"training is exact, $R=\frac12\|\cdot\|_2^2$, $\ell(\cdot;z)$ convex, $D_0=F_0(\theta_p)-F_0(\theta_c)$"

CLAIM = Claim(
    id="last-iterate",
    title="Convergence of the model trained on all points",
    source="extended (Theorem 1 and the abstract)",
    summary="The model trained on every point converges too, at the rate sqrt(log T / T), even where gamma is 0.",
    sharper="This is the abstract's inverse square root, up to the logarithm, for the model that the victim really trains.",
    statements=(
        Statement(
            version=Version.EXTENDED,
            words="For every target and every choice of points",
            inequality=POTENTIAL,
            hypotheses=(_TRAINING,),
            cases=cases,
            kind="run",
            theorem="MTP.last_iterate.last_iterate_extended_potential",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="distance",
            words=r"If $\theta_p$ is $C_R$-attainable, extremal or not, and $\ell(\cdot;z)$ is $B$-Lipschitz, then $D(\theta_{T+1},\theta_p)$, where positive, satisfies",
            inequality=DISTANCE,
            hypotheses=(_TRAINING, r"$\theta_p$ is a minimiser at weight $C_R$; points of maximal loss difference"),
            cases=distance_cases,
            kind="run",
            theorem="MTP.last_iterate.last_iterate_extended_distance",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="best iterate",
            words=r"Under the same hypotheses, without a Lipschitz constant,",
            inequality=BEST,
            hypotheses=(_TRAINING, r"$\theta_p$ is a minimiser at weight $C_R$; points of maximal loss difference"),
            cases=attainable_cases,
            kind="run",
            theorem="MTP.last_iterate.last_iterate_extended_best",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="all iterates",
            words="and sharper, for all iterates and the last one together,",
            inequality=ALL,
            hypotheses=(_TRAINING, r"$\theta_p$ is a minimiser at weight $C_R$; points of maximal loss difference"),
            cases=attainable_cases,
            kind="run",
            theorem="MTP.last_iterate.last_iterate_extended_all",
            note=r"By lemma-1, extended: $D(\theta,\theta_p)+C_R(R(\theta)-R(\theta_p))\ge\frac{C_R}2\|\theta-\theta_p\|_2^2$ for an attainable target.",
        ),
    ),
    on_data=on_data(
        "last-iterate",
        "On digits-1-7, {points} points, the least slack of the first inequality is {slack:.2g}.",
    ),
    code="mtp_theory.attacks.online",
)
