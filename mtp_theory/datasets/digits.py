"""Digits 1 and 7 of scikit-learn's handwritten digits: real data that needs no download."""

from __future__ import annotations

import numpy as np

from .dataset import Dataset


def load_digits_1_7() -> Dataset:
    """All 361 images of a 1 (label +1) or a 7 (label -1), 8 x 8 pixels with values 0, 1/16, ..., 1; no test split.

    Source: the test part of "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak, UCI Machine
    Learning Repository, CC BY 4.0, as shipped with scikit-learn (``sklearn.datasets.load_digits``), in its row order.
    """
    from sklearn.datasets import load_digits  # slow to import, so only where it is needed

    digits = load_digits()
    kept = np.isin(digits.target, (1, 7))
    # Pixels are whole numbers 0..16, so X / 16 is exact in float64.
    X = digits.data[kept].astype(np.float64) / 16.0
    y = np.where(digits.target[kept] == 1, 1.0, -1.0)
    return Dataset(X, y, name="digits-1-7")


__all__ = ["load_digits_1_7"]
