"""Appendix D.2: any Lipschitz and convex loss."""

from __future__ import annotations

from ..engine.model import Claim, Grade, Statement, Version
from .remark_1 import NORMS, norm_cases

CLAIM = Claim(
    id="appendix-d2-lipschitz",
    title="Any Lipschitz and convex loss",
    source="Appendix D.2",
    summary=(
        "With the repairs of theorem-1 and remark-1 it does: the bound of the regret in every norm (remark-1, extended) needs nothing else of the loss, and theorem-1 nothing at all."
    ),
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"For a convex, $B$-Lipschitz loss and a strongly convex regulariser the regret behind the guarantee is of order $\log T$:",
            inequality=NORMS,
            hypotheses=(
                r"$\theta_1=\theta_c$, training is exact",
                r"$m=C_R\sigma$, $R$ $\sigma$-strongly convex; both constants in the same norm",
            ),
            cases=norm_cases,
            kind="run",
            grade=Grade.STANDS,
            quote=(
                "The convergence guarantee in the paper also holds for logistic regression model (more generally, holds for any Lipschitz and convex function with strongly convex "
                "regularizer)"
            ),
            theorem="MTP.remark_1_norms.remark_1_extended_any_norm",
        ),
    ),
    code="mtp_theory.claims.constants",
)
