"""The minimum number of poisoning points, in one dimension: t* rounded up."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.model import Case, Claim, Inequality, Statement, Version, symbols
from ..facts.kinds import MinimumFacts

MISS, ZERO = symbols(r"\left\|\theta(D_c\uplus D_p)-\theta_p\right\|", "0")

REACHED = Inequality(MISS, ZERO, equal=True)


def cases(facts: MinimumFacts) -> Iterator[Case]:
    """The model trained on the clean data and the constructed points, one less than t* + 1 of them."""
    if facts.miss is not None:
        yield Case({MISS.name: facts.miss, ZERO.name: 0}, f"{facts.description}, {facts.fewest} points")


CLAIM = Claim(
    id="minimum-poisoning",
    title="The minimum number of poisoning points",
    source="extended (Theorem 2)",
    summary="In one dimension the lower bound is exact: ceil(t*) copies of one point reach the target.",
    sharper="In d dimensions a mixed-integer programme with two integers decides it for the hinge loss; see the certificates.",
    statements=(
        Statement(
            version=Version.EXTENDED,
            words=(
                r"Hinge loss, $\mathcal X$ an interval that contains 0, both labels, $\theta_p$ attainable, $t^*<\infty$: some $D_p$ of $\lceil t^*\rceil$ equal points "
                "trains the target exactly, and no smaller set does (tight-lower-bound)."
            ),
            inequality=REACHED,
            hypotheses=(
                r"$d=1$, hinge loss, $\mathcal X$ an interval that contains 0, both labels",
                r"$\theta_p$ is $C_R$-attainable, $t^*<\infty$",
            ),
            cases=cases,
            kind="minimum",
            theorem="MTP.one_dimension.minimum_poisoning_extended_line",
        ),
    ),
    code="mtp_theory.convex_set.fractional_minimum",
)
