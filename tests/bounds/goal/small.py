"""Small instances of goals, and what brute force over integer sets of points finds for them."""

from itertools import combinations_with_replacement

import numpy as np

from mtp_theory.datasets import Dataset
from mtp_theory.training import make_trainer


def instance(rng, d=None, rows=None, bias=True):
    """A data set on a grid of the box [0, 1]^d and its problem; most rows are right."""
    d = int(rng.integers(1, 3)) if d is None else d
    n = int(rng.integers(5, 12)) if rows is None else rows
    X = rng.integers(0, 9, (n, d)) / 8
    y = np.where(X @ rng.normal(size=d) + 0.3 * rng.normal(size=n) > 0, 1.0, -1.0)
    y[:2] = 1.0, -1.0
    data = Dataset(X, y, lower=np.zeros(d), upper=np.ones(d))
    return data, data.problem("hinge", float(rng.choice([0.03, 0.1, 0.3])), bias=bias)


def trained(problem, X, y, engine="auto"):
    trainer = make_trainer(problem, engine)
    if len(y):
        trainer.add_many(X, y)
    return trainer.fit().theta


def right_row(problem, rng):
    """A row that the clean model gets right, or None."""
    right = np.flatnonzero(problem.margins(problem.clean.theta) > 1e-3)
    return int(rng.choice(right)) if len(right) else None


def brute_force(goal, most, side=3):
    """The fewest points of a grid (``side`` places an axis) that reach the goal, up to ``most``; else None."""
    problem = goal.problem
    places = np.linspace(0, 1, side)
    grid = np.array(np.meshgrid(*[places] * problem.d)).reshape(problem.d, -1).T
    points = [(x, y) for x in grid for y in (1.0, -1.0)]
    for n in range(1, most + 1):
        for chosen in combinations_with_replacement(range(len(points)), n):
            X, y = np.array([points[i][0] for i in chosen]), np.array([points[i][1] for i in chosen])
            if goal.reached(trained(problem, X, y)):
                return n
    return None
