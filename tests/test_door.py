"""The public vocabulary: what it names, what it loads, and what each verb answers."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest

import mtp_theory as mtp
from mtp_theory import convex_set
from mtp_theory.bounds import target as bounds
from mtp_theory.bounds.closeness import fewest_points
from mtp_theory.shadow.distance import distance

CONTRACT = {
    "AttackRun", "Dataset", "Domain", "Enclosure", "Goal", "InputError", "MarginLoss", "MtpError", "Problem", "Target",
    "UndecidedError", "bound", "check", "distance", "gamma", "load", "verify",
}  # fmt: skip


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    X = np.clip(rng.normal(0.5, 0.2, (40, 5)) + 0.15 * np.repeat([[1], [-1]], 20, 0), 0, 1)
    return mtp.Dataset(X, np.repeat([1.0, -1.0], 20))


@pytest.fixture(scope="module")
def target(data):
    flipped = mtp.Dataset(np.r_[data.X, data.X[:8]], np.r_[data.y, -data.y[:8]])
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
    assert more.ok
    assert "theorem-2" in more._repr_html_()
    assert sum(r.instances for r in more) > sum(r.instances for r in one)
    with pytest.raises(mtp.InputError, match="definition-9"):
        mtp.check("definition-9")


def test_what_is_no_target_is_refused(target):
    for verb in (mtp.gamma, lambda t: mtp.distance(t, target.theta)):
        with pytest.raises(mtp.InputError, match=r"problem\.target"):
            verb(target.theta)
    with pytest.raises(mtp.InputError, match=r"problem\.target"):
        mtp.check("definition-1", on=target.theta)


def test_bound_certifies_and_saves(target, data, tmp_path):
    answer = mtp.bound(target)
    assert answer.lower == answer.lower_bound <= answer.upper == answer.constructed == len(answer.points[1])
    answer.save(tmp_path / "c.json")
    answer.save_upper(tmp_path / "u.json")
    for name, value in (("c", answer.lower), ("u", answer.upper)):
        verdict = mtp.verify(tmp_path / f"{name}.json", data)
        assert verdict
        assert verdict.value == value
    verdict = mtp.verify(tmp_path / "c.json", data, on=target)
    assert verdict.valid
    assert verdict.text
    assert verdict.about["loss"] == "hinge"
    assert "hinge" in verdict._repr_html_()
    near = target.problem.target(np.nextafter(target.theta, np.inf))
    softer = data.problem("hinge", 0.08).target(target.theta)
    smooth = data.problem("logistic", 0.09).close(target.theta, 0.1)
    for goal, word in ((near, "target"), (softer, "C_R = 9/100, not 0.08"), (smooth, "loss 'hinge'")):
        verdict = mtp.verify(tmp_path / "c.json", data, on=goal)
        assert not verdict
        assert verdict.text == ""
        assert word in verdict.reason
    assert mtp.verify(tmp_path / "c.json", data, second=True).valid
    other = mtp.Dataset(data.X, -data.y, name="other")
    assert not mtp.verify(tmp_path / "c.json", other)
    (tmp_path / "broken.json").write_text('{"a": ')
    with pytest.raises(mtp.InputError):
        mtp.verify(tmp_path / "broken.json", data)


def test_a_certificate_about_another_kind_of_goal_is_not_valid(target, data, tmp_path):
    problem = target.problem
    row, label = data.X[0], float(data.y[0])
    rows = problem.wrong(data.X, data.y, at_least=data.n - 1)
    close = target.close(0.05)
    paths = {goal: tmp_path / f"{i}.json" for i, goal in enumerate((target, close, rows))}
    for goal, path in paths.items():
        mtp.bound(goal, **({"seconds": 5, "above": False} if goal is rows else {"search": False})).save(path)
        assert mtp.verify(path, data, on=goal).valid
    flip, errors = problem.flip(row, label), problem.errors(data.X, data.y)
    fewer = problem.wrong(data.X, data.y, at_least=data.n)
    for goal, others in {
        target: (close, flip, rows, errors),
        close: (target.close(0.06), flip, rows, errors),
        rows: (target, close, flip, fewer, problem.wrong(data.X, data.y, at_least=data.n - 1, tau=0.5), errors),
    }.items():
        for other in others:
            verdict = mtp.verify(paths[goal], data, on=other)
            assert not verdict.valid, (type(goal), type(other))
            assert verdict.text == ""
            assert verdict.reason


def test_a_disagreement_of_the_checkers_decides_nothing(target, data, tmp_path, monkeypatch):
    from mtp_theory.certificates.second import checker

    mtp.bound(target, search=False).save(tmp_path / "c.json")
    monkeypatch.setattr(checker, "verify", lambda *_: {"valid": False, "reason": "no"})
    assert mtp.verify(tmp_path / "c.json", data).valid
    with pytest.raises(mtp.UndecidedError, match="the checkers disagree"):
        mtp.verify(tmp_path / "c.json", data, second=True)


def test_the_certificate_of_a_close_set_is_about_that_closeness(target, data, tmp_path):
    close, path = target.close(0.3), tmp_path / "u.json"
    answer = mtp.bound(close, steps=3)
    answer.save_upper(path)
    verdict = mtp.verify(path, data, on=close)
    assert verdict.valid
    assert verdict.value == answer.upper
    assert "distance from the target in mind is at most" in verdict.text
    assert mtp.verify(path, data, on=target.close(0.9)).valid
    nearer = mtp.verify(path, data, on=target.close(0.2))
    assert not nearer.valid
    assert "not 0.2" in nearer.reason
    softer, far = data.problem("hinge", 0.1), target.problem.target(np.ones(6))
    for other in (softer.close(target.theta, 0.3), far.close(0.3)):
        assert not mtp.verify(path, data, on=other).valid
    assert not mtp.verify(path, data, on=target).valid


def test_bound_for_closeness_takes_fewer_points(target):
    answer = mtp.bound(target.close(0.3), steps=3)
    assert 0 < answer.lower <= answer.upper <= mtp.bound(target).upper
    assert answer.goal.reached(answer.model)


def test_bound_of_a_target_that_is_there_or_out_of_reach(target):
    here = mtp.bound(target.problem.target(target.clean.theta))
    assert (here.lower, here.upper, here.status) == (0, 0, "optimal")
    beyond = mtp.bound(target.problem.target(np.full(6, 50.0)))
    assert (beyond.lower, beyond.upper, beyond.status) == (np.inf, np.inf, "unattainable")
    assert beyond.lower_bound is beyond.constructed is beyond.points is None
    with pytest.raises(mtp.InputError, match="no set of points"):
        beyond.save_upper("never.json")


def test_bound_is_about_the_problems_own_rows(target, data):
    """The rows, counts and domain are the problem's; a data set that is another one is refused."""
    problem = target.problem
    twice = dataclasses.replace(problem, counts=2 * problem.counts)
    assert bounds.bound(twice, target.theta, search=False).lower_value == pytest.approx(
        2 * mtp.bound(target, search=False).lower_value, rel=1e-3
    )
    wide = mtp.Dataset(data.X, data.y, lower=np.full(5, -1.0), upper=np.full(5, 2.0))
    for own, given in ((twice, data), (problem, wide), (problem, mtp.Dataset(data.X[1:], data.y[1:]))):
        with pytest.raises(mtp.InputError, match="not the problem's"):
            bounds.bound(own, target.theta, data=given)
        with pytest.raises(mtp.InputError, match="not the problem's"):
            fewest_points(own, target.theta, 0.1, data=given)
    assert bounds.bound(problem, target.theta, data=data, search=False).lower_bound is not None


def test_bound_for_a_flipped_prediction(data):
    problem = mtp.Dataset(data.X[:, :2], data.y).problem("hinge", 0.09)
    answer = mtp.bound(problem.flip(problem.X[0], 1.0), seconds=3)
    assert 0 <= answer.lower <= answer.upper
    if answer.model is not None:
        assert problem.flip(problem.X[0], 1.0).reached(answer.model)


def test_a_goal_of_ones_own_says_how_it_is_bounded(target):
    class Anything(mtp.Goal):
        problem = target.problem

        def reached(self, theta):
            return True

        def describe(self):
            return {"goal": "anything"}

        def bound(self, **options):
            return mtp.Enclosure(0, 0, **options)

    assert mtp.bound(Anything(), status="easy").status == "easy"


def test_an_objective_without_a_threshold_has_no_bound(target):
    with pytest.raises(mtp.InputError, match="attacks only"):
        mtp.bound(target.problem.errors(target.problem.X, target.problem.y))
    with pytest.raises(mtp.InputError, match=r"problem\.target"):
        mtp.bound(target.theta)
