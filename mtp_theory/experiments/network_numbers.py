"""Our values for the paper's numbers about neural networks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from .paper import PaperNumber
from .store import Missing, Result

#: A result by grid and run; raises Missing where there is none.
Get = Callable[[str, str], Result]

#: Numbers of flips that were run on fewer training rows as well.
FEWER_ROWS = ("2380",)


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
    remark = f"s.e. {found['standard_error']:.1f}, paper {n.stderr:.1f}"
    if grid == "networks-flips" and count in FEWER_ROWS:
        with suppress(Missing):
            fewer = get("networks-settings", f"flips-{count}").values
            remark += f"; {fewer['points'][count]['mean']:.1f} with {fewer['n_train']:,} training rows"
    return found["mean"], remark


__all__ = ["direct", "largest_drop", "transfer"]
