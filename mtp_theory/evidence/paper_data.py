"""Trajectories on the paper's data: the online attack against the targets of its SVM tables, where the files are.

The targets are reconstructed by the published recipe, each by its place in the recipe's grid; they are not the
authors' files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..claims.facts.kinds import Facts

#: C_R of the paper's experiments.
C_R = 0.09


@dataclass(frozen=True)
class PaperTarget:
    """A target: the folder of its raw data, and the place of its candidate in the published grid."""

    name: str
    data: str
    folder: str
    value: float
    copies: int
    cluster: int | None = None


TARGETS = (
    PaperTarget("MNIST 1-7, 5 %", "mnist-1-7", "mnist", 0.10, 30),
    PaperTarget("MNIST 1-7, 10 %", "mnist-1-7", "mnist", 0.20, 25),
    PaperTarget("MNIST 1-7, 15 %", "mnist-1-7", "mnist", 0.50, 8),
    PaperTarget("Adult, cluster 0", "adult", "adult", 0.8, 15, 17),
    PaperTarget("Adult, cluster 1", "adult", "adult", 0.8, 40, 12),
    PaperTarget("Adult, cluster 2", "adult", "adult", 0.8, 30, 19),
)


def present(data_dir: str | None = None) -> tuple[PaperTarget, ...]:
    """The targets whose raw data lie in ``data_dir`` (default: MTP_DATA_DIR); nothing is downloaded."""
    folder = data_dir or os.environ.get("MTP_DATA_DIR")
    return tuple(t for t in TARGETS if folder and (Path(folder) / t.folder).is_dir())


def paper_facts(target: PaperTarget, points: int, data_dir: str | None = None) -> tuple[str, dict[str, list[Facts]]]:
    """Identity of the data, and the facts of an attack of ``points`` points by kind.

    Raises InputError for unusable raw files, UndecidedError where a solver fails.
    """
    # data sets, training and the attack are loaded only when they are asked for
    from ..datasets import load
    from ..targets import generate
    from ..targets.grids import Grid
    from ..testing import facts_of

    dataset = load(target.data, data_dir=data_dir)
    method = "koh" if target.cluster is None else "subpopulation"
    grid = Grid((target.value,), (target.copies,))
    found: Any = generate(dataset, "hinge", C_R, method=method, goal=0.0, cluster=target.cluster, grid=grid)
    problem = dataset.problem("hinge", C_R)
    return dataset.identity, facts_of(problem, found.theta, rounds=points, name=target.name)


__all__ = ["C_R", "TARGETS", "PaperTarget", "paper_facts", "present"]
