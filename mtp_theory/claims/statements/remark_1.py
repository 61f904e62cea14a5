"""Remark 1: the regret of follow-the-leader grows like the logarithm of the number of points."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy

from ...exact.line import RationalProblem, attack
from ..engine.figures import on_data
from ..engine.model import Case, Claim, Grade, Inequality, Number, Statement, Verdict, Version, symbols
from ..facts.exact import exact_run
from ..facts.kinds import RunFacts

REGRET, B, C, N, T, L0, G2, M = symbols(r"\sum_{j\le T}\delta_j", "B", "C_R", "N", "T", r"\ell(0)", "G^2", "m")

#: Main text: of order log T.
PRINTED = Inequality(REGRET, (2 * B) ** 2 / (2 * C) * (1 + sympy.log(T)))
#: Appendix: the constant with the Lipschitz constant of the loss alone, in the norm sqrt(C_R) |.|.
PRINTED_APPENDIX = Inequality(REGRET, B**2 / (2 * C) * (1 + sympy.log(T)))
SECOND = Inequality(REGRET, G2 / (2 * M) * (1 + sympy.log(T)))
REPAIRED = Inequality(REGRET, (2 * B) ** 2 / (2 * C) * sympy.log(1 + T / N))
NORMS = Inequality(REGRET, (2 * B) ** 2 / (2 * M) * sympy.log(1 + T / N))
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


#: The instances' norm is this multiple of the Euclidean one.
NORM = Fraction(3, 2)


def norm_cases(facts: RunFacts) -> Iterator[Case]:
    """Every T of a run with a Lipschitz loss, the constants in another norm."""
    for case in cases(facts):
        b, c = case.values[B.name], case.values[C.name]
        scale = NORM if isinstance(b, Fraction) else float(NORM)
        yield Case({**case.values, B.name: b / scale, M.name: c / scale**2}, case.description)


def second_cases(facts: RunFacts) -> Iterator[Case]:
    """Every T of a run, the largest gradient so far as G."""
    largest: Number = 0
    for t in range(1, facts.points + 1):
        largest = max(largest, facts.gradients[t - 1])
        values = {REGRET.name: facts.regret[t], G2.name: largest, M.name: facts.c, T.name: t, N.name: facts.n}
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
            quote=r"$\alpha(T)$ is in the order of $O(\log T)$ ... when the loss function is additionally Lipschitz continuous and the regularizer $R(\theta)$ is strongly convex",
            theorem="MTP.remark_1_norms.remark_1_printed_constant",
        ),
        Statement(
            version=Version.PRINTED,
            variant="strongly convex loss",
            words=r"Its second sentence: a loss that is $m$-strongly convex and a convex regulariser, with $\|g_j\|\le G$ at the iterates,",
            inequality=SECOND,
            hypotheses=(
                r"$\ell(\cdot;z)$ is $m$-strongly convex, $R$ convex, $\theta_1=\theta_c$",
                r"$g_j$ a subgradient of $\ell(\cdot;z_j)+C_R R$ at $\theta_j$ with $\|g_j\|_*\le G$",
            ),
            cases=second_cases,
            kind="run",
            grade=Grade.STANDS,
            quote=r"$\alpha(T)$ is also in the order of $O(\log T)$ when the loss function used for training is strongly convex and the regularizer is convex.",
            theorem="MTP.remark_1_norms.remark_1_printed_strongly_convex_loss",
            note=(
                r"$G$ has to bound the gradients at the iterates: a strongly convex loss is Lipschitz on bounded sets only. The instances have the regulariser in the loss, "
                r"$\ell+C_R R$ with $m=C_R$, and none beside it."
            ),
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
            quote=r"since we assume the loss function is $G$-Lipschitz, we have $\|g_i\|_*\le G$. Therefore, ... $\frac12\sum_{i=1}^T\frac1{i+N}\|g_i\|_*^2\le\dots\le\frac{G^2}2(1+\log T)$",
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
            variant="every norm",
            words=r"In every norm, for every regulariser: if $\ell(\cdot;z)+C_R R$ is $m$-strongly convex and $\ell(\cdot;z)$ $B$-Lipschitz,",
            inequality=NORMS,
            hypotheses=(
                r"$\theta_1=\theta_c$, training is exact",
                r"$m=C_R\sigma$ for convex losses and a $\sigma$-strongly convex $R$; both constants in the same norm",
            ),
            cases=norm_cases,
            kind="run",
            theorem="MTP.remark_1_norms.remark_1_extended_any_norm",
            note=r"At a minimiser $C_R(R(\theta_j)-R(\theta))\le B\|\theta_j-\theta\|-\frac m2\|\theta_j-\theta\|^2$: no subgradient of $R$ is needed. The instances have the norm $\frac32\|\cdot\|_2$.",
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
