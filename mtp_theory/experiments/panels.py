"""What a figure is made of: series, panels, charts."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

from .store import Result

#: How a series is drawn: the attack's line, a rival's marks, a level across the panel, dots that nothing joins.
LINE, MARKS, LEVEL, DOTS = "line", "marks", "level", "dots"
#: By a series' index; people with colour blindness tell these apart (Okabe and Ito). Levels are grey.
COLOURS = ("#0072b2", "#d55e00", "#009e73")
GREY = "#444444"


@dataclass(frozen=True)
class Series:
    """One curve; ``style`` is one of the above, ``colour`` the index of its colour and mark, ``error`` its bars."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    style: str = LINE
    colour: int = 0
    error: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Panel:
    """One pair of axes; ``across`` says what the abscissa is."""

    title: str
    label: str
    series: tuple[Series, ...]
    log: bool = False
    across: str = "poisoning points"


@dataclass(frozen=True)
class Chart:
    """A figure of the paper: its panels from left to right."""

    number: str
    title: str
    panels: tuple[Panel, ...]


def column(result: Result, name: str) -> tuple[float, ...]:
    """One column of a result's table; NaN where it is empty."""
    k = result.columns.index(name)
    return tuple(nan if (v := row[k]) is None else v for row in result.rows)


__all__ = ["COLOURS", "DOTS", "GREY", "LEVEL", "LINE", "MARKS", "Chart", "Panel", "Series", "column"]
