"""The published grids: which quantiles of the margins and how many copies of the flipped rows are tried."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..errors import InputError, unknown_name


class Grid(NamedTuple):
    """Candidates in the order in which they are tried: ``values`` outside, ``copies`` inside.

    ``values`` are quantiles of the candidates' margins in (0, 1]; for label_flip shares of the training rows.
    """

    values: tuple[float, ...]
    copies: tuple[int, ...]


def _steps(last: float) -> tuple[float, ...]:
    """0.05, 0.10, ..., last."""
    return tuple(round(0.05 * k, 2) for k in range(1, round(last / 0.05) + 1))


#: Indiscriminate grids. "2020-07": the authors' code of that date; on MNIST 1-7 it yields every target of the paper's
#: Table 4, accuracy and loss. "released": the larger grid of their last version, which chooses other models.
#: "koh": Koh, Steinhardt and Liang 2018.
INDISCRIMINATE: dict[str, Grid] = {
    "2020-07": Grid(_steps(0.55), (1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30)),
    "released": Grid(_steps(0.60), (1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 50, 60)),
    "koh": Grid((0.05, 0.07, 0.10, 0.12, 0.15, 0.18, 0.20, 0.22, 0.25), (1, 2, 3, 5, 8, 12, 18, 25)),
}

#: Subpopulation grids, by the date of the authors' code. The paper's SVM targets come from the first, the
#: logistic ones from the second.
SUBPOPULATION: dict[str, Grid] = {
    "2020-07": Grid((*_steps(0.55), 0.8), (1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 80)),
    "2021-01": Grid(
        (0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.8, 1.0), (1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 80, 100)
    ),
}

#: Shares of the training rows that are flipped, highest clean loss first; the canonical instance is (0.05, 2).
LABEL_FLIP: dict[str, Grid] = {
    "default": Grid((0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5), (1, 2, 3, 5, 8))
}


def resolve(grid: str | Grid | None, known: dict[str, Grid], default: str) -> Grid:
    """The grid itself, the one of that name, or the default. Raises InputError: unknown name, bad values."""
    if grid is None:
        return known[default]
    if isinstance(grid, str):
        if grid not in known:
            raise unknown_name("grid", grid, known)
        return known[grid]
    if not grid.values or not all(np.isfinite(value) and 0 < value <= 1 for value in grid.values):
        raise InputError(f"grid: values {grid.values}; give numbers in (0, 1]")
    if not grid.copies or not all(isinstance(k, (int, np.integer)) and k >= 1 for k in grid.copies):
        raise InputError(f"grid: copies {grid.copies}; give integers >= 1")
    return grid


__all__ = ["INDISCRIMINATE", "LABEL_FLIP", "SUBPOPULATION", "Grid", "resolve"]
