"""The paper's figures 1-16 as SVG."""

from __future__ import annotations

import base64
import html
import io
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from .charts import COLOURS, GREY, LEVEL, MARKS, OWNERS, Chart, chart
from .interactive import fragment, script_file, standalone
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
            marks = {"marker": SYMBOLS[s.colour], "ms": 4, "ls": "--", "lw": 0.8} if s.style == MARKS else {"lw": 1.1}
            ax.plot(s.x, s.y, color=COLOURS[s.colour], label=s.name, **marks)
        if panel.log:
            ax.set_yscale("log")
        elif "bound" in panel.label:
            ax.set_ylim(bottom=0)
        ax.set_title(panel.title, fontsize="medium")
        ax.set_xlabel("poisoning points")
    labels = {panel.label for panel in made.panels}
    for ax, panel in zip(axes, made.panels, strict=True):
        if ax is axes[0] or len(labels) > 1:
            ax.set_ylabel(panel.label)
    handles, names = axes[0].get_legend_handles_labels()
    drawn.legend(handles, names, loc="outside lower center", ncols=len(names), fontsize="small", frameon=False)
    return drawn


def figure_html(results: Results, number: str) -> str:
    """The figure for a page of the book: by the page's plotting library, and as an SVG where no script runs."""
    made = chart(results, number)
    if made is None:
        return f"<p>Figure {number}: no results yet.</p>"
    with _same_file_again(), io.BytesIO() as stream:
        draw(made).savefig(stream, format="svg", metadata={"Date": None})
        content = base64.b64encode(stream.getvalue()).decode("ascii")
    return fragment(made, f'<img alt="{html.escape(made.title)}" src="data:image/svg+xml;base64,{content}">')


def figures(results: Results, folder: Path, grid: str | None = None) -> int:
    """Write ``figure-N.svg`` for every figure whose results are there; returns how many.

    And ``interactive.html`` with all of them, where the repository's copy of the plotting library is at hand.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = [
        c for number, owner in OWNERS.items() if grid in (None, owner) and (c := chart(results, number)) is not None
    ]
    with _same_file_again():
        for c in made:
            draw(c).savefig(folder / f"figure-{c.number}.svg", metadata={"Date": None})
    script = script_file()
    if made and script is not None:
        (folder / "interactive.html").write_text(standalone(made, script.read_text(encoding="utf-8")), encoding="utf-8")
    return len(made)


def _same_file_again() -> AbstractContextManager[None]:
    """A fixed salt (and, when saved, no date): the same results give the same file."""
    import matplotlib

    return matplotlib.rc_context({"svg.hashsalt": "mtp-theory", "svg.fonttype": "none"})


__all__ = ["draw", "figure_html", "figures"]
