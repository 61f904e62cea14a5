"""Markdown for the book's pages: tables and lists made from results, never typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from mtp_theory.experiments import Result, expand, grid_names, load_grid
from mtp_theory.experiments.cases import CASES, accuracy_of, case_name
from mtp_theory.experiments.compare import Comparison
from mtp_theory.experiments.ours import Results
from mtp_theory.experiments.report import MODELS, TITLES, differences, words
from mtp_theory.experiments.shares import markdown_table
from mtp_theory.experiments.spec import FRACTIONS

SEEDS = (12, 23, 34, 45)


def summary_markdown(comparison: Comparison) -> str:
    """How many numbers of each table have which verdict."""
    tables = list(TITLES)
    verdicts = list(comparison.counts())
    rows = [
        (
            TITLES[t].partition(":")[0],
            *(str(sum(r.paper.table == t and r.verdict == v for r in comparison.rows)) for v in verdicts),
        )
        for t in tables
    ]
    rows.append(("all", *(str(v) for v in comparison.counts().values())))
    return markdown_table(("numbers of", *verdicts), rows)


def unknown_markdown(comparison: Comparison) -> str:
    """The numbers that differ for a reason that was not found, as notes.yaml marks them."""
    names = []
    for r in comparison.unknown:
        table = TITLES[r.paper.table].partition(":")[0]
        names.append(", ".join(filter(None, (table, r.paper.target, words(r.paper.quantity)))))
    if not names:
        return "No number differs for a reason that was not found."
    what = "one number differs" if len(names) == 1 else f"{len(names)} numbers differ"
    return f"For a reason that was not found {what}: {'; '.join(names)}."


def differences_markdown(comparison: Comparison, paper_table: str) -> str:
    """The numbers of one table that differ, with the explanation, and what was not run."""
    return differences([r for r in comparison.rows if r.paper.table == paper_table])


def runs_markdown(results: Results) -> str:
    """For each grid the runs that are there, their time and machine; CPU time of the runs that recorded it."""
    rows, every, tables = [], [], []
    for name in grid_names():
        found = [results.get(name, r.name) for r in expand(load_grid(name)) if "/" not in r.name]
        done = [r for r in found if r is not None]
        if done:
            every += done
            tables += [] if name.endswith("seeds") else done
            machines = {f"{r.record['environment']['processor']}" for r in done}
            rows.append((f"`{name}`", f"{len(done)} of {len(found)}", *minutes(done), ", ".join(sorted(machines))))
    # a configuration that stands under two names was run once
    every, tables = ([*{id(r): r for r in some}.values()] for some in (every, tables))
    rows.append(("all", str(len(every)), *minutes(every), ""))
    note = (
        "Minutes are wall-clock on shared cores, so upper limits; CPU minutes are those of the run's own process, one"
        " thread. Runs from before CPU time was recorded are counted in brackets."
    )
    if tables:
        note += f" All grids but the seeds': {span(tables):.0f} minutes in which at least one of the runs went on."
    return markdown_table(("grid", "runs", "minutes", "CPU minutes", "processor"), rows) + "\n\n" + note


def span(done: Sequence[Result]) -> float:
    """Minutes in which at least one of some runs went on; they are stamped when they end."""
    ends = [(datetime.fromisoformat(r.record["time"]), timedelta(seconds=r.record["seconds"])) for r in done]
    total, until = timedelta(0), None
    for start, end in sorted((end - took, end) for end, took in ends):
        begin = start if until is None else max(start, until)
        total += max(end - begin, timedelta(0))
        until = end if until is None else max(until, end)
    return total / timedelta(minutes=1)


def minutes(done: Sequence[Result]) -> tuple[str, str]:
    """Wall and CPU minutes of some runs; in brackets how many have no CPU time."""
    cpu = [r.record["cpu_seconds"] for r in done if r.record["cpu_seconds"] is not None]
    without = f" (without {len(done) - len(cpu)})" if len(cpu) < len(done) else ""
    return f"{sum(r.record['seconds'] for r in done) / 60:.1f}", f"{sum(cpu) / 60:.1f}{without}" if cpu else ""


def bounds_markdown(results: Results, grids: Sequence[str]) -> str:
    """n_p, the best iterate's bound, t* of the induced model and of the target, for each case."""
    rows = []
    for grid in grids:
        for case in CASES[grid]:
            online, bound, tight = (results.get(grid, f"{k}-{case}") for k in ("online", "bound", "minimum"))
            target = results.get(grid, f"minimum-target-{case}") if grid.endswith("svm") else None
            if online is None or bound is None or tight is None:
                continue
            best = bound.values["bounds"]
            relaxed = f"{best['relaxed']['value']:.1f}" if "relaxed" in best else ""
            rows.append(
                (
                    grid,
                    case_name(grid, case),
                    str(online.values["points"]),
                    f"{best['exact']['value']:.1f}",
                    relaxed,
                    _interval(tight),
                    "" if target is None else _interval(target),
                )
            )
    head = ("grid", "target", "n_p", "bound", "bound, relaxed", "t*, induced model", "t*, original target")
    return markdown_table(head, rows)


def _interval(found: Result) -> str:
    """Lower and upper side of t*; one number where they agree to a tenth."""
    low, high = found.values["lower"], found.values["upper"]
    if low is None:
        return "unattainable"
    if high is None:
        return f"at least {low:.1f}"
    return f"{low:.1f}" if high - low < 0.1 else f"{low:.1f} to {high:.1f}"


def oracles_markdown(results: Results) -> str:
    """Logistic regression on Adult with the paper's kind of maximiser and with the exact one."""
    rows = []
    for case in CASES["adult-lr"]:
        for name, word in (("online", "best vertex"), ("online-exact", "exact")):
            run = results.get("adult-lr", f"{name}-{case}")
            if run is not None:
                shares = run.values["accuracy"]["subpopulation"].values()
                rows.append(
                    (
                        case_name("adult-lr", case),
                        word,
                        str(run.values["points"]),
                        ", ".join(f"{v:.1f}" for v in shares),
                    )
                )
    return markdown_table(("target", "maximiser", "n_p", "accuracy at 0.2, 0.4, 0.6, 0.8, 1.0 n_p"), rows)


def seeds_markdown(results: Results, grid: str) -> str:
    """Runs with the authors' trainer, one row for each seed, beside the exact trainer."""
    rows, what = [], accuracy_of(grid)
    there = load_grid(f"{grid}-seeds").entries
    for case in CASES[grid]:
        names = [(s, f"authors-{case}-{s}") for s in SEEDS]
        found = [(f"liblinear, seed {s}", results.get(f"{grid}-seeds", n)) for s, n in names if n in there]
        exact = [("exact", results.get(grid, f"online-{case}"))] if found else []
        for word, run in exact + found:
            if run is not None:
                cells = _series(run.values["accuracy"][what].values())
                rows.append((case_name(grid, case), word, str(run.values["points"]), cells))
    return markdown_table(("target", "training", "n_p", "accuracy at 0.2, 0.4, 0.6, 0.8, 1.0 n_p"), rows)


def lr_seeds_markdown(results: Results, grid: str) -> str:
    """Logistic regression with the authors' search, one row for each seed of its starts, beside our maximiser."""
    rows, what = [], accuracy_of(grid)
    for case in CASES[grid]:
        found = [("ours", results.get(grid, f"online-{case}"))]
        names = [(s, f"{grid}-{case}-{s}") for s in SEEDS]
        there = load_grid("lr-seeds").entries
        found += [(f"Adam, seed {s}", results.get("lr-seeds", n)) for s, n in names if n in there]
        for word, run in found:
            if run is not None:
                cells = _series(run.values["accuracy"][what].values())
                rows.append((case_name(grid, case), word, str(run.values["points"]), cells))
    return markdown_table(("target", "search", "n_p", "accuracy at 0.2, 0.4, 0.6, 0.8, 1.0 n_p"), rows)


def two_targets_markdown(comparison: Comparison) -> str:
    """The SVM on MNIST 1-7 with the targets of both grids of label flips, beside the paper's row."""
    rows = []
    for case in CASES["mnist-svm"]:
        target = case_name("mnist-svm", case)
        printed = {
            r.paper.quantity: r.paper.value
            for r in comparison.rows
            if (r.paper.table, r.paper.dataset, r.paper.model) == ("2", "mnist17", "svm")
            and r.paper.target == target.replace(" ", "")
        }
        shares = [[printed[f"{who}_acc_pct@{f:.1f}np"] for f in FRACTIONS] for who in ("ours", "kkt")]
        rows.append((target, "paper", f"{printed['np']:.0f}", f"{printed['lower_bound']:.1f}", *map(_series, shares)))
        for grid, word in (("mnist-svm", "mid 2020"), ("mnist-svm-released", "released")):
            online, bound, kkt = (comparison.results.get(grid, f"{k}-{case}") for k in ("online", "bound", "kkt"))
            goal = comparison.results.get(grid, "targets")
            if online is None or bound is None or kkt is None or goal is None:
                continue
            chosen = goal.values["goals"][case]
            rows.append(
                (
                    target,
                    f"{word}: quantile {chosen['value']:g}, {chosen['copies']} copies",
                    str(online.values["points"]),
                    f"{bound.values['bounds']['exact']['value']:.1f}",
                    _series(online.values["accuracy"]["test"].values()),
                    _series(f["test"] for f in kkt.values["fractions"].values()),
                )
            )
    return markdown_table(("target", "search for it", "n_p", "lower bound", "attack", "KKT"), rows)


def _series(values: Iterable[float]) -> str:
    return ", ".join(f"{v:.1f}" for v in values)


def sensitivity_markdown(results: Results) -> str:
    """Points and accuracies when each weight of the target gets normal noise of 1e-6."""
    rows = []
    for grid, case in (*(("adult-svm", c) for c in CASES["adult-svm"]), ("mnist-svm", "0.05"), ("mnist-svm", "0.1")):
        plain, noisy = (
            results.get(grid, f"online-{case}"),
            results.get("sensitivity", f"{grid.removesuffix('-svm')}-{case}"),
        )
        if plain is None or noisy is None:
            continue
        shares = plain.values["accuracy"]["subpopulation" if grid == "adult-svm" else "test"]
        ranges = [noisy.values[f"accuracy@{f}"] for f in shares]
        rows.append(
            (
                grid,
                case_name(grid, case),
                str(plain.values["points"]),
                ", ".join(map(str, noisy.values["each"])),
                ", ".join(f"{v:.1f}" for v in shares.values()),
                ", ".join(f"{low:.1f}" if high - low < 0.05 else f"{low:.1f} to {high:.1f}" for low, high in ranges),
            )
        )
    return markdown_table(("grid", "target", "n_p", "n_p with noise", "accuracies", "accuracies with noise"), rows)


def candidates_markdown(results: Results, best: int = 5) -> str:
    """The targets of each cluster that reach 0 % with the fewest points."""
    rows = []
    for model, grid in (("svm", "adult-svm"), ("lr", "adult-lr")):
        for case in CASES[grid]:
            found = results.get("table-7", f"candidates-{model}-{case}")
            if found is None:
                continue
            place = {name: k for k, name in enumerate(found.columns)}
            reached = [r for r in found.rows if r[place["reached"]]]
            for r in sorted(reached, key=lambda r: r[place["points"]] or 0.0)[:best]:
                cells = [r[place[k]] or 0.0 for k in ("value", "copies", "clean_loss_sum", "part_loss_sum", "points")]
                rows.append((MODELS[model], case_name(grid, case), *(f"{v:g}" for v in cells)))
    head = ("model", "target", "quantile", "copies", "clean loss", "loss on the subpopulation", "points")
    return markdown_table(head, rows)


__all__ = [
    "bounds_markdown",
    "candidates_markdown",
    "differences_markdown",
    "lr_seeds_markdown",
    "minutes",
    "oracles_markdown",
    "runs_markdown",
    "seeds_markdown",
    "sensitivity_markdown",
    "span",
    "summary_markdown",
    "two_targets_markdown",
    "unknown_markdown",
]
