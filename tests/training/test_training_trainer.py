"""The trainer's contract: multiset union, warm and cold, exact repetition, storage kinds, bad input."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.datasets import load_digits

from mtp_theory.domains import Box
from mtp_theory.errors import InputError, UndecidedError
from mtp_theory.losses import MarginLoss, PiecewiseLinear
from mtp_theory.problem import Problem
from mtp_theory.training import ENGINES, make_trainer, train
from mtp_theory.training.fit import duality_gap

SMOOTH = ("squared_hinge", "logistic", "exponential")
ALL = ("hinge", *SMOOTH)


def digits(loss, storage="float64", **options):
    """Digits 1 against 7, C_R = 0.09."""
    data = load_digits()
    kept = np.isin(data.target, (1, 7))
    X, y, scale = data.data[kept], np.where(data.target[kept] == 1, 1.0, -1.0), 1.0
    if storage == "uint8":
        X, scale = X.astype(np.uint8), 16.0
    else:
        X = (X / 16).astype(np.float32 if storage == "float32" else np.float64)
        X = sp.csr_matrix(X) if storage == "csr" else X
    return Problem(X, y, loss, 0.09, Box.unit(64), scale=scale, **options)


def points(count, dim, seed=0):
    """Box points with labels, every fourth a repetition of the first."""
    rng = np.random.default_rng(seed)
    X, y = rng.random((count, dim)).round(1), rng.choice([-1, 1], count)
    X[::4], y[::4] = X[0], y[0]
    return X, y


@pytest.mark.parametrize("loss", ALL)
def test_warm_agrees_with_cold(loss):
    problem = digits(loss)
    warm = make_trainer(problem)
    warm.fit()
    X, y = points(25, 64)
    for x, label in zip(X, y, strict=True):
        warm.add(x, int(label))
        fit = warm.fit()
        assert fit.gap <= 1e-8
        assert warm.full_gap() <= 1e-8
    cold = make_trainer(problem)
    cold.add_many(X, y)
    other = cold.fit()
    assert fit.n_points == other.n_points == problem.n_points + 25
    assert abs(fit.objective - other.objective) <= fit.gap + other.gap + 1e-14
    # Strong convexity: |difference|^2 <= 2 gap / C_R for each, from the minimiser.
    bound = np.sqrt(2 * fit.gap / 0.09) + np.sqrt(2 * other.gap / 0.09)
    assert np.linalg.norm(fit.theta - other.theta) <= bound + 1e-9


def test_hinge_gap_far_below_the_tolerance():
    trainer = make_trainer(digits("hinge"))
    for x, label in zip(*points(40, 64, seed=3), strict=True):
        trainer.add(x, int(label))
        assert trainer.fit().gap <= 1e-13
        assert trainer.full_gap() <= 1e-13


@pytest.mark.parametrize("loss", ALL)
def test_repetition_is_bit_equal(loss):
    """Same calls, same bits; rebuild gives the bits of a fresh trainer with the same points."""
    X, y = points(12, 64, seed=1)
    fits = []
    for _ in range(2):
        trainer = make_trainer(digits(loss))
        trainer.fit()
        for x, label in zip(X, y, strict=True):
            trainer.add(x, int(label))
            fit = trainer.fit()
        fits.append(fit)
    assert np.array_equal(fits[0].theta, fits[1].theta)
    assert fits[0].objective == fits[1].objective
    trainer.rebuild()
    rebuilt = trainer.fit()
    fresh = make_trainer(digits(loss))
    fresh.add_many(X, y)
    assert np.array_equal(rebuilt.theta, fresh.fit().theta)
    trainer.add(X[1], -1)
    fresh.add(X[1], -1)
    assert np.array_equal(trainer.fit().theta, fresh.fit().theta)


@pytest.mark.parametrize("loss", ALL)
@pytest.mark.parametrize("storage", ["float32", "uint8", "csr"])
def test_storage_kinds_agree(loss, storage):
    one, other = train(digits(loss)), train(digits(loss, storage))
    assert abs(one.objective - other.objective) <= one.gap + other.gap + 1e-12


@pytest.mark.parametrize("loss", ALL)
def test_counts_are_copies(loss):
    """A row of multiplicity k, a row copied k times and a point added k times are one and the same."""
    base = digits(loss)
    rng = np.random.default_rng(5)
    counts = rng.integers(0, 4, base.y.size)
    weighted = digits(loss, counts=counts)
    copied = Problem(np.repeat(base.X, counts, axis=0), np.repeat(base.y, counts), loss, 0.09, base.domain)
    one, two = train(weighted), train(copied)
    assert one.n_points == two.n_points == counts.sum()
    assert abs(one.objective - two.objective) <= one.gap + two.gap + 1e-13
    moved = make_trainer(base)
    moved.fit()
    moved.set_counts(counts)
    three = moved.fit()
    assert abs(one.objective - three.objective) <= one.gap + three.gap + 1e-13
    trainer, again = make_trainer(base), make_trainer(base)
    trainer.fit()
    trainer.add(base.X[0], -1, copies=5)
    for _ in range(5):
        again.add(base.X[0], -1)
    assert abs(trainer.fit().objective - again.fit().objective) <= 2e-8


def test_long_rows_through_the_sketch():
    """Rows long enough for the sketch, bytes, many steps: the independent gap stays at rounding."""
    rng = np.random.default_rng(11)
    d, n = 300, 700
    template = rng.random((2, d)) < 0.3
    y = rng.choice([-1.0, 1.0], n)
    X = ((template[(y > 0).astype(int)] * 120 + rng.integers(0, 100, (n, d))) * (rng.random((n, d)) < 0.7)).astype(
        np.uint8
    )
    problem = Problem(X, y, "hinge", 0.05, Box.unit(d), scale=255.0)
    trainer = make_trainer(problem)
    trainer.fit()
    looked = 0
    for step in range(120):
        trainer.add((X[step] / 255.0 + (rng.random(d) < 0.1)).clip(0, 1), int(-y[step]))
        fit = trainer.fit()
        looked += trainer.looked
        assert fit.gap <= 1e-12
        assert trainer.full_gap() <= 1e-12
    assert looked < 0.5 * 120 * n * fit.iterations  # screening leaves most rows unread
    other = make_trainer(problem)
    other.add_many(trainer.points.added, trainer.points.labels[n:].astype(int), trainer.points.counts[n:].astype(int))
    assert abs(other.fit().objective - fit.objective) <= 1e-12


def test_one_point_and_all_capped():
    one = Problem(np.array([[0.5]]), np.array([1.0]), "hinge", 1000.0, Box.unit(1))
    fit = train(one)
    # So strong a regulariser leaves the margin below 1: theta = z / C_R in closed form.
    assert np.allclose(fit.theta, np.array([0.5, 1.0]) / 1000.0, rtol=1e-12)
    assert fit.gap <= 1e-15
    zero = Problem(np.zeros((3, 2)), np.array([1.0, -1.0, 1.0]), "hinge", 1.0, Box.unit(2), bias=False)
    assert train(zero).objective == pytest.approx(1.0)
    assert np.array_equal(train(zero).theta, np.zeros(2))


@pytest.mark.parametrize("loss", SMOOTH)
def test_closed_form_of_one_feature(loss):
    """One point z = 1 without bias: C_R theta = psi(theta)."""
    problem = Problem(np.ones((1, 1)), np.ones(1), loss, 0.3, Box.unit(1), bias=False)
    theta = float(train(problem).theta[0])
    assert 0.3 * theta == pytest.approx(float(problem.loss.slope(theta)), abs=1e-4)


def test_piecewise_linear_loss():
    """max(0, 1 - m) given as lines is the hinge loss."""
    lines = PiecewiseLinear([0.0, 1.0], [0.0, 1.0])
    one, other = train(digits("hinge")), train(digits(lines))
    assert other.engine == "cvxpy"
    assert abs(one.objective - other.objective) <= other.gap + 1e-12
    trainer = make_trainer(digits(PiecewiseLinear([0.0, 1.0, 3.0], [0.0, 1.0, 1.5])))
    trainer.add(np.ones(64), -1, copies=3)
    assert trainer.fit().gap <= 1e-8
    assert trainer.full_gap() <= 1e-8


class Huberised(MarginLoss):
    """A user's loss by value and slope only: quadratic below 1, linear below -1, with a kink at 0."""

    key = "huberised"
    kinks = (0.0,)
    lipschitz = 4.5

    def value(self, margin):
        m = np.asarray(margin, dtype=np.float64)
        smooth = np.where(m < -1, -4.0 * m, np.maximum(0.0, 1.0 - m) ** 2)
        return smooth + np.maximum(0.0, -0.5 * m)

    def slope(self, margin):
        m = np.asarray(margin, dtype=np.float64)
        return np.where(m < -1, 4.0, 2.0 * np.maximum(0.0, 1.0 - m)) + 0.5 * (m <= 0)


def test_loss_of_the_user():
    """Cutting planes: the gap is real, checked by descent from the model they find."""
    problem = digits(Huberised())
    small = Problem(problem.X[::6], problem.y[::6], Huberised(), 0.09, problem.domain)
    trainer = make_trainer(small)
    trainer.add(np.ones(64), -1, copies=2)
    fit = trainer.fit()
    assert fit.engine == "cvxpy"
    assert fit.gap <= 1e-8
    assert trainer.full_gap() == pytest.approx(fit.gap, rel=1e-6, abs=1e-13)
    Z = np.vstack([small.y[:, None] * np.hstack([small.X, np.ones((small.y.size, 1))]), -np.ones(65)])
    counts = np.append(np.ones(small.y.size), 2.0)

    def objective(theta):
        return float(small.loss.value(Z @ theta) @ counts / counts.sum() + 0.045 * theta @ theta)

    assert fit.objective == pytest.approx(objective(fit.theta), rel=1e-12)
    rng = np.random.default_rng(0)
    for size in (1e-1, 1e-2, 1e-3, 1e-4):
        for _ in range(50):
            assert objective(fit.theta + size * rng.standard_normal(65)) >= fit.objective - fit.gap


class DoubledLogistic(MarginLoss):
    """A user's smooth loss with curvature: the logistic loss at double margin, halved."""

    key = "doubled_logistic"
    lipschitz = 1.0

    def value(self, margin):
        return np.logaddexp(0.0, -2.0 * np.asarray(margin)) / 2

    def slope(self, margin):
        return np.exp(-np.logaddexp(0.0, 2.0 * np.asarray(margin)))

    def curvature(self, margin):
        s = self.slope(margin)
        return 2.0 * s * (1.0 - s)


def test_smooth_loss_of_the_user():
    """phi(m) = logistic(2 m) / 2 on rows z is half the logistic loss on rows 2 z."""
    problem = digits(DoubledLogistic(), bias=False)
    double = Problem(2 * problem.X, problem.y, "logistic", 0.18, problem.domain, bias=False)
    one, other = train(problem), train(double)
    assert one.engine == "newton"
    # the gaps are far below the rounding of the two sums
    assert one.objective == pytest.approx(other.objective / 2, rel=1e-14, abs=one.gap + other.gap)


@pytest.mark.parametrize("loss", [*ALL, PiecewiseLinear([0.0, 1.0, 3.0], [0.0, 1.0, 1.5])])
def test_conjugate_by_search(loss):
    """phi*(-s) against the supremum over a fine grid of margins."""
    from mtp_theory.losses import get_loss

    phi = get_loss(loss)
    m = np.linspace(-40, 40, 800_001)
    for s in (0.1, 0.5, 0.9):
        assert float(phi.conjugate(s)) == pytest.approx(float((-s * m - phi.value(m)).max()), abs=1e-6)


def test_gap_is_honest():
    """A wrong model gets a gap that is at least its true excess."""
    problem = digits("hinge")
    best = train(problem)
    rng = np.random.default_rng(0)
    Z = problem.y[:, None] * np.hstack([problem.X, np.ones((problem.y.size, 1))])
    for _ in range(20):
        theta, slopes = best.theta + 0.1 * rng.standard_normal(65), rng.random(problem.y.size)
        gap = duality_gap(problem.loss, 0.09, theta, Z @ theta, slopes, np.ones(problem.y.size), Z.T @ slopes)
        assert gap >= problem.objective(theta) - best.objective


@pytest.mark.parametrize("engine", ["active_set", "newton", "liblinear", "cvxpy"])
def test_bad_input(engine):
    problem = digits("logistic" if engine == "newton" else "hinge")
    trainer = make_trainer(problem, engine)
    with pytest.raises(InputError, match="call fit first"):
        trainer.full_gap()
    for x, y, copies, message in (
        (np.ones(63), 1, 1, "shape"),
        (np.full(64, np.nan), 1, 1, "NaN"),
        (np.ones(64), 0, 1, "label"),
        (np.ones(64), 1, 0, "copies"),
        (np.ones(64), 1, 1.5, "copies"),
    ):
        with pytest.raises(InputError, match=message):
            trainer.add(x, y, copies)
    assert trainer.n_points == problem.n_points
    with pytest.raises(InputError, match="counts"):
        trainer.set_counts(np.ones(3, dtype=int))
    with pytest.raises(InputError, match="multiplicities"):
        trainer.set_counts(np.full(problem.y.size, -1))
    with pytest.raises(InputError, match="all are zero"):
        trainer.set_counts(np.zeros(problem.y.size, dtype=int))


def test_engines_and_losses():
    assert set(ENGINES) == {"auto", "active_set", "newton", "liblinear", "cvxpy"}
    with pytest.raises(InputError, match="did you mean 'newton'"):
        make_trainer(digits("hinge"), "newtn")
    for engine, loss in (("active_set", "logistic"), ("newton", "hinge"), ("liblinear", "exponential")):
        with pytest.raises(InputError, match=engine):
            make_trainer(digits(loss), engine).fit()


def test_no_number_without_certificate():
    """An impossible tolerance ends in UndecidedError, not in a fit."""
    with pytest.raises(UndecidedError):
        make_trainer(digits("logistic"), "newton", tolerance=1e-40).fit()
    with pytest.raises(UndecidedError):
        make_trainer(digits("hinge"), "liblinear", tolerance=1e-30).fit()
