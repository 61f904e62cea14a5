"""The tight lower bound t* for a model."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...convex_set import fractional_minimum
from ..setting import Setting
from ..spec import Minimum
from ..store import Result


def execute(spec: Minimum, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """``lower``: no set of fewer points makes the model optimal; ``upper``: a fractional set that does, where known."""
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir)
    found = fractional_minimum(setting.problem, np.array(inputs["model"]))
    values = {
        "lower": _number(found.lower),
        "upper": _number(found.upper),
        "status": found.status,
        "domain": found.kind,
        "kink_tolerance": found.kink_tolerance,
        "kinks": int(found.kinks.size),
        "residual": found.residual,
    }
    return Result(values)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


__all__ = ["execute"]
