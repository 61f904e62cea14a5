r"""Goals that are no model: a prediction, rows that the model gets wrong, a mean loss.

``tau``: a row counts as wrong where :math:`y\langle\theta,(x,1)\rangle\le-\tau`, from below and from above alike: at a
margin of 0 a prediction is a matter of convention, and a model is trained to rounding only.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ... import inputs
from ...errors import InputError
from ...goal import Goal, check_problem, check_rows
from ...losses import Array
from ...problem import Problem

#: Default of ``tau``: far above the rounding of trained models, far below what a prediction is made of.
TAU = 1e-6


class Rows(Goal):
    """Rows X (m, d) with labels y (m,), of which at least ``at_least`` have a margin of at most -``tau``.

    The common form of the goals here: a flip has one row; a mean loss of L needs a row whose loss is at least L.
    """

    #: The kind's name in certificates and output.
    kind = "wrong"

    def __init__(self, problem: Problem, X: ArrayLike, y: ArrayLike, at_least: int, tau: float) -> None:
        self.problem = check_problem(problem)
        self.X, self.y = check_rows(problem, X, y)
        # as many as there are rows
        self.at_least, self.tau = inputs.whole("at_least", at_least, least=1, most=len(self.y)), float(tau)

    @property
    def Z(self) -> Array:
        """y (x, 1) of each row, shape (m, dim)."""
        x = np.column_stack([self.X, np.ones(len(self.y))]) if self.problem.bias else self.X
        return np.asarray(self.y[:, None] * x)

    def reached(self, theta: ArrayLike) -> bool:
        t = self.problem.check_theta(theta)
        return int(np.count_nonzero(self.Z @ t <= -self.tau)) >= self.at_least

    def describe(self) -> dict[str, Any]:
        rows = np.column_stack([self.X, self.y]).astype("<f8")
        digest = hashlib.sha256(np.ascontiguousarray(rows).tobytes()).hexdigest()
        return {
            "goal": self.kind, "rows": len(self.y), "at_least": self.at_least, "tau": self.tau, "rows_sha256": digest,
        }  # fmt: skip


class Wrong(Rows):
    """At least ``at_least`` of the rows are predicted wrong, each by a margin of tau. Raises InputError."""

    def __init__(self, problem: Problem, X: ArrayLike, y: ArrayLike, at_least: int, tau: float = TAU) -> None:
        super().__init__(problem, X, y, at_least, inputs.real("tau", tau, low=0))


class Flip(Rows):
    """The prediction at x (d,) is not y: :math:`y\\langle\\theta,(x,1)\\rangle\\le-\\tau`. Raises InputError."""

    kind = "flip"

    def __init__(self, problem: Problem, x: ArrayLike, y: float, tau: float = TAU) -> None:
        row = inputs.finite("flip: x", x, (check_problem(problem).d,))
        super().__init__(problem, row[None, :], [inputs.real("flip: y", y)], 1, inputs.real("tau", tau, low=0))


class LossAtLeast(Rows):
    """The mean loss over the rows is at least ``level`` > 0 (hinge). Raises InputError.

    From below: then some row's loss is at least ``level``, so its margin at most 1 - ``level``.
    """

    kind = "loss"

    def __init__(self, problem: Problem, X: ArrayLike, y: ArrayLike, level: float) -> None:
        self.level = inputs.real("loss", level, above=0)
        if not check_problem(problem).loss.is_hinge:
            raise InputError(f"a goal on the loss {problem.loss.key!r}: known for the hinge loss only")
        super().__init__(problem, X, y, 1, self.level - 1.0)

    def reached(self, theta: ArrayLike) -> bool:
        t = self.problem.check_theta(theta)
        return float(np.maximum(0.0, 1.0 - self.Z @ t).mean()) >= self.level

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"loss": self.level}


__all__ = ["TAU", "Flip", "LossAtLeast", "Rows", "Wrong"]
