"""Target models: what an attacker wants the training to end in."""

from __future__ import annotations

from .canonical import canonical

__all__ = ["canonical"]
