"""Seeds by named axes: adding a run or an axis value changes no other run's random numbers."""

from __future__ import annotations

import hashlib
import json

import numpy as np


def seed_for(**axes: str | int | float | None) -> int:
    """A seed below 2^63 from axis names and values, in any order."""
    text = json.dumps(sorted(axes.items()), separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(**axes: str | int | float | None) -> np.random.Generator:
    """numpy's generator for :func:`seed_for`."""
    return np.random.default_rng(seed_for(**axes))


__all__ = ["generator", "seed_for"]
