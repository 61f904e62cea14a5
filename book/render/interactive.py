"""The charts in a browser by plotly.js: values under the pointer, zoom, curves switched on and off. No network.

The library is the repository's own copy (``book/vendor/plotly``, MIT licence).
"""

from __future__ import annotations

import base64
import html
import json
from math import isnan
from pathlib import Path
from typing import Any

from mtp_theory.experiments.charts import COLOURS, DOTS, GREY, LEVEL, MARKS, Chart, chart
from mtp_theory.experiments.figures import svg
from mtp_theory.experiments.ours import Results

#: The copy; it lies at the top of the built book.
SCRIPT = Path(__file__).resolve().parents[1] / "vendor" / "plotly" / "plotly-basic.min.js"
#: Marks by a series' index.
SYMBOLS = ("circle", "circle", "square")
#: Few buttons, none that leads to another site.
CONFIG = {
    "responsive": True,
    "displaylogo": False,
    "modeBarButtons": [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
}
#: Share of the width between two panels.
GAP = 0.07
#: Significant digits of a coordinate: a tenth of a pixel on a screen of 4,000.
DIGITS = 5


def specification(made: Chart) -> dict[str, Any]:
    """``data`` and ``layout`` of plotly.js: one pair of axes for each panel, one entry of the legend for each name."""
    count = len(made.panels)
    width = (1.0 - GAP * (count - 1)) / count
    data, seen = [], set()
    layout: dict[str, Any] = {
        "height": 410,
        # room for the buttons above the titles
        "margin": {"l": 60, "r": 10, "t": 70, "b": 90},
        "legend": {"orientation": "h", "y": -0.25},
        "hovermode": "x unified",
        "annotations": [],
    }
    labels = {panel.label for panel in made.panels}
    for k, panel in enumerate(made.panels):
        suffix, left = "" if k == 0 else str(k + 1), k * (width + GAP)
        layout[f"xaxis{suffix}"] = {
            "domain": [left, left + width],
            "title": {"text": panel.across},
            "anchor": f"y{suffix}",
        }
        y: dict[str, Any] = {"anchor": f"x{suffix}", "type": "log" if panel.log else "linear"}
        if k == 0 or len(labels) > 1:
            y["title"] = {"text": panel.label}
        if "bound" in panel.label:
            y["rangemode"] = "tozero"
        layout[f"yaxis{suffix}"] = y
        title = {"text": panel.title, "x": left + width / 2, "y": 1.0, "xref": "paper", "yref": "paper"}
        layout["annotations"].append({**title, "xanchor": "center", "yanchor": "bottom", "showarrow": False})
        for s in panel.series:
            colour = GREY if s.style == LEVEL else COLOURS[s.colour]
            dash = {LEVEL: "dot", MARKS: "dash"}.get(s.style, "solid")
            mode = {MARKS: "lines+markers", DOTS: "markers"}.get(s.style, "lines")
            bars = {} if s.error is None else {"error_y": {"type": "data", "array": [_short(v) for v in s.error]}}
            data.append(
                {
                    "type": "scatter",
                    "name": s.name,
                    "legendgroup": s.name,
                    "showlegend": s.name not in seen,
                    "x": [_short(v) for v in s.x],
                    "y": [_short(v) for v in s.y],
                    "xaxis": f"x{suffix}",
                    "yaxis": f"y{suffix}",
                    "mode": mode,
                    **bars,
                    "line": {"color": colour, "dash": dash, "width": 1.5},
                    "marker": {"color": colour, "symbol": SYMBOLS[s.colour], "size": 7},
                }
            )
            seen.add(s.name)
    return {"data": data, "layout": layout}


def fragment(made: Chart, fallback: str) -> str:
    """HTML for a page that has loaded the library: ``fallback`` (HTML) until, and where no, script runs."""
    name = f"figure-{made.number}"
    # </ would end the script element
    content = json.dumps(specification(made), allow_nan=False, separators=(",", ":")).replace("</", "<\\/")
    return (
        f'<div id="{name}" class="mtp-figure" role="img" aria-label="{html.escape(made.title)}">{fallback}</div>\n'
        f"<script>(function(){{var f={content},e=document.getElementById('{name}');"
        f"if(window.Plotly){{e.textContent='';Plotly.newPlot(e,f.data,f.layout,{json.dumps(CONFIG)});}}"
        "})();</script>\n"
    )


def figure_html(results: Results, number: str) -> str:
    """The figure for a page of the book: by the page's plotting library, and as an SVG where no script runs."""
    made = chart(results, number)
    if made is None:
        return f"<p>Figure {number}: no results yet.</p>"
    content = base64.b64encode(svg(made)).decode("ascii")
    return fragment(made, f'<img alt="{html.escape(made.title)}" src="data:image/svg+xml;base64,{content}">')


def _short(value: float) -> float | None:
    return None if isnan(value) else float(f"{value:.{DIGITS}g}")


__all__ = ["SCRIPT", "figure_html", "fragment", "specification"]
