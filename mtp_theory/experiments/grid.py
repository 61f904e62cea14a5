"""Grid files: one YAML for each table or figure, expanded to runs in an order that respects their references.

name: adult-svm
title: Table 1, SVM
defaults: {data: adult, loss: hinge, c_r: 0.09}
uses: [other-grid]            # its runs can be referred to as other-grid/RUN
runs:
  - name: online-{cluster}
    each: {cluster: [17, 12, 19]}
    kind: online
    target: targets-{cluster}:1.0
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .. import datasets
from ..errors import InputError, unknown_name
from .spec import Spec, key_of, parse, references, resolved

#: The grids that come with the package.
GRIDS = Path(__file__).resolve().parent / "grids"
#: The repository's experiments folder; an installed package has none and uses the working folder's.
_REPOSITORY = Path(__file__).resolve().parents[2] / "experiments"
#: Names of grids and runs are names of folders and files.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
_FIELDS = ("name", "title", "defaults", "uses", "runs")
#: Fields of an entry that are the grid's own.
_ENTRY_FIELDS = ("name", "each")
#: Larger files are refused: the largest grid has some 100 lines.
MAX_BYTES = 2**20
#: Brackets in each other in a grid file.
MAX_NESTING = 40


@dataclass(frozen=True)
class Grid:
    """A grid file: its runs by name, as written."""

    name: str
    title: str
    path: Path
    uses: tuple[str, ...]
    entries: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Run:
    """One run, ready: ``spec`` refers to other runs by key; ``name`` is ``grid/run`` where another grid defines it."""

    name: str
    grid: str
    key: str
    spec: Spec
    needs: tuple[str, ...]

    @property
    def short(self) -> str:
        """Its name in the grid that defines it."""
        return self.name.rpartition("/")[2]


def experiments_folder() -> Path:
    """Where results and reports are: the repository's folder, else ``experiments`` in the working folder."""
    return _REPOSITORY if (_REPOSITORY / "results").is_dir() else Path("experiments")


def grid_names() -> list[str]:
    """Names of the grids that come with the package."""
    return sorted(p.stem for p in GRIDS.glob("*.yaml"))


def load_grid(name_or_path: str | Path) -> Grid:
    """The grid of that name, or the file at that path (ending in .yaml). Raises InputError for all that is wrong."""
    text = str(name_or_path)
    if text.endswith((".yaml", ".yml")):
        path = Path(text)
    elif text in grid_names():
        path = GRIDS / f"{text}.yaml"
    else:
        raise unknown_name("grid", text, grid_names())
    return _read(path)


def _nesting(text: str) -> int:
    """Greatest number of brackets open at once, quoted ones too: the time that YAML takes grows with its square."""
    depth = deepest = 0
    for character in text:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    return deepest


def _read(path: Path) -> Grid:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"grid file {path}: larger than {MAX_BYTES} bytes")
        text = path.read_text(encoding="utf-8")
        if _nesting(text) > MAX_NESTING:
            raise InputError(f"grid file {path}: brackets more than {MAX_NESTING} deep; a grid needs 3")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            # a few aliases of aliases name more values than there is memory
            raise InputError(f"grid file {path}: YAML aliases are not read; write each value out")
        content = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"grid file {path}: cannot be read ({error}); check the path") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InputError(f"grid file {path}: not YAML ({' '.join(str(error).split())[:200]})") from None
    if not isinstance(content, dict):
        raise InputError(f"grid file {path}: give a mapping with the fields {', '.join(_FIELDS)}")
    for field in content:
        if field not in _FIELDS:
            raise unknown_name(f"field of grid file {path}", str(field), _FIELDS)
    if not isinstance(content.get("runs"), list) or not content["runs"]:
        raise InputError(f"grid file {path}: 'runs' must be a list with at least one run")
    defaults, uses = content.get("defaults") or {}, content.get("uses") or []
    if not isinstance(defaults, dict) or not isinstance(uses, list):
        raise InputError(f"grid file {path}: 'defaults' must be a mapping and 'uses' a list")
    entries: dict[str, dict[str, Any]] = {}
    for raw in content["runs"]:
        if not isinstance(raw, dict) or not isinstance(raw.get("name"), str):
            raise InputError(f"grid file {path}: each run is a mapping with a 'name'; found {str(raw)[:80]!r}")
        for entry in _instances(raw, path):
            name = _name("run", entry.pop("name"), path)
            if name in entries:
                raise InputError(f"grid file {path}: two runs are named {name!r}; give each its own name")
            entries[name] = {**defaults, **entry}
    title = content.get("title") or path.stem
    return Grid(_name("grid", content.get("name") or path.stem, path), str(title), path, tuple(map(str, uses)), entries)


def _name(what: str, name: Any, path: Path) -> str:
    """A name that is good as a file's name on every system."""
    if not _NAME.fullmatch(str(name)):
        raise InputError(
            f"grid file {path}: name {name!r} of a {what}; start with a letter or digit, go on with these and . _ + -,"
            " at most 100 in all"
        )
    return str(name)


def _instances(raw: Mapping[str, Any], path: Path) -> Iterator[dict[str, Any]]:
    """The entry once for each combination of its axes, ``{axis}`` replaced in every text."""
    axes = raw.get("each") or {}
    if not isinstance(axes, dict) or not all(isinstance(v, list) and v for v in axes.values()):
        raise InputError(f"grid file {path}: 'each' of run {raw['name']!r} must map axes to lists")
    body = {k: v for k, v in raw.items() if k != "each"}
    for values in itertools.product(*axes.values()):
        yield {k: _fill(v, dict(zip(axes, values, strict=True))) for k, v in body.items()}


def _fill(value: Any, axes: Mapping[str, Any]) -> Any:
    """Axis names in braces replaced; a text that is nothing but one axis takes the axis's own value."""
    if isinstance(value, list):
        return [_fill(v, axes) for v in value]
    if isinstance(value, str):
        for name, chosen in axes.items():
            if value == f"{{{name}}}":
                return chosen
            value = value.replace(f"{{{name}}}", str(chosen))
    return value


def expand(grid: Grid) -> list[Run]:
    """Its runs, and those of other grids that they need, each after the runs it refers to.

    Raises InputError: a reference to no run (nearest name) or in a circle, a wrong field.
    """
    return list(_Expansion(grid).runs.values())


class _Expansion:
    def __init__(self, grid: Grid) -> None:
        self.grids = {"": grid}
        for name in grid.uses:
            self.grids[name] = load_grid(_beside(grid, name))
        self.runs: dict[str, Run] = {}
        self.identities: dict[str, str | None] = {}
        for name in grid.entries:
            self.visit(name, "", ())

    def visit(self, name: str, home: str, above: tuple[str, ...]) -> Run:
        """The run ``name`` as seen from the grid ``home``, after the runs it needs."""
        full = name if not home or "/" in name else f"{home}/{name}"
        if full in self.runs:
            return self.runs[full]
        owner, _, short = full.rpartition("/")
        if owner not in self.grids:
            raise unknown_name("grid in a reference", owner, [g for g in self.grids if g])
        grid = self.grids[owner]
        if short not in grid.entries:
            raise unknown_name(f"run in grid {grid.name!r}", short, grid.entries)
        if full in above:
            raise InputError(f"grid {grid.name!r}: runs refer to each other in a circle: {' -> '.join([*above, full])}")
        spec = parse(grid.entries[short], f"grid {grid.name!r}, run {short!r}")
        keys = {r.run: self.visit(r.run, owner, (*above, full)).key for _, r in references(spec)}
        ready = resolved(spec, keys)
        run = Run(full, grid.name, key_of(ready, self.identity(spec.data)), ready, tuple(sorted(set(keys.values()))))
        self.runs[full] = run
        return run

    def identity(self, data: str) -> str | None:
        """Identity of a user's data file, so that a changed file is another run; None for registered names."""
        if data not in self.identities:
            known = data in {name for name, _ in datasets.names()}
            self.identities[data] = None if known else datasets.load(data).identity
        return self.identities[data]


def _beside(grid: Grid, name: str) -> str | Path:
    """A grid that ``grid`` uses: the file beside it, else the registered one."""
    neighbour = grid.path.parent / f"{name}.yaml"
    return str(neighbour) if neighbour.is_file() else name


__all__ = ["Grid", "Run", "expand", "experiments_folder", "grid_names", "load_grid"]
