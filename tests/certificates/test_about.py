"""What ``verify`` says that it verified: the subject, and a sentence that claims no more than was checked."""

from __future__ import annotations

import json
from decimal import ROUND_CEILING, ROUND_FLOOR
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from command_line import mtp
from hypothesis import given
from hypothesis import strategies as st
from reference.certificate_instances import KINDS, both, make, replaced, written

from mtp_theory import datasets
from mtp_theory.certificates import checker


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("about")


@pytest.fixture(scope="module")
def lower(folder):
    return make("lower_bound", folder)


@pytest.mark.parametrize("kind", KINDS)
def test_the_subject_is_told(kind, folder):
    case = make(kind, folder)
    points = None if case.points is None else str(case.points)
    told = checker.verify(str(written(case.top, folder)), str(case.data), points)
    about = told["about"]
    assert told["valid"]
    assert Fraction(about["c_r"]) == Fraction("0.09")
    assert (about["loss"], about["rows"], about["features"]) == (case.problem.loss.key, 10, 3)
    assert about["data"] == case.dataset.identity
    assert about["domain"] == "own points"
    assert told["text"].endswith(".")
    assert (about["moved"] is None) == (kind != "polished")
    expected = checker.target_identity(checker.vector_of(np.asarray(case.target).tolist()))
    assert (about["given"] or about["target"]) == expected


def test_closeness_over_a_hull_is_said_to_be_over_the_hull(folder):
    case = make("epsilon_lower_bound", folder, marks="integer")
    told = checker.verify(str(written(case.top, folder)), str(case.data))
    assert told["about"]["domain"] == "convex hull"
    assert told["value"]["points"] > 0
    assert "nothing follows for the smaller distance" in told["text"]


def test_what_the_reader_has_in_mind(lower, folder):
    """The same certificate beside another target, loss or C_R is invalid, and both are named."""
    certificate, data = str(written(lower.top, folder)), str(lower.data)
    mine, other = str(folder / "mine.npz"), str(folder / "other.npz")
    datasets.save_model(mine, lower.target)
    datasets.save_model(other, -np.asarray(lower.target))
    good = ("--target", mine, "--loss", "hinge", "--c-r", 0.09)
    assert mtp("verify", certificate, data, *good, cwd=folder)[0] == 0
    for options, named in (
        (("--target", other), "target"),
        (("--loss", "logistic"), "'logistic'"),
        (("--c-r", 0.05), "0.05"),
    ):
        code, text, _ = mtp("verify", certificate, data, *options, "--json", cwd=folder)
        out = json.loads(text)
        assert code == 1
        assert named in out["reason"]
        assert out["text"] is None


def test_a_polished_target_may_not_have_moved_far(folder):
    """The model that was polished is the negated one: refused, however large ``moved`` is."""
    case = make("polished", folder)
    given = case.top["given"]
    away = {**given, "numerators": [str(-int(v)) for v in given["numerators"]], "moved": "1000000"}
    assert both(written(replaced(case.top, ("given",), away), folder), case) == "invalid"


def test_a_run_is_tied_to_its_points(folder):
    """The target itself as the best model, points outside the domain, and a scale that the points do not have."""
    case = make("run", folder)
    best = {**case.top["witness"]["best"], "model": case.top["target"]}
    spoilt = replaced(replaced(case.top, ("witness", "best"), best), ("value", "best"), ["0", "1"])
    assert both(written(spoilt, folder), case) == "invalid"
    with np.load(case.points) as file:
        X, y = file["X"], file["y"]
    certificate = written(case.top, folder)
    for name, arrays in {
        "outside": {"X": X + 2.0, "y": y},
        "bytes": {"X": X.astype(np.uint8), "y": y, "scale": 2.0},
    }.items():
        path = folder / f"{name}.npz"
        np.savez(path, **arrays)
        verdicts = checker.verify(str(certificate), str(case.data), str(path))
        assert not verdicts["valid"], name


def test_points_outside_the_domain_are_no_run(folder):
    """With the points' hash rewritten to fit: the domain alone refuses them."""
    case = make("run", folder)
    with np.load(case.points) as file:
        X, y = file["X"], file["y"]
    path = folder / "far.npz"
    np.savez(path, X=X + 2.0, y=y)
    top = replaced(case.top, ("witness", "points_data"), checker.Rows(str(path)).identity())
    told = checker.verify(str(written(top, folder)), str(case.data), str(path))
    assert "outside the domain" in told["reason"]


@given(st.fractions(max_denominator=10**30))
def test_rounding_keeps_sentences_true(value):
    assert Fraction(checker.short(value, ROUND_FLOOR)) <= value <= Fraction(checker.short(value, ROUND_CEILING))


def test_the_sentence_of_json_is_one_object(lower, folder):
    told = checker.verify(str(written(lower.top, folder)), str(lower.data))
    assert json.loads(json.dumps(told)) == told
