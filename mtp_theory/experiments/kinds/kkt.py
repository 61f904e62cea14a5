"""The KKT baseline at each share of the attack's points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...attacks.kkt import Pair, kkt
from ...domains import Box, Domain, MixedBox
from ...errors import InputError
from ...losses import Array
from ...shadow.distance import distance
from ...training import make_trainer
from ..seeds import generator
from ..setting import Setting, numbers, share_of
from ..spec import KKT
from ..store import Result


def execute(spec: KKT, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """Models by fraction, such as ``1``; ``best_pct``: the lowest accuracy among all pairs, where all were trained."""
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir, spec.cluster, spec.label)
    target = np.array(inputs["target"])
    total = int(inputs.get("points", spec.points))
    values: dict[str, Any] = {"fractions": {}, "target": setting.accuracy(target)}
    models = {}
    for fraction in spec.fractions:
        count = share_of(fraction, total)
        rng = generator(
            kind="kkt", data=spec.data, loss=spec.loss, cluster=spec.cluster, fraction=fraction, repeat=spec.repeat
        )
        found = kkt(
            setting.problem,
            target,
            count,
            domain=_domain(setting, spec),
            step=spec.step,
            sign=spec.sign,
            restarts=spec.restarts,
            steps=spec.steps,
            rng=rng,
            node_limit=spec.node_limit,
        )
        pair = found.selected
        theta, gap = _retrain(setting, pair)
        far = distance(setting.problem, theta, target)
        values["fractions"][f"{fraction:g}"] = {
            "points": count,
            **setting.accuracy(theta),
            "eps_plus": pair.eps_plus,
            "copies_plus": pair.copies_plus,
            "residual": pair.residual,
            "residual_gap": pair.gap,
            "gap": gap,
            "pairs": len(found.pairs),
            "pairs_open": sum(p.gap is not None and p.gap > 1e-6 * p.residual for p in found.pairs),
            "distance": far.value,
            "euclidean": float(np.linalg.norm(theta - target)),
        }
        if spec.evaluate == "all":
            every = [setting.accuracy(_retrain(setting, p)[0])[setting.primary] for p in found.pairs]
            values["fractions"][f"{fraction:g}"]["best_pct"] = min(every)
        models[f"{fraction:g}"] = numbers(theta)
    return Result(values, models)


def _domain(setting: Setting, spec: KKT) -> Domain:
    """The set that the baseline's points are sought in."""
    domain = setting.problem.domain
    if not isinstance(domain, Box | MixedBox):
        raise InputError(f"kkt: domain {type(domain).__name__}; give data with a box")
    box = Box(domain.lower, domain.upper)
    if spec.domain == "box" or isinstance(domain, Box):
        return box
    if not spec.groups:
        return domain
    groups = np.full(domain.dim, -1, dtype=np.int64)
    for number, (first, end) in enumerate(spec.groups):
        if not 0 <= first < end <= domain.dim:
            raise InputError(f"kkt: group [{first}, {end}); give column ranges within 0..{domain.dim}")
        groups[first:end] = number
    return MixedBox(box, domain.integer, groups, "exactly_one")


def _retrain(setting: Setting, pair: Pair) -> tuple[Array, float]:
    trainer = make_trainer(setting.problem)
    trainer.add_many(*pair.points())
    fit = trainer.fit()
    return fit.theta, fit.gap


__all__ = ["execute"]
