"""What figures 17-20 show: attacks on neural networks."""

from __future__ import annotations

from .ours import Results
from .panels import DOTS, LEVEL, MARKS, Chart, Panel, Series, column
from .paper import paper_numbers

#: Figure, grid whose results it shows.
OWNERS = {"17": "networks-reduced", "18": "networks-reduced", "19": "networks", "20": "networks"}
#: Numbers of points of Figure 20.
SIZES = (1000, 1150, 1290, 1420, 1600, 1790, 1910, 1970, 2380)
_ACCURACY = "test accuracy on digit 1, %"
#: Runs with the learning rate and weight decay of each of the released scripts: words, grid, name.
_SETTINGS = {
    name: (
        ("attack script's settings", "networks-reduced", name),
        ("target script's settings", "networks-settings", f"{name}-mild"),
    )
    for name in ("variance", "ascent")
}


def chart(results: Results, number: str) -> Chart | None:
    """The figure of that number; None where results are missing."""
    return {"17": _variance, "18": _direct, "19": _lookup, "20": _transfer}[number](results)


def _variance(results: Results) -> Chart | None:
    """Label flips: accuracies of repeats, by batch size and by initial weights, with both scripts' settings."""
    runs = [(word, results.get(grid, name)) for word, grid, name in _SETTINGS["variance"]]
    found = [(word, run) for word, run in runs if run is not None]
    if not found:
        return None
    middle = found[0][1].values["batch_size"]
    panels = []
    for key, title, across in (
        ("batch_sizes", "one initialisation, several batch sizes", "batch size"),
        ("seeds", f"batches of {middle}, several initialisations", "initialisation"),
    ):
        series = []
        for k, (word, run) in enumerate(found):
            names = list(run.values[key])
            places = [float(n) for n in names] if key == "batch_sizes" else [1.0 + i for i in range(len(names))]
            each = [run.values[key][n] for n in names]
            x = tuple(place for place, values in zip(places, each, strict=True) for _ in values)
            series.append(Series(word, x, tuple(v for values in each for v in values), DOTS, k))
        panels.append(Panel(title, _ACCURACY, tuple(series), across=across))
    return Chart("17", "Perceptron, MNIST 1-7: variance of label flipping", tuple(panels))


def _direct(results: Results) -> Chart | None:
    """Direct optimisation: loss difference found and accuracy."""
    runs = [(word, results.get(grid, name)) for word, grid, name in _SETTINGS["ascent"]]
    found = [(word, run) for word, run in runs if run is not None]
    if not found:
        return None
    panels = []
    for name, title, label in (
        ("distance", "loss difference of the point found", "loss difference"),
        ("subpopulation_pct", "accuracy on the subpopulation", _ACCURACY),
    ):
        series = [
            Series(word, tuple(n / run.values["n_train"] for n in column(run, "points")), column(run, name), colour=k)
            for k, (word, run) in enumerate(found)
        ]
        panels.append(Panel(title, label, tuple(series), across="poisoning points per training row"))
    return Chart("18", "Perceptron, MNIST 1-7: points by direct optimisation", tuple(panels))


def _lookup(results: Results) -> Chart | None:
    """The attack over the candidates: both distances, and accuracy beside label flips from the same initial weights."""
    run, flips = results.get("networks", "lookup"), results.get("networks-flips", "known")
    if run is None:
        return None
    points = column(run, "points")
    accuracy = [Series("lookup attack", points, column(run, "subpopulation_pct"))]
    if flips is not None:
        found = flips.values["points"]
        y = tuple(f["mean"] for f in found.values())
        accuracy.append(Series("random label flips", tuple(map(float, found)), y, MARKS, 1))
    level = run.values["target"]["subpopulation"]
    accuracy.append(Series("target", (points[0], points[-1]), (level, level), LEVEL))
    panels = (
        Panel("accuracy on the subpopulation", _ACCURACY, tuple(accuracy)),
        Panel(
            "loss difference over the candidates",
            "loss difference",
            (Series("lookup attack", points, column(run, "distance")),),
            log=True,
        ),
        Panel(
            "Euclidean distance to the target",
            "distance of all parameters",
            (Series("lookup attack", points, column(run, "euclidean")),),
        ),
    )
    return Chart("19", "Perceptron, MNIST 1-7: the lookup attack, initial weights known", panels)


def _transfer(results: Results) -> Chart | None:
    """Ten other initialisations: means and standard errors, the paper's beside ours."""
    ours = {
        name: [(n, found.values["points"][str(n)]) for n in SIZES if (found := results.get(grid, f"{run}-{n}"))]
        for name, grid, run in (
            ("lookup attack", "networks", "victims"),
            ("random label flips", "networks-flips", "flips"),
        )
    }
    if not all(ours.values()):
        return None
    series = [
        Series(
            name,
            tuple(float(n) for n, _ in found),
            tuple(f["mean"] for _, f in found),
            MARKS,
            k,
            tuple(f["standard_error"] for _, f in found),
        )
        for k, (name, found) in enumerate(ours.items())
    ]
    printed = []
    for k, (name, quantity) in enumerate((("lookup attack", "ours"), ("random label flips", "label_flip"))):
        rows = [n for n in paper_numbers() if n.table == "figure-20" and n.quantity.startswith(f"{quantity}_acc")]
        printed.append(
            Series(
                name,
                tuple(size(n.quantity) for n in rows),
                tuple(n.value for n in rows),
                MARKS,
                k,
                tuple(n.stderr or 0.0 for n in rows),
            )
        )
    panels = (Panel("here", _ACCURACY, tuple(series)), Panel("the paper", _ACCURACY, tuple(printed)))
    return Chart("20", "Perceptron, MNIST 1-7: ten initialisations that the attack does not know", panels)


def size(quantity: str) -> float:
    """Number of points in a quantity's name."""
    return float(quantity.rpartition("@")[2].removesuffix("points"))


__all__ = ["OWNERS", "SIZES", "chart", "size"]
