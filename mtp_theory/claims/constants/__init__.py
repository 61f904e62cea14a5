r"""The constants of the theory as numbers: for a problem, a target and a number of points.

Every value is computed from the expression that the claim's check evaluates. A value whose hypotheses are not met is
None with a reason; nothing is estimated where a claim does not apply.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite

from numpy.typing import ArrayLike

from ...attacks.run import AttackRun
from ...errors import InputError
from ...problem import Problem
from .bounds import lower_bounds
from .closeness import closeness, norms
from .entries import Constant, Constants, Entries, Hypothesis, finite
from .gamma import gamma_constants
from .regret import epsilon_constants, regret_constants
from .setting import make_setting

#: T when neither a number of points nor a run is given.
DEFAULT_POINTS = 100


def constants(
    problem: Problem,
    target: ArrayLike,
    *,
    points: int | None = None,
    epsilon: float | None = None,
    models: Sequence[ArrayLike] = (),
    run: AttackRun | None = None,
) -> Constants:
    r"""Every constant for ``target`` (dim,) after T = ``points`` poisoning points.

    ``run``: an attack whose regret, gradients and models are used where its T rounds allow (T defaults to its points,
    else to 100). ``models``: further models at which Theorem 2 and Corollary 1 are tested (the clean model always is).
    ``epsilon``: the closeness that Corollary 1 is about (default: what the run reached, else 0.1). Raises InputError
    for unusable arguments.
    """
    theta = problem.check_theta(target, "target")
    total = points if points is not None else run.points if run is not None else DEFAULT_POINTS
    if total < 1:
        raise InputError(f"points = {total}: give an integer >= 1")
    if epsilon is not None and not (isfinite(epsilon) and epsilon >= 0):
        raise InputError(f"epsilon = {epsilon!r}: give a finite number >= 0")
    tested = [problem.check_theta(m) for m in models]
    setting, entries = make_setting(problem, theta, total, epsilon, tested, run), Entries()
    found = gamma_constants(setting, entries)
    alphas = regret_constants(setting, entries)
    epsilon_constants(setting, entries, alphas, -inf if found is None else found.lower)
    lower_bounds(setting, entries)
    norms(setting, entries)
    closeness(setting, entries)
    return Constants(
        points=total,
        n_points=problem.n_points,
        c_r=problem.c_r,
        gamma=None if found is None else finite(found.value),
        gamma_lower=None if found is None else finite(found.lower),
        lambda_star=None if found is None else finite(found.lambda_star.value),
        entries=tuple(entries.all),
    )


__all__ = ["Constant", "Constants", "Hypothesis", "constants"]
