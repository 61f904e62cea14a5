"""Corollary 2: logarithmic regret of follow-the-leader."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..engine.model import Case, Claim, Grade, Inequality, Number, Statement, Version, symbols
from ..facts.kinds import LeaderFacts

REGRET, SUM, G2, SIGMA, T = symbols(
    r"\mathrm{Regret}_T(\theta^*)",
    r"\left[\sum_{i=1}^T\frac{\|g_i\|_*^2}{i}\right]",
    "G^2",
    r"\sigma",
    "T",
)

PRINTED = Inequality(REGRET, G2 / (2 * SIGMA) * (1 + sympy.log(T)))
REPAIRED = Inequality(REGRET, SUM / (2 * SIGMA))


def cases(facts: LeaderFacts) -> Iterator[Case]:
    """Every T and comparator of a run without regulariser; all functions sigma-strongly convex, G at the iterates."""
    if facts.rho != 0:
        return
    for k, regret in enumerate(facts.regret):
        total: Number = 0
        largest: Number = 0
        for t, square in enumerate(facts.gradients, start=1):
            total, largest = total + square / t, max(largest, square)
            values = {REGRET.name: regret[t], SUM.name: total, G2.name: largest, SIGMA.name: facts.sigma, T.name: t}
            yield Case(values, f"{facts.description}, comparator {k}, T = {t}")


_HYPOTHESES = (
    r"each $f_i$ is $\sigma$-strongly convex with respect to $\|\cdot\|$ ($\sigma=1$ in the paper)",
    r"the minimisers exist; $g_i\in\partial f_i(\theta_i)$ and $\|g_i\|_*\le G$ at the iterates",
)

CLAIM = Claim(
    id="corollary-2",
    title="Logarithmic regret",
    source="Corollary 2",
    summary="The regret of follow-the-leader on strongly convex functions is at most G^2 (1 + log T) / (2 sigma).",
    sharper=r"Where the first $N$ functions are minimised together, $\sum 1/(N+i)\le\log(1+T/N)$ replaces $1+\log T$ (remark-1).",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"For every comparator $\theta^*$ and every first model",
            inequality=PRINTED,
            hypotheses=_HYPOTHESES,
            cases=cases,
            kind="leader",
            grade=Grade.STANDS,
            quote=r"suppose each loss function $f_i$ is 1-strongly convex w.r.t. a norm $\|\cdot\|$, then we have ... $\le\frac{G^2}2(1+\log T)$",
            theorem="MTP.corollary_2.corollary_2_printed_sigma",
        ),
        Statement(
            version=Version.REPAIRED,
            words="The intermediate bound of the proof, with the gradients as they are,",
            inequality=REPAIRED,
            hypotheses=_HYPOTHESES,
            cases=cases,
            kind="leader",
            theorem="MTP.corollary_2.corollary_2_printed_sigma",
        ),
    ),
    code="mtp_theory.exact.line.minimise",
)
