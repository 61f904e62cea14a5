"""Our values for the paper's numbers about neural networks."""

from __future__ import annotations

from collections.abc import Callable

from .paper import PaperNumber
from .store import Result

#: A result by grid and run; raises Missing where there is none.
Get = Callable[[str, str], Result]


def direct(get: Get) -> tuple[float, str]:
    """Figure 18: the largest fall of the accuracy on the subpopulation, direct optimisation."""
    mild, strong = get("networks-settings", "ascent-mild"), get("networks-reduced", "ascent")
    return largest_drop(mild), (
        f"learning rate and weight decay of the released target script, {mild.values['n_train']:,} training rows;"
        f" {largest_drop(strong):.1f} with those of the attack script"
    )


def largest_drop(run: Result) -> float:
    """How far the accuracy on the subpopulation falls below the clean model's, in points, at any model."""
    accuracy = [row[run.columns.index("subpopulation_pct")] or 0.0 for row in run.rows]
    return accuracy[0] - min(accuracy)


def transfer(get: Get, n: PaperNumber) -> tuple[float, str]:
    """Figure 20: mean over ten initialisations at one number of points."""
    count = n.quantity.rpartition("@")[2].removesuffix("points")
    grid, run = ("networks", "victims") if n.quantity.startswith("ours") else ("networks-flips", "flips")
    found = get(grid, f"{run}-{count}").values["points"][count]
    return found["mean"], f"s.e. {found['standard_error']:.1f}, paper {n.stderr:.1f}"


__all__ = ["direct", "largest_drop", "transfer"]
