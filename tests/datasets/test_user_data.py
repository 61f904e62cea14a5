"""Data as users have them: any numbers, frames, sparse matrices, labels of any two kinds."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

import mtp_theory as mtp
from mtp_theory.datasets import Dataset, load, save
from mtp_theory.domains import MixedBox
from mtp_theory.errors import InputError
from mtp_theory.training import train

X = np.array([[0.0, 1.0], [0.5, 0.25], [1.0, 0.0], [0.0, 0.0]])
Y = np.array([1.0, -1.0, 1.0, -1.0])


class Frame:
    """The least that pandas' and polars' frames have in common."""

    def __init__(self, **columns: Any) -> None:
        self._columns = {name: np.asarray(values) for name, values in columns.items()}
        self.columns = list(columns)

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name]

    def to_numpy(self) -> np.ndarray:
        return np.column_stack(list(self._columns.values()))


def refused(word: str, *args: Any, **keywords: Any) -> None:
    with pytest.raises(InputError) as caught:
        Dataset(*args, **keywords)
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_name_is_a_keyword() -> None:
    refused("name='t'", "t", X)
    assert Dataset(X, Y).name == "data"


@pytest.mark.parametrize("dtype", [np.longdouble, np.int64, np.uint32, object, np.float16, bool])
def test_any_numbers(dtype: Any) -> None:
    rows = np.array([[0, 1], [1, 0], [1, 1], [0, 0]]).astype(dtype)
    assert Dataset(rows, Y).identity == Dataset(rows.astype(float), Y).identity


def test_numbers_that_float64_cannot_hold_are_refused() -> None:
    if np.finfo(np.longdouble).eps == np.finfo(np.float64).eps:
        pytest.skip("long double is float64 on this machine")
    refused("values that float64 cannot hold", X.astype(np.longdouble) + np.longdouble(1) / 3, Y)
    refused("beyond 2^53", sp.csr_matrix(np.array([[2**60, 1]] * 4)), Y)


def test_rows_that_are_none() -> None:
    refused("holds 'a' in column 1", np.array([[1, "a"]] * 4, dtype=object), Y)
    refused("no rectangular array", [[1, 2], [3]], Y)
    refused("masked entries", np.ma.masked_values(X, 0.25), Y)
    refused(
        "X has the value nan at row 1, feature 0", sp.csr_matrix(np.array([[0, 0], [np.nan, 1], [1, 1], [0, 1]])), Y
    )


LABELS = {
    "bool": ([True, False, True, False], True),
    "zero and one": ([1, 0, 1, 0], 1),
    "zero is positive": ([0, 1, 0, 1], 0),
    "words": (["spam", "ham", "spam", "ham"], "spam"),
    "objects": (np.array(["b", "a", "b", "a"], dtype=object), "b"),
    "column": (np.array([[2.0], [7.0], [2.0], [7.0]]), 2),
    "turned": (-Y, -1),
}


@pytest.mark.parametrize("case", LABELS)
def test_labels_of_any_two_kinds(case: str) -> None:
    y, positive = LABELS[case]
    data = Dataset(X, y, X, y, positive=positive)
    assert data.y.tolist() == Y.tolist() == data.y_test.tolist()
    if case != "turned":
        refused("name the one that is +1", X, y)


def test_labels_that_cannot_be_read() -> None:
    refused("positive='Spam' is none of the labels 'ham', 'spam'", X, LABELS["words"][0], positive="Spam")
    refused("keep = np.isin(y, [2, 1]), then X[keep], y[keep] and positive=2", X, [1, 2, 3, 1], positive=2)
    refused("5 kinds of labels", X, [1, 2, 3, 4], X[:1], [5])
    refused("label None at row 1 of y", X, [1, None, 1, 0], positive=1)
    refused("label nan at row 2 of y", X, [1, 0, np.nan, 0], positive=1)
    refused("3 kinds", X, Y, X[:1], [0])


def test_three_classes_message_works_as_told() -> None:
    rows, y = np.vstack([X, X]), np.array(list("abcabcab"))
    with pytest.raises(InputError) as caught:
        Dataset(rows, y)
    assert "keep = np.isin(y, ['a', 'b'])" in str(caught.value)
    keep = np.isin(y, ["a", "b"])
    assert Dataset(rows[keep], y[keep], positive="a").n == 6


def test_frames_by_columns() -> None:
    frame = Frame(age=[1, 2, 3, 4], tall=[True, False, True, False])
    data = Dataset(frame, Y)
    assert data.feature_names == ("age", "tall")
    assert data.X.tolist() == [[1, 1], [2, 0], [3, 1], [4, 0]]
    refused("column 'job' of X holds 'clerk', which is no number", Frame(age=[1, 2, 3, 4], job=["clerk"] * 4), Y)
    refused("feature 1 ('b')", Frame(a=[1, 2, 3, 4], b=[1.0, np.inf, 0, 0]), Y)
    refused("column 0 is 'a' in X and 'b' in X_test", Frame(a=[1] * 4, b=[2] * 4), Y, Frame(b=[1], a=[2]), [1])
    refused("2 feature names for 3", np.ones((4, 3)), Y, feature_names=("a", "b"))


CENSUS = {"age": [20, 30, 40, 50], "job": ["smith", "clerk", "clerk", "smith"], "rich": ["no", "yes", "yes", "no"]}


def test_from_frame_encodes_and_fills_groups() -> None:
    data = Dataset.from_frame(Frame(**CENSUS), "rich", positive="yes", integer=["age"], upper={"age": 90})
    assert data.feature_names == ("age", "job=clerk", "job=smith")
    assert data.X.tolist() == [[20, 0, 1], [30, 1, 0], [40, 1, 0], [50, 0, 1]]
    assert data.y.tolist() == [-1, 1, 1, -1]
    assert (data.groups.tolist(), data.group_rule) == ([-1, 0, 0], "exactly_one")
    assert (data.lower.tolist(), data.upper.tolist()) == ([20, 0, 0], [90, 1, 1])
    assert data.integer.all()
    data.check_clean()
    domain = data.domain()
    assert isinstance(domain, MixedBox)
    assert domain.contains([33, 0, 1])
    assert not domain.contains([33, 1, 1])


def test_from_frame_with_test_rows_and_chosen_columns() -> None:
    test = Frame(age=[20, 60], job=["nurse", "clerk"], rich=["no", "yes"])
    data = Dataset.from_frame(Frame(**CENSUS), "rich", X_test=test, positive="yes", categorical=["job", "age"])
    assert data.feature_names[:2] == ("age=20", "age=30")
    assert data.feature_names[-3:] == ("job=clerk", "job=nurse", "job=smith")
    assert data.X_test.sum() == 4
    data.check_clean()
    for words, keywords in {
        "unknown column 'jbo': did you mean 'job'": {"categorical": ["jbo"]},
        "column 'job' of X holds 'smith'": {"categorical": ["age"]},
        "unknown feature 'jobs'": {"integer": ["jobs"]},
    }.items():
        with pytest.raises(InputError) as caught:
            Dataset.from_frame(Frame(**CENSUS), "rich", positive="yes", **keywords)
        assert words in str(caught.value)
    with pytest.raises(InputError, match="holds nan at row 1; a category"):
        Dataset.from_frame(Frame(job=np.array(["a", np.nan, "b", "a"], dtype=object)), Y)
    with pytest.raises(InputError, match="ndarray is no data frame"):
        Dataset.from_frame(X, Y)


def test_pandas_frames() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(CENSUS)
    one = Dataset.from_frame(frame, "rich", positive="yes")
    assert one.identity == Dataset.from_frame(Frame(**CENSUS), "rich", positive="yes").identity
    hot = pd.get_dummies(frame[["job", "age"]])
    assert hot["job_clerk"].dtype.kind == "b"
    two = Dataset(hot, frame["rich"], positive="yes", groups=[-1, 0, 0], group_rule="exactly_one", lower=[20, 0, 0],
                  upper=[50, 1, 1])  # fmt: skip
    assert two.identity == one.identity
    refused("column 'job' of X holds 'smith'", frame[["age", "job"]], frame["rich"], positive="yes")
    category = frame.assign(job=frame["job"].astype("category"))
    assert Dataset.from_frame(category, "rich", positive="yes").identity == one.identity
    nullable = pd.DataFrame({"a": pd.array([1, 0, 1, None], dtype="Int64")})
    refused("the value nan at row 3, feature 0 ('a')", nullable, Y)
    assert Dataset(nullable.fillna(0), Y).X[:, 0].tolist() == [1, 0, 1, 0]
    twice = pd.DataFrame(X, columns=["a", "a"])
    refused("two columns 'a'", twice, Y)
    refused("holds datetime.datetime(2020", pd.DataFrame({"day": pd.to_datetime(["2020-01-01"] * 4)}), Y)


def test_polars_frames() -> None:
    pl = pytest.importorskip("polars")
    one = Dataset.from_frame(pl.DataFrame(CENSUS), "rich", positive="yes")
    assert one.identity == Dataset.from_frame(Frame(**CENSUS), "rich", positive="yes").identity
    assert Dataset(pl.DataFrame({"a": [1, 2, 3, 4]}), pl.Series([1, -1, 1, -1])).d == 1
    refused("value nan at row 1", pl.DataFrame({"a": [1, None, 3, 4]}), Y)


def test_no_frame_package_is_imported() -> None:
    code = "import sys, mtp_theory.datasets; sys.exit(bool({'pandas', 'polars', 'pyarrow'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.integers(0, 2**32 - 1), st.sampled_from(["csr", "csc", "coo", "lil", "dok"]), st.booleans())
def test_sparse_rows_are_the_dense_ones(seed: int, layout: str, marked: bool) -> None:
    rng = np.random.default_rng(seed)
    rows = (rng.integers(0, 3, (7, 5)) * (rng.random((7, 5)) < 0.4)).astype([np.float64, np.int8][seed % 2])
    y = np.array([1, -1, 1, -1, 1, -1, 1])
    marks: dict[str, Any] = {"integer": np.ones(5, bool)} if marked else {}
    thin = Dataset(sp.coo_array(rows).asformat(layout), y, sp.csr_array(rows[:2]), y[:2], **marks)
    full = Dataset(rows, y, rows[:2], y[:2], **marks)
    assert sp.issparse(thin.X)
    assert sp.issparse(thin.problem("hinge", 0.1).X)
    assert thin.identity == full.identity
    assert (thin.lower.tolist(), thin.upper.tolist()) == (full.lower.tolist(), full.upper.tolist())
    thin.check_clean()


def test_sparse_entries_that_stand_twice_are_added_and_the_users_matrix_stays() -> None:
    given_rows = sp.csr_matrix((np.array([1.0, 2.0]), np.array([0, 0]), np.array([0, 2, 2, 2, 2])), shape=(4, 2))
    data = Dataset(given_rows, Y)
    assert data.X.toarray()[0, 0] == 3
    assert given_rows.nnz == 2
    off = Dataset(sp.csr_matrix(X), Y, integer=[True, False])
    with pytest.raises(InputError, match=r"row 1, feature 0 is 0\.5 but"):
        off.check_clean()


def test_sparse_data_set_is_never_unpacked_as_a_whole() -> None:
    rows = sp.random(4000, 1899, density=0.01, format="csr", random_state=np.random.default_rng(0))
    y = np.where(np.arange(4000) % 2, 1, -1)
    tracemalloc.start()
    data = Dataset(rows, y)
    assert len(data.identity) == 64
    data.check_clean()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4000 * 1899 * 8 / 2


def test_sparse_data_set_in_a_file_and_in_training(tmp_path: Any) -> None:
    digits = load("digits-1-7")
    thin = Dataset(sp.csr_matrix(digits.X), digits.y, name="digits")
    save(thin, tmp_path / "d.npz")
    assert load(tmp_path / "d.npz").identity == thin.identity == digits.identity
    one, two = (train(data.problem("hinge", 0.09)) for data in (thin, digits))
    assert one.objective == pytest.approx(two.objective, abs=1e-9)


def test_sparse_data_set_is_bounded_attacked_and_verified_as_the_dense_one(tmp_path: Any) -> None:
    rng = np.random.default_rng(1)
    y = np.repeat([1.0, -1.0], 12)
    rows = ((rng.random((24, 4)) + 0.2 * y[:, None]) > 0.5).astype(float)
    answers = []
    for X in (rows, sp.csr_array(rows)):
        data = Dataset(X, y, X, y, integer=np.ones(4, bool))
        target = data.problem("hinge", 0.1).target([-0.5, 0.25, -0.5, 0.25, 0.125])
        answer = mtp.bound(target)
        answer.save(tmp_path / "c.json")
        assert mtp.verify(tmp_path / "c.json", data).valid
        run = mtp.attack(target, "online", max_points=3)
        run.save(tmp_path / "run", data=data, poisoned=True)
        stored = load(tmp_path / "run" / "poisoned.npz")
        answers.append((answer.lower, answer.upper, run.X.tolist(), stored.identity, stored.n))
    assert answers[0] == answers[1]
    assert answers[0][-1] == 27


def test_answers_name_the_columns():
    pytest.importorskip("pandas")
    rng = np.random.default_rng(3)
    y = np.repeat([1.0, -1.0], 8)
    X = np.clip(rng.normal(0.5, 0.2, (16, 2)) + 0.15 * y[:, None], 0, 1)
    for names, columns in ((("age", "height"), ["age", "height"]), (None, ["feature 0", "feature 1"])):
        target = Dataset(X, y, feature_names=names).problem("hinge", 0.1).target([0.8, -0.4, 0.1])
        far, run, answer = target.distance(np.zeros(3)), mtp.attack(target, max_points=2), mtp.bound(target)
        assert far.to_pandas().loc[0, columns].tolist() == far.x.tolist()
        for points, found in ((run.points_to_pandas(), run.X), (answer.points_to_pandas(), answer.X)):
            assert list(points.columns) == [*columns, "label"]
            assert points[columns].to_numpy().tolist() == found.tolist()
    assert target.problem.dataset.feature_names is None
