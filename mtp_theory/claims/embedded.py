"""Facts of the embedded real data: the online attack on the canonical instance digits-1-7."""

from __future__ import annotations

from functools import cache

from ..attacks import online
from ..attainability import gamma as best_gamma
from ..targets import canonical
from .facts import Facts, measured_induced, measured_pairs, measured_run

#: Rounds of the attack that the checks look at; the distance is below 0.05 by then.
POINTS = 150
#: Every so many of the run's models serve as test models of pair statements.
STRIDE = 10


@cache
def _facts() -> dict[str, list[Facts]]:
    problem, fit = canonical()
    target = fit.theta
    constants = best_gamma(problem, target)
    run = online(problem, target, max_points=POINTS, keep_models=True)
    name = "digits-1-7"
    pairs = measured_pairs(problem, target, list(run.thetas[::STRIDE]), constants.lambda_lower, name)
    return {
        "run": [measured_run(problem, target, run, constants.gamma_lower, name)],
        "pair": list(pairs),
        "induced": [measured_induced(problem, run, name)],
    }


def embedded(kind: str) -> list[Facts]:
    """The facts of that kind on digits-1-7; none for kinds that exist in exact arithmetic only."""
    return _facts().get(kind, [])
