"""Command line: ``mtp-theory COMMAND``; every command takes ``--json``.

Exit codes: 0 holds or done, 1 violated or invalid, 2 bad input or usage, 3 undecided or stalled.
"""

from .app import main

__all__ = ["main"]
