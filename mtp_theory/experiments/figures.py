"""The paper's figures 1-16 from results, as SVG: convergence, accuracy, lower bounds, end to end."""

from __future__ import annotations

from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

from .compare import Results
from .store import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Grid, run suffixes, the word for accuracies, KKT runs by label.
_CASES: dict[str, tuple[tuple[str, ...], str, dict[str, str]]] = {
    "adult-svm": (("17", "12", "19"), "subpopulation_pct", {"KKT": "kkt-integer", "KKT, one-hot groups": "kkt-groups"}),
    "adult-lr": (
        ("5", "0", "14"),
        "subpopulation_pct",
        {"KKT, published sign": "kkt-authors", "KKT, corrected": "kkt-correct"},
    ),
    "mnist-svm": (("0.05", "0.1", "0.15"), "test_pct", {"KKT": "kkt"}),
    "mnist-lr": (
        ("0.05", "0.1", "0.15"),
        "test_pct",
        {"KKT, published sign": "kkt-authors", "KKT, corrected": "kkt-correct"},
    ),
    "dogfish-svm": (("0.1", "0.2", "0.3"), "test_pct", {"KKT": "kkt"}),
    "dogfish-lr": (
        ("0.1", "0.2", "0.3"),
        "test_pct",
        {"KKT, published sign": "kkt-authors", "KKT, corrected": "kkt-correct"},
    ),
}
#: The paper's figure numbers: convergence (grid, run shown), accuracies.
_CONVERGENCE = {
    "1": "adult-svm",
    "2": "mnist-svm",
    "3": "dogfish-svm",
    "10": "adult-lr",
    "11": "mnist-lr",
    "12": "dogfish-lr",
}
_ACCURACY = {
    "4": "adult-svm",
    "5": "mnist-svm",
    "6": "dogfish-svm",
    "13": "adult-lr",
    "14": "mnist-lr",
    "15": "dogfish-lr",
}
_BOUNDS = {"7": ("mnist-svm", "bound"), "8": ("dogfish-svm", "bound"), "9": ("table-3", "bound-kkt")}
_PERCENT = {"subpopulation_pct": "subpopulation", "test_pct": "test"}


def column(result: Result, name: str) -> list[float]:
    """One column of a result's table; NaN where it is empty."""
    k = result.columns.index(name)
    return [nan if (v := row[k]) is None else v for row in result.rows]


def convergence(results: Results, grid: str) -> Figure | None:
    """Distance to the target in loss and in Euclidean norm, of the attack at every step and of KKT at its shares."""
    cases, _, rivals = _CASES[grid]
    case = cases[0] if grid.startswith("adult") else cases[1] if grid.startswith("mnist") else cases[0]
    run = results.get(grid, f"online-{case}")
    if run is None:
        return None
    figure, axes = _axes(2)
    for ax, name, label in zip(
        axes, ("distance", "euclidean"), ("largest loss difference", "Euclidean distance"), strict=True
    ):
        ax.semilogy(column(run, "points"), column(run, name), lw=1.0, label="online attack")
        for word, prefix in rivals.items():
            found = results.get(grid, f"{prefix}-{case}")
            if found is not None:
                shares = list(found.values["fractions"].values())
                ax.semilogy([s["points"] for s in shares], [s[name] for s in shares], "o--", ms=4, lw=0.8, label=word)
        ax.set_xlabel("poisoning points")
        ax.set_ylabel(label)
        ax.legend()
    return figure


def accuracy(results: Results, grid: str) -> Figure | None:
    """Test accuracy against the number of points, one panel for each target."""
    cases, name, rivals = _CASES[grid]
    runs = {c: results.get(grid, f"online-{c}") for c in cases}
    if any(r is None for r in runs.values()):
        return None
    figure, axes = _axes(len(cases))
    for ax, (case, run) in zip(axes, runs.items(), strict=True):
        assert run is not None
        ax.plot(column(run, "points"), column(run, name), lw=1.0, label="online attack")
        for word, prefix in rivals.items():
            found = results.get(grid, f"{prefix}-{case}")
            if found is not None:
                shares = list(found.values["fractions"].values())
                ax.plot(
                    [s["points"] for s in shares], [s[_PERCENT[name]] for s in shares], "o--", ms=4, lw=0.8, label=word
                )
        ax.axhline(run.values["target"][_PERCENT[name]], color="grey", ls=":", label="target")
        ax.set_title(_case(case), fontsize="medium")
        ax.set_xlabel("poisoning points")
    axes[0].set_ylabel("test accuracy, %" if name == "test_pct" else "subpopulation test accuracy, %")
    axes[0].legend(fontsize="small")
    return figure


def bounds(results: Results, grid: str, prefix: str) -> Figure | None:
    """Theorem 2's bound at every model of the attack on an induced model, beside t* of that model."""
    cases = _CASES["mnist-svm" if grid == "table-3" else grid][0]
    runs = {c: results.get(grid, f"{prefix}-{c}") for c in cases}
    if any(r is None for r in runs.values()):
        return None
    figure, axes = _axes(len(cases))
    for ax, (case, run) in zip(axes, runs.items(), strict=True):
        assert run is not None
        ax.plot(column(run, "points"), column(run, "bound_exact"), lw=1.0, label="Theorem 2 at each model")
        tight = results.get(grid, prefix.replace("bound", "minimum") + f"-{case}")
        if tight is not None and tight.values["lower"] is not None:
            ax.axhline(tight.values["lower"], color="black", ls="--", lw=0.8, label="t*: the best bound possible")
        ax.set_ylim(bottom=0)
        ax.set_title(_case(case), fontsize="medium")
        ax.set_xlabel("poisoning points")
    axes[0].set_ylabel("lower bound")
    axes[0].legend(fontsize="small")
    return figure


def end_to_end(results: Results) -> Figure | None:
    """Figure 16: the attack with the improved target against KKT with the original one."""
    cases = _CASES["mnist-svm"][0]
    figure, axes = _axes(len(cases))
    for ax, case in zip(axes, cases, strict=True):
        run, rival = results.get("figure-16", f"end-to-end-{case}"), results.get("mnist-svm", f"kkt-{case}")
        if run is None or rival is None:
            return None
        ax.plot(column(run, "points"), column(run, "test_pct"), lw=1.0, label="online attack, improved target")
        shares = list(rival.values["fractions"].values())
        ax.plot(
            [s["points"] for s in shares],
            [s["test"] for s in shares],
            "o--",
            ms=4,
            lw=0.8,
            label="KKT, original target",
        )
        ax.set_title(_case(case), fontsize="medium")
        ax.set_xlabel("poisoning points")
    axes[0].set_ylabel("test accuracy, %")
    axes[0].legend(fontsize="small")
    return figure


def figure(results: Results, number: str) -> Figure | None:
    """The paper's figure of that number; None where results are missing."""
    if number in _CONVERGENCE:
        return convergence(results, _CONVERGENCE[number])
    if number in _ACCURACY:
        return accuracy(results, _ACCURACY[number])
    if number in _BOUNDS:
        return bounds(results, *_BOUNDS[number])
    return end_to_end(results)


def figures(results: Results, folder: Path, grid: str | None = None) -> int:
    """Write ``figure-N.svg`` for every figure whose results are there; returns how many."""
    import matplotlib

    owners = {**_CONVERGENCE, **_ACCURACY, **{n: g for n, (g, _) in _BOUNDS.items()}, "16": "figure-16"}
    folder.mkdir(parents=True, exist_ok=True)
    drawn = 0
    # a fixed salt and no date: the same results give the same file
    with matplotlib.rc_context({"svg.hashsalt": "mtp-theory", "svg.fonttype": "none"}):
        for number, owner in owners.items():
            if grid in (None, owner) and (made := figure(results, number)) is not None:
                made.savefig(folder / f"figure-{number}.svg", metadata={"Date": None})
                drawn += 1
    return drawn


def _case(case: str) -> str:
    return f"cluster {case}" if case.isdigit() else f"target error > {float(case):.0%}"


def _axes(count: int) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.6 * count, 3.2), layout="constrained")
    made = figure.subplots(1, count, squeeze=False)
    return figure, list(made[0])


__all__: list[str] = ["accuracy", "bounds", "column", "convergence", "end_to_end", "figure", "figures"]
