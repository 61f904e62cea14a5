"""Certificates ``goal_lower_bound``: the rows of a goal, a clean model that misses it, a tree for each row needed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ...certificates import format as write
from ...certificates.format import decimal
from ...datasets import Dataset
from ...losses import Array
from ...problem import Problem
from ...training.reference.liblinear import hinge_dual_point
from .tree import UNIT, signed_rows

#: Grid of the clean model's slopes.
GRID = 2**50


def goal_certificate(
    problem: Problem,
    data: Dataset,
    kind: str,
    X: Array,
    y: Array,
    at_least: int,
    tau: Fraction,
    points: int,
    trees: Sequence[tuple[int, list[Any]]],
) -> write.Certificate:
    """The certificate that fewer than ``points`` points do not reach the goal; ``trees``: index of a row, its nodes."""
    subject = write.Subject(data.identity, "hinge", decimal(problem.c_r), problem.bias, ())
    rows: list[write.GoalRow] = [
        {"label": int(label), "x": write.vector([Fraction(float(v)) for v in x])} for x, label in zip(X, y, strict=True)
    ]
    value: write.GoalValue = {"goal": kind, "rows": rows, "at_least": at_least, "tau": str(tau), "points": points}
    clean = problem.clean.theta
    Z = signed_rows(problem)
    _, slopes = hinge_dual_point(Z, np.ones(len(Z)), clean, problem.c_r)
    margins = Z @ clean
    free = np.flatnonzero((slopes != (margins < 1)) | (np.abs(margins - 1) < 1e-6))
    witness: write.GoalWitness = {
        "clean": write.vector([Fraction(float(t)) for t in clean]),
        "unit": UNIT,
        "trees": [{"row": i, "nodes": nodes} for i, nodes in trees],
        "denominator": str(GRID),
        "slopes": [[int(i), str(min(GRID, max(0, round(float(slopes[i]) * GRID))))] for i in free],
    }
    return write.certificate(subject, "goal_lower_bound", value, witness)


__all__ = ["goal_certificate"]
