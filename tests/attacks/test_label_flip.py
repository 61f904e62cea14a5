"""Label flipping: turns, ranks, batches; bad arguments."""

import numpy as np
import pytest

from mtp_theory.attacks.label_flip import LabelFlip
from mtp_theory.errors import InputError
from mtp_theory.targets import canonical


@pytest.fixture(scope="module")
def goal():
    problem, fit = canonical("digits-1-7")
    return problem.target(fit.theta)


def test_takes_turns_and_flips(goal):
    problem = goal.problem
    rows = np.zeros(problem.y.size, dtype=bool)
    rows[[3, 8, 200]] = True
    run = LabelFlip(rows=rows).run(goal, max_points=7)
    chosen = problem.X[rows] / problem.scale
    assert sorted(int((run.X == x).all(axis=1).sum()) for x in chosen) == [2, 2, 3]
    for x, label in zip(run.X, run.y, strict=True):
        source = np.flatnonzero((problem.X / problem.scale == x).all(axis=1))
        assert (problem.y[source] == -label).all()
    assert [r.points for r in run.rows] == list(range(8))


def test_lowest_clean_margins_come_first(goal):
    problem = goal.problem
    run = LabelFlip("low_margin").run(goal, max_points=2)
    lowest = np.argsort(problem.margins(problem.clean.theta), kind="stable")[:2]
    np.testing.assert_array_equal(run.X, problem.X[lowest] / problem.scale)
    np.testing.assert_array_equal(run.y, -problem.y[lowest])


def test_batches_add_the_same_points(goal):
    single, batches = LabelFlip(seed=4).run(goal, max_points=9), LabelFlip(seed=4, at=(0, 4, 9)).run(goal, max_points=9)
    np.testing.assert_array_equal(single.X, batches.X)
    assert [r.points for r in batches.rows] == [0, 4, 9]
    for k in (4, 9):
        row = next(r for r in batches.rows if r.points == k)
        # two fits of one set agree to within their gaps
        assert row.distance == pytest.approx(single.rows[k].distance, abs=1e-4)
    assert not np.array_equal(LabelFlip(seed=5).run(goal, max_points=9).X, single.X)


def test_resumes_bit_for_bit(goal, tmp_path):
    whole = LabelFlip(seed=2).run(goal, max_points=8, checkpoint_every=3)
    LabelFlip(seed=2).run(goal, max_points=4, checkpoint_every=3, folder=tmp_path)
    resumed = LabelFlip(seed=2).run(goal, max_points=8, checkpoint_every=3, folder=tmp_path, resume=True)
    assert np.array_equal(resumed.X, whole.X)
    assert resumed.rows == whole.rows
    with pytest.raises(InputError, match="belongs to other"):
        LabelFlip(seed=3).run(goal, max_points=8, folder=tmp_path, resume=True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"choice": "radnom"}, "did you mean 'random'"),
        ({"seed": -1}, "seed"),
        ({"seed": "one"}, "seed"),
        ({"rows": np.zeros(361, dtype=bool)}, "selects none"),
        ({"rows": np.ones(3, dtype=bool)}, "shape"),
    ],
)
def test_bad_arguments(goal, arguments, message):
    with pytest.raises(InputError, match=message):
        LabelFlip(**arguments).run(goal, max_points=3)
