"""Raw files of public data sets: a local folder, then the user's cache, then the public source.

Every file is known by the SHA-256 of its unpacked bytes, wherever it comes from; a packed copy (.gz) is as good.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from ..errors import InputError

#: Environment variable with the folder that is searched first.
FOLDER_VARIABLE = "MTP_DATA_DIR"
#: Seconds to wait for another process that downloads the same file: the largest is 10 MB.
LOCK_SECONDS = 600.0


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


def read_raw(file: RawFile, data_dir: Path | None = None) -> bytes:
    """The unpacked bytes of ``file``: from ``data_dir`` or the folder MTP_DATA_DIR names, the cache, or its source.

    A folder holds the file itself or in the subfolder ``file.folder``, plain or packed (.gz). Raises InputError: a
    copy with a wrong checksum (it is never passed over), no copy and no way to download one.
    """
    local, cache = local_folder(data_dir), cache_folder()
    for folder in (local, cache):
        found = None if folder is None else _find(file, folder)
        if found is not None:
            return file.check(found)
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
    """Fetch into ``folder`` under a lock; the file appears there only after its checksum was found right."""
    # Imported where a download happens: they cost half a second that most runs need not pay.
    import pooch
    from filelock import FileLock, Timeout

    target = folder / file.url.rpartition("/")[2]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{target.name}.lock", timeout=LOCK_SECONDS):
            if target.is_file():  # another process was faster
                return file.check(target)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".download-") as part:
                arrived = Path(part) / target.name
                # The checksum is that of the unpacked bytes, so it is compared here and not by pooch.
                pooch.HTTPDownloader(progressbar=False)(file.url, str(arrived), None)
                content = file.check(arrived)
                arrived.replace(target)
                return content
    except InputError as error:
        raise InputError(f"download of {file.url} refused: {error}") from None
    except Timeout:
        raise InputError(
            f"another process has been downloading {target} for {LOCK_SECONDS:.0f} s; stop it and try again"
        ) from None
    except OSError as error:  # requests' exceptions are OSErrors
        wanted = local if local is not None else "a folder"
        raise InputError(
            f"data file {file.name} is not here and could not be downloaded ({type(error).__name__}): get it from"
            f" {file.url}, put it into {wanted}, and name that folder with --data-dir or {FOLDER_VARIABLE}"
        ) from None


__all__ = ["FOLDER_VARIABLE", "RawFile", "cache_folder", "local_folder", "read_raw"]
