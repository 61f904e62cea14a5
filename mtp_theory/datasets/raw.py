"""Raw files of public data sets: a local folder, then the user's cache, then the public source.

Every file is known by the SHA-256 of its unpacked bytes, wherever it comes from; a packed copy (.gz) is as good.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import platformdirs

from ..errors import InputError

#: Environment variable with the folder that is searched first.
FOLDER_VARIABLE = "MTP_DATA_DIR"
#: Seconds to wait for another process that downloads the same file: the largest is 10 MB.
LOCK_SECONDS = 600.0


T = TypeVar("T")


class AbsentError(InputError):
    """No copy of a file, and its public source cannot be reached."""


@dataclass(frozen=True)
class RawFile:
    """A file by its checksum: ``name`` in subfolder ``folder``, ``size`` bytes unpacked, ``url`` of a public copy."""

    folder: str
    name: str
    size: int
    sha256: str
    url: str

    def check(self, path: Path) -> bytes:
        """The unpacked bytes of the copy at ``path``. Raises InputError where they are not this file's."""
        try:
            with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as handle:
                # One byte more than wanted: a longer file is refused without being read to its end.
                content = handle.read(self.size + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(f"data file {path}: cannot be read ({error}); get it again from {self.url}") from None
        if len(content) > self.size:
            raise InputError(
                f"data file {path}: more than the {self.size} bytes expected; get it again from {self.url}"
            )
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise InputError(
                f"data file {path}: wrong checksum, SHA-256 {found} ({len(content)} bytes), expected {self.sha256}"
                f" ({self.size} bytes); get it again from {self.url}"
            )
        return content


def read_raw(file: RawFile, data_dir: Path | None = None, *, download: bool = True) -> bytes:
    """The unpacked bytes of ``file``: from ``data_dir`` or the folder MTP_DATA_DIR names, the cache, or its source.

    Without ``download`` its source is left alone. A folder holds the file itself or in the subfolder ``file.folder``,
    plain or packed (.gz). Raises InputError: a copy with a wrong checksum (it is never passed over); its kind
    AbsentError: no copy and no way to download one.
    """
    local, cache = local_folder(data_dir), cache_folder()
    for folder in (local, cache):
        found = None if folder is None else _find(file, folder)
        if found is not None:
            return file.check(found)
    if not download:
        raise AbsentError(f"data file {file.name} is not here")
    return _download(file, cache / file.folder, local)


def cache_folder() -> Path:
    """The user's cache of this package; it need not exist."""
    return Path(platformdirs.user_cache_dir("mtp-theory"))


def local_folder(data_dir: Path | None) -> Path | None:
    """``data_dir``, else the folder that MTP_DATA_DIR names, else None. InputError where it does not exist."""
    if data_dir is not None:
        folder, origin = data_dir, "data folder"
    elif os.environ.get(FOLDER_VARIABLE):
        folder, origin = Path(os.environ[FOLDER_VARIABLE]), FOLDER_VARIABLE
    else:
        return None
    if not folder.is_dir():
        raise InputError(f"{origin} {folder}: no such folder; create it or give another one")
    return folder


def _find(file: RawFile, folder: Path) -> Path | None:
    for place in (folder / file.folder, folder):
        for name in (file.name, f"{file.name}.gz"):
            if (place / name).is_file():
                return place / name
    return None


def _download(file: RawFile, folder: Path, local: Path | None) -> bytes:
    # Imported where a download happens: it costs half a second that most runs need not pay.
    import pooch

    def download(arrived: Path) -> None:
        # The checksum is that of the unpacked bytes, so it is compared here and not by pooch.
        pooch.HTTPDownloader(progressbar=False)(file.url, str(arrived), None)

    try:
        return fetch_once(folder / file.url.rpartition("/")[2], download, file.check)
    except InputError as error:
        raise InputError(f"download of {file.url} refused: {error}") from None
    except OSError as error:  # requests' exceptions are OSErrors
        wanted = local if local is not None else "a folder"
        raise AbsentError(
            f"data file {file.name} is not here and could not be downloaded ({type(error).__name__}): get it from"
            f" {file.url}, put it into {wanted}, and name that folder with --data-dir or {FOLDER_VARIABLE}"
        ) from None


def fetch_once(target: Path, fetch: Callable[[Path], None], check: Callable[[Path], T]) -> T:
    """``check(target)``, after ``fetch`` has put the file there under a lock, where another process has not.

    ``fetch`` writes to the path that it is given, of the same name in another folder; the file appears at ``target``
    only after ``check``. Raises InputError for a lock that is never free, and what ``fetch`` and ``check`` raise.
    """
    from filelock import FileLock, Timeout

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.parent / f"{target.name}.lock", timeout=LOCK_SECONDS):
            if target.is_file():  # another process was faster
                return check(target)
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".download-") as part:
                arrived = Path(part) / target.name
                fetch(arrived)
                check(arrived)
                arrived.replace(target)
                return check(target)
    except Timeout:
        raise InputError(
            f"another process has been downloading {target} for {LOCK_SECONDS:.0f} s; stop it and try again"
        ) from None


__all__ = ["FOLDER_VARIABLE", "AbsentError", "RawFile", "cache_folder", "fetch_once", "local_folder", "read_raw"]
