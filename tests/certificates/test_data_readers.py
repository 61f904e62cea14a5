"""One set of rules for data files: what one reader refuses, every reader refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtp_theory.bounds.confirm import save
from mtp_theory.bounds.target import bound
from mtp_theory.certificates import checker
from mtp_theory.certificates.second import checker as second
from mtp_theory.datasets import Dataset, load
from mtp_theory.errors import InputError

Y = np.repeat([1.0, -1.0], 10)
X = np.random.default_rng(0).integers(0, 256, (20, 3)).astype(np.uint8)
FULL = {"X": X, "y": Y, "scale": np.float64(255), "lower": np.zeros(3), "upper": np.ones(3)}
REFUSED = {
    "scale is an array of one": {"scale": np.array([255.0])},
    "scale is a word": {"scale": np.array("255")},
    "another name": {"note": np.zeros(2)},
    "Koh's names": {"X_train": X},
    "X_test alone": {"X_test": X},
    "y_test alone": {"y_test": Y},
    "labels in a column": {"y": Y[:, None]},
    "labels of bools": {"y": Y > 0},
    "labels 0 and 1": {"y": (Y > 0).astype(int)},
    "a list of one word": {"group_rule": np.array(["at_most_one"])},
    "marks of numbers": {"integer": np.zeros(3, int)},
    "groups of floats": {"groups": -np.ones(3)},
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    data = Dataset(**FULL)
    problem = data.problem("hinge", 0.09)
    path = str(tmp_path_factory.mktemp("claim") / "c.json")
    found = bound(problem, -problem.clean.theta, data=data, search=False)
    assert found.certificate is not None
    save(path, found.certificate, data)
    return path


@pytest.mark.parametrize("allowed", [{}, {"X_test": X, "y_test": Y}, {"group_rule": np.array("at_most_one")}])
def test_what_may_be_there_is_read_by_all(allowed: dict, certificate: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", **FULL, **allowed)
    assert load(tmp_path / "d.npz").identity == Dataset(**FULL).identity
    for module in (checker, second):
        assert module.verify(certificate, str(tmp_path / "d.npz"))["valid"]


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_data_file_is_none_for_all(case: str, certificate: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", **(FULL | REFUSED[case]))
    with pytest.raises(InputError):
        load(tmp_path / "d.npz")
    for module in (checker, second):
        with pytest.raises(checker.Malformed):
            module.verify(certificate, str(tmp_path / "d.npz"))


def test_a_points_file_follows_the_same_rules(certificate: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", **FULL)
    np.savez(tmp_path / "whole.npz", X=X[:0], y=Y[:0])
    np.savez(tmp_path / "half.npz", X=X[:0], y=Y[:0], y_test=Y)
    for module in (checker, second):
        assert module.verify(certificate, str(tmp_path / "d.npz"), str(tmp_path / "whole.npz"))["valid"]
        with pytest.raises(checker.Malformed):
            module.verify(certificate, str(tmp_path / "d.npz"), str(tmp_path / "half.npz"))
