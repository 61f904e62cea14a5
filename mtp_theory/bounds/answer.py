"""How many points a goal takes: one shape of answer for every kind of goal."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

from .. import inputs
from ..certificates.format import Certificate
from ..datasets import Dataset
from ..display import frame
from ..errors import InputError
from ..goal import Goal
from ..losses import Array
from ..problem import Problem
from ..result import Enclosure

if TYPE_CHECKING:
    import pandas as pd

#: Packages whose versions a result depends on.
SOLVERS = ("mtp-theory", "numpy", "scipy", "scikit-learn", "python-flint")


@dataclass(frozen=True, eq=False, kw_only=True)
class FewestPoints(Enclosure):
    """The fewest points of the domain whose addition makes the trained model reach ``goal``.

    ``lower``: no fewer points suffice, certified by ``certificate`` (0 where nothing is proved; inf where no number
    suffices). ``upper``: size of a set that reaches the goal, inf where none was found that is shown to.
    ``X`` (k, d), ``y`` (k,): the set found, copies as rows; also one that is not shown to reach the goal, see
    ``reason``. ``status``: "optimal" where both ends meet, "unattainable" where certified so, "bounds" otherwise.
    ``upper_certificate``: that the set reaches the goal, where it is proved. ``kind``: "exact", or "relaxed" where
    integer features were relaxed: the lower end holds all the same, the distance to the upper may come from it.
    ``engine``: trainer of the retraining. Certificates are JSON objects.
    """

    goal: Goal
    kind: str = "exact"
    X: Array | None = None
    y: Array | None = None
    engine: str | None = None
    certificate: Certificate | None = None
    upper_certificate: Certificate | None = None
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        """The goal's problem."""
        return self.goal.problem

    @property
    def points(self) -> tuple[Array, Array] | None:
        """X (k, d) and y (k,) of the set found, None without one."""
        return None if self.X is None or self.y is None else (self.X, self.y)

    def points_to_pandas(self) -> pd.DataFrame:
        """The set found: one row for each point, its features by name and its label. InputError without a set."""
        if self.X is None or self.y is None:
            raise InputError(f"points: no set of points was found{f': {self.reason}' if self.reason else ''}")
        rows = zip(self.problem.named(self.X), self.y, strict=True)
        return frame(features | {"label": int(y)} for features, y in rows)

    @property
    def lower_bound(self) -> int | None:
        """The certified integer; None where no number of points suffices or nothing was certified."""
        return None if self.certificate is None or not isfinite(self.lower) else int(self.lower)

    @property
    def constructed(self) -> int | None:
        """Size of the set found that reaches the goal; None without one."""
        return int(self.upper) if self.upper < inf else None

    def summary(self) -> dict[str, Any]:
        return {"goal": self.goal.describe()["goal"], **super().summary()}

    def _quantity(self) -> str:
        return "poisoning points"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the lower end's certificate. Raises InputError where nothing is certified."""
        self._write(path, self.certificate, "nothing is certified from below")

    def save_upper(self, path: str | os.PathLike[str]) -> None:
        """Write the certificate that the set of points reaches the goal. Raises InputError without one."""
        self._write(path, self.upper_certificate, "no set of points is certified")

    def _write(self, path: str | os.PathLike[str], certificate: Certificate | None, lack: str) -> None:
        from .confirm import save

        inputs.path("path", path)
        if certificate is None:
            raise InputError(f"certificate: {lack}{f': {self.reason}' if self.reason else ''}")
        save(path, certificate, self.problem.dataset)


def versions_of(*further: str) -> dict[str, str]:
    """Versions of the packages that a result depends on."""
    return {name: _version(name) for name in (*SOLVERS, *further)}


@cache
def _version(name: str) -> str:
    """An answer's cost is a few milliseconds on small data; finding a version is as much."""
    return version(name)


def data_of(problem: Problem, data: Dataset | None) -> Dataset:
    """The data set behind the problem; ``data`` if it is that one. InputError for another one."""
    own = problem.dataset
    if data is None or data is own:
        return own
    inputs.instance("data", data, Dataset, "the problem's data set, or leave it out")
    if data.identity != own.identity:
        raise InputError(
            f"data: the data set {data.name!r} is not the problem's: its rows, counts or domain differ; make the"
            " problem from it, or leave data out"
        )
    return data


__all__ = ["FewestPoints", "data_of", "versions_of"]
