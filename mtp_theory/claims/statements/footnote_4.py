"""Footnote 4: the maximal loss difference by convex optimisation, judged in words."""

from __future__ import annotations

from ..engine.model import Claim

CLAIM = Claim(
    id="footnote-4",
    title="The maximal loss difference by convex optimisation",
    source="Appendix A, footnote 4",
    summary=(
        r'"the data space $\mathcal X$ is a closed convex set and hence, we can find $(x^*,y^*)$ using convex optimization". The difference of two convex functions '
        "is to be maximised, which is not a convex programme in general. For the hinge loss it is two concave programmes for each label, as the loss of the target is a maximum of "
        "two linear functions; for the logistic loss it is not, as Appendix D.2 says itself. In either case it is found exactly (shadow-maximum)."
    ),
)
