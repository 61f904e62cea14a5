"""Facts of one attack on one problem: what the claims are put to on data, embedded or a user's own."""

from __future__ import annotations

from collections.abc import Sequence

from ...attacks.run import AttackRun
from ...losses import Array
from ...problem import Problem
from . import frontier_measured as mf
from . import measured as m
from .kinds import Facts, RunFacts


def trajectory_facts(
    problem: Problem,
    target: Array,
    run: AttackRun,
    *,
    gamma: float,
    lam: float,
    tested: Sequence[Array],
    X: Array,
    y: Array,
    name: str,
) -> dict[str, list[Facts]]:
    """Float facts of a run with one copy a round and kept models, by kind; those about t* are :func:`minimum_facts`.

    ``gamma``: a proved lower bound of the best constant, ``lam``: of lambda*; ``tested``: models to hold against the
    target; ``X``, ``y``: points of the domain. Kinds that the problem does not have are empty.
    """
    attack = m.measured_run(problem, target, run, gamma, name)
    models = list(tested)
    return {
        "run": [attack],
        "arbitrary": [attack],
        "inexact": [attack],
        "approximate": [attack],
        "copies": [attack],
        "rate": [m.measured_rate(problem, target, run, attack)] if attack.attainable else [],
        "pair": list(m.measured_pairs(problem, target, models, lam, name)),
        "induced": [m.measured_induced(problem, run, name)],
        "near": [m.measured_near(problem, target, run, name)],
        "attained": [m.measured_attained(problem, run.thetas[0], run.rows[0].gap, [target, *models], name)],
        "vectors": list(m.measured_vectors(problem, models, target, name)),
        "transfer": list(mf.measured_transfers(problem, models, target, X, y, name)),
        "energy": list(mf.measured_energies(problem, run, target, models, name)),
        "point": [p for t in models[:3] for p in m.measured_points(problem, t, target, X, y, name)],
    }


def minimum_facts(
    problem: Problem, target: Array, run: AttackRun, attack: Facts, tested: Sequence[Array], name: str
) -> dict[str, list[Facts]]:
    """The facts about t*: ``attack`` are the run's facts. Raises UndecidedError where a programme cannot be solved."""
    assert isinstance(attack, RunFacts)
    minimum = m.measured_minimum(problem, target, list(tested), name)
    phases = mf.measured_phases(problem, target, run, attack, name)
    return {"minimum": [minimum] if minimum is not None else [], "phases": [phases] if phases is not None else []}


__all__ = ["minimum_facts", "trajectory_facts"]
