"""The public vocabulary: what it names, what it loads, and what each verb answers."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

import mtp_theory as mtp
from mtp_theory import convex_set
from mtp_theory.shadow.distance import distance

CONTRACT = {
    "AttackRun", "Dataset", "Domain", "Enclosure", "Goal", "InputError", "MarginLoss", "Problem", "Target",
    "UndecidedError", "check", "distance", "gamma", "load", "verify",
}  # fmt: skip


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    X = np.clip(rng.normal(0.5, 0.2, (40, 5)) + 0.15 * np.repeat([[1], [-1]], 20, 0), 0, 1)
    return mtp.Dataset("small", X, np.repeat([1.0, -1.0], 20))


@pytest.fixture(scope="module")
def target(data):
    flipped = mtp.Dataset("flipped", np.r_[data.X, data.X[:8]], np.r_[data.y, -data.y[:8]])
    return data.problem("hinge", 0.09).target(flipped.problem("hinge", 0.09).clean.theta)


def test_the_contract_is_named_and_every_name_is_there():
    assert set(mtp.__all__) >= CONTRACT
    assert mtp.__all__ == sorted(set(mtp.__all__))
    for name in mtp.__all__:
        assert getattr(mtp, name).__doc__, name
        assert name in dir(mtp)
    with pytest.raises(AttributeError, match="no attribute 'bond'"):
        mtp.bond  # noqa: B018


def test_importing_costs_next_to_nothing():
    """Nothing but the standard library; the vocabulary loads neither a plotting library nor cvxpy."""
    code = """
import sys, time
start = time.perf_counter(); import mtp_theory; took = time.perf_counter() - start
heavy = sorted(m for m in ("numpy", "numba", "scipy", "matplotlib", "cvxpy", "sklearn") if m in sys.modules)
for name in mtp_theory.__all__: getattr(mtp_theory, name)
late = sorted(m for m in ("matplotlib", "cvxpy", "plotly", "torch", "pandas") if m in sys.modules)
import json; print(json.dumps([took, heavy, late]))
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    took, heavy, late = json.loads(out.stdout)
    assert heavy == late == []
    # the promise is 0.2 s; a few milliseconds are usual, but tests run on busy machines
    assert took < 2.0


def test_distance_and_gamma_are_those_of_their_rooms(target):
    clean = target.clean.theta
    ours, direct = mtp.distance(target, clean), distance(target.problem, clean, target.theta)
    assert (ours.lower, ours.upper, ours.label) == (direct.lower, direct.upper, direct.y)
    assert ours.lower <= ours.value <= ours.upper
    assert ours.x.shape == (5,)
    found = mtp.gamma(target)
    assert found.lower == convex_set.gamma(target.problem, target.theta).lower
    assert 0 < found.lower <= found.upper < 1
    assert isinstance(ours, mtp.Enclosure)
    assert isinstance(found, mtp.Enclosure)


def test_check_adds_the_users_target(target):
    one = mtp.check("theorem-2", examples=3, embedded=False)
    more = mtp.check(["theorem-2"], on=target, examples=3, embedded=False, points=4)
    assert [r.statement for r in one] == [r.statement for r in more]
    assert all(r.as_expected for r in more)
    assert sum(r.instances for r in more) > sum(r.instances for r in one)
    with pytest.raises(mtp.InputError, match="definition-9"):
        mtp.check("definition-9")


def test_what_is_no_target_is_refused(target):
    for verb in (mtp.gamma, lambda t: mtp.distance(t, target.theta)):
        with pytest.raises(mtp.InputError, match=r"problem\.target"):
            verb(target.theta)
    with pytest.raises(mtp.InputError, match=r"problem\.target"):
        mtp.check("definition-1", on=target.theta)
