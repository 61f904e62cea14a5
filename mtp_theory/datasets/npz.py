"""Reading and writing npz archives that strangers may have made.

An archive is a zip of ``.npy`` members. Nothing is unpickled, and nothing is allocated before the sizes that the
archive declares have been compared with the sizes that it can really hold. Every fault is an InputError of one line.
"""

from __future__ import annotations

import math
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from ..atomic import replacing
from ..errors import InputError

#: Largest archive that is opened. Below 4 GiB no zip64 records are needed, so their presence is a fault.
MAX_FILE_BYTES = 2**31
#: Largest sum of unpacked members: the biggest data sets here are a hundred times smaller.
MAX_UNPACKED_BYTES = 2**33
#: A data file has at most 10 arrays; a model file a few more of its maker's.
MAX_MEMBERS = 64
#: Deflate expands at most 1032 : 1 (zlib's technical notes), so a member that claims more lies.
MAX_RATIO = 1032
#: A header as numpy writes it, its type without structure; longer ones are not looked at.
HEADER = re.compile(r"\{'descr': '([<>|]\w+)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\), \}\s*")
MAX_HEADER = 1024
#: End record of a zip without comment: signature, ..., entries, directory size, directory offset, comment length.
_END_RECORD = struct.Struct("<4s4H2LH")
#: A directory entry: 46 bytes, a name and extras; 1 KiB for each is ample.
_MAX_DIRECTORY = MAX_MEMBERS * 1024
_ZIP64_LOCATOR = 20
_CHUNK = 2**24


@dataclass(frozen=True)
class Declared:
    """What an array's header says: its shape, type and memory order."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)


Check = Callable[[Mapping[str, Declared], list[str]], None]


def read_npz(
    path: str | os.PathLike[str], what: str = "data", *, only: Collection[str] | None = None, check: Check | None = None
) -> dict[str, NDArray[Any]]:
    """Every array of the archive at ``path`` by name, or those in ``only``; ``what``: the kind of file, for messages.

    Numbers, booleans and text only. ``check`` sees what the headers declare and the names of all arrays before anything
    is unpacked, and raises InputError where they cannot be meant.
    Raises InputError: missing, unreadable, truncated, pickled or hostile file.
    """
    file = Path(path)
    label = f"{what} file {file}"
    if file.is_dir():
        raise InputError(f"{label}: is a folder; give the path of an npz file")
    if not file.exists():
        raise InputError(f"{label}: not found; check the path")
    if not file.is_file():
        raise InputError(f"{label}: is not a regular file; give the path of an npz file")
    try:
        with file.open("rb") as handle:
            entries = _check_end(handle, label)
            size = os.fstat(handle.fileno()).st_size
            with zipfile.ZipFile(handle) as archive:
                members = _check_members(archive, size, label)
                if len(members) != entries:
                    raise InputError(f"{label}: damaged directory, {len(members)} of {entries} arrays; write it again")
                wanted = {name: info for name, info in members.items() if only is None or name in only}
                headers = {name: _header(archive, i, f"{label}: array {name!r}") for name, i in wanted.items()}
                if check is not None:
                    check(headers, list(members))
                return {
                    name: _values(archive, info, headers[name], f"{label}: array {name!r}")
                    for name, info in wanted.items()
                }
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{label}: damaged or truncated ({_line(error)}); write it again") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{label}: cannot be read ({_line(error)})") from None


def _line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text[:200] or type(error).__name__


def _check_end(handle: IO[bytes], label: str) -> int:
    """The zip directory must stand at the end and be small: it is parsed in one piece. Its number of entries."""
    head = handle.read(2)
    if head[:1] == b"\x80":
        raise InputError(f"{label}: is a pickle, which is never read; write it with numpy.savez")
    if head == b"\x93N":
        raise InputError(f"{label}: is one npy array; write it with numpy.savez and name its arrays")
    size = handle.seek(0, os.SEEK_END)
    if size > MAX_FILE_BYTES:
        raise InputError(f"{label}: {size} bytes; at most {MAX_FILE_BYTES} are read")
    tail = _ZIP64_LOCATOR + _END_RECORD.size
    handle.seek(max(0, size - tail))
    end = handle.read(tail)
    if head != b"PK" or len(end) < _END_RECORD.size:
        raise InputError(f"{label}: not an npz file or truncated; write it with numpy.savez")
    signature, *_, entries, directory, offset, comment = _END_RECORD.unpack(end[-_END_RECORD.size :])
    if signature != b"PK\5\6" or comment != 0 or end[:4] == b"PK\6\7":
        raise InputError(f"{label}: truncated, or not written by numpy.savez; write it again")
    if directory > _MAX_DIRECTORY or offset + directory > size:
        raise InputError(f"{label}: archive directory of {directory} bytes; write it with numpy.savez")
    handle.seek(0)
    return int(entries)


def _check_members(archive: zipfile.ZipFile, size: int, label: str) -> dict[str, zipfile.ZipInfo]:
    """Members by array name, after their declared sizes have been found possible."""
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise InputError(f"{label}: {len(infos)} members; at most {MAX_MEMBERS} are read")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename
        shown = ascii(name[:80])
        if not name.endswith(".npy") or "/" in name or "\\" in name:
            raise InputError(f"{label}: member {shown} is not an array; write it with numpy.savez")
        if name[:-4] in members:
            raise InputError(f"{label}: member {shown} stands twice; write it with numpy.savez")
        if info.flag_bits & 1:
            raise InputError(f"{label}: member {shown} is encrypted; write it with numpy.savez")
        if info.compress_type == zipfile.ZIP_STORED:
            possible = info.compress_size
        elif info.compress_type == zipfile.ZIP_DEFLATED:
            possible = MAX_RATIO * info.compress_size
        else:
            raise InputError(f"{label}: member {shown} uses an unusual compression; write it with numpy.savez")
        if info.file_size > possible or info.compress_size > size:
            raise InputError(f"{label}: member {shown} declares {info.file_size} bytes, more than it can hold")
        members[name[:-4]] = info
    total = sum(info.file_size for info in infos)
    if total > MAX_UNPACKED_BYTES:
        raise InputError(f"{label}: unpacks to {total} bytes; at most {MAX_UNPACKED_BYTES} are read")
    return members


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str) -> tuple[IO[bytes], str]:
    """The member's stream behind its header, and the header."""
    stream = archive.open(info)
    start = stream.read(10)
    if len(start) < 10 or start[:6] != b"\x93NUMPY":
        raise InputError(f"{label} is no npy array; write it again")
    if start[6:8] != b"\1\0":
        raise InputError(f"{label} has npy version ({start[6]}, {start[7]}); write it with numpy.savez")
    length = int.from_bytes(start[8:], "little")
    if length > MAX_HEADER:
        raise InputError(f"{label} has a header of {length} bytes; write it with numpy.savez")
    return stream, stream.read(length).decode("latin-1")


def _header(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str) -> Declared:
    """What the header declares, once it is what the member holds. It is matched, never evaluated."""
    stream, text = _open(archive, info, label)
    with stream:
        match = HEADER.fullmatch(text)
        if match is None:
            raise InputError(
                f"{label} has a dtype or a header that is not read ({text[:60]!a}); write it with numpy.savez"
            )
        descr, fortran, lengths = match.groups()
        try:
            dtype = np.dtype(descr)
        except TypeError:
            raise InputError(f"{label} has dtype {descr}; store plain numbers") from None
        if dtype.hasobject:
            raise InputError(f"{label} holds pickled Python objects, which are never read; store plain numbers")
        if dtype.kind not in "biufcUS" or dtype.itemsize == 0:
            raise InputError(f"{label} has dtype {dtype}; store plain numbers")
        declared = Declared(tuple(int(v) for v in lengths.split(",") if v.strip()), dtype, fortran == "True")
        nbytes, present = declared.size * dtype.itemsize, info.file_size - stream.tell()
    if nbytes != present:
        shape, wanted = str(declared.shape)[:80], str(nbytes)[:30]
        raise InputError(f"{label} declares shape {shape} of {dtype}, {wanted} bytes, but holds {present}")
    return declared


def _values(archive: zipfile.ZipFile, info: zipfile.ZipInfo, declared: Declared, label: str) -> NDArray[Any]:
    stream, _ = _open(archive, info, label)
    with stream:
        array = np.empty(declared.size, dtype=declared.dtype)
        done, nbytes = 0, array.nbytes
        # Text has no buffer of its own kind; its bytes do.
        view = array.view(np.uint8)
        while done < nbytes:
            chunk = stream.read(min(_CHUNK, nbytes - done))
            if not chunk:
                raise InputError(f"{label} is truncated: {done} of {nbytes} bytes; write it again")
            view[done : done + len(chunk)] = np.frombuffer(chunk, dtype=np.uint8)
            done += len(chunk)  # zipfile compares the checksum with the last chunk
    return array.reshape(declared.shape, order="F" if declared.fortran else "C")


def write_npz(path: str | os.PathLike[str], arrays: Mapping[str, Any]) -> None:
    """Write the arrays as a compressed npz in one step: the old file or the whole new one is there, never a part.

    Raises InputError for Python objects and where the file system refuses (no folder, no permission, disk full).
    """
    file = Path(path)
    if file.is_dir():
        raise InputError(f"cannot write {file}: a folder; give the name of a file")
    ready = {name: np.asarray(value) for name, value in arrays.items()}
    for name, array in ready.items():
        if array.dtype.hasobject:
            raise InputError(f"array {name!r} holds Python objects, which are never stored; give plain numbers or text")
    try:
        with replacing(file) as handle, zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, array in ready.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    npy.write_array(member, array, allow_pickle=False)
    except OSError as error:
        raise InputError(f"cannot write {file}: {error.strerror or _line(error)}") from None


__all__ = ["MAX_FILE_BYTES", "MAX_MEMBERS", "MAX_UNPACKED_BYTES", "Declared", "read_npz", "write_npz"]
