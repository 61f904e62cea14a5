"""Attacks ranked by how many more points they use than the model that they make needs: table and plot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mtp_theory.experiments import expand, load_grid
from mtp_theory.experiments.ours import Results
from mtp_theory.experiments.shares import markdown_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GRID = "optimality-gap"


@dataclass(frozen=True)
class Ranked:
    """One run: points over both ends of the fewest for the model it induced; ``upper`` is the larger ratio."""

    data: str
    method: str
    share: float
    aimed: bool
    values: dict[str, Any]
    seconds: float

    @property
    def least(self) -> int:
        """Size of the smallest set that is known for the model: the one constructed or the attack's own."""
        found, points = self.values["own"]["upper"], int(self.values["points"])
        return points if found is None else min(int(found), points)

    @property
    def gap(self) -> tuple[int, int]:
        """Points that were not needed: at least and at most so many."""
        points, own = self.values["points"], self.values["own"]
        return points - self.least, points - (own["lower"] or 0)

    @property
    def excess(self) -> float:
        """Points over the certified fewest: 1 is proved to be optimal, larger numbers are upper ends."""
        lower = self.values["own"]["lower"]
        return float(self.values["points"] / lower) if lower else float("inf")


def ranked(results: Results) -> list[Ranked]:
    """Every run of the grid that is there."""
    found = []
    for run in expand(load_grid(GRID)):
        result = results.get(GRID, run.name) if "/" not in run.name else None
        if result is None or result.values.get("own") is None:
            continue
        config = result.record["config"]
        found.append(
            Ranked(
                config["data"], config["method"], config["share"], config["target"] is not None, result.values,
                result.values["attack_seconds"],
            )
        )  # fmt: skip
    return found


def ranking_markdown(runs: Iterable[Ranked]) -> str:
    """One row for each run, by data and budget; within a budget the nearest to the optimum first."""
    rows = []
    for r in sorted(runs, key=lambda r: (r.data, r.share, r.excess)):
        v, (low, high) = r.values, r.gap
        target = v.get("target")
        rows.append(
            (
                r.data, str(v["points"]), r.method,
                f"{v['own']['lower']}" + ("" if v["own"]["lower"] == r.least else f" to {r.least}"),
                f"{low} to {high}", f"{r.excess:.2f}",
                "-" if target is None else f"{target['lower']}",
                "-" if "distance" not in v else f"{v['distance']['upper']:.3g}",
                f"{100.0 - v['train_pct']:.1f}", f"{v['clean_loss']:.3f}", f"{r.seconds:.1f}",
                f"{v['peak_bytes'] / 2**20:.0f}",
            )
        )  # fmt: skip
    head = (
        "data", "points", "attack", "fewest for its model", "gap", "ratio", "fewest for the target", "distance",
        "training rows wrong, %", "clean loss", "seconds", "MiB",
    )  # fmt: skip
    return markdown_table(head, rows)


def ranking_plot(runs: Iterable[Ranked]) -> Figure:
    """Ratio of the points to the certified fewest against the budget, a panel for each data set."""
    import matplotlib.pyplot as plt

    every = list(runs)
    names = sorted({r.data for r in every})
    fig, axes = plt.subplots(1, max(1, len(names)), figsize=(4.0 * max(1, len(names)), 3.6), squeeze=False, sharey=True)
    for ax, name in zip(axes[0], names, strict=False):
        for method in sorted({r.method for r in every if r.data == name}):
            mine = sorted((r for r in every if (r.data, r.method) == (name, method)), key=lambda r: r.share)
            ratio = np.array([r.excess for r in mine])
            ax.plot([r.values["points"] for r in mine], ratio, marker="o", ms=4, lw=1, label=method)
        ax.axhline(1.0, color="grey", ls=":", lw=1)
        ax.set_title(name, fontsize="medium")
        ax.set_xlabel("points of the attack")
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.legend(fontsize="x-small")
    axes[0][0].set_ylabel("points / certified fewest for its model")
    fig.tight_layout()
    return fig


__all__ = ["GRID", "Ranked", "ranked", "ranking_markdown", "ranking_plot"]
