"""Verdicts on the paper's statements in prose."""

from __future__ import annotations

CONFIRMED, QUALIFIED, NOT_REPRODUCED, NOT_RUN = "confirmed", "qualified", "not reproduced", "not run"

__all__ = ["CONFIRMED", "NOT_REPRODUCED", "NOT_RUN", "QUALIFIED"]
