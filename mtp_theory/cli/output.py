"""What a command prints: one JSON object on stdout with ``--json``, else a few readable lines."""

from __future__ import annotations

import dataclasses
import json
import math
import os
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import numpy as np

from ..errors import InputError


def jsonable(value: Any) -> Any:
    """Plain JSON: numbers that are infinite or undefined become null, with a ``reason`` beside them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        out = {str(k): jsonable(v) for k, v in value.items()}
        lost = [k for k, v in value.items() if isinstance(v, float | np.floating) and not math.isfinite(v)]
        if lost and "reason" not in out:
            out["reason"] = "; ".join(f"{k} is {_word(float(value[k]))}" for k in lost)
        return out
    if isinstance(value, np.ndarray):
        return jsonable(value.tolist())
    if isinstance(value, list | tuple):
        return [jsonable(v) for v in value]
    if isinstance(value, Enum | Path | Fraction):
        return str(value.value if isinstance(value, Enum) else value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def apart(outputs: Mapping[str, str | None], inputs: Mapping[str, str | None]) -> None:
    """Raise InputError where a file would be written twice, or over one that is read; names to paths."""
    seen: dict[str, str] = {
        os.path.realpath(path): name for name, path in inputs.items() if path and Path(path).exists()
    }
    for name, path in outputs.items():
        if path is None:
            continue
        other = seen.setdefault(os.path.realpath(path), name)
        if other != name:
            raise InputError(f"{name} {path}: the same file as {other}; give it a path of its own")


def _word(value: float) -> str:
    return "undefined" if math.isnan(value) else "infinite"


def emit(result: Mapping[str, Any], as_json: bool) -> None:
    """Print the result: JSON on one line, or ``key: value`` lines with long arrays cut."""
    plain = jsonable(result)
    if as_json:
        click.echo(json.dumps(plain, allow_nan=False))
        return
    _lines(plain, "")


def _lines(plain: Mapping[str, Any], indent: str) -> None:
    """``key  value`` lines, those of an inner object below its key."""
    width = max((len(k) for k in plain), default=0)
    for key, value in plain.items():
        if isinstance(value, dict) and value:
            click.echo(f"{indent}{key.replace('_', ' ')}")
            _lines(value, indent + "  ")
        else:
            click.echo(f"{indent}{key.replace('_', ' '):<{width}}  {_short(value)}")


def _short(value: Any) -> str:
    if isinstance(value, list) and len(value) > 8:
        head = ", ".join(_short(v) for v in value[:6])
        return f"[{head}, ... {len(value)} values]"
    if isinstance(value, float):
        return f"{value:.10g}"
    return "none" if value is None else str(value)


__all__ = ["emit", "jsonable"]
