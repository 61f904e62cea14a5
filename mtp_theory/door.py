"""The verbs of the public vocabulary: bound, distance, gamma, check, verify.

Everything an attacker may want is a :class:`~mtp_theory.goal.Goal`, and ``bound(goal)`` says how many points it takes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from .display import frame, one_column, table
from .errors import InputError
from .goal import Close, Goal, Target, read_model

if TYPE_CHECKING:
    import pandas as pd

    from .bounds.answer import FewestPoints
    from .bounds.closeness import ClosenessResult
    from .bounds.goal.bound import GoalBound
    from .bounds.goal.goals import Rows
    from .bounds.target import BoundResult
    from .claims.check import CheckResult
    from .convex_set import Gamma
    from .datasets.dataset import Dataset
    from .shadow.distance import Distance


@overload
def bound(goal: Target, **options: Any) -> BoundResult: ...
@overload
def bound(goal: Close, **options: Any) -> ClosenessResult: ...
@overload
def bound(goal: Rows, **options: Any) -> GoalBound: ...
@overload
def bound(goal: Goal, **options: Any) -> FewestPoints: ...


def bound(goal: Goal, **options: Any) -> FewestPoints:
    """How many points of the domain the goal takes: certified from below, a set of points from above.

    ``options`` for a target: ``mode`` ("radius", "polished", "literal"), ``radius``, ``search`` (False: the lower end
    alone), ``engine``; for closeness: ``search``, ``starts``, ``steps``, ``engine``; for goals on rows: ``seconds``,
    ``above`` (False: the lower end alone), ``engine``. A goal class of one's own says in a method ``bound(**options)``
    how it is bounded. Raises InputError for a goal without a threshold, UndecidedError where a solver fails.
    """
    problem = _goal(goal).problem
    if isinstance(goal, Target):
        from .bounds.target import bound as bound_target

        return bound_target(problem, goal.theta, **options)
    if isinstance(goal, Close):
        from .bounds.closeness import fewest_points

        return fewest_points(problem, goal.target.theta, goal.epsilon, **options)
    from .bounds.goal.goals import Rows as GoalOnRows

    if isinstance(goal, GoalOnRows):
        from .bounds.goal.bound import bound_goal

        return bound_goal(goal, **options)
    own: Callable[..., FewestPoints] | None = getattr(goal, "bound", None)
    if own is None:
        raise InputError(f"bound: nothing is to be reached by the goal {type(goal).__name__}; it is for attacks only")
    return own(**options)


def distance(target: Target, theta: object) -> Distance:
    r"""Loss-based distance :math:`D(\theta,\theta_p)` (Definition 1) of the model ``theta`` from the target.

    ``theta``: (dim,) numbers, a fitted linear estimator or the path of a model file. The answer's ``x`` and ``label``
    are the point of the domain at which the two losses differ most.
    """
    return _target(target).distance(read_model(target.problem, theta))


def gamma(target: Target) -> Gamma:
    r"""Lemma 2's constant :math:`\gamma = 1 - C_R/\lambda^*`, sharpened, and whether the target is attainable."""
    from .convex_set import gamma as evaluate

    return evaluate(_target(target).problem, target.theta)


def check(
    claims: str | Iterable[str] = (),
    *,
    on: Target | None = None,
    examples: int = 200,
    seed: int = 0,
    embedded: bool = True,
    points: int = 100,
) -> Checks:
    """Put claims to the test, by id (all of them where none is named): one result for each statement.

    Each is evaluated on its counterexample, ``examples`` seeded random instances and, with ``embedded``, an attack on
    digits-1-7; with ``on`` also on an online attack of ``points`` points on that target. Raises InputError for an
    unknown id.
    """
    from .claims import select
    from .claims.check import check_claims

    chosen = select([claims] if isinstance(claims, str) else claims)
    further = {}
    if on is not None:
        from .testing.instance import facts_of

        further = facts_of(_target(on).problem, on.theta, rounds=points)
    return Checks(check_claims(chosen, examples=examples, seed=seed, on_embedded=embedded, further=further))


class Checks(list["CheckResult"]):
    """The results of ``check`` in registry order: a list that notebooks show as a table."""

    @property
    def ok(self) -> bool:
        """Has every statement the verdict that the registry expects?"""
        return all(r.as_expected for r in self)

    def to_pandas(self) -> pd.DataFrame:
        """One row for each statement."""
        return frame(r.to_json() for r in self)

    def _repr_html_(self) -> str:
        columns = ("claim", "statement", "variant", "verdict", "expected", "instances", "worst_slack", "arithmetic")
        return table((r.to_json() for r in self), columns)


@dataclass(frozen=True)
class Verdict:
    """What the checker says about a certificate.

    ``valid``: its claim is proved about these data (and is about the goal in mind, where one was given). ``claim``: the
    claim's id, ``kind`` and ``value`` what is claimed. ``about``: what the certificate speaks of (loss, C_R, target,
    domain, ...). ``text``: one sentence that says no more than was checked; empty unless valid. ``reason``: the
    checker's last word, or why the claim is not proved. True in a condition if it is valid.
    """

    valid: bool
    claim: str | None
    kind: str | None
    value: Any
    about: dict[str, Any]
    text: str
    reason: str

    def __bool__(self) -> bool:
        return self.valid

    def _repr_html_(self) -> str:
        return one_column({f.name: getattr(self, f.name) for f in fields(self) if f.name != "about"} | self.about)


def verify(
    certificate: str | os.PathLike[str],
    data: Dataset | str | os.PathLike[str],
    *,
    points: str | os.PathLike[str] | None = None,
    on: Goal | None = None,
) -> Verdict:
    """Check a certificate about ``data`` (a data set, a registered name or a data file) with the standalone checker.

    ``points``: file of the points that a run's claim is held against. ``on``: the goal that the reader has in mind; a
    certificate about another loss, C_R, target or kind of goal is not valid. Raises InputError for a file that is
    malformed.
    """
    from .certificates import checker

    with tempfile.TemporaryDirectory() as folder:
        try:
            found = checker.verify(
                os.fspath(certificate), _data_file(data, Path(folder)), None if points is None else os.fspath(points)
            )
        except checker.Malformed as error:
            raise InputError(str(error)) from None
    valid, about, text, reason = found["valid"], found["about"] or {}, found["text"] or "", found["reason"]
    if valid and on is not None:
        other = _unlike(_goal(on), found)
        if other:
            valid, text, reason = False, "", "; ".join(other)
    return Verdict(valid, found["claim"], found["kind"], found["value"], about, text, reason)


def _unlike(goal: Goal, found: dict[str, Any]) -> list[str]:
    """Where a certificate that is proved speaks about something else than the goal in mind."""
    from .bounds.goal.goals import LossAtLeast, Rows
    from .certificates.compare import differences, goal_difference
    from .certificates.format import decimal

    about, problem = found["about"], goal.problem
    model = goal.theta if isinstance(goal, Target) else goal.target.theta if isinstance(goal, Close) else None
    other = differences(about, loss=problem.loss.key, c_r=problem.c_r, theta=model)
    if problem.bias != about["bias"]:
        other.append(f"the certificate is about models {'with' if about['bias'] else 'without'} a bias")
    if isinstance(goal, Close):
        mine, value = decimal(goal.epsilon), found["value"]
        theirs = value["epsilon"] if found["kind"] == "epsilon_lower_bound" else None
        if theirs is None:
            other.append("the certificate is about the target itself, not about closeness to it")
        elif Fraction(theirs) != mine:
            other.append(f"the certificate is about epsilon = {theirs}, not {mine}")
    elif isinstance(goal, Rows):
        tau = decimal(goal.level) - 1 if isinstance(goal, LossAtLeast) else decimal(goal.tau)
        unlike = goal_difference(about, goal.kind, goal.X, goal.y, goal.at_least, tau)
        other += [unlike] if unlike else []
    elif not isinstance(goal, Target):
        other.append(f"no certificate is about a goal of the kind {type(goal).__name__}")
    return other


def _data_file(data: Dataset | str | os.PathLike[str], folder: Path) -> str:
    """The path of a data file; a data set in memory or a registered one is written to ``folder`` first."""
    from . import datasets

    if isinstance(data, datasets.Dataset):
        dataset = data
    else:
        name = os.fspath(data)
        if name.endswith(".npz") or name not in dict(datasets.names()):
            return name
        dataset = datasets.load(name)
    path = folder / "data.npz"
    datasets.save(dataset, path)
    return str(path)


def _target(target: object) -> Target:
    if not isinstance(target, Target):
        raise InputError(f"target: a {type(target).__name__}; give a target, made by problem.target(theta)")
    return target


def _goal(goal: object) -> Goal:
    if not isinstance(goal, Goal):
        raise InputError(f"goal: a {type(goal).__name__}; give a goal, such as problem.target(theta)")
    return goal


__all__ = ["Checks", "Verdict", "bound", "check", "distance", "gamma", "verify"]
