"""Answers as tables and plots: what notebooks show. Plotting and data frames are loaded on use only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from math import isfinite
from typing import TYPE_CHECKING, Any

from .errors import InputError
from .inputs import shown

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def text(value: object) -> str:
    """A value in a cell: six digits of a float, a word for nothing."""
    if value is None:
        return "none"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


#: What stands for mathematics in plain texts; put in dollars in LaTeX.
_FORMULA = re.compile(r"\[0, 1\]\^d|\bn_p\b")


def latex(plain: str) -> str:
    """A plain text as LaTeX: characters that LaTeX reads otherwise are escaped, formulas are mathematics."""
    out, end = [], 0
    for found in _FORMULA.finditer(plain):
        out += [_escaped(plain[end : found.start()]), f"${found.group()}$"]
        end = found.end()
    return "".join([*out, _escaped(plain[end:])])


def _escaped(plain: str) -> str:
    words = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(words.get(c, "\\" + c if c in "&%$#_{}" else c) for c in plain)


def one_column(cells: Mapping[str, object]) -> str:
    """HTML of names with their values, one in each row."""
    rows = (
        f"<tr><th>{escape(name.replace('_', ' '))}</th><td>{escape(text(value))}</td></tr>"
        for name, value in cells.items()
    )
    return f"<table>{''.join(rows)}</table>"


def table(rows: Iterable[Mapping[str, object]], columns: Iterable[str]) -> str:
    """HTML of one row for each mapping."""
    names = list(columns)
    head = "".join(f"<th>{escape(n.replace('_', ' '))}</th>" for n in names)
    lines = ("".join(f"<td>{escape(text(row[n]))}</td>" for n in names) for row in rows)
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def frame(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """A data frame of one row for each mapping. Raises InputError where pandas is not installed."""
    try:
        import pandas as pd
    except ModuleNotFoundError:
        raise InputError("to_pandas: pandas is not installed; install it (pip install pandas)") from None
    return pd.DataFrame([dict(row) for row in rows])


def axes(ax: Axes | None, size: tuple[float, float] = (6.0, 1.6)) -> Axes:
    """The axes given, or those of a new figure of that size. Raises InputError where matplotlib is not installed."""
    if ax is not None:
        if not hasattr(ax, "annotate") or isinstance(ax, type):
            raise InputError(f"ax = {shown(ax)}: give matplotlib axes, or leave it out")
        return ax
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError:
        raise InputError("plot: matplotlib is not installed; install it (pip install matplotlib)") from None
    return plt.figure(figsize=size, layout="constrained").add_subplot()


def interval(lower: float, upper: float, name: str, ax: Axes | None = None) -> Axes:
    """The two ends on one line; an arrow where an end is infinite."""
    ax = axes(ax)
    ends = [v for v in (lower, upper) if isfinite(v)]
    low, high = (min(ends), max(ends)) if ends else (0.0, 0.0)
    room = 0.25 * ((high - low) or abs(high) or 1.0)
    ax.plot(ends, [0.0] * len(ends), marker="|", markersize=16, color="C0")
    arrow: dict[str, Any] = {"arrowstyle": "->", "color": "C0"}
    if not isfinite(lower) and lower < 0:
        ax.annotate("", xy=(low - room, 0.0), xytext=(low, 0.0), arrowprops=arrow)
    if not isfinite(upper) and upper > 0:
        ax.annotate("", xy=(high + room, 0.0), xytext=(high, 0.0), arrowprops=arrow)
    ax.set_xlim(low - 1.2 * room, high + 1.2 * room)
    ax.set_ylim(-1.0, 1.0)
    ax.set_yticks([])
    ax.set_xlabel(name)
    return ax


__all__ = ["axes", "frame", "interval", "one_column", "table", "text"]
