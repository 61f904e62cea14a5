"""Attacks: they find poisoning points; what they claim about them is checked elsewhere.

Everything that finds points is an :class:`Attack`; ``attack(goal, method)`` runs it. ``base`` trains, measures and
stops, ``folder`` writes what came out, ``registry`` knows the methods by name.
"""

from .base import Attack, Batch, Budget, Ending, Requires
from .online import Online, online
from .registry import attack
from .run import COLUMNS, AttackRun, Details, Row

__all__ = [
    "COLUMNS",
    "Attack",
    "AttackRun",
    "Batch",
    "Budget",
    "Details",
    "Ending",
    "Online",
    "Requires",
    "Row",
    "attack",
    "online",
]
