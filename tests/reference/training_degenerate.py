"""Random fits on the edge: duplicates, dependent and zero rows, ties, all capped, counts, extreme C_R, few rows."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from mtp_theory.domains import Box
from mtp_theory.problem import Problem

#: Ways to make the features.
KINDS = ("gauss", "grid", "binary", "low_rank", "duplicates", "zeros", "one_feature", "huge", "bytes")
STORAGES = ("float64", "float32", "csr", "fortran")


def random_problem(rng, loss):
    """A problem and a list of batches of added points (x, y, copies) to be fitted after each batch."""
    kind = KINDS[rng.integers(len(KINDS))]
    n = int(rng.choice([1, 2, 3, 5, 8, 15, 30, 60]))
    d = 1 if kind == "one_feature" else int(rng.choice([1, 2, 3, 5, 10, 20]))
    scale = 1.0
    draw = {
        "gauss": lambda m: rng.standard_normal((m, d)),
        "grid": lambda m: rng.integers(-2, 3, (m, d)) / 2.0,
        "binary": lambda m: rng.integers(0, 2, (m, d)).astype(float),
        "low_rank": lambda m: rng.integers(-1, 2, (m, 2)) @ basis,
        "duplicates": lambda m: pool[rng.integers(0, len(pool), m)],
        "zeros": lambda m: rng.standard_normal((m, d)) * (rng.random((m, 1)) < 0.5),
        "one_feature": lambda m: rng.integers(-3, 4, (m, d)).astype(float),
        "huge": lambda m: rng.standard_normal((m, d)) * 10.0 ** rng.integers(-2, 2, (1, d)),
        "bytes": lambda m: rng.integers(0, 256, (m, d)) * (rng.random((m, d)) < 0.5),
    }[kind]
    basis = rng.integers(-1, 2, (2, d)).astype(float)
    pool = rng.integers(-1, 2, (3, d)).astype(float)
    X = draw(n)
    if kind == "bytes":
        X, scale = X.astype(np.uint8), float(rng.choice([1.0, 255.0]))
    else:
        storage = STORAGES[rng.integers(len(STORAGES))]
        if storage == "float32":
            X = X.astype(np.float32)
        elif storage == "csr":
            X = sp.csr_matrix(X)
        elif storage == "fortran":
            X = np.asfortranarray(X)
    y = rng.choice([-1.0, 1.0], n) if rng.random() < 0.8 else np.ones(n)
    counts = rng.integers(0, 4, n) if rng.random() < 0.4 else np.ones(n, dtype=np.int64)
    if counts.sum() == 0:
        counts[0] = 1
    c_r = 10.0 ** rng.uniform(-6, 3) if rng.random() < 0.5 else 10.0 ** rng.uniform(-3, 0)
    problem = Problem(
        X,
        y,
        loss,
        c_r,
        Box(np.full(d, -1e4), np.full(d, 1e4)),
        bias=bool(rng.random() < 0.8),
        counts=counts,
        scale=scale,
    )
    batches = []
    for _ in range(int(rng.integers(0, 4))):
        points = draw(int(rng.integers(1, 4))) / scale
        batches.append([(x, int(rng.choice([-1, 1])), int(rng.choice([1, 1, 1, 2, 7]))) for x in points])
        if rng.random() < 0.3 and len(batches) > 1:
            batches[-1].append(batches[0][0])
    return problem, batches
