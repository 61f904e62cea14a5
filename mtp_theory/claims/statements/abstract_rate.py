"""The abstract's rate: the inverse square root of the number of points."""

from __future__ import annotations

from collections.abc import Iterator
from math import isinf

from ..engine.model import Case, Claim, Grade, Inequality, Statement, Version
from ..facts.rates import RateFacts
from .log_free_rate import BOUND, D_LAST, HYPOTHESES, B, C, N, T
from .log_free_rate import cases as rate_cases

PRINTED = Inequality(D_LAST**2, 2 * B**2 * BOUND / (C * (N + T)))


def cases(facts: RateFacts) -> Iterator[Case]:
    """Runs with a Lipschitz loss."""
    if not isinf(facts.lipschitz):
        yield from rate_cases(facts)


CLAIM = Claim(
    id="abstract-rate",
    title="The inverse square root of the number of points",
    source="Abstract",
    summary="True as an upper bound for the model trained on all points, without a logarithm, for a target that is not extremal.",
    sharper="The best model of the last half of the rounds is closer: its distance is of order 1/T (log-free-rate).",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"For the model trained on $D_c\cup D_p$, at most inversely proportional to $\sqrt{N+T}$:",
            inequality=PRINTED,
            hypotheses=(*HYPOTHESES, r"$\ell(\cdot;z)$ is $B$-Lipschitz"),
            cases=cases,
            kind="rate",
            grade=Grade.STANDS,
            quote="The distance from the induced classifier to the target classifier is inversely proportional to the square root of the number of poisoning points.",
            theorem="MTP.log_free_rate.abstract_rate_printed",
            note=(
                "The paper proves no such rate: its Theorem 1 is about the best model and has a logarithm. For an extremal target (gamma = 0) last-iterate gives "
                "the rate with a logarithm under the root."
            ),
        ),
    ),
    code="mtp_theory.attacks.online",
)
