r"""Feature domains X: where a poisoning point's features may lie (bias not included), one kind to a file.

A domain answers three questions: is x inside, what is the largest value of a linear form over it, and (in
:mod:`mtp_theory.shadow`) what does it look like under two linear forms. It owns what follows from its shape: its
relaxation, its reach, the domain of each label. A domain of one's own subclasses :class:`Domain` and goes through the
general paths. Labels are unconstrained unless the domain is a :class:`PerLabel`.
"""

from __future__ import annotations

from .balls import L1Ball, L2Ball
from .base import MEMBERSHIP_TOLERANCE, Boxed, Domain
from .box import Box
from .grouped_box import GroupedBox
from .mixed_box import MixedBox
from .per_label import PerLabel
from .polytope import Polytope


def labelled(domain: Domain) -> list[tuple[int, Domain]]:
    """The domain of each allowed label, in the order of the tie rule: -1, then +1."""
    return domain.labelled()


__all__ = [
    "MEMBERSHIP_TOLERANCE",
    "Box",
    "Boxed",
    "Domain",
    "GroupedBox",
    "L1Ball",
    "L2Ball",
    "MixedBox",
    "PerLabel",
    "Polytope",
    "labelled",
]
