"""Versions and machine, recorded with every result."""

from __future__ import annotations

import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

#: Packages whose version can change a number.
PACKAGES = (
    "mtp-theory",
    "numpy",
    "scipy",
    "scikit-learn",
    "numba",
    "cvxpy",
    "sympy",
    "hypothesis",
    "python-flint",
    "torch",
)


@cache
def environment() -> dict[str, Any]:
    """Python and package versions, processor and core count; no user or host name."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "packages": {p: _version(p) for p in PACKAGES},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


__all__ = ["environment"]
