"""What a claim is: statements with hypotheses, a grade, and an inequality that can be evaluated.

One claim has one id, which never changes its meaning. Its statements are the printed version or versions, the repaired
one, and what is sharper; each has its own verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache, reduce
from math import isqrt
from typing import Any

import sympy
from flint import arb, fmpq
from flint import ctx as flint_context
from sympy.printing.pycode import PythonCodePrinter

from ...errors import UndecidedError

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
    """How a printed statement stands.

    READING: a rendering of ours, where the words allow several or are carried over to another domain. ILLEGIBLE: our copy
    has lost a symbol. Neither is a verdict on the paper's words, and both are counted apart.
    """

    STANDS = "stands"
    NEEDS_HYPOTHESIS = "needs_hypothesis"
    TYPO = "typo"
    READING = "reading"
    FALSE = "false"
    ILLEGIBLE = "illegible"

    @property
    def judges_the_paper(self) -> bool:
        """Is it a verdict on the paper's own words?"""
        return self not in (Grade.READING, Grade.ILLEGIBLE)


#: Grades in words, in the order in which they are listed.
GRADES: dict[str, str] = {
    Grade.STANDS: "stands",
    Grade.NEEDS_HYPOTHESIS: "needs a hypothesis",
    Grade.TYPO: "typo",
    Grade.READING: "depends on the reading",
    Grade.FALSE: "false as printed",
    Grade.ILLEGIBLE: "illegible in our copy",
}


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
    """``lhs <= rhs`` (``<``: strict, ``=``: equal) of sympy expressions: printed as LaTeX and evaluated from one object."""

    lhs: sympy.Expr
    rhs: sympy.Expr
    strict: bool = False
    equal: bool = False

    @property
    def latex(self) -> str:
        """The inequality as LaTeX."""
        relation = "=" if self.equal else "<" if self.strict else r"\le"
        return f"{_latex(self.lhs)} {relation} {_latex(self.rhs)}"

    @property
    def transcendental(self) -> bool:
        """Does it need logarithms, exponentials or roots: values that are not rational at rational arguments?"""
        return any(_irrational(e) for e in (self.lhs, self.rhs))

    def slack(self, values: Values) -> Number:
        """rhs - lhs (for an equality - abs of it) at the given values; the lower end where it is an enclosure."""
        return self.slack_enclosure(values)[0]

    def size(self, values: Values) -> float:
        """The larger side in absolute value, as a float: what rounding is relative to."""
        return max(abs(float(evaluate(side, values))) for side in (self.lhs, self.rhs))

    def slack_enclosure(self, values: Values) -> tuple[Number, Number]:
        """Lower and upper end of the slack: equal, and exact, for rational formulas at Fractions.

        A formula with logarithms or roots at Fractions is evaluated in ball arithmetic; with any float among the
        values both ends are the float result.
        """
        if self.transcendental and not any(isinstance(v, float) for v in values.values()):
            try:
                slack = evaluate(self.rhs, values, "exact") - evaluate(self.lhs, values, "exact")
                slack = min(slack, -slack) if self.equal else slack
                return slack, slack
            except _IrrationalError:
                with flint_context.workprec(BALL_BITS):
                    ball = _ball(self.rhs, values) - _ball(self.lhs, values)
            low, high = _ends(-abs(ball) if self.equal else ball)
            return low, high
        slack = evaluate(self.rhs, values) - evaluate(self.lhs, values)
        if self.equal:
            slack = min(slack, -slack)
        return slack, slack


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
def _compiled(expression: sympy.Expr, arithmetic: str = "fraction") -> tuple[tuple[str, ...], Callable[..., Any]]:
    symbols = sorted(expression.free_symbols, key=str)
    function = sympy.lambdify(
        symbols, expression, modules=_MODULES[arithmetic], printer=_ExactPrinter({"fully_qualified_modules": False})
    )
    return tuple(str(s) for s in symbols), function


@cache
def _irrational(expression: sympy.Expr) -> bool:
    powers = (not p.exp.is_Integer for p in expression.atoms(sympy.Pow))
    return expression.has(sympy.log, sympy.exp) or any(powers)


def evaluate(expression: sympy.Expr, values: Values, arithmetic: str = "fraction") -> Number:
    """The expression at ``values`` (keys: symbol names); exact when it is rational and all values are Fractions."""
    names, function = _compiled(expression, arithmetic)
    # a quotient of ints would be a float
    arguments = (Fraction(v) if type(v) is int else v for v in (values[name] for name in names))
    result: Number = function(*arguments)
    return result


#: Bits of the ball arithmetic: slacks of 1e-9 are decided with 100 bits to spare.
BALL_BITS = 160


def _exact_ball(value: Number) -> Any:
    return arb(fmpq(value.numerator, value.denominator)) if isinstance(value, Fraction) else arb(value)


def _ball(expression: sympy.Expr, values: Values) -> Any:
    """The expression in ball arithmetic at exact values, in the precision of the caller's context."""
    names, function = _compiled(expression, "ball")
    return function(*(_exact_ball(values[name]) for name in names)) + arb(0)


def _ends(ball: Any) -> tuple[Fraction, Fraction]:
    def dyadic(x: Any) -> Fraction:
        mantissa, exponent = x.mid().man_exp()
        return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)

    if not ball.is_finite():
        raise UndecidedError("ball arithmetic: the enclosure of the slack is not finite")
    with flint_context.workprec(BALL_BITS):
        return dyadic(ball.lower()), dyadic(ball.upper())


class _IrrationalError(Exception):
    """A logarithm or root is not known to be rational at this argument."""


def _exact_log(x: Fraction) -> Fraction:
    if x != 1:
        raise _IrrationalError
    return Fraction(0)


def _exact_exp(x: Fraction) -> Fraction:
    if x != 0:
        raise _IrrationalError
    return Fraction(1)


def _exact_sqrt(x: Fraction) -> Fraction:
    root = Fraction(isqrt(x.numerator), isqrt(x.denominator)) if x >= 0 else Fraction(-1)
    if root * root != x:
        raise _IrrationalError
    return root


#: What the printed code's names mean, by arithmetic. "exact" gives up where a value is irrational: ties such as
#: log(1) = 0 are decided there, since a ball around 0 decides nothing.
_MODULES: dict[str, list[Any]] = {
    "fraction": [{"Fraction": Fraction}, "math"],
    "exact": [{"Fraction": Fraction, "log": _exact_log, "exp": _exact_exp, "sqrt": _exact_sqrt}, "math"],
    "ball": [
        {
            "Fraction": lambda p, q: arb(fmpq(p, q)),
            "log": lambda x: arb(x).log(),
            "exp": lambda x: arb(x).exp(),
            "sqrt": lambda x: arb(x).sqrt(),
            "max": lambda *xs: reduce(lambda a, b: arb(a).max(b), xs),
            "min": lambda *xs: reduce(lambda a, b: arb(a).min(b), xs),
        }
    ],
}


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
    theorem, ``None`` while it is open. ``variant`` tells apart statements of one version: another domain or reading.
    ``quote``: the paper's own words, verbatim (a text extraction; symbols that it lost are restored); ``differs``: in what the
    theorem says less than the statement.
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
    variant: str = ""
    quote: str = ""
    differs: str = ""

    @property
    def label(self) -> str:
        """Version and variant, such as 'printed (on the box)'."""
        return f"{self.version} ({self.variant})" if self.variant else str(self.version)

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

    def statement(self, version: Version | str, variant: str = "") -> Statement:
        """The statement of that version and variant; KeyError where there is none."""
        for s in self.statements:
            if s.version == version and s.variant == variant:
                return s
        raise KeyError(f"claim {self.id} has no {version} statement {variant!r}".rstrip("' "))

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)


__all__ = [
    "GRADES",
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
