"""Mutation operators on Python syntax trees: every mutant of a module, by number.

Docstrings, strings, messages (``raise``, f-strings), annotations, decorators, imports and ``__all__`` stay as they are.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_PAIRS = (
    ("min", "max"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("Min", "Max"),
    ("any", "all"),
    ("floor", "ceil"),
    ("ones", "zeros"),
    ("lower", "upper"),
    ("low", "high"),
)
#: Names that stand for each other's opposite, as a function, a method or an attribute.
OPPOSITES = dict(_PAIRS) | {b: a for a, b in _PAIRS}
#: Calls whose arguments are not swapped: symmetric ones, and those where the swap fails at once whatever is tested.
UNSWAPPED = frozenset({"min", "max", "Min", "Max", "minimum", "maximum", "isinstance", "range", "zip"})


@dataclass(frozen=True)
class Mutant:
    """One change: where, which operator, the source before and after, and which tree it makes."""

    path: str
    line: int
    last_line: int
    function: str
    operator: str
    before: str
    after: str
    occurrence: int
    number: int

    @property
    def id(self) -> str:
        """A name that survives edits elsewhere in the file."""
        place = f"{self.path}::{self.function}" if self.function else self.path
        return f"{place} | {self.operator} | {self.before} -> {self.after} | {self.occurrence}"


#: A change at a node: the operator's name, and what stands in the node's place (None: the statement is left out).
Change = tuple[str, ast.AST | None]
#: Path from the root to a node: field names and positions.
Step = tuple[str, int | None]


def mutants(path: str, source: str) -> list[Mutant]:
    """Every mutant of the module, in the order of the source."""
    tree = ast.parse(source)
    found: list[Mutant] = []
    seen: dict[tuple[str, str, str, str], int] = {}
    for number, (steps, function, operator, new) in enumerate(_places(tree)):
        node = _at(tree, steps)
        assert isinstance(node, ast.expr | ast.stmt)
        before, after = _text(node), "" if new is None else _text(new)
        key = (function, operator, before, after)
        seen[key] = seen.get(key, -1) + 1
        last = node.end_lineno or node.lineno
        found.append(Mutant(path, node.lineno, last, function, operator, before, after, seen[key], number))
    return found


def apply(source: str, number: int) -> ast.Module:
    """The module's tree with the change of this number."""
    tree = ast.parse(source)
    steps, _, _, new = next(place for k, place in enumerate(_places(tree)) if k == number)
    parent, (field, index) = _at(tree, steps[:-1]), steps[-1]
    old = _at(tree, steps)
    assert isinstance(old, ast.expr | ast.stmt)
    replacement: ast.AST = ast.copy_location(ast.Pass(), old) if new is None else ast.copy_location(new, old)
    if index is None:
        setattr(parent, field, replacement)
    else:
        getattr(parent, field)[index] = replacement
    return ast.fix_missing_locations(tree)


def interpreted(tree: ast.Module) -> ast.Module:
    """The tree without numba's decorators, so that its functions run in the interpreter."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = [d for d in node.decorator_list if "njit" not in ast.unparse(d)]
    return tree


def _text(node: ast.AST) -> str:
    return ast.unparse(node)


def _at(tree: ast.AST, steps: list[Step]) -> ast.AST:
    node = tree
    for field, index in steps:
        child = getattr(node, field)
        node = child if index is None else child[index]
    return node


def _places(tree: ast.Module) -> Iterator[tuple[list[Step], str, str, ast.AST | None]]:
    yield from _walk(tree, [], "", ())


def _walk(
    node: ast.AST, steps: list[Step], function: str, names: tuple[str, ...]
) -> Iterator[tuple[list[Step], str, str, ast.AST | None]]:
    if _left_alone(node):
        return
    for operator, new in _changes(node, names):
        yield steps, function, operator, new
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        function = f"{function}.{node.name}" if function else node.name
        names = _assigned(node) if isinstance(node, ast.FunctionDef) else names
    if isinstance(node, ast.Call) and _name(node.func) == "isinstance":
        return
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        if isinstance(value, list):
            for index, child in enumerate(value):
                if isinstance(child, ast.AST):
                    yield from _walk(child, [*steps, (field, index)], function, names)
        elif isinstance(value, ast.AST):
            yield from _walk(value, [*steps, (field, None)], function, names)


def _left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom | ast.Global | ast.Nonlocal):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)


def _assigned(function: ast.FunctionDef) -> tuple[str, ...]:
    """Local names of a function, repeated as often as they are bound."""
    arguments = [a.arg for a in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]]
    stores = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return (*arguments, *stores)


def _changes(node: ast.AST, names: tuple[str, ...]) -> Iterator[Change]:
    for kind, rule in RULES:
        if isinstance(node, kind):
            yield from rule(node, names)


def _compare(node: ast.Compare, names: tuple[str, ...]) -> Iterator[Change]:
    for i, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            changed = copy.deepcopy(node)
            changed.ops[i] = other()
            yield "comparison", changed


def _binary(node: ast.BinOp, names: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(node.left, ast.JoinedStr) or isinstance(getattr(node.left, "value", None), str):
        return
    if type(node.op) in ARITHMETIC:
        yield "arithmetic", ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
        yield "dropped term", node.left
        yield "dropped term", ast.UnaryOp(ast.USub(), node.right) if isinstance(node.op, ast.Sub) else node.right


def _constant(node: ast.Constant, names: tuple[str, ...]) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int):
        yield "constant", ast.Constant(value + 1)
        yield "constant", ast.Constant(value - 1)
    elif isinstance(value, float):
        yield "constant", ast.Constant(value + 1.0)
        yield "constant", ast.Constant(2.0 * value if value else -1.0)


def _negative(node: ast.UnaryOp, names: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield "sign or not dropped", node.operand


def _attribute(node: ast.Attribute, names: tuple[str, ...]) -> Iterator[Change]:
    if not isinstance(node.ctx, ast.Load):
        return
    if node.attr in OPPOSITES:
        yield "opposite", ast.Attribute(node.value, OPPOSITES[node.attr], node.ctx)
    if node.attr == "inf":
        yield "sign of infinity", ast.UnaryOp(ast.USub(), node)


def _call(node: ast.Call, names: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(node.func, ast.Name) and node.func.id in OPPOSITES:
        yield "opposite", ast.Call(ast.Name(OPPOSITES[node.func.id], ast.Load()), node.args, node.keywords)
    if _name(node.func) in UNSWAPPED:
        return
    for i, (left, right) in enumerate(pairwise(node.args)):
        text = any(isinstance(a, ast.Constant) and isinstance(a.value, str) for a in (left, right))
        if not text and ast.dump(left) != ast.dump(right):
            swapped = [*node.args[:i], right, left, *node.args[i + 2 :]]
            yield "swapped arguments", ast.Call(node.func, swapped, node.keywords)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _boolean(node: ast.BoolOp, names: tuple[str, ...]) -> Iterator[Change]:
    yield "and / or", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for i in range(len(node.values)):
        rest = [*node.values[:i], *node.values[i + 1 :]]
        yield "dropped condition", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _condition(node: ast.If | ast.While | ast.IfExp, names: tuple[str, ...]) -> Iterator[Change]:
    changed = copy.copy(node)
    changed.test = ast.UnaryOp(ast.Not(), node.test)
    yield "negated condition", changed


def _slice(node: ast.Slice, names: tuple[str, ...]) -> Iterator[Change]:
    for end in ("lower", "upper"):
        bound = getattr(node, end)
        if bound is not None and not isinstance(bound, ast.Constant):
            changed = copy.copy(node)
            setattr(changed, end, ast.BinOp(bound, ast.Add(), ast.Constant(1)))
            yield "slice off by one", changed


def _statement(node: ast.stmt, names: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(node, ast.Assign):
        # Without a second binding of the name, a dropped assignment is a NameError and shows nothing.
        bound = [n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name) and n.id in names]
        stores = [t for t in node.targets if not isinstance(t, ast.Name | ast.Tuple)]
        if stores or (bound and all(names.count(b) > 1 for b in bound)):
            yield "dropped statement", None
    elif isinstance(node, ast.AugAssign) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield "dropped statement", None
    elif isinstance(node, ast.Break | ast.Continue):
        yield "dropped statement", None
        yield "break / continue", ast.Continue() if isinstance(node, ast.Break) else ast.Break()


def _augmented(node: ast.AugAssign, names: tuple[str, ...]) -> Iterator[Change]:
    if type(node.op) in ARITHMETIC:
        yield "arithmetic", ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)


def _return(node: ast.Return, names: tuple[str, ...]) -> Iterator[Change]:
    value = node.value
    if isinstance(value, ast.Name):
        others = sorted({n for n in names if n not in (value.id, "self")})
        if others:
            # the next name in the alphabet: deterministic, and often a sibling such as low and lower
            later = [n for n in others if n > value.id]
            yield "sibling returned", ast.Return(ast.Name((later or others)[0], ast.Load()))
    elif isinstance(value, ast.Tuple) and len(value.elts) > 1:
        yield "sibling returned", ast.Return(ast.Tuple([*value.elts[1:], value.elts[0]], ast.Load()))


RULES: tuple[tuple[type[ast.AST] | tuple[type[ast.AST], ...], Callable[..., Iterator[Change]]], ...] = (
    (ast.Compare, _compare),
    (ast.BinOp, _binary),
    (ast.Constant, _constant),
    (ast.UnaryOp, _negative),
    (ast.Attribute, _attribute),
    (ast.Call, _call),
    (ast.BoolOp, _boolean),
    ((ast.If, ast.While, ast.IfExp), _condition),
    (ast.Slice, _slice),
    (ast.stmt, _statement),
    (ast.AugAssign, _augmented),
    (ast.Return, _return),
)

__all__ = ["Mutant", "apply", "interpreted", "mutants"]
