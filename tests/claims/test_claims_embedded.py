"""The embedded data put every statement about real runs to the test, and the check reports what it saw."""

from fractions import Fraction as F

import numpy as np
import pytest

from mtp_theory.claims import REGISTRY
from mtp_theory.claims import embedded as module
from mtp_theory.claims.check import Tally, check_claims, check_statement
from mtp_theory.claims.embedded import embedded
from mtp_theory.claims.engine.model import Arithmetic, Case, Grade, Inequality, Statement, Verdict, Version, symbols
from mtp_theory.claims.facts.kinds import Facts
from mtp_theory.convex_set import gamma
from mtp_theory.errors import UndecidedError
from mtp_theory.targets import canonical

A, B = symbols("a", "b")


@pytest.fixture(scope="module")
def results():
    return check_claims(REGISTRY.values(), examples=0)


def test_nothing_that_should_hold_fails_on_the_embedded_data(results):
    assert [r.claim for r in results if not r.as_expected and r.verdict != "not_applicable"] == []
    held = {r.claim for r in results if r.verdict == "holds" and r.arithmetic == "float"}
    assert {"theorem-1", "theorem-2", "lemma-2", "remark-1", "corollary-1", "definition-1", "theorem-5"} <= held


def test_what_the_embedded_facts_are(results):
    (run,) = embedded("run")
    problem, fit = canonical()
    assert run.points == module.POINTS
    assert len(run.distances) == module.POINTS + 1
    assert run.copies == 1
    assert run.n == problem.n_points
    assert run.description == "digits-1-7"
    assert run.gamma == gamma(problem, fit.theta).lower > 0
    (double,) = embedded("copies")
    assert double.copies == 2
    assert double.points == module.POINTS // 2
    assert double.distances[0] == run.distances[0]
    assert double.description.endswith("two copies a round")
    pairs = embedded("pair")
    assert len(pairs) == -(-(module.POINTS + 1) // module.STRIDE)
    assert [p.distance for p in pairs] == pytest.approx(list(run.distances[:: module.STRIDE]), abs=1e-9)
    vectors = embedded("vectors")
    assert len(vectors) == -(-(module.POINTS // 2 + 1) // module.STRIDE)
    assert {v.domain for v in vectors} == {"box"}
    points = embedded("point")
    assert len(points) == 3 * 2 * module.RANDOM_POINTS
    # clean rows and random 0/1 points, of both labels: the differences are spread, and each maximum is attained
    assert len({round(p.difference, 6) for p in points}) > module.RANDOM_POINTS
    assert all(p.attained == pytest.approx(p.maximum, abs=1e-9) for p in points)
    assert embedded("leader") == []


def test_the_embedded_points_are_those_of_one_seed():
    theta, target = (np.asarray(m) for m in (canonical()[1].theta, canonical()[1].theta))
    assert theta == pytest.approx(target)
    first = [p.difference for p in embedded("point")[module.RANDOM_POINTS : 2 * module.RANDOM_POINTS]]
    problem, fit = canonical()
    rng = np.random.default_rng(0)
    X = rng.integers(0, 2, (module.RANDOM_POINTS, problem.d)).astype(float)
    y = rng.choice([-1.0, 1.0], 2 * module.RANDOM_POINTS)[module.RANDOM_POINTS :]
    from mtp_theory.training import train

    clean = train(problem).theta
    expected = [
        problem.point_loss(clean, x, k) - problem.point_loss(fit.theta, x, k) for x, k in zip(X, y, strict=True)
    ]
    assert first == pytest.approx(expected, abs=1e-6)


def statement(cases, *, inequality=None, counterexample=None, expected=Verdict.HOLDS):
    return Statement(
        Version.PRINTED, "", Inequality(A, B) if inequality is None else inequality, (), cases, "leader",
        grade=Grade.STANDS, counterexample=counterexample, expected=expected, variant="a variant", theorem="MTP.a.b",
    )  # fmt: skip


def check(s, **options):
    claim = next(iter(REGISTRY.values()))
    return check_statement(claim, s, **{"examples": 0, "on_embedded": False} | options)


def at(*pairs):
    """Cases at these values, whatever the facts."""

    def cases(facts):
        for k, (a, b) in enumerate(pairs):
            yield Case({"a": a, "b": b}, f"{facts.description}{k}")

    return cases


def test_a_result_counts_instances_evaluations_and_violations():
    s = statement(at((F(1), F(3)), (F(2), F(1)), (F(1), F(2))), counterexample=lambda: Facts(description="c"))
    found = check(s)
    assert (found.verdict, found.instances, found.evaluations, found.violations) == ("violated", 1, 3, 1)
    assert (found.worst_slack, found.worst_slack_exact, found.worst_at) == (-1.0, "-1", "c1")
    assert (found.statement, found.variant, found.grade, found.theorem) == ("printed", "a variant", "stands", "MTP.a.b")
    assert found.claim == next(iter(REGISTRY))
    assert (found.expected, found.as_expected) == ("holds", False)
    assert found.seconds >= 0
    assert "reason" not in found.to_json()
    held = check(statement(at((F(1), F(3)), (F(1), F(2)))), further={"leader": (Facts(description="x"),) * 4})
    assert (held.verdict, held.instances, held.evaluations, held.violations) == ("holds", 4, 8, 0)
    assert (held.worst_slack_exact, held.worst_at, held.arithmetic) == ("1", "x1", "rational")


def test_sources_are_counterexample_instances_and_further_facts():
    s = statement(at((F(1), F(1))), counterexample=lambda: Facts(description="c"))
    assert check(s).instances == 1
    assert check(s, examples=5).instances == 6
    assert (
        check(s, examples=5, further={"leader": [Facts(description="x")], "run": [Facts(description="y")]}).instances
        == 7
    )
    seen = []
    check_claims([next(iter(REGISTRY.values()))], examples=1, on_embedded=False, on_result=seen.append)
    assert [r.statement for r in seen] == [str(s.version) for s in next(iter(REGISTRY.values()))]


def test_no_instance_and_infinite_slack_are_said():
    none = check(statement(lambda facts: iter(())))
    assert (none.verdict, none.instances, none.worst_slack) == ("not_applicable", 0, None)
    assert none.to_json()["reason"] == "no instance met the hypotheses"
    infinite = check(statement(at((F(1), float("inf")))), examples=2)
    assert (infinite.verdict, infinite.worst_slack, infinite.worst_slack_exact) == ("holds", None, None)
    assert infinite.to_json()["reason"] == "the worst slack is infinite"


def test_the_weakest_arithmetic_counts_unless_refuted_exactly():
    rough = Facts(description="x", arithmetic=Arithmetic.FLOAT, tolerance=0.1)
    heuristic = Facts(description="x", arithmetic=Arithmetic.HEURISTIC)
    holds = statement(at((1.0, 1.5)))
    assert check(holds, further={"leader": [rough]}).arithmetic == "float"
    assert check(holds, further={"leader": [rough, heuristic, rough]}).arithmetic == "heuristic"
    assert check(holds, examples=1, further={"leader": []}).arithmetic == "rational"
    fails = statement(at((F(2), F(1))), counterexample=lambda: Facts(description="c"), expected=Verdict.VIOLATED)
    refuted = check(fails, further={"leader": [rough]})
    assert (refuted.verdict, refuted.arithmetic) == ("violated", "rational")
    assert check(statement(at((F(2), F(1)))), further={"leader": [rough]}).arithmetic == "float"
    import sympy

    logarithm = Inequality(sympy.log(A), B)
    s = statement(at((F(2), F(1))), inequality=logarithm)
    assert check(s, examples=1).arithmetic == "interval"
    assert check(s, examples=1).worst_slack_exact is None
    assert check(s, examples=1).worst_slack == pytest.approx(1 - np.log(2))
    broken = statement(at((F(9), F(1))), inequality=logarithm, counterexample=lambda: Facts(description="c"))
    assert check(broken).arithmetic == "interval"


def test_tolerance_and_strictness():
    loose = [Facts(description="x", tolerance=0.5)]
    exact = [Facts(description="x")]
    for a, facts, expected in (
        (F(3, 2), loose, "holds"),
        (F(8, 5), loose, "violated"),
        (F(1), exact, "holds"),
        (F(1001, 1000), exact, "violated"),
    ):
        assert check(statement(at((a, F(1)))), further={"leader": facts}).verdict == expected
    strict = Inequality(A, B, strict=True)
    assert check(statement(at((F(1), F(1))), inequality=strict), further={"leader": exact}).verdict == "violated"
    assert check(statement(at((F(1), F(1))), inequality=strict), further={"leader": loose}).verdict == "holds"


def test_what_is_not_decided():
    def fails(facts):
        raise UndecidedError("a solver")
        yield

    assert check(statement(fails), examples=1).verdict == "undecided"
    nan = statement(at((float("nan"), 1.0), (0.0, 1.0)))
    assert (check(nan, examples=1).verdict, check(nan, examples=1).worst_slack) == ("undecided", 1.0)
    tally = Tally(statement(at((F(2), F(1)))))
    tally.undecided = True
    assert tally.verdict() is Verdict.UNDECIDED
    tally.add(Facts(description="x"))
    # a violation is one, whatever else could not be decided
    assert tally.verdict() is Verdict.VIOLATED
