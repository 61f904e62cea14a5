"""The KKT baseline at each share of the attack's points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...attacks import AttackRun
from ...attacks.given import Given
from ...attacks.kkt import KKT, Pair, Pairs
from ...domains import Box, Domain, MixedBox
from ...errors import InputError
from ...goal import Target
from .. import spec as records
from ..seeds import generator
from ..setting import Setting, numbers, share_of
from ..store import Result


def execute(spec: records.KKT, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """Models by fraction, such as ``1``; ``best_pct``: the lowest accuracy among all pairs, where all were trained."""
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir, spec.cluster, spec.label)
    goal = setting.problem.target(np.array(inputs["target"]))
    total = int(inputs.get("points", spec.points))
    values: dict[str, Any] = {"fractions": {}, "target": setting.accuracy(goal.theta)}
    models = {}
    for fraction in spec.fractions:
        count = share_of(fraction, total)
        rng = generator(
            kind="kkt", data=spec.data, loss=spec.loss, cluster=spec.cluster, fraction=fraction, repeat=spec.repeat
        )
        run = KKT(
            domain=_domain(setting, spec),
            step=spec.step,
            sign=spec.sign,
            restarts=spec.restarts,
            steps=spec.steps,
            seed=rng,
            node_limit=spec.node_limit,
        ).run(goal, max_points=count)
        assert isinstance(run.extra, Pairs)
        pair, every = run.extra.selected, run.extra.pairs
        values["fractions"][f"{fraction:g}"] = {
            "points": count,
            **setting.accuracy(run.theta),
            "eps_plus": pair.eps_plus,
            "copies_plus": pair.copies_plus,
            "residual": pair.residual,
            "residual_gap": pair.gap,
            "gap": run.last.gap,
            "pairs": len(every),
            "pairs_open": sum(p.gap is not None and p.gap > 1e-6 * p.residual for p in every),
            "distance": run.last.distance,
            "euclidean": run.last.euclidean,
        }
        if spec.evaluate == "all":
            trained = [setting.accuracy(_trained(goal, p).theta)[setting.primary] for p in every]
            values["fractions"][f"{fraction:g}"]["best_pct"] = min(trained)
        models[f"{fraction:g}"] = numbers(run.theta)
    return Result(values, models)


def _domain(setting: Setting, spec: records.KKT) -> Domain:
    """The set that the baseline's points are sought in."""
    domain = setting.problem.domain.boxed
    if domain is None:
        raise InputError(f"kkt: domain {type(setting.problem.domain).__name__}; give data with a box")
    box = Box(domain.lower, domain.upper)
    if spec.domain == "box" or not domain.integer.any():
        return box
    if not spec.groups:
        return domain
    groups = np.full(domain.dim, -1, dtype=np.int64)
    for number, (first, end) in enumerate(spec.groups):
        if not 0 <= first < end <= domain.dim:
            raise InputError(f"kkt: group [{first}, {end}); give column ranges within 0..{domain.dim}")
        groups[first:end] = number
    return MixedBox(box, domain.integer, groups, "exactly_one")


def _trained(goal: Target, pair: Pair) -> AttackRun:
    """The run of one pair's points."""
    return Given(*pair.points()).run(goal)


__all__ = ["execute"]
