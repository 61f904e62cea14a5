"""Confirm before writing: the one place where finders meet a checker, and only as any user would.

A certificate goes out as the bytes of its file and a verdict comes back; nothing else is shared.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..atomic import write_text
from ..certificates import verify
from ..certificates.format import text
from ..datasets import Dataset
from ..errors import InputError, UndecidedError
from ..losses import Array


def confirmed(top: Mapping[str, object], data: Dataset, points: tuple[Array, Array] | None = None) -> str | None:
    """None where the checker accepts the certificate, else its reason. ``points``: X (k, d) and y (k,) of a run."""
    verdict = verify(text(top).encode(), data, points)
    return None if verdict.valid else verdict.reason


def save(
    path: str | os.PathLike[str], top: Mapping[str, object], data: Dataset, points: tuple[Array, Array] | None = None
) -> None:
    """Confirm and write in one step. Raises UndecidedError where the certificate does not close."""
    if Path(path).is_dir():
        raise InputError(f"cannot write {path}: a folder; give the name of a file")
    reason = confirmed(top, data, points)
    if reason is not None:
        raise UndecidedError(f"certificate not written: {reason}")
    file = Path(path)
    try:
        write_text(file, text(top))
    except OSError as error:
        raise InputError(f"cannot write {file}: {error.strerror}") from None


__all__ = ["confirmed", "save"]
