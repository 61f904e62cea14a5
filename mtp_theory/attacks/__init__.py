"""Attacks: they find poisoning points; what they claim about them is checked elsewhere."""

from .online import online
from .run import COLUMNS, AttackRun, Row

__all__ = ["COLUMNS", "AttackRun", "Row", "online"]
