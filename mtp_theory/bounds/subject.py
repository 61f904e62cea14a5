"""What a certificate is about, and the exact reckoning of it."""

from __future__ import annotations

from fractions import Fraction
from weakref import WeakKeyDictionary

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


#: Rows that are in use: a bound reads the same data several times.
_ROWS: WeakKeyDictionary[Dataset, dict[bool, DataRows]] = WeakKeyDictionary()


def rows_of(data: Dataset, bias: bool) -> DataRows:
    """The data's rows in exact arithmetic, the same object as long as the data live."""
    known = _ROWS.setdefault(data, {})
    if bias not in known:
        known[bias] = DataRows(dense(data.X), data.y, data.scale, bias)
    return known[bias]


def sides_of(data: Dataset, subject: Subject) -> Sides:
    """The data's rows and domain, exactly, with the subject's loss, C_R, target and radius."""
    box = data.domain()
    hull = Hull(box.lower, box.upper, data.groups, data.group_rule == "exactly_one")
    return Sides(
        rows_of(data, subject.bias), hull, subject.loss, subject.c_r, subject.bias, subject.target, subject.radius
    )


__all__ = ["rows_of", "sides_of", "subject_of"]
