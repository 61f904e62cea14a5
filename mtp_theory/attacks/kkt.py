r"""The KKT attack of Koh, Steinhardt and Liang (2018), the paper's baseline.

One distinct point for each label, :math:`\varepsilon_\pm N` copies of it, so that the target's stationarity

.. math:: g + \varepsilon_+\,\partial\ell(\theta_p; x_+, 1) + \varepsilon_-\,\partial\ell(\theta_p; x_-, -1) = 0,\qquad
          g = \tfrac1N\sum_i \partial\ell(\theta_p; x_i, y_i) + (1 + \varepsilon_+ + \varepsilon_-)\,C_R\,w_p

holds as nearly as possible in the weights (the bias is left out, as in the authors' code). For each pair
:math:`(\varepsilon_+, \varepsilon_-)` of a grid the points are sought that make the residual's norm smallest
(:mod:`.kkt_hinge`: a convex programme, branch and bound for integer features; :mod:`.kkt_logistic`: Adam); the pair
of smallest residual is the attack.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import inputs
from ..domains import Box, Domain, MixedBox
from ..errors import InputError, UndecidedError, unknown_name
from ..goal import Goal, Target
from ..losses import Array
from ..problem import Problem
from .base import Attack, Batch, Budget, Ending, Points, Requires, check_seed
from .kkt_hinge import HingeResidual
from .kkt_logistic import LogisticResidual
from .run import Details

#: The authors' grid of epsilon_+ and the slack of its last value.
STEP, STEP_SLACK = 0.005, 1e-6
#: The authors take rows with margin below 0.99 as those with a slope.
MARGIN = 0.99
SIGNS = ("authors", "correct")


@dataclass(frozen=True, eq=False)
class Pair:
    """The best points found for one pair of shares.

    ``residual``: norm of the stationarity residual (weights). ``gap``: residual less a proved lower bound of it, for
    these shares; None where nothing is proved (logistic).
    """

    eps_plus: float
    eps_minus: float
    x_plus: Array
    x_minus: Array
    residual: float
    gap: float | None
    copies_plus: int
    copies_minus: int

    def points(self) -> tuple[Array, Array, Array]:
        """Distinct points X, their labels and their copies, without those of no copies."""
        copies = np.array([self.copies_plus, self.copies_minus])
        used = copies > 0
        return np.stack([self.x_plus, self.x_minus])[used], np.array([1.0, -1.0])[used], copies[used]


@dataclass(frozen=True, eq=False)
class Pairs(Details):
    """Every pair of the grid and the one with the smallest residual, the first on a tie."""

    pairs: tuple[Pair, ...]

    @property
    def selected(self) -> Pair:
        return min(self.pairs, key=lambda p: p.residual)

    def summary(self) -> dict[str, Any]:
        chosen = self.selected
        return {"residual": chosen.residual, "residual_gap": chosen.gap, "pairs": len(self.pairs)}


@dataclass(frozen=True, eq=False)
class KKT(Attack):
    """The KKT attack of Koh, Steinhardt and Liang: copies of one point for each label, stationary at the target.

    ``domain``, ``step``, ``sign``, ``restarts``, ``steps``, ``node_limit`` are those of :func:`kkt`; ``seed``: of the
    starts for the logistic loss, or a numpy Generator.
    """

    domain: Domain | None = None
    step: float = STEP
    sign: str = "correct"
    restarts: int = 10
    steps: int = 20_000
    seed: int | np.random.Generator = 0
    node_limit: int = 20_000

    name = "kkt"
    requires = Requires(("hinge", "logistic"), (Box, MixedBox), (Target,), budget=True, stop=False, linear=True)

    def __post_init__(self) -> None:
        check_seed(self.name, self.seed)
        if self.domain is not None:
            inputs.instance("domain", self.domain, Domain, "a Box or a MixedBox")
        inputs.real("step", self.step, above=0, high=1)
        inputs.one_of("sign", self.sign, SIGNS)
        for name in ("restarts", "steps", "node_limit"):
            inputs.whole(name, getattr(self, name), least=1)

    def points(self, goal: Goal, budget: Budget) -> Points:
        assert isinstance(goal, Target)
        assert budget.max_points is not None
        found = kkt(
            goal.problem, goal.theta, budget.max_points, domain=self.domain, step=self.step, sign=self.sign,
            restarts=self.restarts, steps=self.steps, rng=np.random.default_rng(self.seed),
            node_limit=self.node_limit,
        )  # fmt: skip
        yield Batch(*found.selected.points())
        return Ending(extra=found)


def kkt(
    problem: Problem,
    target: ArrayLike,
    n_points: int,
    *,
    domain: Domain | None = None,
    step: float = STEP,
    sign: str = "correct",
    restarts: int = 10,
    steps: int = 20_000,
    rng: np.random.Generator | None = None,
    node_limit: int = 20_000,
) -> Pairs:
    r"""``n_points`` poisoning points for ``target``, for every pair of the grid.

    ``domain``: a Box, or for the hinge loss a MixedBox of 0/1 features (default: the problem's). ``step``: of the grid
    of :math:`\varepsilon_+`. Hinge only: the pair that balances the bias of the clean gradient comes first;
    ``node_limit`` of the branch and bound, for each pair. Logistic only: ``restarts`` and ``steps`` of Adam, ``rng``
    for its starts, and ``sign`` of the regulariser in the residual: "correct", or "authors" for the sign in the
    published code, which adds it to the gradient of the log-likelihood.

    Raises InputError for other losses and domains, UndecidedError where no pair has a feasible solution.
    """
    theta = problem.check_theta(target, "target")
    if n_points < 1:
        raise InputError(f"kkt: n_points = {n_points}; give an integer >= 1")
    if sign not in SIGNS:
        raise unknown_name("sign", sign, SIGNS)
    if not 0 < step <= 1:
        raise InputError(f"kkt: step = {step!r}; give a number in (0, 1]")
    space = problem.domain if domain is None else domain
    key = problem.loss.key
    w, b = problem.split(theta)
    total = n_points / problem.n_points
    margins = problem.margins(theta)
    solver: HingeResidual | LogisticResidual
    if key == "hinge":
        box = space.boxed
        if box is None:
            raise InputError(f"kkt: domain {type(space).__name__}; give a Box or a MixedBox")
        slopes = np.where(margins < MARGIN, problem.counts, 0).astype(np.float64)
        gradient = -_combine(problem, slopes) / problem.n_points + (1.0 + total) * problem.c_r * w
        bias = -float((slopes * problem.y).sum()) / problem.n_points
        solver = HingeResidual(gradient, w, b, box, node_limit)
        balanced = (total - bias) / 2.0
        first = [total - balanced] if problem.bias and 0.0 <= balanced <= total else []
    elif key == "logistic":
        if not isinstance(space, Box):
            raise InputError(f"kkt: domain {type(space).__name__}; for the logistic loss give a Box")
        likelihood = _combine(problem, problem.loss.slope(margins) * problem.counts) / problem.n_points
        weight = (1.0 + total) * problem.c_r
        gradient = likelihood + (weight if sign == "authors" else -weight) * w
        if rng is None:
            raise InputError("kkt: the logistic loss needs rng, a numpy Generator")
        solver = LogisticResidual(gradient, w, b, space, restarts, steps, rng)
        first = []
    else:
        raise InputError(f"kkt: loss {key!r}; the attack is defined for hinge and logistic")
    shares = [*first, *(k * step for k in range(int((total + STEP_SLACK) / step) + 1))]
    pairs = []
    for plus in shares:
        plus = min(plus, total)
        found = solver.solve(plus, total - plus)
        if found is not None:
            copies = min(round(plus * problem.n_points), n_points)
            pairs.append(Pair(plus, total - plus, *found, copies, n_points - copies))
    if not pairs:
        raise UndecidedError("kkt: no pair of shares has points inside the target's margins; the domain excludes them")
    return Pairs(tuple(pairs))


def _combine(problem: Problem, weights: Array) -> Array:
    """Sum of weights_i y_i x_i over the clean rows, shape (d,)."""
    return np.asarray((weights * problem.y) @ problem.X, dtype=np.float64) / problem.scale


__all__ = ["KKT", "SIGNS", "Pair", "Pairs", "kkt"]
