"""The table of contents: every claim of the paper and our extended results, by permanent id.

A claim without statements is judged in words alone and never counts as passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from ..errors import unknown_name
from .engine.model import Claim

#: The modules of ``statements`` in the order of the paper, then our own results; each defines its ``CLAIM``.
_ORDER = (
    "abstract_rate",
    "multi_class_and_regression",
    "online_gradient_descent",
    "definition_1",
    "nonnegative_distance",
    "definition_2",
    "lemma_1",
    "lemma_2",
    "theorem_1",
    "theorem_1_implications",
    "copies_per_round",
    "remark_1",
    "theorem_2",
    "corollary_1",
    "kkt_foundation",
    "definition_3",
    "appendix_a_sqrt",
    "footnote_4",
    "remark_2",
    "theorem_3",
    "corollary_2",
    "theorem_4",
    "remark_3",
    "theorem_5",
    "corollary_3",
    "appendix_c",
    "appendix_d1_tightness",
    "appendix_d2_lipschitz",
    "approximate_oracle",
    "exact_gamma",
    "tight_lower_bound",
    "minimum_poisoning",
    "two_phases",
    "reach_frontier",
    "shadow_maximum",
    "log_free_rate",
    "frank_wolfe",
    "online_waste",
    "last_iterate",
    "data_dependent_regret",
    "potential_identity",
)


def _claim(module: str) -> Claim:
    claim: Claim = import_module(f"{__name__}.statements.{module}").CLAIM
    return claim


REGISTRY: dict[str, Claim] = {claim.id: claim for claim in map(_claim, _ORDER)}


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
