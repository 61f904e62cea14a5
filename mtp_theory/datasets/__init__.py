"""Data sets: digits 1-7 (embedded), Adult, MNIST 1-7, Dogfish, and npz files of one's own.

``load`` is the one entry: a registered name or the path of a data file. Raw files of Adult and MNIST are looked for
in ``data_dir`` or the folder MTP_DATA_DIR names, then in the user's cache, then downloaded; Dogfish is brought.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import unknown_name
from .adult import PAPER_CLUSTERS, adult_clusters, adult_columns, load_adult
from .dataset import Dataset
from .digits import load_digits_1_7
from .dogfish import load_dogfish
from .files import convert, load_model, read_dataset, save, save_model
from .mnist import load_mnist_1_7


@dataclass(frozen=True)
class _Entry:
    description: str
    load: Callable[[Path | None], Dataset]


_REGISTRY: dict[str, _Entry] = {
    "digits-1-7": _Entry(
        "scikit-learn's handwritten digits 1 and 7: 361 rows, 64 features, no download",
        lambda data_dir: load_digits_1_7(),
    ),
    "mnist-1-7": _Entry("MNIST digits 1 and 7: 13,007 rows, 784 features, test split", load_mnist_1_7),
    "adult": _Entry(
        "UCI Adult with the rows the paper used (62 % positive): 15,682 rows, 57 features, test split", load_adult
    ),
    "adult-balanced": _Entry(
        "UCI Adult with balanced classes, as the paper describes it: 15,682 rows, 57 features, test split",
        lambda data_dir: load_adult(data_dir, balanced=True),
    ),
    "dogfish": _Entry(
        "Inception features of dogs and fish; bring the two files: 1,800 rows, 2,048 features", load_dogfish
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


__all__ = [
    "PAPER_CLUSTERS",
    "Dataset",
    "adult_clusters",
    "adult_columns",
    "convert",
    "load",
    "load_adult",
    "load_digits_1_7",
    "load_dogfish",
    "load_mnist_1_7",
    "load_model",
    "names",
    "read_dataset",
    "save",
    "save_model",
]
