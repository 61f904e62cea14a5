"""What a claim is: statements with hypotheses, a grade, and an inequality that can be evaluated.

One claim has one id, which never changes its meaning. Its statements are the printed version or versions, the repaired
one, and what is sharper; each has its own verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any

import sympy
from sympy.printing.pycode import PythonCodePrinter

Number = Fraction | float
Values = Mapping[str, Number]


class Verdict(StrEnum):
    """Outcome of a check; a solver failure is UNDECIDED, never a number."""

    HOLDS = "holds"
    VIOLATED = "violated"
    NOT_APPLICABLE = "not_applicable"
    UNDECIDED = "undecided"


class Version(StrEnum):
    """Which wording of a claim."""

    PRINTED = "printed"
    PRINTED_APPENDIX = "printed_appendix"
    REPAIRED = "repaired"
    EXTENDED = "extended"

    @property
    def is_printed(self) -> bool:
        """Is this the paper's own wording?"""
        return self in (Version.PRINTED, Version.PRINTED_APPENDIX)


class Grade(StrEnum):
    """How a printed statement stands."""

    STANDS = "stands"
    NEEDS_HYPOTHESIS = "needs_hypothesis"
    TYPO = "typo"
    READING = "reading"
    FALSE = "false"
    ILLEGIBLE = "illegible"


class Arithmetic(StrEnum):
    """How the numbers of a verdict were computed, strongest first."""

    RATIONAL = "rational"
    INTERVAL = "interval"
    FLOAT = "float"
    HEURISTIC = "heuristic"


def symbols(*names: str) -> tuple[sympy.Symbol, ...]:
    """Real symbols whose names are LaTeX (sympy.symbols would split them at commas)."""
    return tuple(sympy.Symbol(name, real=True) for name in names)


@dataclass(frozen=True)
class Inequality:
    """``lhs <= rhs`` (or ``<``) between sympy expressions: printed as LaTeX and evaluated from one object."""

    lhs: sympy.Expr
    rhs: sympy.Expr
    strict: bool = False

    @property
    def latex(self) -> str:
        """The inequality as LaTeX."""
        relation = "<" if self.strict else r"\le"
        return f"{_latex(self.lhs)} {relation} {_latex(self.rhs)}"

    def slack(self, values: Values) -> Number:
        """rhs - lhs at the given symbol values, in their own arithmetic (Fractions stay exact)."""
        return evaluate(self.rhs, values) - evaluate(self.lhs, values)


def _latex(expression: sympy.Expr) -> str:
    # The names are LaTeX already: sympy must not read subscripts into them.
    return str(sympy.latex(expression, order="none", symbol_names={s: s.name for s in expression.free_symbols}))


class _ExactPrinter(PythonCodePrinter):  # type: ignore[misc]
    """Python code in which a constant such as 1/2 stays a Fraction."""

    def _print_Rational(self, expr: sympy.Rational) -> str:
        return f"Fraction({int(expr.p)}, {int(expr.q)})"

    def _print_Max(self, expr: sympy.Max) -> str:
        return f"max({', '.join(self._print(a) for a in expr.args)})"

    def _print_Min(self, expr: sympy.Min) -> str:
        return f"min({', '.join(self._print(a) for a in expr.args)})"


@cache
def _compiled(expression: sympy.Expr) -> tuple[tuple[str, ...], Callable[..., Number]]:
    symbols = sorted(expression.free_symbols, key=str)
    function = sympy.lambdify(
        symbols,
        expression,
        modules=[{"Fraction": Fraction}, "math"],
        printer=_ExactPrinter({"fully_qualified_modules": False}),
    )
    return tuple(str(s) for s in symbols), function


def evaluate(expression: sympy.Expr, values: Values) -> Number:
    """The expression at ``values`` (keys: symbol names); exact when all values are Fractions."""
    names, function = _compiled(expression)
    return function(*(values[name] for name in names))


@dataclass(frozen=True)
class Case:
    """One evaluation of an inequality: the symbol values, and what describes the instance."""

    values: Values
    description: str


@dataclass(frozen=True)
class Statement:
    """One wording of a claim.

    ``words``: the statement in words with LaTeX; ``inequality``: what it comes down to; ``cases(facts)``: the symbol
    values at which an instance puts it to the test, none where the hypotheses fail; ``kind``: which facts those
    are (a key of the sources in :mod:`.instances`); ``counterexample``: exact facts that refute it; ``theorem``: the Coq
    theorem, ``None`` while it is open.
    """

    version: Version
    words: str
    inequality: Inequality
    hypotheses: tuple[str, ...]
    cases: Callable[[Any], Iterable[Case]]
    kind: str
    expected: Verdict = Verdict.HOLDS
    grade: Grade | None = None
    counterexample: Callable[[], Any] | None = None
    theorem: str | None = None
    note: str = ""

    @property
    def latex(self) -> str:
        """Words and inequality, as LaTeX in Markdown."""
        return f"{self.words} $${self.inequality.latex}$$"


@dataclass(frozen=True)
class Claim:
    """A claim of the paper, or an extended result of our own, under its permanent id."""

    id: str
    title: str
    source: str
    statements: tuple[Statement, ...] = ()
    summary: str = ""
    sharper: str = ""
    on_data: str = ""
    code: str = ""

    @property
    def checked(self) -> bool:
        """Does any statement of this claim have a check yet?"""
        return bool(self.statements)

    def statement(self, version: Version | str) -> Statement:
        """The statement of that version; KeyError where there is none."""
        for s in self.statements:
            if s.version == version:
                return s
        raise KeyError(f"claim {self.id} has no {version} statement")

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)


__all__ = [
    "Arithmetic",
    "Case",
    "Claim",
    "Grade",
    "Inequality",
    "Number",
    "Statement",
    "Values",
    "Verdict",
    "Version",
    "evaluate",
    "symbols",
]
