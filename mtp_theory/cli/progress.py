"""Progress on stderr, when that is a terminal: an attack's with an estimate of what is left, a bound's stage."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ..attacks import Row

#: Seconds between refreshes.
REFRESH = 0.2


class AttackProgress:
    """Shows points, distance and the estimated time to the stop."""

    def __init__(self, epsilon: float, max_points: int | None) -> None:
        self.epsilon, self.max_points = epsilon, max_points
        self.console = Console(stderr=True)
        self.live: Live | None = None
        self.start = self.shown = time.perf_counter()
        self.history: list[tuple[int, float]] = []

    def __enter__(self) -> AttackProgress:
        if self.console.is_terminal:
            self.live = Live(console=self.console, auto_refresh=False, transient=True)
            self.live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live is not None:
            self.live.stop()

    def update(self, row: Row) -> None:
        """Take in one row; redraw at most every REFRESH seconds."""
        if self.live is None:
            return
        self.history.append((row.points, row.distance))
        now = time.perf_counter()
        if now - self.shown < REFRESH:
            return
        self.shown = now
        left = self.points_left()
        text = f"{row.points} points, distance {row.distance:.4g}, gap {row.gap:.1e}"
        if left is not None and row.points:
            seconds = (now - self.start) / row.points * left
            text += f", about {left:.0f} points and {seconds:.0f} s left"
        self.live.update(text, refresh=True)

    def points_left(self) -> float | None:
        """Points to the budget, or to epsilon by the power law of the last half of the run, whichever is fewer."""
        points, distance = self.history[-1]
        estimates = [] if self.max_points is None else [float(self.max_points - points)]
        k0, d0 = self.history[len(self.history) // 2]
        if self.epsilon > 0 and 0 < k0 < points and distance > self.epsilon and d0 > distance:
            rate = math.log(d0 / distance) / math.log(points / k0)
            estimates.append(points * ((distance / self.epsilon) ** (1 / rate) - 1))
        return min(estimates) if estimates else None


@contextmanager
def stages(name: str) -> Iterator[Callable[[str], object]]:
    """Shows what is being done and for how long; the function that is given takes the next stage."""
    console = Console(stderr=True)
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(name, total=None)
        yield lambda stage: progress.update(task, description=f"{name}: {stage}")
