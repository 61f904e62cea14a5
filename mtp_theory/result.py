"""The one two-sided answer: a number between two ends, how they were got, and what shows them.

Every quantity of the package that is computed from both sides is an :class:`Enclosure` or a subclass that names what
it carries besides: the maximiser of a distance, the points of a set, the mixture behind gamma.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

from .display import frame, interval, one_column
from .errors import InputError, UndecidedError
from .inputs import shown

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: How an answer was got: rational arithmetic, ball arithmetic, float64 with proved rounding or tolerances, or search.
How = Literal["exact", "interval", "float", "heuristic"]


@dataclass(frozen=True, eq=False)
class Enclosure:
    """``lower`` <= the number asked for <= ``upper``.

    ``lower``, ``upper``: the ends; -inf or inf where nothing is known on that side or the number itself is infinite.
    ``how``: the weaker of the two sides' arithmetic: "exact" (rational), "interval", "float", or "heuristic" (an end
    found by search, of which nothing says that it is near). ``status``: a word of the question's own ("optimal",
    "bounds", "unattainable", ...), empty where there is none. ``witness``: what shows the ends, in a form of the
    question's own. ``reason``: why an end is missing or wide, empty otherwise.

    Raises UndecidedError where the ends cross or one is NaN: a solver failed, and there is no answer.
    """

    lower: float
    upper: float
    how: How = field(default="float", kw_only=True)
    status: str = field(default="", kw_only=True)
    witness: Any = field(default=None, kw_only=True)
    reason: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        for name in ("lower", "upper"):
            if not isinstance(getattr(self, name), Real):
                raise InputError(f"{name} = {shown(getattr(self, name))}: give a number, -inf or inf")
        if not self.lower <= self.upper:
            raise UndecidedError(f"the two sides cross: lower {self.lower!r}, upper {self.upper!r}; a solver failed")

    @property
    def ends(self) -> tuple[float, float]:
        """(lower, upper)."""
        return self.lower, self.upper

    @property
    def width(self) -> float:
        """upper - lower; 0 where both ends are the same infinity."""
        return 0.0 if self.lower == self.upper else self.upper - self.lower

    @property
    def settled(self) -> bool:
        """Do both ends agree?"""
        return self.lower == self.upper

    def summary(self) -> dict[str, Any]:
        """The ends and the answer's other single values, by name."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {k: v for k, v in values.items() if isinstance(v, int | float | str) and v != ""}

    def to_pandas(self) -> pd.DataFrame:
        """The summary as a data frame of one row."""
        return frame([self.summary()])

    def plot(self, ax: Axes | None = None) -> Axes:
        """The two ends on matplotlib axes."""
        return interval(self.lower, self.upper, self._quantity(), ax)

    def _quantity(self) -> str:
        """What the number is, for a plot's axis."""
        return type(self).__name__.lower()

    def _repr_html_(self) -> str:
        return one_column(self.summary())


__all__ = ["Enclosure", "How"]
