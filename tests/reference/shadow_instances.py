"""Seeded random instances for the shadow, most of them degenerate on purpose."""

from __future__ import annotations

import numpy as np

from mtp_theory.domains import Box, Domain, GroupedBox, L1Ball, L2Ball, MixedBox, PerLabel, Polytope
from mtp_theory.losses import Array


def models(rng: np.random.Generator, d: int) -> tuple[Array, Array]:
    """Two models (d + 1,): general, small halves (ties, zeros, exact arithmetic), parallel, equal, sparse."""
    kind = rng.integers(0, 6)
    if kind == 0:
        theta, target = rng.normal(size=(2, d + 1))
    elif kind == 1:
        theta, target = rng.integers(-2, 3, (2, d + 1)) * 0.5
    elif kind == 2:
        theta = rng.normal(size=d + 1)
        target = theta * rng.uniform(-2, 2)
    elif kind == 3:
        theta = rng.integers(-1, 2, d + 1) * 1.0
        target = theta.copy()
    elif kind == 4:
        theta, target = rng.normal(size=(2, d + 1)) * 2 * (rng.uniform(size=(2, d + 1)) < 0.6)
    else:
        target = rng.normal(size=d + 1)
        theta = target + 0.3 * rng.normal(size=d + 1)
    return theta, target


def box(rng: np.random.Generator, d: int) -> Box:
    """Own bounds per feature, in halves; about a quarter of the features are fixed."""
    lower = rng.integers(-2, 2, d) * 0.5
    return Box(lower, lower + rng.integers(0, 4, d) * 0.5)


def unit(d: int) -> Box:
    return Box(np.zeros(d), np.ones(d))


def integer_box(rng: np.random.Generator, d: int, share: float = 0.7) -> MixedBox:
    """A box of small integers and some continuous features."""
    lower = rng.integers(-2, 2, d) * 1.0
    return MixedBox(Box(lower, lower + rng.integers(0, 3, d)), rng.uniform(size=d) < share, np.full(d, -1))


def grouped(rng: np.random.Generator, d: int, *, integer: bool) -> Domain:
    """Up to two groups under either rule, and single features."""
    groups = rng.integers(-1, 2, d)
    rule = str(rng.choice(["at_most_one", "exactly_one"]))
    if integer:
        return MixedBox(unit(d), rng.uniform(size=d) < 0.6, groups, rule)
    return GroupedBox(unit(d), groups, rule)


def polytope(rng: np.random.Generator, d: int) -> Polytope:
    """The cube [-1, 1]^d cut by three random half-spaces that keep the origin."""
    a = np.vstack([rng.normal(size=(3, d)), np.eye(d), -np.eye(d)])
    return Polytope(a, np.concatenate([rng.uniform(0.2, 1, 3), np.ones(2 * d)]))


def one_label(rng: np.random.Generator, domain: Domain) -> PerLabel:
    return PerLabel(domain, None) if rng.uniform() < 0.5 else PerLabel(None, domain)


def ball(rng: np.random.Generator, d: int, order: int) -> Domain:
    kind = L1Ball if order == 1 else L2Ball
    return kind(rng.normal(size=d), float(rng.choice([0.0, 0.3, 1.0])))
