"""The watch list: rows that are not on it keep their side of margin 1 while the model stays in its region."""

from __future__ import annotations

import numpy as np
import pytest

from mtp_theory.attacks.checkpoint import usual_interval
from mtp_theory.domains import Box
from mtp_theory.problem import Problem
from mtp_theory.training import make_trainer
from mtp_theory.training.hinge import state


@pytest.fixture(scope="module", params=["bytes", "floats"])
def trained(request):
    """A trainer in the middle of a run that moves steadily one way, and all its signed rows."""
    rng = np.random.default_rng(5)
    d, n = 64, 500
    template = rng.random((2, d)) < 0.3
    y = rng.choice([-1.0, 1.0], n)
    X = (template[(y > 0).astype(int)] * 120 + rng.integers(0, 130, (n, d))).astype(np.uint8)
    scale = 255.0
    if request.param == "floats":
        X, scale = X / 255.0, 1.0
    problem = Problem(X, y, "hinge", 0.05, Box.unit(d), scale=scale)
    trainer = make_trainer(problem)
    point = (X[0] / scale).clip(0, 1)
    for _ in range(140):
        trainer.add((point + 0.05 * rng.random(d)).clip(0, 1), int(-y[0]))
        trainer.fit()
        assert trainer.full_gap() <= 1e-12
    return trainer, np.asarray(trainer.points.signed_rows())


def least_room(trainer, Z, region, read=True):
    """Distance to margin 1, on its side, that each row off the list keeps at the worst model of the region.

    Of the rows that were read for the list, or of those that were too far.
    """
    rows, anchors = trainer._rows, trainer._anchors
    off = np.flatnonzero((rows.place[: Z.shape[0]] < 0) & ((rows.current[: Z.shape[0]] != 0) == read))
    side = np.where(rows.status[off] == state.ZERO, 1.0, -1.0)
    assert (rows.status[off] != state.FREE).all()
    z = Z[off]
    if not read:
        return side * (z @ anchors.theta[0] - 1.0) - region[state.DISTANCE] * np.linalg.norm(z, axis=1)
    drift = side * (z @ anchors.drift)
    inside = z @ anchors.basis.T
    outside = np.linalg.norm(z - inside @ anchors.basis, axis=1)
    along = np.minimum(drift * region[state.FORWARD], -drift * region[state.BACKWARD])
    across = region[state.INSIDE] * np.linalg.norm(inside, axis=1) + region[state.OUTSIDE] * outside
    return side * (z @ anchors.theta[0] - 1.0) + along - across


def test_rows_off_the_list_keep_their_side(trained):
    trainer, Z = trained
    region = trainer._watch.region
    room, far = least_room(trainer, Z, region), least_room(trainer, Z, region, read=False)
    assert min(room.size, far.size) > 0
    assert room.size + far.size < Z.shape[0]
    assert trainer._anchors.length[0] > 0  # there is a drift
    assert room.min() >= 0.0
    assert far.min() >= 0.0


def test_a_region_that_is_too_large_for_the_list_is_seen(trained):
    """Planted: a list made for a smaller region than the one it is used in."""
    trainer, Z = trained
    for part in range(4):
        region = trainer._watch.region.copy()
        # The model moves forward, so of the way back the list holds next to nothing.
        region[part] = 20.0 * max(region[part], 1.0 if part == state.BACKWARD else 0.0)
        assert least_room(trainer, Z, region).min() < 0.0
    region = trainer._watch.region.copy()
    region[state.DISTANCE] *= 20.0
    assert least_room(trainer, Z, region, read=False).min() < 0.0


def test_margins_and_drifts_of_the_rows_that_were_read(trained):
    """Of the rows that were read for the last list too, and of those that were too far for that one."""
    trainer, Z = trained
    rows, anchors, n = trainer._rows, trainer._anchors, Z.shape[0]
    read = rows.current[:n] != 0
    error = trainer._watch.share[0] * rows.norm[:n]
    assert (np.abs(rows.margin[:n] - Z @ anchors.theta[0]) <= error)[read].all()
    assert (np.abs(rows.drift[:n] - Z @ anchors.drift) <= 2.0 * error)[read].all()
    # 140 fits are several lists: the drift of some rows had to be read.
    due = np.zeros(n, dtype=bool)
    due[rows.due[: trainer._watch.used[2]]] = True
    assert (due == read)[: trainer.points.n_clean].all()


def test_the_list_is_of_use(trained):
    """The last fit read few rows, and the model lies in the list's region."""
    trainer, Z = trained
    assert trainer.looked < 0.5 * Z.shape[0]
    assert (trainer._watch.farthest <= trainer._watch.region).all()


def test_interval_of_checkpoints():
    """A slow engine writes more often."""
    assert usual_interval("active_set") == 2000
    assert usual_interval("newton") == usual_interval("liblinear") == 500
