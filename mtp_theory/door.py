"""The verbs of the public vocabulary: bound, distance, gamma, check; ``verify`` is in :mod:`.verdict`.

Everything an attacker may want is a :class:`~mtp_theory.goal.Goal`, and ``bound(goal)`` says how many points it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import signature
from typing import TYPE_CHECKING, Any, overload

from . import inputs
from .display import frame, table
from .errors import InputError
from .goal import Close, Errors, Goal, Target, check_goal, read_model
from .problem import Problem

if TYPE_CHECKING:
    import pandas as pd

    from .bounds.answer import FewestPoints
    from .bounds.closeness import ClosenessResult
    from .bounds.goal.bound import GoalBound
    from .bounds.goal.goals import Rows
    from .bounds.target import BoundResult
    from .claims.check import CheckResult
    from .convex_set import Gamma
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
    how it is bounded. Raises InputError for a goal without a threshold and for unusable options, UndecidedError where a
    solver fails.
    """
    problem = check_goal(goal).problem
    _linear("bound", problem)
    if isinstance(goal, Target):
        from .bounds.target import bound as bound_target

        return bound_target(problem, goal.theta, **_known("a target", bound_target, options))
    if isinstance(goal, Close):
        from .bounds.closeness import fewest_points

        known = _known("a closeness", fewest_points, options)
        return fewest_points(problem, goal.target.theta, goal.epsilon, **known)
    from .bounds.goal.goals import Rows as GoalOnRows

    if isinstance(goal, GoalOnRows):
        from .bounds.goal.bound import bound_goal

        return bound_goal(goal, **_known("a goal on rows", bound_goal, options))
    kind = type(goal).__name__
    if isinstance(goal, Errors):
        raise InputError(f"bound: nothing is to be reached by the goal {kind}; it is for attacks only")
    own: Callable[..., FewestPoints] | None = getattr(goal, "bound", None)
    if own is None:
        raise InputError(
            f"bound: the goal {kind} does not say how it is bounded; give the class a method bound(self, **options)"
            " that returns an Enclosure, or use attack"
        )
    return own(**_known(kind, own, options))


def _known(kind: str, verb: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """The options, if all of them are keyword arguments of ``verb``."""
    parameters = signature(verb).parameters.values()
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        inputs.options(f"bound of {kind}", given, [p.name for p in parameters if p.kind is p.KEYWORD_ONLY])
    return given


def distance(target: Target, theta: object) -> Distance:
    r"""Loss-based distance :math:`D(\theta,\theta_p)` (Definition 1) of the model ``theta`` from the target.

    ``theta``: (dim,) numbers, a fitted linear estimator or the path of a model file. The answer's ``x`` and ``label``
    are the point of the domain at which the two losses differ most.
    """
    return _target(target).distance(read_model(target.problem, theta))


def gamma(target: Target) -> Gamma:
    r"""Lemma 2's constant :math:`\gamma = 1 - C_R/\lambda^*`, sharpened, and whether the target is attainable."""
    from .convex_set import gamma as evaluate

    _linear("gamma", _target(target).problem)
    return evaluate(target.problem, target.theta)


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

    given = [claims] if isinstance(claims, str) else inputs.each("claims", claims, "claims' ids")
    chosen = select([inputs.word("claim", c) for c in given])
    inputs.whole("examples", examples, most=10**9)
    inputs.whole("seed", seed)
    inputs.flag("embedded", embedded)
    inputs.whole("points", points, least=1)
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


def _target(target: object) -> Target:
    found: Target = inputs.instance("target", target, Target, "a target, made by problem.target(theta)")
    return found


def _linear(verb: str, problem: Problem) -> None:
    """Raise InputError for a problem whose models are not linear."""
    if not problem.linear:
        raise InputError(f"{verb}: rests on convexity, and a {type(problem).__name__} has none; see dnn.last_layer")


__all__ = ["Checks", "bound", "check", "distance", "gamma"]
