r"""Facts of real problems, in floats: runs, pairs, induced targets, trained models, maximisers.

``FLOAT_TOLERANCE`` times the number of points covers rounding of sums over the data; the training gaps that a run measured are
added to it, since regret and excess are differences of inexact minima.
"""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
from numpy.typing import ArrayLike

from ...attacks.run import AttackRun
from ...convex_set import fractional_minimum
from ...domains import Box, Domain, L1Ball
from ...losses import Array
from ...problem import Problem, regulariser
from ...shadow.distance import distance
from ..engine.model import Arithmetic
from .kinds import AttainedFacts, InducedFacts, MinimumFacts, NearFacts, PairFacts, PointFacts, RunFacts, TestedModel
from .rates import RateFacts, with_backward
from .vectors import VectorFacts

#: Relative rounding of sums over the data (n eps ~ 1e-13 for n = 10^3) with room for the accumulated
#: regret of some hundred rounds and for training gaps of 1e-9.
FLOAT_TOLERANCE = 1e-7

#: A target that is attainable at every weight (the zero model) is tested at this multiple of C_R.
LARGEST_WEIGHT = 1e3


def domain_radius(domain: Domain) -> float:
    """An upper bound of the Euclidean norm over the domain; sharp for boxes and balls."""
    return domain.norm_bound()


def lipschitz_constant(problem: Problem) -> float:
    """A Lipschitz constant of the loss in the model over the domain and the clean rows; inf for losses that have none."""
    extra = 1.0 if problem.bias else 0.0
    rows = problem.X.toarray() if hasattr(problem.X, "toarray") else np.asarray(problem.X, dtype=np.float64)
    clean = float(np.sqrt((rows / problem.scale) ** 2 @ np.ones(problem.d)).max())
    radius = max(domain_radius(problem.domain), clean)
    return float(problem.loss.lipschitz) * sqrt(radius**2 + extra) if np.isfinite(problem.loss.lipschitz) else inf


def _tolerance(problem: Problem, points: int, *models: Array) -> float:
    """Rounding slack of sums of ``points`` losses: relative to the largest loss that these models have on the clean data."""
    largest = max(float(problem.loss.value(problem.margins(m)).max()) for m in models)
    return FLOAT_TOLERANCE * points * max(1.0, largest)


def measured_run(
    problem: Problem, target: Array, run: AttackRun, gamma: float, description: str, *, copies: int = 1
) -> RunFacts:
    """Facts of a run whose models were kept; distances are the values at the maximisers found."""
    thetas, rounds = run.thetas, len(run.rows) - 1
    clean, c = thetas[0], problem.c_r
    brackets, gradients, excess = [], [], [problem.potential(target) - problem.potential(clean)]
    gaps = 0.0
    for j in range(rounds):
        theta, x, y = thetas[j], run.X[j * copies], int(run.y[j * copies])
        at_model, at_target = problem.point_loss(theta, x, y), problem.point_loss(target, x, y)
        brackets.append(at_model - at_target + c * (regulariser(theta) - regulariser(target)))
        row = np.append(x, 1.0) if problem.bias else x
        gradient = c * theta - float(problem.loss.slope(problem.point_margin(theta, x, y))) * y * row
        gradients.append(float(gradient @ gradient))
        excess.append(_excess(problem, target, thetas[j + 1], run, (j + 1) * copies))
        gaps += 2.0 * run.rows[j].gap * (problem.n_points + j * copies)
    return RunFacts(
        description=description,
        arithmetic=Arithmetic.FLOAT,
        tolerance=_tolerance(problem, problem.n_points + run.points, clean, target) + gaps,
        n=problem.n_points,
        c=c,
        gamma=gamma,
        loss_gap=problem.loss_sum(target) - problem.loss_sum(clean),
        regulariser_gap=regulariser(target) - regulariser(clean),
        distances=tuple(row.distance for row in run.rows),
        regret=tuple(row.regret for row in run.rows),
        euclidean=tuple(float((t - target) @ (t - target)) for t in thetas),
        brackets=tuple(brackets),
        gradients=tuple(gradients),
        excess=tuple(excess),
        lipschitz=lipschitz_constant(problem),
        at_zero=problem.loss.at_zero,
        copies=copies,
        attainable=gamma >= 0 and problem.domain.both_labels,
    )


def measured_rate(problem: Problem, target: Array, run: AttackRun, facts: RunFacts) -> RateFacts:
    """The run's facts together with the distances from the target to its models."""
    return with_backward(facts, tuple(distance(problem, target, t).upper for t in run.thetas))


def _excess(problem: Problem, target: Array, theta: Array, run: AttackRun, points: int) -> float:
    """a_T: the target's excess over the model trained on the first ``points`` points."""
    X, y = run.X[:points], run.y[:points]
    added = problem.loss.value(y * problem.decision(target, X)) - problem.loss.value(y * problem.decision(theta, X))
    weight = points * problem.c_r * (regulariser(target) - regulariser(theta))
    return problem.potential(target) - problem.potential(theta) + float(added.sum()) + weight


def measured_induced(problem: Problem, run: AttackRun, description: str) -> InducedFacts:
    """The model trained on all points of ``run`` as target, tested against the run's earlier models."""
    target = run.thetas[-1]
    base = problem.potential(target)
    tested = list(run.thetas[:-1])
    gap = run.rows[-1].gap * (problem.n_points + run.points)
    return InducedFacts(
        description=description,
        arithmetic=Arithmetic.FLOAT,
        tolerance=_tolerance(problem, problem.n_points + run.points, target, run.thetas[0]) + gap,
        points=run.points,
        numerators=tuple(base - problem.potential(t) for t in tested),
        denominators=tuple(regularised_distance(problem, t, target) for t in tested),
        n=problem.n_points,
        c=problem.c_r,
        euclidean=tuple(float((t - target) @ (t - target)) for t in tested),
    )


def regularised_distance(problem: Problem, theta: Array, target: Array) -> float:
    """An upper bound of D(theta, target) + C_R (R(theta) - R(target))."""
    return distance(problem, theta, target).upper + problem.c_r * (regulariser(theta) - regulariser(target))


def measured_near(problem: Problem, target: Array, run: AttackRun, description: str) -> NearFacts:
    """The model trained on all points of ``run`` as the one induced near the target, tested at the run's models."""
    induced = run.theta
    tested = list(run.thetas)
    return NearFacts(
        description=description,
        arithmetic=Arithmetic.FLOAT,
        tolerance=_tolerance(problem, problem.n_points + run.points, target, induced)
        + run.rows[-1].gap * (problem.n_points + run.points),
        n=problem.n_points,
        c=problem.c_r,
        points=run.points,
        epsilon=distance(problem, induced, target).upper,
        reverse=distance(problem, target, induced).upper,
        bound=max(regulariser(t) for t in [target, induced, *tested]),
        target_regulariser=regulariser(target),
        induced_regulariser=regulariser(induced),
        tested=tuple(
            TestedModel(
                loss_gap=problem.loss_sum(target) - problem.loss_sum(t),
                regulariser=regulariser(t),
                distance=distance(problem, t, target).upper,
            )
            for t in tested
        ),
    )


def measured_pairs(
    problem: Problem, target: Array, thetas: list[Array], lam: float, description: str
) -> list[PairFacts]:
    """Each model of ``thetas`` against the target, with the zero model as the third one.

    ``lam``: a weight at which the target is attainable (a certified lower bound of lambda*); at or below 0 there is none.
    """
    lam = min(lam, LARGEST_WEIGHT * problem.c_r)
    zero = np.zeros_like(target)
    to_target = distance(problem, zero, target).upper
    attainable = lam >= problem.c_r
    return [
        PairFacts(
            description=f"{description}, model {k}",
            arithmetic=Arithmetic.FLOAT,
            tolerance=_tolerance(problem, 1, theta, target),
            c=problem.c_r,
            lam=lam,
            gamma=1.0 - problem.c_r / lam if lam > 0 else -inf,
            same=bool(np.array_equal(theta, target)),
            attainable=attainable,
            distance=distance(problem, theta, target).lower,
            regulariser_difference=regulariser(theta) - regulariser(target),
            via_third=(distance(problem, theta, zero).upper, to_target),
            target_attainable=attainable,
            both_labels=problem.domain.both_labels,
            euclidean=float((theta - target) @ (theta - target)),
            hinge=regulariser(target) if problem.loss.is_hinge else None,
        )
        for k, theta in enumerate(thetas)
    ]


def measured_points(
    problem: Problem, theta: Array, target: Array, X: ArrayLike, y: ArrayLike, description: str
) -> list[PointFacts]:
    """Points of the domain against the maximum that the planar shadow claims for the pair."""
    found = distance(problem, theta, target)
    loss = problem.loss
    rows, labels = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    at_model = loss.value(labels * problem.decision(theta, rows))
    differences = at_model - loss.value(labels * problem.decision(target, rows))
    tolerance = FLOAT_TOLERANCE * max(1.0, float(np.abs(at_model).max()), abs(found.upper))
    attained = problem.point_loss(theta, found.x, found.y) - problem.point_loss(target, found.x, found.y)
    return [
        PointFacts(
            description=f"{description}, point {k}",
            arithmetic=Arithmetic.FLOAT,
            tolerance=tolerance,
            difference=float(value),
            maximum=found.upper,
            attained=attained if found.kind == "exact" else None,
        )
        for k, value in enumerate(differences)
    ]


def measured_attained(
    problem: Problem, theta: Array, gap: float, others: list[Array], description: str
) -> AttainedFacts:
    """The clean model, trained with that duality gap, against other models."""
    return AttainedFacts(
        description=description,
        arithmetic=Arithmetic.FLOAT,
        tolerance=_tolerance(problem, 1, theta, *others) + 4.0 * sqrt(gap * max(1.0, problem.loss.at_zero)) + gap,
        c=problem.c_r,
        regulariser=regulariser(theta),
        mean_loss=problem.loss_sum(theta) / problem.n_points,
        at_zero=problem.loss.at_zero,
        l1_norm=float(np.abs(theta).sum()),
        dim=problem.dim,
        own=problem.objective(theta),
        others=tuple(problem.objective(t) for t in others),
    )


def measured_minimum(problem: Problem, target: Array, tested: list[Array], description: str) -> MinimumFacts | None:
    """The fractional minimum's upper side against Theorem 2's bound at ``tested``; None where no side is finite."""
    found = fractional_minimum(problem, target)
    if not np.isfinite(found.upper) or found.kind != "exact":
        return None
    base = problem.potential(target)
    kink = found.kink_tolerance * problem.n_points * max(1.0, found.upper)
    return MinimumFacts(
        description=description,
        arithmetic=Arithmetic.FLOAT,
        tolerance=_tolerance(problem, problem.n_points + int(found.upper), target, *tested) + kink,
        n=problem.n_points,
        c=problem.c_r,
        minimum=found.upper,
        numerators=tuple(base - problem.potential(t) for t in tested),
        denominators=tuple(regularised_distance(problem, t, target) for t in tested),
        euclidean=tuple(float((t - target) @ (t - target)) for t in tested),
        near=(False,) * len(tested),
        fewest=None,
        miss=None,
    )


def measured_vectors(problem: Problem, thetas: list[Array], target: Array, description: str) -> list[VectorFacts]:
    """Pairs for Theorems 4 and 5 and Corollary 3: hinge loss, no bias, [0, 1]^d or a ball about 0; else none."""
    kind, q = _vector_domain(problem.domain)
    if problem.bias or not problem.loss.is_hinge or kind is None:
        return []
    square = float(target @ target)
    inside = square > 0 and any(problem.domain.contains(s * target / square, 0.0) for s in (1.0, -1.0))
    parts = (np.maximum(target, 0.0), np.maximum(-target, 0.0))
    weight = sum(max(float(p.max()), float(p @ p)) for p in parts)
    facts = []
    for k, theta in enumerate(thetas):
        difference = theta - target
        margins = [problem.domain.support(sign * m)[0] for m in (theta, target) for sign in (1.0, -1.0)]
        facts.append(
            VectorFacts(
                description=f"{description}, model {k}",
                arithmetic=Arithmetic.FLOAT,
                tolerance=FLOAT_TOLERANCE * max(1.0, max(margins)) ** 2,
                domain=kind,
                bias=False,
                q=q,
                forward=distance(problem, theta, target).upper,
                backward=distance(problem, target, theta).lower,
                r=max(float(np.abs(theta).sum()), float(np.abs(target).sum())),
                l1=float(np.abs(difference).sum()),
                linf=float(np.abs(difference).max()),
                plus=float(np.maximum(difference, 0.0).sum()),
                minus=float(np.maximum(-difference, 0.0).sum()),
                margin=max(margins),
                c=problem.c_r,
                regulariser=regulariser(theta),
                target_regulariser=regulariser(target),
                scaled_inside=bool(inside),
                box_weight=weight,
            )
        )
    return facts


def _vector_domain(domain: Domain) -> tuple[str | None, float]:
    if isinstance(domain, L1Ball) and not domain.centre.any():
        return "l1", domain.radius
    if isinstance(domain, Box):
        if not domain.lower.any() and (domain.upper == 1).all():
            return "box", 1.0
        q = float(domain.upper[0])
        if (domain.upper == q).all() and (domain.lower == -q).all():
            return "cube", q
    return None, 0.0
