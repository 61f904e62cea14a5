"""The page on formats names what the readers read, and its cells run."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

from mtp_theory.datasets import names
from mtp_theory.datasets.files import DATA_KEYS, OTHER_KEYS
from mtp_theory.datasets.spam import KEEL, SPAMPY

PAGE = (Path(__file__).parents[2] / "book" / "data-formats.md").read_text(encoding="utf-8")
CELLS = re.findall(r"```\{code-cell\} ipython3\n(.*?)```", PAGE, re.DOTALL)


def test_every_array_and_wheel_is_named() -> None:
    for key in DATA_KEYS:
        assert f"`{key}`" in PAGE
    for key in ("X_train", "Y_train"):
        assert key in OTHER_KEYS
        assert f"`{key}`" in PAGE
    for name in re.findall(r"^- `([\w-]+)`:", PAGE, re.MULTILINE):
        assert name in dict(names())
    for wheel in (SPAMPY, KEEL):
        assert wheel.project in PAGE


def test_the_cells_run() -> None:
    space: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for cell in CELLS:
            code = "\n".join(line for line in cell.splitlines() if not line.startswith(":tags"))
            if "IPython" not in code:
                exec(compile(code, "data-formats.md", "exec"), space)
    assert "positive=0" in printed.getvalue()
    assert space["problem"].dim == 65
