"""Small data files with valid certificates of every kind, for the tests of the checkers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from mtp_theory import datasets
from mtp_theory.attacks import online
from mtp_theory.bounds.certify import distance_certificate, gamma_certificate, run_certificate
from mtp_theory.bounds.closeness import fewest_points
from mtp_theory.bounds.target import bound
from mtp_theory.certificates import checker
from mtp_theory.certificates import format as write
from mtp_theory.certificates.second import checker as flint_checker
from mtp_theory.datasets import Dataset
from mtp_theory.problem import Problem
from mtp_theory.training import train

KINDS = ("lower_bound", "lower_squared", "lower_logistic", "unattainable", "upper_bound", "polished", "distance",
         "gamma", "run", "epsilon_lower_bound")  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A certificate with its data file and, where it needs one, its points file."""

    kind: str
    top: dict[str, Any]
    data: Path
    points: Path | None
    dataset: Dataset
    problem: Problem
    target: Any


def small_data(seed: int, *, n: int = 10, d: int = 3, marks: str = "box") -> Dataset:
    """Two overlapping classes in eighths; ``marks``: box, integer or groups."""
    rng = np.random.default_rng(seed)
    y = np.where(np.arange(n) < n // 2, 1.0, -1.0)
    X = np.clip(np.round(8 * (0.5 + 0.2 * y[:, None] + 0.25 * rng.normal(size=(n, d)))) / 8, 0, 1)
    extra: dict[str, Any] = {}
    if marks == "integer":
        X[:, 0] = np.round(X[:, 0])
        extra = {"integer": np.arange(d) == 0}
    elif marks == "groups":
        X[:, :2] = np.eye(2)[rng.integers(2, size=n)]
        extra = {"groups": np.where(np.arange(d) < 2, 0, -1), "group_rule": ("at_most_one", "exactly_one")[seed % 2]}
    return Dataset(X, y, lower=np.zeros(d), upper=np.ones(d), **extra, name="small")


def flipped_target(problem: Problem, seed: int, count: int = 6) -> Any:
    """The model trained after adding ``count`` flipped rows."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(len(problem.y), size=count)
    both = Problem(
        np.vstack([problem.X, problem.X[rows]]),
        np.concatenate([problem.y, -problem.y[rows]]),
        problem.loss,
        problem.c_r,
        problem.domain,
        bias=problem.bias,
    )
    return train(both, "liblinear" if problem.loss.key != "hinge" else "active_set").theta


def make(kind: str, folder: Path, seed: int = 0, *, marks: str = "box", bias: bool = True) -> Case:
    """A valid certificate of that kind."""
    dataset = small_data(seed, marks=marks)
    loss = {"lower_squared": "squared_hinge", "lower_logistic": "logistic"}.get(kind, "hinge")
    problem = dataset.problem(loss, 0.09, bias=bias)
    data = folder / f"{kind}-{marks}-{seed}-{int(bias)}.npz"
    datasets.save(dataset, data)
    target = flipped_target(problem, seed)
    points = None
    if kind == "unattainable":
        # no model that training ends in is that long: |theta|^2 <= 1 / C_R
        target = 100.0 * target
    if kind == "epsilon_lower_bound":
        top = fewest_points(problem, target, 0.02, data=dataset, search=False).certificate
        assert top is not None
    elif kind in ("distance", "gamma", "run"):
        if kind == "distance":
            top = distance_certificate(problem, dataset, train(problem).theta, target)
        elif kind == "gamma":
            top = gamma_certificate(problem, dataset, target)
        else:
            run = online(problem, target, max_points=5, keep_models=True)
            top = run_certificate(problem, dataset, run, target)
            points = data.with_suffix(".points.npz")
            np.savez(points, X=run.X, y=run.y)
    else:
        result = bound(problem, target, data=dataset, mode="polished" if kind == "polished" else "radius")
        top = result.upper_certificate if kind == "upper_bound" else result.certificate
        assert top is not None, result.reason
    return Case(kind, top, data, points, dataset, problem, target)


def written(top: Any, folder: Path, *, sealed: bool = True) -> Path:
    """The certificate as a file; ``sealed``: with the seal that fits."""
    if sealed and isinstance(top, dict):
        top = {**top, "seal": checker.seal(top)}
    path = folder / "certificate.json"
    path.write_text(write.text(top) if isinstance(top, dict) else json.dumps(top))
    return path


def verdict(module: Any, certificate: Path, case: Case) -> str:
    """valid, invalid or malformed."""
    try:
        return "valid" if module.verify(str(certificate), str(case.data), _text(case.points))["valid"] else "invalid"
    except checker.Malformed:
        return "malformed"


def both(certificate: Path, case: Case) -> str:
    """The verdict of both checkers, which must be one."""
    first, second = verdict(checker, certificate, case), verdict(flint_checker, certificate, case)
    assert first == second, (first, second)
    return first


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    """Every field with its path."""
    if isinstance(value, dict):
        return [leaf for k, v in value.items() for leaf in leaves(v, (*path, k))]
    if isinstance(value, list):
        return [leaf for k, v in enumerate(value) for leaf in leaves(v, (*path, k))]
    return [(path, value)]


def replaced(top: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with one field changed."""
    if not path:
        return value
    copy = dict(top) if isinstance(top, dict) else list(top)
    copy[path[0]] = replaced(top[path[0]], path[1:], value)
    return copy


def changes(value: Any) -> list[Any]:
    """Other values for a field: near ones, far ones, other types."""
    if isinstance(value, bool):
        return [not value, None]
    if isinstance(value, int):
        return [value + 1, value - 1, -value, 10**6, str(value)]
    if isinstance(value, str):
        try:
            number = Fraction(value)
        except ValueError:
            return [value[:-1], value + "x", "", "0" * 64, "hinge", "logistic", "literal", "hull", None]
        near = [number + 1, number - 1, -number, number / 2, number * 2, number * (1 + Fraction(1, 10**6)), Fraction(0)]
        return [str(v) for v in near if v != number] + [1, None]
    return [0, "0", [], {}]


__all__ = ["KINDS", "Case", "both", "changes", "flipped_target", "leaves", "make", "replaced", "small_data",
           "verdict", "written"]  # fmt: skip
