"""Definition 3: regret, and its round 0, judged in words."""

from __future__ import annotations

from ..engine.model import Claim

CLAIM = Claim(
    id="definition-3",
    title="Regret",
    source="Definition 3",
    summary=(
        r"The sum runs over $T+1$ rounds, $j=0,\dots,T$; the name says $T$. Round 0 is the clean data. The proof draws $\theta_0$ at random and then puts "
        r"$L(\theta_c;D_c)$ for round 0, which is right for $\theta_0=\theta_c$ only. Theorem 1's inequality bears any $\theta_0$, for then the regret is the larger one; Remark 1's "
        r"bound of the regret does not: round 0 adds $F_0(\theta_0)-F_0(\theta_c)$, which is unbounded. Everywhere in this project the attack starts at $\theta_c$."
    ),
)
