"""check_loss, check_domain and check_instance: what is right passes, what is wrong is named with an example."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import configuration, find, given, settings

from mtp_theory.attacks import online
from mtp_theory.claims import get_claim, select
from mtp_theory.claims.check import Tally
from mtp_theory.claims.facts.drawing import SeededDraw
from mtp_theory.domains import Box, L1Ball
from mtp_theory.errors import InputError
from mtp_theory.losses import Hinge, MarginLoss, SquaredHinge
from mtp_theory.problem import Problem
from mtp_theory.testing import (
    ClaimViolationError,
    check_domain,
    check_instance,
    check_loss,
    exact_facts,
    facts_of,
    float_instance,
    parametrize_with_claims,
)
from mtp_theory.testing.bundle import BundleTrainer
from mtp_theory.testing.instance import evaluate
from mtp_theory.training import train

#: The properties of a loss are cheap; the claims on it take a second for each few instances.
FEW = {"examples": 60, "instances_per_claim": 2}


class SmoothedHinge(MarginLoss):
    """The hinge loss with a parabola between 0 and 1."""

    key = "smoothed_hinge"
    lipschitz = 1.0
    smoothness = 1.0

    def value(self, margin):
        m = np.asarray(margin, dtype=np.float64)
        return np.where(m >= 1, 0.0, np.where(m <= 0, 0.5 - m, 0.5 * (1 - m) ** 2))

    def slope(self, margin):
        return np.clip(1.0 - np.asarray(margin, dtype=np.float64), 0.0, 1.0)


class Ramp(SmoothedHinge):
    """Not convex: flat again at large losses."""

    smoothness = np.inf

    def value(self, margin):
        return np.clip(1.0 - np.asarray(margin, dtype=np.float64), 0.0, 2.0)

    def slope(self, margin):
        m = np.asarray(margin, dtype=np.float64)
        return ((m <= 1) & (m > -1)).astype(np.float64)


class Understated(SmoothedHinge):
    """A Lipschitz constant that is too small."""

    lipschitz = 0.5


class Rising(SmoothedHinge):
    """Increases with the margin: rewards mistakes."""

    def value(self, margin):
        return super().value(-np.asarray(margin, dtype=np.float64))


class NegativeHinge(Hinge):
    """Below zero."""

    kernel = None

    def value(self, margin):
        return super().value(margin) - 0.25


class LyingFlag(SmoothedHinge):
    """psi has a jump upwards in the log scale: it is not log-concave."""

    log_concave_slope = True
    smoothness = np.inf
    kinks = (0.0,)

    def value(self, margin):
        m = np.asarray(margin, dtype=np.float64)
        return np.where(m <= 0, 1.0 - m, np.exp(-0.25 * np.maximum(m, 0.0)))

    def slope(self, margin):
        m = np.asarray(margin, dtype=np.float64)
        return np.where(m <= 0, 1.0, 0.25 * np.exp(-0.25 * np.maximum(m, 0.0)))


class WrongSupport(Box):
    """A support function that forgets the lower end."""

    def support(self, direction):
        return float(np.maximum(direction, 0) @ self.upper), np.where(direction > 0, self.upper, self.lower)


def test_a_new_loss_passes():
    report = check_loss(SmoothedHinge(), examples=60, instances_per_claim=1, seed=1).raise_for_violations()
    assert report.ok
    applied = {r.id for r in report if r.instances and not r.id.startswith("property")}
    assert {"theorem-2", "remark-1", "remark-2", "last-iterate", "shadow-maximum"} <= applied
    assert "holds" in str(report)


@pytest.mark.parametrize(
    ("loss", "promise"),
    [
        (Ramp(), "property:convex"),
        (Understated(), "property:Lipschitz constant"),
        (Rising(), "property:non-increasing"),
        (NegativeHinge(), "property:nonnegative"),
        (LyingFlag(), "property:log-concave slope"),
    ],
    ids=lambda x: getattr(x, "key", None) and type(x).__name__,
)
def test_a_broken_promise_is_named_with_an_example(loss, promise):
    report = check_loss(loss, **FEW)
    assert promise in {r.id for r in report.failures}
    assert not report.ok
    # the claims assume the promises, so they are not tried
    assert all(r.id.startswith("property") for r in report)
    with pytest.raises(ClaimViolationError, match=promise.replace(":", ".")):
        report.raise_for_violations()


def test_examples_of_broken_promises_are_minimal():
    row = next(r for r in check_loss(Understated(), **FEW) if r.failed)
    assert row.example.endswith("at margin 0")


def test_domains():
    assert check_domain(L1Ball(np.zeros(2), 1.0), instances_per_claim=2).ok
    report = check_domain(WrongSupport(np.full(2, -1.0), np.ones(2)))
    assert {r.id for r in report.failures} >= {"property:support value attained"}


def test_an_instance_of_ones_own():
    one = float_instance(SeededDraw("own"), loss=Hinge(), domain=Box.unit(2), bias=False, target="attainable")
    report = check_instance(one.problem, one.target, rounds=6)
    assert report.raise_for_violations() is report
    verdicts = {(r.id, r.statement): r.verdict for r in report}
    assert verdicts["theorem-1", "repaired"] == "holds"
    assert verdicts["corollary-3", "repaired"] == "holds"
    assert verdicts["theorem-3", "repaired"] == "not_applicable"
    some = check_instance(one.problem, one.target, claims=["theorem-2"], rounds=3)
    assert {r.id for r in some} == {"theorem-2"}


def test_a_bias_takes_the_norm_claims_away():
    one = float_instance(SeededDraw("bias"), loss=Hinge(), domain=Box.unit(2), bias=True, target="attainable")
    verdicts = {(r.id, r.statement): r.verdict for r in check_instance(one.problem, one.target, rounds=3)}
    for claim in ("theorem-4", "theorem-5", "corollary-3", "appendix-c"):
        assert {v for (c, _), v in verdicts.items() if c == claim} == {"not_applicable"}


def test_runs_without_models_are_refused():
    one = float_instance(SeededDraw("run"), loss=Hinge(), domain=Box.unit(1), target="attainable")
    run = online(one.problem, one.target, max_points=4)
    with pytest.raises(InputError, match="keep_models"):
        check_instance(one.problem, one.target, run=run)


@pytest.fixture(scope="module")
def honest():
    """Facts of an honest run, which the lies below start from."""
    one = float_instance(SeededDraw("lies"), loss=Hinge(), domain=Box.unit(2), bias=False, target="attainable")
    facts = facts_of(one.problem, one.target, rounds=8)
    assert evaluate(facts, select()).ok
    return facts


LIES = {
    "regret left out": ("run", "theorem-1", lambda f: replace(f, regret=(0.0,) * len(f.regret), regulariser_gap=-1e3)),
    "gamma too large": ("pair", "exact-gamma", lambda f: replace(f, gamma=0.5 + 0.5 * f.gamma + 1.0)),
    "lambda too large": ("pair", "lemma-2", lambda f: replace(f, lam=100 * f.lam)),
    "distance too small": ("point", "shadow-maximum", lambda f: replace(f, maximum=f.difference - 0.01)),
    "fewer points": ("induced", "theorem-2", lambda f: replace(f, points=0)),
    "another last model": ("run", "last-iterate", lambda f: replace(f, euclidean=tuple(e + 10 for e in f.euclidean))),
    "gradients halved": (
        "run",
        "data-dependent-regret",
        lambda f: replace(f, gradients=tuple(g / 1e4 for g in f.gradients)),
    ),
    "smaller t*": ("minimum", "tight-lower-bound", lambda f: replace(f, minimum=0.1 * f.minimum)),
    "reverse distance forgotten": ("near", "corollary-1", lambda f: replace(f, reverse=-10.0)),
    "a larger norm": ("attained", "remark-2", lambda f: replace(f, regulariser=f.regulariser + 10 / f.c)),
    "identity broken": ("arbitrary", "potential-identity", lambda f: replace(f, excess=tuple(e + 1 for e in f.excess))),
}


@pytest.mark.parametrize("lie", LIES)
def test_planted_lies_are_caught(honest, lie):
    kind, claim, change = LIES[lie]
    lied = {**honest, kind: [change(f) for f in honest[kind]]}
    assert any(r.failed for r in evaluate(lied, [get_claim(claim)])), lie


@settings(max_examples=25)
@given(facts=exact_facts("pair"))
def test_hypothesis_draws_the_same_instances(facts):
    tally = Tally(get_claim("lemma-2").statement("repaired"))
    tally.add(facts)
    assert tally.verdict() in ("holds", "not_applicable")


def test_hypothesis_shrinks_a_counterexample():
    statement = get_claim("corollary-3").statement("printed")

    def fails(facts):
        tally = Tally(statement)
        tally.add(facts)
        return tally.verdict() == "violated"

    search = settings(max_examples=300, database=None, derandomize=True)
    small = find(exact_facts("vectors"), fails, settings=search)
    assert fails(small)
    assert "in R^1" in small.description
    # one of the models shrinks to zero
    assert 0 in (small.regulariser, small.target_regulariser)


def test_unknown_kinds_are_refused():
    with pytest.raises(InputError, match="pairs"):
        exact_facts("pairs")


@pytest.mark.parametrize("bias", [False, True])
def test_training_by_values_and_slopes_agrees_with_the_engines(bias):
    rng = np.random.default_rng(3)
    X, y = rng.integers(-4, 5, (12, 2)) / 4.0, rng.choice([-1.0, 1.0], 12)
    for loss in (Hinge(), SquaredHinge()):
        problem = Problem(X, y, loss, 0.3, Box(np.full(2, -1.0), np.ones(2)), bias=bias)
        fit, known = BundleTrainer(problem).fit(), train(problem, "liblinear")
        assert fit.gap <= 1e-7
        assert abs(fit.objective - known.objective) <= fit.gap + known.gap + 1e-9


OWN = float_instance(SeededDraw("param"), loss=Hinge(), domain=Box.unit(1), bias=False, target="attainable")


@parametrize_with_claims(OWN, claims=["theorem-1", "theorem-2", "lemma-2"])
def test_claims_as_pytest_cases(claim_check):
    assert claim_check().ok


def test_parametrisation_knows_the_claims():
    with pytest.raises(InputError, match="theorem-1"):
        parametrize_with_claims(Hinge(), claims=["theorem-one"])


def test_a_search_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(configuration, "__hypothesis_home_directory_default", tmp_path / ".hypothesis")
    monkeypatch.setattr(configuration, "__hypothesis_home_directory", None)

    class Optimistic(SmoothedHinge):
        lipschitz = 0.5

    assert check_loss(Optimistic(), **FEW).failures
    assert list(tmp_path.iterdir()) == []
    assert vars(configuration)["__hypothesis_home_directory"] is None
