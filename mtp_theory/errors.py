"""What goes wrong has one of two names: bad input, or a question that stays open.

The command line prints it as one line and exits with code 2, so a message says
what was wrong, the value that was received and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class MtpError(Exception):
    """What this package raises: an InputError or an UndecidedError."""


class InputError(MtpError, ValueError):
    """Input that cannot be used: what was wrong, the value, what to do."""


class UndecidedError(MtpError, RuntimeError):
    """A solver gave up: the question stays open and no number may be reported."""


def unknown_name(kind: str, name: str, known: Iterable[str]) -> InputError:
    """Error for a name that is not in ``known``, naming the nearest one."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else "nothing is close to it;"
    return InputError(f"unknown {kind} {name!r}: {hint} known: {', '.join(names)}")
