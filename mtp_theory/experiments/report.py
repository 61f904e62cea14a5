"""The comparison as files: Markdown, CSV and LaTeX in the paper's layout, and figures as SVG."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..atomic import write_text
from ..display import latex
from ..errors import unknown_name
from .compare import DIFFERS, NOT_RUN, VERDICTS, Compared, Comparison
from .figures import figures
from .grid import grid_names
from .paper import TABLES
from .shares import markdown_table, minimum_attack_markdown, shares_markdown
from .spec import FRACTIONS

#: Shown for a number without a result.
NONE = "-"
MODELS = {"svm": "SVM", "lr": "LR", "": "", "svm+lr": "SVM, LR", "dnn": "perceptron"}
DATASETS = {"adult": "Adult", "mnist17": "MNIST 1-7", "dogfish": "Dogfish"}
TITLES = {
    "text": "Numbers in the paper's text",
    "1": "Table 1: subpopulation attack on Adult, test accuracy on the subpopulation in per cent",
    "2": "Table 2: indiscriminate attack, test accuracy in per cent",
    "3": "Table 3: lower bounds for the models that the KKT attack induces",
    "4": "Table 4: original and improved targets",
    "5": "Table 5: points of label flipping and of the online attack",
    "6": "Table 6: test accuracy in per cent after attacks of 5, 15 and 30 % of the training rows",
    "7": "Table 7: subpopulation label flipping with as many points as the online attack needs for 0 %",
    "figure-18": "Figure 18: direct optimisation against a perceptron",
    "figure-20": "Figure 20: initial weights that the attack does not know, test accuracy on digit 1 in per cent",
}
#: Names of quantities for people; the part before @.
WORDS = {
    "np": "n_p",
    "lower_bound": "lower bound",
    "kkt_acc_pct": "KKT, accuracy in %,",
    "ours_acc_pct": "attack, accuracy in %,",
    "test_acc_pct": "test accuracy, %",
    "target_test_acc_pct": "target's test accuracy, %",
    "target_subpop_test_acc_pct": "target's test accuracy on the subpopulation, %",
    "clean_subpop_test_acc_pct": "clean test accuracy on the subpopulation, %",
    "n_train": "training rows",
    "n_test": "test rows",
    "dim": "features",
    "stop_epsilon": "epsilon of the stop",
    "max_attack_success_drop_with_2_copies_pct": "largest loss of success with two copies, points",
    "kkt_num_poisons": "points of KKT",
    "lower_bound_for_kkt_induced_model": "lower bound for KKT's model",
    "target_test_acc_pct_original": "target's test accuracy, %, original",
    "target_test_acc_pct_improved": "target's test accuracy, %, improved",
    "target_loss_on_clean_original": "clean loss of the target, original",
    "target_loss_on_clean_improved": "clean loss of the target, improved",
    "np_original": "n_p, original",
    "np_improved": "n_p, improved",
    "label_flip_num_poisons": "label flips",
    "ours_num_poisons": "points of the attack",
    "num_poisons": "points",
    "minmax_steinhardt2017_test_acc_pct": "min-max, accuracy in %,",
    "biggio2011_test_acc_pct": "SVM gradient, accuracy in %,",
    "koh_liang2017_test_acc_pct": "influence, accuracy in %,",
    "demontis2019_test_acc_pct": "logistic gradient, accuracy in %,",
    "ours_test_acc_pct": "attack, accuracy in %,",
    "ours_subpop_test_acc_pct": "attack, accuracy in %",
    "label_flip_subpop_test_acc_pct": "label flips, accuracy in %",
    "label_flip_acc_pct": "label flips, accuracy in %,",
    "largest_accuracy_drop_pct_up_to_ratio_0.55": "largest fall of the accuracy up to 0.55 points per row",
}
#: Quantities that count something.
COUNTS = (
    "np",
    "n_train",
    "n_test",
    "dim",
    "num_poisons",
    "kkt_num_poisons",
    "ours_num_poisons",
    "np_original",
    "np_improved",
)
#: Table, grids whose results it shows.
GRIDS = {
    "1": ("adult-svm", "adult-lr"),
    "2": ("mnist-svm", "mnist-svm-released", "mnist-lr", "dogfish-svm", "dogfish-lr"),
    "3": ("table-3",),
    "4": ("table-4", "mnist-svm"),
    "5": ("mnist-svm",),
    "6": ("table-6",),
    "7": ("table-7",),
    "figure-18": ("networks-reduced", "networks-settings"),
    "figure-20": ("networks", "networks-flips"),
    "text": ("adult-svm", "adult-lr", "mnist-svm", "mnist-lr", "dogfish-svm", "dogfish-lr"),
}


@dataclass(frozen=True)
class Layout:
    """A table as the paper prints it; a cell is our number with the paper's in brackets."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """A Markdown table."""
        return markdown_table(self.columns, self.rows)

    def latex(self) -> str:
        """A tabular environment; it needs no package."""
        body = "\n".join(" & ".join(map(latex, row)) + r" \\" for row in self.rows)
        head = " & ".join(map(latex, self.columns)) + r" \\"
        return "\n".join(
            [
                rf"% {self.title}",
                rf"\begin{{tabular}}{{{'l' * len(self.columns)}}}",
                r"\hline",
                head,
                r"\hline",
                body,
                r"\hline",
                r"\end{tabular}",
                "",
            ]
        )

    def csv(self) -> str:
        """Comma-separated values."""
        return _csv(self.columns, self.rows)


def layouts(comparison: Comparison) -> dict[str, Layout]:
    """Every table in the paper's layout, by its number."""
    return {t: _layout(t, [r for r in comparison.rows if r.paper.table == t]) for t in TABLES}


def _layout(table: str, rows: Sequence[Compared]) -> Layout:
    if table == "text":
        return Layout(
            TITLES[table],
            ("data", "model", "target", "quantity", "ours", "paper", "verdict"),
            tuple(
                (
                    DATASETS[r.paper.dataset],
                    MODELS[r.paper.model],
                    r.paper.target,
                    words(r.paper.quantity),
                    *(number(v, r.paper.quantity) for v in (r.ours, r.paper.value)),
                    r.verdict,
                )
                for r in rows
            ),
        )
    if table == "figure-20":
        # one line for each number of points
        by_points: dict[str, dict[str, Compared]] = {}
        for r in rows:
            who, _, points = r.paper.quantity.partition("@")
            by_points.setdefault(points.removesuffix("points"), {})[who] = r
        whose = ("ours_acc_pct", "label_flip_acc_pct")
        return Layout(
            TITLES[table],
            ("points", "attack", "label flips"),
            tuple((points, *(cell(found.get(who)) for who in whose)) for points, found in by_points.items()),
        )
    quantities = _quantities(table, rows)
    cases = dict.fromkeys((r.paper.model, r.paper.dataset, r.paper.target) for r in rows)
    by = {(r.paper.model, r.paper.dataset, r.paper.target, r.paper.quantity): r for r in rows}
    return Layout(
        TITLES[table],
        ("model", "data", "target", *(_heading(q) for q in quantities)),
        tuple((MODELS[m], DATASETS[d], t, *(cell(by.get((m, d, t, q))) for q in quantities)) for m, d, t in cases),
    )


def _quantities(table: str, rows: Sequence[Compared]) -> list[str]:
    if table in ("1", "2"):
        shares = [f"{who}_acc_pct@{f:.1f}np" for f in FRACTIONS for who in ("kkt", "ours")]
        return ["np", "lower_bound", *shares]
    return list(dict.fromkeys(r.paper.quantity for r in rows))


def _heading(quantity: str) -> str:
    name, _, share = quantity.partition("@")
    if share.endswith("np"):
        return f"{share.removesuffix('np')} n_p {'KKT' if name.startswith('kkt') else 'attack'}"
    return words(quantity)


def words(quantity: str) -> str:
    """The name of a quantity for people; the file's own name where there is none."""
    name, _, share = quantity.partition("@")
    if not share:
        return WORDS.get(name, name)
    at = f"{share.removesuffix('np')} n_p" if share.endswith("np") else share.replace("points", " points")
    return f"{WORDS.get(name, name)} at {at}"


def cell(row: Compared | None) -> str:
    """Ours with the paper's number in brackets and a mark where they differ."""
    if row is None:
        return "N/A"
    mark = " *" if row.verdict == DIFFERS else ""
    ours, printed = (number(v, row.paper.quantity) for v in (row.ours, row.paper.value))
    return f"{ours} ({printed}){mark}"


def number(value: float | None, quantity: str) -> str:
    """Whole counts without, other numbers with one digit after the point; small settings as they are."""
    if value is None:
        return NONE
    if value == int(value) and (quantity in COUNTS or abs(value) >= 200):
        return str(int(value))
    return f"{value:g}" if 0 < abs(value) < 0.1 else f"{value:.1f}"


def comparison_csv(rows: Iterable[Compared]) -> str:
    """One line for each number."""
    head = (
        "table",
        "dataset",
        "model",
        "target",
        "quantity",
        "paper",
        "ours",
        "difference",
        "tolerance",
        "verdict",
        "note",
    )
    body = [
        (
            r.paper.table,
            r.paper.dataset,
            r.paper.model,
            r.paper.target,
            r.paper.quantity,
            f"{r.paper.value:g}",
            "" if r.ours is None else f"{r.ours:.6g}",
            "" if r.difference is None else f"{r.difference:+.4g}",
            r.tolerance,
            r.verdict,
            r.note,
        )
        for r in rows
    ]
    return _csv(head, body)


def comparison_markdown(comparison: Comparison) -> str:
    """The whole comparison: counts, tables in the paper's layout, every number with its verdict; then every attack."""
    counts = comparison.counts()
    parts = [
        "# Comparison with the paper",
        f"{sum(counts.values())} numbers: " + ", ".join(f"{v} {k}" for k, v in counts.items()) + ".",
        "A cell is our number with the paper's in brackets; * marks a difference beyond the tolerance.",
        "Tolerances: target accuracies 0.5 and attack accuracies 2 percentage points, numbers of points 1 %,"
        " Figure 20's means two of the paper's standard errors,"
        " lower bounds 2 %, clean losses 0.1 %, sizes exact.",
    ]
    for table, layout in layouts(comparison).items():
        rows = [r for r in comparison.rows if r.paper.table == table]
        parts += [f"## {layout.title}", layout.markdown()]
        parts.append(differences(rows))
        commands = [f"mtp-theory experiment run {g}" for g in GRIDS[table] if not g.startswith("dogfish")]
        parts.append("Regenerate: " + ", ".join(f"`{c}`" for c in commands))
    parts.append(
        "## Every attack at the shares of n_p: accuracy in per cent, on the subpopulation (Adult) or all test rows"
    )
    for grid in ("adult-svm", "adult-lr", "mnist-svm", "mnist-lr"):
        parts += [f"### {grid}", shares_markdown(comparison.results, grid)]
    parts += [
        "## The minimum attack: closest set found of so many points (SVM), furthest model on the way to the target"
        " (logistic regression)",
        minimum_attack_markdown(comparison.results, ("adult-svm", "adult-lr", "mnist-svm", "mnist-lr")),
        "Regenerate: `mtp-theory experiment run minimum-attack baselines table-5`",
    ]
    return "\n\n".join(parts) + "\n"


def differences(rows: Sequence[Compared]) -> str:
    """The numbers that differ, under their explanations, and what was not run, as Markdown."""
    groups: dict[str, list[str]] = {}
    missing: dict[str, int] = {}
    for r in rows:
        if r.verdict == DIFFERS:
            remark = f" ({r.remark})" if r.remark else ""
            ours, printed = (number(v, r.paper.quantity) for v in (r.ours, r.paper.value))
            where = ", ".join(filter(None, (MODELS[r.paper.model], DATASETS[r.paper.dataset], r.paper.target)))
            line = f"  - {where}: {words(r.paper.quantity)} {ours}, paper {printed}{remark}"
            groups.setdefault(r.explanation or "Not explained.", []).append(line)
        elif r.verdict == NOT_RUN:
            missing[r.remark] = missing.get(r.remark, 0) + 1
    lines = [line for why, entries in groups.items() for line in (f"- {why}", *entries)]
    lines += [f"- Not run, {count} numbers: {why}" for why, count in missing.items()]
    return "\n".join(["**Differences**", "", *lines]) if lines else "Every number of this table is reproduced."


def write_report(results: Path, target: Path, grid: str | None = None) -> dict[str, Any]:
    """Write comparison.md, comparison.csv, tables/ (csv, tex) and figures/ (svg) into ``target``.

    With a ``grid`` only the tables and figures that show its results. Returns the counts of verdicts.
    """
    if grid is not None and grid not in grid_names():
        raise unknown_name("grid", grid, grid_names())
    comparison = Comparison(results)
    chosen = [t for t in TABLES if grid is None or grid in GRIDS[t]]
    (target / "tables").mkdir(parents=True, exist_ok=True)
    for number_, layout in layouts(comparison).items():
        if number_ in chosen:
            name = f"table-{number_}" if number_.isdigit() else number_
            write_text(target / "tables" / f"{name}.csv", layout.csv())
            write_text(target / "tables" / f"{name}.tex", layout.latex())
    rows = [r for r in comparison.rows if r.paper.table in chosen]
    write_text(target / "comparison.csv", comparison_csv(rows))
    if grid is None:
        write_text(target / "comparison.md", comparison_markdown(comparison))
    drawn = figures(comparison.results, target / "figures", grid)
    counts = {v: sum(r.verdict == v for r in rows) for v in VERDICTS}
    return {**{k.replace(" ", "_"): v for k, v in counts.items()}, "figures": drawn}


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


__all__ = [
    "Layout",
    "cell",
    "comparison_csv",
    "comparison_markdown",
    "differences",
    "layouts",
    "number",
    "write_report",
]
