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
from typing import Any

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


def vector(values: Exact) -> dict[str, Any]:
    """The JSON form of a vector: integers over the least common denominator."""
    d = lcm(1, *(v.denominator for v in values))
    return {"denominator": str(d), "numerators": [str(v.numerator * (d // v.denominator)) for v in values]}


def seal(top: Mapping[str, Any]) -> str:
    """SHA-256 of the certificate without its seal, keys sorted and no spaces: shows accidental changes."""
    rest = {k: v for k, v in top.items() if k != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def certificate(
    subject: Subject, kind: str, value: Any, witness: Mapping[str, Any], domain: str = "data"
) -> dict[str, Any]:
    """The whole JSON object, sealed."""
    given = None
    if subject.mode == "polished":
        assert subject.given is not None
        given = {**vector(subject.given), "moved": str(subject.moved)}
    top: dict[str, Any] = {
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
        "witness": dict(witness),
    }
    top["seal"] = seal(top)
    return top


def hinge_bound_witness(theta: Exact, mu: Mapping[int, Fraction]) -> dict[str, Any]:
    """Witness of a lower bound, hinge: the model theta and a multiplier in [0, 1] for each label."""
    return {"theta": vector(theta), "mu_plus": str(mu[1]), "mu_minus": str(mu[-1])}


def smooth_bound_witness(direction: Exact, q: Mapping[int, Fraction], reach: Fraction) -> dict[str, Any]:
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


def over_unit(points: Sequence[Point], slopes: Mapping[int, Fraction], *, masses: bool) -> dict[str, Any]:
    """Points and slopes over one denominator."""
    entries = [v for p in points for v in (*p.x, p.slope, p.mass)] + list(slopes.values())
    unit = lcm(1, *(v.denominator for v in entries))

    def whole(v: Fraction) -> str:
        return str(v.numerator * (unit // v.denominator))

    listed = []
    for p in points:
        size = {"mass": whole(p.mass)} if masses else {"count": p.count}
        listed.append({"label": p.label, **size, "slope": whole(p.slope), "x": [whole(v) for v in p.x]})
    out: dict[str, Any] = {"denominator": str(unit), "points": listed}
    if not masses:
        out["slopes"] = [[row, whole(s)] for row, s in sorted(slopes.items())]
    return out


def upper_bound_witness(model: Exact, points: Sequence[Point], slopes: Mapping[int, Fraction]) -> dict[str, Any]:
    """Witness of an upper bound: a model near the target, the points, the slopes of clean rows on the margin."""
    return {"model": vector(model), **over_unit(points, slopes, masses=False)}


def gamma_witness(lam: Fraction, points: Sequence[Point]) -> dict[str, Any]:
    """Witness of gamma: a mixture whose resultant is lambda times the target."""
    return {"lambda": str(lam), **over_unit(points, {}, masses=True)}


def pair(model: Exact, label: int, x: Exact, mu: Mapping[int, Fraction]) -> dict[str, Any]:
    """A model with both sides of its distance to the target."""
    return {"model": vector(model), "label": label, "x": vector(x), "mu_plus": str(mu[1]), "mu_minus": str(mu[-1])}


def text(top: Mapping[str, Any]) -> str:
    """The file's text: a readable head, long lists on one line each."""
    lines = [f" {json.dumps(k)}: {json.dumps(v)}" for k, v in top.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


__all__ = [
    "CLAIMS",
    "FORMAT",
    "Point",
    "Subject",
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
