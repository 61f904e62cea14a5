"""Added points: equal ones share a row, and as bytes they have the same products."""

from __future__ import annotations

import numpy as np
import pytest

from mtp_theory.domains import Box
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem
from mtp_theory.training.rows.added import FEW, AddedRows, _encode, quick_added_dot


def byte_problem(d: int = 40) -> Problem:
    rng = np.random.default_rng(3)
    X = rng.integers(0, 256, (6, d)).astype(np.uint8)
    return Problem(X, np.array([1.0, -1.0] * 3), "hinge", 0.1, Box.unit(d), scale=255.0)


def product(added: AddedRows, i: int, w: np.ndarray) -> tuple[float, float]:
    scaled = w / added.scale
    return quick_added_dot((added.features,), added.coded, i, w, scaled, scaled.astype(np.float32))


@pytest.mark.parametrize("exceptions", [0, 1, FEW, FEW + 1])
def test_products_of_encoded_points(exceptions: int) -> None:
    rng = np.random.default_rng(exceptions)
    problem = byte_problem()
    added = AddedRows(problem)
    for _ in range(50):
        x = rng.integers(0, 256, problem.d) / 255.0
        x[rng.permutation(problem.d)[:exceptions]] = rng.random(exceptions)
        row, new = added.find_or_add(x, 1)
        assert new
        assert (added.coded[1][row, 0] >= 0) == (exceptions <= FEW)
        w = rng.normal(size=problem.d)
        value, share = product(added, row, w)
        assert abs(value - x @ w) <= share * np.linalg.norm(x) * np.linalg.norm(w)
        assert np.array_equal(added.features[row], x)


def test_planted_wrong_byte_is_seen() -> None:
    problem = byte_problem()
    added = AddedRows(problem)
    row, _ = added.find_or_add(np.full(problem.d, 7 / 255.0), 1)
    added.coded[0][row, 5] = 8
    w = np.ones(problem.d)
    value, share = product(added, row, w)
    assert abs(value - added.features[row] @ w) > share * np.linalg.norm(added.features[row]) * np.linalg.norm(w)


def test_features_outside_the_bytes_are_exceptions() -> None:
    x = np.array([-1.0, 256.0 / 255.0, 1e300, 255.0 / 255.0])
    codes, places, rests = np.zeros((1, 4), np.uint8), np.zeros((1, FEW), np.int64), np.zeros((1, FEW))
    _encode(x, 0, 255.0, codes, places, rests)
    assert places[0, :3].tolist() == [0, 1, 2]
    assert rests[0, :3].tolist() == x[:3].tolist()
    assert codes[0].tolist() == [0, 0, 0, 255]


def test_float_problems_are_not_encoded() -> None:
    problem = Problem(np.eye(3), np.array([1.0, -1.0, 1.0]), "hinge", 0.1, Box.unit(3))
    added = AddedRows(problem)
    added.find_or_add(np.zeros(3), 1)
    assert added.coded[0].shape[0] == 0
    assert product(added, 0, np.ones(3))[0] == 0.0


def test_equal_points_share_a_row() -> None:
    added = AddedRows(byte_problem(2))
    assert added.find_or_add([0.0, 1.0], 1) == (0, True)
    assert added.find_or_add([-0.0, 1.0], 1) == (0, False)
    assert added.find_or_add([0.0, 1.0], -1) == (1, True)
    assert added.find_or_add([1.0, 0.0], 1) == (2, True)
    rng = np.random.default_rng(0)
    points = rng.choice([0.0, 0.5, 1.0], (3000, 2))
    for x in points:
        row, _ = added.find_or_add(x, 1)
        assert np.array_equal(added.features[row], x)
    assert added.size == 10


def test_points_of_one_hash_have_rows_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash decides nothing: with one for all points, equal ones are still found and different ones kept apart."""
    from mtp_theory.training.rows import added as module

    store = module._store
    monkeypatch.setattr(module, "_store", lambda *a: (store(*a)[0], 1))
    rows = AddedRows(byte_problem(3))
    points = np.random.default_rng(1).random((20, 3))
    assert [rows.find_or_add(x, 1) for x in points] == [(i, True) for i in range(20)]
    assert [rows.find_or_add(x, 1) for x in points] == [(i, False) for i in range(20)]


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([0.0, np.nan], 1, "NaN or infinite"),
        ([0.0, np.inf], 1, "NaN or infinite"),
        ([0.0], 1, "shape"),
        ([0.0, 1.0], 0, "label 0"),
    ],
)
def test_bad_points(x: list[float], y: int, message: str) -> None:
    added = AddedRows(byte_problem(2))
    with pytest.raises(InputError, match=message):
        added.find_or_add(x, y)
    assert added.size == 0
