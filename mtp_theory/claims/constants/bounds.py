r"""Theorem 2, its linearised form, t* and Corollary 1 at the tested models."""

from __future__ import annotations

from math import inf

from ...bounds.theorem_2 import theorem_2_value
from ...convex_set import fractional_minimum
from ...errors import InputError, UndecidedError
from ...losses import Array
from ...problem import regulariser
from ...shadow.distance import distance
from ..engine.model import evaluate
from ..statements import corollary_1 as c1
from .closeness import K_HYPOTHESIS, bidirectional
from .entries import Entries, Hypothesis, best, latex
from .setting import Setting


def lower_bounds(s: Setting, entries: Entries) -> None:
    """Theorem 2 and Corollary 1 at the tested models: the best value of each, and t*."""
    uppers = [distance(s.problem, m, s.target).upper for m in s.models]
    z = [theorem_2_value(s.problem, s.target, m, u) for m, u in zip(s.models, uppers, strict=True)]
    exact = Hypothesis("a target that added points reproduce exactly", None)
    entries.add("theorem_2", "theorem-2", "repaired", best(z), r"\max_\theta z(\theta)", (exact,))
    sharper = [_linearised(s, m, u) for m, u in zip(s.models, uppers, strict=True)]
    formula = (
        r"\frac{L(\theta_p;D_c)-L(\theta;D_c)+NC_R\langle\theta_p,\theta_p-\theta\rangle}"
        r"{D(\theta,\theta_p)-C_R\langle\theta_p,\theta_p-\theta\rangle}"
    )
    entries.add("theorem_2_linearised", "tight-lower-bound", "extended", best(sharper), formula, (exact,))
    low: float | None = None
    high: float | None = None
    reason = ""
    try:
        t_star = fractional_minimum(s.problem, s.target)
        low, high = t_star.lower, t_star.upper
    except (UndecidedError, InputError) as error:
        reason = f"undecided: {error}"
    entries.add("t_star_lower", "tight-lower-bound", "extended", low, "t^*", (exact,), reason=reason)
    entries.add("t_star_upper", "tight-lower-bound", "extended", high, "t^*", (exact,), reason=reason)
    _corollary_1(s, entries, uppers)


def _linearised(s: Setting, theta: Array, upper: float) -> float:
    problem, target = s.problem, s.target
    losses = problem.loss.value(problem.margins(target)) - problem.loss.value(problem.margins(theta))
    pull = float(target @ (target - theta))
    numerator = float(losses @ problem.counts) + problem.c_r_total * pull
    denominator = upper - problem.c_r * pull
    if denominator > 0:
        return numerator / denominator
    return inf if numerator > 0 else -inf


def _corollary_1(s: Setting, entries: Entries, uppers: list[float]) -> None:
    problem = s.problem
    k, _ = bidirectional(s)
    reverse = inf if k is None else k * s.epsilon
    induced = 0.5 * problem.loss.at_zero / problem.c_r
    known = Hypothesis(K_HYPOTHESIS, k is not None)
    for name, statement in (
        ("corollary_1", "printed"),
        ("corollary_1_no_bound", "extended"),
        ("corollary_1_half", "extended"),
    ):
        numerator, denominator = c1.QUOTIENTS[name]
        bounds = []
        for model, upper in zip(s.models, uppers, strict=True):
            values = {
                c1.LOSS_GAP.name: problem.loss_sum(s.target) - problem.loss_sum(model),
                c1.S.name: upper,
                c1.R.name: regulariser(model),
                c1.R_STAR.name: max(induced, regulariser(model)),
                c1.C.name: problem.c_r,
                c1.N.name: problem.n_points,
                c1.E.name: reverse,
            }
            if k is not None:
                below = float(evaluate(denominator, values))
                bounds.append(float(evaluate(numerator, values)) / below if below > 0 else -inf)
        quotient = f"{latex(numerator)} / ({latex(denominator)})"
        entries.add(name, "corollary-1", statement, best(bounds), quotient, (known,))


__all__ = ["lower_bounds"]
