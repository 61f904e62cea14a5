"""Every number of the paper that these experiments concern, beside ours: difference and verdict."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from .ours import Missing, Ours, Results
from .paper import PaperNumber, paper_numbers

#: Tolerances: percentage points for accuracies, relative for counts. The paper rounds accuracies to 0.1.
TARGET_POINTS, ACCURACY_POINTS = 0.5, 2.0
COUNT_RELATIVE, BOUND_RELATIVE, LOSS_RELATIVE = 0.01, 0.02, 0.001
#: Figure 20's means of ten trainings: in the paper's standard errors.
FIGURE_20_ERRORS = 2.0

REPRODUCED, DIFFERS, NOT_RUN = "reproduced", "differs", "not run"
#: A setting of the run or the outcome of its stopping rule: equal to the paper's by construction, so no evidence.
GIVEN = "by construction"
VERDICTS = (REPRODUCED, DIFFERS, GIVEN, NOT_RUN)
_GIVEN = ("stop_epsilon", "ours_subpop_test_acc_pct")


@dataclass(frozen=True)
class Compared:
    """The paper's number, ours, and what to say about the two."""

    paper: PaperNumber
    ours: float | None
    verdict: str
    tolerance: str
    #: What the results add to the number, or why there is none.
    remark: str
    #: Why ours differs (from notes.yaml).
    explanation: str = ""
    #: Does the explanation name a cause? notes.yaml marks those that do not.
    cause: bool = True

    @property
    def note(self) -> str:
        """Remark and explanation."""
        return "; ".join(part for part in (self.remark, self.explanation) if part)

    @property
    def difference(self) -> float | None:
        """Ours less the paper's."""
        return None if self.ours is None else self.ours - self.paper.value


def tolerance(n: PaperNumber) -> tuple[float, str]:
    """Largest difference that counts as reproduced, and in words."""
    q = n.quantity
    if q in ("n_train", "n_test", "dim", "stop_epsilon"):
        return 0.0, "exact"
    if n.table == "figure-20":
        return FIGURE_20_ERRORS * (n.stderr or 0.0), "2 s.e."
    if "lower_bound" in q:
        return BOUND_RELATIVE * n.value, "2 %"
    if "loss_on_clean" in q:
        return LOSS_RELATIVE * n.value, "0.1 %"
    if q == "label_flip_num_poisons":
        return 0.0, "exact"
    if "np_" in q or q == "np" or "num_poisons" in q:
        return COUNT_RELATIVE * n.value, "1 %"
    if "target" in q or n.table == "text":
        return TARGET_POINTS, "0.5 points"
    return ACCURACY_POINTS, "2 points"


#: Why the Dogfish numbers are missing, and how to get them.
DOGFISH = (
    "the feature files are not public here; with them in a folder DIR:"
    " `mtp-theory experiment run dogfish-svm dogfish-lr --data-dir DIR`"
)
#: Half of the last printed digit and rounding: differences are compared with the tolerance plus this.
PRINTED = 0.05 + 1e-9


@dataclass(frozen=True)
class Note:
    """The explanation of the numbers that match ``rows``; ``cause``: does it say why they differ?"""

    rows: str
    text: str
    cause: bool


@dataclass(frozen=True)
class Notes:
    """Explanations of differences, by pattern over table/dataset/model/target/quantity; the first match holds."""

    patterns: tuple[Note, ...]

    @staticmethod
    def load() -> Notes:
        text = files("mtp_theory.experiments").joinpath("notes.yaml").read_text(encoding="utf-8")
        content: list[dict[str, Any]] = yaml.safe_load(text) or []
        return Notes(
            tuple(
                Note(str(e["rows"]), " ".join(str(e["note"]).split()), e.get("cause", "named") != "unknown")
                for e in content
            )
        )

    def find(self, n: PaperNumber) -> Note:
        """The note for a number; an empty one, which names no cause, where there is none."""
        name = "/".join((n.table, n.dataset, n.model, n.target, n.quantity))
        return next((note for note in self.patterns if fnmatchcase(name, note.rows)), Note("", "", False))


class Comparison:
    """All numbers compared, for the results of a folder."""

    def __init__(self, folder: Path) -> None:
        self.results = Results(folder)

    @cached_property
    def rows(self) -> list[Compared]:
        """One for each number, in the order of the paper's tables."""
        ours, notes = Ours(self.results), Notes.load()
        return [self._compare(n, ours, notes) for n in paper_numbers()]

    def _compare(self, n: PaperNumber, ours: Ours, notes: Notes) -> Compared:
        limit, words = tolerance(n)
        if n.dataset == "dogfish":
            try:
                value, remark = ours.value(n)
            except Missing:
                return Compared(n, None, NOT_RUN, words, DOGFISH)
        else:
            try:
                value, remark = ours.value(n)
            except Missing as missing:
                return Compared(n, None, NOT_RUN, words, str(missing))
        close = abs(value - n.value) <= limit + (PRINTED if limit else 1e-9)
        verdict = (GIVEN if n.quantity in _GIVEN else REPRODUCED) if close else DIFFERS
        if close:
            return Compared(n, value, verdict, words, remark)
        note = notes.find(n)
        return Compared(n, value, verdict, words, remark, note.text, note.cause)

    @property
    def unknown(self) -> list[Compared]:
        """Numbers that differ for a reason that was not found."""
        return [r for r in self.rows if r.verdict == DIFFERS and not r.cause]

    def counts(self) -> dict[str, int]:
        """How many numbers have each verdict."""
        return {v: sum(r.verdict == v for r in self.rows) for v in VERDICTS}


__all__ = [
    "DIFFERS",
    "GIVEN",
    "NOT_RUN",
    "REPRODUCED",
    "VERDICTS",
    "Compared",
    "Comparison",
    "tolerance",
]
