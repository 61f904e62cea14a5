"""Appendix A: what the regret has to satisfy."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.sentences import GrowthFacts, exact_growth

ALPHA, ROOT, K = symbols(r"\alpha(T)", r"\sqrt T", "K")

PRINTED = Inequality(ALPHA, K * ROOT)


def cases(facts: GrowthFacts) -> Iterator[Case]:
    """One T and one K."""
    yield Case({ALPHA.name: facts.alpha, ROOT.name: facts.root, K.name: facts.k}, facts.description)


def three_quarters() -> GrowthFacts:
    """alpha(T) = T^(3/4) at T = 16, K = 1; for a larger K at a larger T."""
    return exact_growth(2, 1)


CLAIM = Claim(
    id="appendix-a-sqrt",
    title="What the regret has to satisfy",
    source="Appendix A, before Remark 1",
    summary=(
        r"Any $\alpha(T)=o(T)$ is enough, since $\epsilon=(\alpha(T)+D_0)/(T\gamma)$; $T^{3/4}$ for instance. Nothing rests on the stronger demand: the regret is of "
        r"order $\log T$ (remark-1)."
    ),
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"If $\epsilon\to0$ then $\alpha(T)\le K\sqrt T$ for some $K$ and all $T$; with $\alpha(T)=T^{3/4}$:",
            inequality=PRINTED,
            hypotheses=(r"$(\alpha(T)+D_0)/(T\gamma)\to0$",),
            cases=cases,
            kind="growth",
            expected=Verdict.VIOLATED,
            grade=Grade.FALSE,
            counterexample=three_quarters,
            quote=r"we need to ensure $\epsilon\to0$ when $T\to+\infty$, which implies we need to show $\alpha(T)\le O(\sqrt T)$",
            theorem="MTP.appendix_a_sqrt.appendix_a_sqrt_printed_refuted",
        ),
    ),
    code="mtp_theory.claims.constants",
)
