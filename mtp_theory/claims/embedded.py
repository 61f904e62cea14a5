"""Facts of the embedded real data: the online attack on the canonical instance digits-1-7."""

from __future__ import annotations

from functools import cache

import numpy as np

from .facts.kinds import Facts

#: Rounds of the attack that the checks look at; the distance is below 0.05 by then.
POINTS = 150
#: Every so many of the run's models serve as test models of pair statements.
STRIDE = 10
#: Random points of the domain that are held against the claimed maximum.
RANDOM_POINTS = 20


@cache
def _facts() -> dict[str, list[Facts]]:
    # attack, training and data sets are loaded only when the embedded data are asked for
    from ..attacks import online
    from ..convex_set import gamma as best_gamma
    from ..targets import canonical
    from .facts import measured as m
    from .facts.trajectory import minimum_facts, trajectory_facts

    problem, fit = canonical()
    target = fit.theta
    constants = best_gamma(problem, target)
    name = "digits-1-7"
    run = online(problem, target, max_points=POINTS, keep_models=True)
    double = online(problem, target, max_points=POINTS, copies=2, keep_models=True)
    models = list(run.thetas[::STRIDE])
    rng = np.random.default_rng(0)
    X = np.concatenate([problem.X[:RANDOM_POINTS] / problem.scale, rng.integers(0, 2, (RANDOM_POINTS, problem.d))])
    y = rng.choice([-1.0, 1.0], len(X))
    facts = trajectory_facts(
        problem,
        target,
        run,
        gamma=constants.lower,
        lam=constants.lambda_star.lower,
        tested=models,
        X=X,
        y=y,
        name=name,
    )
    facts |= minimum_facts(problem, target, run, facts["run"][0], models, name)
    facts["copies"] = [
        m.measured_run(problem, target, double, constants.lower, f"{name}, two copies a round", copies=2)
    ]
    flat, flat_fit = canonical(bias=False)
    flat_run = online(flat, flat_fit.theta, max_points=POINTS // 2, keep_models=True)
    flat_models = list(flat_run.thetas[::STRIDE])
    # the claims about norms are for models without a bias
    facts["vectors"] = list(m.measured_vectors(flat, flat_models, flat_fit.theta, f"{name} without a bias"))
    return facts


def embedded(kind: str) -> list[Facts]:
    """The facts of that kind on digits-1-7; none for kinds that exist in exact arithmetic only."""
    return _facts().get(kind, [])
