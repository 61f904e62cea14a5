"""Every applicable claim on one problem and one target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from ..attacks import online
from ..attacks.run import AttackRun
from ..claims import Claim, select
from ..claims.check import Tally
from ..claims.facts.drawing import SeededDraw
from ..claims.facts.kinds import Facts
from ..claims.facts.trajectory import minimum_facts, trajectory_facts
from ..convex_set import gamma as best_gamma
from ..errors import InputError, UndecidedError
from ..losses import Array
from ..problem import Problem
from .bundle import make_any_trainer
from .report import Report, Row

#: Rounds of the attack that an instance is put through unless told otherwise.
ROUNDS = 8
#: Models of the run that pair statements are tested at.
MODELS = 25
#: Random points of the domain that are held against the claimed maximum.
RANDOM_POINTS = 8


def facts_of(
    problem: Problem,
    target: ArrayLike,
    *,
    rounds: int = ROUNDS,
    run: AttackRun | None = None,
    models: Sequence[Array] = (),
    seed: int = 0,
    name: str = "instance",
) -> dict[str, list[Facts]]:
    """Float facts of a problem, by kind, for the claims' cases.

    ``run``: an attack with kept models (default: the online attack for ``rounds`` rounds); ``models``: further models
    to test the target against. A part that a solver cannot decide is left out, as are kinds that the problem does not
    have. Raises InputError for an unusable problem or target.
    """
    from .problems import domain_point

    goal = problem.check_theta(target, "target")
    if run is None:
        run = online(
            problem, goal, max_points=rounds, keep_models=True, trainer=make_any_trainer(problem), bound_every=rounds
        )
    elif len(run.thetas) != len(run.rows):
        raise InputError("run: its models were not kept; run the attack with keep_models=True")
    try:
        constants = best_gamma(problem, goal)
        lam, gamma = constants.lambda_star.lower, constants.lower
    except (UndecidedError, InputError):
        # without K nothing is known about attainability: the claims that need it do not apply
        lam = gamma = -np.inf
    draw = SeededDraw(seed)
    points = [domain_point(draw, problem.domain) for _ in range(RANDOM_POINTS)]
    X, y = np.array([x for x, _ in points]), np.array([float(label) for _, label in points])
    # evenly spread over a long run, its first and last model among them
    kept = np.unique(np.linspace(0, len(run.thetas) - 1, min(len(run.thetas), MODELS)).round().astype(int))
    tested = [*(run.thetas[k] for k in kept), *models]
    facts = trajectory_facts(problem, goal, run, gamma=gamma, lam=lam, tested=tested, X=X, y=y, name=name)
    try:
        facts |= minimum_facts(problem, goal, run, facts["run"][0], tested, name)
    except (UndecidedError, InputError):
        facts |= {"minimum": [], "phases": []}
    return facts


def check_instance(
    problem: Problem,
    target: ArrayLike,
    *,
    claims: Iterable[str] = (),
    rounds: int = ROUNDS,
    run: AttackRun | None = None,
    models: Sequence[Array] = (),
    seed: int = 0,
) -> Report:
    """Every claim (or those of these ids) on one problem and target, in floats.

    Statements whose hypotheses the instance does not meet, or whose quantities it does not have (a bias where a claim
    needs none), are "not_applicable". Raises InputError for unusable arguments, UndecidedError where a solver fails.
    """
    chosen = select(claims)
    return evaluate(facts_of(problem, target, rounds=rounds, run=run, models=models, seed=seed), chosen)


def evaluate(facts: Mapping[str, Sequence[Facts]], claims: Iterable[Claim]) -> Report:
    """The claims' verdicts on these facts alone."""
    rows = []
    for claim in claims:
        for statement in claim:
            tally = Tally(statement)
            for one in facts.get(statement.kind, ()):
                tally.add(one)
            # a printed statement that is false in general may well hold on one instance, and the other way round
            expected = str(statement.expected) if statement.expected == "holds" else "either"
            worst = None if tally.worst is None else float(tally.worst)
            rows.append(
                Row(
                    id=claim.id,
                    statement=statement.label,
                    verdict=str(tally.verdict()),
                    expected=expected,
                    instances=tally.instances,
                    worst_slack=worst if worst is not None and np.isfinite(worst) else None,
                    example=tally.worst_at or "",
                )
            )
    return Report(tuple(rows))


__all__ = ["RANDOM_POINTS", "ROUNDS", "check_instance", "evaluate", "facts_of"]
