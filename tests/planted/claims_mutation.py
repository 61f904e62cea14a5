"""Mutated twins of a statement: one term, sign, factor, constant or symbol of its inequality changed mechanically.

``python tests/planted/claims_mutation.py`` searches a pool of seeded exact instances for those that refute the mutants
and writes ``claims_mutants.json``: for each statement the instances, and the mutants that none of the pool refutes. The
test regenerates the instances by their numbers and demands the same outcome in exact arithmetic.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import sympy

from mtp_theory.claims import REGISTRY, Claim
from mtp_theory.claims.engine.model import Case, Inequality, Statement, Verdict
from mtp_theory.claims.facts.instances import generate, instance

TABLE = Path(__file__).with_name("claims_mutants.json")
SEED = 1
POOL = {"pair": 8000, "run": 3500, "set_run": 800}
DEFAULT_POOL = 1500
#: Float slacks above this, relative to the values, are never called a refutation; candidates are confirmed exactly.
FLOAT_MARGIN = 1e-9

#: Symbols of one role: the mutants put one in the place of the other where a case knows both.
CONFUSIONS: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("theorem-1", "run"): ((r"\min_{j\le T}D(\theta_j,\theta_p)", r"D(\theta_{T+1},\theta_p)"), ("N", "T")),
    ("remark-1", "run"): (("N", "T"), ("B", "C_R")),
    ("theorem-1-implications", "run"): (("N", "T"),),
    ("copies-per-round", "copies"): (("N", "T"), (r"\kappa", "N")),
    ("lemma-1", "pair"): ((r"\lambda", "C_R"), ("C_R", r"\lambda")),
    ("theorem-4", "vectors"): (
        (r"\|(\theta-\theta')_+\|_1", r"\|\theta-\theta'\|_1"),
        ("r", r"\sup_{x\in\mathcal X}\max(|\langle\theta,x\rangle|,|\langle\theta',x\rangle|)"),
    ),
    ("theorem-5", "vectors"): ((r"\|\theta-\theta'\|_1", r"\|\theta-\theta'\|_\infty"),),
    ("corollary-1", "near"): ((r"R^*", r"R(\theta)"), (r"R(\theta_p)", r"R(\theta)")),
    ("last-iterate", "run"): (
        (r"\left\|\theta_{T+1}-\theta_p\right\|_2^2", r"\min_{j\le T}\left\|\theta_j-\theta_p\right\|_2^2"),
        (r"\min_{j\le T}\left\|\theta_j-\theta_p\right\|_2^2", r"\left\|\theta_{T+1}-\theta_p\right\|_2^2"),
        ("N", "T"),
    ),
    ("appendix-c", "vectors"): ((r"R(\theta_p)", r"R(\theta)"),),
}


@dataclass(frozen=True)
class Mutant:
    """What was changed, and the inequality that came out."""

    name: str
    inequality: Inequality


def key(claim: Claim, statement: Statement) -> str:
    """Name of a statement in the table."""
    return f"{claim.id} / {statement.label}"


def subjects() -> dict[str, tuple[Claim, Statement]]:
    """Every statement that is expected to hold."""
    pairs = [(claim, s) for claim in REGISTRY.values() for s in claim if s.expected is Verdict.HOLDS]
    return {key(claim, s): (claim, s) for claim, s in pairs}


def mutants(claim: Claim, statement: Statement) -> list[Mutant]:
    """Every different mutant of the statement's inequality, with a name that is unique."""
    original = statement.inequality
    seen = {(original.lhs, original.rhs)}
    found: dict[str, Mutant] = {}
    for side in ("lhs", "rhs"):
        for name, mutated in _expressions(getattr(original, side)):
            _collect(replace(original, **{side: mutated}), f"{side}: {name}", seen, found)
    for old, new in CONFUSIONS.get((claim.id, statement.kind), ()):
        rule = {sympy.Symbol(old, real=True): sympy.Symbol(new, real=True)}
        swapped = replace(original, lhs=original.lhs.xreplace(rule), rhs=original.rhs.xreplace(rule))
        _collect(swapped, f"{old} -> {new}", seen, found)
    return list(found.values())


def _collect(mutated: Inequality, name: str, seen: set[Any], found: dict[str, Mutant]) -> None:
    identity = (mutated.lhs, mutated.rhs)
    if identity in seen or any(e.has(sympy.zoo, sympy.nan, sympy.oo) for e in identity):
        return
    seen.add(identity)
    while name in found:
        name += " (again)"
    found[name] = Mutant(name, mutated)


def _expressions(e: sympy.Expr) -> Iterator[tuple[str, sympy.Expr]]:
    """The expression with one of its nodes changed."""
    yield from _at_root(e)
    for i, argument in enumerate(e.args):
        for name, mutated in _expressions(argument):
            yield name, e.func(*e.args[:i], mutated, *e.args[i + 1 :])


def _at_root(e: sympy.Expr) -> Iterator[tuple[str, sympy.Expr]]:
    # sorted: the order of sympy's arguments is not the same in every process
    parts = sorted(e.args, key=str)
    if e.is_Add:
        for term in parts:
            rest = [p for p in parts if p is not term]
            yield f"term {term} dropped", sympy.Add(*rest)
            yield f"sign of {term} flipped", sympy.Add(-term, *rest)
    if e.is_Mul:
        for factor in parts:
            if not factor.is_number:
                yield f"factor {factor} dropped", sympy.Mul(*(p for p in parts if p is not factor))
    if e.is_Pow:
        yield f"exponent of {e.base} changed", sympy.Pow(e.base, 1) if e.exp == 2 else sympy.Pow(e.base, 2 * e.exp)
        if e.exp.is_negative:
            yield f"1/({e.base}) inverted", sympy.Pow(e.base, -e.exp)
    if e.func in (sympy.Max, sympy.Min):
        other = sympy.Min if e.func is sympy.Max else sympy.Max
        yield f"{other.__name__} for {e.func.__name__}", other(*parts)
        for argument in parts:
            yield f"{e.func.__name__} replaced by {argument}", argument
    if e.is_Symbol:
        yield f"{e} + 1", e + 1
        yield f"2 {e}", 2 * e
        yield f"{e} / 2", e / 2
        yield f"1/{e}", 1 / e
        yield f"-{e}", -e


@cache
def _vectorised(expression: sympy.Expr) -> tuple[tuple[str, ...], Any]:
    symbols = sorted(expression.free_symbols, key=str)
    return tuple(str(s) for s in symbols), sympy.lambdify(symbols, expression, modules="numpy")


def _float_slack(inequality: Inequality, columns: dict[str, Any], size: int) -> Any:
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


def select(claim: Claim, statement: Statement) -> dict[str, Any]:
    """Instances of the pool that refute every refutable mutant, and how the others compare with the original."""
    cases, owner = [], []
    for index, facts in enumerate(generate(statement.kind, POOL.get(statement.kind, DEFAULT_POOL), SEED)):
        for case in statement.cases(facts):
            cases.append(case)
            owner.append(index)
    columns = {n: np.array([float(c.values[n]) for c in cases]) for n in cases[0].values}
    scale = 1.0 + np.max([np.where(np.isfinite(v), np.abs(v), 0.0) for v in columns.values()], axis=0)
    original = _float_slack(statement.inequality, columns, len(cases))
    chosen: set[int] = set()
    kept: dict[str, str] = {}
    killers: dict[str, list[int]] = {}
    for mutant in mutants(claim, statement):
        if not {str(x) for e in (mutant.inequality.lhs, mutant.inequality.rhs) for x in e.free_symbols} <= set(columns):
            continue  # a confusion with a symbol that this statement's cases do not know
        slack = _float_slack(mutant.inequality, columns, len(cases))
        finite = np.isfinite(slack) & np.isfinite(original)
        below = FLOAT_MARGIN * scale if statement.inequality.strict else -FLOAT_MARGIN * scale
        candidates = np.flatnonzero(finite & (slack < below))
        confirmed = [k for k in candidates[np.argsort(slack[candidates])][:40] if refutes(mutant.inequality, cases[k])]
        if confirmed:
            killers[mutant.name] = sorted({owner[k] for k in confirmed})
            continue
        change = (slack - original)[finite] / scale[finite]
        if (change < -FLOAT_MARGIN).any():
            kept[mutant.name] = "unrefuted"
        else:
            kept[mutant.name] = "weaker" if (change > FLOAT_MARGIN).any() else "equivalent"
    remaining = dict(killers)
    while remaining:
        counts: dict[int, int] = {}
        for indices in remaining.values():
            for i in indices:
                counts[i] = counts.get(i, 0) + 1
        best = min(counts, key=lambda i: (-counts[i], i))
        chosen.add(best)
        remaining = {n: v for n, v in remaining.items() if best not in v}
    return {"instances": sorted(chosen), "refuted": len(killers), "kept": dict(sorted(kept.items()))}


def killing_cases(statement: Statement, indices: list[int]) -> list[Case]:
    """The cases of the pool's instances with these numbers."""
    return [case for i in indices for case in statement.cases(instance(statement.kind, SEED, i))]


def main(wanted: list[str]) -> None:
    """Write the table, or the rows of the claims that are named."""
    table = json.loads(TABLE.read_text()) if TABLE.exists() else {}
    todo = subjects()
    table = {name: row for name, row in table.items() if name in todo}
    for name, (claim, statement) in todo.items():
        if wanted and claim.id not in wanted:
            continue
        table[name] = select(claim, statement)
        row = table[name]
        open_ = [m for m, status in row["kept"].items() if status == "unrefuted"]
        TABLE.write_text(json.dumps({n: table[n] for n in todo if n in table}, indent=1, ensure_ascii=False) + "\n")
        line = (
            f"{name}: {row['refuted']} refuted by {len(row['instances'])}, {len(row['kept'])} kept, unrefuted {open_}"
        )
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
