"""Random small problems with a target, and models trained on added points, for the tests of the frontier."""

import numpy as np

from mtp_theory.domains import Box
from mtp_theory.problem import Problem
from mtp_theory.training import make_trainer


def problem_and_target(rng, *, d=None, bias=True):
    """Clean data on a grid of the box [0, 1]^d or [-1, 1]^d, and a model trained on flipped copies."""
    d = int(rng.integers(1, 4)) if d is None else d
    low = float(rng.choice([0.0, -1.0]))
    size = int(rng.integers(4, 12))
    X = rng.integers(0, 9, (size, d)) / 8 * (1 - low) + low
    y = np.where(np.arange(size) % 2, 1.0, -1.0)
    c_r = float(rng.choice([0.03, 0.1, 0.3]))
    problem = Problem(X, y, "hinge", c_r, Box(np.full(d, low), np.ones(d)), bias=bias)
    trainer = make_trainer(problem)
    rows = rng.integers(0, size, int(rng.integers(1, size)))
    trainer.add_many(X[rows], -y[rows])
    return problem, trainer.fit().theta


def trained(problem, X, y):
    """The model trained on the clean data and these points."""
    trainer = make_trainer(problem)
    if len(y):
        trainer.add_many(X, y)
    return trainer.fit().theta


def random_points(rng, problem, n):
    """n random points of the box, half of them corners."""
    box = problem.domain
    share = rng.uniform(size=(n, problem.d))
    share = np.where(rng.uniform(size=(n, 1)) < 0.5, np.rint(share), share)
    return box.lower + share * (box.upper - box.lower), rng.choice([-1.0, 1.0], n)
