"""The paper's experiments: grids of runs, results by the hash of their configuration, comparison with the paper.

    grid = load_grid("digits-small")
    run(grid, jobs=2)
    status(grid)

Reading order: :mod:`.spec` (what a run is), :mod:`.grid` (files to runs), :mod:`.store` (results on disk),
:mod:`.schedule` (running), :mod:`.kinds` (what each kind does), :mod:`.compare` and :mod:`.report`.
"""

from .grid import Grid, Run, expand, experiments_folder, grid_names, load_grid
from .schedule import Outcome, default_folder, run, status
from .spec import KINDS, Spec
from .store import Result, Store

__all__ = [
    "KINDS",
    "Grid",
    "Outcome",
    "Result",
    "Run",
    "Spec",
    "Store",
    "default_folder",
    "expand",
    "experiments_folder",
    "grid_names",
    "load_grid",
    "run",
    "status",
]
