"""The shape of a certificate: exact numbers in, the JSON form of ``book/certificates.md`` out.

Nothing here decides whether a claim is true, and nothing here is a checker's: a checker reads this form with code of
its own. Who finds something confirms it before writing (:mod:`mtp_theory.bounds.confirm`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import NotRequired, TypedDict

Exact = Sequence[Fraction]

FORMAT = "mtp-theory-certificate-1"
#: The claim that a certificate of each kind speaks about.
CLAIMS = {
    "lower_bound": "tight-lower-bound",
    "unattainable": "tight-lower-bound",
    "upper_bound": "minimum-poisoning",
    "distance": "definition-1",
    "gamma": "exact-gamma",
    "run": "theorem-1",
    "epsilon_lower_bound": "reach-frontier",
    "goal_lower_bound": "minimum-poisoning",
}


class ExactVector(TypedDict):
    """A vector as integers over one denominator."""

    denominator: str
    numerators: list[str]


class Given(ExactVector):
    """The model that was polished, and at least how far the target lies from it."""

    moved: str


class HingeBoundWitness(TypedDict):
    """A model and a multiplier in [0, 1] for each label."""

    theta: ExactVector
    mu_plus: str
    mu_minus: str


class SmoothBoundWitness(TypedDict):
    """A direction, one q >= 0 for each label, the reach that follows."""

    direction: ExactVector
    q_plus: str
    q_minus: str
    reach: str


class ListedPoint(TypedDict):
    """A point over its witness's denominator, taken ``count`` times or with a ``mass``."""

    label: int
    slope: str
    x: list[str]
    count: NotRequired[int]
    mass: NotRequired[str]


class Listed(TypedDict):
    """Points, and where the clean rows have a part in it their slopes, over one denominator."""

    denominator: str
    points: list[ListedPoint]
    slopes: NotRequired[list[list[int | str]]]


class UpperBoundWitness(Listed):
    """A model near the target that the points and slopes balance at."""

    model: ExactVector


#: A mixture whose resultant is lambda times the target ("lambda" is a word of the language, so no class body).
GammaWitness = TypedDict("GammaWitness", {"lambda": str, "denominator": str, "points": list[ListedPoint]})


class PairWitness(TypedDict):
    """A model with both sides of its distance from the target."""

    model: ExactVector
    label: int
    x: ExactVector
    mu_plus: str
    mu_minus: str


class MeasuredWitness(PairWitness):
    """The same with the slopes that make the model's duality gap small."""

    denominator: str
    slopes: list[list[int | str]]


class RunWitness(TypedDict):
    """Identity of the points, the best and the last model."""

    points_data: str
    best: MeasuredWitness
    last: MeasuredWitness


class ListedCut(TypedDict):
    """A cut of the relaxation at a point of the hull."""

    label: int
    weight: str
    x: ExactVector


class ClosenessWitness(TypedDict):
    """Multipliers that refute a number of points for closeness."""

    kappa: str
    direction: ExactVector
    limits: dict[str, list[str]]
    tilts: list[list[int | str]]
    first: list[ListedCut]
    last: list[ListedCut]


class GoalWitness(TypedDict):
    """The clean model with its slopes, and a tree of regions for each row that is needed."""

    clean: ExactVector
    unit: int
    trees: list[dict[str, object]]
    denominator: str
    slopes: list[list[int | str]]


class RunValue(TypedDict):
    """What a run's certificate claims: counts, distances between two ends, duality gaps."""

    points: int
    best_points: int
    best: list[str]
    best_gap: str
    last: list[str]
    gap: str


class ClosenessValue(TypedDict):
    """Fewer than ``points`` points do not come within ``epsilon``."""

    epsilon: str
    points: int


class GoalRow(TypedDict):
    """A row of a goal."""

    label: int
    x: ExactVector


class GoalValue(TypedDict):
    """Fewer than ``points`` points do not reach the goal."""

    goal: str
    rows: list[GoalRow]
    at_least: int
    tau: str
    points: int


BoundWitness = HingeBoundWitness | SmoothBoundWitness
Witness = BoundWitness | UpperBoundWitness | GammaWitness | PairWitness | RunWitness | ClosenessWitness | GoalWitness
#: An integer, a rational, both ends of a distance, or an object; null where no number of points suffices.
Value = int | str | list[str] | RunValue | ClosenessValue | GoalValue | None


class Certificate(TypedDict):
    """The whole file: book/certificates.md says what each key means for each kind."""

    format: str
    kind: str
    claim: str
    data: str
    loss: str
    c_r: str
    bias: bool
    domain: str
    arithmetic: str
    mode: str
    radius: str
    target: ExactVector | None
    given: Given | None
    value: Value
    witness: Witness
    seal: NotRequired[str]


@dataclass(frozen=True)
class Subject:
    """What every certificate binds: data, loss, C_R, target and the mode in which the target is meant.

    ``target``: exact entries, none where the claim is about a goal that is no model. ``given``: in the mode "polished"
    the model that was polished, ``moved``: at least its distance from the target. ``c_r`` is the decimal that the user
    typed: the shortest one that stands for the float, so 0.09 is 9/100.
    """

    identity: str
    loss: str
    c_r: Fraction
    bias: bool
    target: tuple[Fraction, ...]
    mode: str = "radius"
    radius: Fraction = Fraction(0)
    given: tuple[Fraction, ...] | None = None
    moved: Fraction = Fraction(0)


def decimal(value: float) -> Fraction:
    """The shortest decimal that stands for the float, as a rational: 0.09 gives 9/100."""
    return Fraction(repr(float(value)))


def vector(values: Exact) -> ExactVector:
    """The JSON form of a vector: integers over the least common denominator."""
    d = lcm(1, *(v.denominator for v in values))
    return {"denominator": str(d), "numerators": [str(v.numerator * (d // v.denominator)) for v in values]}


def seal(top: Mapping[str, object]) -> str:
    """SHA-256 of the certificate without its seal, keys sorted and no spaces: shows accidental changes."""
    rest = {k: v for k, v in top.items() if k != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def certificate(subject: Subject, kind: str, value: Value, witness: Witness, domain: str = "data") -> Certificate:
    """The whole JSON object, sealed."""
    given: Given | None = None
    if subject.mode == "polished":
        assert subject.given is not None
        given = {**vector(subject.given), "moved": str(subject.moved)}
    top: Certificate = {
        "format": FORMAT,
        "kind": kind,
        "claim": CLAIMS[kind],
        "data": subject.identity,
        "loss": subject.loss,
        "c_r": str(subject.c_r),
        "bias": subject.bias,
        "domain": domain,
        "arithmetic": "rational" if subject.loss == "hinge" else "interval",
        "mode": subject.mode,
        "radius": str(subject.radius),
        "target": vector(subject.target) if subject.target else None,
        "given": given,
        "value": value,
        "witness": witness,
    }
    top["seal"] = seal(top)
    return top


def hinge_bound_witness(theta: Exact, mu: Mapping[int, Fraction]) -> HingeBoundWitness:
    """Witness of a lower bound, hinge: the model theta and a multiplier in [0, 1] for each label."""
    return {"theta": vector(theta), "mu_plus": str(mu[1]), "mu_minus": str(mu[-1])}


def smooth_bound_witness(direction: Exact, q: Mapping[int, Fraction], reach: Fraction) -> SmoothBoundWitness:
    """Witness of a lower bound, smooth losses: a direction, one q >= 0 for each label, the reach that follows."""
    return {"direction": vector(direction), "q_plus": str(q[1]), "q_minus": str(q[-1]), "reach": str(reach)}


@dataclass(frozen=True)
class Point:
    """A point with exact features, how often it is taken (or its mass) and the slope of the loss at it."""

    label: int
    x: tuple[Fraction, ...]
    slope: Fraction
    count: int = 0
    mass: Fraction = Fraction(0)


def over_unit(points: Sequence[Point], slopes: Mapping[int, Fraction], *, masses: bool) -> Listed:
    """Points and slopes over one denominator."""
    entries = [v for p in points for v in (*p.x, p.slope, p.mass)] + list(slopes.values())
    unit = lcm(1, *(v.denominator for v in entries))

    def whole(v: Fraction) -> str:
        return str(v.numerator * (unit // v.denominator))

    listed: list[ListedPoint] = []
    for p in points:
        rest: tuple[str, list[str]] = whole(p.slope), [whole(v) for v in p.x]
        if masses:
            listed.append({"label": p.label, "mass": whole(p.mass), "slope": rest[0], "x": rest[1]})
        else:
            listed.append({"label": p.label, "count": p.count, "slope": rest[0], "x": rest[1]})
    out: Listed = {"denominator": str(unit), "points": listed}
    if not masses:
        out["slopes"] = [[row, whole(s)] for row, s in sorted(slopes.items())]
    return out


def upper_bound_witness(model: Exact, points: Sequence[Point], slopes: Mapping[int, Fraction]) -> UpperBoundWitness:
    """Witness of an upper bound: a model near the target, the points, the slopes of clean rows on the margin."""
    return {"model": vector(model), **over_unit(points, slopes, masses=False)}


def gamma_witness(lam: Fraction, points: Sequence[Point]) -> GammaWitness:
    """Witness of gamma: a mixture whose resultant is lambda times the target."""
    listed = over_unit(points, {}, masses=True)
    return {"lambda": str(lam), "denominator": listed["denominator"], "points": listed["points"]}


def pair(model: Exact, label: int, x: Exact, mu: Mapping[int, Fraction]) -> PairWitness:
    """A model with both sides of its distance to the target."""
    return {"model": vector(model), "label": label, "x": vector(x), "mu_plus": str(mu[1]), "mu_minus": str(mu[-1])}


def text(top: Mapping[str, object]) -> str:
    """The file's text: a readable head, long lists on one line each."""
    lines = [f" {json.dumps(k)}: {json.dumps(v)}" for k, v in top.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


__all__ = [
    "CLAIMS",
    "FORMAT",
    "BoundWitness",
    "Certificate",
    "ClosenessWitness",
    "ExactVector",
    "GoalRow",
    "GoalValue",
    "GoalWitness",
    "ListedCut",
    "MeasuredWitness",
    "PairWitness",
    "Point",
    "RunValue",
    "RunWitness",
    "Subject",
    "UpperBoundWitness",
    "certificate",
    "decimal",
    "gamma_witness",
    "hinge_bound_witness",
    "over_unit",
    "pair",
    "seal",
    "smooth_bound_witness",
    "text",
    "upper_bound_witness",
    "vector",
]
