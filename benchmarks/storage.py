"""What a fit reads and what it allocates: bytes stay bytes, and the work follows the support set.

A row is *read* when its margin is evaluated; the *support set* are the rows with margin at most 1 (capped or free), the
*free* ones lie at margin 1. Memory is what tracemalloc sees of numpy's arrays.
"""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np

from mtp_theory.problem import Problem
from mtp_theory.shadow import Oracle
from mtp_theory.training.hinge import state
from mtp_theory.training.hinge.active_set import ActiveSetTrainer

from .clock import Clock


def measure(problem: Problem, target: Any, rounds: int) -> dict[str, Any]:
    """The first rounds of the attack: time, rows read and memory of a fit, the cold one apart."""
    trainer, oracle = ActiveSetTrainer(problem, 1e-8), Oracle(problem.loss, problem.domain, target, bias=problem.bias)
    fit, clock = trainer.fit(), Clock()
    read, free, support, peaks = [], [], [], []
    for k in range(rounds):
        found = oracle.maximise(fit.theta)
        # Tracing slows the calls down, so every other round is traced and the others are timed.
        if k % 2:
            tracemalloc.start()
            trainer.add(found.x, found.y)
            fit = trainer.fit()
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        else:
            fit = clock.call(lambda f=found: (trainer.add(f.x, f.y), trainer.fit())[1])
        status = trainer._rows.status[: trainer.points.n_rows]
        read.append(trainer.looked)
        free.append(int((status == state.FREE).sum()))
        support.append(int((status != state.ZERO).sum()))
    X = problem.X
    return {
        "n": problem.n_points, "d": problem.d, "rounds": rounds, "type": str(X.dtype), "data_bytes": int(X.nbytes),
        # The trainer reads the caller's array, not a copy of it.
        "shared": bool(np.shares_memory(trainer.points.clean[0], X)),
        "ms_fit": 1e3 * float(np.mean(clock.laps)), "median_ms_fit": 1e3 * float(np.median(clock.laps)),
        "rows_read": float(np.mean(read)), "median_rows_read": float(np.median(read)),
        "free": float(np.mean(free)), "support": float(np.mean(support)),
        "median_bytes_of_a_fit": int(np.median(peaks)), "most_bytes_of_a_fit": int(max(peaks)),
    }  # fmt: skip
