"""Target generation against the slow way, its choice rules, and the paper's own targets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from reference.flip_targets import candidates as slow_candidates

from mtp_theory.datasets import PAPER_CLUSTERS, Dataset, load
from mtp_theory.errors import InputError, UndecidedError
from mtp_theory.losses import get_loss
from mtp_theory.targets import Candidate, Grid, TargetNotFound, choose, generate, search
from mtp_theory.targets.grids import INDISCRIMINATE, SUBPOPULATION
from mtp_theory.targets.pool import FlipPool, highest_loss_copies, low_margin_copies

#: Fits of two solvers to tolerances of 1e-8 and 1e-10: their losses agree to this.
AGREE = 1e-5
GRID = Grid((0.1, 0.3, 0.6), (1, 5, 20))


@pytest.fixture(scope="module")
def split() -> Dataset:
    """Digits 1-7 with every third row as a test row."""
    digits = load("digits-1-7")
    test = np.arange(digits.n) % 3 == 0
    return Dataset(digits.X[~test], digits.y[~test], digits.X[test], digits.y[test], name="split")


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
@pytest.mark.parametrize("method", ["koh", "improved"])
def test_candidates_agree_with_copied_rows(split: Dataset, loss: str, method: str) -> None:
    found, _ = search(split, loss, 0.09, method=method, grid=GRID)
    slow = slow_candidates(split, loss, 0.09, *GRID, adaptive=method == "improved")
    assert len(found) == len(slow) == 9
    for mine, (value, copies, points, error, clean, model) in zip(found, slow, strict=True):
        assert (mine.value, mine.copies, mine.points) == (value, copies, points)
        assert mine.error_rate == pytest.approx(error, abs=1e-12)
        assert mine.clean_loss == pytest.approx(clean, abs=AGREE)
        np.testing.assert_allclose(mine.theta, model, atol=1e-3)
        assert mine.gap <= 1e-8


def test_improved_differs_from_koh(split: Dataset) -> None:
    one, _ = search(split, "hinge", 0.09, method="koh", grid=GRID)
    two, _ = search(split, "hinge", 0.09, method="improved", grid=GRID)
    np.testing.assert_array_equal(one[0].theta, two[0].theta)
    assert any(abs(a.clean_loss - b.clean_loss) > 0.01 for a, b in zip(one, two, strict=True))


def test_bytes_with_a_scale_give_the_same_target(split: Dataset) -> None:
    as_bytes = Dataset(
        np.rint(split.X * 16).astype(np.uint8),
        split.y,
        np.rint(split.X_test * 16).astype(np.uint8),
        split.y_test,
        scale=16,
        name="bytes",
    )
    one = generate(split, "hinge", 0.09, method="koh", goal=0.1, grid=GRID)
    two = generate(as_bytes, "hinge", 0.09, method="koh", goal=0.1, grid=GRID)
    np.testing.assert_allclose(one.theta, two.theta, atol=1e-4)
    assert one.parameters == two.parameters


def test_generate_takes_the_least_clean_loss_that_exceeds_the_goal(split: Dataset) -> None:
    seen = []
    target = generate(
        split, "hinge", 0.09, method="koh", goal=0.1, grid=GRID, progress=lambda k, n: seen.append((k, n))
    )
    assert seen == [(k, 9) for k in range(1, 10)]
    reached = [c for c in target.candidates if c.error_rate > 0.1]
    assert 0 < len(reached) < 9
    assert target.clean_loss == min(c.clean_loss for c in reached)
    assert target.error_rate > 0.1
    pool = FlipPool(split, "hinge", 0.09)
    assert pool.error_rate(target.theta) == target.error_rate
    assert target.parameters["points"] == target.parameters["rows"] * target.parameters["copies"]


def candidate(error: float, loss: float) -> Candidate:
    return Candidate(0.1, 1, 1, np.array([error]), error, loss, 0.0)


def test_choice_rules() -> None:
    models = [candidate(0.2, 3.0), candidate(0.1, 1.0), candidate(0.3, 2.0), candidate(0.3, 2.0)]
    assert choose(models, 0.1) is models[2]  # strictly more than the goal; the first on a tie
    assert choose(models, 0.1, at_least=True) is models[1]
    with pytest.raises(TargetNotFound, match=r"largest error rate of 4 candidates is 0\.3000"):
        choose(models, 0.3)
    assert issubclass(TargetNotFound, UndecidedError)
    with pytest.raises(TargetNotFound):
        choose([], 0.0)


def test_goal_out_of_reach(split: Dataset) -> None:
    with pytest.raises(TargetNotFound, match="lower the goal or widen the grid"):
        generate(split, "hinge", 0.09, method="koh", goal=0.9, grid=Grid((0.1,), (1,)))


def test_label_flip_is_the_canonical_target() -> None:
    from mtp_theory.targets import canonical

    target = generate(load("digits-1-7"), "hinge", 0.09, method="label_flip", goal=0.0, grid=Grid((0.05,), (2,)))
    np.testing.assert_array_equal(target.theta, canonical()[1].theta)
    assert (target.parameters["rows"], target.parameters["points"]) == (18, 36)


def test_subpopulation_reaches_its_rows_and_agrees_with_copied_rows(split: Dataset) -> None:
    from mtp_theory.targets import ranked_subpopulations

    grid = Grid((0.8, 1.0), (30, 100))
    target = generate(split, "hinge", 0.09, method="subpopulation", goal=1.0, grid=grid)
    pool = FlipPool(split, "hinge", 0.09)
    part = ranked_subpopulations(split, pool.clean.decision(pool.clean_fit.theta))[-1]
    assert target.parameters["cluster"] == part.cluster
    assert np.all(split.y_test[part.test] == -1)
    assert pool.error_rate(target.theta, part.test) == target.error_rate == 1.0
    assert pool.error_rate(target.theta) < 0.5
    slow = slow_candidates(split, "hinge", 0.09, *grid, rows=part.test)
    for mine, (_, _, points, error, clean, _) in zip(target.candidates, slow, strict=True):
        assert (mine.points, mine.error_rate) == (points, error)
        assert mine.clean_loss == pytest.approx(clean, abs=AGREE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"method": "kho"}, "unknown method 'kho': did you mean 'koh'"),
        ({"goal": 1.5}, r"goal 1\.5"),
        ({"goal": float("nan")}, "goal nan"),
        ({"grid": "2020-7"}, "unknown grid '2020-7': did you mean '2020-07'"),
        ({"grid": Grid((0.0,), (1,))}, "values"),
        ({"grid": Grid((0.1,), (0,))}, "copies"),
        ({"grid": Grid((), (1,))}, "values"),
        ({"cluster": 3}, "clusters belong to method 'subpopulation'"),
        ({"method": "subpopulation", "cluster": 99}, "cluster 99; the clusters are 0 to"),
        ({"method": "subpopulation", "label": 0}, "label 0"),
        ({"c_r": 0.0}, "C_R"),
        ({"loss": "hnge"}, "did you mean 'hinge'"),
    ],
)
def test_bad_input(split: Dataset, change: dict, message: str) -> None:
    arguments = {"loss": "hinge", "c_r": 0.09, "method": "koh", "goal": 0.1} | change
    with pytest.raises(InputError, match=message):
        generate(split, arguments.pop("loss"), arguments.pop("c_r"), **arguments)


def test_selections_are_strict_and_stable() -> None:
    margins = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    assert low_margin_copies(margins, 0.5, 7).tolist() == [7, 7, 0, 0, 0]  # the median itself is not taken
    assert low_margin_copies(margins, 1.0, 1).tolist() == [1, 1, 1, 1, 0]
    mask = np.array([False, True, True, True, False])
    assert low_margin_copies(margins, 0.6, 2, mask).tolist() == [0, 2, 2, 0, 0]
    tied = highest_loss_copies(np.array([2.0, 0.0, 0.0, 0.0]), get_loss("hinge"), 0.5, 3)
    assert tied.tolist() == [0, 3, 3, 0]


def test_published_grids_have_their_published_sizes() -> None:
    assert [len(g.values) * len(g.copies) for g in INDISCRIMINATE.values()] == [121, 156, 72]
    assert [len(g.values) * len(g.copies) for g in SUBPOPULATION.values()] == [168, 120]
    assert INDISCRIMINATE["released"].values == tuple(k / 20 for k in range(1, 13))


# The paper's models on the paper's data.

ADULT_TARGETS = [
    # loss, cluster, quantile, copies, flipped points, N * clean loss (one decimal), accuracy on all test rows in %
    ("hinge", 17, 0.8, 15, 2250, 9654, None),
    ("hinge", 12, 0.8, 40, 4600, 9978, None),
    ("hinge", 19, 0.8, 30, 6960, 9485, None),
    ("logistic", 5, 1.0, 10, 2690, 10005.5, 71.1),
    ("logistic", 0, 1.0, 10, 2130, 10261.6, 71.0),
    ("logistic", 14, 1.0, 10, 3290, 10602.5, 66.0),
]


@pytest.mark.slow
@pytest.mark.parametrize(("loss", "accuracy"), [("hinge", 78.51), ("logistic", 79.86)])
def test_clean_accuracy_on_adult(loss: str, accuracy: float, data_dir: Path) -> None:
    pool = FlipPool(load("adult", data_dir=data_dir), loss, 0.09)
    assert round(100 * (1 - pool.error_rate(pool.clean_fit.theta)), 2) == accuracy
    if loss == "hinge":
        assert pool.clean.loss_sum(pool.clean_fit.theta) == pytest.approx(7217.249, abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("loss", "c_r", "accuracy"), [("hinge", 0.09, 98.80), ("logistic", 0.09, 98.0), ("logistic", 0.01, 99.1)]
)
def test_clean_accuracy_on_mnist(loss: str, c_r: float, accuracy: float, data_dir: Path) -> None:
    pool = FlipPool(load("mnist-1-7", data_dir=data_dir), loss, c_r)
    assert 100 * (1 - pool.error_rate(pool.clean_fit.theta)) == pytest.approx(accuracy, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("loss", "cluster", "value", "copies", "points", "clean", "accuracy"), ADULT_TARGETS)
def test_adult_targets_are_chosen_as_in_the_paper(
    loss: str,
    cluster: int,
    value: float,
    copies: int,
    points: int,
    clean: float,
    accuracy: float | None,
    data_dir: Path,
) -> None:
    data = load("adult", data_dir=data_dir)
    target = generate(data, loss, 0.09, method="subpopulation", goal=1.0, cluster=cluster)
    chosen = target.parameters
    assert (chosen["value"], chosen["copies"], chosen["points"]) == (value, copies, points)
    assert target.error_rate == 1.0
    assert data.n * target.clean_loss == pytest.approx(clean, abs=0.5 if loss == "hinge" else 0.05)
    if accuracy is not None:
        pool = FlipPool(data, loss, 0.09)
        assert 100 * (1 - pool.error_rate(target.theta)) == pytest.approx(accuracy, abs=0.05)


# method: for each goal the quantile, copies, flipped points, accuracy in % and N * clean loss. The last two are the
# paper's Table 4; the points are those of its Table 5, where 10 % and 15 % stand exchanged.
MNIST_TARGETS = {
    "koh": [
        (0.05, 0.10, 30, 6510, 94.0, 2254.6),
        (0.10, 0.20, 25, 10825, 88.8, 4941.0),
        (0.15, 0.50, 8, 8648, 83.3, 5428.4),
    ],
    "improved": [
        (0.05, 0.15, 10, 3250, 94.9, 1767.1),
        (0.10, 0.10, 20, 4340, 88.9, 3233.1),
        (0.15, 0.15, 20, 6500, 84.5, 4641.6),
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("method", MNIST_TARGETS)
def test_mnist_svm_targets_are_those_of_table_4(method: str, data_dir: Path) -> None:
    data = load("mnist-1-7", data_dir=data_dir)
    found, _ = search(data, "hinge", 0.09, method=method)
    for goal, value, copies, points, accuracy, clean in MNIST_TARGETS[method]:
        chosen = choose(found, goal)
        assert (chosen.value, chosen.copies, chosen.points) == (value, copies, points)
        assert round(100 * (1 - chosen.error_rate), 1) == accuracy
        assert round(data.n * chosen.clean_loss, 1) == clean


@pytest.mark.slow
def test_the_papers_clusters_are_the_easiest(data_dir: Path) -> None:
    from mtp_theory.targets import ranked_subpopulations

    data = load("adult", data_dir=data_dir)
    for loss, paper in PAPER_CLUSTERS.items():
        pool = FlipPool(data, loss, 0.09)
        decision = pool.clean.decision(pool.clean_fit.theta)
        ranked = ranked_subpopulations(data, decision)
        accuracy = {part.cluster: float((decision[part.train] < 0).mean()) for part in ranked}
        worst_of_paper = min(accuracy[c] for c in paper)
        assert sum(a > worst_of_paper for a in accuracy.values()) < 3
