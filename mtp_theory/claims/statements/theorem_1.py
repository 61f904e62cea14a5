"""Theorem 1: the online attack comes epsilon-close, epsilon about regret / points."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...exact.line import RationalProblem, attack
from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.exact import exact_run
from ..facts.kinds import RunFacts

BEST, LAST, ALPHA, LOSS_GAP, N, C, R_GAP, T, GAMMA = symbols(
    r"\min_{j\le T}D(\theta_j,\theta_p)",
    r"D(\theta_{T+1},\theta_p)",
    r"\alpha(T)",
    r"\left[L(\theta_p;D_c)-L(\theta_c;D_c)\right]",
    "N",
    "C_R",
    r"\left[R(\theta_p)-R(\theta_c)\right]",
    "T",
    r"\gamma",
)

#: Main text: without the regulariser's difference.
EPSILON_MAIN = (ALPHA + LOSS_GAP) / (T * GAMMA)
#: Appendix: with it. The first bracket is D_0 = F_0(theta_p) - F_0(theta_c).
EPSILON = (ALPHA + LOSS_GAP + N * C * R_GAP) / (T * GAMMA)

PRINTED = Inequality(BEST, EPSILON_MAIN)
PRINTED_APPENDIX = Inequality(LAST, EPSILON)
REPAIRED = Inequality(BEST, EPSILON)


def cases(facts: RunFacts) -> Iterator[Case]:
    r"""Every T of the run, with the exact regret as :math:`\alpha(T)`; nothing where gamma is not positive."""
    if facts.gamma <= 0:
        return
    best = facts.distances[0]
    for t in range(1, facts.points + 1):
        best = min(best, facts.distances[t - 1])
        yield Case(
            {
                BEST.name: best,
                LAST.name: facts.distances[t],
                ALPHA.name: facts.regret[t],
                LOSS_GAP.name: facts.loss_gap,
                N.name: facts.n,
                C.name: facts.c,
                R_GAP.name: facts.regulariser_gap,
                T.name: t,
                GAMMA.name: facts.gamma,
            },
            f"{facts.description}, T = {t}",
        )


def missing_regulariser() -> RunFacts:
    """N = 1, C_R = 1/2, D_c = {(1/4, +1)}, target 1: the first model is 1/2 away, the printed bound is 1/4."""
    p = RationalProblem((Fraction(1, 4),), Fraction(1, 2))
    return exact_run(attack(p, Fraction(1), 1), "X = [-1, 1], C_R = 1/2, D_c = {(1/4, +1)}, target 1")


def final_model() -> RunFacts:
    """N = 1, C_R = 1/8, D_c = {s = -3/4}, target -1: the model trained on everything is 2 away, epsilon = 127/126."""
    p = RationalProblem((Fraction(-3, 4),), Fraction(1, 8))
    return exact_run(attack(p, Fraction(-1), 1), "X = [-1, 1], C_R = 1/8, D_c = {s = -3/4}, target -1")


HYPOTHESES = (
    r"$\theta_p$ minimises some nonempty finite multiset's objective at a weight $\lambda>C_R$, $\gamma=1-C_R/\lambda$",
    r"the attack starts at $\theta_1=\theta_c$, adds multiset-wise, and each point attains the maximal loss difference",
    r"$\alpha(T)$ is at least the regret of follow-the-leader on the added points",
)

CLAIM = Claim(
    id="theorem-1",
    title="Convergence of the online attack",
    source="Theorem 1 (main text and appendix)",
    summary="The best of the first T models is epsilon(T)-close to the target, with epsilon(T) of order log(T)/T.",
    sharper=r"With the exact regret $\sum\delta_j$ in place of $\alpha(T)$ the bound holds as an identity minus non-negative terms.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"With $\varepsilon$ as in the main text, read for the best of the first $T$ models:",
            inequality=PRINTED,
            hypotheses=HYPOTHESES,
            cases=cases,
            kind="run",
            expected=Verdict.VIOLATED,
            grade=Grade.TYPO,
            counterexample=missing_regulariser,
            quote=r"After at most $T$ steps, Algorithm 1 will produce the poisoning set $D_p$ and the classifier trained on $D_c\cup D_p$ is $\epsilon$-close to $\theta_p$ ... for $\epsilon=\frac{\alpha(T)+L(\theta_p;D_c)-L(\theta_c;D_c)}{T\cdot\gamma}$",
            theorem="MTP.theorem_1.theorem_1_printed_refuted",
            note=(
                r"The main text leaves out $N C_R(R(\theta_p)-R(\theta_c))$; the appendix's proof ends with it. Where the target's norm is "
                r"below the clean model's the printed bound is the weaker one and holds."
            ),
        ),
        Statement(
            version=Version.PRINTED_APPENDIX,
            variant="restatement",
            words=r"The appendix restates the theorem with the main text's $\varepsilon$; read for the best of the first $T$ models,",
            inequality=PRINTED,
            hypotheses=HYPOTHESES,
            cases=cases,
            kind="run",
            expected=Verdict.VIOLATED,
            grade=Grade.TYPO,
            counterexample=missing_regulariser,
            quote=r"(restating Theorem 1, from Section 4.2) ... for $\epsilon=\frac{\alpha(T)+L(\theta_p;D_c)-L(\theta_c;D_c)}{T\cdot\gamma}$",
            theorem="MTP.theorem_1.theorem_1_printed_refuted",
            note="Only the last display of the appendix's proof has the regulariser's term.",
        ),
        Statement(
            version=Version.PRINTED_APPENDIX,
            variant="conclusion of the proof",
            words=r"What the appendix's proof ends with:",
            inequality=REPAIRED,
            hypotheses=HYPOTHESES,
            cases=cases,
            kind="run",
            grade=Grade.STANDS,
            quote=(
                r"among the $T$ iterations, there exist an iteration $j^*\in[T]$ (with lowest maximum loss difference) such that the maximum loss difference of "
                r"$\theta_{j^*}$ is $\epsilon$-close to $\theta_p$ ... where $\epsilon=\frac{\alpha(T)+L(\theta_p;D_c)-L(\theta_c;D_c)+N\cdot C_R\cdot(R(\theta_p)-R(\theta_c))}{T\cdot\gamma}$"
            ),
            theorem="MTP.theorem_1.theorem_1_printed_best_iterate",
            note=(
                r"The proof draws $\theta_0$ at random and then writes $L(\theta_c;D_c)$ for round 0: the attack has to start at $\theta_c$, or $\alpha(T)$ to cover the "
                r"difference (definition-3)."
            ),
        ),
        Statement(
            version=Version.PRINTED_APPENDIX,
            words=r"With the proof's $\varepsilon$, read for the classifier that the theorem speaks of, the one trained on $D_c\cup D_p$ with all $T$ points:",
            inequality=PRINTED_APPENDIX,
            hypotheses=HYPOTHESES,
            cases=cases,
            kind="run",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=final_model,
            quote=r"the classifier trained on $D_c\cup D_p$ is $\epsilon$-close to $\theta_p$",
            theorem="MTP.theorem_1.theorem_1_printed_appendix_refuted_final_model",
            note="Read for the best of the first T models, as the proof ends, it stands.",
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"The best of the first $T$ models satisfies",
            inequality=REPAIRED,
            hypotheses=HYPOTHESES,
            cases=cases,
            kind="run",
            theorem="MTP.theorem_1.theorem_1_repaired",
        ),
    ),
    code="mtp_theory.attacks.online",
)
