"""Appendix A: what the regret has to satisfy, judged in words."""

from __future__ import annotations

from ..engine.model import Claim

CLAIM = Claim(
    id="appendix-a-sqrt",
    title="What the regret has to satisfy",
    source="Appendix A, before Remark 1",
    summary=(
        r'"we need to ensure $\epsilon\to0$ when $T\to+\infty$, which implies we need to show $\alpha(T)\le O(\sqrt T)$": any $\alpha(T)=o(T)$ is enough, since '
        r"$\epsilon=(\alpha(T)+D_0)/(T\gamma)$; $T^{3/4}$ for instance. Nothing rests on the stronger demand: the regret is of order $\log T$ (remark-1)."
    ),
)
