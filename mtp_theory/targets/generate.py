"""Target models by label flipping: candidates on a grid, and the choice among them.

A target must do what the attacker wants on the test rows and look harmless on the training rows. Every method
retrains on the clean rows plus flipped copies of some candidate rows, and among the models that reach
the goal takes the one with the smallest loss on the clean training rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..datasets import Dataset
from ..errors import InputError, UndecidedError, unknown_name
from ..losses import Array, MarginLoss
from .grids import INDISCRIMINATE, LABEL_FLIP, SUBPOPULATION, Grid, resolve
from .pool import FlipPool, highest_loss_copies, low_margin_copies
from .subpopulation import ranked_subpopulations, subpopulation

METHODS = ("koh", "improved", "subpopulation", "label_flip")
#: Called with the number of candidates done and of all.
Progress = Callable[[int, int], object]


class TargetNotFound(UndecidedError):  # noqa: N818 (an outcome, named for what happened)
    """No candidate of the grid reaches the goal; whether another attack would is open."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A model of the grid: quantile (or share) ``value``, ``copies`` of each of ``rows`` flipped rows."""

    value: float
    copies: int
    rows: int
    theta: Array
    #: On the test rows, of the subpopulation where there is one; on the boundary counts one half.
    error_rate: float
    #: Mean hinge loss of the clean training rows plus C_R/2 |w|^2, the quantity that the choice minimises.
    clean_loss: float
    #: Duality gap of the fit.
    gap: float

    @property
    def points(self) -> int:
        """Flipped points that were added to the clean rows."""
        return self.rows * self.copies


@dataclass(frozen=True, eq=False)
class Target:
    """A target model, how it was made and the candidates it was chosen from."""

    theta: Array
    method: str
    goal: float
    error_rate: float
    clean_loss: float
    parameters: dict[str, Any]
    candidates: list[Candidate]


def search(
    dataset: Dataset,
    loss: str | MarginLoss,
    c_r: float,
    *,
    method: str,
    bias: bool = True,
    grid: str | Grid | None = None,
    cluster: int | None = None,
    label: int = -1,
    progress: Progress | None = None,
) -> tuple[list[Candidate], dict[str, Any]]:
    """Every candidate of the grid in its order, and the parameters that a Target records.

    * ``koh`` (Koh, Steinhardt and Liang 2018): test rows whose margin under the clean model lies strictly below a
      quantile of the test margins, label flipped, each ``copies`` times.
    * ``improved``: the same, but the margins are those of the candidate before; so the order matters.
    * ``subpopulation``: as koh, among the test rows of one cluster and label; ``cluster`` None takes the one on
      which the clean model is most accurate (on a tie the largest number).
    * ``label_flip``: the share ``value`` of the training rows with the highest clean loss, label flipped.

    Without a test split the training rows stand in for the test rows. Raises InputError for an unknown method or
    grid and for what the data set and the trainer reject.
    """
    if method not in METHODS:
        raise unknown_name("method", method, METHODS)
    if cluster is not None and method != "subpopulation":
        raise InputError(f"method {method!r} with cluster {cluster}; clusters belong to method 'subpopulation'")
    pool = FlipPool(dataset, loss, c_r, bias=bias, from_training=method == "label_flip")
    mask: NDArray[np.bool_] | None = None
    parameters: dict[str, Any] = {}
    if method == "subpopulation":
        # The paper's grids differ between its two models; other losses take the later one.
        chosen_grid = resolve(grid, SUBPOPULATION, "2020-07" if pool.clean.loss.is_hinge else "2021-01")
        part = (
            ranked_subpopulations(dataset, pool.clean.decision(pool.clean_fit.theta), label=label)[-1]
            if cluster is None
            else subpopulation(dataset, cluster, label=label)
        )
        mask = part.test
        parameters |= {"cluster": part.cluster, "label": part.label, "test_rows": int(part.test.sum())}
    elif method == "label_flip":
        chosen_grid = resolve(grid, LABEL_FLIP, "default")
    else:
        chosen_grid = resolve(grid, INDISCRIMINATE, "2020-07")
    parameters |= {"grid_values": list(chosen_grid.values), "grid_copies": list(chosen_grid.copies)}
    found = []
    total = len(chosen_grid.values) * len(chosen_grid.copies)
    for candidate in _candidates(pool, method, chosen_grid, mask):
        found.append(candidate)
        if progress is not None:
            progress(len(found), total)
    return found, parameters


def _candidates(pool: FlipPool, method: str, grid: Grid, mask: NDArray[np.bool_] | None) -> Iterator[Candidate]:
    margins = pool.margins(pool.clean_fit.theta)
    for value in grid.values:
        for copies in grid.copies:
            if method == "label_flip":
                count = highest_loss_copies(margins, pool.clean.loss, value, copies)
            else:
                count = low_margin_copies(margins, value, copies, mask)
            fit = pool.fit(count)
            if method == "improved":
                margins = pool.margins(fit.theta)
            yield Candidate(
                value,
                copies,
                int((count > 0).sum()),
                fit.theta,
                pool.error_rate(fit.theta, mask),
                pool.clean_loss(fit.theta),
                fit.gap,
            )


def _check_goal(goal: float) -> None:
    if not 0.0 <= goal <= 1.0:
        raise InputError(f"goal {goal!r}: the error rate to reach lies in [0, 1]")


def choose(candidates: list[Candidate], goal: float, *, at_least: bool = False) -> Candidate:
    """The candidate of smallest clean loss with error rate > goal (>= goal with ``at_least``); first one on a tie.

    Raises TargetNotFound, with the largest error rate that was reached; InputError for a goal outside [0, 1].
    """
    _check_goal(goal)
    fit = [c for c in candidates if c.error_rate > goal or (at_least and c.error_rate == goal)]
    if not fit:
        best = max((c.error_rate for c in candidates), default=0.0)
        raise TargetNotFound(
            f"no target: the largest error rate of {len(candidates)} candidates is {best:.4f}, the goal is"
            f" {'at least' if at_least else 'more than'} {goal:g}; lower the goal or widen the grid"
        )
    return min(fit, key=lambda c: c.clean_loss)


def generate(
    dataset: Dataset,
    loss: str | MarginLoss,
    c_r: float,
    *,
    method: str,
    goal: float,
    bias: bool = True,
    grid: str | Grid | None = None,
    cluster: int | None = None,
    label: int = -1,
    progress: Progress | None = None,
) -> Target:
    """A target model by ``method`` (see :func:`search`): smallest clean loss among the candidates that reach ``goal``.

    ``goal`` is an error rate on the test rows (training rows where there is no split), to be exceeded; with method
    'subpopulation' on those of the subpopulation, to be reached (the paper: 1). ``grid``: a name in
    :mod:`mtp_theory.targets.grids`, a Grid, or None for the paper's. Raises TargetNotFound where no candidate reaches
    the goal, InputError for bad input.
    """
    _check_goal(goal)  # before the long work
    candidates, parameters = search(
        dataset,
        loss,
        c_r,
        method=method,
        bias=bias,
        grid=grid,
        cluster=cluster,
        label=label,
        progress=progress,
    )
    best = choose(candidates, goal, at_least=method == "subpopulation")
    parameters |= {"value": best.value, "copies": best.copies, "rows": best.rows, "points": best.points}
    return Target(best.theta, method, goal, best.error_rate, best.clean_loss, parameters, candidates)


__all__ = ["METHODS", "Candidate", "Target", "TargetNotFound", "choose", "generate", "search"]
