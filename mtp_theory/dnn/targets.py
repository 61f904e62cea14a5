r"""Target models of Appendix F: a network trained on the clean rows and flipped copies of one class.

The experiments' subpopulation is the digit 1, class 0 and label +1 here: test images of it are to be classified as 7.
The candidates are its images labelled 7, as the released code filters them. The text of Appendix F.2 names digit 7 with
label 1, which would teach the opposite error.
"""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from ..errors import InputError
from ..goal import Target
from ..losses import Array
from ..result import How
from ..shadow.distance import Distance
from ..training import Fit
from .ascent import Ascent, AscentSearch
from .candidates import Candidates, Lookup
from .problem import NetworkProblem, NetworkTrainer, vector

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class NetworkTarget(Target):
    """The trained network shall be ``theta``: a module, or the vector of its parameters.

    ``search``: where the next point is looked for, ``Candidates`` or ``Ascent`` (direct optimisation). Raises
    InputError for a module of other parameters than the problem's network has.
    """

    problem: NetworkProblem

    def __init__(self, problem: NetworkProblem, theta: object, search: Candidates | Ascent) -> None:
        if isinstance(theta, torch.nn.Module):
            shapes = [[tuple(p.shape) for p in m.parameters()] for m in (theta, problem.network)]
            if shapes[0] != shapes[1]:
                raise InputError(f"target: parameters {shapes[0]}; the problem's network has {shapes[1]}")
            theta = vector(theta)
        super().__init__(problem, theta)
        if not isinstance(search, Candidates | Ascent):
            raise InputError(f"target: search is a {type(search).__name__}; give dnn.Candidates or dnn.Ascent")
        if isinstance(search, Candidates):
            search.check(problem)
        self.search = search

    @cached_property
    def oracle(self) -> Lookup | AscentSearch:  # type: ignore[override]  # another search for the same maximum
        """The search for the point of largest loss difference."""
        if isinstance(self.search, Candidates):
            return Lookup(self.problem, self.theta, self.search)
        return AscentSearch(self.problem, self.theta, self.search)

    def distance(self, theta: ArrayLike) -> Distance:
        """Loss-based distance over the candidates; over [0, 1]^d, from below, where the search is an ``Ascent``."""
        m = self.oracle.maximise(self.problem.check_theta(theta))
        how: How = "heuristic" if m.kind == "heuristic" else "float"
        return Distance(m.lower, m.upper, m.value, m.x, m.y, m.kind, how=how)

    def describe(self) -> dict[str, Any]:
        if isinstance(self.search, Candidates):
            search: Any = {"candidates": self.search.identity}
        else:
            search = {"ascent": dataclasses.asdict(self.search)}
        seed = {"seed": self.problem.training.seed, "network": self.problem.identity}
        return {**super().describe(), "goal": "network", **seed, **search}


def flipped_target(
    problem: NetworkProblem,
    *,
    label: int,
    ratio: float,
    search: Candidates | Ascent,
    seed: int = 0,
    victim: NetworkProblem | None = None,
) -> NetworkTarget:
    """The network that ``problem`` trains on its rows and floor(ratio n) of those with ``label``, flipped.

    The rows are drawn at random, without replacement while there are enough. ``victim``: the problem that is attacked
    where the target was trained in another way (the released scripts have other learning rates for the two); its
    network must have as many parameters.
    """
    if not (np.isfinite(ratio) and ratio > 0):
        raise InputError(f"target: ratio = {ratio!r}; give a finite number > 0")
    fit = flipped_fit(problem, label, int(ratio * problem.n_points), seed)
    return NetworkTarget(problem if victim is None else victim, fit.theta, search)


def flipped_fit(problem: NetworkProblem, label: int, count: int, seed: int) -> Fit:
    """The network trained on its rows and ``count`` flipped copies of rows with ``label``."""
    rows = flipped_rows(problem.y, label, count, seed)
    trainer = NetworkTrainer(problem)
    trainer.add_many(np.asarray(problem.X[rows], dtype=np.float64) / problem.scale, -problem.y[rows])
    return trainer.fit()


def flipped_rows(y: Array, label: int, count: int, seed: int) -> Array:
    """Indices of ``count`` rows with ``label`` in random order: none twice while there are enough."""
    of_class = np.flatnonzero(y == label)
    if not of_class.size:
        raise InputError(f"target: no row has the label {label!r}; give -1 or +1")
    rng = np.random.default_rng(seed)
    turns = -(-count // of_class.size)
    return np.concatenate([np.zeros(0, dtype=np.intp), *(rng.permutation(of_class) for _ in range(turns))])[:count]


__all__ = ["NetworkTarget", "flipped_fit", "flipped_rows", "flipped_target"]
