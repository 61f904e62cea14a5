r"""Certificates of a distance, of gamma and of a run, hinge loss on boxes (or their hulls).

Floats propose; the values that are claimed come from exact evaluation, rounded outward to a short decimal. The bound
and construction certificates are made in :mod:`mtp_theory.bounds.target`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Protocol

import numpy as np
from flint import fmpq
from numpy.typing import ArrayLike

from ..certificates import format as write
from ..convex_set import lambda_star
from ..convex_set.cells import margin_ranges
from ..convex_set.clean import dense_rows
from ..datasets import Dataset
from ..domains import labelled
from ..errors import UndecidedError
from ..exact.numbers import dot, fraction, precise, rationals, root_above
from ..exact.rows import DataRows
from ..exact.sides import Sides
from ..losses import Array
from ..problem import Problem
from ..shadow import Oracle
from ..training.reference.liblinear import hinge_dual_point
from . import confirm
from .subject import sides_of, subject_of

#: Claimed values are multiples of this.
SHORT = 10**15
#: Gaps are far smaller than distances and get a finer grid.
SHORT_GAP = 10**24
#: Share of gamma's mixture that is given up for a pair that cancels: its room takes what rounding left.
GIVEN_UP = Fraction(1, 10**6)
#: A target is moved no further for its groups' sums: that is rounding of a trained model, more is another model.
FARTHEST = Fraction(1, 10**6)
#: Grid of multipliers, masses and slopes.
GRID = 2**50


class Counted(Protocol):
    """A row of a run: after how many points its model was trained."""

    @property
    def points(self) -> int: ...


class Ran(Protocol):
    """What a run's certificate is about: points X (k, d), y (k,), the last model, the models kept, the rows."""

    @property
    def X(self) -> Array: ...
    @property
    def y(self) -> Array: ...
    @property
    def theta(self) -> Array: ...
    @property
    def thetas(self) -> tuple[Array, ...]: ...
    @property
    def rows(self) -> Sequence[Counted]: ...


def distance_certificate(problem: Problem, data: Dataset, theta: ArrayLike, target: ArrayLike) -> write.Certificate:
    """Both sides of D(theta, target). On integer features the upper side is that of the hull."""
    subject = subject_of(problem, data, target)
    witness, value = _sides(problem, sides_of(data, subject), problem.check_theta(theta))
    return write.certificate(subject, "distance", value, witness)


def _sides(problem: Problem, sides: Sides, theta: Array) -> tuple[write.PairWitness, list[str]]:
    target = np.array([float(t) for t in sides.target])
    top = Oracle(problem.loss, problem.domain, target, bias=problem.bias).maximise(theta)
    x = [Fraction(float(v)) for v in top.x]
    model = [Fraction(float(t)) for t in theta]
    mu = {y: _multiplier(problem, y, theta, target) for y in (1, -1)}
    pair = write.pair(model, top.y, x, mu)
    point = rationals(x) + ([fmpq(1)] if problem.bias else [])
    paid, kept = (max(fmpq(0), 1 - top.y * dot(rationals(t), point)) for t in (model, sides.target))
    high = sides.reach(rationals(model), mu)
    lower = Fraction(floor(fraction(paid - kept) * SHORT), SHORT)
    upper = Fraction(ceil(fraction(high) * SHORT), SHORT)
    return pair, [str(lower), str(upper)]


def _multiplier(problem: Problem, y: int, theta: Array, target: Array) -> Fraction:
    """mu in [0, 1] that makes 1 - mu + max over x of y <mu target - theta, (x, 1)> least."""
    support = dict(labelled(problem.domain.relaxation))[y].support

    def height(mu: float) -> float:
        w, constant = problem.split(y * (mu * target - theta))
        return 1.0 - mu + support(w)[0] + constant

    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = theta / target
    kinks = np.unique(np.concatenate([ratios[np.isfinite(ratios) & (ratios > 0) & (ratios < 1)], [0.0, 1.0]]))
    low, high = 0, kinks.size - 1
    while high - low > 3:
        left, right = low + (high - low) // 3, high - (high - low) // 3
        if height(float(kinks[left])) <= height(float(kinks[right])):
            high = right
        else:
            low = left
    best = min((float(m) for m in kinks[low : high + 1]), key=height)
    return Fraction(round(best * GRID), GRID)


def gamma_certificate(problem: Problem, data: Dataset, target: ArrayLike) -> write.Certificate:
    """A lower bound of gamma over the domain's hull. Raises UndecidedError where the mixture cannot be made exact.

    A share of the mixture is given up for a pair (x, +1), (x, -1) inside the domain with margins below 1: it cancels,
    and leaves room in which the balance with lambda * target is made exact. Where exactly one member of each group is
    1, a balance needs a target whose groups sum to one number, the bias: the target is moved there (by its rounding, or
    it would not be attainable) and the certificate says so.
    """
    members = _exact_groups(problem)
    subject = _on_the_groups(subject_of(problem, data, target), members)
    theta = np.array([float(t) for t in subject.target])
    star = lambda_star(problem, theta)
    if star.mixture is None or not star.lower > problem.c_r:
        raise UndecidedError("gamma: no mixture with lambda* > C_R")
    kept = 1 - GIVEN_UP
    lam = Fraction(floor(Fraction(star.lower) * kept * GRID), GRID)
    inner = _inside(problem, theta)
    sums = {y: inner * float(GIVEN_UP) / 2 for y in (1, -1)}
    masses = {y: float(GIVEN_UP) / 2 for y in (1, -1)}
    for m, x, y, s in zip(star.mixture.masses, star.mixture.X, star.mixture.y, star.mixture.slopes, strict=True):
        if s > 0.5:
            sums[int(y)] = sums[int(y)] + float(kept) * m * x
            masses[int(y)] += float(kept) * m
    neutral = next(((y, r.x_high) for y, r in margin_ranges(problem, theta).items() if r.high > 1 + 1e-9), None)
    # the bias row, or a group's sum, fixes the difference of the two labels' masses
    tied = problem.bias or bool(members)
    shift = lam * (subject.target[-1] if problem.bias else _total(subject.target, members[0])) if tied else Fraction(0)
    plus = Fraction(round(masses[1] * GRID), GRID)
    minus = plus - shift if tied else Fraction(round(masses[-1] * GRID), GRID)
    if neutral is None or plus + minus >= 1:
        # no mass is left for neutral points: the two labels share all of it
        plus = (1 + shift) / 2 if tied else plus
        minus = 1 - plus
    d = problem.d
    second = [Fraction(round(float(v) * GRID), GRID) for v in sums[-1]]
    for group in members:
        largest = max(group, key=lambda j: second[j])
        second[largest] += minus - _total(second, group)
    first = [lam * t + b for t, b in zip(subject.target[:d], second, strict=True)]
    points = [
        write.Point(1, tuple(v / plus for v in first), Fraction(1), mass=plus),
        write.Point(-1, tuple(v / minus for v in second), Fraction(1), mass=minus),
    ]
    rest = 1 - plus - minus
    if neutral is not None and rest > 0:
        points.append(write.Point(neutral[0], tuple(Fraction(float(v)) for v in neutral[1]), Fraction(0), mass=rest))
    gamma = Fraction(floor((1 - subject.c_r / lam) * SHORT), SHORT)
    domain = "hull" if not problem.domain.convex else "data"
    top = write.certificate(subject, "gamma", str(gamma), write.gamma_witness(lam, points), domain)
    reason = confirm.confirmed(top, data)
    if reason is not None:
        raise UndecidedError(f"gamma: the mixture cannot be made exact: {reason}")
    return top


def _exact_groups(problem: Problem) -> list[list[int]]:
    """Members of each group of which exactly one is 1."""
    domain = problem.domain.boxed
    if domain is None or not domain.exactly_one:
        return []
    return [members.tolist() for members in domain.group_members()]


def _total(values: Sequence[Fraction], which: Sequence[int]) -> Fraction:
    return sum((values[j] for j in which), Fraction(0))


def _on_the_groups(subject: write.Subject, members: list[list[int]]) -> write.Subject:
    """The target with every group's sum equal to the bias (without one: to the first group's sum), as for all of K."""
    if not members:
        return subject
    target = list(subject.target)
    wanted = target[-1] if subject.bias else _total(target, members[0])
    for group in members:
        target[group[0]] += wanted - _total(target, group)
    moved = root_above(sum(((a - b) ** 2 for a, b in zip(target, subject.target, strict=True)), Fraction(0)))
    if moved == 0:
        return subject
    if moved > FARTHEST:
        raise UndecidedError(
            f"gamma: exactly one member of each group is 1, so an attainable target's groups sum to one number; this"
            f" target is {float(moved):.3g} away from that"
        )
    return replace(subject, target=tuple(target), mode="polished", given=subject.target, moved=moved)


def _inside(problem: Problem, theta: Array) -> Array:
    """A point with room to the domain's bounds and |decision| < 1, if the middle segment between supports has one."""
    domain = labelled(problem.domain.relaxation)[0][1]
    w, b = problem.split(theta)
    (high, x_high), (low, x_low) = domain.support(w), domain.support(-w)
    assert domain.boxed is not None
    middle = domain.boxed.middle()
    value = float(w @ middle) + b
    end, reach = (x_low, -low + b) if value > 0 else (x_high, high + b)
    share = min(1.0, max(0.0, value / (value - reach))) if value != reach else 0.0
    return np.asarray((1 - 0.999 * share) * middle + 0.999 * share * end)


def run_certificate(problem: Problem, data: Dataset, run: Ran, target: ArrayLike) -> write.Certificate:
    """Distances and exact gaps of the best kept and the last model. Check it with the points.

    The best model is the one of least distance among the models that the run kept. Raises UndecidedError where the
    certificate does not close.
    """
    subject = subject_of(problem, data, target)
    oracle = Oracle(problem.loss, problem.domain, problem.check_theta(target), bias=problem.bias)
    rows = run.rows if len(run.thetas) == len(run.rows) else (run.rows[0], run.rows[-1])
    kept = [(theta, row.points) for theta, row in zip(run.thetas, rows, strict=True)]
    best, size = min(kept, key=lambda pair: oracle.maximise(pair[0]).upper)
    sides = sides_of(data, subject)
    found: dict[str, tuple[write.MeasuredWitness, list[str], str]] = {}
    for name, theta, points in (("best", best, size), ("last", run.theta, len(run.y))):
        X, y = run.X[:points], run.y[:points]
        pair, away = _sides(problem, sides, theta)
        shares = {row: round(s * GRID) for row, s in _slopes(problem, X, y, theta).items()}
        measured: write.MeasuredWitness = {
            **pair, "denominator": str(GRID), "slopes": [[row, str(s)] for row, s in shares.items()]
        }  # fmt: skip
        slopes = {row: Fraction(s, GRID) for row, s in shares.items()}
        with precise():
            model = [Fraction(float(t)) for t in theta]
            gap = sides.gap(model, slopes, DataRows(X, y, 1.0, problem.bias))
        found[name] = measured, away, str(Fraction(ceil(gap * SHORT_GAP), SHORT_GAP))
    # in the order in which such files have always been written
    values: write.RunValue = {
        "points": len(run.y), "best_points": size, "best": found["best"][1], "best_gap": found["best"][2],
        "last": found["last"][1], "gap": found["last"][2],
    }  # fmt: skip
    witness: write.RunWitness = {
        "points_data": points_identity(run.X, run.y), "best": found["best"][0], "last": found["last"][0],
    }  # fmt: skip
    top = write.certificate(subject, "run", values, witness)
    reason = confirm.confirmed(top, data, (run.X, run.y))
    if reason is not None:
        raise UndecidedError(f"run: the certificate does not close: {reason}")
    return top


def points_identity(X: Array, y: Array) -> str:
    """SHA-256 that names a set of points: shape, then X and y as little-endian float64."""
    raw = np.ascontiguousarray(X, dtype="<f8").tobytes() + np.asarray(y, dtype="<f8").tobytes()
    return hashlib.sha256(f"{X.shape[0]},{X.shape[1]}\0".encode("ascii") + raw).hexdigest()


def _slopes(problem: Problem, X: Array, y: Array, theta: Array) -> dict[int, float]:
    """Slopes of the rows (clean ones, then points) on the margin of a model that make its gap small."""
    margins = np.concatenate([problem.margins(theta), y * problem.decision(theta, X)])
    rows = dense_rows(problem, np.arange(len(problem.y)))
    added = np.column_stack([X, np.ones(len(y))]) if problem.bias else X
    signed = np.concatenate([problem.y, y])[:, None] * np.vstack([rows, added])
    _, slopes = hinge_dual_point(signed, np.ones(len(signed)), theta, problem.c_r)
    free = np.flatnonzero((slopes != (margins < 1)) | (np.abs(margins - 1) < 1e-6))
    return {int(i): float(slopes[i]) for i in free}


__all__ = ["Ran", "distance_certificate", "gamma_certificate", "points_identity", "run_certificate"]
