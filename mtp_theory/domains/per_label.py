"""A domain for each label."""

from __future__ import annotations

from dataclasses import dataclass, field

from numpy.typing import ArrayLike

from ..errors import InputError
from ..losses import Array
from .base import MEMBERSHIP_TOLERANCE, Domain


@dataclass(frozen=True, eq=False)
class PerLabel(Domain):
    """A domain for each label; ``None`` where the attacker may not use that label."""

    negative: Domain | None
    positive: Domain | None
    dim: int = field(init=False)
    both_labels = False

    def __post_init__(self) -> None:
        given = [d for d in (self.negative, self.positive) if d is not None]
        if not given:
            raise InputError("domain: no label is allowed; give a domain for -1, for +1, or for both")
        if not all(d.both_labels for d in given) or len({d.dim for d in given}) != 1:
            raise InputError("domain: the two labels' domains must be plain domains of one dimension")
        object.__setattr__(self, "dim", given[0].dim)

    def contains(self, x: ArrayLike, tolerance: float = MEMBERSHIP_TOLERANCE) -> bool:
        return any(d.contains(x, tolerance) for d in (self.negative, self.positive) if d is not None)

    def support(self, direction: Array) -> tuple[float, Array]:
        return max(
            (d.support(direction) for d in (self.negative, self.positive) if d is not None), key=lambda pair: pair[0]
        )

    @property
    def relaxation(self) -> Domain:
        return PerLabel(
            None if self.negative is None else self.negative.relaxation,
            None if self.positive is None else self.positive.relaxation,
        )

    @property
    def convex(self) -> bool:
        return all(d.convex for _, d in self.labelled())

    def labelled(self) -> list[tuple[int, Domain]]:
        pairs = ((-1, self.negative), (1, self.positive))
        return [(label, d) for label, d in pairs if d is not None]

    def norm_bound(self) -> float:
        return max(d.norm_bound() for _, d in self.labelled())


__all__ = ["PerLabel"]
