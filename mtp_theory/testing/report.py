"""What a check of a loss, a domain or an instance reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ..errors import UndecidedError


class ClaimUndecidedError(UndecidedError):
    """Nothing fails, but a part could not be decided; the message says which and why."""


class ClaimViolationError(AssertionError):
    """A promise or a claim fails; the message holds ids and minimal failing examples."""


@dataclass(frozen=True)
class Row:
    """One line: ``id`` of the claim or "property:NAME", verdict, and the failing example where there is one."""

    id: str
    statement: str
    verdict: str
    expected: str
    instances: int
    worst_slack: float | None
    example: str

    @property
    def failed(self) -> bool:
        """Does something fail that should hold? A printed statement that the registry expects to be violated may be."""
        return self.verdict == "violated" and self.expected == "holds"


@dataclass(frozen=True)
class Report:
    """All lines, in registry order."""

    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """Nothing fails that should hold, and nothing is undecided."""
        return not self.failures and all(r.verdict != "undecided" for r in self.rows)

    @property
    def failures(self) -> tuple[Row, ...]:
        """The lines that fail."""
        return tuple(r for r in self.rows if r.failed)

    @property
    def undecided(self) -> tuple[Row, ...]:
        """The lines that a solver could not decide."""
        return tuple(r for r in self.rows if r.verdict == "undecided")

    def raise_for_violations(self) -> Report:
        """The report itself; ClaimViolationError if a line fails, ClaimUndecidedError if one is undecided."""
        if self.failures:
            raise ClaimViolationError(_told(self.failures))
        if self.undecided:
            raise ClaimUndecidedError(f"not decided: {_told(self.undecided)}")
        return self

    def to_json(self) -> list[dict[str, Any]]:
        """Plain JSON values."""
        return [asdict(r) for r in self.rows]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __str__(self) -> str:
        width = max((len(f"{r.id} ({r.statement})") for r in self.rows), default=0)
        lines = []
        for r in self.rows:
            slack = "" if r.worst_slack is None else f"  worst slack {r.worst_slack:.3g}"
            lines.append(f"{f'{r.id} ({r.statement})':<{width}}  {r.verdict:<14}{r.instances:>6}{slack}")
            if r.failed or r.verdict == "undecided":
                lines.append(f"    {r.example}")
        return "\n".join(lines)


def _told(rows: Iterable[Row]) -> str:
    return "\n".join(f"{r.id} ({r.statement}): {r.example}" for r in rows)


def merge(reports: Iterable[Report]) -> Report:
    """One report of several, line by line in order."""
    return Report(tuple(row for report in reports for row in report))


__all__ = ["ClaimUndecidedError", "ClaimViolationError", "Report", "Row", "merge"]
