"""Skeletons of every file that a new claim, attack, loss, domain or data set needs, each with the question it answers.

``plan`` says what would be written, ``write`` writes all of it or nothing. In a checkout the files go where the
package's own lie, elsewhere a module and its test go beside each other, and use the public door alone.
"""

from __future__ import annotations

from .kinds import KINDS, TABLES
from .plan import Plan, find_checkout, plan, write

__all__ = ["KINDS", "TABLES", "Plan", "find_checkout", "plan", "write"]
