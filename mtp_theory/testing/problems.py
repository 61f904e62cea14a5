"""Random convex instances in d dimensions: every loss and domain of the package, every kind of target.

Numbers are quarters and domains are small, so that margins at kinks, ties, duplicates and active constraints are
common.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ..claims.facts.drawing import Draw
from ..domains import Box, Domain, GroupedBox, L1Ball, L2Ball, MixedBox, PerLabel, Polytope, labelled
from ..losses import LOSSES, Array, MarginLoss, PiecewiseLinear
from ..problem import Problem
from .bundle import make_any_trainer
from .draws import HypothesisDraw

#: Losses that instances draw from: the built-in ones and one with two kinks.
ALL_LOSSES: tuple[MarginLoss, ...] = (*LOSSES.values(), PiecewiseLinear([2.0, 0.5, 0.0], [1.0, 0.75, 0.0]))
#: From tiny to huge: nearly separable fits at one end, models near zero at the other.
WEIGHTS = (1e-3, 0.09, 0.5, 1.0, 3.0, 50.0)
DOMAIN_KINDS = ("box", "unit_box", "mixed", "grouped", "l1", "l2", "polytope", "per_label", "one_label")
#: Domains whose planar shadow has a finite chain: quick also for a loss of which only values and slopes are known.
CHAIN_KINDS = ("box", "unit_box", "mixed", "grouped", "l1", "per_label", "one_label")
TARGET_KINDS = ("attainable", "extremal", "far", "clean", "zero")


@dataclass(frozen=True, eq=False)
class Instance:
    """A problem with a target; ``kind`` says how the target was made (see TARGET_KINDS)."""

    problem: Problem
    target: Array
    kind: str

    def __repr__(self) -> str:
        p = self.problem
        rows = ", ".join(f"({x.tolist()}, {int(y):+d})" for x, y in zip(np.asarray(p.X), p.y, strict=True))
        domain = type(p.domain).__name__
        tail = f"target={self.target.tolist()} ({self.kind})"
        return f"Instance({p.loss!r}, C_R={p.c_r:g}, bias={p.bias}, {domain}, data=[{rows}], {tail})"


def quarter(draw: Draw, low: int = -4, high: int = 4) -> float:
    """A multiple of 1/4."""
    return draw.integer(low, high) / 4.0


def random_domain(draw: Draw, d: int, kind: str | None = None) -> Domain:
    """A domain of dimension d; some hold 0 and some do not, some have fixed or integer features."""
    kind = draw.pick(DOMAIN_KINDS) if kind is None else kind
    if kind == "box":
        ends = [sorted((quarter(draw), quarter(draw))) for _ in range(d)]
        return Box(np.array([e[0] for e in ends]), np.array([e[1] for e in ends]))
    if kind in ("mixed", "grouped"):
        return _groups(draw, d, kind)
    if kind == "l1":
        return L1Ball(np.zeros(d), draw.pick((0.5, 1.0, 3.0)))
    if kind == "l2":
        return L2Ball(np.array([quarter(draw, -1, 1) for _ in range(d)]), draw.pick((0.5, 1.0, 2.0)))
    if kind == "polytope":
        # a box cut by one half-space through its inside
        normal = np.array([float(draw.integer(-1, 1)) for _ in range(d)])
        a = np.vstack([np.eye(d), -np.eye(d), normal])
        return Polytope(a, np.concatenate([np.ones(2 * d), [0.5]]))
    if kind == "per_label":
        return PerLabel(random_domain(draw, d, "box"), Box.unit(d))
    if kind == "one_label":
        return PerLabel(None, Box.unit(d))
    return Box.unit(d)


def _groups(draw: Draw, d: int, kind: str) -> Domain:
    size = draw.integer(0, d)
    groups = np.where(np.arange(d) < size, 0, -1)
    rule = draw.pick(("at_most_one", "exactly_one")) if size else "at_most_one"
    if kind == "grouped":
        return GroupedBox(Box.unit(d), groups, rule)
    integer = np.array([draw.integer(0, 1) == 1 for _ in range(d)])
    return MixedBox(Box(np.zeros(d), np.where(groups >= 0, 1.0, 2.0)), integer, groups, rule)


def domain_point(draw: Draw, domain: Domain) -> tuple[Array, int]:
    """A labelled point of the domain: a support point in a random direction, or one between two of them."""
    label, part = draw.pick(labelled(domain))
    d = part.dim
    first = part.support(np.array([quarter(draw) for _ in range(d)]))[1]
    second = part.support(np.array([quarter(draw) for _ in range(d)]))[1]
    t = draw.integer(0, 4) / 4.0
    # between two points of a domain with integer features there may be none
    x = first if part.relaxation is not part else (1.0 - t) * first + t * second
    return np.asarray(x, dtype=np.float64), label


def float_instance(
    draw: Draw,
    *,
    loss: MarginLoss | None = None,
    domain: Domain | None = None,
    bias: bool | None = None,
    max_rows: int = 6,
    target: str | None = None,
) -> Instance:
    """A random problem and target; the loss, the domain, the bias and the kind of target may be fixed.

    A loss without a log-concave slope meets the domains of CHAIN_KINDS only: elsewhere its maxima take minutes.
    """
    chosen = draw.pick(ALL_LOSSES) if loss is None else loss
    if domain is None:
        kinds = DOMAIN_KINDS if chosen.log_concave_slope else CHAIN_KINDS
        space = random_domain(draw, draw.integer(1, 3), draw.pick(kinds))
    else:
        space = domain
    rows = [domain_point(draw, space) for _ in range(draw.integer(1, max_rows))]
    if draw.integer(0, 3) == 0:
        rows.append(rows[0])  # a duplicate
    problem = Problem(
        np.array([x for x, _ in rows]),
        np.array([float(y) for _, y in rows]),
        chosen,
        draw.pick(WEIGHTS),
        space,
        bias=bool(draw.integer(0, 1)) if bias is None else bias,
    )
    kind = draw.pick(TARGET_KINDS) if target is None else target
    return Instance(problem, random_target(draw, problem, kind), kind)


def random_target(draw: Draw, problem: Problem, kind: str) -> Array:
    """A target of that kind.

    "attainable": trained on points of the domain at a weight of C_R or more; "extremal": trained on copies of one
    point, which for the hinge loss and a large C_R is at the end of what is attainable; "far": ten times any
    trained norm; "clean"; "zero".
    """
    if kind == "zero":
        return np.zeros(problem.dim)
    if kind == "clean":
        return make_any_trainer(problem).fit().theta
    if kind == "far":
        length = 10.0 * np.sqrt(2.0 * problem.loss.at_zero / problem.c_r)
        direction = np.array([quarter(draw) for _ in range(problem.dim)]) + 1.0 / 8.0
        return np.asarray(length * direction / np.linalg.norm(direction))
    count = 1 if kind == "extremal" else draw.integer(1, 4)
    weight = problem.c_r * (1.0 if kind == "extremal" else draw.pick((1.0, 1.5, 4.0)))
    rows = [domain_point(draw, problem.domain) for _ in range(count)]
    X, y = np.array([x for x, _ in rows]), np.array([float(label) for _, label in rows])
    witness = Problem(X, y, problem.loss, weight, problem.domain, problem.bias)
    return make_any_trainer(witness).fit().theta


@st.composite
def instances(
    draw: Any,
    loss: MarginLoss | None = None,
    domain: Domain | None = None,
    bias: bool | None = None,
    target: str | None = None,
) -> Instance:
    """Random problems with targets as a Hypothesis strategy; arguments fix a part of them."""
    return float_instance(HypothesisDraw(draw), loss=loss, domain=domain, bias=bias, target=target)


def models_near(draw: Draw, instance: Instance, count: int) -> Sequence[Array]:
    """Models to test a target against: close ones, multiples, any ones."""
    target = instance.target
    found = []
    for _ in range(count):
        direction = np.array([quarter(draw) for _ in range(target.size)])
        found.append(draw.pick((target + 0.01 * direction, draw.pick((0.5, 0.99, 1.5)) * target, direction)))
    return found


__all__ = [
    "ALL_LOSSES",
    "DOMAIN_KINDS",
    "TARGET_KINDS",
    "Instance",
    "domain_point",
    "float_instance",
    "instances",
    "models_near",
    "random_domain",
    "random_target",
]
