"""Adult: the parser on a few rows of the format, and the rebuilt arrays where the raw files are at hand."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from mtp_theory.datasets import PAPER_CLUSTERS, adult_clusters, adult_columns, load, load_adult
from mtp_theory.datasets.adult import _choose, _features, _rows
from mtp_theory.domains import MixedBox
from mtp_theory.errors import InputError

TEXT = b"""39, State-gov, 77516, Bachelors, 13, Never-married, ?, Husband, White, Male, 2000, 0, 40, Cuba, <=50K
19, ?, 77516, Bachelors, 9, Divorced, Sales, Wife, Black, Female, 0, 100, 20, ?, >50K
29, Private, 77516, Masters, 1, Divorced, Sales, Wife, White, Male, 500, 50, 30, Cuba, <=50K

"""


def test_parser_on_the_format() -> None:
    rows = _rows(b"|1x3 Cross validator\n" + TEXT, header=True)
    assert rows.shape == (3, 15)
    np.testing.assert_array_equal(rows, _rows(TEXT, header=False))
    X, group, names = _features(rows)
    # age by its range; gain, loss and hours by the maximum, after the minimum is taken off.
    np.testing.assert_allclose(X[:, :4], [[1, 1, 0, 0.5], [0, 0, 1, 0], [0.5, 0.25, 0.5, 0.25]], atol=1e-7)
    assert names[4:] == [
        "workclass=Private",
        "workclass=State-gov",
        "education-num=9",
        "education-num=13",
        "marital-status=Never-married",
        "occupation=Sales",
        "relationship=Wife",
        "race=White",
        "sex=Male",
    ]
    assert X[0, 4:].tolist() == [0, 1, 0, 1, 1, 0, 0, 1, 1]
    assert X[1, 4:].tolist() == [0, 0, 1, 0, 0, 1, 1, 0, 0]
    assert group.tolist() == [-1, -1, -1, -1, 0, 0, 1, 1, 2, 3, 4, 5, 6]


def test_the_draw_of_rows_and_its_slip() -> None:
    y = np.where(np.arange(40) % 4 == 0, 1.0, -1.0)
    slipped, _ = _choose(y, y, balanced=False)
    balanced, test = _choose(y, y, balanced=True)
    assert y[balanced].sum() == 0
    assert y[test].sum() == 0
    assert y[slipped].sum() > 0
    assert slipped.max() == 36  # the last positive row; drawn numbers stay below the count of negatives


def test_clusters_need_57_features() -> None:
    with pytest.raises(InputError, match=r"give \(n, 57\)"):
        adult_clusters(np.zeros((2, 56)))


def test_arrays_are_those_of_the_paper(data_dir: Path) -> None:
    data = load("adult", data_dir=data_dir)
    assert (data.n, data.d, data.y_test.size) == (15682, 57, 7692)
    assert hashlib.sha256(data.X.tobytes()).hexdigest()[:16] == "a1a5f3c983466584"
    assert hashlib.sha256(data.y.astype(np.int64).tobytes()).hexdigest()[:16] == "b544c471786041bb"
    assert data.X.sum() == pytest.approx(106739.814, abs=5e-4)
    assert ((data.y == 1).sum(), (data.y_test == 1).sum()) == (9724, 4778)
    assert np.unique(data.X, axis=0).shape[0] == 12581
    data.check_clean()


def test_arrays_equal_an_independent_rebuild(data_dir: Path) -> None:
    file = data_dir / "adult" / "adult_paper.npz"
    if not file.is_file():
        pytest.skip("adult_paper.npz, an independent rebuild of the paper's arrays, is not beside the raw files")
    data, stored = load("adult", data_dir=data_dir), np.load(file)
    np.testing.assert_array_equal(data.X, stored["X_train"])
    np.testing.assert_array_equal(data.y, stored["y_train"])
    np.testing.assert_array_equal(data.X_test, stored["X_test"])
    np.testing.assert_array_equal(data.y_test, stored["y_test"])
    # The rebuild spells the columns' own names otherwise; the levels in their order are the same.
    levels = [name.rpartition("=")[2] for name in adult_columns(data_dir)]
    assert levels == [name.rpartition("_")[2].removesuffix(".0") for name in stored["columns"].tolist()]
    np.testing.assert_array_equal(adult_clusters(data.X), stored["cluster_k20_train"])
    np.testing.assert_array_equal(adult_clusters(data.X_test), stored["cluster_k20_test"])


def test_subpopulation_sizes_are_those_of_the_paper(data_dir: Path) -> None:
    data = load("adult", data_dir=data_dir)
    train = [int(((adult_clusters(data.X) == c) & (data.y < 0)).sum()) for k in PAPER_CLUSTERS.values() for c in k]
    test = [
        int(((adult_clusters(data.X_test) == c) & (data.y_test < 0)).sum()) for k in PAPER_CLUSTERS.values() for c in k
    ]
    assert train == [403, 309, 574, 530, 438, 668]
    assert test == [188, 144, 290, 270, 214, 330]


def test_balanced_variant_is_balanced(data_dir: Path) -> None:
    data = load("adult-balanced", data_dir=data_dir)
    assert (data.n, data.y_test.size) == (15682, 7692)
    assert data.y.sum() == 0
    assert data.y_test.sum() == 0
    data.check_clean()


def test_domain_is_the_set_the_published_attack_searches(data_dir: Path) -> None:
    plain, grouped = load("adult", data_dir=data_dir), load_adult(data_dir, groups=True)
    assert isinstance(plain.domain(), MixedBox)
    assert plain.integer.tolist() == [False] * 4 + [True] * 53
    assert np.all(plain.groups == -1)
    assert [m.size for m in grouped.domain().group_members()] == [8, 15, 6, 14, 5, 4, 1]
    grouped.check_clean()
    assert plain.identity != grouped.identity
