r"""One entry for each constant: its value or the reason why it has none, its formula, and the hypotheses that were tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import inf, isfinite
from typing import Any

import sympy

from ..engine.model import Arithmetic, Number, evaluate


@dataclass(frozen=True)
class Hypothesis:
    """A condition that a constant needs: the text and whether it was found to hold (None: it cannot be tested here)."""

    text: str
    met: bool | None


@dataclass(frozen=True)
class Constant:
    """One number of the theory; ``value`` is None where ``reason`` says why, ``formula`` is LaTeX."""

    name: str
    claim: str
    statement: str
    value: float | None
    reason: str
    formula: str
    arithmetic: str
    hypotheses: tuple[Hypothesis, ...]


@dataclass(frozen=True)
class Constants:
    """All constants; ``gamma``, ``gamma_lower`` (certified) and ``lambda_star`` also by themselves."""

    points: int
    n_points: int
    c_r: float
    gamma: float | None
    gamma_lower: float | None
    lambda_star: float | None
    entries: tuple[Constant, ...] = field(default=())

    def __getitem__(self, name: str) -> Constant:
        """The constant of that name; KeyError otherwise."""
        for entry in self.entries:
            if entry.name == name:
                return entry
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; infinite or undefined ones are null with a reason."""
        return asdict(self)


class Entries:
    """Entries in the order in which they are computed; later ones may use what earlier ones recorded."""

    def __init__(self) -> None:
        self.all: list[Constant] = []

    def add(
        self,
        name: str,
        claim: str,
        statement: str,
        value: float | None,
        formula: str,
        hypotheses: Sequence[Hypothesis] = (),
        *,
        arithmetic: Arithmetic = Arithmetic.FLOAT,
        reason: str = "",
    ) -> float | None:
        """Record a value unless a hypothesis fails; returns what was recorded."""
        unmet = next((h.text for h in hypotheses if h.met is False), None)
        if unmet is not None:
            value, reason = None, f"not applicable: needs {unmet}"
        elif value is not None and not isfinite(value):
            reason = reason or f"the value is {'+' if value > 0 else '-'}infinite"
            value = None
        entry = Constant(name, claim, statement, value, reason, formula, str(arithmetic), tuple(hypotheses))
        self.all.append(entry)
        return value

    def formula(
        self,
        name: str,
        claim: str,
        statement: str,
        expression: sympy.Expr,
        values: Mapping[str, Number],
        hypotheses: Sequence[Hypothesis] = (),
    ) -> float | None:
        """Record a claim's own expression at these values."""
        usable = all(h.met is not False for h in hypotheses) and all(isfinite(v) for v in values.values())
        number = float(evaluate(expression, values)) if usable else inf
        return self.add(name, claim, statement, number, latex(expression), hypotheses)


def latex(expression: sympy.Expr) -> str:
    """The expression in LaTeX; its symbols' names are LaTeX already, sympy must not read subscripts into them."""
    return str(sympy.latex(expression, symbol_names={s: s.name for s in expression.free_symbols}))


def best(values: Sequence[float]) -> float | None:
    """The largest value that is known; None where there is none."""
    known = [v for v in values if v == v and v != -inf]
    return max(known) if known else None


def finite(x: float) -> float | None:
    """The number, None for an infinite one."""
    return x if isfinite(x) else None


__all__ = ["Constant", "Constants", "Entries", "Hypothesis", "best", "finite", "latex"]
