"""A derivation is a list of steps; each displays an equation or an inequality and can be checked.

An inequality carries its slack: a closed form of right minus left that is non-negative at sight. A hypothesis
"A is at most B" enters as ``B = A + s`` with a non-negative symbol s, so that nothing is assumed silently.
``where`` says what the displayed symbols stand for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sympy
from sympy.printing.latex import LatexPrinter

Definitions = Mapping[sympy.Symbol, sympy.Expr]


class DerivationError(AssertionError):
    """A step does not hold: which one, and what remained."""


@dataclass(frozen=True)
class Equal:
    """``left = right``: with the symbols of ``where`` replaced by their meaning, the difference simplifies to 0."""

    left: sympy.Expr
    right: sympy.Expr
    where: Definitions = field(default_factory=dict)

    @property
    def latex(self) -> str:
        """The displayed equation."""
        return f"{to_latex(self.left)} = {to_latex(self.right)}"

    def check(self) -> None:
        """DerivationError where the difference does not vanish."""
        remainder = vanish(_meaning(self.left - self.right, self.where))
        if remainder != 0:
            raise DerivationError(f"left minus right is {remainder}, not 0")


@dataclass(frozen=True)
class AtMost:
    """``left <= right`` (``<`` where strict): right minus left equals ``slack``, whose sign sympy knows."""

    left: sympy.Expr
    right: sympy.Expr
    slack: sympy.Expr
    where: Definitions = field(default_factory=dict)
    strict: bool = False

    @property
    def latex(self) -> str:
        """The displayed inequality, and its slack where that says more."""
        relation, sign = ("<", ">") if self.strict else (r"\le", r"\ge")
        shown = f"{to_latex(self.left)} {relation} {to_latex(self.right)}"
        slack = to_latex(self.slack)
        if slack in (to_latex(self.right - self.left), to_latex(self.left)):
            return shown
        return rf"\begin{{gathered}} {shown}, \\ \text{{right minus left being }} {slack} {sign} 0 \end{{gathered}}"

    def check(self) -> None:
        """DerivationError where right minus left is not the slack, or the slack's sign is not evident."""
        remainder = vanish(_meaning(self.right - self.left - self.slack, self.where))
        if remainder != 0:
            raise DerivationError(f"right minus left differs from the slack by {remainder}")
        slack = sympy.sympify(self.slack)
        if not (slack.is_positive if self.strict else slack.is_nonnegative):
            raise DerivationError(f"the sign of the slack {slack} is not evident")


@dataclass(frozen=True)
class Step:
    """A sentence and the relation that it displays."""

    text: str
    relation: Equal | AtMost

    @property
    def latex(self) -> str:
        """The displayed formula."""
        return self.relation.latex


def verify(steps: Sequence[Step]) -> None:
    """Check every step; DerivationError names the first that fails."""
    for number, step in enumerate(steps, start=1):
        try:
            step.relation.check()
        except DerivationError as error:
            raise DerivationError(f"step {number} ({step.text}): {error}") from error


def _meaning(expression: sympy.Expr, where: Definitions) -> sympy.Expr:
    return sympy.sympify(expression).xreplace(dict(where))


def vanish(expression: sympy.Expr) -> sympy.Expr:
    """The expression simplified: 0 where it vanishes identically."""
    expression = sympy.sympify(expression).doit()
    for attempt in (sympy.expand, sympy.simplify, lambda e: sympy.simplify(sympy.expand_log(sympy.expand(e)))):
        expression = attempt(expression)
        if expression == 0:
            return sympy.Integer(0)
    return expression


class _Printer(LatexPrinter):
    """LaTeX with the terms of a sum in their own order, those with a minus last; symbol names are LaTeX already."""

    def _as_ordered_terms(self, expr: sympy.Expr, order: str | None = None) -> list[sympy.Expr]:
        return sorted(expr.args, key=lambda term: term.could_extract_minus_sign())

    def _print_Symbol(self, expr: sympy.Symbol, style: str = "plain") -> str:
        return str(expr.name)


def to_latex(expression: sympy.Expr) -> str:
    """LaTeX of an expression whose symbols are named in LaTeX."""
    return str(_Printer({"order": "none"}).doprint(sympy.sympify(expression)))


def real(*names: str) -> tuple[sympy.Symbol, ...]:
    """Real symbols named in LaTeX."""
    return tuple(sympy.Symbol(n, real=True) for n in names)


def nonnegative(*names: str) -> tuple[sympy.Symbol, ...]:
    """Non-negative symbols: slacks of hypotheses, among others."""
    return tuple(sympy.Symbol(n, nonnegative=True) for n in names)


def positive(*names: str) -> tuple[sympy.Symbol, ...]:
    """Positive symbols."""
    return tuple(sympy.Symbol(n, positive=True) for n in names)
