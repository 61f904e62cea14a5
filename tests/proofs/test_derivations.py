"""Every derivation holds; wrong versions of its steps do not."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
import sympy

from mtp_theory.claims import REGISTRY

sys.path.insert(0, str(Path(__file__).parents[2] / "proofs"))
import derivations
from derivations import DERIVATIONS, AtMost, DerivationError, Equal, Step, verify
from derivations.steps import nonnegative, positive, real

sys.path.pop(0)

IDS = [m.__name__.rpartition(".")[2] for m in DERIVATIONS]
every_derivation = pytest.mark.parametrize("module", DERIVATIONS, ids=IDS)


@every_derivation
def test_holds(module: ModuleType):
    module.check()
    assert len(module.steps()) >= 3
    assert module.CLAIM in REGISTRY
    assert all(s.text and s.latex for s in module.steps())


def test_every_module_is_listed():
    folder = Path(derivations.__file__).parent
    assert {p.stem for p in folder.glob("*.py")} == {*IDS, "__init__", "steps"}


@every_derivation
def test_every_step_can_fail(module: ModuleType):
    """No step holds whatever stands on its right side."""
    (other,) = positive("e")
    for step in module.steps():
        wrong = replace(step.relation, right=step.relation.right + other)
        with pytest.raises(DerivationError):
            verify([Step(step.text, wrong)])


@every_derivation
def test_inequalities_do_not_hold_backwards(module: ModuleType):
    for step in module.steps():
        r = step.relation
        if isinstance(r, AtMost):
            with pytest.raises(DerivationError):
                verify([Step(step.text, AtMost(r.right, r.left, -r.slack, r.where, strict=r.strict))])


def relation(name: str, number: int) -> Equal | AtMost:
    """The relation of a step, counted from 1."""
    (module,) = [m for m in DERIVATIONS if m.__name__.endswith(name)]
    found = module.steps()[number - 1].relation
    assert isinstance(found, Equal | AtMost)
    return found


def symbol(expression: sympy.Expr, name: str) -> sympy.Symbol:
    (found,) = [s for s in sympy.sympify(expression).free_symbols if s.name == name]
    return found


def swap(r: Equal | AtMost, old: str, new: sympy.Expr, side: str = "right") -> Equal | AtMost:
    expression = getattr(r, side)
    return replace(r, **{side: expression.subs(symbol(expression, old), new)})


def planted() -> dict[str, Equal | AtMost]:
    """Wrong versions: each is a slip that the paper makes, or that one easily makes."""
    s, w, mu = real("s")[0], positive("w")[0], real(r"\mu")[0]
    lemma = relation("lemma_2_constant", 4)
    c, lam = symbol(lemma.left, "c"), symbol(lemma.left, r"\lambda")
    identity = relation("theorem_1_potential", 1)
    square = relation("regret_square", 1)
    plus = relation("corollary_1_sign", 3)
    e = symbol(plus.right, r"k\varepsilon")
    critical = relation("logistic_edge", 2)
    a, b = symbol(critical.right, "a"), symbol(critical.right, "b")
    edge = relation("squared_hinge_edge", 3)
    closed = edge.right
    scaling = relation("remark_2_scaling", 3)
    polar = relation("appendix_c_chain", 2)
    kernel = relation("conjugate_bound", 2)
    radius = relation("radius_form", 6)
    line = relation("hinge_multiplier", 4)
    logarithm = sympy.log((w + 1) / w)
    return {
        "Lemma 2 with lambda/c for c/lambda": replace(
            lemma, left=lemma.left.subs(c / lam, lam / c), slack=lam / c * nonnegative("s")[0]
        ),
        "potential identity without the regret": swap(identity, r"\delta_j", sympy.Integer(0)),
        "potential identity, sign of the bracket": swap(identity, "b_j", -symbol(identity.right, "b_j")),
        "least value of the square with m for 2m": replace(
            square, right=square.right + symbol(square.right, "g_i") ** 2 / (2 * symbol(square.right, "m")) / 2
        ),
        "1/(N+i-1) below the logarithm": AtMost(
            sympy.diff(logarithm - 1 / w, w), sympy.Integer(0), 1 / (w * (w + 1) ** 2), strict=True
        ),
        "Theorem 2 with a single added point": swap(relation("theorem_2_division_free", 3), "n", sympy.Integer(1)),
        "Corollary 1 with the minus of its proof": replace(plus, right=plus.right.subs(e, -e)),
        "Corollary 1's instance with the plus": replace(
            relation("corollary_1_sign", 4), left=relation("corollary_1_sign", 5).left
        ),
        "Remark 2 with t squared lost": replace(scaling, left=scaling.left * 2),
        "Appendix C, sign of the square": replace(polar, right=polar.right + (symbol(polar.right, r"\theta_i")) ** 2),
        "main text with the regulariser": swap(relation("theorem_1_main_text", 2), "N", sympy.Integer(1)),
        "radius form without the added points' norms": swap(radius, "B", sympy.Integer(0)),
        "multiplier above 1": replace(line, where={**line.where, mu: sympy.Integer(2)}),
        "critical point equation with a and b exchanged": replace(
            critical, right=critical.right.subs({a: b, b: a}, simultaneous=True)
        ),
        "closed form with a plus in the denominator": replace(edge, right=closed * (b**2 - a**2) / (b**2 + a**2)),
        "conjugate without - q": replace(kernel, left=kernel.left + symbol(kernel.left, "q")),
        "a slack of unknown sign": AtMost(s, 2 * s, s),
        "a slack that may vanish where strict": AtMost(s, s + nonnegative("t")[0], nonnegative("t")[0], strict=True),
        "Lagrange's identity with one pair missing": replace(
            relation("remark_3_norms", 2), right=relation("remark_3_norms", 1).right
        ),
    }


@pytest.mark.parametrize("name", planted())
def test_planted(name: str):
    with pytest.raises(DerivationError):
        verify([Step(name, planted()[name])])


def test_error_names_the_step():
    good, (x,) = Step("first", Equal(sympy.Integer(1), sympy.Integer(1))), real("x")
    with pytest.raises(DerivationError, match=r"step 2 \(second\): left minus right is 1, not 0"):
        verify([good, Step("second", Equal(x + 1, x))])


def test_latex_prints_what_is_checked():
    x, y = real("x_1", r"\alpha")
    assert Equal(y - x, x).latex == r"\alpha - x_1 = x_1"
    (s,) = nonnegative("s")
    assert AtMost(x, x + s, s).latex in (r"x_1 \le s + x_1", r"x_1 \le x_1 + s")
    shown = AtMost(x, y, s).latex
    assert r"x_1 \le \alpha" in shown
    assert r"s \ge 0" in shown
