"""What each kind of run does: from a record and the models and counts it refers to, to a Result.

One module for one kind; each has ``execute(spec, inputs, data_dir)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...errors import InputError, unknown_name
from ..spec import (
    KKT,
    Attacked,
    Candidates,
    LabelFlip,
    Minimum,
    MinimumAttack,
    NetworkAttack,
    NetworkLastLayer,
    NetworkVariance,
    NetworkVictims,
    Online,
    Ref,
    Sensitivity,
    Spec,
    Targets,
    references,
)
from ..store import Result
from . import (
    attacked,
    candidates,
    kkt,
    label_flip,
    minimum,
    minimum_attack,
    network_attack,
    network_last_layer,
    network_victims,
    online,
    sensitivity,
    targets,
)

_EXECUTE: dict[type[Spec], Callable[..., Result]] = {
    Targets: targets.execute,
    Online: online.execute,
    Minimum: minimum.execute,
    MinimumAttack: minimum_attack.execute,
    KKT: kkt.execute,
    LabelFlip: label_flip.execute,
    Candidates: candidates.execute,
    Sensitivity: sensitivity.execute,
    Attacked: attacked.execute,
    NetworkAttack: network_attack.execute,
    NetworkVictims: network_victims.victims,
    NetworkVariance: network_victims.variance,
    NetworkLastLayer: network_last_layer.execute,
}


def execute(spec: Spec, results: Mapping[str, Result], data_dir: str | None = None) -> Result:
    """Do one run; ``results`` holds, by key, those it refers to. A pure function of its arguments and the data."""
    inputs = {name: item(results[ref.run], ref) for name, ref in references(spec)}
    return _EXECUTE[type(spec)](spec, inputs, data_dir)


def item(result: Result, ref: Ref) -> Any:
    """A model (list of numbers) or a count of another run. Raises InputError with the nearest name."""
    if ref.item in result.models:
        return result.models[ref.item]
    counts = {k: v for k, v in result.values.items() if isinstance(v, int) and not isinstance(v, bool)}
    if ref.item in counts:
        return counts[ref.item]
    known = [*result.models, *counts]
    if not known:
        raise InputError(f"run {ref.run[:12]} has no models and no counts to refer to")
    raise unknown_name("value of a run", ref.item, known)


__all__ = ["execute", "item"]
