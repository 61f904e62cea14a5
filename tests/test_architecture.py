"""The house as it is meant: search and check are two programs, nothing imports in a circle.

The graph is read from the source: every import counts, those inside functions too, but for ``if TYPE_CHECKING`` and
for the door's lazy names.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import mtp_theory

PACKAGE = Path(mtp_theory.__file__).parent

#: Folders (or files) of the package that find things, and the checkers that say whether they are true.
FINDERS = ("attacks", "bounds", "convex_set", "exact", "shadow", "targets", "training")
CHECKERS = ("certificates.checker", "certificates.second", "certificates.coq")
#: The one module of the finders that calls a checker, and what it may import of certificates beside the form.
GATE, GATE_MAY_IMPORT = "bounds.confirm", {"certificates", "certificates.format"}
#: The door: verbs that a user finds on the package and on what it hands out (``problem.target``,
#: ``run.save``) load what they need when they are called, from rooms that import the thing itself.
DOOR = ("__init__", "door", "verdict", "problem", "attacks.run")
#: What everybody may import of certificates: the form, which decides nothing.
FORM = "certificates.format"


def module_of(path: Path, package: Path) -> str:
    """Dotted name within the package; a folder's ``__init__`` has the folder's name, the package's own "__init__"."""
    parts = path.relative_to(package).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def statements(node: ast.AST, *, lazy: bool = True) -> Iterator[ast.stmt]:
    """Every statement that runs: not what stands under ``if TYPE_CHECKING``, inside functions only if ``lazy``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.FunctionDef) and not lazy:
            continue
        if isinstance(child, ast.stmt):
            yield child
        yield from statements(child, lazy=lazy)


def imports(package: Path) -> dict[str, set[str]]:
    """Modules of the package that each module imports."""
    files = {module_of(path, package): path for path in package.rglob("*.py")}
    graph: dict[str, set[str]] = {name: set() for name in files}
    for name, path in files.items():
        here = ["", *path.relative_to(package).parts[:-1]]
        for node in statements(ast.parse(path.read_text(encoding="utf-8")), lazy=name not in DOOR):
            targets: list[str] = []
            if isinstance(node, ast.ImportFrom) and node.level:
                base = here[1 : len(here) - node.level + 1] + (node.module.split(".") if node.module else [])
                targets = [".".join([*base, alias.name]) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package.name:
                targets = [".".join([*(node.module or "").split(".")[1:], alias.name]) for alias in node.names]
            elif isinstance(node, ast.Import):
                targets = [a.name.partition(".")[2] for a in node.names if a.name.split(".")[0] == package.name]
            for target in targets:
                found = target if target in files else target.rpartition(".")[0] or "__init__"
                if found in files and found != name:
                    graph[name].add(found)
    return graph


@cache
def graph() -> dict[str, set[str]]:
    return imports(PACKAGE)


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """The groups of nodes that reach each other."""
    reach: dict[str, set[str]] = {}
    for node in edges:
        seen: set[str] = set()
        todo = list(edges[node])
        while todo:
            if (next_one := todo.pop()) not in seen:
                seen.add(next_one)
                todo += edges.get(next_one, set())
        reach[node] = seen
    groups = {frozenset(m for m in reach[n] if n in reach.get(m, set())) for n in edges if n in reach[n]}
    return sorted(sorted(group) for group in groups)


def children(folder: str, edges: dict[str, set[str]], files: set[str]) -> dict[str, set[str]]:
    """The graph of a folder's own files and folders; "" is the package."""
    prefix = f"{folder}." if folder else ""

    def child(name: str) -> str | None:
        if name == folder or (not folder and name == "__init__"):
            return "__init__"
        return name.removeprefix(prefix).split(".")[0] if name.startswith(prefix) else None

    out: dict[str, set[str]] = defaultdict(set)
    for a in files:
        for b in edges[a]:
            x, y = child(a), child(b)
            if x is not None and y is not None and x != y:
                out[x].add(y)
    return {node: out.get(node, set()) for node in {*out, *(n for s in out.values() for n in s)}}


def folders(files: set[str]) -> list[str]:
    return ["", *sorted({name.rpartition(".")[0] for name in files} - {""})]


def all_circles(edges: dict[str, set[str]]) -> dict[str, list[list[str]]]:
    found = {folder: circles(children(folder, edges, set(edges))) for folder in folders(set(edges))}
    return {folder: some for folder, some in found.items() if some}


def within(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def test_nothing_is_imported_in_a_circle() -> None:
    """Neither files nor folders: in no folder do two children reach each other."""
    assert circles(graph()) == []
    assert all_circles(graph()) == {}


def test_finders_meet_checkers_at_one_gate_only() -> None:
    for name, targets in graph().items():
        if within(name, FINDERS):
            met = {t for t in targets if within(t, ("certificates",))} - {FORM}
            assert met <= (GATE_MAY_IMPORT if name == GATE else set()), f"{name} imports {met}"
    assert "certificates" in graph()[GATE]


def reached(name: str) -> set[str]:
    """Everything that a module imports, directly or not."""
    seen: set[str] = set()
    todo = [name]
    while todo:
        for target in graph()[todo.pop()] - seen:
            seen.add(target)
            todo.append(target)
    return seen


def test_checkers_import_no_finder() -> None:
    """Not even through others; and the first checker and the form import nothing of the package at all."""
    for name in graph():
        if within(name, ("certificates",)):
            assert not {t for t in reached(name) if within(t, FINDERS)}, name
    assert graph()["certificates.checker"] == graph()["certificates.format"] == set()


def test_exact_arithmetic_is_not_shared() -> None:
    """Neither side's arithmetic imports the other's."""
    assert not {t for name in graph() if within(name, ("exact",)) for t in graph()[name] if within(t, CHECKERS)}


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    package = tmp_path / "house"
    for name, text in {
        "__init__": "", "a/__init__": "from .one import x", "a/one": "def f():\n    from ..b import y",
        "a/two": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .one import x",
        "b/__init__": "import house.a.two", "b/three": "from . import four", "b/four": "from .three import z",
    }.items():  # fmt: skip
        (package / f"{name}.py").parent.mkdir(parents=True, exist_ok=True)
        (package / f"{name}.py").write_text(text)
    return package


def test_planted_circles_are_seen(planted: Path) -> None:
    """Of files, of folders, through a function's import; not through TYPE_CHECKING."""
    edges = imports(planted)
    assert edges["a.two"] == set()
    assert circles(edges) == [["b.four", "b.three"]]
    assert all_circles(edges) == {"": [["a", "b"]], "b": [["four", "three"]]}


#: Kinds of domains and of losses. Who asks for one of them outside losses/ and domains/ gives a reason here.
KINDS = {
    "Box", "GroupedBox", "L1Ball", "L2Ball", "MixedBox", "PerLabel", "Polytope",
    "Exponential", "Hinge", "Logistic", "PiecewiseLinear", "SquaredHinge",
}  # fmt: skip
#: Type tests that stay, by module: how many, and why.
ASKED = {
    "attacks.base": (1, "a method states the losses that it requires, by key"),
    "attacks.kkt": (1, "the baseline for logistic regression has no integer features"),
    "bounds.goal.tree": (1, "the tree branches on one box"),
    "claims.constants.closeness": (5, "Theorems 4 and 5 are about [0, 1]^d and an l1 ball about 0"),
    "claims.facts.measured": (2, "facts of Theorems 4 and 5 are about [0, 1]^d and an l1 ball about 0"),
    "experiments.adam": (1, "the authors' search exists for the logistic loss"),
    "testing.bundle": (1, "an engine of the tests serves losses by key"),
}


def type_tests(tree: ast.AST) -> int:
    """How often a module asks what kind of loss or domain it has: isinstance, ``type(...)``, the loss's key."""
    count = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance":
            count += bool({n.id for n in ast.walk(node.args[1]) if isinstance(n, ast.Name)} & KINDS)
        elif isinstance(node, ast.Compare):
            text = ast.unparse(node)
            count += "loss.key" in text or bool(re.match(r"type\(.*(loss|domain)", text))
    return count


def test_losses_and_domains_are_asked_what_they_are_in_few_places() -> None:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        name = module_of(path, PACKAGE)
        if not within(name, ("losses", "domains")):
            found[name] = type_tests(ast.parse(path.read_text(encoding="utf-8")))
    assert {name: n for name, n in found.items() if n > ASKED.get(name, (0, ""))[0]} == {}


def test_planted_type_tests_are_counted() -> None:
    text = 'isinstance(d, Box | L1Ball); problem.loss.key == "hinge"; type(self.loss) is Hinge; isinstance(d, int)'
    assert type_tests(ast.parse(text)) == 3
