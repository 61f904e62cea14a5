"""The table of contents: every claim of the paper and our extended results, by permanent id.

A claim without statements is listed as not yet checked and never counts as passed.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import unknown_name
from .engine.model import Claim
from .statements import (
    appendix_c,
    approximate_oracle,
    copies_per_round,
    corollary_1,
    corollary_2,
    corollary_3,
    data_dependent_regret,
    definition_1,
    definition_2,
    exact_gamma,
    last_iterate,
    lemma_1,
    lemma_2,
    minimum_poisoning,
    nonnegative_distance,
    potential_identity,
    reach_frontier,
    remark_1,
    remark_2,
    remark_3,
    shadow_maximum,
    theorem_1,
    theorem_1_implications,
    theorem_2,
    theorem_3,
    theorem_4,
    theorem_5,
    tight_lower_bound,
    two_phases,
)

_MODULES = (
    appendix_c,
    approximate_oracle,
    copies_per_round,
    corollary_1,
    corollary_2,
    corollary_3,
    data_dependent_regret,
    definition_1,
    definition_2,
    exact_gamma,
    last_iterate,
    lemma_1,
    lemma_2,
    minimum_poisoning,
    nonnegative_distance,
    potential_identity,
    reach_frontier,
    remark_1,
    remark_2,
    remark_3,
    shadow_maximum,
    theorem_1,
    theorem_1_implications,
    theorem_2,
    theorem_3,
    theorem_4,
    theorem_5,
    tight_lower_bound,
    two_phases,
)
_CHECKED: dict[str, Claim] = {module.CLAIM.id: module.CLAIM for module in _MODULES}

#: Every id in the order of the paper, then our own: (id, title, source).
_ORDER: tuple[tuple[str, str, str], ...] = (
    ("definition-1", "Loss-based distance", "Definition 1"),
    (
        "nonnegative-distance",
        "No model is at negative distance from an attainable one",
        "Section 4, after Definition 2",
    ),
    ("definition-2", "Attainable models", "Definition 2"),
    ("lemma-1", "An attainable model of larger norm is separated", "Lemma 1"),
    ("lemma-2", "The constant gamma", "Lemma 2"),
    ("theorem-1", "Convergence of the online attack", "Theorem 1"),
    ("theorem-1-implications", "Rate of convergence", "Section 4.2, after Theorem 1"),
    ("copies-per-round", "Several copies of a point in each round", "Section 4.2"),
    ("remark-1", "The regret of follow-the-leader", "Remark 1"),
    ("theorem-2", "Lower bound on the number of points", "Theorem 2"),
    ("corollary-1", "Lower bound for epsilon-close models", "Corollary 1"),
    ("remark-2", "Norm of attainable models", "Remark 2"),
    ("theorem-3", "Regret of follow-the-leader, strongly convex losses", "Theorem 3"),
    ("corollary-2", "Logarithmic regret", "Corollary 2"),
    ("theorem-4", "Closeness of hinge losses implies l1 closeness", "Theorem 4"),
    ("remark-3", "l1 norm of attainable models", "Remark 3"),
    ("theorem-5", "l1 closeness implies closeness of hinge losses", "Theorem 5"),
    ("corollary-3", "Closeness in one direction implies the other", "Corollary 3"),
    ("appendix-c", "A lower bound of gamma", "Appendix C"),
    ("approximate-oracle", "Approximate maximisers", "Appendix D.2"),
    ("exact-gamma", "The best constant gamma", "extended"),
    ("tight-lower-bound", "The supremum of Theorem 2's bounds", "extended"),
    ("minimum-poisoning", "The minimum number of poisoning points", "extended"),
    ("two-phases", "Two phases of the online attack", "extended"),
    ("reach-frontier", "Smallest distance within reach of n points", "extended"),
    ("shadow-maximum", "Exact maximum of the loss difference", "extended"),
    ("last-iterate", "Convergence of the model trained on all points", "extended"),
    ("data-dependent-regret", "Regret from measured gradients", "extended"),
    ("potential-identity", "The identity behind Theorem 1", "extended"),
)

REGISTRY: dict[str, Claim] = {
    id_: _CHECKED.get(id_, Claim(id=id_, title=title, source=source)) for id_, title, source in _ORDER
}


def get_claim(id_: str) -> Claim:
    """The claim of that id; InputError with the nearest id otherwise."""
    if id_ not in REGISTRY:
        raise unknown_name("claim", id_, REGISTRY)
    return REGISTRY[id_]


def select(ids: Iterable[str] = ()) -> list[Claim]:
    """The claims of these ids in registry order, or all of them."""
    wanted = [get_claim(i) for i in ids]
    return wanted or list(REGISTRY.values())


__all__ = ["REGISTRY", "Claim", "get_claim", "select"]
