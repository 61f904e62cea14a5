"""Section 4.1: the attack without retraining, by online gradient descent."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.model import Case, Claim, Grade, Inequality, Number, Statement, Version, symbols
from ..facts.rates import RateFacts

SUM, BEST, LAST2, FIRST2, GRADIENTS, GAMMA, N, T, C = symbols(
    r"\left[\sum_{j\le T}f_{z_j}(\theta_j)-f_{z_j}(\theta_p)\right]",
    r"\min_{j\le T}D(\theta_j,\theta_p)",
    r"\left\|\theta_{T+1}-\theta_p\right\|_2^2",
    r"\left\|\theta_1-\theta_p\right\|_2^2",
    r"\left[\sum_{j\le T}\frac{\|g_j\|_2^2}{N+j}\right]",
    r"\gamma",
    "N",
    "T",
    "C_R",
)

BOUND = C * N * FIRST2 / 2 + GRADIENTS / (2 * C)
PRINTED = Inequality(BEST, BOUND / (GAMMA * T))
REPAIRED = Inequality(SUM + C * (N + T) * LAST2 / 2, BOUND)
LAST = Inequality(C * (N + T) * LAST2 / 2, BOUND)


def cases(facts: RateFacts) -> Iterator[Case]:
    """Every T of a run of gradient steps."""
    total: Number = 0
    gradients: Number = 0
    best = facts.distances[0]
    for t in range(1, facts.points + 1):
        total += facts.brackets[t - 1]
        gradients += facts.gradients[t - 1] / (facts.n + t)
        best = min(best, facts.distances[t - 1])
        values = {
            SUM.name: total,
            BEST.name: best,
            LAST2.name: facts.euclidean[t],
            FIRST2.name: facts.euclidean[0],
            GRADIENTS.name: gradients,
            GAMMA.name: facts.gamma,
            N.name: facts.n,
            T.name: t,
            C.name: facts.c,
        }
        yield Case(values, f"{facts.description}, T = {t}")


def best_cases(facts: RateFacts) -> Iterator[Case]:
    """The same against a target with gamma > 0."""
    if facts.gamma > 0:
        yield from cases(facts)


_STEP = (
    r"$\theta_{j+1}=\theta_j-g_j/(C_R(N+j))$ with $g_j$ a subgradient of $\ell(\cdot;z_j)+C_R R$ at $\theta_j$, $R=\frac12\|\cdot\|_2^2$, any $\theta_1$",
)
_GREEDY = r"$z_j$ attains the maximal loss difference at $\theta_j$"

CLAIM = Claim(
    id="online-gradient-descent",
    title="The attack without retraining",
    source="Section 4.1",
    summary=(
        "Gradient steps of length 1/(C_R (N + j)) in place of retraining keep the constants of follow-the-leader: the best model in the loss-based "
        "distance, the last one in the norm."
    ),
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"Read as a bound of the same order: for the models that gradient steps give,",
            inequality=PRINTED,
            hypotheses=(*_STEP, _GREEDY, r"$\theta_p$ attainable at a weight $\lambda>C_R$, $\gamma=1-C_R/\lambda$"),
            cases=best_cases,
            kind="descent",
            grade=Grade.STANDS,
            quote=r"people often use the very efficient online gradient descent method to approximately solve the problem and its asymptotic performance is the same",
            theorem="MTP.online_gradient_descent.online_gradient_descent_repaired_best",
            note=r"With $\|g_j\|\le G$ the right side is of order $\log T/T$, as in Theorem 1 with Remark 1. The step is ours; the paper names none.",
        ),
        Statement(
            version=Version.REPAIRED,
            words="For every target and every choice of points",
            inequality=REPAIRED,
            hypotheses=_STEP,
            cases=cases,
            kind="descent",
            theorem="MTP.online_gradient_descent.online_gradient_descent_repaired",
            note="An equality but for the convexity of the losses: each step contributes exactly its gradient's term.",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"so for a $C_R$-attainable target, extremal or not, the last model satisfies",
            inequality=LAST,
            hypotheses=(*_STEP, _GREEDY, r"$\theta_p$ is a minimiser at weight $C_R$"),
            cases=cases,
            kind="descent",
            theorem="MTP.online_gradient_descent.online_gradient_descent_repaired_last",
        ),
    ),
    code="mtp_theory.attacks.online",
)
