"""Writing certificates: exact numbers in, the JSON form of ``book/certificates.md`` out.

Nothing here decides whether a claim is true. Callers establish the inequality exactly before they write, and
:func:`save` runs the flint checker on what it is about to write: a certificate that does not check is never written.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

from ..datasets import Dataset
from ..errors import InputError, UndecidedError
from . import checker
from .second import checker as flint_checker

Exact = Sequence[Fraction]


@dataclass(frozen=True)
class Subject:
    """What every certificate binds: data, loss, C_R, target and the mode in which the target is meant.

    ``target``: exact entries. ``given``: in the mode "polished" the model that was polished. ``c_r`` is the decimal
    that the user typed: the shortest one that stands for the float, so 0.09 is 9/100.
    """

    identity: str
    loss: str
    c_r: Fraction
    bias: bool
    target: tuple[Fraction, ...]
    mode: str = "radius"
    radius: Fraction = Fraction(0)
    given: tuple[Fraction, ...] | None = None


def decimal(value: float) -> Fraction:
    """The shortest decimal that stands for the float, as a rational: 0.09 gives 9/100."""
    return Fraction(repr(float(value)))


def common(values: Exact) -> checker.Vector:
    """Rationals over their least common denominator."""
    d = lcm(1, *(v.denominator for v in values))
    return checker.Vector([v.numerator * (d // v.denominator) for v in values], d)


def vector(values: Exact) -> dict[str, Any]:
    """The JSON form of a vector."""
    v = common(values)
    return {"denominator": str(v.d), "numerators": [str(n) for n in v.n]}


def certificate(
    subject: Subject, kind: str, value: Any, witness: Mapping[str, Any], domain: str = "data"
) -> dict[str, Any]:
    """The whole JSON object, sealed."""
    given = None
    if subject.mode == "polished":
        assert subject.given is not None
        away = sum(((a - b) ** 2 for a, b in zip(subject.target, subject.given, strict=True)), Fraction(0))
        given = {**vector(subject.given), "moved": str(checker.root_above(away))}
    top: dict[str, Any] = {
        "format": checker.FORMAT,
        "kind": kind,
        "claim": checker.CLAIMS[kind],
        "data": subject.identity,
        "loss": subject.loss,
        "c_r": str(subject.c_r),
        "bias": subject.bias,
        "domain": domain,
        "arithmetic": "rational" if subject.loss == "hinge" else "interval",
        "mode": subject.mode,
        "radius": str(subject.radius),
        "target": vector(subject.target),
        "given": given,
        "value": value,
        "witness": dict(witness),
    }
    top["seal"] = checker.seal(top)
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


def confirmed(top: Mapping[str, Any], data: Dataset, points: flint_checker.ExactRows | None = None) -> str | None:
    """None where the flint checker accepts the certificate, else its reason."""
    try:
        flint_checker.check(checker.parse(text(top).encode()), data, points)
    except (checker.Refused, checker.Malformed) as error:
        return str(error)
    return None


def save(path: str | os.PathLike[str], top: Mapping[str, Any], data: Dataset, points: Any = None) -> None:
    """Check and write in one step. Raises UndecidedError where the certificate does not close."""
    reason = confirmed(top, data, points)
    if reason is not None:
        raise UndecidedError(f"certificate not written: {reason}")
    file = Path(path)
    part = file.with_name(f".{file.name}.{secrets.token_hex(6)}.part")
    try:
        part.write_text(text(top), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise InputError(f"cannot write {file}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


__all__ = [
    "Point",
    "Subject",
    "certificate",
    "common",
    "confirmed",
    "decimal",
    "gamma_witness",
    "hinge_bound_witness",
    "over_unit",
    "pair",
    "save",
    "smooth_bound_witness",
    "text",
    "upper_bound_witness",
    "vector",
]
