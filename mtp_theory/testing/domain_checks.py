"""Is a feature domain what it claims to be, and do the claims hold on it?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ..claims.facts.drawing import SeededDraw
from ..domains import MEMBERSHIP_TOLERANCE, Domain, labelled
from ..errors import InputError, UndecidedError
from ..losses import Array
from .loss_checks import check_instances
from .problems import float_instance, quarter
from .report import Report, Row, merge

#: Rounding slack of comparisons between values of the support function, relative to them.
ROUNDING = 1e-9


def check_domain(
    domain: Domain, *, claims: Iterable[str] = (), examples: int = 50, instances_per_claim: int = 8, seed: int = 0
) -> Report:
    """The promises of a domain, then every applicable claim on random instances over it.

    Promises: support points lie inside and attain the support function's value; that function is positively
    homogeneous, subadditive and finite; no point of the domain lies beyond it (tried at support points, their
    reflections, exchanges of their coordinates and points pushed outward); the relaxation holds the domain and has no
    smaller support function.
    """
    if isinstance(domain, type) or not isinstance(domain, Domain):
        raise InputError(f"domain: {domain!r} is no Domain; give an instance of a subclass of mtp_theory.Domain")
    draw = SeededDraw(seed)
    rows = []
    for label, part in labelled(domain):
        directions = [np.array([quarter(draw) for _ in range(part.dim)]) for _ in range(2 * examples)]
        pairs = list(zip(directions[::2], directions[1::2], strict=True))
        for name, fails in _properties(part).items():
            failing = [(p, raised) for p in pairs if (raised := _outcome(fails, *p)) is not None]
            witness, raised = min(failing, key=lambda f: float(np.abs(f[0]).sum()), default=(None, ""))
            text = ""
            if witness is not None:
                text = f"label {label:+d}, directions {witness[0].tolist()}, {witness[1].tolist()}{raised}"
            verdict = "holds" if witness is None else "violated"
            rows.append(Row(f"property:{name}", f"label {label:+d}", verdict, "holds", len(pairs), None, text))
    report = Report(tuple(rows))
    if not report.ok:
        return report
    drawn = (float_instance(SeededDraw(f"{seed}/{k}"), domain=domain) for k in range(instances_per_claim))
    return merge([report, check_instances(drawn, claims=claims, seed=seed)])


def _outcome(fails: Callable[[Array, Array], bool], a: Array, b: Array) -> str | None:
    """None where the property holds; else what the domain's methods raised, if they did."""
    try:
        return "" if fails(a, b) else None
    except UndecidedError:
        return None
    except Exception as error:
        return f" raises {type(error).__name__}: {error}"


def _candidates(x: Array, z: Array) -> list[Array]:
    """Points that a convex set holding x and z may hold as well: a set that does must have them in its support."""
    middle = 0.5 * (x + z)
    turned = [np.roll(x, k) for k in range(1, x.size)]
    swapped = [x[np.argsort(np.argsort(-z))], x[::-1]]
    signs = [np.where(np.arange(x.size) == j, -x, x) for j in range(x.size)]
    raised = [middle + np.where(np.arange(x.size) == j, 1.0, 0.0) for j in range(x.size)]
    units = [np.where(np.arange(x.size) == j, top, 0.0) for j in range(x.size) for top in (1.0, float(np.abs(x).max()))]
    pushed = [middle + 1.05 * (x - middle), middle + 2.0 * (x - middle), 2.0 * middle - x]
    return [*turned, *swapped, *signs, *raised, *units, *pushed, -x]


def _properties(domain: Domain) -> dict[str, Callable[[Array, Array], bool]]:
    def h(direction: Array) -> float:
        return domain.support(direction)[0]

    def above(a: float, b: float) -> bool:
        return a > b + ROUNDING * max(1.0, abs(a), abs(b))

    def outside(a: Array, b: Array) -> bool:
        return not domain.contains(domain.support(a)[1])

    def not_attained(a: Array, b: Array) -> bool:
        value, x = domain.support(a)
        return x.shape != (domain.dim,) or above(value, float(a @ x)) or above(float(a @ x), value)

    def not_largest(a: Array, b: Array) -> bool:
        return above(float(a @ domain.support(b)[1]), h(a))

    def contained_beyond(a: Array, b: Array) -> bool:
        inside = (x for x in _candidates(domain.support(a)[1], domain.support(b)[1]) if domain.contains(x, 0.0))
        return any(above(float(a @ x), h(a)) or above(float(b @ x), h(b)) for x in inside)

    def not_homogeneous(a: Array, b: Array) -> bool:
        return above(h(3.0 * a), 3.0 * h(a)) or above(3.0 * h(a), h(3.0 * a))

    def not_subadditive(a: Array, b: Array) -> bool:
        return above(h(a + b), h(a) + h(b))

    def relaxation_smaller(a: Array, b: Array) -> bool:
        wide = domain.relaxation
        x = domain.support(b)[1]
        return above(h(a), wide.support(a)[0]) or not wide.contains(x, 10.0 * MEMBERSHIP_TOLERANCE)

    return {
        "support points inside": outside,
        "support value attained": not_attained,
        "support value largest": not_largest,
        "no point beyond the support": contained_beyond,
        "support homogeneous": not_homogeneous,
        "support subadditive": not_subadditive,
        "relaxation contains": relaxation_smaller,
    }


__all__ = ["check_domain"]
