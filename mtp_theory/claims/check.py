"""Put statements to the test: counterexample first, then random exact instances, then the embedded data."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from ..errors import UndecidedError
from .embedded import embedded
from .engine.model import Arithmetic, Claim, Number, Statement, Verdict
from .facts.instances import ALSO, ALSO_EVERY, generate
from .facts.kinds import Facts

#: Strongest first; a result's arithmetic is the weakest that its verdict rests on.
_STRENGTH = [Arithmetic.RATIONAL, Arithmetic.INTERVAL, Arithmetic.FLOAT, Arithmetic.HEURISTIC]


@dataclass(frozen=True)
class CheckResult:
    """Verdict on one statement.

    ``instances``: instances to which the hypotheses apply (an instance may be evaluated several times: ``evaluations``);
    ``worst_slack``: least rhs - lhs, ``worst_at`` where; ``violations``: instances that violate it.
    """

    claim: str
    statement: str
    variant: str
    verdict: str
    grade: str | None
    expected: str
    instances: int
    evaluations: int
    violations: int
    worst_slack: float | None
    worst_slack_exact: str | None
    worst_at: str | None
    arithmetic: str
    theorem: str | None
    seconds: float

    @property
    def as_expected(self) -> bool:
        """Is the verdict the one that the registry expects?"""
        return self.verdict == self.expected

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        out = asdict(self)
        if self.worst_slack is None:
            out["reason"] = "no instance met the hypotheses" if not self.instances else "the worst slack is infinite"
        return out


#: Rounding of a side of an inequality in float64, relative to it: a sum of some 10^5 terms.
ROUNDING = 1e-11


class Tally:
    """Running verdict over facts."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.instances = self.evaluations = self.violations = 0
        self.worst: Number | None = None
        self.worst_at: str | None = None
        self.weakest = 0
        self.undecided = False

    def add(self, facts: Facts) -> None:
        applied = violated = False
        for case in self.statement.cases(facts):
            applied = True
            self.evaluations += 1
            slack, upper = self.statement.inequality.slack_enclosure(case.values)
            if slack != slack:  # NaN: the arithmetic failed, which decides nothing
                self.undecided = True
                continue
            if self.worst is None or slack < self.worst:
                self.worst, self.worst_at = slack, case.description
            tolerance = facts.tolerance
            if tolerance and min(slack, upper) < -tolerance:
                # sides of 1e300 cannot agree to the tolerance of losses about 1
                tolerance = max(tolerance, ROUNDING * self.statement.inequality.size(case.values))
            if self._fails(upper, tolerance):
                violated = True
            elif self._fails(slack, tolerance):
                self.undecided = True
        if applied:
            self.instances += 1
            self.violations += int(violated)
            self.weakest = max(self.weakest, _STRENGTH.index(facts.arithmetic))
            if self.statement.inequality.transcendental:
                self.weakest = max(self.weakest, _STRENGTH.index(Arithmetic.INTERVAL))

    def _fails(self, slack: Number, tolerance: float) -> bool:
        if self.statement.inequality.strict and tolerance == 0:
            return slack <= 0
        return slack < -tolerance

    def verdict(self) -> Verdict:
        if self.violations:
            return Verdict.VIOLATED
        if self.undecided:
            return Verdict.UNDECIDED
        return Verdict.HOLDS if self.instances else Verdict.NOT_APPLICABLE


#: Facts of further data by kind, as :func:`mtp_theory.testing.facts_of` gives them.
FactsByKind = Mapping[str, Sequence[Facts]]


def check_statement(
    claim: Claim,
    statement: Statement,
    *,
    examples: int = 200,
    seed: int = 0,
    on_embedded: bool = True,
    further: FactsByKind | None = None,
) -> CheckResult:
    """Evaluate one statement on its counterexample, ``examples`` seeded exact instances, embedded and further data.

    The arithmetic reported for a refuted statement is that of the exact counterexample; for one that holds it is the weakest
    used. A solver failure gives the verdict undecided.
    """
    start = time.perf_counter()
    tally = Tally(statement)
    try:
        for facts in _sources(statement, examples, seed, on_embedded, further or {}):
            tally.add(facts)
    except UndecidedError:
        tally.undecided = True
    verdict = tally.verdict()
    refuted_exactly = verdict is Verdict.VIOLATED and statement.counterexample is not None
    worst = tally.worst
    finite = worst is not None and math.isfinite(worst)
    strongest = Arithmetic.INTERVAL if statement.inequality.transcendental else Arithmetic.RATIONAL
    return CheckResult(
        claim=claim.id,
        statement=str(statement.version),
        variant=statement.variant,
        verdict=str(verdict),
        grade=None if statement.grade is None else str(statement.grade),
        expected=str(statement.expected),
        instances=tally.instances,
        evaluations=tally.evaluations,
        violations=tally.violations,
        worst_slack=float(worst) if finite and worst is not None else None,
        worst_slack_exact=str(worst) if isinstance(worst, Fraction) and strongest is Arithmetic.RATIONAL else None,
        worst_at=tally.worst_at,
        arithmetic=str(strongest if refuted_exactly else _STRENGTH[tally.weakest]),
        theorem=statement.theorem,
        seconds=time.perf_counter() - start,
    )


def _sources(
    statement: Statement, examples: int, seed: int, on_embedded: bool, further: FactsByKind
) -> Iterator[Facts]:
    if statement.counterexample is not None:
        yield statement.counterexample()
    yield from generate(statement.kind, examples, seed)
    for kind in ALSO.get(statement.kind, ()):
        yield from generate(kind, -(-examples // ALSO_EVERY), seed)
    if on_embedded:
        yield from embedded(statement.kind)
    yield from further.get(statement.kind, ())


def check_claims(
    claims: Iterable[Claim],
    *,
    examples: int = 200,
    seed: int = 0,
    on_embedded: bool = True,
    further: FactsByKind | None = None,
    on_result: Callable[[CheckResult], None] | None = None,
) -> list[CheckResult]:
    """Check every statement of the claims, in registry order."""
    results = []
    for claim in claims:
        for statement in claim:
            result = check_statement(
                claim, statement, examples=examples, seed=seed, on_embedded=on_embedded, further=further
            )
            results.append(result)
            if on_result is not None:
                on_result(result)
    return results


__all__ = ["CheckResult", "Tally", "check_claims", "check_statement"]
