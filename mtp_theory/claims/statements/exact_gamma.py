r"""The best constant gamma: 1 - C_R / lambda*, decided at the target by the set K."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.figures import on_data
from ..engine.model import Case, Claim, Inequality, Number, Statement, Version, symbols
from ..facts.kinds import PairFacts

S, C, GAMMA, R_DIFF, EPS, RP = symbols(
    r"D(\theta,\theta_p)", "C_R", r"\gamma^*", r"\left[R(\theta)-R(\theta_p)\right]", r"\epsilon", r"R(\theta_p)"
)

BEST = Inequality(GAMMA * S, S + C * R_DIFF)
ATTAINED = Inequality(S + C * R_DIFF, (GAMMA + (1 - GAMMA) * EPS / 2) * S, equal=True)


HINGE = Inequality(GAMMA, 1 - 2 * C * RP)


def _values(facts: PairFacts) -> dict[str, Number]:
    return {S.name: facts.distance, C.name: facts.c, GAMMA.name: facts.gamma, R_DIFF.name: facts.regulariser_difference}


def cases(facts: PairFacts) -> Iterator[Case]:
    """Any model against an attainable target, gamma* its best constant."""
    if facts.gamma > -float("inf"):
        yield Case(_values(facts), facts.description)


def shrunk_cases(facts: PairFacts) -> Iterator[Case]:
    """The target shrunk by the factor 1 - epsilon, in one dimension."""
    if facts.shrunk is not None:
        yield Case({**_values(facts), EPS.name: facts.shrunk}, facts.description)


def hinge_cases(facts: PairFacts) -> Iterator[Case]:
    """The target's constant, for the hinge loss."""
    if facts.hinge is not None and facts.gamma > -float("inf"):
        yield Case({GAMMA.name: facts.gamma, C.name: facts.c, RP.name: facts.hinge}, facts.description)


CLAIM = Claim(
    id="exact-gamma",
    title="The best constant gamma",
    source="extended (Lemma 2)",
    summary="The infimum over all models behind Lemma 2 is decided at the target: how much more regularisation it could bear.",
    statements=(
        Statement(
            version=Version.EXTENDED,
            words=(
                r"With $\lambda^*=\sup\{\lambda:-\lambda\nabla R(\theta_p)\in K\}$, $K$ the closed convex hull of the loss subgradients at $\theta_p$, and "
                r"$\gamma^*=1-C_R/\lambda^*$, for every $\theta$"
            ),
            inequality=BEST,
            hypotheses=(
                r"$\lambda^*>0$",
                r"$\ell(\cdot;z)$ convex, $\mathcal X$ compact, $R$ convex and differentiable",
            ),
            cases=cases,
            kind="pair",
            theorem="MTP.exact_gamma.exact_gamma_extended",
            differs=r"it supposes that the target bears the weight $\lambda>C_R$ against every model (for finite convex weights on subgradients a theorem proves it); $K$ and the supremum $\lambda^*$ are decided in both directions for finite $\mathcal X$ and in one dimension",
            note=r"Over the attainable $\theta$ alone the best constant can only be larger, so $\gamma^*$ is a valid choice in Theorem 1.",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="attained in the limit",
            words=r"In one dimension, with the hinge loss and $\theta=(1-\epsilon)\theta_p$, the ratio of both sides tends to $\gamma^*$:",
            inequality=ATTAINED,
            hypotheses=(
                r"hinge loss; the signed features $yx$ fill an interval (both labels on an interval that contains 0, or one label)",
                r"$\theta_p\ne0$ attainable, $0<\epsilon\le1$",
            ),
            cases=shrunk_cases,
            kind="pair",
            theorem="MTP.one_dimension.exact_gamma_extended_limit",
            differs=r"$\lambda^*$ is there the supremum of the weights that the target bears against every model, not of those in $K$; in one dimension they are shown to be the same",
            note="So no larger constant is valid for all models.",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="hinge loss, from above",
            words=(
                r"For the hinge loss the closed form of Appendix C is never below the exact constant, on any domain, with a bias feature or without:"
            ),
            inequality=HINGE,
            hypotheses=(r"hinge loss, $R=\frac12\|\cdot\|_2^2$, $\mathcal X$ compact, $\lambda^*>0$",),
            cases=hinge_cases,
            kind="pair",
            theorem="MTP.appendix_c.exact_gamma_extended_hinge",
            note=(
                r"An element of $K$ is $-\int sz\,d\mu$ with $0\le s\le1$, and $s>0$ only where $\langle\theta_p,z\rangle\le1$; so $-\lambda\theta_p\in K$ gives "
                r"$\lambda\|\theta_p\|_2^2\le1$. Equality where $K$ holds $-\theta_p/\|\theta_p\|_2^2$ (appendix-c)."
            ),
        ),
    ),
    on_data=on_data(
        "exact-gamma",
        "On the hinge targets of digits-1-7, MNIST 1-7 and Adult the closed form, though stated without a bias, exceeds the certified lower end of the "
        "exact constant by at most {excess:.4f}.",
    ),
    code="mtp_theory.convex_set.gamma",
)
