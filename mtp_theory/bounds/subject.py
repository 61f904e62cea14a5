"""What a certificate is about, and the exact reckoning of it."""

from __future__ import annotations

from fractions import Fraction

from numpy.typing import ArrayLike

from ..certificates.format import Subject, decimal
from ..datasets import Dataset
from ..datasets.rows import dense
from ..errors import InputError
from ..exact.hull import Hull
from ..exact.rows import DataRows
from ..exact.sides import Sides
from ..problem import Problem


def subject_of(problem: Problem, data: Dataset, target: ArrayLike, radius: Fraction = Fraction(0)) -> Subject:
    """Distances, gamma and runs bind the float target as it stands (mode literal), or within a radius."""
    theta = problem.check_theta(target, "target")
    if not {"distance", "gamma", "run"} <= problem.loss.certificates:
        raise InputError(
            f"certificate: loss {problem.loss.key!r}; distances, gamma and runs are certified for the hinge"
        )
    mode = "literal" if radius == 0 else "radius"
    entries = tuple(Fraction(float(t)) for t in theta)
    return Subject(data.identity, problem.loss.key, decimal(problem.c_r), problem.bias, entries, mode, radius)


def sides_of(data: Dataset, subject: Subject) -> Sides:
    """The data's rows and domain, exactly, with the subject's loss, C_R, target and radius."""
    box = data.domain()
    hull = Hull(box.lower, box.upper, data.groups, data.group_rule == "exactly_one")
    rows = DataRows(dense(data.X), data.y, data.scale, subject.bias)
    return Sides(rows, hull, subject.loss, subject.c_r, subject.bias, subject.target, subject.radius)


__all__ = ["sides_of", "subject_of"]
