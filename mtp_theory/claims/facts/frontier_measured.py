r"""Facts of real problems, in floats, for the claims about phases and about models near a target."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, sqrt

import numpy as np

from ...attacks.run import AttackRun
from ...convex_set import fractional_minimum
from ...convex_set.cells import has_linear_pieces
from ...convex_set.clean import KINK_TOLERANCE
from ...losses import Array
from ...problem import Problem, regulariser
from ...shadow.chain import planar_chain
from ...shadow.distance import distance
from ..engine.model import Arithmetic, Number
from .frontier import EnergyFacts, TransferFacts
from .kinds import RunFacts
from .measured import FLOAT_TOLERANCE, regularised_distance
from .phases import PhaseFacts, Stage

#: Models of a run at which t* is computed: a linear programme each.
STAGES = 12


def measured_phases(
    problem: Problem, target: Array, run: AttackRun, facts: RunFacts, description: str
) -> PhaseFacts | None:
    """t* along a run with one copy a round and kept models; ``facts`` are the run's. None where t* has no exact upper side.

    A stage needs a model that is known well enough: rows on a kink of the exact minimiser must lie within the tolerance of
    kinks, and for a smooth loss any residual of training moves t*. So stages are left out for smooth losses and large gaps.
    """
    if facts.copies != 1 or not problem.domain.both_labels:
        return None
    own = fractional_minimum(problem, target)
    if own.kind != "exact":
        return None
    last = len(run.thetas) - 1
    spread = {round(k) for k in np.geomspace(1, last, STAGES)} if last else {0}
    chosen = sorted(k for k in spread if _known(problem, run.rows[k].gap, facts.lipschitz))
    potentials = [problem.potential(run.thetas[k]) for k in chosen]
    base = problem.potential(target)
    denominators = tuple(regularised_distance(problem, run.thetas[k], target) for k in chosen)
    stages = []
    widest = 0.0
    for k, potential in zip(chosen, potentials, strict=True):
        theta = run.thetas[k]
        found = fractional_minimum(problem, theta)
        # a model is known up to its gap: rows within the kink tolerance may pull, which moves t* by as much
        widest = max(widest, found.kink_tolerance * (problem.n_points + k))
        stages.append(
            Stage(
                description=f"{description}, {k} points",
                points=k,
                proved=found.lower,
                minimum=found.upper,
                between=False,
                reverse=distance(problem, target, theta).upper,
                regulariser_gap=regulariser(target) - regulariser(theta),
                numerators=tuple(potential - p for p in potentials),
                denominators=denominators,
            )
        )
    return PhaseFacts(
        description=description,
        arithmetic=Arithmetic.FLOAT,
        tolerance=max(facts.tolerance, widest),
        n=problem.n_points,
        c=problem.c_r,
        minimum=own.upper if np.isfinite(own.upper) else inf,
        gaps=tuple(base - problem.potential(t) for t in run.thetas),
        euclidean=facts.euclidean,
        regret=facts.regret,
        excess=facts.excess,
        stages=tuple(stages),
    )


def _known(problem: Problem, gap: float, lipschitz: Number) -> bool:
    """Is a trained model so close to the exact one that kinks are told apart? |theta - theta*| <= sqrt(2 gap / C_R)."""
    return has_linear_pieces(problem.loss) and float(lipschitz) * sqrt(2.0 * gap / problem.c_r) <= KINK_TOLERANCE


def measured_transfers(
    problem: Problem, thetas: Sequence[Array], target: Array, X: Array, y: Array, description: str
) -> list[TransferFacts]:
    """Margins of every model and of the target at the points (X, y): hinge loss, one domain for both labels."""
    domain = problem.domain
    if not domain.both_labels or not problem.loss.is_hinge:
        return []
    convex = domain.relaxation is domain
    w, b = problem.split(target)
    high, low = domain.support(w)[0] + b, b - domain.support(-w)[0]
    at_target = y * problem.decision(target, X)
    facts = []
    for k, theta in enumerate(thetas):
        at_model = y * problem.decision(theta, X)
        largest = max(1.0, float(np.abs(at_target).max()), float(np.abs(at_model).max()))
        facts.append(
            TransferFacts(
                description=f"{description}, model {k}",
                arithmetic=Arithmetic.FLOAT,
                tolerance=FLOAT_TOLERANCE * largest,
                forward=distance(problem, theta, target).upper,
                backward=distance(problem, target, theta).lower,
                margins=tuple(zip(at_target.tolist(), at_model.tolist(), strict=True)),
                least=tuple(low if label > 0 else -high for label in y.tolist()),
                convex=convex,
                reaches=convex and low <= -1.0 and high >= 1.0,
                largest=max(high, -low),
            )
        )
    return facts


def measured_energies(
    problem: Problem, run: AttackRun, target: Array, tested: Sequence[Array], description: str
) -> list[EnergyFacts]:
    """The model trained on all points of ``run``, held against ``tested``: hinge loss, both labels on one domain.

    The suprema are over the domain's convex hull, hence not too small; none for domains whose shadow has no chain.
    """
    if not problem.domain.both_labels or not problem.loss.is_hinge:
        return []
    induced, points = run.theta, run.points
    epsilon = distance(problem, induced, target).upper
    suprema = [_supremum(problem, theta, target, epsilon) for theta in tested]
    if any(u is None for u in suprema):
        return []
    # the statement is that of the exact minimiser, which lies within sqrt(2 gap / C_R) of the model
    gap, mass = run.rows[-1].gap, (problem.n_points + points) * problem.c_r
    far = max(float(np.linalg.norm(induced - t)) for t in tested)
    inexact = gap * (problem.n_points + points) + mass * (far * sqrt(2.0 * gap / problem.c_r) + gap / problem.c_r)
    return [
        EnergyFacts(
            description=f"{description}, {points} points",
            arithmetic=Arithmetic.FLOAT,
            tolerance=FLOAT_TOLERANCE * (problem.n_points + points) + inexact,
            n=problem.n_points,
            c=problem.c_r,
            points=points,
            epsilon=epsilon,
            loss=problem.loss_sum(induced),
            losses=tuple(problem.loss_sum(t) for t in tested),
            inner=tuple(float(induced @ (induced - t)) for t in tested),
            suprema=tuple(u for u in suprema if u is not None),
        )
    ]


def _supremum(problem: Problem, theta: Array, target: Array, epsilon: float) -> float | None:
    r"""U over the convex hull: it falls in the model's margin and rises in the target's, so the shadow's chain holds it.

    On an edge it is linear between the kinks u = 1, v = -1 and v = 1 - epsilon.
    """
    hull = problem.domain.relaxation
    (a, a0), (b, b0) = problem.split(theta), problem.split(target)
    best = -inf
    for y in (-1.0, 1.0):
        chain = planar_chain(hull, y * a, y * a0, y * b, y * b0)
        if chain is None:
            return None
        u, v = [chain.u], [chain.v]
        for values, level in ((chain.u, 1.0), (chain.v, -1.0), (chain.v, 1.0 - epsilon)):
            edge = np.flatnonzero((values[:-1] - level) * (values[1:] - level) < 0)
            t = (level - values[edge]) / (values[edge + 1] - values[edge])
            u.append((1.0 - t) * chain.u[edge] + t * chain.u[edge + 1])
            v.append((1.0 - t) * chain.v[edge] + t * chain.v[edge + 1])
        at_u, at_v = np.concatenate(u), np.concatenate(v)
        least = np.maximum(0.0, 2.0 - epsilon - np.maximum(0.0, 1.0 + at_v))
        best = max(best, float((np.maximum(0.0, 1.0 - at_u) - least).max()))
    return best
