"""What a new thing needs, and writing all of it or nothing."""

from __future__ import annotations

import keyword
import os
import re
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ..errors import InputError, unknown_name
from .kinds import KINDS, TABLES, Names

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Plan:
    """Contents by path: of new files, and of existing ones with their added lines; commands that fill tables."""

    root: Path
    new: dict[str, str]
    edited: dict[str, str]
    tables: tuple[tuple[str, str], ...]

    @property
    def touched(self) -> list[str]:
        """Every file that a new one touches, tables included."""
        return [*self.new, *self.edited, *(path for path, _ in self.tables)]


def find_checkout(start: Path) -> Path | None:
    """The folder at or above ``start`` that holds this project's sources; None where there is none."""
    for folder in (start, *start.parents):
        project = folder / "pyproject.toml"
        if project.is_file() and (folder / "mtp_theory" / "__init__.py").is_file():
            return folder if re.search(r'^name = "mtp-theory"$', project.read_text(encoding="utf-8"), re.M) else None
    return None


def plan(kind: str, name: str, start: Path) -> Plan:
    """What ``new KIND NAME`` writes when it is called in the folder ``start``.

    Raises InputError: an unknown kind, a name that is no name or is taken, a file that is there already, a claim
    outside of a checkout.
    """
    if kind not in KINDS:
        raise unknown_name("kind", kind, KINDS)
    if not NAME.fullmatch(name) or keyword.iskeyword(name.replace("-", "_")):
        raise InputError(f"name {name!r}: give lower-case words of letters and digits joined by '-', as in 'my-{kind}'")
    names, checkout, chosen = Names(name), find_checkout(start), KINDS[kind]
    if checkout is None and not chosen.alone:
        raise InputError(
            f"new {kind}: {start} lies in no checkout of mtp-theory; clone the repository and call it there"
        )
    if name in taken(kind):
        raise InputError(f"new {kind}: {name!r} is registered already; choose another name")
    root = start if checkout is None else checkout
    new = {names.fill(path): names.fill(template(t)) for path, t in (chosen.alone if checkout is None else chosen.new)}
    for path in new:
        if (root / path).exists():
            raise InputError(f"new {kind}: {path} is there already; delete it or choose another name")
        if checkout is not None and not (path.startswith("tests/") or (root / path).parent.is_dir()):
            raise InputError(f"new {kind}: no folder for {path} in {root}; is the checkout complete?")
    if checkout is None:
        return Plan(root, new, {}, ())
    edited = {}
    for path, change in chosen.edited:
        if not (root / path).is_file():
            raise InputError(f"new {kind}: {path} is missing in {root}; is the checkout complete?")
        edited[path] = change((root / path).read_text(encoding="utf-8"), names)
    return Plan(root, new, edited, tuple((p, names.fill(command)) for p, command in TABLES.get(kind, ())))


def template(name: str) -> str:
    """The text of a template; they end in .txt, so that no tool takes them for code."""
    return (files(__package__) / "templates" / f"{name}.txt").read_text(encoding="utf-8")


def taken(kind: str) -> set[str]:
    """Registered names of a kind."""
    if kind == "claim":
        from ..claims import REGISTRY

        return set(REGISTRY)
    if kind == "attack":
        from ..attacks.registry import names

        return set(names())
    if kind == "dataset":
        from ..datasets import names as data_sets

        return {name for name, _ in data_sets()}
    if kind == "loss":
        from ..losses import LOSSES

        return {key.replace("_", "-") for key in LOSSES}
    return set()


def write(planned: Plan) -> None:
    """Write every file; where one cannot be written, none stays. Raises OSError as the first of them."""
    before = {path: (planned.root / path).read_bytes() for path in planned.edited}
    written: list[str] = []
    try:
        for path, text in (planned.new | planned.edited).items():
            _replace(planned.root / path, text.encode())
            written.append(path)
    except OSError:
        for path in written:
            if path in before:
                (planned.root / path).write_bytes(before[path])
            else:
                (planned.root / path).unlink()
        raise


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        # As a newly created file, not as a private one.
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


__all__ = ["NAME", "Plan", "find_checkout", "plan", "taken", "template", "write"]
