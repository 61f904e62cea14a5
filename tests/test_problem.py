"""Problem: storage kinds agree, multiplicities count, bad input is named."""

import numpy as np
import pytest
import scipy.sparse as sp

from mtp_theory.domains import Box
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem, regulariser

RNG = np.random.default_rng(2)
BYTES = RNG.integers(0, 17, size=(12, 5)).astype(np.uint8)
Y = np.where(RNG.random(12) < 0.5, -1.0, 1.0)
THETA = RNG.normal(size=6)


def build(X=BYTES / 16, y=Y, c_r=0.1, **kw):
    return Problem(X, y, "hinge", c_r, Box.unit(np.shape(X)[1]), **kw)


def test_storage_kinds_give_the_same_objective():
    reference = build()
    for X, scale in ((BYTES, 16.0), (sp.csr_matrix(BYTES / 16), 1.0), ((BYTES / 16).astype(np.float32), 1.0)):
        p = build(X=X, scale=scale)
        assert p.X is X or sp.issparse(X)
        assert p.objective(THETA) == pytest.approx(reference.objective(THETA), rel=1e-14)


def test_counts_are_copies_of_rows():
    counts = np.random.default_rng(3).integers(0, 4, size=12)
    counted = build(counts=counts)
    copied = build(X=np.repeat(BYTES / 16, counts, axis=0), y=np.repeat(Y, counts))
    assert counted.n_points == copied.n_points == counts.sum()
    assert counted.objective(THETA) == pytest.approx(copied.objective(THETA), rel=1e-14)
    assert counted.error_rate(THETA) == pytest.approx(copied.error_rate(THETA), rel=1e-14)


def test_objective_potential_and_margins_by_hand():
    p = build()
    m = Y * ((BYTES / 16) @ THETA[:-1] + THETA[-1])
    total = np.maximum(0, 1 - m).sum()
    assert p.loss_sum(THETA) == pytest.approx(total)
    assert p.objective(THETA) == pytest.approx(total / 12 + 0.1 * THETA @ THETA / 2)
    assert p.potential(THETA) == pytest.approx(12 * p.objective(THETA))
    assert p.point_loss(THETA, BYTES[3] / 16, int(Y[3])) == pytest.approx(max(0, 1 - m[3]))
    assert regulariser(THETA) == pytest.approx(THETA @ THETA / 2)
    assert build(bias=False).dim == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": np.where(np.arange(60).reshape(12, 5) == 7, np.nan, BYTES / 16)}, "NaN or infinite"),
        ({"y": np.where(Y > 0, 1.0, 0.0)}, r"labels \[0.0\]"),
        ({"y": Y[:-1]}, r"y has shape \(11,\)"),
        ({"c_r": 0.0}, "C_R"),
        ({"c_r": np.inf}, "C_R"),
        ({"X": np.zeros((0, 5))}, "shape"),
        ({"counts": np.full(12, -1)}, "counts"),
        ({"counts": np.zeros(12, dtype=int)}, "all counts are zero"),
    ],
)
def test_bad_input(change, message):
    with pytest.raises(InputError, match=message):
        build(**change)


def test_model_of_the_wrong_length():
    with pytest.raises(InputError, match=r"needs \(6,\) \(the bias last\)"):
        build().check_theta(np.zeros(5))
    with pytest.raises(InputError, match="NaN"):
        build().check_theta(np.full(6, np.nan))
    with pytest.raises(InputError, match="make them equal"):
        Problem(BYTES / 16, Y, "hinge", 0.1, Box.unit(4))


def test_an_error_rate_is_of_rows_with_labels_under_a_model_of_numbers():
    rng = np.random.default_rng(0)
    X, y = rng.random((8, 2)), np.repeat([1.0, -1.0], 4)
    problem = Problem(X, y, "hinge", 0.1, Box.unit(2))
    theta = np.array([1.0, -1.0, 0.0])
    assert problem.error_rate(theta, X, y) == problem.error_rate(theta)
    assert problem.error_rate(theta, X, -y) == pytest.approx(1.0 - problem.error_rate(theta))
    for bad in ((theta, X), (theta, None, y), (theta, X, 0 * y), (theta * np.nan,), (theta, X[:3], y)):
        with pytest.raises(InputError):
            problem.error_rate(*bad)
