"""Every attack at the shares of n_p, as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .cases import CASES, accuracy_of, case_name
from .grid import load_grid
from .ours import Results
from .spec import FRACTIONS
from .store import Result


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a line that says so where there are no rows."""
    body = [f"| {' | '.join(row)} |" for row in rows]
    if not body:
        return "No results yet."
    return "\n".join([f"| {' | '.join(columns)} |", "|" + " :-- |" * len(columns), *body])


#: Runs of label flips by grid: word, grid and name of the run.
_FLIPS = {
    "adult-svm": (("random flips of the subpopulation", "baselines", "flips-adult-svm-{}"),),
    "adult-lr": (("random flips of the subpopulation", "baselines", "flips-adult-lr-{}"),),
    "mnist-svm": (
        ("random flips", "table-5", "random-at-online-{}"),
        ("flips of smallest margin", "table-5", "flips-at-online-{}"),
    ),
    "mnist-lr": (
        ("random flips", "baselines", "flips-mnist-lr-random-{}"),
        ("flips of smallest margin", "baselines", "flips-mnist-lr-low_margin-{}"),
    ),
}
_KKT = {
    "adult-svm": (("KKT, 0/1 features", "kkt-integer-{}"),),
    "mnist-svm": (("KKT", "kkt-{}"),),
    "adult-lr": (("KKT, published sign", "kkt-authors-{}"), ("KKT, corrected sign", "kkt-correct-{}")),
    "mnist-lr": (("KKT, published sign", "kkt-authors-{}"), ("KKT, corrected sign", "kkt-correct-{}")),
}


def shares_markdown(results: Results, grid: str) -> str:
    """Every attack on the targets of a grid at the five shares of n_p: accuracy in per cent, random flips' mean."""
    what = accuracy_of(grid)
    rows = []
    for case in CASES[grid]:
        online = results.get(grid, f"online-{case}")
        if online is None:
            continue
        lines = [("online attack", list(online.values["accuracy"][what].values()))]
        for word, name in _KKT[grid]:
            if (found := results.get(grid, name.format(case))) is not None:
                lines.append((word, [f[what] for f in found.values["fractions"].values()]))
        if (least := _minimum_attack(results, grid, case)) is not None:
            lines.append(("minimum attack", [f[what] for f in least.values["fractions"].values()]))
        for word, home, name in _FLIPS[grid]:
            if (found := results.get(home, name.format(case))) is not None:
                lines.append((word, [f[what]["mean"] for f in found.values["fractions"].values()]))
        rows += [(case_name(grid, case), word, *(f"{v:.1f}" for v in values)) for word, values in lines]
    return markdown_table(("target", "attack", *(f"{f:g} n_p" for f in FRACTIONS)), rows)


def _minimum_attack(results: Results, grid: str, case: str) -> Result | None:
    """Its run for a target, where the grid has one."""
    name = f"{grid}-{case}"
    return results.get("minimum-attack", name) if name in load_grid("minimum-attack").entries else None


def minimum_attack_markdown(results: Results, grids: Sequence[str]) -> str:
    """Distances that the online attack and the minimum attack reach with as many points, and the latter's accuracy."""
    rows = []
    for grid in grids:
        what = accuracy_of(grid)
        for case in CASES[grid]:
            if (found := _minimum_attack(results, grid, case)) is None:
                continue
            for share, f in found.values["fractions"].items():
                before = f"{f['start_distance']:.4f}"
                cells = (f"{f['distance_upper']:.4f}", f"{f['euclidean']:.4f}", f"{f[what]:.1f}")
                rows.append((grid, case_name(grid, case), share, str(f["points"]), before, *cells))
    head = ("grid", "target", "share of n_p", "points", "distance, online", "distance, minimum", "norm", "accuracy, %")
    return markdown_table(head, rows)


__all__ = ["markdown_table", "minimum_attack_markdown", "shares_markdown"]
