"""Hypothesis as a source of choices: the seeded generators become strategies, and a failing instance shrinks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from ..claims.facts.instances import GENERATORS
from ..claims.facts.kinds import Facts
from ..errors import unknown_name

T = TypeVar("T")


class HypothesisDraw:
    """Choices from Hypothesis; small integers and early options are the simple ones."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        """An integer in [low, high]."""
        return int(self._draw(st.integers(low, high)))

    def pick(self, options: Sequence[T]) -> T:
        """An element."""
        chosen: T = options[self._draw(st.integers(0, len(options) - 1))]
        return chosen


def exact_facts(kind: str) -> st.SearchStrategy[Facts]:
    """Exact facts of a kind: the instances that ``mtp-theory check`` draws, as a strategy.

    Raises InputError for an unknown kind.
    """
    if kind not in GENERATORS:
        raise unknown_name("kind of facts", kind, GENERATORS)

    @st.composite
    def build(draw: Any) -> Facts:
        return GENERATORS[kind](HypothesisDraw(draw))

    return build()


__all__ = ["HypothesisDraw", "exact_facts"]
