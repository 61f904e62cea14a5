"""Is a loss what it claims to be, and do the claims hold for it?"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from fractions import Fraction
from math import inf, isfinite, log, log2

import numpy as np
from hypothesis import strategies as st

from ..claims import select
from ..claims.facts.drawing import SeededDraw
from ..errors import InputError, UndecidedError
from ..losses import MarginLoss
from .find import smallest
from .instance import evaluate, facts_of
from .problems import Instance, float_instance, instances, models_near
from .report import Report, Row, merge

#: A loss is examined at multiples of 1/8 up to NEAR, so that kinks of small rationals are hit, at and around the kinks
#: that it declares, and at powers of two up to FAR: beyond, the squares of exponentials leave float64.
NEAR, FAR = 8.0, 256.0
AROUND = (-1.0, -0.125, 0.0, 0.125, 1.0)
#: Rounding slack of value and slope comparisons, relative to the values.
ROUNDING = 1e-9
#: Step of the difference quotients that check slopes and curvature.
STEP = 1e-6
#: Rounds of the attack on each random instance.
ROUNDS = 3

Failure = Callable[[tuple[float, ...]], bool]


def _close_below(a: float, b: float, *scale: float) -> bool:
    """a <= b up to rounding."""
    return a <= b + ROUNDING * max(1.0, *(abs(s) for s in (a, b, *scale) if isfinite(s)))


def _properties(loss: MarginLoss) -> dict[str, tuple[int, Failure]]:
    """Name -> (number of margins, does this tuple of margins break the promise?)."""

    def phi(m: float) -> float:
        return float(loss.value(m))

    def psi(m: float) -> float:
        return float(loss.slope(m))

    def exact(m: float) -> bool:
        try:
            value = loss.exact(Fraction(m))
        except InputError:
            return False
        return abs(float(value) - phi(m)) > ROUNDING * max(1.0, abs(phi(m)))

    def interval(m: float) -> bool:
        low, high = loss.slope_interval(m)
        right = psi(m + STEP)
        return not (low <= high and abs(high - psi(m)) <= ROUNDING * max(1.0, high) and _close_below(right, low))

    def convex(ms: tuple[float, ...]) -> bool:
        a, b = ms
        return not _close_below(phi((a + b) / 2.0), (phi(a) + phi(b)) / 2.0, phi(a), phi(b))

    def tangent(ms: tuple[float, ...]) -> bool:
        # -psi(m) is a subgradient: phi lies above the line through (m, phi(m))
        a, b = ms
        return not _close_below(phi(a) - psi(a) * (b - a), phi(b), phi(a), psi(a) * (b - a))

    def log_concave(ms: tuple[float, ...]) -> bool:
        a, b = ms
        ends, middle = (psi(a), psi(b)), psi((a + b) / 2.0)
        if min(ends) <= 0.0:
            return False
        # in logarithms: far out the slopes themselves are all about 0
        return middle <= 0.0 or not _close_below(log(ends[0]) + log(ends[1]), 2.0 * log(middle))

    def smooth(ms: tuple[float, ...]) -> bool:
        a, b = min(ms), max(ms)
        return not _close_below(psi(a) - psi(b), loss.smoothness * (b - a))

    def vectorised(ms: tuple[float, ...]) -> bool:
        together = np.asarray(loss.value(np.array(ms)))
        return together.shape != (2,) or any(
            abs(t - phi(m)) > ROUNDING * max(1.0, abs(t)) for t, m in zip(together, ms, strict=True)
        )

    found: dict[str, tuple[int, Failure]] = {
        "nonnegative": (1, lambda ms: not _close_below(0.0, phi(ms[0]))),
        "finite": (1, lambda ms: not (isfinite(phi(ms[0])) and isfinite(psi(ms[0])))),
        "non-increasing": (2, lambda ms: not _close_below(phi(max(ms)), phi(min(ms)))),
        "convex": (2, convex),
        "slope is a subgradient": (2, tangent),
        "slope interval": (1, lambda ms: interval(ms[0])),
        "elementwise": (2, vectorised),
        "exact value": (1, lambda ms: exact(ms[0])),
    }
    if loss.lipschitz < inf:
        found["Lipschitz constant"] = (1, lambda ms: not _close_below(psi(ms[0]), loss.lipschitz))
    if loss.smoothness < inf:
        found["smoothness constant"] = (2, smooth)
    if loss.log_concave_slope:
        found["log-concave slope"] = (2, log_concave)
    return found


def check_loss(
    loss: MarginLoss, *, claims: Iterable[str] = (), examples: int = 100, instances_per_claim: int = 8, seed: int = 0
) -> Report:
    """The promises of a margin loss, then every applicable claim on random instances with it.

    ``examples``: margins (or pairs) tried for each property, shrunk to a minimal failing one: within NEAR, around the
    kinks that the loss declares, and out to FAR (a promise that breaks further out is not seen);
    ``instances_per_claim``: random problems over all domains, with and without bias, to which all claims are applied
    together. The claims are only tried when the properties hold, since they assume them.
    """
    _check_subject(loss)
    points = _margins(loss)
    tried = f"margins within {NEAR:g}, around {len(loss.kinks)} declared kinks, and out to {FAR:g}"
    rows = []
    for name, (count, fails) in _properties(loss).items():
        guarded = _Guarded(fails)
        witness: tuple[float, ...] | None = smallest(
            st.tuples(*[points] * count), guarded, examples, random=random.Random(seed)
        )
        at = "" if witness is None else f"{loss!r} at margin {', '.join(f'{m:g}' for m in witness)}"
        rows.append(
            Row(
                id=f"property:{name}",
                statement="promise",
                verdict="holds" if witness is None else "violated",
                expected="holds",
                instances=examples,
                worst_slack=None,
                example=tried if witness is None else at + guarded.raised,
            )
        )
    report = Report(tuple(rows))
    if not report.ok:
        return report
    drawn = (float_instance(SeededDraw(f"{seed}/{k}"), loss=loss) for k in range(instances_per_claim))
    found = check_instances(drawn, claims=claims, seed=seed)
    return merge([report, _minimal(found, loss, examples)])


def _check_subject(loss: object) -> None:
    """Raise InputError unless it is a loss: an instance, with a key."""
    if isinstance(loss, type) and issubclass(loss, MarginLoss):
        raise InputError(f"loss: {loss.__name__} is a class; give an instance, {loss.__name__}()")
    if not isinstance(loss, MarginLoss):
        raise InputError(f"loss: {loss!r} is no MarginLoss; subclass mtp_theory.MarginLoss")
    if not isinstance(getattr(loss, "key", None), str):
        raise InputError(f"loss: {type(loss).__name__} has no key; give it one, key = 'my_loss'")


def _margins(loss: MarginLoss) -> st.SearchStrategy[float]:
    """Margins near 0, around the declared kinks, and far out."""
    eighths = st.integers(-int(8 * NEAR), int(8 * NEAR)).map(lambda k: k / 8.0)
    far = st.sampled_from([s * 2.0**k for k in range(4, int(log2(FAR)) + 1) for s in (1.0, -1.0)])
    kinks = [k + a for k in loss.kinks for a in AROUND]
    return st.one_of(eighths, far, *([st.sampled_from(kinks)] if kinks else []))


class _Guarded:
    """A property whose errors are failures too; ``raised`` tells the last one."""

    def __init__(self, fails: Failure) -> None:
        self.fails, self.raised = fails, ""

    def __call__(self, margins: tuple[float, ...]) -> bool:
        try:
            self.raised = ""
            return self.fails(margins)
        except Exception as error:
            self.raised = f" raises {type(error).__name__}: {error}"
            return True


def check_instances(drawn: Iterable[Instance], *, claims: Iterable[str] = (), seed: int = 0) -> Report:
    """All claims over all these instances together; an instance that a solver cannot decide counts as undecided."""
    chosen = select(claims)
    facts: dict[str, list[object]] = {}
    causes: list[str] = []
    count = 0
    for k, one in enumerate(drawn):
        count += 1
        try:
            models = models_near(SeededDraw(f"{seed}/models/{k}"), one, 3)
            parts = facts_of(one.problem, one.target, rounds=ROUNDS, models=models, seed=k, name=repr(one))
        except UndecidedError as error:
            causes.append(f"{error}, in {one!r}")
            continue
        for kind, items in parts.items():
            facts.setdefault(kind, []).extend(items)
    report = evaluate(facts, chosen)  # type: ignore[arg-type]
    if causes:
        text = f"{len(causes)} of {count} instances undecided; the first: {causes[0]}"
        row = Row("solver", "instances", "undecided", "holds", len(causes), None, text)
        return Report((*report.rows, row))
    return report


def _minimal(report: Report, loss: MarginLoss, examples: int) -> Report:
    """For each failing line, a smaller failing instance where Hypothesis finds one."""
    rows = []
    for row in report:
        if row.failed:
            claim = row.id

            def fails(one: Instance, claim: str = claim) -> bool:
                try:
                    return bool(check_instances([one], claims=[claim]).failures)
                except (InputError, UndecidedError):
                    return False

            small = smallest(instances(loss=loss), fails, min(examples, 30))
            if small is not None:
                row = Row(row.id, row.statement, row.verdict, row.expected, row.instances, row.worst_slack, repr(small))
        rows.append(row)
    return Report(tuple(rows))


__all__ = ["check_instances", "check_loss"]
