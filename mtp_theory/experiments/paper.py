"""The paper's numbers as printed: ``paper_tables.csv`` (table, dataset, model, target, quantity, value, stderr).

Of Figures 18 and 20 the numbers are in the text and in the released code; of the others there are none.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

#: Tables that are compared.
TABLES = ("text", "1", "2", "3", "4", "5", "6", "7", "figure-18", "figure-20")


@dataclass(frozen=True)
class PaperNumber:
    """One number of the paper as printed."""

    table: str
    dataset: str
    model: str
    target: str
    quantity: str
    value: float
    stderr: float | None


def paper_numbers() -> list[PaperNumber]:
    """The paper's numbers of :data:`TABLES`, in the order of the file."""
    text = files("mtp_theory.experiments").joinpath("paper_tables.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return [
        PaperNumber(
            r["table"],
            r["dataset"],
            r["model"],
            r["target"],
            r["quantity"],
            float(r["value"]),
            float(r["stderr"]) if r["stderr"] else None,
        )
        for r in rows
        if r["table"] in TABLES
    ]


def primary(n: PaperNumber) -> str:
    """The accuracy that the paper prints for this data set."""
    return "subpopulation" if n.dataset == "adult" else "test"


__all__ = ["TABLES", "PaperNumber", "paper_numbers", "primary"]
