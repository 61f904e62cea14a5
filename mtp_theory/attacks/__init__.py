"""Attacks: they find poisoning points; what they claim about them is checked elsewhere."""

from .kkt import KKTAttack, kkt
from .label_flip import label_flip
from .online import online
from .run import COLUMNS, AttackRun, Row

__all__ = ["COLUMNS", "AttackRun", "KKTAttack", "Row", "kkt", "label_flip", "online"]
