"""CPU time of this process, and what else the machine was doing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

#: Set before numpy is loaded, in every process that is timed.
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}


class Clock:
    """Sum of CPU seconds (all threads of the process) over several stretches of work."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.laps: list[float] = []

    def call(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Do the work and count its time."""
        start = time.process_time()
        result = work(*arguments)
        self.laps.append(time.process_time() - start)
        self.seconds += self.laps[-1]
        return result


def least(work: Callable[[], Any], repeats: int) -> float:
    """Least CPU seconds of several calls."""
    clock = Clock()
    for _ in range(repeats):
        clock.call(work)
    return min(clock.laps)


def load() -> float:
    """Load average of the last minute."""
    return round(os.getloadavg()[0], 2)
