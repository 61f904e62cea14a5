r"""The regret claims against PEPit's worst cases: the largest regret over all functions of a class, in any dimension.

    python -m campaigns.regret_worst_case [--rounds 6]

Follow-the-leader: theta_1 minimises F_0 (the sum of the N clean functions), theta_{j+1} minimises F_0 + f_1 + ... +
f_j. Each class is a semidefinite programme that PEPit (performance estimation, a package of its own) builds from
interpolation conditions; its optimal value is the worst case, up to the solver's tolerance. By scaling, G = C_R = 1
(B = 1 for the classes of Remark 1) is no loss of generality. The result is
``campaigns/results/regret_worst_case.json``.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PEPit import PEP, Expression, Point
from PEPit.functions import ConvexLipschitzFunction, StronglyConvexFunction

from mtp_theory.claims.engine.model import evaluate
from mtp_theory.claims.statements import corollary_2, data_dependent_regret, remark_1
from mtp_theory.evidence.machine import environment

RESULTS = Path(__file__).parent / "results" / "regret_worst_case.json"
#: Clean points N; 0 is follow-the-leader from any first model.
CLEAN = (0, 1, 2, 5)
#: Loss of the zero model in the last class: below 1, where B + sqrt(C_R l(0)) is smaller than 2B.
AT_ZERO = 0.25
#: Relative accuracy of the semidefinite programmes: Clarabel stops at 1e-8, PEPit's value is its dual one.
SOLVER_TOLERANCE = 1e-6


def strongly_convex(n: int, rounds: int, copies: int = 1) -> float:
    """Worst regret over 1-strongly convex f_j, subgradients of norm at most 1 at theta_j; F_0 is n-strongly convex.

    ``copies``: every f_j counts that many times (copies-per-round).
    """
    pep = PEP()
    parts: list[tuple[int, Any]] = []
    theta, regret = Point(), 0.0 * Expression()
    if n:
        parts.append((1, pep.declare_function(StronglyConvexFunction, mu=float(n))))
        value = Expression()
        parts[0][1].add_point((theta, 0 * Point(), value))
        regret = regret + value
    for _ in range(rounds):
        f = pep.declare_function(StronglyConvexFunction, mu=1.0)
        gradient, value = Point(), Expression()
        f.add_point((theta, gradient, value))
        pep.add_constraint(gradient**2 <= 1)
        regret = regret + copies * value
        parts.append((copies, f))
        theta, total = _leader(parts)
    return _solve(pep, regret - total)


def _leader(parts: list[tuple[int, Any]]) -> tuple[Any, Any]:
    """A minimiser of the weighted sum, where the weighted subgradients cancel, and the sum's value."""
    theta, others, total = Point(), 0 * Point(), 0.0 * Expression()
    for k, (weight, f) in enumerate(parts):
        last = k == len(parts) - 1
        gradient = -1 / weight * others if last else Point()
        others = others + weight * gradient
        value = Expression()
        f.add_point((theta, gradient, value))
        total = total + weight * value
    return theta, total


def lipschitz(n: int, rounds: int, at_zero: float | None = None) -> float:
    """Worst regret over f_j = l_j + |.|^2/2 with l_j convex and 1-Lipschitz; F_0 is the sum of n such functions.

    ``at_zero``: every loss is that at 0 and nowhere negative (imposed at the points that the regret involves).
    """
    if n < 1:
        raise ValueError("n: the first model is the clean one; give at least 1")
    pep = PEP()
    losses = [pep.declare_function(ConvexLipschitzFunction, M=float(n))]
    weights = [n]
    if at_zero is not None:
        _at_zero(pep, losses[0], n * at_zero)
    theta, total = _regularised_leader(pep, losses, weights, at_zero)
    regret = total
    for _ in range(rounds):
        loss = pep.declare_function(ConvexLipschitzFunction, M=1.0)
        if at_zero is not None:
            _at_zero(pep, loss, at_zero)
        gradient, value = Point(), Expression()
        loss.add_point((theta, gradient, value))
        if at_zero is not None:
            pep.add_constraint(value >= 0)
        regret = regret + value + theta**2 / 2
        losses.append(loss)
        weights.append(1)
        theta, total = _regularised_leader(pep, losses, weights, at_zero)
    return _solve(pep, regret - total)


def _at_zero(pep: Any, loss: Any, value: float) -> None:
    height = Expression()
    loss.add_point((0 * Point(), Point(), height))
    pep.add_constraint(height == value)


def _regularised_leader(pep: Any, losses: list[Any], weights: list[int], at_zero: float | None) -> tuple[Any, Any]:
    """theta = -(sum of subgradients at theta) / (number of functions), and the sum of losses and regulariser there."""
    gradients = [Point() for _ in losses]
    count = sum(weights)
    theta = 0 * Point()
    for gradient in gradients:
        theta = theta - gradient / count
    total = count * theta**2 / 2
    for loss, gradient in zip(losses, gradients, strict=True):
        value = Expression()
        loss.add_point((theta, gradient, value))
        if at_zero is not None:
            pep.add_constraint(value >= 0)
        total = total + value
    return theta, total


def _solve(pep: Any, metric: Any) -> float:
    pep.set_performance_metric(metric)
    with warnings.catch_warnings():
        # a solution that the solver calls inaccurate is judged by the tolerance of the comparison
        warnings.simplefilter("ignore")
        value = pep.solve(wrapper="cvxpy", solver="CLARABEL", verbose=0)
    if value is None:
        raise RuntimeError("the semidefinite programme was not solved")
    return float(value)


def harmonic(n: int, rounds: int, g: float = 1.0, copies: int = 1) -> float:
    """data-dependent-regret with all gradients of norm g: sum of (copies g)^2 / (2 (n + copies j))."""
    return sum((copies * g) ** 2 / (2 * (n + copies * j)) for j in range(1, rounds + 1))


def logarithm(n: int, rounds: int) -> float:
    """data-dependent-regret a priori for n > 0; Corollary 2 for n = 0 (with G = sigma = 1)."""
    inequality = corollary_2.PRINTED if n == 0 else data_dependent_regret.A_PRIORI
    ones = (corollary_2.G2, corollary_2.SIGMA, data_dependent_regret.G2, data_dependent_regret.C)
    values = {**dict.fromkeys((s.name for s in ones), 1.0), corollary_2.T.name: rounds}
    return float(evaluate(inequality.rhs, {**values, data_dependent_regret.N.name: n}))


def remark(inequality: Any, n: int, rounds: int) -> float:
    """A bound of Remark 1 with B = C_R = 1 and l(0) = AT_ZERO."""
    values = {remark_1.B.name: 1.0, remark_1.C.name: 1.0, remark_1.L0.name: AT_ZERO}
    return float(evaluate(inequality.rhs, {**values, remark_1.N.name: n, remark_1.T.name: rounds}))


Bounds = dict[str, Callable[[int, int], float]]
#: name: (claim, the worst case, the bounds it is held against by statement, the bounds that it refutes)
CLASSES: dict[str, tuple[str, Callable[[int, int], float], Bounds, Bounds]] = {
    "strongly convex": (
        "corollary-2, theorem-3, data-dependent-regret",
        strongly_convex,
        {"sum of measured gradients": harmonic, "logarithm": logarithm},
        {"index shifted (planted)": lambda n, t: harmonic(n + 1, t)},
    ),
    "three copies": (
        "copies-per-round",
        lambda n, t: strongly_convex(n, t, 3),
        {"sum of measured gradients": lambda n, t: harmonic(n, t, copies=3)},
        {"one copy's bound (planted)": harmonic},
    ),
    "Lipschitz": (
        "remark-1",
        lipschitz,
        {"repaired": lambda n, t: remark(remark_1.REPAIRED, n, t), "sum with G = 2B": lambda n, t: harmonic(n, t, 2.0)},
        {"sum with G = B (printed constant)": harmonic},
    ),
    "Lipschitz, l(0) = 1/4": (
        "remark-1",
        lambda n, t: lipschitz(n, t, AT_ZERO),
        {"extended": lambda n, t: remark(remark_1.EXTENDED, n, t)},
        {"sum with G = B (printed constant)": harmonic},
    ),
}


def rows(name: str, n: int, rounds: int) -> dict[str, Any]:
    """One class at one N and T: worst case, bounds, ratios."""
    claim, worst_case, bounds, planted = CLASSES[name]
    start = time.process_time()
    worst = worst_case(n, rounds)
    above = {key: bound(n, rounds) for key, bound in bounds.items()}
    below = {key: bound(n, rounds) for key, bound in planted.items()}
    return {
        "class": name, "claim": claim, "N": n, "T": rounds, "worst_case": worst,
        "bounds": above, "ratios": {k: worst / b for k, b in above.items()},
        "holds": all(worst <= b * (1 + SOLVER_TOLERANCE) for b in above.values()),
        "refuted": {k: worst > b * (1 + SOLVER_TOLERANCE) for k, b in below.items()},
        "seconds": time.process_time() - start,
    }  # fmt: skip


def main() -> int:
    """Every class, N and T; 1 where a bound lies below a worst case."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=6)
    options = parser.parse_args()
    found = []
    for name in CLASSES:
        for n in CLEAN if name in ("strongly convex", "three copies") else CLEAN[1:]:
            for rounds in range(1, options.rounds + 1):
                if name == "three copies" and n == 0:
                    continue
                found.append(rows(name, n, rounds))
                print(json.dumps({k: found[-1][k] for k in ("class", "N", "T", "worst_case", "ratios", "refuted")}))
    state = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"), "command": "python -m campaigns.regret_worst_case",
        "solver": "PEPit with Clarabel, dual value", "tolerance": SOLVER_TOLERANCE, "arithmetic": "float",
        "environment": environment(), "rows": found,
    }  # fmt: skip
    RESULTS.write_text(json.dumps(state, indent=1) + "\n")
    return 0 if all(r["holds"] for r in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
