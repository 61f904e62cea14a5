"""The targets of the paper's tables: how our grids call them, and how the paper does."""

from __future__ import annotations

from ..datasets import PAPER_CLUSTERS

#: The suffixes of a grid's runs, in the paper's order.
CASES = {
    "adult-svm": tuple(str(c) for c in PAPER_CLUSTERS["hinge"]),
    "adult-lr": tuple(str(c) for c in PAPER_CLUSTERS["logistic"]),
    "mnist-svm": ("0.05", "0.1", "0.15"),
    "mnist-lr": ("0.05", "0.1", "0.15"),
    "dogfish-svm": ("0.1", "0.2", "0.3"),
    "dogfish-lr": ("0.1", "0.2", "0.3"),
}


def case_name(grid: str, case: str) -> str:
    """A run's suffix as the paper names it."""
    if grid.startswith("adult"):
        return f"Cluster {CASES[grid].index(case)}"
    return f"{100 * float(case):.0f} %"


def accuracy_of(grid: str) -> str:
    """The accuracy that a grid's tables print."""
    return "subpopulation" if grid.startswith("adult") else "test"


__all__ = ["CASES", "accuracy_of", "case_name"]
