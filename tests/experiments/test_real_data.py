"""Committed results of Adult and MNIST 1-7 come out again from the raw data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtp_theory.attacks import online
from mtp_theory.attacks.kkt import kkt
from mtp_theory.datasets import load
from mtp_theory.experiments import Run, default_folder, expand, load_grid
from mtp_theory.experiments.authors import AuthorsTrainer
from mtp_theory.experiments.kinds import execute
from mtp_theory.experiments.kinds.online import row_at
from mtp_theory.experiments.setting import share_of
from mtp_theory.experiments.store import Result, Store
from mtp_theory.problem import Problem
from mtp_theory.targets import generate

pytestmark = pytest.mark.slow

#: Runs that take seconds each: an attack, KKT by branch and bound, both signs for logistic regression, t*.
AGAIN = [
    ("adult-svm", "online-17"),
    ("adult-svm", "kkt-integer-17"),
    ("adult-lr", "online-5"),
    ("adult-lr", "kkt-correct-5"),
    ("mnist-svm", "minimum-0.05"),
]


def again(grid: str, name: str, data_dir: Path) -> tuple[Result, Result]:
    """The committed result and the one of a run from the committed results it refers to."""
    runs: dict[str, Run] = {r.name: r for r in expand(load_grid(grid))}
    store = Store(default_folder())
    by_key = {r.key: r for r in runs.values()}
    inputs = {k: store.read(by_key[k]) for k in runs[name].needs}
    return store.read(runs[name]), execute(runs[name].spec, inputs, str(data_dir))


@pytest.mark.parametrize(("grid", "name"), AGAIN)
def test_run_again(grid, name, data_dir):
    """Counts exactly; numbers to the rounding that another processor may bring."""
    old, new = again(grid, name, data_dir)
    compare(old.values, new.values)
    for model, theta in old.models.items():
        np.testing.assert_allclose(new.models[model], theta, atol=1e-5)


def compare(old, new):
    """Nested values: numbers to 1e-4 relative, accuracies with them; solver gaps and residuals are not compared."""
    assert old.keys() == new.keys()
    for key, value in old.items():
        if isinstance(value, dict):
            compare(value, new[key])
        elif key in ("gap", "gap_max", "residual", "residual_gap", "pairs_open"):
            continue
        elif isinstance(value, float):
            assert new[key] == pytest.approx(value, rel=1e-4, abs=1e-4), key
        else:
            assert new[key] == value, key


def test_what_does_not_explain_the_ten_per_cent_target(data_dir):
    """MNIST 1-7, SVM, 10 %: class names, liblinear and Koh et al.'s grid do not give the paper's mid-run numbers.

    They lie 2.3 to 2.7 points below ours in mid-run, for both attacks.
    """
    grid = {r.name: r for r in expand(load_grid("mnist-svm"))}
    store = Store(default_folder())
    target = np.array(store.read(grid["targets"]).models["0.1"])
    stored = store.read(grid["online-0.1"]).values
    dataset = load("mnist-1-7", data_dir=data_dir)
    plain = dataset.problem("hinge", 0.09)
    swapped = Problem(dataset.X, -dataset.y, "hinge", 0.09, plain.domain, scale=dataset.scale)

    def accuracy(problem, theta, y):
        return 100 * (1 - problem.error_rate(theta, dataset.X_test, y, dataset.scale))

    run = online(swapped, -target, epsilon=0.1, bound_every=2**31, keep_models=True)
    counts = np.array([r.points for r in run.rows])
    for share, ours in stored["accuracy"]["test"].items():
        other = accuracy(swapped, run.thetas[row_at(counts, float(share), run.points)], -dataset.y_test)
        assert abs(other - ours) < 0.5
    # the target that the grid of Koh et al. yields is another one, and further from the paper's 92.1 and 90.9 %
    theirs = generate(dataset, "hinge", 0.09, method="koh", goal=0.1, grid="koh").theta
    run = online(plain, theirs, epsilon=0.1, bound_every=2**31, keep_models=True)
    counts = np.array([r.points for r in run.rows])
    for share, printed in ((0.4, 92.1), (0.6, 90.9)):
        other = accuracy(plain, run.thetas[row_at(counts, share, run.points)], dataset.y_test)
        assert other - printed > 2.5
    attack = kkt(plain, target, share_of(0.2, stored["points"]))
    trainer = AuthorsTrainer(plain, 12)
    trainer.add_many(*attack.selected.points())
    ours = store.read(grid["kkt-0.1"]).values["fractions"]["0.2"]["test"]
    assert abs(accuracy(plain, trainer.fit().theta, dataset.y_test) - ours) < 0.1
