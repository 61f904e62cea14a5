r"""A close model that few points reach: descent on t* inside the set B of models close to the target.

The least mass t*(t) that makes t the trained model is one linear programme once the sides of all margins are fixed. As
t moves, two things change: the balance :math:`(N+n)c\,t`, bilinear in (n, t), and the margin limit of the poison's
sums, :math:`\langle t, w_y\rangle\le g_y`, bilinear in (t, w). Both are linearised at the model at hand, t stays in B
and in a trust region, rows on the margin keep a free slope, and rows on the margin whose slope is 0 or 1 may leave it
in every other step. A step counts only if t* itself, evaluated anew, has fallen.
The problem is not convex. What comes out is the best model found, not the best there is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from ...convex_set import fractional_minimum
from ...convex_set.clean import dense_rows, signed_sum
from ...errors import UndecidedError
from ...losses import Array
from ...problem import Problem
from .conic import Conic
from .relaxation import LABELS, Relaxation

#: Rows this near the margin count as on it while descending, as a target's support vectors do elsewhere.
ON_MARGIN = 1e-6
#: Sides of the rows nearest to the margin are kept by the programme, this many; others that cross show in t*.
WATCHED = 400
#: First, last and greatest radius of the trust region (largest entry of the step) and its changes.
FIRST_RADIUS, LAST_RADIUS, GREATEST_RADIUS = 0.05, 1e-5, 10.0
WIDEN, SHRINK = 1.5, 3.0
#: Relative fall of t* that counts as progress.
PROGRESS = 1e-6


@dataclass(frozen=True, eq=False)
class State:
    """A close model, its t*, the slopes of all rows and the poison's (mass, sum) for each label."""

    model: Array
    mass: float
    slopes: Array
    sums: dict[int, tuple[float, Array]]


def evaluate(problem: Problem, model: Array) -> State | None:
    """t* at a model with what attains it; None where no mass does or the solver gives up."""
    try:
        found = fractional_minimum(problem, model, kink_tolerance=ON_MARGIN)
    except UndecidedError:
        return None
    if found.mixture is None:
        return None
    mixture = found.mixture
    sums = {}
    for y in LABELS:
        chosen = (mixture.y == y) & (mixture.slopes > 0)
        masses = (mixture.masses * mixture.slopes)[chosen]
        sums[y] = (float(masses.sum()), masses @ mixture.X[chosen] if chosen.any() else np.zeros(problem.d))
    slopes = (problem.margins(model) < 1).astype(np.float64)
    slopes[found.kinks] = found.multipliers
    return State(model, found.upper, slopes, sums)


def descend(relaxation: Relaxation, state: State, steps: int) -> State:
    """The best state found from ``state``, whose model lies in B, in at most ``steps`` steps."""
    problem = relaxation.problem
    radius, failed = FIRST_RADIUS, 0
    for step in range(steps):
        if radius < LAST_RADIUS:
            break
        proposal = _step(relaxation, state, radius, leave=step % 2 == 0)
        after = None if proposal is None else evaluate(problem, proposal)
        if after is not None and after.mass < state.mass * (1 - PROGRESS):
            state, radius, failed = after, min(GREATEST_RADIUS, radius * WIDEN), 0
        else:
            failed += 1
            if failed == 2:
                radius, failed = radius / SHRINK, 0
    return state


def _step(relaxation: Relaxation, state: State, radius: float, *, leave: bool) -> Array | None:
    """The linearised programme's model."""
    problem, t = relaxation.problem, state.model
    margins = problem.margins(t)
    counted = problem.counts > 0
    on = (np.abs(margins - 1) <= ON_MARGIN) & counted
    one = (margins < 1 - ON_MARGIN) & counted
    if leave:
        one |= on & (state.slopes >= 1 - ON_MARGIN)
        on &= (state.slopes > ON_MARGIN) & (state.slopes < 1 - ON_MARGIN)
    zero = counted & ~one & ~on
    away = np.abs(margins - 1)
    near = away <= np.partition(away, min(WATCHED, away.size) - 1)[min(WATCHED, away.size) - 1]
    model = Conic()
    lift = relaxation.lift()
    n = state.mass
    model.variable("t", problem.dim)
    model.variable("n", cost=1.0)
    kinks = np.flatnonzero(on)
    signed = {name: problem.y[rows, None] * dense_rows(problem, rows) for name, rows in (
        ("on", kinks), ("one", np.flatnonzero(one & near)), ("zero", np.flatnonzero(zero & near)))}  # fmt: skip
    base = signed_sum(problem, one * problem.counts * problem.y)
    balance = {"t": (problem.n_points + n) * problem.c_r * sp.eye_array(problem.dim), "n": problem.c_r * t[:, None]}
    mass = {"n": -np.ones((1, 1))}
    first = np.zeros((1, relaxation.block.size))
    first[0, 0] = 1.0
    for y in LABELS:
        relaxation.closeness(model, y, relaxation.target, relaxation.epsilon)
        name = f"points {y}"
        model.variable(name, relaxation.block.size)
        relaxation.in_cone(model, name)
        balance[name] = -y * lift
        mass[name] = first
        weight, total = state.sums[y]
        pull = y * (np.append(total, weight) if problem.bias else total)
        # <t, y w> <= g around the state's t and w
        model.below(f"limit {y}", {"t": pull[None, :], name: y * (t @ lift)[None, :] - first}, float(pull @ t))
    if kinks.size:
        model.variable("s", kinks.size)
        unit = sp.eye_array(kinks.size)
        model.below("s low", {"s": -unit}, 0.0)
        model.below("s high", {"s": unit}, 1.0)
        balance["s"] = -(signed["on"] * problem.counts[kinks, None]).T
        model.equal("on", {"t": signed["on"]}, 1.0)
    model.equal("balance", balance, base + n * problem.c_r * t)
    model.below("mass", mass, 0.0)
    if signed["one"].size:
        model.below("one", {"t": signed["one"]}, 1.0)
    if signed["zero"].size:
        model.below("zero", {"t": -signed["zero"]}, -1.0)
    unit = sp.eye_array(problem.dim)
    model.below("trust high", {"t": unit}, t + radius)
    model.below("trust low", {"t": -unit}, radius - t)
    answer = model.solve()
    return answer.values["t"] if answer.usable else None


__all__ = ["State", "descend", "evaluate"]
