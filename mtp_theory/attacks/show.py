"""A run as a plot and as a few lines of HTML for notebooks."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from .folder import summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .run import AttackRun


def plot(run: AttackRun, ax: Axes | None = None) -> Axes:
    """Distance to the target over the number of points, on a logarithmic scale; without a target the error."""
    if ax is None:
        import matplotlib.pyplot as plt

        ax = plt.figure().add_subplot()
    points = [r.points for r in run.rows]
    if math.isnan(run.last.distance):
        ax.plot(points, [math.nan if r.error is None else r.error for r in run.rows], label=run.method)
        ax.set_ylabel("share of the goal's rows wrong")
    else:
        ax.plot(points, [r.distance for r in run.rows], label=run.method)
        ax.set_ylabel("loss-based distance to the target")
        ax.set_yscale("log")
    ax.set_xlabel("poisoning points")
    ax.legend()
    return ax


def html(run: AttackRun) -> str:
    """The summary as a table."""
    cells = {"method": run.method, **summary(run)}
    lines = (
        f"<tr><th>{escape(key.replace('_', ' '))}</th><td>{escape(_text(value))}</td></tr>"
        for key, value in cells.items()
        if value is not None
    )
    return f"<table>{''.join(lines)}</table>"


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


__all__ = ["html", "plot"]
