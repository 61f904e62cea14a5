"""Files written whole or not at all: beside their place and then renamed; what killed processes left is removed."""

from __future__ import annotations

import os
import platform
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

#: ``.NAME.HOST-PROCESS-TOKEN.part``: whose it is can be told, so that those of a dead process go at once.
_PART = re.compile(r"\.(?P<name>.+)\.(?P<host>[0-9a-f]{8})-(?P<process>[0-9]+)-[0-9a-f]{12}\.part")
#: Others (of another machine, or of a system that cannot be asked) are taken for dead after an hour: no file of ours
#: takes a minute to write.
STALE_SECONDS = 3600.0


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content replaces the file at the end: a process killed at any point leaves the old one or the new.

    What earlier processes left of this file is removed first. Raises OSError with the file's own name.
    """
    try:
        clean(path.parent, path.name)
        part = path.with_name(f".{path.name}.{_host()}-{os.getpid()}-{secrets.token_hex(6)}.part")
        try:
            with part.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def write_text(path: Path, content: str) -> None:
    """Replace the file by this text, in UTF-8 and with its line ends as they are."""
    with replacing(path) as stream:
        stream.write(content.encode())


def clean(folder: Path, *names: str) -> None:
    """Remove what killed processes left half-written in the folder; with names: of those files alone."""
    if folder.is_dir():
        for path in folder.glob(".*.part"):
            found = _PART.fullmatch(path.name)
            if found and (not names or found["name"] in names) and _left(path, found["host"], int(found["process"])):
                path.unlink(missing_ok=True)


def _left(path: Path, host: str, process: int) -> bool:
    """Is the process that writes it gone?"""
    if host == _host() and os.name == "posix":
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):
            # it runs and is another user's, or no process has such a number: left for its age
            pass
        else:
            return False
    try:
        return time.time() - path.stat().st_mtime > STALE_SECONDS
    except FileNotFoundError:
        return False


def _host() -> str:
    return f"{crc32(platform.node().encode()):08x}"


__all__ = ["STALE_SECONDS", "clean", "replacing", "write_text"]
