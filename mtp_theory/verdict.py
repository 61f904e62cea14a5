"""``verify``: what the checker says about a certificate, held against the goal that its reader has in mind."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from fractions import Fraction
from math import hypot, inf, nextafter
from typing import TYPE_CHECKING, Any

from . import inputs
from .display import one_column
from .errors import UndecidedError
from .goal import Close, Goal, Target, check_goal

if TYPE_CHECKING:
    from .datasets.dataset import Dataset


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
    second: bool = False,
) -> Verdict:
    """Check a certificate about ``data`` (a data set, a registered name or a data file) with the standalone checker.

    ``points``: file of the points that a run's or an upper bound's claim is held against; of other kinds the text says
    that they were not looked at. ``on``: the goal that the reader has in mind; a certificate about another loss, C_R,
    target or kind of goal is not valid. That points reach a model counts for a closeness if that model is close enough.
    ``second``: use the second checker (python-flint) as well. Raises InputError for a file that is malformed,
    UndecidedError where the two checkers disagree.
    """
    from .certificates.files import check_file, data_file
    from .datasets import Dataset

    file = inputs.path("certificate", certificate)
    if not isinstance(data, Dataset):
        inputs.path("data", data)
    added = None if points is None else inputs.path("points", points)
    inputs.flag("second", second)
    if on is not None:
        check_goal(on)
    with data_file(data) as name:
        found = check_file(file, name, added, second=second)
    if found.get("undecided"):
        raise UndecidedError(found["reason"].removeprefix("undecided: "))
    valid, about, text, reason = found["valid"], found["about"] or {}, found["text"] or "", found["reason"]
    if valid and on is not None:
        if isinstance(on, Close) and found["kind"] == "upper_bound":
            other, more = _not_close(on, found, file)
            text += more
        else:
            other = _unlike(on, found)
        if other:
            valid, text, reason = False, "", "; ".join(other)
    return Verdict(valid, found["claim"], found["kind"], found["value"], about, text, reason)


def _not_close(goal: Close, found: dict[str, Any], certificate: str) -> tuple[list[str], str]:
    r"""Why points that reach the certificate's target do not show the closeness; what to add to the text if they do.

    A model t within r of the certificate's target t' has :math:`D(t,\theta_p)\le D(t',\theta_p)+L\,r\max|(x,1)|`
    for a loss of Lipschitz constant L; the first summand is enclosed in float64 with its rounding.
    """
    from .certificates.files import target_of

    other = _other_problem(goal, found["about"])
    if other:
        return other, ""
    problem, theta, rounding = goal.problem, *target_of(certificate)
    reach = hypot(problem.domain.norm_bound(), float(problem.bias))
    far = problem.loss.lipschitz * (float(Fraction(found["about"]["radius"])) + rounding) * reach
    away = nextafter(goal.target.distance(theta).upper + far, inf)
    if not away <= goal.epsilon:
        shown = f"the certificate's points make a model that is within {away:.6g} of the target, not {goal.epsilon!r}"
        return [shown], ""
    return [], f" Its loss-based distance from the target in mind is at most {away:.6g}."


def _other_problem(goal: Goal, about: dict[str, Any]) -> list[str]:
    """Where a certificate speaks about another loss, C_R or kind of model."""
    from .certificates.compare import differences

    other = differences(about, loss=goal.problem.loss.key, c_r=goal.problem.c_r)
    if goal.problem.bias != about["bias"]:
        other.append(f"the certificate is about models {'with' if about['bias'] else 'without'} a bias")
    return other


def _unlike(goal: Goal, found: dict[str, Any]) -> list[str]:
    """Where a certificate that is proved speaks about something else than the goal in mind."""
    from .bounds.goal.goals import LossAtLeast, Rows
    from .certificates.compare import differences, goal_difference
    from .certificates.format import decimal

    about, other = found["about"], _other_problem(goal, found["about"])
    model = goal.theta if isinstance(goal, Target) else goal.target.theta if isinstance(goal, Close) else None
    other += differences(about, theta=model)
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


__all__ = ["Verdict", "verify"]
