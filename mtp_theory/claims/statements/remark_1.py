"""Remark 1: the regret of follow-the-leader grows like the logarithm of the number of points."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy

from ...exact.line import RationalProblem, attack
from ..engine.figures import on_data
from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.exact import exact_run
from ..facts.kinds import RunFacts

REGRET, B, C, N, T, L0 = symbols(r"\sum_{j\le T}\delta_j", "B", "C_R", "N", "T", r"\ell(0)")

#: Main text: of order log T.
PRINTED = Inequality(REGRET, (2 * B) ** 2 / (2 * C) * (1 + sympy.log(T)))
#: Appendix: the constant with the Lipschitz constant of the loss alone, in the norm sqrt(C_R) |.|.
PRINTED_APPENDIX = Inequality(REGRET, B**2 / (2 * C) * (1 + sympy.log(T)))
REPAIRED = Inequality(REGRET, (2 * B) ** 2 / (2 * C) * sympy.log(1 + T / N))
EXTENDED = Inequality(REGRET, sympy.Min(2 * B, B + sympy.sqrt(C * L0)) ** 2 / (2 * C) * sympy.log(1 + T / N))


def cases(facts: RunFacts) -> Iterator[Case]:
    """Every T of a run with a Lipschitz loss."""
    if facts.lipschitz == float("inf"):
        return
    for t in range(1, facts.points + 1):
        values = {
            REGRET.name: facts.regret[t],
            B.name: facts.lipschitz,
            C.name: facts.c,
            N.name: facts.n,
            T.name: t,
            L0.name: facts.at_zero,
        }
        yield Case(values, f"{facts.description}, T = {t}")


def regularised_gradient() -> RunFacts:
    """C_R = 1, D_c = {(1, +1)}, target -1: the loss is 1-Lipschitz, the regret after one point is 1, the bound 1/2."""
    p = RationalProblem((Fraction(1),), Fraction(1))
    return exact_run(attack(p, Fraction(-1), 1), "X = [-1, 1], C_R = 1, D_c = {(1, +1)}, target -1")


CLAIM = Claim(
    id="remark-1",
    title="The regret of follow-the-leader",
    source="Remark 1 (main text and its proof in the appendix)",
    summary="The regret is of order log T; its constant needs the gradient of the regularised loss.",
    sharper=r"$\frac{G^2}{2C_R}\log(1+T/N)$ in place of $\frac{G^2}{2C_R}(1+\log T)$; with measured gradients see data-dependent-regret.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"$\alpha(T)=O(\log T)$ for a Lipschitz loss and a strongly convex regulariser; with $R=\frac12\|\cdot\|_2^2$ for example",
            inequality=PRINTED,
            hypotheses=(r"$\ell(\cdot;z)$ is $B$-Lipschitz on data and added points, $\theta_1=\theta_c$",),
            cases=cases,
            kind="run",
            grade=Grade.STANDS,
            theorem="MTP.remark_1.remark_1_printed",
        ),
        Statement(
            version=Version.PRINTED_APPENDIX,
            words=r"With the constant of the proof, $G$ read as the Lipschitz constant of $\ell$ (in the norm $\sqrt{C_R}\|\cdot\|$ of the proof):",
            inequality=PRINTED_APPENDIX,
            hypotheses=(r"$\ell(\cdot;z)$ is $B$-Lipschitz",),
            cases=cases,
            kind="run",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=regularised_gradient,
            theorem="MTP.remark_1.remark_1_printed_refuted_constant",
            note=(
                r"$g_i$ is a subgradient of $\ell+C_R R$, so $G$ has to bound $\|\nabla\ell+C_R\nabla R\|_*$ at the iterates. Read so, the formula "
                r"stands; $G=2B$ always suffices for $R=\frac12\|\cdot\|_2^2$."
            ),
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"For $R=\frac12\|\cdot\|_2^2$ and $\ell(\cdot;z)$ $B$-Lipschitz,",
            inequality=REPAIRED,
            hypotheses=(
                r"$\theta_1=\theta_c$, training is exact",
                r"the data and every added point have loss gradients of norm at most $B$",
            ),
            cases=cases,
            kind="run",
            theorem="MTP.remark_1.remark_1_repaired_lipschitz",
            note=r"$C_R\|\theta_j\|\le B$, since $C_R\theta_j$ is a mean of loss gradients.",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"If moreover $\ell\ge0$ and the zero model has the loss $\ell(0)$ on every point,",
            inequality=EXTENDED,
            hypotheses=(
                r"the hypotheses of the repaired statement",
                r"$\ell\ge0$ and every point has loss $\ell(0)$ at the zero model",
            ),
            cases=cases,
            kind="run",
            theorem="MTP.remark_1.remark_1_extended",
            note=r"$C_R\|\theta_j\|\le B$ and $\|\theta_j\|^2\le\ell(0)/C_R$ (remark-2) bound the gradient at the iterates.",
        ),
    ),
    on_data=on_data(
        "remark-1",
        r"On digits-1-7, {points} points: exact regret {exact:.1f}, from measured gradients {measured:.1f}, $\log(1+T/N)$ with the repaired $G$ "
        r"{logarithm:.0f}, the appendix's formula {printed:.0f}. The constant's fault does no harm there: $1+\log T$ is far above $\log(1+T/N)$.",
    ),
    code="mtp_theory.claims.constants",
)
