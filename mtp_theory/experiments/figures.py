"""The paper's figures as SVG."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from .charts import COLOURS, DOTS, GREY, LEVEL, MARKS, OWNERS, Chart, chart
from .ours import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Marks by a series' index.
SYMBOLS = ("o", "o", "s")


def draw(made: Chart) -> Figure:
    """The chart by matplotlib: panels side by side, one legend."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(3.6 * len(made.panels), 3.2), layout="constrained")
    axes = drawn.subplots(1, len(made.panels), squeeze=False)[0]
    for ax, panel in zip(axes, made.panels, strict=True):
        for s in panel.series:
            if s.style == LEVEL:
                ax.axhline(s.y[0], color=GREY, ls=":", lw=1.2, label=s.name)
                continue
            if s.style == DOTS:
                ax.plot(s.x, s.y, color=COLOURS[s.colour], label=s.name, marker="o", ms=4, ls="none")
                continue
            marks = {"marker": SYMBOLS[s.colour], "ms": 4, "ls": "--", "lw": 0.8} if s.style == MARKS else {"lw": 1.1}
            ax.plot(s.x, s.y, color=COLOURS[s.colour], label=s.name, **marks)
            if s.error is not None:
                ax.errorbar(s.x, s.y, yerr=s.error, color=COLOURS[s.colour], fmt="none", capsize=2, lw=0.8)
        if panel.log:
            ax.set_yscale("log")
        elif "bound" in panel.label:
            ax.set_ylim(bottom=0)
        ax.set_title(panel.title, fontsize="medium")
        ax.set_xlabel(panel.across)
    labels = {panel.label for panel in made.panels}
    for ax, panel in zip(axes, made.panels, strict=True):
        if ax is axes[0] or len(labels) > 1:
            ax.set_ylabel(panel.label)
    handles, names = axes[0].get_legend_handles_labels()
    drawn.legend(handles, names, loc="outside lower center", ncols=len(names), fontsize="small", frameon=False)
    return drawn


def svg(made: Chart) -> bytes:
    """The chart as a file: the same results give the same bytes."""
    import matplotlib

    # a fixed salt and no date
    with matplotlib.rc_context({"svg.hashsalt": "mtp-theory", "svg.fonttype": "none"}), io.BytesIO() as stream:
        draw(made).savefig(stream, format="svg", metadata={"Date": None})
        return stream.getvalue()


def figures(results: Results, folder: Path, grid: str | None = None) -> int:
    """Write ``figure-N.svg`` for every figure whose results are there; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [
        c for number, owner in OWNERS.items() if grid in (None, owner) and (c := chart(results, number)) is not None
    ]
    for c in made:
        (folder / f"figure-{c.number}.svg").write_bytes(svg(c))
    return len(made)


__all__ = ["draw", "figures", "svg"]
