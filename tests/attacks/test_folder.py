"""The folder of a run: its files, their modes, what a killed process leaves, the poisoned data."""

import csv
import json
import os
import platform
import subprocess
import sys
from zlib import crc32

import numpy as np
import pytest

from mtp_theory import datasets
from mtp_theory.attacks import COLUMNS, attack
from mtp_theory.attacks.folder import prepare
from mtp_theory.attacks.given import Given
from mtp_theory.datasets import Dataset
from mtp_theory.errors import InputError
from mtp_theory.training import train


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(5)
    y = np.repeat([1.0, -1.0], 12)
    X = np.clip(0.5 + 0.2 * y[:, None] + 0.2 * rng.normal(size=(24, 4)), 0, 1)
    return Dataset(X[::2], y[::2], name="small", X_test=X[1::2], y_test=y[1::2])


@pytest.fixture(scope="module")
def goal(data):
    return data.problem("hinge", 0.1).target(np.array([-1.0, -1.0, 0.5, 0.0, 1.0]))


def test_files_of_a_run(tmp_path, data, goal):
    run = attack(goal, "online", max_points=6, keep_models=True)
    run.save(tmp_path / "run", data=data, poisoned=True)
    files = sorted(p.name for p in (tmp_path / "run").iterdir())
    assert files == ["best_model.npz", "model.npz", "points.npz", "poisoned.npz", "run.json", "trajectory.csv"]
    umask = os.umask(0)
    os.umask(umask)
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "run").iterdir()} == {0o666 & ~umask}
    with np.load(tmp_path / "run" / "best_model.npz") as f:
        assert np.array_equal(f["theta"], run.thetas[int(np.argmin([r.distance for r in run.rows]))])
    rows = list(csv.DictReader((tmp_path / "run" / "trajectory.csv").read_text().splitlines()))
    assert [float(r["distance"]) for r in rows] == [r.distance for r in run.rows]
    assert tuple(rows[0]) == COLUMNS
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    wrong = data.y_test * (data.X_test @ run.theta[:-1] + run.theta[-1]) < 0
    assert record["test_error"] == pytest.approx(wrong.mean())
    assert record["method"] == "online"
    assert record["data"]["identity"] == data.identity


def test_poisoned_data_train_to_the_runs_model(tmp_path, data, goal):
    run = attack(goal, "online", max_points=6)
    run.save(tmp_path, data=data, poisoned=True)
    poisoned = datasets.load(tmp_path / "poisoned.npz")
    assert poisoned.n == data.n + 6
    assert train(poisoned.problem("hinge", 0.1)).theta == pytest.approx(run.theta, abs=1e-4)
    assert np.array_equal(poisoned.X_test, data.X_test)
    with pytest.raises(InputError, match="give data="):
        run.save(tmp_path / "none", poisoned=True)
    assert not (tmp_path / "none").exists()
    (tmp_path / "file").write_text("a file, no folder")
    with pytest.raises(InputError, match="cannot make the folder"):
        run.save(tmp_path / "file")


@pytest.mark.parametrize(("value", "dtype"), [(4 / 16, np.uint8), (0.26, np.float64)])
def test_poisoned_bytes_stay_bytes_where_the_points_are(tmp_path, value, dtype):
    rng = np.random.default_rng(0)
    X = rng.integers(0, 17, (10, 3)).astype(np.uint8)
    data = Dataset(X, np.repeat([1.0, -1.0], 5), name="bytes", scale=16.0, X_test=X[:2], y_test=np.array([1.0, 1.0]))
    goal = data.problem("hinge", 0.1).target(np.zeros(4))
    Given(np.full((2, 3), value), np.array([1.0, -1.0])).run(goal).save(tmp_path, data=data, poisoned=True)
    poisoned = datasets.load(tmp_path / "poisoned.npz")
    assert poisoned.X.dtype == dtype
    assert np.array_equal(poisoned.X / poisoned.scale, np.vstack([X / 16, np.full((2, 3), value)]))
    assert np.array_equal(poisoned.X_test / poisoned.scale, X[:2] / 16)


def test_without_a_target_distances_are_null(tmp_path, data):
    problem = data.problem("hinge", 0.1)
    attack(problem.errors(data.X_test, data.y_test), "label-flip", max_points=4).save(tmp_path, data=data)
    record = json.loads((tmp_path / "run.json").read_text())
    assert record["distance"] is None
    assert "no target" in record["reason"]
    rows = list(csv.DictReader((tmp_path / "trajectory.csv").read_text().splitlines()))
    assert {r["distance"] for r in rows} == {""}
    assert float(rows[-1]["error"]) == record["error"]


def test_what_a_killed_process_left_is_removed(tmp_path):
    child = subprocess.Popen([sys.executable, "-S", "-c", ""])
    child.wait()
    tail = f"{crc32(platform.node().encode()):08x}-{child.pid}-0123456789ab.part"
    left = [tmp_path / f".run.json.{tail}", tmp_path / f".checkpoint.npz.{tail}"]
    other = tmp_path / f".notes.txt.{tail}"
    for path in (*left, other):
        path.write_text("half")
    prepare(tmp_path, resume=False)
    assert not any(p.exists() for p in left)
    assert other.exists()
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(InputError, match="holds a run already"):
        prepare(tmp_path, resume=False)
    prepare(tmp_path, resume=True)
    with pytest.raises(InputError, match="a file of that name"):
        prepare(other, resume=False)


def test_frame_plot_and_html(data, goal):
    run = attack(goal, "online", max_points=3)
    frame = run.to_pandas()
    assert list(frame.columns) == list(COLUMNS)
    assert frame["points"].tolist() == [0, 1, 2, 3]
    assert frame["distance"].tolist() == [r.distance for r in run.rows]
    ax = run.plot()
    assert np.array_equal(ax.lines[0].get_ydata(), frame["distance"])
    assert "converged" in run._repr_html_() or "budget" in run._repr_html_()
    import matplotlib.pyplot as plt

    plt.close(ax.figure)
