"""Regret from measured gradients."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..engine.model import Case, Claim, Inequality, Number, Statement, Version, symbols
from ..facts.kinds import RunFacts
from ..facts.rates import RateFacts, evaluated

REGRET, SUM, G2, C, N, T = symbols(
    r"\sum_{j\le T}\delta_j", r"\left[\sum_{j\le T}\frac{\|g_j\|_2^2}{N+j}\right]", "G^2", "C_R", "N", "T"
)

MEASURED = Inequality(REGRET, SUM / (2 * C))
TIGHT = Inequality(sympy.log(1 + T / (N + 1)) / (2 * C), REGRET)
A_PRIORI = Inequality(SUM / (2 * C), G2 / (2 * C) * sympy.log(1 + T / N))


def cases(facts: RunFacts) -> Iterator[Case]:
    r"""Every T; G is the largest measured gradient."""
    total: Number = 0
    largest: Number = 0
    for t, square in enumerate(facts.gradients, start=1):
        total, largest = total + square / (facts.n + t), max(largest, square)
        values = {
            REGRET.name: facts.regret[t],
            SUM.name: total,
            G2.name: largest,
            C.name: facts.c,
            N.name: facts.n,
            T.name: t,
        }
        yield Case(values, f"{facts.description}, T = {t}")


def tight_cases(facts: RateFacts) -> Iterator[Case]:
    """Rounds of the runs between the two ends of X = [-1, 1], from balanced data towards the zero model."""
    if facts.balanced:
        for t in evaluated(facts.points):
            values = {REGRET.name: facts.regret[t], C.name: facts.c, N.name: facts.n, T.name: t}
            yield Case(values, f"{facts.description}, T = {t}")


_HYPOTHESES = (
    r"training is exact, $R=\frac12\|\cdot\|_2^2$, $\ell(\cdot;z)$ convex",
    r"$g_j$ is a subgradient of $f_{z_j}=\ell(\cdot;z_j)+C_R R$ at $\theta_j$",
)

CLAIM = Claim(
    id="data-dependent-regret",
    title="Regret from measured gradients",
    source="extended (Remark 1)",
    summary="The exact regret is at most a sum of measured gradients, which is far below the a priori bound.",
    sharper=r"The exact regret $\sum\delta_j$ is itself measured at no cost and needs no bound at all.",
    statements=(
        Statement(
            version=Version.EXTENDED,
            words=r"For any points $z_j$, with $\delta_j=\Phi_j(\theta_j)-\Phi_j(\theta_{j+1})$,",
            inequality=MEASURED,
            hypotheses=_HYPOTHESES,
            cases=cases,
            kind="run",
            theorem="MTP.data_dependent_regret.data_dependent_regret_extended",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="a priori",
            words=r"and with $\|g_j\|\le G$ at the iterates",
            inequality=A_PRIORI,
            hypotheses=_HYPOTHESES,
            cases=cases,
            kind="run",
            theorem="MTP.data_dependent_regret.data_dependent_regret_extended_a_priori",
            note=r"$\log(1+T/N)$ in place of the paper's $1+\log T$.",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="the logarithm is there",
            words=r"No bound of the regret is of smaller order. Hinge loss, $\mathcal X=[-1,1]$, as many clean points $s=1$ as $s=-1$, target $0$: Algorithm 1 has",
            inequality=TIGHT,
            hypotheses=(r"$C_R(N+1)\ge1$; at the zero model, where every point is a maximiser, $s=-1$ is taken",),
            cases=tight_cases,
            kind="rate",
            theorem="MTP.regret_tight.data_dependent_regret_extended_tight",
            note="The distance and the excess of the target have no logarithm there (log-free-rate): it is the regret's, not the attack's.",
        ),
    ),
    code="mtp_theory.attacks.online",
)
