r"""How many points does a target need? The certified lower bound, a set of points, and how they meet.

Modes say which target is meant. "radius": any model within a Euclidean radius of the given one (the default, since a
float target is never exactly a minimiser). "polished": the given one with its support vectors exactly on the margin.
"literal": the float vector as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from importlib.metadata import version
from math import ceil, inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...certificates import format as write
from ...convex_set import KINK_TOLERANCE, MinimumResult, clean_gradient, fractional_minimum
from ...datasets import Dataset
from ...domains import Box, MixedBox
from ...errors import InputError, UndecidedError, unknown_name
from ...exact.numbers import root_above
from ...exact.rows import DataRows, ListedRows
from ...exact.sides import Part
from ...losses import Array, Hinge
from ...problem import Problem
from ...training import make_trainer
from .. import confirm
from ..subject import sides_of
from .construct import Construction, construct
from .lower import LowerBound, certified_lower
from .polish import polished
from .rounding import rounded_points, rounded_set
from .smooth import construct_smooth

MODES = ("radius", "polished", "literal")
#: Default radius: above the rounding of a target trained in float64, below what any use of a model notices.
RADIUS = 1e-8
#: Losses whose lower bound is certified.
CERTIFIED = ("hinge", "squared_hinge", "logistic")
#: Packages whose versions a result depends on.
SOLVERS = ("mtp-theory", "numpy", "scipy", "scikit-learn", "python-flint")


@dataclass(frozen=True, eq=False)
class BoundResult:
    """What is proved and what was found about the number of points that a target needs.

    ``lower_bound``: certified, no fewer points suffice; None where no number suffices or nothing was certified.
    ``fractional_minimum``: t* in float64. ``X``, ``y``: the points found. ``constructed``: their number, None where
    they do not reach the target. ``found``: their number in any case. ``recovered_distance``: Euclidean distance of
    the model retrained on them by ``engine``. ``proved_within``: radius within which the trained model is proved to
    lie. ``status``: "optimal": lower bound and construction meet, both certified; "unattainable": no finite set
    reaches the target, certified; "bounds" otherwise. ``kind``: "exact", or "relaxed" where integer features were
    relaxed: the lower bound holds all the same, the distance between the two numbers may come from it.
    ``certificate``, ``upper_certificate``: JSON objects.
    """

    lower_bound: int | None
    lower_value: float
    fractional_minimum: float
    constructed: int | None
    recovered_distance: float | None
    target_mode: str
    radius: float
    status: str
    kind: str
    found: int | None = None
    proved_within: float | None = None
    engine: str | None = None
    kink_tolerance: float = KINK_TOLERANCE
    kinks: int = 0
    reason: str = ""
    X: Array | None = None
    y: Array | None = None
    certificate: dict[str, Any] | None = None
    upper_certificate: dict[str, Any] | None = None
    versions: dict[str, str] = field(default_factory=dict)


def dataset_of(problem: Problem, name: str = "problem") -> Dataset:
    """The problem's data as a data set, rows repeated by their counts. InputError for domains no data file has."""
    domain = problem.domain
    X = problem.X.toarray() if hasattr(problem.X, "toarray") else problem.X
    if not isinstance(domain, Box | MixedBox):
        raise InputError(
            f"certificate: domain {type(domain).__name__}; certificates are for boxes with integer features"
        )
    rows = np.repeat(np.arange(len(problem.y)), problem.counts)
    scale = problem.scale
    if X.dtype != np.uint8 and scale != 1:
        X, scale = X / scale, 1.0
    marks: dict[str, Any] = {}
    if isinstance(domain, MixedBox):
        marks = {"integer": domain.integer, "groups": domain.groups, "group_rule": domain.group_rule}
    return Dataset(X[rows], problem.y[rows], scale=scale, lower=domain.lower, upper=domain.upper, **marks, name=name)


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
) -> BoundResult:
    """The certified lower bound for ``target`` (dim,), and with ``search`` a set of points that reaches it.

    ``data``: the data set behind the problem (its identity is bound into the certificates; made from the problem where
    absent). ``radius``: for the mode "radius" (default RADIUS). ``engine``: trainer for the retraining. Raises
    InputError for unusable arguments, UndecidedError when the fractional minimum's solver fails.
    """
    if mode not in MODES:
        raise unknown_name("target mode", mode, MODES)
    rho = (RADIUS if radius is None else radius) if mode == "radius" else 0.0
    if not (np.isfinite(rho) and rho >= 0):
        raise InputError(f"radius {radius!r}: give a finite number >= 0")
    if mode != "radius" and radius:
        raise InputError(f"radius {radius:g}: only the target mode 'radius' has one")
    if mode == "polished" and not isinstance(problem.loss, Hinge):
        raise InputError(f"target mode 'polished' is for the hinge loss; loss {problem.loss.key!r} has no kinks")
    theta = problem.check_theta(target, "target")
    data = dataset_of(problem) if data is None else data
    plain = data.problem(problem.loss, problem.c_r, bias=problem.bias)
    given = tuple(Fraction(float(t)) for t in theta)
    exact_target = polished(plain, theta, kink_tolerance) if mode == "polished" else given
    tolerance = 0.0 if mode == "literal" else kink_tolerance
    near = np.array([float(t) for t in exact_target])
    fractional = fractional_minimum(plain, near, kink_tolerance=tolerance)
    subject = write.Subject(
        data.identity, problem.loss.key, write.decimal(problem.c_r), problem.bias, exact_target, mode,
        write.decimal(rho), given if mode == "polished" else None, _moved(exact_target, given),
    )  # fmt: skip
    lower, certificate, reason = _lower(plain, data, subject, fractional)
    result: dict[str, Any] = {
        "upper_certificate": None,
        "lower_bound": None if lower is None else lower.points,
        "lower_value": 0.0 if lower is None else lower.value,
        # margins within rounding of 1 count as on it in float64; what is certified does not
        "fractional_minimum": fractional.value if lower is None else max(fractional.value, lower.value),
        "constructed": None,
        "recovered_distance": None,
        "target_mode": mode,
        "radius": rho,
        "status": "bounds",
        "kind": fractional.kind,
        "kink_tolerance": tolerance,
        "kinks": int(fractional.kinks.size),
        "certificate": certificate,
        "versions": {name: version(name) for name in SOLVERS},
    }
    if certificate is not None and certificate["kind"] == "unattainable":
        return BoundResult(**{**result, "status": "unattainable", "reason": reason})
    if not search:
        return BoundResult(**{**result, "reason": reason})
    if not isinstance(problem.loss, Hinge):
        smooth = (
            None
            if fractional.mixture is None
            else construct_smooth(plain, near, fractional.mixture, result["lower_bound"] or 1)
        )
        if smooth is None or subject.loss not in CERTIFIED:
            return BoundResult(**{**result, "reason": reason or "no set of points was found"})
        return _with_points(plain, data, subject, theta, given, smooth, result, reason, "auto")
    exact_data = DataRows(data.X, data.y, data.scale, problem.bias)
    # a set for a float target is built at the polished one: only there is every equation exact
    goal = exact_target if mode != "radius" else polished(plain, theta, kink_tolerance)
    clean = clean_gradient(plain, np.array([float(t) for t in goal]), tolerance)
    try:
        made = construct(plain, goal, clean, subject.c_r, result["lower_bound"] or 0, exact_data)
    except UndecidedError as error:
        return BoundResult(**{**result, "reason": str(error)})
    if made is None:
        return BoundResult(**{**result, "reason": reason or "no set of points was found"})
    return _with_points(plain, data, subject, theta, goal, made, result, reason, engine)


def _lower(
    problem: Problem, data: Dataset, subject: write.Subject, fractional: MinimumResult
) -> tuple[LowerBound | None, dict[str, Any] | None, str]:
    """The certified bound with its certificate, or the reason why there is none."""
    if subject.loss not in CERTIFIED:
        return None, None, f"loss {subject.loss!r}: bounds are certified for {', '.join(CERTIFIED)}"
    if fractional.direction is None:
        return None, None, "the dual direction is missing"
    if not fractional.lower > 0:
        certificate = write.certificate(subject, "lower_bound", 0, _nothing(subject))
        return LowerBound(Fraction(0), Fraction(1), {}), certificate, "the fractional minimum is 0"
    try:
        lower = certified_lower(problem, data, subject, fractional.direction)
    except UndecidedError as error:
        return None, None, str(error)
    certificate = lower.certificate(subject)
    refused = confirm.confirmed(certificate, data)
    if refused is not None:
        return None, None, f"the certificate does not close: {refused}"
    return lower, certificate, ""


def _nothing(subject: write.Subject) -> dict[str, Any]:
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
    result: dict[str, Any],
    reason: str,
    engine: str,
) -> BoundResult:
    X, y = made.rows()
    relaxed = any(not problem.domain.contains(x) for x in X)
    result |= {"found": made.count, "X": X, "y": y, "engine": engine}
    if made.count:
        result["recovered_distance"] = recovered(problem, theta, X, y, engine)
    witness = write.upper_bound_witness(goal, made.points, made.slopes)
    domain = "hull" if relaxed else "data"
    within = proved_radius(subject, data, goal, made)
    result["proved_within"] = float(within)
    reaches = within <= subject.radius
    claimed = subject if reaches else _looser(subject, within)
    upper = write.certificate(claimed, "upper_bound", made.count, witness, domain)
    refused = confirm.confirmed(upper, data)
    if refused is None:
        result["upper_certificate"] = upper
    else:
        result["proved_within"] = None
    if relaxed:
        return _with_integers(problem, theta, goal, made, result, reason, engine)
    if refused is not None:
        return BoundResult(**{**result, "reason": reason or f"the set of points is not certified: {refused}"})
    if reaches:
        result["constructed"] = made.count
        if result["lower_bound"] == made.count:
            result["status"] = "optimal"
    elif not reason:
        reason = f"the set is proved to reach the target only within {float(within):.3g}"
    return BoundResult(**{**result, "reason": reason})


def _with_integers(
    problem: Problem,
    theta: Array,
    goal: tuple[Fraction, ...],
    made: Construction,
    result: dict[str, Any],
    reason: str,
    engine: str,
) -> BoundResult:
    """Replace the relaxed set by integer points near it; the upper certificate stays that of the hull."""
    near = np.array([float(t) for t in goal])
    pair: tuple[Array, Array] | None
    if isinstance(problem.loss, Hinge):
        clean = clean_gradient(problem, near, result["kink_tolerance"])
        pair = rounded_set(problem, near, clean, result["lower_bound"] or result["found"])
    else:
        pair = rounded_points(problem, near, made.points)
    note = f"{result['found']} points of the hull reach the target; " if result["upper_certificate"] else ""
    if pair is None:
        result |= {"X": None, "y": None, "recovered_distance": None}
        return BoundResult(**{**result, "reason": reason or note + "no integer points near them were found"})
    X, y = pair
    away = recovered(problem, theta, X, y, engine)
    result |= {"found": len(y), "X": X, "y": y, "recovered_distance": away}
    note += f"{len(y)} integer points come within " + ("an unknown distance" if away is None else f"{away:.3g}")
    return BoundResult(**{**result, "reason": reason or note})


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


def certified_points(result: BoundResult) -> float:
    """The certified bound as a number: inf where the target is unattainable, 0 where nothing is certified."""
    if result.status == "unattainable":
        return inf
    return float(result.lower_bound or 0)


__all__ = ["MODES", "RADIUS", "BoundResult", "bound", "certified_points", "dataset_of", "proved_radius", "recovered"]
