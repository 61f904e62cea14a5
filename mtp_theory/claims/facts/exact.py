"""Facts of the one-dimensional rational world, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, inf, isinf

from ...exact.line import RationalProblem, RationalRun, erm
from ...exact.line import hinge as exact_hinge
from ...exact.line import minimise as exact_minimise
from ...exact.line import regulariser as exact_regulariser
from ..engine.model import Number
from .kinds import (
    AttainedFacts,
    InducedFacts,
    LeaderFacts,
    MinimumFacts,
    NearFacts,
    PairFacts,
    PointFacts,
    RunFacts,
    TestedModel,
    TwoTargetsFacts,
)


def exact_run(run: RationalRun, description: str, *, alpha: Number = 1, eta: Number = 0) -> RunFacts:
    """Facts of a run in the rational world."""
    problem, target = run.problem, run.target
    clean, c = run.thetas[0], problem.c
    visited = tuple(zip(run.thetas, run.poison, strict=False))
    return RunFacts(
        description=description,
        n=problem.n,
        c=c,
        gamma=_gamma(problem, target),
        loss_gap=problem.loss_sum(target) - problem.loss_sum(clean),
        regulariser_gap=exact_regulariser(target) - exact_regulariser(clean),
        distances=tuple(problem.distance(t, target) for t in run.thetas),
        regret=run.regret(),
        euclidean=tuple((t - target) ** 2 for t in run.thetas),
        brackets=tuple(_point_objective(t, s, c) - _point_objective(target, s, c) for t, s in visited),
        gradients=tuple(_least_gradient(t, s, c) for t, s in visited),
        excess=tuple(run.potential(j, target) - run.potential(j, t) for j, t in enumerate(run.thetas)),
        lipschitz=problem.reach,
        copies=run.copies,
        alpha=alpha,
        eta=eta,
        attainable=problem.attainable(target, c),
    )


def _gamma(problem: RationalProblem, target: Fraction) -> Number:
    top = problem.lambda_star(target)
    return problem.gamma(target) if top > 0 else -inf


def _point_objective(theta: Fraction, s: Fraction, c: Fraction) -> Fraction:
    return exact_hinge(theta, s) + c * exact_regulariser(theta)


def _least_gradient(theta: Fraction, s: Fraction, c: Fraction) -> Fraction:
    """Square of the least subgradient of the point's regularised loss."""
    smooth = c * theta
    if theta * s > 1:
        return smooth**2
    if theta * s < 1:
        return (smooth - s) ** 2
    low, high = sorted((smooth, smooth - s))
    return Fraction(0) if low <= 0 <= high else min(low**2, high**2)


def exact_pair(
    problem: RationalProblem,
    theta: Fraction,
    target: Fraction,
    third: Fraction,
    lam: Fraction,
    attainable: bool,
    description: str,
) -> PairFacts:
    """Facts of a pair of models in the rational world."""
    ratio = 1 - theta / target if target != 0 else None
    return PairFacts(
        description=description,
        c=problem.c,
        lam=lam,
        gamma=problem.gamma(target),
        same=theta == target,
        attainable=attainable,
        distance=problem.distance(theta, target),
        regulariser_difference=exact_regulariser(theta) - exact_regulariser(target),
        via_third=(problem.distance(theta, third), problem.distance(third, target)),
        target_attainable=problem.attainable(target, problem.c),
        both_labels=problem.both_labels,
        euclidean=(theta - target) ** 2,
        # the interval between 0 and the target holds no kink problem only on convex domains
        hinge=exact_regulariser(target),
        shrunk=ratio if ratio is not None and len(problem.domain) == 1 and 0 < ratio <= 1 else None,
    )


def exact_point(theta: Fraction, target: Fraction, s: Fraction, maximum: Fraction, description: str) -> PointFacts:
    """Facts of one point in the rational world."""
    difference = exact_hinge(theta, s) - exact_hinge(target, s)
    return PointFacts(description=description, difference=difference, maximum=maximum)


def exact_induced(
    problem: RationalProblem, poison: int, target: Fraction, tested: Sequence[Fraction], description: str
) -> InducedFacts:
    """Facts of a target that ``poison`` added points induce in the rational world."""
    base = problem.potential(target)
    return InducedFacts(
        description=description,
        points=poison,
        numerators=tuple(base - problem.potential(t) for t in tested),
        denominators=tuple(_regularised(problem, t, target) for t in tested),
        n=problem.n,
        c=problem.c,
        euclidean=tuple((t - target) ** 2 for t in tested),
    )


def _regularised(problem: RationalProblem, theta: Fraction, target: Fraction) -> Fraction:
    return problem.distance(theta, target) + problem.c * (exact_regulariser(theta) - exact_regulariser(target))


def exact_near(
    problem: RationalProblem,
    poison: Sequence[Fraction],
    target: Fraction,
    tested: Sequence[Fraction],
    description: str,
    *,
    epsilon: Fraction | None = None,
    reverse: Fraction | None = None,
    bound: Fraction | None = None,
) -> NearFacts:
    """Facts of a model induced by ``poison`` near the target; the tightest epsilon, k epsilon and R* unless given."""
    induced = erm([*problem.data, *poison], problem.c)
    models = [target, induced, *tested]
    forward, backward = problem.distance(induced, target), problem.distance(target, induced)
    return NearFacts(
        description=description,
        n=problem.n,
        c=problem.c,
        points=len(poison),
        epsilon=forward if epsilon is None else epsilon,
        reverse=backward if reverse is None else reverse,
        bound=max(map(exact_regulariser, models)) if bound is None else bound,
        target_regulariser=exact_regulariser(target),
        induced_regulariser=exact_regulariser(induced),
        tested=tuple(
            TestedModel(
                loss_gap=problem.loss_sum(target) - problem.loss_sum(t),
                regulariser=exact_regulariser(t),
                distance=problem.distance(t, target),
            )
            for t in tested
        ),
    )


def exact_attained(
    data: Sequence[Fraction], weight: Fraction, tested: Sequence[Fraction], copies: int, description: str
) -> AttainedFacts:
    """Facts of the model trained on ``data`` at that weight, in one dimension."""
    theta = erm(data, weight)

    def objective(t: Fraction) -> Fraction:
        total = sum((copies * exact_hinge(t, s) for s in data), Fraction(0))
        return total / (copies * len(data)) + weight * exact_regulariser(t)

    return AttainedFacts(
        description=description,
        c=weight,
        regulariser=exact_regulariser(theta),
        mean_loss=sum((exact_hinge(theta, s) for s in data), Fraction(0)) / len(data),
        at_zero=Fraction(1),
        l1_norm=abs(theta),
        dim=1,
        own=objective(theta),
        others=tuple(objective(t) for t in tested),
    )


@dataclass(frozen=True)
class Loss1D:
    r"""The function :math:`(1-ts)_+ + \frac\sigma2 (t-b)^2` of one round of follow-the-leader; s = 0 gives a quadratic plus 1."""

    s: Fraction
    sigma: Fraction
    b: Fraction

    def value(self, t: Fraction) -> Fraction:
        """The function."""
        return exact_hinge(t, self.s) + self.sigma * (t - self.b) ** 2 / 2

    def least_gradient(self, t: Fraction) -> Fraction:
        """Square of the least subgradient."""
        smooth = self.sigma * (t - self.b)
        if t * self.s > 1:
            return smooth**2
        if t * self.s < 1:
            return (smooth - self.s) ** 2
        low, high = sorted((smooth, smooth - self.s))
        return Fraction(0) if low <= 0 <= high else min(low**2, high**2)


def exact_leader(losses: Sequence[Loss1D], rho: Fraction, start: Fraction, description: str) -> LeaderFacts:
    """Follow-the-leader on these functions; ``start`` is the first model (with rho > 0 it is 0)."""

    def leader(rounds: int) -> Fraction:
        if rounds == 0:
            return start if rho == 0 else Fraction(0)
        seen = losses[:rounds]
        curvature = rho + sum(f.sigma for f in seen)
        return exact_minimise([f.s for f in seen], curvature, sum((f.sigma * f.b for f in seen), Fraction(0)))

    thetas = [leader(i) for i in range(len(losses) + 1)]
    comparators = [thetas[-1], Fraction(0), losses[-1].b]
    regret = []
    for u in comparators:
        sums = [Fraction(0)]
        for f, t in zip(losses, thetas, strict=False):
            sums.append(sums[-1] + f.value(t) - f.value(u))
        regret.append(tuple(sums))
    strong, total = [], rho
    for f in losses:
        total += f.sigma
        strong.append(total)
    return LeaderFacts(
        description=description,
        gradients=tuple(f.least_gradient(t) for f, t in zip(losses, thetas, strict=False)),
        strong=tuple(strong),
        regret=tuple(regret),
        r0=tuple(rho * u * u / 2 for u in comparators),
        sigma=min(f.sigma for f in losses),
        rho=rho,
    )


def exact_minimum(
    problem: RationalProblem, target: Fraction, tested: Sequence[Fraction], description: str
) -> MinimumFacts:
    """Facts about t* in one dimension; ``tested`` are models, joined by one right beside the target."""
    t_star = problem.fractional_minimum(target)
    left, right = problem.clean_slopes(target)
    # Theorem 2's bound tends to t* on the side on which the clean objective falls
    side = -1 if left > 0 else 1
    step = _step(problem, target)
    beside = target + side * step
    models = [*tested, beside]
    fewest = miss = None
    if not isinf(t_star):
        fewest = ceil(t_star)
        slope = left if left > 0 else min(right, Fraction(0))
        force = problem.c * target + (slope / fewest if fewest else 0)
        miss = _miss(problem, target, fewest, force)
    return MinimumFacts(
        description=description,
        n=problem.n,
        c=problem.c,
        minimum=t_star,
        numerators=tuple(problem.potential(target) - problem.potential(t) for t in models),
        denominators=tuple(_regularised(problem, t, target) for t in models),
        euclidean=tuple((t - target) ** 2 for t in models),
        near=(*(False for _ in tested), t_star > 0 and len(problem.domain) == 1),
        fewest=fewest,
        miss=miss,
    )


def _miss(problem: RationalProblem, target: Fraction, points: int, force: Fraction) -> Number | None:
    """Distance from the target after training on ``points`` points that pull with ``force`` each.

    None where the domain is no interval; inf where no such points lie in it, which refutes that so few suffice.
    """
    low, high = problem.domain[0]
    if points == 0:
        return abs(erm(problem.data, problem.c) - target)
    if len(problem.domain) > 1:
        return None
    if target * force <= 1 and low <= force <= high:
        s = force
    elif target != 0 and low <= 1 / target <= high and 0 <= force * target <= 1:
        # a point at its kink pulls with any slope between 0 and 1
        s = 1 / target
    else:
        return inf
    return abs(erm([*problem.data, *([s] * points)], problem.c) - target)


def _step(problem: RationalProblem, target: Fraction) -> Fraction:
    """A step so short that no kink of a clean point lies within it."""
    gaps = [abs(1 / s - target) for s in problem.data if s != 0 and s * target != 1]
    return min([Fraction(1, 1000), *(g / 2 for g in gaps)])


def exact_two_targets(problem: RationalProblem, first: Fraction, second: Fraction, description: str) -> TwoTargetsFacts:
    """The least poisoning mass of two targets, in order of their clean loss."""
    low, high = sorted((first, second), key=problem.loss_sum)
    return TwoTargetsFacts(
        description=description,
        first_minimum=problem.fractional_minimum(low),
        second_minimum=problem.fractional_minimum(high),
    )
