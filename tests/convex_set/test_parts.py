"""The parts of K by hand: clean gradient, cells, cones, the two bounds, mixtures."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
import scipy.sparse as sp

from mtp_theory.convex_set import cells, clean, gamma, lambda_star, minimum, points, refinement
from mtp_theory.convex_set.blocks import Block, domain_block, sliced
from mtp_theory.convex_set.cells import Cell
from mtp_theory.convex_set.dual import dual_bound
from mtp_theory.convex_set.minimum import FractionalMinimum, fractional_minimum
from mtp_theory.convex_set.mixture import Mixture
from mtp_theory.convex_set.pricing import Price, price
from mtp_theory.domains import Box, Domain, GroupedBox, L1Ball, L2Ball, MixedBox, PerLabel, Polytope
from mtp_theory.errors import InputError, UndecidedError
from mtp_theory.losses import Array, PiecewiseLinear
from mtp_theory.problem import Problem


def two_rows(**change: object) -> Problem:
    """Rows (1, 2) labelled +1 three times, (0, 4) labelled -1 once."""
    fields = {
        "X": np.array([[1.0, 2.0], [0.0, 4.0]]),
        "y": np.array([1.0, -1.0]),
        "counts": np.array([3, 1]),
        "loss": "hinge",
        "c_r": 0.5,
        "domain": Box(np.zeros(2), np.full(2, 4.0)),
    }
    return Problem(**{**fields, **change})  # type: ignore[arg-type]


def test_clean_gradient_by_hand() -> None:
    p = two_rows()
    # margins 1 (a kink) and -1: slopes in [0, 1] and 1
    target = np.array([0.5, 0.25, 0.0])
    g = clean.clean_gradient(p, target)
    # N C_R theta = 2 theta; the second row pulls with -(-1)(0, 4, 1)
    np.testing.assert_allclose(g.base, 2 * target + np.array([0.0, 4.0, 1.0]))
    assert g.kinks.tolist() == [0]
    np.testing.assert_array_equal(g.rows, [[1.0, 2.0, 1.0]])
    assert (g.least.tolist(), g.room.tolist()) == ([0.0], [3.0])
    # 2 |theta|_inf, and 4 times the pulls 1 and the room 1
    assert g.magnitude == 2 * 0.5 + 4.0 * (1.0 + 1.0)
    d = np.array([1.0, -1.0, 0.5])
    assert g.along(d) == pytest.approx(d @ g.base)
    up = np.array([0.0, 1.0, 1.0])
    assert g.along(up) == pytest.approx(up @ g.base - 3 * 3.0)
    assert g.along(np.zeros(3)) == 0.0
    # just off the kink the slope is one number, unless the tolerance says otherwise
    off = np.array([0.5 + 1e-5, 0.25, 0.0])
    assert clean.clean_gradient(p, off).kinks.size == 0
    assert clean.clean_gradient(p, off, 1e-4).kinks.tolist() == [0]
    inside = np.array([0.5 - 1e-5, 0.25, 0.0])
    np.testing.assert_allclose(clean.clean_gradient(p, inside).base[:2], 2 * inside[:2] + np.array([-3.0, 4.0 - 6.0]))
    assert clean.clean_gradient(p, target, 0.0).kinks.tolist() == [0]
    for bad in (-1e-9, np.nan, np.inf):
        with pytest.raises(InputError, match="kink tolerance"):
            clean.clean_gradient(p, target, bad)


def test_a_row_of_no_copies_has_no_kink() -> None:
    p = two_rows(counts=np.array([0, 1]))
    assert clean.clean_gradient(p, np.array([0.5, 0.25, 0.0])).kinks.size == 0


def test_a_derivative_within_rounding_of_zero_is_zero() -> None:
    base = np.array([1.0, -1.0])
    g = clean.CleanGradient(base, np.zeros(0, dtype=int), np.zeros((0, 2)), np.zeros(0), np.zeros(0), 10.0)
    d = np.array([1.0, 1.0 - 1e-13])
    # 1e-13 is below 1e-13 * 10 * |d|_1, 1e-11 is above; negative values stay
    assert g.along(d) == 0.0
    assert g.along(np.array([1.0, 1.0 - 1e-11])) == pytest.approx(1e-11, rel=1e-4)
    assert g.along(-d) < 0
    assert g.along(-d) == pytest.approx(-1e-13, rel=1e-2)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("storage", ["float", "sparse", "bytes"])
def test_sums_and_rows_in_every_storage(storage: str, bias: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    data = rng.integers(0, 256, size=(11, 3), dtype=np.uint8)
    X = {"float": data / 1.0, "sparse": sp.csr_array(data / 1.0), "bytes": data}[storage]
    y = np.where(rng.random(11) > 0.5, 1.0, -1.0)
    p = Problem(X, y, "hinge", 0.1, Box.unit(3), bias=bias, scale=255.0)
    monkeypatch.setattr(clean, "CHUNK", 4)
    weights = rng.normal(size=11)
    rows = np.column_stack([data / 255.0, np.ones(11)]) if bias else data / 255.0
    np.testing.assert_allclose(clean.signed_sum(p, weights), weights @ rows)
    np.testing.assert_allclose(clean.dense_rows(p, np.array([2, 7])), rows[[2, 7]])


def test_cells_of_piecewise_linear_losses() -> None:
    p = two_rows()
    target = np.array([0.5, 0.25, 0.0])
    # margins 0..3 for +1 and -3..0 for -1
    assert cells.linear_cells(p, target) == [
        Cell(-1, 1.0, -inf, 1.0),
        Cell(1, 1.0, -inf, 1.0),
        Cell(1, 0.0, 1.0, inf),
    ]
    reach = cells.margin_ranges(p, np.array([0.5, 0.25, 2.0]))
    assert [(r.label, r.low, r.high) for r in reach.values()] == [(-1, -5.0, -2.0), (1, 2.0, 5.0)]
    assert [r.x_high.tolist() for r in reach.values()] == [[0.0, 0.0], [4.0, 4.0]]
    bent = two_rows(loss=PiecewiseLinear([2, 1, 0.5, 0], [1.5, 1, 0.75, 0]))
    found = cells.linear_cells(bent, target)
    kinks = bent.loss.kinks
    assert [(c.label, c.low, c.high) for c in found if c.label == 1][-1] == (1, kinks[-1], inf)
    slopes = [c.slope for c in found if c.label == 1]
    assert slopes == sorted(slopes, reverse=True)
    assert slopes[-1] == bent.loss.slope_interval(kinks[-1])[0]
    assert not cells.has_linear_pieces(two_rows(loss="logistic").loss)
    # touching counts: margins from 1 upwards share the point 1 with the steep cell
    low = two_rows(domain=Box(np.array([1.0, 2.0]), np.array([4.0, 4.0])))
    assert Cell(1, 1.0, -inf, 1.0) in cells.linear_cells(low, target)


def test_slices_and_their_merging() -> None:
    p = two_rows(loss="squared_hinge")
    (one,) = cells.slices(p, 1, 0.25)
    assert one == Cell(1, 1.5, 0.25, 0.25)
    h = two_rows()
    for near in (1.0, 1.0 + 5e-10, 1.0 - 5e-10):
        assert {(c.slope, c.low, c.high) for c in cells.slices(h, -1, near)} == {(0.0, 1.0, 1.0), (1.0, 1.0, 1.0)}
    assert len(cells.slices(h, -1, 1.0 + 5e-9)) == 1
    steep = two_rows(loss="exponential")
    assert cells.slices(steep, 1, -np.log(1e17)) == []
    assert len(cells.slices(steep, 1, -np.log(1e15))) == 1
    a, b = Cell(1, 1.0, 100.0, 100.0), Cell(1, 1.0, 100.0 + 5e-8, 100.0 + 5e-8)
    assert cells.merge([a], [b]) == [a]
    others = [Cell(-1, 1.0, 100.0, 100.0), Cell(1, 2.0, 100.0, 100.0), Cell(1, 1.0, 101.0, 101.0)]
    assert cells.merge([a], [*others, b, others[0]]) == [a, *others]
    smooth = two_rows(loss="logistic")
    grid = cells.first_slices(smooth, np.array([0.5, 0.25, 0.0]), 4)
    assert [c.low for c in grid if c.label == 1] == [0.0, 1.0, 2.0, 3.0]
    assert [c.low for c in grid if c.label == -1] == [-3.0, -2.0, -1.0, 0.0]
    two = cells.first_slices(smooth, np.array([0.5, 0.25, 0.0]), 2)
    assert [c.low for c in two if c.label == 1] == [0.0, 1.0, 3.0]
    for c in grid:
        assert c.slope == pytest.approx(1 / (1 + np.exp(c.low)))


DOMAINS: dict[str, Domain] = {
    "box": Box(np.array([-1.0, 0.5, 2.0]), np.array([1.0, 0.5, 4.0])),
    "at_most_one": GroupedBox(Box.unit(3), np.array([0, 0, -1])),
    "exactly_one": GroupedBox(Box.unit(3), np.array([0, -1, 0]), "exactly_one"),
    "l1": L1Ball(np.array([1.0, -2.0, 0.5]), 1.5),
    "polytope": Polytope(np.vstack([np.eye(3), -np.eye(3), np.ones((1, 3))]), np.array([1, 1, 1, 1, 1, 1, 1.5])),
}


def in_cone(block: Block, k: float, w: Array) -> bool:
    """Is (k, w) in the cone that the block describes?"""
    from scipy.optimize import linprog

    size = block.size
    first = np.zeros((1, size))
    first[0, 0] = 1.0
    a_eq = np.vstack([first, block.spread.toarray(), *(r.toarray() for r in block.equal)])
    b_eq = np.concatenate([[k], w, np.zeros(a_eq.shape[0] - 1 - len(w))])
    a_ub = np.vstack([r.toarray() for r in block.below]) if block.below else None
    bounds = [(0, None)] + [(None, None) if block.free else (0, None)] * (size - 1)
    b_ub = None if a_ub is None else np.zeros(a_ub.shape[0])
    return bool(linprog(np.zeros(size), A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=bounds).status == 0)


@pytest.mark.parametrize("name", DOMAINS)
def test_the_cone_over_a_domain(name: str) -> None:
    domain, rng = DOMAINS[name], np.random.default_rng(1)
    block = domain_block(domain)
    seen = set()
    for k in (1.0, 2.5):
        for _ in range(25):
            x = domain.support(rng.normal(size=3))[1]
            if rng.random() < 0.6:
                x = x + rng.choice([-0.4, 0.0, 0.4], 3)
            inside = domain.contains(x, 1e-9)
            seen.add(bool(inside))
            assert in_cone(block, k, k * x) == inside
    assert seen == {True, False}
    # no mass, no sum
    assert in_cone(block, 0.0, np.zeros(3))
    assert not in_cone(block, 0.0, np.array([0.1, 0.0, 0.0]))


@pytest.mark.parametrize("label", [1, -1])
def test_the_cone_over_a_cell(label: int) -> None:
    domain, w, b = DOMAINS["box"], np.array([1.0, 2.0, -0.5]), 0.75
    rng = np.random.default_rng(2)
    for low, high in ((-inf, 0.5), (0.5, inf), (-0.5, 0.75), (0.25, 0.25)):
        block = sliced(domain_block(domain), Cell(label, 1.0, low, high), w, b)
        seen = set()
        for _ in range(60):
            x = np.array([rng.uniform(-1, 1), 0.5, rng.uniform(2, 4)])
            if low == high and rng.random() < 0.5:
                x[0] = label * low - b - 1.0 + 0.5 * x[2]
                if not domain.contains(x):
                    continue
            margin = label * (w @ x + b)
            inside = low - 1e-9 <= margin <= high + 1e-9
            seen.add(bool(inside))
            assert in_cone(block, 2.0, 2.0 * x) == inside
        assert True in seen
    neutral = sliced(domain_block(domain), Cell(label, 0.0, 1.0, inf), w, b)
    assert (neutral.size, neutral.below, neutral.equal) == (1, [], [])
    np.testing.assert_array_equal(neutral.spread.toarray(), np.zeros((3, 1)))


def test_the_cone_over_an_l2_ball_is_marked() -> None:
    ball = L2Ball(np.array([1.0, 2.0]), 0.5)
    block = domain_block(ball)
    assert block.free
    assert block.ball is not None
    np.testing.assert_array_equal(block.ball[0], ball.centre)
    assert block.ball[1] == 0.5
    np.testing.assert_array_equal(block.spread.toarray(), [[0, 1, 0], [0, 0, 1]])
    with pytest.raises(InputError, match="convex domain with a known description"):
        domain_block(MixedBox(Box.unit(1), np.ones(1, dtype=bool), np.full(1, -1)))


def test_dual_bound_by_hand() -> None:
    p = two_rows()
    target = np.array([0.5, 0.25, 0.0])
    g = clean.clean_gradient(p, target)
    d = np.array([1.0, 0.5, -2.5])
    priced = price(p, target, d)
    assert priced.upper == max(m.upper for m in priced.by_label)
    expected = 0.75 / (priced.upper - 0.5 * 0.625)
    assert dual_bound(p, target, g, d, priced) == pytest.approx(expected)
    assert dual_bound(p, target, g, -d, price(p, target, -d)) == 0.0
    assert dual_bound(p, target, g, np.zeros(3), priced) == 0.0

    class Low(Price):
        upper = 0.5 * float(d @ target)  # type: ignore[assignment]

    assert dual_bound(p, target, g, d, Low(())) == inf


def test_mixture_by_hand() -> None:
    m = Mixture(np.array([2.0, 3.0]), np.array([[1.0, 0.0], [2.0, 5.0]]), np.array([1, -1]), np.array([0.5, 1.0]))
    assert m.total == 5.0
    np.testing.assert_array_equal(m.resultant(False), [1.0 - 6.0, -15.0])
    np.testing.assert_array_equal(m.resultant(True), [-5.0, -15.0, 1.0 - 3.0])
    twice = m.scaled(2.0)
    np.testing.assert_array_equal(twice.masses, [4.0, 6.0])
    np.testing.assert_array_equal(twice.resultant(True), 2 * m.resultant(True))
    np.testing.assert_array_equal(twice.X, m.X)


def test_masses_by_label() -> None:
    m = Mixture(np.array([1.0, 2.0, 4.0]), np.zeros((3, 1)), np.array([1, -1, 1]), np.array([1.0, 0.5, 0.0]))
    none = np.zeros(0)
    result = FractionalMinimum(7.0, 7.0, "exact", m, None, none.astype(int), none, 0.0, 0.0, status="optimal")
    assert [result.mass(k) for k in (1, -1, 0)] == [1.0, 2.0, 4.0]
    assert FractionalMinimum(0, 0, "exact", None, None, none.astype(int), none, 0.0, 0.0).mass(1) == 0.0


def test_crossing_sides_are_a_failure() -> None:
    assert refinement.not_crossed(1.0, 2.0) == 1.0
    assert refinement.not_crossed(2.0 + 1e-7, 2.0) == 2.0
    assert refinement.not_crossed(1e6 + 0.5, 1e6) == 1e6
    for lower, upper in ((2.001, 2.0), (1e6 + 2, 1e6), (1e-5, 0.0), (-1.0, -1.1)):
        with pytest.raises(UndecidedError, match="cross"):
            refinement.not_crossed(lower, upper)


def test_columns_are_points_with_their_slopes() -> None:
    p = two_rows()
    target = np.array([0.5, 0.25, 0.0])
    found = points.Columns(p, target)
    first = price(p, target, np.array([1.0, 0.5, 0.25]))
    assert found.add(first) == 2
    assert found.add(first) == 0
    for column, x, y, s in zip(found.matrix().T, found.points, found.labels, found.slopes, strict=True):
        np.testing.assert_allclose(column, s * y * np.append(x, 1.0))
        margin = y * (np.append(x, 1.0) @ target)
        assert s in ((0.0, 1.0) if margin == 1 else (float(margin < 1),))
    masses = np.zeros(len(found.points))
    masses[-1] = 2.0
    kept = found.mixture(masses)
    assert (kept.total, len(kept.X)) == (2.0, 1)
    np.testing.assert_array_equal(kept.X[0], found.points[-1])
    assert (kept.y[0], kept.slopes[0]) == (found.labels[-1], found.slopes[-1])
    # at a kink both slopes are columns
    assert found._slopes_at(1.0) == (0.0, 1.0)
    assert found._slopes_at(1.0 + 1e-9) == (0.0,)


@pytest.mark.parametrize("kind", ["hinge", "logistic"])
def test_results_are_what_their_fields_say(kind: str) -> None:
    p = two_rows(loss=kind)
    target = np.array([-0.25, 0.125, 0.1])
    star, g, t = lambda_star(p, target), gamma(p, target), fractional_minimum(p, target)
    assert (g.lambda_star.value, g.lambda_star.lower, g.lambda_star.upper) == (star.value, star.lower, star.upper)
    assert g.value == pytest.approx(1 - 0.5 / star.value)
    assert g.lower == pytest.approx(1 - 0.5 / star.lower)
    assert (g.attainable, g.extremal, g.lambda_star.kind) == ("yes", False, "exact")
    assert star.mixture is not None
    assert star.mixture.total == pytest.approx(1.0)
    miss = np.abs(star.mixture.resultant(True) - star.lower * target).max()
    assert star.residual == pytest.approx(miss)
    assert star.direction is not None
    assert star.upper == pytest.approx(price(p, target, star.direction).upper / (star.direction @ target))
    assert t.status == "optimal"
    assert t.mixture is not None
    assert t.direction is not None
    assert t.mixture.total == pytest.approx(t.upper)
    assert sum(t.mass(k) for k in (1, -1, 0)) == pytest.approx(t.upper)
    c = clean.clean_gradient(p, target)
    assert t.lower == pytest.approx(dual_bound(p, target, c, t.direction, price(p, target, t.direction)))
    free = ((t.multipliers - c.least) * p.counts[c.kinks]) @ c.rows
    miss = np.abs(t.mixture.resultant(True) - 0.5 * t.mixture.total * target + free - c.base).max()
    assert t.residual == pytest.approx(miss)
    assert t.kink_tolerance == clean.KINK_TOLERANCE
    width = minimum.OPTIMAL_WIDTH["linear" if kind == "hinge" else "smooth"]
    assert t.upper - t.lower <= width * t.upper
    assert t.value == t.lower


def test_both_labels_hold_zero_and_one_label_may_not() -> None:
    one = two_rows(domain=PerLabel(None, Box(np.zeros(2), np.ones(2))), bias=False, y=np.ones(2))
    # weights that no positive point pulls towards
    assert gamma(one, [-1.0, -1.0]).attainable == "no"
    both = two_rows(bias=False)
    assert gamma(both, [-0.125, -0.125]).attainable == "yes"


def test_an_unattainable_target_has_a_proof_and_no_mixture() -> None:
    p = two_rows(bias=False)
    t = fractional_minimum(p, [40.0, -30.0])
    assert (t.value, t.upper, t.status, t.mixture) == (inf, inf, "unattainable", None)
    assert t.lower >= minimum.BEYOND_ANY_SET
    assert t.direction is not None
    c = clean.clean_gradient(p, np.array([40.0, -30.0]))
    assert (
        dual_bound(p, np.array([40.0, -30.0]), c, t.direction, price(p, np.array([40.0, -30.0]), t.direction))
        == t.lower
    )
    assert (t.multipliers.size, t.residual) == (0, 0.0)


def test_solver_failures_are_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """A programme that finds nothing, where one must have a solution, is no number."""
    p = two_rows(bias=False)
    monkeypatch.setattr("mtp_theory.convex_set.programme.Programme.solve", lambda self: None)
    with pytest.raises(UndecidedError, match="least residual"):
        fractional_minimum(p, [-0.25, 0.125])
    with pytest.raises(UndecidedError, match="least residual"):
        lambda_star(p, [-0.25, 0.125])


def test_a_mixture_that_misses_the_balance_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    p = two_rows(bias=False)
    original = Mixture.scaled
    monkeypatch.setattr(Mixture, "scaled", lambda self, factor: original(self, 1.01 * factor))
    with pytest.raises(UndecidedError, match="misses the balance"):
        fractional_minimum(p, [-0.25, 0.125])


def test_a_target_off_the_cone_has_no_lambda() -> None:
    one = Problem(np.array([[0.5]]), np.ones(1), "hinge", 0.5, PerLabel(None, Box(-np.ones(1), np.ones(1))))
    star = lambda_star(one, [0.5, 0.0])
    assert (star.value, star.lower, star.upper, star.mixture) == (-inf, -inf, -inf, None)
    g = gamma(one, [0.5, 0.0])
    assert (g.value, g.lower, g.lambda_star.lower, g.lambda_star.upper) == (-inf, -inf, -inf, -inf)
    assert star.residual > 0


def test_a_mass_that_no_cells_balance_is_bounded_from_below_only() -> None:
    p = two_rows(bias=False)
    target = np.array([0.5, 0.25])
    search = minimum._Search(p, target, clean.clean_gradient(p, target), 1e-6, None)
    found = search._unreached(refinement.TwoSided(None, 2.5, None, []))
    assert (found.value, found.lower, found.upper, found.status) == (2.5, 2.5, inf, "bounds")
    assert (found.mixture, found.direction, found.kind) == (None, None, "exact")
    proved = search._unreached(refinement.TwoSided(None, 2e12, None, []))
    assert (proved.value, proved.lower, proved.upper, proved.status) == (inf, 2e12, inf, "unattainable")
