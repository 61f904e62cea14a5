"""Rates without a logarithm: for the model trained on all points, and for the best of the last half of the rounds."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..engine.model import Case, Claim, Inequality, Number, Statement, Version, symbols
from ..facts.rates import RateFacts, evaluated

EXCESS, BEFORE, LAST2, BEST, D_LAST, D0, K, GAMMA, STEP, N, T, C, B = symbols(
    "a_T",
    "a_{T-1}",
    r"\left\|\theta_{T+1}-\theta_p\right\|_2^2",
    r"\min_{T/2<j\le T}D(\theta_j,\theta_p)",
    r"D(\theta_{T+1},\theta_p)",
    "D_0",
    "k",
    r"\gamma",
    "b",
    "N",
    "T",
    "C_R",
    "B",
)

#: The bound of the target's excess; it does not depend on T.
BOUND = sympy.Max(D0, (K + 1 - GAMMA) * STEP / GAMMA)

EXTENDED = Inequality(EXCESS, BOUND)
ROUND = Inequality(EXCESS, BEFORE - GAMMA * BEFORE / ((K + 1 - GAMMA) * (N + T - 1)) + STEP / (N + T))
LAST = Inequality(C * (N + T) * LAST2 / 2, BOUND)
BEST_HALF = Inequality(BEST, 2 * (BOUND + STEP * sympy.log(2)) / (GAMMA * T))


def cases(facts: RateFacts) -> Iterator[Case]:
    r"""Rounds of a run with gamma > 0; k and b the smallest numbers that the run up to there allows."""
    if facts.gamma <= 0:
        return
    k: Number = max(2 * facts.gamma - 1, 0 * facts.gamma)
    step: Number = 0 * facts.regret[0]
    wanted = set(evaluated(facts.points))
    for t in range(1, facts.points + 1):
        forward, backward = facts.distances[t - 1], facts.backward[t - 1]
        if forward > facts.tolerance:
            k = max(k, backward / forward)
        elif backward > facts.tolerance:
            return  # no factor k: the target is at distance 0 one way only
        step = max(step, (facts.regret[t] - facts.regret[t - 1]) * (facts.n + t))
        if t in wanted:
            yield Case(_values(facts, t, k, step), f"{facts.description}, T = {t}")


def _values(facts: RateFacts, t: int, k: Number, step: Number) -> dict[str, Number]:
    return {
        EXCESS.name: facts.excess[t],
        BEFORE.name: facts.excess[t - 1],
        LAST2.name: facts.euclidean[t],
        BEST.name: min(facts.distances[t // 2 : t]),
        D_LAST.name: facts.distances[t],
        D0.name: facts.initial,
        K.name: k,
        GAMMA.name: facts.gamma,
        STEP.name: step,
        N.name: facts.n,
        T.name: t,
        C.name: facts.c,
        B.name: facts.lipschitz,
    }


HYPOTHESES = (
    r"$\theta_p$ is attainable at a weight $\lambda>C_R$, $\gamma=1-C_R/\lambda$; the clean data lie in $\mathcal X\times\mathcal Y$",
    r"exact training, points of maximal loss difference, $R=\frac12\|\cdot\|_2^2$, $\ell(\cdot;z)$ convex",
    r"$D(\theta_p,\theta_j)\le k\,D(\theta_j,\theta_p)$ for $j\le T$, $k\ge2\gamma-1$ (corollary-3 for the hinge loss)",
    r"$\delta_j\le b/(N+j)$ for $j\le T$; $b=G^2/(2C_R)$ will do, $G$ a bound of the gradients at the iterates",
)

CLAIM = Claim(
    id="log-free-rate",
    title="Rates without a logarithm",
    source="extended (Theorem 1, Remark 1 and the abstract)",
    summary=(
        r"The target's excess $a_T=\Phi_T(\theta_p)-\Phi_T(\theta_{T+1})$ stays bounded: the model trained on all points converges like $1/\sqrt T$ and "
        r"the best one like $1/T$, without Theorem 1's logarithm."
    ),
    sharper=(
        r"The logarithmic bound $D_0+b\log(1+T/N)$ of last-iterate and theorem-1 is the "
        r"smaller one up to $T/N=e^{(k+1-\gamma)/\gamma}-1$ where $D_0$ is small beside $b$; the smaller of both is a bound."
    ),
    statements=(
        Statement(
            version=Version.EXTENDED,
            words=r"For every $T$, with $a_T=\Phi_T(\theta_p)-\Phi_T(\theta_{T+1})$ and $D_0=a_0$,",
            inequality=EXTENDED,
            hypotheses=HYPOTHESES,
            cases=cases,
            kind="rate",
            theorem="MTP.log_free_rate.log_free_rate_extended",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="each round",
            words="because in every round the excess shrinks in proportion, but for what the round adds to the regret:",
            inequality=ROUND,
            hypotheses=HYPOTHESES,
            cases=cases,
            kind="rate",
            theorem="MTP.log_free_rate.log_free_rate_extended_step",
            note=r"$\theta_p$ stays at a distance of at least $a_{T-1}/((k+1-\gamma)(N+T-1))$, and the round takes off $\gamma$ times as much (lemma-2).",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="last iterate",
            words="so the model trained on all points satisfies",
            inequality=LAST,
            hypotheses=HYPOTHESES,
            cases=cases,
            kind="rate",
            theorem="MTP.log_free_rate.log_free_rate_extended_last",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="best iterate",
            words="and the best model of the last half of the rounds",
            inequality=BEST_HALF,
            hypotheses=HYPOTHESES,
            cases=cases,
            kind="rate",
            theorem="MTP.log_free_rate.log_free_rate_extended_best",
        ),
    ),
    code="mtp_theory.attacks.online",
)
