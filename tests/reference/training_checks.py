"""What every fit must satisfy, checked against formulations that share no code with the engines."""

from __future__ import annotations

import numpy as np
from scipy.optimize import lsq_linear

from reference.training_conic import objective, signed_rows, solve

#: Objective relative to the independent one.
RELATIVE = 1e-8
#: Rounding of 1 - m, which no float evaluation of an objective near 0 can beat.
ROUNDING = 4 * 2.2e-16


class History:
    """The multiset itself: signed rows and multiplicities, points kept one by one."""

    def __init__(self, problem):
        self.problem = problem
        self.Z = signed_rows(problem.X, problem.y, problem.bias, problem.scale)
        self.counts = np.asarray(problem.counts, dtype=np.float64)

    def add(self, x, y, copies=1):
        z = y * np.append(x, 1.0) if self.problem.bias else y * np.asarray(x)
        self.Z = np.vstack([self.Z, z])
        self.counts = np.append(self.counts, copies)


def check_fit(fit, full_gap, history):
    """Assert that a fit minimises the objective of the multiset, that its numbers are right and its gap honest."""
    problem, key = history.problem, history.problem.loss.key
    mine = objective(key, history.Z, history.counts, problem.c_r, fit.theta)
    _, high, _ = solve(key, history.Z, history.counts, problem.c_r)
    assert fit.n_points == history.counts.sum()
    assert abs(fit.objective - mine) <= RELATIVE * mine + ROUNDING, "reported objective"
    assert mine - high <= RELATIVE * abs(high) + ROUNDING, "a better model exists"
    assert 0 <= fit.gap <= RELATIVE * max(1.0, mine), "reported gap"
    # The true gap is at least the distance to any other model's objective, up to the rounding of both.
    assert full_gap >= mine - high - 1e-12 * max(1.0, mine), "full gap too small"
    assert full_gap <= RELATIVE * max(1.0, mine), "full gap"


def run(problem, batches, make):
    """Fit after each batch of added points, checking each fit; returns the number of fits."""
    history, trainer = History(problem), make(problem)
    check_fit(trainer.fit(), trainer.full_gap(), history)
    for batch in batches:
        for x, y, copies in batch:
            trainer.add(x, y, copies)
            history.add(x, y, copies)
        check_fit(trainer.fit(), trainer.full_gap(), history)
    return 1 + len(batches)


def stationarity(history, theta, near=1e-7):
    """Hinge: distance of n C_R theta from the sums of k_i s_i z_i with s_i in the subdifferential at theta."""
    m, n = history.Z @ theta, history.counts.sum()
    at_kink = np.abs(m - 1) <= near
    fixed = ((m < 1 - near) * history.counts) @ history.Z
    target = n * history.problem.c_r * theta - fixed
    if not at_kink.any():
        return float(np.linalg.norm(target)) / n
    design = (history.Z[at_kink] * history.counts[at_kink][:, None]).T
    answer = lsq_linear(design, target, bounds=(0, 1), tol=1e-15, max_iter=10_000)
    return float(np.linalg.norm(design @ answer.x - target)) / n
