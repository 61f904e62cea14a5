"""Bugs planted in the standard-library checker: the comparison with the second checker must notice each."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from reference.certificate_instances import (
    changes,
    flipped_target,
    leaves,
    make,
    replaced,
    small_data,
    verdict,
    written,
)

from mtp_theory import datasets
from mtp_theory.bounds.certify import gamma_certificate
from mtp_theory.bounds.target import bound
from mtp_theory.certificates import checker
from mtp_theory.certificates import format as write
from mtp_theory.certificates.second import checker as flint_checker
from mtp_theory.certificates.second.arithmetic import fraction
from mtp_theory.datasets import Dataset


def disagreements(case, folder):
    """Fields of the certificate at which a resealed change gets two verdicts."""
    found = []
    for path, value in leaves(case.top):
        for other in changes(value):
            changed = replaced(case.top, path, other)
            if path == ("seal",) or changed == case.top:
                continue
            file = written(changed, folder)
            if verdict(checker, file, case) != verdict(flint_checker, file, case):
                found.append(path)
                return found
    return found


def unlabelled(monkeypatch):
    """The reach of one label forgotten."""
    top = checker.Data.top
    # 1 - mu + top is at least 0 at mu = 1, so a label with a very small top never counts
    monkeypatch.setattr(checker.Data, "top", lambda self, k, form, y: top(self, k, form, y) if y > 0 else Fraction(-9))


def small_support(monkeypatch):
    """The maximum over the domain understated."""
    top = checker.Data.top
    monkeypatch.setattr(checker.Data, "top", lambda *given: top(*given) - abs(top(*given)) / 8)


def no_regulariser(monkeypatch):
    """|theta|^2 forgotten."""
    monkeypatch.setattr(checker, "inner", lambda v, w: Fraction(0))


def steep_slopes(monkeypatch):
    """Slopes of the smooth losses on the wrong side."""
    bounds = checker.slope_bounds
    monkeypatch.setattr(checker, "slope_bounds", lambda *given: tuple(v // 2 for v in bounds(*given)))


def small_log(monkeypatch):
    """The logarithm understated."""
    log = checker.log_above
    monkeypatch.setattr(checker, "log_above", lambda value: log(value) - 1)


def no_gap(monkeypatch):
    """The optimality conditions taken for granted."""
    monkeypatch.setattr(checker, "optimality", lambda *given: Fraction(0))


def any_data(monkeypatch):
    """The identity of the data not compared."""
    monkeypatch.setattr(checker.Data, "identity", lambda self: "0" * 64)


PLANTED = [
    ("lower_bound", unlabelled),
    ("lower_bound", small_support),
    ("lower_squared", steep_slopes),
    ("lower_logistic", steep_slopes),
    ("lower_logistic", small_log),
    ("upper_bound", no_gap),
    ("distance", small_support),
    ("run", no_gap),
    ("lower_bound", any_data),
]


@pytest.mark.parametrize(("kind", "bug"), PLANTED, ids=lambda v: v if isinstance(v, str) else v.__name__)
def test_a_planted_bug_shows(kind, bug, tmp_path, monkeypatch):
    case = make(kind, tmp_path)
    bug(monkeypatch)
    assert disagreements(case, tmp_path)


def test_without_a_bug_nothing_shows(tmp_path):
    assert not disagreements(make("gamma", tmp_path), tmp_path)


def sides(case, seed):
    """NUM / DEN of both checkers at a random witness far from the target."""
    rng = np.random.default_rng(seed)
    theta = [Fraction(int(v), 16) for v in rng.integers(-40, 40, size=len(case.target))]
    mu = {1: Fraction(int(rng.integers(5)), 4), -1: Fraction(int(rng.integers(5)), 4)}
    top = {**case.top, "witness": write.hinge_bound_witness(theta, mu), "radius": "1/50"}
    top["seal"] = checker.seal(top)
    k = checker.parse(write.text(top).encode())
    points = case.data.with_name("some.npz")
    np.savez(points, X=case.dataset.X[:3], y=-case.dataset.y[:3])
    data = checker.Data(str(case.data))
    gain, denominator = checker.hinge_bound(k, data)
    first = gain(data), denominator, -gain(checker.Rows(str(points)))
    check = flint_checker.Check(k, case.dataset, flint_checker.read_points(points, case.dataset.d, k.bias))
    return [float(v) for v in first], [float(fraction(v)) for v in check.sides()]


@pytest.mark.parametrize("marks", ["box", "groups"])
@pytest.mark.parametrize("bias", [True, False])
def test_both_sides_agree_at_any_witness(marks, bias, tmp_path):
    case = make("lower_bound", tmp_path, marks=marks, bias=bias)
    for seed in range(10):
        first, second = sides(case, seed)
        assert first == pytest.approx(second, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("bug", [no_regulariser, unlabelled, small_support], ids=lambda b: b.__name__)
def test_planted_bugs_move_the_sides(bug, tmp_path, monkeypatch):
    case = make("lower_bound", tmp_path)
    bug(monkeypatch)
    pairs = [sides(case, seed) for seed in range(10)]
    assert any(a != pytest.approx(b, rel=1e-6) for a, b in pairs)


def test_a_point_outside_the_domain_is_seen(tmp_path, monkeypatch):
    """A set for a wide box does not pass for a narrow one, unless membership is not checked."""
    wide = small_data(0)
    wide = Dataset(wide.X, wide.y, lower=wide.lower - 1, upper=wide.upper + 1, name="wide")
    narrow = Dataset(wide.X, wide.y, lower=wide.lower + 1, upper=wide.upper - 1, name="narrow")
    problem = wide.problem("hinge", 0.09)
    target = flipped_target(problem, 0)
    path = tmp_path / "narrow.npz"
    datasets.save(narrow, path)
    for top in (bound(problem, target, data=wide).upper_certificate, gamma_certificate(problem, wide, target)):
        file = written({**top, "data": narrow.identity}, tmp_path)
        for module in (checker, flint_checker):
            result = module.verify(str(file), str(path))
            assert not result["valid"]
            assert "outside" in result["reason"]
        with monkeypatch.context() as patch:
            patch.setattr(checker.Data, "contains", lambda self, x, hull: True)
            assert checker.verify(str(file), str(path))["valid"]
