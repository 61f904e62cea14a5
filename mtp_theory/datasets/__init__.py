"""Data sets: digits 1-7 (embedded), and npz files.

``load`` is the one entry: a registered name or the path of a data file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import unknown_name
from .dataset import Dataset
from .digits import digits_1_7
from .files import load_model, read_dataset, save, save_model


@dataclass(frozen=True)
class _Entry:
    description: str
    load: Callable[[Path | None], Dataset]


_REGISTRY: dict[str, _Entry] = {
    "digits-1-7": _Entry(
        "scikit-learn's handwritten digits 1 and 7: 361 rows, 64 features, no download", lambda data_dir: digits_1_7()
    ),
}


def names() -> list[tuple[str, str]]:
    """Registered data sets: name and one-line description of each."""
    return [(name, entry.description) for name, entry in _REGISTRY.items()]


def load(name_or_path: str | os.PathLike[str], *, data_dir: str | os.PathLike[str] | None = None) -> Dataset:
    """The registered data set of that name, or the data file at that path (ending in .npz, or existing).

    ``data_dir``: folder that is searched first for raw files. Raises InputError: unknown name (with the nearest
    one), missing or damaged file, data that does not meet the data file's rules.
    """
    name = os.fspath(name_or_path)
    if name in _REGISTRY:
        return _REGISTRY[name].load(None if data_dir is None else Path(data_dir))
    if name.endswith(".npz") or Path(name).exists():
        return read_dataset(name)
    raise unknown_name("data set", name, _REGISTRY)


__all__ = ["Dataset", "load", "load_model", "names", "read_dataset", "save", "save_model"]
