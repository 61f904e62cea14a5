"""Dataset: defaults, identity, what the Python API accepts and the loaders reject."""

from __future__ import annotations

import hashlib
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mtp_theory.datasets import Dataset, load
from mtp_theory.domains import Box, MixedBox
from mtp_theory.errors import InputError

X = np.array([[0.0, 1.0], [0.5, 0.25], [1.0, 0.0]])
Y = np.array([1.0, -1.0, 1.0])


def test_bounds_are_zero_and_one_where_the_data_lie_there() -> None:
    data = Dataset(X[:, :] * 0.5, Y, name="t")
    assert data.lower.tolist() == [0, 0]
    assert data.upper.tolist() == [1, 1]
    assert isinstance(data.domain(), Box)


def test_bounds_are_the_column_range_elsewhere() -> None:
    data = Dataset(X * [2.0, -1.0], Y, name="t")
    assert data.lower.tolist() == [0, -1]
    assert data.upper.tolist() == [2, 0]
    assert Dataset(X * [1.0, -1.0], Y, name="t").lower.tolist() == [0, -1]


def test_scaled_bytes_mean_the_quotient() -> None:
    bytes_ = Dataset(np.array([[0, 255], [51, 0]], dtype=np.uint8), [1, -1], scale=255, name="t")
    floats = Dataset(np.array([[0, 1.0], [0.2, 0]]), [1, -1], name="t")
    assert bytes_.upper.tolist() == [1, 1]
    theta = np.array([0.3, -0.7, 0.1])
    one, two = bytes_.problem("hinge", 0.1), floats.problem("hinge", 0.1)
    assert one.X is bytes_.X
    np.testing.assert_allclose(one.margins(theta), two.margins(theta), rtol=1e-15)


def test_one_bound_given_leaves_the_other_at_its_default() -> None:
    data = Dataset(X, Y, upper=np.array([3.0, 2.0]), name="t")
    assert data.lower.tolist() == [0, 0]
    assert data.upper.tolist() == [3, 2]


def test_integer_and_groups_make_a_mixed_box() -> None:
    data = Dataset(np.array([[0.5, 1, 0], [0.1, 0, 1]]), [1, -1], groups=np.array([-1, 4, 4]), name="t")
    domain = data.domain()
    assert isinstance(domain, MixedBox)
    assert data.integer.tolist() == [False, True, True]
    assert domain.group_members()[0].tolist() == [1, 2]


def test_other_numbers_become_float64_and_kept_types_are_not_copied() -> None:
    for dtype in (np.int16, np.bool_, np.float16, ">f8"):
        assert Dataset(np.array([[0, 1], [1, 0]], dtype=dtype), [1, -1], name="t").X.dtype == np.float64
    for dtype in (np.float64, np.float32, np.uint8):
        kept = np.array([[0, 1], [1, 0]], dtype=dtype)
        assert np.shares_memory(Dataset(kept, [1, -1], name="t").X, kept)


def test_python_api_accepts_one_class_and_rows_outside_the_box() -> None:
    for data in (Dataset(X, np.ones(3), name="t"), Dataset(X, Y, upper=np.array([0.5, 1.0]), name="t")):
        assert data.problem("logistic", 1.0).n_points == 3
        with pytest.raises(InputError):
            data.check_clean()


BAD = {
    "X has the value nan at row 1, feature 0": {"X": np.array([[0, 0], [np.nan, 1], [0, 1]])},
    "X has the value inf": {"X": np.array([[np.inf, 0], [0, 1], [0, 1]])},
    "X has dtype complex128": {"X": X + 1j},
    "X has dtype <U1": {"X": np.full((3, 2), "a")},
    "X has shape (3,)": {"X": Y},
    "X has shape (0, 2)": {"X": np.empty((0, 2))},
    "beyond 2^53": {"X": np.array([[2**60, 0], [0, 1], [1, 1]])},
    "3 kinds of labels, -1, 0, 1": {"y": np.array([1, -1, 0])},
    "label nan at row 0": {"y": np.array([np.nan, 1, -1])},
    "y has shape (2,)": {"y": Y[:2]},
    "3 kinds of labels, 'a', 'b', 'c'": {"y": np.array(list("abc"))},
    "scale 0": {"scale": 0, "X": X.astype(np.uint8)},
    "scale nan": {"scale": np.nan, "X": X.astype(np.uint8)},
    "a scale is for uint8 X": {"scale": 2.0},
    "y_test is missing": {"X_test": X},
    "X_test is missing": {"y_test": Y},
    "X_test has 3 features, X has 2": {"X_test": np.zeros((1, 3)), "y_test": [1]},
    "store both as uint8 or neither": {"X_test": X.astype(np.uint8), "y_test": Y},
    "lower has dtype float64, shape (3,)": {"lower": np.zeros(3)},
    "a value that is not finite": {"upper": np.array([np.inf, 1])},
    "lower 2 > upper 1": {"lower": np.array([0.0, 2.0])},
    "integer has dtype float64": {"integer": np.ones(2)},
    "groups has dtype float64": {"groups": np.zeros(2)},
    "group number -2": {"groups": np.array([-2, 0])},
    "members of a group need 0 and 1": {"groups": np.array([0, 0]), "upper": np.array([2.0, 1.0])},
    "group_rule 'some'": {"group_rule": "some"},
    "no integer in [0.2, 0.8]": {
        "lower": np.array([0.2, 0]),
        "upper": np.array([0.8, 1]),
        "integer": np.array([True, False]),
    },
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_says_what_was_wrong(message: str) -> None:
    with pytest.raises(InputError) as caught:
        Dataset(**({"X": X, "y": Y} | BAD[message]), name="t")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


UNCLEAN = {
    "every label is -1": {"y": -np.ones(3)},
    "feature 1 of X ranges over [0, 1], outside its bounds [0, 0.75]": {"upper": np.array([1.0, 0.75])},
    "row 1, feature 0 is 0.5 but the feature is marked integer": {"integer": np.array([True, False])},
    "row 0 has 2 ones in group 7": {"X": np.array([[1, 1], [0, 1], [0, 0]]), "groups": np.array([7, 7])},
    "row 2 has 0 ones in group 0": {
        "X": np.array([[1, 0], [0, 1], [0, 0]]),
        "groups": np.array([0, 0]),
        "group_rule": "exactly_one",
    },
}


@pytest.mark.parametrize("message", UNCLEAN)
def test_loaders_reject_what_the_domain_does_not_hold(message: str) -> None:
    data = Dataset(**({"X": X, "y": Y} | UNCLEAN[message]), name="t")
    with pytest.raises(InputError) as caught:
        data.check_clean()
    assert message in str(caught.value)


@given(arrays(np.int8, (6, 3), elements=st.integers(0, 1)), st.booleans())
def test_group_check_agrees_with_the_domain(rows: np.ndarray, exactly: bool) -> None:
    """check_clean and MixedBox.contains are written apart; they must accept the same rows."""
    rule = "exactly_one" if exactly else "at_most_one"
    data = Dataset(
        rows, [1, -1] * 3, lower=np.zeros(3), upper=np.ones(3), groups=np.zeros(3, int), group_rule=rule, name="t"
    )
    inside = all(data.domain().contains(x) for x in data.X)
    if inside:
        data.check_clean()
    else:
        with pytest.raises(InputError):
            data.check_clean()


def plain_identity(data: Dataset) -> str:
    """The docstring's definition once more, element by element with struct."""
    floats = "f" if data.X.dtype == np.float32 else "d"
    out = bytearray()

    def record(name: str, dtype: str, shape: tuple[int, ...], code: str, values: list) -> None:
        out.extend(name.encode() + b"\0" + dtype.encode() + b"\0" + ",".join(map(str, shape)).encode() + b"\0")
        for value in values:
            out.extend(struct.pack("<" + code, value))

    code, name = ("B", "|u1") if data.X.dtype == np.uint8 else (floats, f"<f{4 if floats == 'f' else 8}")
    record("X", name, (data.n, data.d), code, [v for row in data.X.tolist() for v in row])
    record("y", "<f8", (data.n,), "d", data.y.tolist())
    record("scale", "<f8", (), "d", [data.scale])
    record("lower", "<f8", (data.d,), "d", data.lower.tolist())
    record("upper", "<f8", (data.d,), "d", data.upper.tolist())
    record("integer", "|b1", (data.d,), "?", data.integer.tolist())
    record("groups", "<i8", (data.d,), "q", data.groups.tolist())
    if data.group_rule == "exactly_one":
        record("group_rule", "|u1", (11,), "B", list(b"exactly_one"))
    return hashlib.sha256(bytes(out)).hexdigest()


VARIANTS = {
    "plain": {},
    "value": {"X": np.abs(X - np.eye(3, 2) * 0.125)},
    "float32": {"X": X.astype(np.float32)},
    "label": {"y": np.array([1.0, 1.0, -1.0])},
    "bytes": {"X": X.astype(np.uint8)},
    "scale": {"X": X.astype(np.uint8), "scale": 3.0},
    "lower": {"lower": np.array([-1.0, 0])},
    "upper": {"upper": np.array([2.0, 1])},
    "integer": {"integer": np.array([False, True]), "X": X},
    "groups": {"groups": np.array([0, -1])},
    "exactly_one": {"groups": np.array([0, -1]), "group_rule": "exactly_one"},
}


def test_identity_is_the_documented_hash_and_every_field_counts() -> None:
    seen = {}
    for name, change in VARIANTS.items():
        data = Dataset(**({"X": X, "y": Y} | change), name="t")
        assert data.identity == plain_identity(data), name
        seen[data.identity] = name
    assert len(seen) == len(VARIANTS)


def test_identity_ignores_name_test_rows_and_memory_layout() -> None:
    one = Dataset(X, Y, name="one")
    two = Dataset(np.asfortranarray(X).astype(">f8"), Y.astype(np.int8), X, Y, lower=[0, 0], upper=[1, 1], name="two")
    assert one.identity == two.identity


def test_digits_are_what_the_contract_says() -> None:
    digits = load("digits-1-7")
    assert (digits.n, digits.d, digits.scale) == (361, 64, 1.0)
    assert digits.X_test is None
    assert (digits.y == 1).sum() == 182
    assert set(np.unique(digits.X * 16)) == set(range(17))
    assert isinstance(digits.domain(), Box)
    digits.check_clean()
    # The identity that certificates of this instance carry.
    assert digits.identity == "c0208f80959832cb337a46bf158f5de3aa21dcf6a866e3935a7a328563fa4919"
    assert digits.identity == plain_identity(digits)
