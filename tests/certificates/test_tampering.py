"""Any single-field change of a certificate is rejected, or what it then claims is true; changed data are rejected."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from reference.certificate_instances import KINDS, both, changes, leaves, make, replaced, written

from mtp_theory import datasets
from mtp_theory.bounds.closeness.construct import close_set
from mtp_theory.certificates import checker
from mtp_theory.certificates.second import checker as flint_checker
from mtp_theory.convex_set import fractional_minimum, gamma
from mtp_theory.errors import UndecidedError
from mtp_theory.shadow import maximise

#: What a float solver's value of a true quantity may be off by.
ROOM = 1e-6


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def cases(folder):
    return {kind: make(kind, folder) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_valid_as_written(kind, cases, folder):
    assert both(written(cases[kind].top, folder), cases[kind]) == "valid"


@pytest.mark.parametrize("kind", KINDS)
def test_any_change_is_rejected_by_the_seal(kind, cases, folder):
    """Without a new seal nothing that was changed passes, whatever the field."""
    case = cases[kind]
    count = 0
    for path, value in leaves(case.top):
        for other in changes(value):
            changed = replaced(case.top, path, other)
            if changed == case.top:
                continue
            file = written(changed, folder, sealed=False)
            assert both(file, case) != "valid", (path, other)
            count += 1
    assert count > 100


@pytest.mark.parametrize("kind", KINDS)
def test_any_resealed_change_is_rejected_or_true(kind, cases, folder):
    """Someone who writes a new seal as well gets a refusal, or a claim that is true for what it then names."""
    case = cases[kind]
    accepted = rejected = 0
    for path, value in leaves(case.top):
        if path == ("seal",):
            continue
        for other in changes(value):
            changed = replaced(case.top, path, other)
            if changed == case.top:
                continue
            if both(written(changed, folder), case) == "valid":
                accepted += 1
                assert is_true(changed, case), (path, value, other)
            else:
                rejected += 1
    assert rejected > 50
    assert rejected > accepted


def is_true(top, case):
    """The claim against an independent float computation at the subject that the certificate names."""
    k = checker.parse(written_bytes(top))
    problem = case.dataset.problem(k.loss, float(k.c), bias=k.bias)
    target = np.array([n / k.target.d for n in k.target.n])
    if k.kind in ("lower_bound", "unattainable"):
        if k.value == 0:
            return True
        try:
            # support vectors count as on the margin: never more than without
            upper = fractional_minimum(problem, target, kink_tolerance=1e-6 if k.radius else 0.0).upper
        except UndecidedError:
            return False
        return not np.isfinite(upper) or (k.value is not None and k.value <= ceil(upper + ROOM))
    if k.kind == "epsilon_lower_bound":
        # a set of fewer points than claimed whose model is that close would refute it; zero points prove nothing
        if changed_witness_only(top, case.top) or k.value["points"] == 0:
            return True
        made, _ = close_set(problem, target, float(k.value["epsilon"]), case.dataset, steps=3, engine="active_set")
        return made is None or len(made.y) >= k.value["points"]
    if k.kind == "upper_bound":
        # checked by retraining with another solver
        from mtp_theory.training import make_trainer

        trainer = make_trainer(problem, "cvxpy")
        listed = k.witness["points"]
        trainer.add_many(
            np.array([[n / p["x"].d for n in p["x"].n] for p in listed]),
            np.array([p["label"] for p in listed]),
            np.array([p["count"] for p in listed]),
        )
        away = np.linalg.norm(trainer.fit().theta - target)
        return sum(p["count"] for p in listed) <= k.value and away <= float(k.radius) + 1e-4
    if k.kind == "gamma":
        return float(k.value) <= gamma(problem, target).value + ROOM
    pairs = [(k.witness, k.value)] if k.kind == "distance" else [(k.witness[w], k.value[w]) for w in ("best", "last")]
    for w, (low, high) in pairs:
        theta = np.array([n / w["model"].d for n in w["model"].n])
        true = maximise(problem.loss, problem.domain, theta, target, bias=problem.bias)
        if not float(low) <= true.upper + ROOM or not true.lower - ROOM <= float(high):
            return False
    return True


def changed_witness_only(top, before):
    return all(top[key] == before[key] for key in before if key not in ("witness", "seal"))


def written_bytes(top):
    from mtp_theory.certificates import format as write

    return write.text({**top, "seal": checker.seal(top)}).encode()


@pytest.mark.parametrize("kind", ["lower_bound", "upper_bound", "lower_logistic"])
def test_other_data_are_rejected(kind, cases, folder):
    case = cases[kind]
    file = written(case.top, folder)
    for change in ("X", "y", "upper"):
        arrays = {key: getattr(case.dataset, key).copy() for key in ("X", "y", "lower", "upper")}
        arrays[change][0] = {"X": arrays["X"][0] * 0.5, "y": -arrays["y"][0], "upper": 2.0}[change]
        other = folder / f"other-{change}.npz"
        datasets.save(datasets.Dataset(**arrays, name="other"), other)
        for module in (checker, flint_checker):
            result = module.verify(str(file), str(other))
            assert not result["valid"]
            assert "other data" in result["reason"]


@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared_hinge"])
def test_points_that_are_not_excluded_refuse_a_larger_claim(loss, folder, monkeypatch):
    """A checker with a bug in the reach accepts a false claim; the points that refute it do not let it pass."""
    kind = {"hinge": "lower_bound", "logistic": "lower_logistic", "squared_hinge": "lower_squared"}[loss]
    case = make(kind, folder, seed=1)
    rows = np.random.default_rng(1).integers(len(case.problem.y), size=6)
    points = folder / "optimal.npz"
    np.savez(points, X=case.dataset.X[rows], y=-case.dataset.y[rows])
    false = written({**case.top, "value": 7}, folder)
    assert not checker.verify(str(false), str(case.data))["valid"]
    if loss == "hinge":
        reach = checker.hinge_reach
        monkeypatch.setattr(checker, "hinge_reach", lambda *given: reach(*given) / 4)
    else:
        monkeypatch.setattr(checker.Data, "top", lambda *given: -(Fraction(10) ** 60))
        smaller = str(Fraction(case.top["witness"]["reach"]) / 4)
        false = written(replaced({**case.top, "value": 7}, ("witness", "reach"), smaller), folder)
    assert checker.verify(str(false), str(case.data))["valid"]
    refused = checker.verify(str(false), str(case.data), str(points))
    assert not refused["valid"]
    assert "not excluded" in refused["reason"]


def test_a_true_claim_stands_beside_points_that_reach_the_target(folder):
    case = make("lower_bound", folder, seed=2)
    rows = np.random.default_rng(2).integers(len(case.problem.y), size=6)
    points = folder / "reaching.npz"
    np.savez(points, X=case.dataset.X[rows], y=-case.dataset.y[rows])
    file = written(case.top, folder)
    assert case.top["value"] <= 6
    for module in (checker, flint_checker):
        assert module.verify(str(file), str(case.data), str(points))["valid"]
