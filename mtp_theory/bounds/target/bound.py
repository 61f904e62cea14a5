r"""How many points does a target need? The certified lower bound, a set of points, and how they meet.

Modes say which target is meant. "radius": any model within a Euclidean radius of the given one (the default, since a
float target is never exactly a minimiser). "polished": the given one with its support vectors exactly on the margin.
"literal": the float vector as it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, inf

import numpy as np
from numpy.typing import ArrayLike

from ... import inputs
from ...certificates import format as write
from ...convex_set import KINK_TOLERANCE, FractionalMinimum, clean_gradient, fractional_minimum
from ...datasets import Dataset
from ...errors import InputError, UndecidedError
from ...exact.numbers import precise, root_above
from ...exact.rows import ListedRows
from ...exact.sides import Part
from ...goal import RADIUS, Target
from ...losses import LOSSES, Array
from ...problem import Problem
from ...result import How
from ...training import ENGINES, make_trainer
from .. import confirm
from ..answer import FewestPoints, data_of, versions_of
from ..subject import rows_of, sides_of
from .construct import Construction, construct
from .lower import LowerBound, certified_lower
from .polish import polished
from .rounding import rounded_points, rounded_set
from .smooth import construct_smooth

MODES = ("radius", "polished", "literal")
#: Built-in losses whose lower bound is certified.
CERTIFIED = tuple(key for key, loss in LOSSES.items() if "lower_bound" in loss.certificates)


@dataclass(frozen=True, eq=False, kw_only=True)
class BoundResult(FewestPoints):
    """What is proved and what was found about the number of points that a target needs.

    ``lower_value``: the certified bound before it is rounded up. ``fractional_minimum``: t* in float64. ``found``:
    number of the points found, whether or not they reach the target. ``recovered_distance``: Euclidean distance of the
    model retrained on them by ``engine``. ``proved_within``: radius within which that model is proved to lie.
    ``target_mode``, ``radius``: which target is meant. ``kink_tolerance``: rows that close to a kink are taken to lie
    on it, ``kinks`` of them.
    """

    lower_value: float
    fractional_minimum: float
    target_mode: str
    radius: float
    kink_tolerance: float
    kinks: int
    found: int | None = None
    recovered_distance: float | None = None
    proved_within: float | None = None


def bound(
    problem: Problem,
    target: ArrayLike,
    *,
    data: Dataset | None = None,
    mode: str = "radius",
    radius: float | None = None,
    kink_tolerance: float = KINK_TOLERANCE,
    search: bool = True,
    engine: str = "liblinear",
    on_stage: Callable[[str], object] | None = None,
) -> BoundResult:
    """The certified lower bound for ``target`` (dim,), and with ``search`` a set of points that reaches it.

    ``data``: the data set behind the problem, whose identity is bound into the certificates; another one is an
    InputError. ``radius``: for the mode "radius", relative to max(1, |target|) (default RADIUS). ``engine``: trainer
    for the retraining. ``on_stage`` is told what comes next. Raises InputError for unusable arguments, UndecidedError
    when the fractional minimum's solver fails.
    """
    inputs.one_of("target mode", mode, MODES)
    given_radius = RADIUS if radius is None else inputs.real("radius", radius, low=0)
    relative = given_radius if mode == "radius" else 0.0
    inputs.real("kink_tolerance", kink_tolerance, low=0)
    inputs.flag("search", search)
    inputs.one_of("engine", engine, ENGINES)
    inputs.called("on_stage", on_stage)
    if mode != "radius" and radius:
        raise InputError(f"radius {radius:g}: only the target mode 'radius' has one")
    if mode == "polished" and not problem.loss.is_hinge:
        raise InputError(f"target mode 'polished' is for the hinge loss; loss {problem.loss.key!r} has no kinks")
    theta = problem.check_theta(target, "target")
    rho = relative * max(1.0, float(np.linalg.norm(theta)))
    data = data_of(problem, data)
    plain = data.problem(problem.loss, problem.c_r, bias=problem.bias)
    given = tuple(Fraction(float(t)) for t in theta)
    exact_target = polished(plain, theta, kink_tolerance) if mode == "polished" else given
    tolerance = 0.0 if mode == "literal" else kink_tolerance
    near = np.array([float(t) for t in exact_target])
    say = on_stage or (lambda stage: None)
    say("the fractional minimum")
    fractional = fractional_minimum(plain, near, kink_tolerance=tolerance)
    say("the certificate of the lower bound")
    subject = write.Subject(
        data.identity, problem.loss.key, write.decimal(problem.c_r), problem.bias, exact_target, mode,
        write.decimal(rho), given if mode == "polished" else None, _moved(exact_target, given),
    )  # fmt: skip
    lower, certificate, reason = _lower(plain, data, subject, fractional)
    unattainable = certificate is not None and certificate["kind"] == "unattainable"
    how: How = "float" if certificate is None else "interval" if subject.loss == "logistic" else "exact"
    result = BoundResult(
        lower=inf if unattainable else (lower and lower.points) or 0,
        upper=inf,
        how=how,
        status="unattainable" if unattainable else "bounds",
        reason=reason,
        goal=Target(problem, theta),
        lower_value=0.0 if lower is None else lower.value,
        # margins within rounding of 1 count as on it in float64; what is certified does not
        fractional_minimum=fractional.value if lower is None else max(fractional.value, lower.value),
        target_mode=mode,
        radius=relative,
        kind=fractional.kind,
        kink_tolerance=tolerance,
        kinks=int(fractional.kinks.size),
        certificate=certificate,
        versions=versions_of(),
    )
    if unattainable or not search:
        return result
    say("a set of points")
    if not problem.loss.is_hinge:
        smooth = _no_points(data, subject, given, plain.d) if result.lower_bound == 0 else None
        if smooth is None and fractional.mixture is not None:
            smooth = construct_smooth(plain, near, fractional.mixture, result.lower_bound or 1)
        if smooth is None or "upper_bound" not in problem.loss.certificates:
            return replace(result, reason=reason or "no set of points was found")
        return _with_points(plain, data, subject, theta, given, smooth, result, "auto")
    exact_data = rows_of(data, problem.bias)
    # a set for a float target is built at the polished one: only there is every equation exact
    goal = exact_target if mode != "radius" else polished(plain, theta, kink_tolerance)
    clean = clean_gradient(plain, np.array([float(t) for t in goal]), tolerance)
    try:
        made = construct(plain, goal, clean, subject.c_r, result.lower_bound or 0, exact_data)
    except UndecidedError as error:
        return replace(result, reason=str(error))
    if made is None:
        return replace(result, reason=reason or "no set of points was found")
    return _with_points(plain, data, subject, theta, goal, made, result, engine)


def _no_points(
    data: Dataset, subject: write.Subject, model: tuple[Fraction, ...], features: int
) -> Construction | None:
    """The empty set, where the clean model is proved to be the target."""
    empty = Construction((), {}, True, features)
    known = subject.loss in CERTIFIED and proved_radius(subject, data, model, empty) <= subject.radius
    return empty if known else None


def _lower(
    problem: Problem, data: Dataset, subject: write.Subject, fractional: FractionalMinimum
) -> tuple[LowerBound | None, write.Certificate | None, str]:
    """The certified bound with its certificate, or the reason why there is none."""
    if "lower_bound" not in problem.loss.certificates:
        return None, None, f"loss {subject.loss!r}: bounds are certified for {', '.join(CERTIFIED)}"
    if fractional.direction is None:
        return None, None, "the dual direction is missing"
    if not fractional.lower > 0:
        lower, reason = LowerBound(Fraction(0), Fraction(1), _nothing(subject)), "the fractional minimum is 0"
        certificate = lower.certificate(subject)
    else:
        try:
            lower, reason = certified_lower(problem, data, subject, fractional.direction), ""
        except UndecidedError as error:
            return None, None, str(error)
        certificate = lower.certificate(subject)
    refused = confirm.confirmed(certificate, data)
    if refused is not None:
        return None, None, f"the certificate does not close: {refused}"
    return lower, certificate, reason


def _nothing(subject: write.Subject) -> write.BoundWitness:
    """The witness of the bound 0."""
    if subject.loss == "hinge":
        return write.hinge_bound_witness(subject.target, {1: Fraction(1), -1: Fraction(1)})
    return write.smooth_bound_witness(
        [Fraction(0)] * len(subject.target), {1: Fraction(0), -1: Fraction(0)}, Fraction(0)
    )


def _with_points(
    problem: Problem,
    data: Dataset,
    subject: write.Subject,
    theta: Array,
    goal: tuple[Fraction, ...],
    made: Construction,
    result: BoundResult,
    engine: str,
) -> BoundResult:
    X, y = made.rows()
    relaxed = any(not problem.domain.contains(x) for x in X)
    away = recovered(problem, theta, X, y, engine) if made.count else None
    result = replace(result, found=made.count, X=X, y=y, engine=engine, recovered_distance=away)
    witness = write.upper_bound_witness(goal, made.points, made.slopes)
    domain = "hull" if relaxed else "data"
    within = proved_radius(subject, data, goal, made)
    reaches = within <= subject.radius
    claimed = subject if reaches else _looser(subject, within)
    upper = write.certificate(claimed, "upper_bound", made.count, witness, domain)
    refused = confirm.confirmed(upper, data)
    if refused is None:
        result = replace(result, upper_certificate=upper, proved_within=float(within))
    if relaxed:
        return _with_integers(problem, theta, goal, made, result, engine)
    if refused is not None:
        return replace(result, reason=result.reason or f"the set of points is not certified: {refused}")
    if not reaches:
        short = f"the set is proved to reach the target only within {float(within):.3g}"
        return replace(result, reason=result.reason or short)
    return replace(result, upper=made.count, status="optimal" if result.lower_bound == made.count else "bounds")


def _with_integers(
    problem: Problem,
    theta: Array,
    goal: tuple[Fraction, ...],
    made: Construction,
    result: BoundResult,
    engine: str,
) -> BoundResult:
    """Replace the relaxed set by integer points near it; the upper certificate stays that of the hull."""
    near = np.array([float(t) for t in goal])
    pair: tuple[Array, Array] | None
    if problem.loss.is_hinge:
        clean = clean_gradient(problem, near, result.kink_tolerance)
        pair = rounded_set(problem, near, clean, result.lower_bound or made.count)
    else:
        pair = rounded_points(problem, near, made.points)
    note = f"{made.count} points of the hull reach the target; " if result.upper_certificate else ""
    if pair is None:
        note += "no integer points near them were found"
        return replace(result, X=None, y=None, recovered_distance=None, reason=result.reason or note)
    X, y = pair
    away = recovered(problem, theta, X, y, engine)
    note += f"{len(y)} integer points come within " + ("an unknown distance" if away is None else f"{away:.3g}")
    return replace(result, found=len(y), X=X, y=y, recovered_distance=away, reason=result.reason or note)


def _looser(subject: write.Subject, radius: Fraction) -> write.Subject:
    """The same subject with a larger radius; a certificate with a radius is of the mode "radius"."""
    # rounded up to a short decimal, with room for the other checker's square roots
    short = Fraction(ceil(radius * 10**12) + 1, 10**12)
    return write.Subject(subject.identity, subject.loss, subject.c_r, subject.bias, subject.target, "radius", short)


def proved_radius(subject: write.Subject, data: Dataset, model: tuple[Fraction, ...], made: Construction) -> Fraction:
    """At least the distance from the target of the model that the points train; ``model``: exact, close to it."""
    points = made.points
    listed = ListedRows([p.label for p in points], [p.x for p in points], subject.bias)
    added = Part(listed, {i: p.slope for i, p in enumerate(points)}, [p.count for p in points])
    with precise():
        return sides_of(data, subject).away(model, made.slopes, added)


def _moved(target: tuple[Fraction, ...], given: tuple[Fraction, ...]) -> Fraction:
    """At least the distance between the two."""
    return root_above(sum(((a - b) ** 2 for a, b in zip(target, given, strict=True)), Fraction(0)))


def recovered(problem: Problem, theta: Array, X: Array, y: Array, engine: str) -> float | None:
    """Euclidean distance to ``theta`` after retraining with the points; None where the trainer gives up."""
    trainer = make_trainer(problem, engine)
    trainer.add_many(X, y)
    try:
        return float(np.linalg.norm(trainer.fit().theta - theta))
    except UndecidedError:
        return None


__all__ = ["MODES", "RADIUS", "BoundResult", "bound", "proved_radius", "recovered"]
