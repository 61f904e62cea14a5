r"""How many points for closeness, and how close with so many points: both ends of the reach frontier.

.. math:: \varepsilon(n) = \min\{D(t,\theta_p) : t \text{ trained on the clean data and n points}\}, \qquad
          n(\varepsilon) = \min\{n : \varepsilon(n)\le\varepsilon\}.

Lower ends are certified by an exact witness, upper ends are sets of points whose trained model was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from ... import inputs
from ...certificates import format as write
from ...certificates.format import Certificate
from ...convex_set import fractional_minimum
from ...convex_set.cells import domain_kind
from ...datasets import Dataset
from ...errors import UndecidedError
from ...goal import check_problem
from ...losses import Array
from ...problem import Problem
from ...result import Enclosure
from ...training import ENGINES, make_trainer
from ..answer import FewestPoints, data_of, versions_of
from .construct import CloseSet, Distances, Rounded, close_set
from .descent import State
from .lemma import check_epsilon
from .lower import ClosenessBound, certified
from .relaxation import Relaxation

#: Share of the mass found at which the relaxation is tried first.
NEAR = 0.9
#: Halvings of epsilon for a given number of points, unless told otherwise.
EPSILON_HALVINGS = 7


@dataclass(frozen=True, eq=False, kw_only=True)
class ClosenessResult(FewestPoints):
    """Both ends of the fewest points for epsilon-closeness to the target.

    ``lower_value``: the relaxation's own number in float64. ``model``: trained on the set (``X``, ``y``), ``distance``:
    enclosure of its distance. ``kind`` "relaxed": closeness, and ``distance``, are over the domain's hull, which is
    stricter, and the certificate says so; ``own_distance`` is over the domain itself. The set is one of the hull then.
    ``clean_distance``: upper end of the clean model's distance. ``mass``: t* of the model aimed at.
    ``distance_certificate``, ``proved_distance``, ``rounded``: what is proved about the set beside
    ``upper_certificate``, and integer points near it, see :class:`.construct.CloseSet`.
    """

    epsilon: float
    lower_value: float
    clean_distance: float
    distance: Enclosure | None = None
    own_distance: Enclosure | None = None
    mass: float | None = None
    model: Array | None = None
    distance_certificate: Certificate | None = None
    proved_distance: float | None = None
    rounded: Rounded | None = None

    @property
    def lower_bound(self) -> int:
        """The certified integer; 0 where nothing is proved."""
        return int(self.lower)


def fewest_points(
    problem: Problem,
    target: ArrayLike,
    epsilon: float,
    *,
    data: Dataset | None = None,
    search: bool = True,
    starts: Sequence[ArrayLike] = (),
    steps: int = 40,
    engine: str = "liblinear",
) -> ClosenessResult:
    """The certified fewest points for a model within ``epsilon`` of ``target`` (dim,), and with ``search`` a set.

    ``data``: as for :func:`~mtp_theory.bounds.target.bound`. ``starts``: models near the target from which the search
    may start, such as those of an attack. ``steps``: of each descent. Raises InputError for a loss other than the
    hinge, a domain that is no box and an epsilon outside [0, 1); UndecidedError when the relaxation is not solved.
    """
    check_epsilon(epsilon)
    inputs.flag("search", search)
    inputs.whole("steps", steps)
    inputs.one_of("engine", engine, ENGINES)
    models = tuple(problem.check_theta(m, "start") for m in inputs.each("starts", starts, "models"))
    theta = problem.check_theta(target, "target")
    data = data_of(problem, data)
    plain = data.problem(problem.loss, problem.c_r, bias=problem.bias)
    relaxation = Relaxation(plain, theta, epsilon)
    distances = Distances(plain, theta)
    away = distances.hull(make_trainer(plain).fit().theta)
    result = ClosenessResult(
        lower=0,
        upper=inf,
        status="bounds",
        goal=problem.close(theta, epsilon),
        epsilon=epsilon,
        lower_value=0.0,
        clean_distance=away.upper,
        kind=domain_kind(plain),
        versions=versions_of("clarabel"),
    )
    if away.upper <= epsilon:
        return replace(
            result, upper=0, distance=away, status="optimal", X=np.zeros((0, plain.d)), y=np.zeros(0),
            reason="the clean model is that close",
        )  # fmt: skip
    start = guess(plain, theta, epsilon, away.upper)
    if search:
        try:
            made, state = close_set(plain, theta, epsilon, data, starts=models, steps=steps, engine=engine)
            result = _with_set(result, made, state, engine)
            start = NEAR * state.mass if state is not None else start
        except UndecidedError as error:
            result = replace(result, reason=str(error))
    lower = certified(relaxation, data, write.decimal(epsilon), start)
    return replace(
        result,
        lower=lower.points,
        lower_value=lower.value,
        certificate=lower.certificate,
        status="optimal" if result.constructed == lower.points else "bounds",
        reason=lower.reason or result.reason,
    )


def _with_set(result: ClosenessResult, made: CloseSet | None, state: State | None, engine: str) -> ClosenessResult:
    """The result with the set found, or why there is none."""
    if made is None:
        return replace(result, mass=None if state is None else state.mass, reason="no set of points was found")
    return replace(
        result,
        upper=len(made.y),
        distance=Enclosure(*made.ends),
        own_distance=made.own,
        mass=made.mass,
        engine=engine,
        upper_certificate=made.reaching,
        distance_certificate=made.away,
        proved_distance=made.proved,
        rounded=made.rounded,
        X=made.X,
        y=made.y,
        model=made.model,
    )


def guess(problem: Problem, target: Array, epsilon: float, clean: float) -> float:
    """A number of points near the answer, to start from: the target's own, less for a share of the way."""
    needed = fractional_minimum(problem, target).upper
    return float(min(needed, 10 * problem.n_points) * max(0.0, 1 - 2 * epsilon / clean))


@dataclass(frozen=True, eq=False)
class FrontierPoint(Enclosure):
    """How close ``points`` points can come: the least distance between its ends.

    ``lower``: certified, no set of at most n points comes that close (0: nothing is proved). ``upper``: distance of the
    closest model found with at most n points, the set (``X``, ``y``).
    """

    points: int
    certificate: Certificate | None
    X: Array
    y: Array


def frontier(
    problem: Problem,
    target: ArrayLike,
    points: Sequence[int],
    *,
    data: Dataset | None = None,
    steps: int = 40,
    halvings: int = EPSILON_HALVINGS,
    engine: str = "liblinear",
) -> list[FrontierPoint]:
    """Both ends of the least distance for each number of points, by halving epsilon between 0 and the clean distance.

    Raises as :func:`fewest_points`; InputError for negative numbers of points.
    """
    check_problem(problem)
    wanted = [inputs.whole("points", n) for n in inputs.each("points", points, "numbers of points")]
    inputs.whole("steps", steps)
    inputs.whole("halvings", halvings)
    inputs.one_of("engine", engine, ENGINES)
    theta = problem.check_theta(target, "target")
    data = data_of(problem, data)
    plain = data.problem(problem.loss, problem.c_r, bias=problem.bias)
    clean = make_trainer(plain).fit().theta
    away = Distances(plain, theta).hull(clean).upper
    out = []
    for n in wanted:
        lower, certificate = closest_refuted(plain, theta, data, n, away, halvings)
        made = closest_found(plain, theta, data, n, lower, away, halvings, steps=steps, engine=engine)
        nothing = (away, np.zeros((0, plain.d)), np.zeros(0))
        upper, X, y = nothing if made is None else (made.upper, made.X, made.y)
        out.append(FrontierPoint(lower, upper, n, certificate, X, y))
    return out


def closest_found(
    problem: Problem,
    target: Array,
    data: Dataset,
    n: int,
    low: float,
    high: float,
    halvings: int,
    *,
    steps: int = 40,
    engine: str = "liblinear",
) -> CloseSet | None:
    """The closest set of at most n points found, closer than ``high``, trying epsilons above ``low``, or None."""
    best = None
    for _ in range(halvings if n else 0):
        epsilon = 0.5 * (low + high)
        made, _ = close_set(problem, target, epsilon, data, steps=steps, engine=engine)
        if made is not None and len(made.y) <= n:
            best, high = made, min(epsilon, made.upper)
        else:
            low = epsilon
    return best


def closest_refuted(
    problem: Problem, target: Array, data: Dataset, n: int, away: float, halvings: int
) -> tuple[float, Certificate | None]:
    """The largest epsilon tried for which n points are refuted, on a grid of short decimals, and its certificate.

    ``away``: a distance within which 0 points come, the clean model's. (0, None) where nothing is proved.
    """
    # one row for each point, as certificates number them
    problem = data.problem(problem.loss, problem.c_r, bias=problem.bias)
    low, high = Fraction(0), Fraction(min(away, 0.999)).limit_denominator(1000)
    certificate = None
    for _ in range(halvings):
        epsilon = Fraction(round((low + high) / 2 * 10**4), 10**4)
        found: ClosenessBound = certified(Relaxation(problem, target, float(epsilon)), data, epsilon, float(n))
        if found.points > n:
            low, certificate = epsilon, found.certificate
        else:
            high = epsilon
    return float(low), certificate


__all__ = ["ClosenessResult", "FrontierPoint", "closest_found", "closest_refuted", "fewest_points", "frontier"]
