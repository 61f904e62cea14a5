"""Goals: what an attacker may want of the trained model.

A goal is checked once, when it is made, and carries what every use of it needs: the problem, the clean fit and, for a
target, the prepared search for the largest loss difference. ``bound`` says how many points a goal takes, ``attack``
finds points for it. Goals that are no model (a flipped prediction, errors on rows) live in
:mod:`mtp_theory.bounds.goal`.
"""

from __future__ import annotations

import hashlib
import os
from abc import ABC, abstractmethod
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import inputs
from .domains import labelled
from .errors import InputError
from .losses import Array
from .problem import Problem
from .shadow.distance import Distance, distance
from .shadow.oracle import Oracle
from .training import Fit

#: Relative radius (times max(1, |theta_p|)) within which a trained model counts as the target: above the rounding of a
#: target trained in float64, below what any use of a model notices.
RADIUS = 1e-8


class Goal(ABC):
    """What an attacker wants of the model trained on the clean data and the poisoning points."""

    #: The learning problem: clean data, loss, C_R and the points' domain.
    problem: Problem

    @property
    def clean(self) -> Fit:
        """The minimiser on the clean data, trained once for a problem."""
        return self.problem.clean

    @abstractmethod
    def reached(self, theta: ArrayLike) -> bool:
        """Does the model ``theta`` (dim,) have what is wanted?"""

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """The goal as a JSON object; its ``goal`` is the kind's name."""


class Target(Goal):
    r"""The trained model shall be :math:`\theta_p`: model-targeted poisoning.

    ``theta``: (dim,) numbers, the bias last; or a fitted linear estimator of scikit-learn (``coef_``, ``intercept_``);
    or the path of a model file. Raises InputError for a model of another length, one that is complex or not finite,
    an estimator of more than two classes or whose classes do not say which label is +1.
    """

    def __init__(self, problem: Problem, theta: object) -> None:
        self.problem = check_problem(problem)
        #: The target model, shape (dim,), float64.
        self.theta: Array = read_model(problem, theta)
        _check_losses(problem, self.theta)

    @cached_property
    def oracle(self) -> Oracle:
        r"""The prepared search for :math:`\max_z \ell(\theta;z)-\ell(\theta_p;z)`."""
        return Oracle(self.problem.loss, self.problem.domain, self.theta, bias=self.problem.bias)

    def distance(self, theta: ArrayLike) -> Distance:
        r"""Loss-based distance :math:`D(\theta,\theta_p)` of Definition 1 with its maximiser."""
        return distance(self.problem, theta, self.theta, oracle=self.oracle)

    def reached(self, theta: ArrayLike) -> bool:
        r"""Is :math:`|\theta-\theta_p|_2` at most RADIUS times max(1, :math:`|\theta_p|_2`)?"""
        away = self.problem.check_theta(theta) - self.theta
        return float(np.linalg.norm(away)) <= RADIUS * max(1.0, float(np.linalg.norm(self.theta)))

    def close(self, epsilon: float) -> Close:
        """The goal of a model within ``epsilon`` of this target."""
        return Close(self, epsilon)

    @cached_property
    def identity(self) -> str:
        """SHA-256 of the model's float64 entries, little-endian."""
        return hashlib.sha256(self.theta.astype("<f8").tobytes()).hexdigest()

    def describe(self) -> dict[str, Any]:
        return {"goal": "target", "target": self.identity}


class Close(Goal):
    r"""The trained model shall be within ``epsilon`` of the target: :math:`D(\theta,\theta_p)\le\varepsilon`.

    Raises InputError for an epsilon that is negative or not finite.
    """

    def __init__(self, target: Target, epsilon: float) -> None:
        inputs.instance("target", target, Target, "problem.target(theta)")
        self.problem, self.target = target.problem, target
        self.epsilon = inputs.real("epsilon", epsilon, low=0)

    def reached(self, theta: ArrayLike) -> bool:
        """Is the distance's upper end at most epsilon?"""
        return self.target.distance(theta).upper <= self.epsilon

    def describe(self) -> dict[str, Any]:
        return {"goal": "close", "target": self.target.identity, "epsilon": self.epsilon}


class Errors(Goal):
    """As many of the rows ``X`` (k, d), ``y`` (k,) wrong as possible: an objective without a threshold.

    Attacks take it; ``bound`` does not, since there is nothing to reach. Raises InputError for rows of another shape,
    labels other than -1 and +1, and values that are not finite.
    """

    def __init__(self, problem: Problem, X: ArrayLike, y: ArrayLike) -> None:
        self.problem = check_problem(problem)
        self.X, self.y = check_rows(problem, X, y)

    def rate(self, theta: ArrayLike) -> float:
        """Share of the rows that the model gets wrong; a row exactly on the boundary counts one half."""
        return self.problem.error_rate(self.problem.check_theta(theta), self.X, self.y)

    def reached(self, theta: ArrayLike) -> bool:
        """Are all rows wrong? Short of that an attack goes on to its budget."""
        return self.rate(theta) == 1.0

    def describe(self) -> dict[str, Any]:
        rows = np.column_stack([self.X, self.y]).astype("<f8")
        return {"goal": "errors", "rows": len(self.y), "rows_sha256": hashlib.sha256(rows.tobytes()).hexdigest()}


def check_rows(problem: Problem, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Rows (k, d) and labels (k,) as float64; InputError for wrong shapes, labels or values that are not finite."""
    rows, labels = np.atleast_2d(inputs.numbers("rows X", X)), np.atleast_1d(inputs.numbers("rows y", y))
    if rows.shape[0] == 0 or rows.shape != (labels.size, problem.d) or labels.ndim != 1:
        raise InputError(
            f"rows: X has shape {rows.shape}, y {labels.shape}; give (k, {problem.d}) and (k,), k >= 1, without the"
            " constant feature"
        )
    rows, labels = rows.astype(np.float64), labels.astype(np.float64)
    inputs.check_size("rows: X", rows)
    if not np.isin(labels, (-1.0, 1.0)).all():
        raise InputError("rows: y has labels other than -1 and +1; map the labels to -1 and +1")
    return rows, labels


def _check_losses(problem: Problem, theta: Array) -> None:
    """Raise InputError where the model's loss on a clean row or a point of the domain is no float64 number."""
    loss = problem.loss
    if isfinite(loss.lipschitz):
        return
    w, b = problem.split(theta)
    # the least margin that a point can have: linear on the domain of each label
    least = min(y * b - part.support(-y * w)[0] for y, part in labelled(problem.domain))
    least = min(least, float(problem.margins(theta).min()))
    with np.errstate(over="ignore"):
        top = float(loss.value(least))
    if not isfinite(top):
        raise InputError(
            f"model target: its {loss.key} loss at the margin {least:.6g} of a point or row is beyond float64; scale"
            " the features or the model"
        )


def check_problem(problem: object) -> Problem:
    """The problem; InputError for anything else."""
    found: Problem = inputs.instance("problem", problem, Problem, "a Problem, such as data.problem('hinge', c_r=0.1)")
    return found


def check_goal(goal: object) -> Goal:
    """The goal; InputError for anything else."""
    found: Goal = inputs.instance("goal", goal, Goal, "a goal, such as problem.target(theta)")
    return found


def read_model(problem: Problem, theta: object) -> Array:
    """A model (dim,) from numbers, a fitted linear estimator or the path of a model file."""
    if isinstance(theta, str | os.PathLike):
        from .datasets.files import load_model

        return load_model(theta, problem.dim, bias=problem.bias)
    if hasattr(theta, "coef_") or isinstance(theta, type) or (hasattr(theta, "fit") and hasattr(theta, "get_params")):
        from .adapters.sklearn import model_vector

        return problem.check_theta(model_vector(theta, problem), "target").copy()
    return problem.check_theta(theta, "target").copy()  # type: ignore[arg-type]  # check_theta tells what is wrong


__all__ = ["RADIUS", "Close", "Errors", "Goal", "Target", "check_goal", "check_problem", "check_rows", "read_model"]
