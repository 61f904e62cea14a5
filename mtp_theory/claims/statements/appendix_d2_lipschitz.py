"""Appendix D.2: any Lipschitz and convex loss, judged in words."""

from __future__ import annotations

from ..engine.model import Claim

CLAIM = Claim(
    id="appendix-d2-lipschitz",
    title="Any Lipschitz and convex loss",
    source="Appendix D.2",
    summary=(
        '"The convergence guarantee in the paper also holds for logistic regression model (more generally, holds for any Lipschitz and convex function with strongly convex '
        'regularizer)". With the repairs of theorem-1 and remark-1 it does: remark-1, extended (every norm), needs nothing else of the loss.'
    ),
)
