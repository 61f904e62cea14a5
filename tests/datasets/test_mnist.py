"""MNIST: the idx format, and the 1-7 rows where the raw files are at hand."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from mtp_theory.datasets import load
from mtp_theory.datasets.mnist import _one_and_seven, parse_idx
from mtp_theory.errors import InputError


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@given(arrays(np.uint8, array_shapes(min_dims=1, max_dims=4)))
def test_idx_round_trip(array: np.ndarray) -> None:
    np.testing.assert_array_equal(parse_idx(idx(array)), array)


@given(arrays(np.uint8, (3, 2)), st.integers(0, 17))
def test_cut_idx_is_refused(array: np.ndarray, length: int) -> None:
    with pytest.raises(InputError, match="idx file"):
        parse_idx(idx(array)[:length])


@pytest.mark.parametrize(
    "content",
    [
        b"\0\0\x0d\1\0\0\0\1\0\0\0\0",
        idx(np.zeros(3, np.uint8)) + b"x",
        b"\0\0\x08\0",
        b"\0\0\x08\3" + b"\xff" * 12,
        b"PNG.",
    ],
)
def test_other_content_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="idx file"):
        parse_idx(content)


def test_rows_of_ones_and_sevens_in_file_order() -> None:
    images = np.arange(5 * 2 * 2, dtype=np.uint8).reshape(5, 2, 2)
    X, y = _one_and_seven(idx(images), idx(np.array([7, 3, 1, 0, 7], dtype=np.uint8)))
    assert X[:, 0].tolist() == [0, 8, 16]
    assert y.tolist() == [-1, 1, -1]


def test_mnist_1_7(data_dir: Path) -> None:
    data = load("mnist-1-7", data_dir=data_dir)
    assert data.X.shape == (13007, 784)
    assert data.X_test.shape == (2163, 784)
    assert (data.X.dtype, data.scale) == (np.uint8, 255.0)
    assert ((data.y == 1).sum(), (data.y_test == 1).sum()) == (6742, 1135)
    assert (data.lower.max(), data.upper.min()) == (0, 1)
    data.check_clean()
