"""One attack with a budget: the victim after it, and how far the attack is from the fewest points for its own model."""

from __future__ import annotations

import dataclasses
import math
import resource
import sys
import time
from typing import Any

import numpy as np

from ...attacks import AttackRun
from ...attacks.registry import make, parameters
from ...attacks.registry import method as method_named
from ...bounds.target import bound
from ...datasets.rows import dense
from ...errors import InputError, UndecidedError
from ...goal import Goal
from ...losses import Array
from ...problem import Problem
from ...training import make_trainer, polished
from ..seeds import generator
from ..setting import Setting, share_of
from ..spec import Attacked
from ..store import Result

#: Bytes in a unit of ru_maxrss.
_UNIT = 1 if sys.platform == "darwin" else 1024


def execute(spec: Attacked, inputs: dict[str, Any], data_dir: str | None) -> Result:
    """Model ``induced``, count ``points``; ``own`` and ``target``: what is proved about the fewest points for them.

    Raises UndecidedError where the attack has fewer points than are proved to be needed for its model: one of the two
    is wrong, and no result stands.
    """
    setting = Setting(spec.data, spec.loss, spec.c_r, data_dir)
    problem = setting.problem
    points = share_of(spec.share, problem.n_points)
    if points < 1:
        raise InputError(f"attack: share = {spec.share} of {problem.n_points} points is none; give a larger share")
    target = None if spec.target is None else np.array(inputs["target"])
    start = time.perf_counter()
    run = attack(spec, problem, target, points)
    seconds = time.perf_counter() - start
    trainer = make_trainer(problem)
    if run.points:
        trainer.add_many(run.X, run.y)
    fit = polished(trainer)
    theta = fit.theta
    values: dict[str, Any] = {
        "points": run.points,
        "status": run.status,
        "outside": run.outside,
        "clean": setting.accuracy(problem.clean.theta),
        "accuracy": setting.accuracy(theta),
        "train_pct": 100.0 * (1.0 - problem.error_rate(theta)),
        "clean_loss": problem.loss_sum(theta) / problem.n_points,
        "gap": fit.gap,
        "attack_seconds": seconds,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT,
        "extra": {} if run.extra is None else plain(run.extra.summary()),
    }
    if target is not None:
        values["target_accuracy"] = setting.accuracy(target)
        found = problem.target(target).distance(theta)
        values["distance"] = {"lower": found.lower, "upper": found.upper}
    if spec.certify:
        values["own"] = own = fewest(problem, theta)
        check_own(spec.method, run.points, own)
        if target is not None:
            values["target"] = fewest(problem, target)
    return Result(values, {"induced": [float(v) for v in theta]})


def attack(spec: Attacked, problem: Problem, target: Array | None, points: int) -> AttackRun:
    """The attack itself, on the attacker's data."""
    given = {
        "copies": spec.copies, "rounds": spec.rounds, "step": spec.step, "seed": spec.seed, "c_r": spec.attacker_c_r
    }  # fmt: skip
    options: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
    if "at" in parameters(method_named(spec.method)):
        options["at"] = (points,)
    chosen = make(spec.method, options)
    goal: Goal = errors_of(problem, spec) if target is None else problem.target(target)
    return chosen.run(goal, max_points=points, bound_every=2**31)


def errors_of(problem: Problem, spec: Attacked) -> Goal:
    """Errors on the training rows, or on those that the attacker holds out."""
    if not 0.0 <= spec.validation < 1.0:
        raise InputError(f"attack: validation = {spec.validation}; give a share of the rows, 0 or more and below 1")
    held = np.ones(problem.y.size, dtype=bool)
    theirs = problem
    if spec.validation:
        rng = generator(kind="attack", data=spec.data, validation=spec.validation)
        order = rng.permutation(problem.y.size)
        held = np.zeros(problem.y.size, dtype=bool)
        held[order[: share_of(spec.validation, order.size)]] = True
        theirs = dataclasses.replace(problem, X=problem.X[~held], y=problem.y[~held], counts=problem.counts[~held])
    return theirs.errors(dense(problem.X[held]) / problem.scale, problem.y[held])


def fewest(problem: Problem, theta: Array) -> dict[str, Any]:
    """Both ends of the fewest points for a model: certified below, of a set that was found above (null: none)."""
    found = bound(problem, theta)
    return {
        "lower": found.lower_bound,
        "upper": found.constructed,
        "t_star": plain(found.fractional_minimum),
        "status": found.status,
    }


def check_own(method: str, points: int, own: dict[str, Any]) -> None:
    """Raise UndecidedError where fewer points made the model than are proved to be needed."""
    needed = math.inf if own["status"] == "unattainable" else own["lower"] or 0
    if points < needed:
        raise UndecidedError(
            f"attack {method!r} made its model of {points} points, but {needed} are proved to be needed: the trained"
            " model, the points or the bound is wrong; nothing is recorded"
        )


def plain(value: Any) -> Any:
    """Numbers that are not finite as null, in dicts too."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


__all__ = ["check_own", "execute", "fewest"]
