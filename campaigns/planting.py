"""Falsehoods of one per cent: every number and quantity of every inequality that should hold, one per cent too strong.

``python -m campaigns.planting`` writes ``results/planting.json``: for each statement the mutants that an exact instance
refutes (*caught*), those that are true as well, with the reason (*true too*, from ``planting.yaml``), and the rest
(*missed*). A quantity that a hypothesis bounds (gamma, k, b, B, R*, r, q, kappa, ...) is a symbol of its inequality,
so that scaling the symbol is the hypothesis made one per cent too wide. Mutants that are weaker than the original
wherever an instance is are no falsehoods and are not counted.
"""

from __future__ import annotations

import argparse
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import sympy
import yaml

from mtp_theory.claims import REGISTRY
from mtp_theory.claims.engine.model import Case, Inequality, Statement, Verdict
from mtp_theory.claims.facts.instances import ALSO, generate

RESULTS = Path(__file__).parent / "results" / "planting.json"
REASONS = Path(__file__).with_name("planting.yaml")
#: How much too strong.
PER_CENT = sympy.Rational(1, 100)
SEED = 1
#: Instances of each kind; of its kind in more dimensions a quarter as many, since training tries every case.
POOL = 800
ALSO_SHARE = 4
#: Float slacks above this, relative to the values, are never called a refutation; candidates are confirmed exactly.
FLOAT_MARGIN = 1e-9
#: Candidates that are tried exactly, the worst first.
CONFIRMED = 40


@dataclass(frozen=True)
class Mutant:
    """What was scaled, and the inequality that came out."""

    name: str
    inequality: Inequality


def mutants(statement: Statement) -> list[Mutant]:
    """Every number and symbol of the inequality, at every place, times 0.99 and 1.01."""
    original = statement.inequality
    seen = {(original.lhs, original.rhs)}
    found = []
    for side in ("lhs", "rhs"):
        for name, expression in _scaled(getattr(original, side)):
            mutated = replace(original, **{side: expression})
            identity = (mutated.lhs, mutated.rhs)
            if identity not in seen and not any(e.has(sympy.zoo, sympy.nan, sympy.oo) for e in identity):
                seen.add(identity)
                found.append(Mutant(f"{side}: {name}", mutated))
    return found


def _scaled(e: sympy.Expr) -> Iterator[tuple[str, sympy.Expr]]:
    """The expression with one of its leaves or of its arguments scaled; exponents stay."""
    for factor in (1 - PER_CENT, 1 + PER_CENT):
        if e.is_Symbol or (e.is_Rational and e not in (0, -1)) or e.func in (sympy.log, sympy.Max, sympy.Min):
            yield f"{float(factor)} {e}", factor * e
    arguments = e.args[:1] if e.is_Pow else e.args
    for i, argument in enumerate(arguments):
        for name, mutated in _scaled(argument):
            yield (
                f"{name} in {e}" if e.is_Pow or argument.is_number else name,
                e.func(*e.args[:i], mutated, *e.args[i + 1 :]),
            )


@cache
def _vectorised(expression: sympy.Expr) -> tuple[tuple[str, ...], Any]:
    names = sorted(expression.free_symbols, key=str)
    return tuple(str(s) for s in names), sympy.lambdify(names, expression, modules="numpy")


def float_slack(inequality: Inequality, columns: dict[str, Any], size: int) -> Any:
    """Slacks of all cases at once, shape (size,), in float64."""

    def side(e: sympy.Expr) -> Any:
        names, function = _vectorised(e)
        return np.broadcast_to(np.asarray(function(*(columns[n] for n in names)), dtype=float), (size,))

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        slack = side(inequality.rhs) - side(inequality.lhs)
    return -np.abs(slack) if inequality.equal else slack


def refutes(mutated: Inequality, case: Case) -> bool:
    """Is the mutant violated at this case, in exact arithmetic or by an interval?"""
    try:
        upper = mutated.slack_enclosure(case.values)[1]
    except (ArithmeticError, ValueError, RuntimeError):  # a mutant may divide by zero or take the logarithm of -1
        return False
    return bool(upper <= 0 if mutated.strict else upper < 0)


def pool(statement: Statement, size: int, seed: int = SEED) -> tuple[list[Case], list[str]]:
    """The cases of a statement and the instance that each comes from, as ``kind/number``."""
    cases, owners = [], []
    for kind, count in ((statement.kind, size), *((k, size // ALSO_SHARE) for k in ALSO.get(statement.kind, ()))):
        for index, facts in enumerate(generate(kind, count, seed)):
            for case in statement.cases(facts):
                cases.append(case)
                owners.append(f"{kind}/{index}")
    return cases, owners


def plant(statement: Statement, size: int) -> dict[str, Any]:
    """Which mutants an instance of the pool refutes, and which are left although they are stronger somewhere."""
    cases, owners = pool(statement, size)
    if not cases:
        return {"caught": {}, "left": {}, "weaker": 0}
    columns = {n: np.array([float(c.values[n]) for c in cases]) for n in cases[0].values}
    scale = 1.0 + np.max([np.where(np.isfinite(v), np.abs(v), 0.0) for v in columns.values()], axis=0)
    original = float_slack(statement.inequality, columns, len(cases))
    caught: dict[str, str] = {}
    left: dict[str, float] = {}
    weaker = 0
    for mutant in mutants(statement):
        slack = float_slack(mutant.inequality, columns, len(cases))
        finite = np.isfinite(slack) & np.isfinite(original)
        below = FLOAT_MARGIN * scale if statement.inequality.strict else -FLOAT_MARGIN * scale
        candidates = np.flatnonzero(finite & (slack < below))
        worst = candidates[np.argsort(slack[candidates] / scale[candidates])][:CONFIRMED]
        found = next((k for k in worst if refutes(mutant.inequality, cases[k])), None)
        if found is not None:
            caught[mutant.name] = owners[found]
        elif ((slack - original)[finite] < -FLOAT_MARGIN * scale[finite]).any():
            stronger = finite & (slack - original < -FLOAT_MARGIN * scale)
            # how much stronger it would have to be: room over change, 1 would refute
            change = (original - slack)[stronger]
            left[mutant.name] = float(np.max(change / np.maximum(original[stronger], 1e-300)))
        else:
            weaker += 1
    return {"caught": caught, "left": left, "weaker": weaker}


def reasons() -> list[tuple[str, str, str]]:
    """Statement, mutant (both patterns) and why such a mutant is true as well."""
    rows = yaml.safe_load(REASONS.read_text(encoding="utf-8"))
    return [(row["statement"], row["mutant"], row["reason"]) for row in rows]


def sorted_out(row: dict[str, Any], name: str, known: list[tuple[str, str, str]]) -> dict[str, Any]:
    """The mutants that are left, as *true too* with the reason or *missed*."""
    true: dict[str, str] = {}
    for mutant in row["left"]:
        why = next((w for s, m, w in known if re.search(s, name) and re.search(m, mutant)), None)
        if why is not None:
            true[mutant] = why
    missed = sorted(m for m in row["left"] if m not in true)
    return {"caught": row["caught"], "true_too": true, "missed": missed, "weaker": row["weaker"]}


def totals(rows: dict[str, Any]) -> dict[str, int]:
    """Caught, true too, missed over all statements."""
    return {key: sum(len(row[key]) for row in rows.values()) for key in ("caught", "true_too", "missed")}


def main() -> None:
    """Plant in every statement, or in those of the claims named; write the result after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("claims", nargs="*")
    parser.add_argument("--pool", type=int, default=POOL)
    parser.add_argument("--reasons-only", action="store_true", help="apply planting.yaml to the result that is there")
    options = parser.parse_args()
    known = reasons()
    old = json.loads(RESULTS.read_text(encoding="utf-8"))["statements"] if RESULTS.exists() else {}
    rows: dict[str, Any] = {}
    for claim in REGISTRY.values():
        for s in claim:
            name = f"{claim.id} / {s.label}"
            if s.expected is not Verdict.HOLDS:
                continue
            if options.reasons_only or (options.claims and claim.id not in options.claims and name in old):
                was = old[name]
                row = {**was, "left": [*was["true_too"], *was["missed"]]}
            else:
                row = plant(s, options.pool)
            rows[name] = sorted_out(row, name, known)
    result = {"per_cent": 1, "pool": options.pool, "seed": SEED, "totals": totals(rows), "statements": rows}
    RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(result["totals"])


if __name__ == "__main__":
    main()
