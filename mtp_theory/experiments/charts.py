"""What the paper's figures show, as plain series; :mod:`.figures` draws them."""

from __future__ import annotations

from itertools import accumulate
from math import isnan

from . import network_charts
from .cases import CASES, case_name
from .ours import Results
from .panels import COLOURS, DOTS, GREY, LEVEL, LINE, MARKS, Chart, Panel, Series, column
from .store import Result

#: KKT runs by label, for each grid.
_SIGNS = {"KKT, published sign": "kkt-authors", "KKT, corrected sign": "kkt-correct"}
_RIVALS = {
    "adult-svm": {"KKT, 0/1 features": "kkt-integer", "KKT, one-hot groups": "kkt-groups"},
    "adult-lr": _SIGNS,
    "mnist-svm": {"KKT": "kkt"},
    "mnist-lr": _SIGNS,
    "dogfish-svm": {"KKT": "kkt"},
    "dogfish-lr": _SIGNS,
}
_DATA = {"adult": "Adult", "mnist": "MNIST 1-7", "dogfish": "Dogfish"}
_MODEL = {"svm": "SVM", "lr": "logistic regression"}
#: The paper's figure numbers.
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
#: Figure, grid whose results it shows.
OWNERS = {
    **_CONVERGENCE,
    **_ACCURACY,
    **{n: g for n, (g, _) in _BOUNDS.items()},
    "16": "figure-16",
    **network_charts.OWNERS,
}


def chart(results: Results, number: str) -> Chart | None:
    """The paper's figure of that number; None where results are missing."""
    if number in _CONVERGENCE:
        return _convergence(results, number, _CONVERGENCE[number])
    if number in _ACCURACY:
        return _accuracy(results, number, _ACCURACY[number])
    if number in _BOUNDS:
        return _bounds(results, number, *_BOUNDS[number])
    if number in network_charts.OWNERS:
        return network_charts.chart(results, number)
    return _end_to_end(results, number)


def _convergence(results: Results, number: str, grid: str) -> Chart | None:
    """Distance to the target in loss and in Euclidean norm, of the attack at every step and of KKT at its shares."""
    # the paper shows the first target of Adult and the 10 % target elsewhere
    case = CASES[grid][1] if grid.startswith("mnist") else CASES[grid][0]
    run = results.get(grid, f"online-{case}")
    if run is None:
        return None
    panels = []
    for name, label in (("distance", "largest loss difference"), ("euclidean", "Euclidean distance")):
        attack = Series("online attack", column(run, "points"), column(run, name))
        panels.append(Panel(f"{label} to the target", label, (attack, *_rivals(results, grid, case, name)), log=True))
    return Chart(number, f"{_name(grid)}, {case_name(grid, case)}: convergence", tuple(panels))


def _accuracy(results: Results, number: str, grid: str) -> Chart | None:
    """Test accuracy against the number of points, one panel for each target."""
    what = "subpopulation" if grid.startswith("adult") else "test"
    label = "test accuracy, %" if what == "test" else "subpopulation test accuracy, %"
    panels = []
    for case in CASES[grid]:
        run = results.get(grid, f"online-{case}")
        if run is None:
            return None
        points = column(run, "points")
        level = run.values["target"][what]
        panels.append(
            Panel(
                _target(grid, case),
                label,
                (
                    Series("online attack", points, column(run, f"{what}_pct")),
                    *_rivals(results, grid, case, what),
                    Series("target", (points[0], points[-1]), (level, level), LEVEL),
                ),
            )
        )
    return Chart(number, f"{_name(grid)}: accuracy", tuple(panels))


def _bounds(results: Results, number: str, grid: str, prefix: str) -> Chart | None:
    """Theorem 2's bound at every model of the attack on an induced model, beside t* of that model."""
    base = "mnist-svm" if grid == "table-3" else grid
    panels = []
    for case in CASES[base]:
        run = results.get(grid, f"{prefix}-{case}")
        if run is None:
            return None
        points, bound = column(run, "points"), column(run, "bound_exact")
        best = tuple(accumulate((0.0 if isnan(b) else b for b in bound), max))
        series = [Series("Theorem 2 at each model", points, bound), Series("best so far", points, best, colour=1)]
        tight = results.get(grid, prefix.replace("bound", "minimum") + f"-{case}")
        if tight is not None and (level := tight.values["lower"]) is not None:
            series.append(Series("t*, the best bound possible", (points[0], points[-1]), (level, level), LEVEL))
        panels.append(Panel(_target(base, case), "lower bound, points", tuple(series)))
    whose = "KKT's models" if grid == "table-3" else "the attack's models"
    return Chart(number, f"{_name(base)}: lower bounds for {whose}", tuple(panels))


def _end_to_end(results: Results, number: str) -> Chart | None:
    """The attack with the improved target against KKT with the original one."""
    panels = []
    for case in CASES["mnist-svm"]:
        run, rival = results.get("figure-16", f"end-to-end-{case}"), results.get("mnist-svm", f"kkt-{case}")
        if run is None or rival is None:
            return None
        attack = Series("online attack, improved target", column(run, "points"), column(run, "test_pct"))
        panels.append(
            Panel(
                _target("mnist-svm", case),
                "test accuracy, %",
                (attack, _marks("KKT, original target", rival, "test", 1)),
            )
        )
    return Chart(number, f"{_name('mnist-svm')}: end to end", tuple(panels))


def _rivals(results: Results, grid: str, case: str, name: str) -> list[Series]:
    found = [(word, results.get(grid, f"{prefix}-{case}")) for word, prefix in _RIVALS[grid].items()]
    return [_marks(word, run, name, k) for k, (word, run) in enumerate(found, start=1) if run is not None]


def _marks(word: str, run: Result, name: str, colour: int) -> Series:
    shares = list(run.values["fractions"].values())
    return Series(word, tuple(s["points"] for s in shares), tuple(s[name] for s in shares), MARKS, colour)


def _name(grid: str) -> str:
    data, _, model = grid.partition("-")
    return f"{_MODEL[model]}, {_DATA[data]}"


def _target(grid: str, case: str) -> str:
    return (
        case_name(grid, case) if grid.startswith("adult") else f"target with test error above {case_name(grid, case)}"
    )


__all__ = ["COLOURS", "DOTS", "GREY", "LEVEL", "LINE", "MARKS", "OWNERS", "Chart", "Panel", "Series", "chart", "column"]
