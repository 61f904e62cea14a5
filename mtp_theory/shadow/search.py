"""The maximum of an objective over one label's domain, whatever the domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..domains import Domain
from ..errors import InputError
from ..losses import Array
from . import branch
from .chain import Chain, planar_chain
from .edges import Objective, Place
from .sandwich import SupportedDomain, over_support, supported


@dataclass(frozen=True)
class Forms:
    """The two linear forms u = <a, x> + a0 and v = <b, x> + b0."""

    a: Array
    a0: float
    b: Array
    b0: float


class Found(NamedTuple):
    """A point, its value, and an enclosure of the maximum; ``exact``: the search was completed."""

    x: Array
    value: float
    lower: float
    upper: float
    exact: bool


def is_convex(domain: Domain) -> bool:
    """Is the domain its own convex hull?"""
    return domain.convex


class LabelSearch:
    """One label's domain, prepared for many pairs of forms.

    ``method``: "exact" (the domain itself), "relaxed" (its convex relaxation) or "vertex" (the
    best vertex of the relaxation's chain). ``bounded`` False: with "vertex" no upper end (infinite), for a caller
    who has a cheaper one.
    """

    def __init__(self, domain: Domain, method: str, *, bounded: bool = True) -> None:
        self.domain, self.method, self.bounded = domain, method, bounded
        self.hull = domain.relaxation
        self.convex = is_convex(domain)
        self.boxed = domain.boxed
        self._supported: SupportedDomain | None = None
        if method == "exact" and not self.convex and domain.boxed is None:
            raise InputError(
                f"domain {type(domain).__name__} is neither convex nor a MixedBox; use method 'relaxed' for a bound"
            )

    def maximise(self, objective: Objective, forms: Forms) -> Found:
        """Raises InputError for a domain that is neither convex nor a MixedBox, or whose support fails."""
        if self.method == "exact" and not self.convex and self.boxed is not None:
            x, value, lower, upper, complete = branch.over_mixed(
                objective, self.boxed, forms.a, forms.a0, forms.b, forms.b0
            )
            return Found(x, value, lower, upper, complete)
        chain = planar_chain(self.hull, forms.a, forms.a0, forms.b, forms.b0)
        if chain is None:
            if self.method == "vertex":
                raise InputError(
                    f"domain {type(self.domain).__name__}: its shadow is not a chain of vertices known in"
                    " advance; use method 'auto'"
                )
            if self._supported is None:
                self._supported = supported(self.hull)
            x, value, lower, upper, closed = over_support(
                objective, self._supported, forms.a, forms.a0, forms.b, forms.b0
            )
            if not self.convex:
                lower = -np.inf
            return Found(x, value, lower, upper, closed)
        if self.method == "vertex" and not self.bounded:
            x, vertex = self._best_vertex(objective, chain)
            return Found(x, vertex.value, vertex.lower, np.inf, False)
        place = objective.place(chain.u, chain.v, chain.error_u, chain.error_v)
        relaxed = Found(chain.point(place.k, place.t), place.value, place.lower, place.upper, True)
        if self.convex and self.method != "vertex":
            return relaxed
        x, vertex = self._best_vertex(objective, chain)
        if self.method == "vertex":
            return Found(x, vertex.value, vertex.lower, relaxed.upper, False)
        return Found(relaxed.x, relaxed.value, vertex.lower, relaxed.upper, True)

    @staticmethod
    def _best_vertex(objective: Objective, chain: Chain) -> tuple[Array, Place]:
        """The chain's best vertex. Vertices belong to the domain itself, so it bounds the maximum from below."""
        k = int(np.argmax(objective.at_vertices(chain.u, chain.v, chain.error_v)))
        vertex = objective.place(chain.u[k : k + 1], chain.v[k : k + 1], chain.error_u, chain.error_v)
        return chain.vertex(k), vertex


def over_labels(found: list[tuple[int, Found]]) -> tuple[int, Found]:
    """The winner among the labels' maxima, in order: a later one only if strictly better. Its bounds cover all."""
    y, best = found[0]
    for label, other in found[1:]:
        if other.value > best.value:
            y, best = label, other
    lower = max(f.lower for _, f in found)
    upper = max(f.upper for _, f in found)
    return y, Found(best.x, best.value, lower, upper, all(f.exact for _, f in found))


__all__ = ["Forms", "Found", "LabelSearch", "is_convex", "over_labels"]
