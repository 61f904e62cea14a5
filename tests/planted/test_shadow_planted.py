"""Planted bugs in the shadow: each one must make a check of tests/shadow fail."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from reference import shadow_instances as instances

from mtp_theory.domains import Box, PerLabel
from mtp_theory.losses import Array, Hinge, MarginLoss
from mtp_theory.shadow import edges, maximise, search
from mtp_theory.shadow.edges import Distance, Place

SHADOW_TESTS = Path(__file__).parent.parent / "shadow"


def load(name: str) -> ModuleType:
    """A test module by path: tests are no package."""
    spec = importlib.util.spec_from_file_location(name, SHADOW_TESTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


exact = load("test_shadow_exact")
programs = load("test_shadow_programs")


def failures(check: Callable[[np.random.Generator], object], runs: int = 60) -> int:
    """How many of the seeded instances make the check fail."""
    count = 0
    for seed in range(runs):
        try:
            check(np.random.default_rng([seed, 51]))
        except AssertionError:
            count += 1
    return count


def one_label(loss: MarginLoss) -> Callable[[np.random.Generator], None]:
    def check(rng: np.random.Generator) -> None:
        d = int(rng.integers(2, 8))
        theta, target = instances.models(rng, d)
        exact.check_enclosure(loss, instances.one_label(rng, instances.box(rng, d)), theta, target)

    return check


def unimodal_place(self: Distance, u: Array, v: Array, error_u: float, error_v: float) -> Place:
    """Walks the chain while the objective rises, which is right only where the maximum is >= 0."""
    place = ORIGINAL_PLACE(self, u, v, error_u, error_v)
    h = self.loss.value(u) - self.loss.value(v)
    stop = int(np.argmax(np.append(np.diff(h) <= 0, True)))
    window = slice(max(stop - 1, 0), stop + 2)
    near = ORIGINAL_PLACE(self, u[window], v[window], error_u, error_v)
    return Place(near.k + max(stop - 1, 0), near.t, near.value, near.lower, near.upper, place.slack)


ORIGINAL_PLACE = Distance.place


def test_unimodal_search_on_one_label(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failures(one_label(Hinge())) == 0
    monkeypatch.setattr(Distance, "place", unimodal_place)
    assert failures(one_label(Hinge())) > 0


@pytest.mark.parametrize("loss", [Hinge(), exact.LOSSES[2]], ids=["hinge", "piecewise_linear"])
def test_forgotten_kink(loss: MarginLoss, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edges, "break_points", lambda loss: ())
    assert failures(one_label(loss)) > 0


def programme(rng: np.random.Generator) -> None:
    d = int(rng.integers(2, 8))
    theta, target = instances.models(rng, d)
    domain = instances.box(rng, d)
    programs.check_distance(PerLabel(domain, domain), theta, target)


def test_forgotten_kink_is_seen_by_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failures(programme, 30) == 0
    monkeypatch.setattr(edges, "break_points", lambda loss: ())
    assert failures(programme, 30) > 0


def ties(rng: np.random.Generator) -> None:
    d = int(rng.integers(1, 6))
    theta, target = rng.integers(-2, 3, (2, d + 1)) * 0.5
    theta[-1] = target[-1] = 0.0
    exact.check_ties(Hinge(), Box(-np.ones(d), np.ones(d)), theta, target, "scan")


def test_wrong_order_of_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failures(ties) == 0
    original = search.over_labels

    def plus_first(found: list[tuple[int, search.Found]]) -> tuple[int, search.Found]:
        return original(found[::-1])

    monkeypatch.setattr("mtp_theory.shadow.oracle.over_labels", plus_first)
    assert failures(ties) > 0


def test_wrong_order_of_equal_slopes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of equal slope taken from the last feature backwards."""
    argsort = np.argsort

    def backwards(a: Array, **how: str) -> Array:
        return a.size - 1 - argsort(a[::-1], **how)

    assert failures(ties) == 0
    monkeypatch.setattr("mtp_theory.shadow.chain.np.argsort", backwards)
    assert failures(ties) > 0


def test_slack_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rounding slack the enclosure misses the exact maximum somewhere."""

    def check(rng: np.random.Generator) -> None:
        theta, target = rng.normal(size=(2, 21))
        domain = Box(np.zeros(20), rng.uniform(0.5, 1.5, 20))
        exact.check_enclosure(Hinge(), domain, theta, target, method="scan")

    assert failures(check, 30) == 0
    monkeypatch.setattr(edges, "distance_slack", lambda loss, least, error: 0.0)
    assert failures(check, 30) > 0


def test_vertices_only_is_not_exact() -> None:
    """The heuristic vertex method must not pass as the exact one."""
    rng = np.random.default_rng(52)
    theta, target = rng.normal(size=(2, 9))
    found = maximise("hinge", instances.unit(8), theta, target)
    vertex = maximise("hinge", instances.unit(8), theta, target, method="vertex")
    assert vertex.kind == "heuristic"
    assert vertex.value <= found.upper
