"""The targets whose bounds, frontiers and goals are computed: where each comes from, and the stored runs.

The canonical digits instance and the models that the grids left in experiments/results. The
MNIST and Adult targets are reconstructed by the published recipe; they are not the authors' files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mtp_theory.experiments import grid_names

RESULTS = Path(__file__).resolve().parent / "results"
#: The paper's regularisation weight on these data.
C_R = 0.09
#: name: (data, loss, run of the grid, model of the run)
SUBJECTS: dict[str, tuple[str, str, str, str]] = {
    "digits": ("digits-1-7", "hinge", "", ""),
    "digits-logistic": ("digits-1-7", "logistic", "", ""),
    **{f"mnist-{goal}": ("mnist-1-7", "hinge", "mnist-svm/targets", goal) for goal in ("0.05", "0.1", "0.15")},
    **{f"mnist-{goal}-induced": ("mnist-1-7", "hinge", f"mnist-svm/online-{goal}", "induced")
       for goal in ("0.05", "0.1", "0.15")},
    **{f"mnist-logistic-{goal}": ("mnist-1-7", "logistic", "mnist-lr/targets", goal)
       for goal in ("0.05", "0.1", "0.15")},
    **{f"mnist-logistic-{goal}-induced": ("mnist-1-7", "logistic", f"mnist-lr/online-{goal}", "induced")
       for goal in ("0.05", "0.1", "0.15")},
    **{f"adult-{c}": ("adult", "hinge", f"adult-svm/targets-{c}", "1.0") for c in (17, 12, 19)},
    **{f"adult-{c}-induced": ("adult", "hinge", f"adult-svm/online-{c}", "induced") for c in (17, 12, 19)},
    **{f"adult-logistic-{c}": ("adult", "logistic", f"adult-lr/targets-{c}", "1.0") for c in (5, 0, 14)},
    **{f"adult-logistic-{c}-induced": ("adult", "logistic", f"adult-lr/online-{c}", "induced") for c in (5, 0, 14)},
}  # fmt: skip


def stored() -> dict[str, dict[str, Any]]:
    """Finished runs of the grids by grid/name."""
    runs = {}
    for grid in grid_names():
        for path in sorted((RESULTS / grid).glob("*.json")):
            runs[f"{grid}/{path.stem}"] = json.loads(path.read_text())
    return runs


__all__ = ["C_R", "RESULTS", "SUBJECTS", "stored"]
