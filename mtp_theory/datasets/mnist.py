"""MNIST digits 1 and 7, from the four idx files."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .dataset import Dataset
from .raw import RawFile, read_raw

_SOURCE = "https://ossci-datasets.s3.amazonaws.com/mnist/"


def _file(name: str, size: int, sha256: str) -> RawFile:
    return RawFile("mnist", name, size, sha256, f"{_SOURCE}{name}.gz")


TRAIN_IMAGES = _file(
    "train-images-idx3-ubyte", 47040016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
)
TRAIN_LABELS = _file(
    "train-labels-idx1-ubyte", 60008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
)
TEST_IMAGES = _file(
    "t10k-images-idx3-ubyte", 7840016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
)
TEST_LABELS = _file("t10k-labels-idx1-ubyte", 10008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")


def parse_idx(content: bytes) -> NDArray[np.uint8]:
    """The array in an idx file of unsigned bytes: magic 00 00 08 rank, big-endian lengths, then the elements.

    Raises InputError for another type of element and for lengths that do not fit the content.
    """
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise InputError(f"idx file: starts with {content[:4].hex(' ')}; an array of bytes starts with 00 00 08")
    rank = content[3]
    header = 4 + 4 * rank
    if rank == 0 or len(content) < header:
        raise InputError(f"idx file: rank {rank}, {len(content)} bytes; the header is damaged")
    shape = struct.unpack(f">{rank}I", content[4:header])
    elements = int(np.prod(np.array(shape, dtype=object)))
    if elements != len(content) - header:
        raise InputError(f"idx file: shape {shape} needs {elements} bytes, {len(content) - header} are there")
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape)


def load_mnist_1_7(data_dir: Path | None = None) -> Dataset:
    """MNIST's images of a 1 (label +1) or a 7 (label -1), 28 x 28 pixels as bytes that stand for X / 255.

    13,007 training rows (6,742 + 6,265) and 2,163 test rows (1,135 + 1,028), in the order of the files.
    Source: Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits", CC BY-SA 3.0.
    Raises InputError where the files are missing or have a wrong checksum.
    """
    X, y = _one_and_seven(read_raw(TRAIN_IMAGES, data_dir), read_raw(TRAIN_LABELS, data_dir))
    X_test, y_test = _one_and_seven(read_raw(TEST_IMAGES, data_dir), read_raw(TEST_LABELS, data_dir))
    return Dataset(X, y, X_test, y_test, scale=255.0, name="mnist-1-7")


def _one_and_seven(images: bytes, labels: bytes) -> tuple[NDArray[Any], NDArray[Any]]:
    digits = parse_idx(labels)
    kept = np.flatnonzero((digits == 1) | (digits == 7))
    X = parse_idx(images).reshape(digits.size, -1)[kept]
    return X, np.where(digits[kept] == 1, 1.0, -1.0)


__all__ = ["load_mnist_1_7", "parse_idx"]
