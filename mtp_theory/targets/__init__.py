"""Target models: what an attacker wants the training to end in."""

from __future__ import annotations

from .canonical import canonical
from .generate import METHODS, Candidate, Target, TargetNotFound, choose, generate, search
from .grids import INDISCRIMINATE, LABEL_FLIP, SUBPOPULATION, Grid
from .subpopulation import Subpopulation, clusters, ranked_subpopulations, subpopulation

__all__ = [
    "INDISCRIMINATE",
    "LABEL_FLIP",
    "METHODS",
    "SUBPOPULATION",
    "Candidate",
    "Grid",
    "Subpopulation",
    "Target",
    "TargetNotFound",
    "canonical",
    "choose",
    "clusters",
    "generate",
    "ranked_subpopulations",
    "search",
    "subpopulation",
]
