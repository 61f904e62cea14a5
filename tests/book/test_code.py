"""The code of the README and of the book's pages, as a reader would type-check and run it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mtp_theory

ROOT = Path(__file__).parents[2]
PACKAGE = Path(mtp_theory.__file__).parents[1]
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(?P<tags>:tags:[^\n]*\n)?(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)

#: Of packages that have no types nothing can be said.
CONFIG = """
[mypy]
untyped_calls_exclude = IPython,matplotlib_inline
[mypy-sklearn.*,pandas.*]
ignore_missing_imports = True
follow_imports = skip
"""


def code_of(text: str) -> str:
    """The cells that a reader sees, and of those that the page hides the ones that they need."""
    cells = [(m["code"], "remove-input" in (m["tags"] or "")) for m in CELL.finditer(text)]
    seen = [ast.parse(code) for code, hidden in cells if not hidden]
    used = {n.id for tree in seen for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    own = {name for tree in seen for name in defined(tree)}
    return "\n".join(code for code, hidden in cells if not hidden or (defined(ast.parse(code)) - own) & used)


def defined(tree: ast.Module) -> set[str]:
    """Functions, classes and assigned names at the top of a cell."""
    names = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    return names | {t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}


def programs() -> dict[str, str]:
    """Code by name: the README's, and that of every page whose readers see code that uses the package."""
    readme = "\n".join(m["code"] for m in BLOCK.finditer((ROOT / "README.md").read_text(encoding="utf-8")))
    found = {"readme": readme}
    for page in sorted((ROOT / "book").glob("*.md")) + sorted((ROOT / "book" / "claims").glob("*.md")):
        code = code_of(page.read_text(encoding="utf-8"))
        if "mtp_theory" in code and "render" not in code:
            found[page.stem.replace("-", "_")] = code
    return found


def type_errors(folder: Path, code: dict[str, str]) -> str:
    """What ``mypy --strict`` says of these programs, outside of the tree, the package installed."""
    for name, text in code.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    files = [f"{name}.py" for name in code]
    # of an installed package mypy follows the types and reports nothing: so also of this one
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--cache-dir", str(folder), *files]
    (folder / "mypy.ini").write_text(CONFIG)
    env = {**os.environ, "MYPYPATH": str(PACKAGE)}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=env, check=False).stdout


def test_a_users_mypy_accepts_the_code(tmp_path):
    pytest.importorskip("mypy")
    code = programs()
    assert {"readme", "attack", "certificates", "how_many_points", "your_own_model", "theorem_1"} <= set(code)
    planted = "import mtp_theory as mtp\nmtp.bond\nmtp.load(3)\nmtp.bound(3)\n"
    said = type_errors(tmp_path, {**code, "planted": planted}).splitlines()
    assert [line for line in said if not line.startswith(("planted.py", "Found 3 errors"))] == []
    assert [line.split(":")[1] for line in said if line.startswith("planted.py") and "error" in line] == ["2", "3", "4"]


def test_the_readmes_code_runs(tmp_path):
    (tmp_path / "readme.py").write_text(programs()["readme"], encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    command = [sys.executable, "readme.py"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=env, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "Fewer than" in done.stdout


def test_hidden_cells_are_taken_only_where_they_are_needed():
    page = "```{code-cell} ipython3\n:tags: [remove-input]\ndef f(): ...\n```\n"
    page += "```{code-cell} ipython3\n:tags: [remove-input]\ng = 1\n```\n"
    page += "```{code-cell} ipython3\nf()\n```\n"
    assert code_of(page) == "def f(): ...\n\nf()\n"


def test_the_api_page_lists_every_public_name():
    page = (ROOT / "book" / "api.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"auto\w+:: mtp_theory\.(\w+)$", page, re.MULTILINE))
    assert listed == set(mtp_theory.__all__)
