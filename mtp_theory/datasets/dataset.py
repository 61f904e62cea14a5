"""A data set with its feature domain: what the data file holds, in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domains import MEMBERSHIP_TOLERANCE, Box, MixedBox
from ..errors import InputError
from ..losses import Array, MarginLoss
from ..problem import Problem

GROUP_RULES = ("at_most_one", "exactly_one")
#: Integers up to this size are float64 numbers.
EXACT_INTEGER = 2**53


@dataclass(frozen=True, eq=False)
class Dataset:
    """Clean data, an optional test split and the box in which poisoning points may lie.

    ``X`` (n, d): float64, float32 or uint8 (then X / ``scale`` is meant, exactly); other numbers become float64.
    ``y`` (n,): -1 or +1. ``X_test``, ``y_test``: rows of the same kind, or both None.
    ``lower``, ``upper`` (d,): bounds of the scaled features; by default 0 and 1 when the scaled X lies in [0, 1],
    else X's column range. ``integer`` (d,): features that take every integer in [lower, upper]; members of a group
    are always integer. ``groups`` (d,): number of each feature's one-hot group, -1 for none; ``group_rule``
    says whether 'at_most_one' or 'exactly_one' member of a group is 1.

    One-class data and rows outside the box are accepted here; ``check_clean`` (used by the file loaders and the
    command line) rejects them. Raises InputError for wrong shapes, types, labels and bounds, and for NaN and infinity.
    """

    name: str
    X: NDArray[Any]
    y: Array
    X_test: NDArray[Any] | None = None
    y_test: Array | None = None
    scale: float = 1.0
    # None stands for the default; __post_init__ puts an array in its place.
    lower: Array = None  # type: ignore[assignment]
    upper: Array = None  # type: ignore[assignment]
    integer: NDArray[np.bool_] = None  # type: ignore[assignment]
    groups: NDArray[np.int64] = None  # type: ignore[assignment]
    group_rule: str = "at_most_one"

    def __post_init__(self) -> None:
        def put(field: str, value: Any) -> None:
            object.__setattr__(self, field, value)

        put("X", _features("X", self.X))
        n, d = self.X.shape
        put("y", _labels("y", self.y, n))
        put("scale", _scale(self.scale, self.X))
        if (self.X_test is None) != (self.y_test is None):
            missing = "X_test" if self.X_test is None else "y_test"
            raise InputError(f"data: {missing} is missing; give X_test and y_test, or neither")
        if self.X_test is not None and self.y_test is not None:
            put("X_test", _features("X_test", self.X_test))
            put("y_test", _labels("y_test", self.y_test, self.X_test.shape[0]))
            if self.X_test.shape[1] != d:
                raise InputError(f"data: X_test has {self.X_test.shape[1]} features, X has {d}; make them equal")
            if (self.X.dtype == np.uint8) != (self.X_test.dtype == np.uint8):
                raise InputError(
                    f"data: X is {self.X.dtype} and X_test {self.X_test.dtype}; store both as uint8 or neither"
                )
        low, high = self._column_range()
        unit = bool(low.min() >= 0.0 and high.max() <= 1.0)
        put("lower", _bound("lower", self.lower, np.zeros(d) if unit else low))
        put("upper", _bound("upper", self.upper, np.ones(d) if unit else high))
        if self.group_rule not in GROUP_RULES:
            raise InputError(f"data: group_rule {self.group_rule!r}; give 'at_most_one' or 'exactly_one'")
        put("groups", _groups(self.groups, d))
        put("integer", _integer(self.integer, d) | (self.groups >= 0))
        self.domain()  # raises for an empty box and for groups whose bounds are not 0 and 1

    @property
    def n(self) -> int:
        """Number of training rows."""
        return int(self.X.shape[0])

    @property
    def d(self) -> int:
        """Number of features, without the constant one."""
        return int(self.X.shape[1])

    def domain(self) -> Box | MixedBox:
        """The box; a MixedBox where a feature is integer or in a group."""
        box = Box(self.lower, self.upper)
        if not self.integer.any():
            return box
        return MixedBox(box, self.integer, self.groups, self.group_rule)

    def problem(self, loss: str | MarginLoss, c_r: float, *, bias: bool = True) -> Problem:
        """The training rows as a learning problem; X is not copied."""
        test = None if self.X_test is None or self.y_test is None else (self.X_test, self.y_test)
        return Problem(self.X, self.y, loss, c_r, self.domain(), bias=bias, scale=self.scale, test=test)  # type: ignore[arg-type]

    @cached_property
    def identity(self) -> str:
        """SHA-256 (64 hex digits) that names the training data and its domain; certificates carry it.

        Hashed, in this order, is one record for each of the arrays X, y, scale, lower, upper, integer, groups as
        they stand after defaults (the attributes of this object):

            field name, 0x00, dtype, 0x00, shape, 0x00, data

        *field name*: ASCII, as spelt above. *dtype*: numpy's string in little-endian form: ``<f8``, ``<f4`` or
        ``|u1`` for X; ``<f8`` for y, scale, lower, upper; ``|b1`` for integer; ``<i8`` for groups. *shape*: decimal
        lengths joined by commas (``361,64``; empty for scale, which is one number). *data*: the elements in C order,
        little-endian. Test rows and the data set's name are not part of it. ``integer`` holds True for every member
        of a group. Where ``group_rule`` is 'exactly_one' a last record follows, field name ``group_rule``, dtype
        ``|u1``, its shape ``11`` and the ASCII bytes of the word; the default rule adds none.
        """
        digest = hashlib.sha256()
        fields: list[tuple[str, NDArray[Any]]] = [
            ("X", self.X),
            ("y", self.y),
            ("scale", np.float64(self.scale)),  # type: ignore[list-item]
            ("lower", self.lower),
            ("upper", self.upper),
            ("integer", self.integer),
            ("groups", self.groups),
        ]
        if self.group_rule != GROUP_RULES[0]:
            fields.append(("group_rule", np.frombuffer(self.group_rule.encode("ascii"), dtype=np.uint8)))
        for name, value in fields:
            array = np.asarray(value)
            array = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
            shape = ",".join(str(length) for length in array.shape)
            digest.update(f"{name}\0{array.dtype.str}\0{shape}\0".encode("ascii"))
            digest.update(array.tobytes())
        return digest.hexdigest()

    def check_clean(self) -> None:
        """Raise InputError unless both labels occur and every row of X lies in the domain."""
        if np.all(self.y == self.y[0]):
            raise InputError(f"data: every label is {self.y[0]:+g}; rows of both classes are needed")
        low, high = self._column_range()
        room = MEMBERSHIP_TOLERANCE * np.maximum(1.0, np.maximum(np.abs(self.lower), np.abs(self.upper)))
        outside = np.flatnonzero((low < self.lower - room) | (high > self.upper + room))
        if outside.size:
            j = int(outside[0])
            raise InputError(
                f"data: feature {j} of X ranges over [{low[j]:g}, {high[j]:g}], outside its bounds"
                f" [{self.lower[j]:g}, {self.upper[j]:g}]; widen the bounds or remove the rows"
            )
        if self.integer.any():
            self._check_integers()

    def _check_integers(self) -> None:
        columns = np.flatnonzero(self.integer)
        values = self.X[:, columns].astype(np.float64) / self.scale
        whole = np.rint(values)
        off = np.argwhere(np.abs(values - whole) > MEMBERSHIP_TOLERANCE)
        if off.size:
            i, k = (int(index) for index in off[0])
            raise InputError(
                f"data: row {i}, feature {int(columns[k])} is {values[i, k]:g} but the feature is marked integer;"
                " correct the value or the mark"
            )
        for group in np.unique(self.groups[self.groups >= 0]):
            sums = whole[:, self.groups[columns] == group].sum(axis=1)
            bad = np.flatnonzero(sums != 1 if self.group_rule == "exactly_one" else sums > 1)
            if bad.size:
                raise InputError(
                    f"data: row {int(bad[0])} has {int(sums[bad[0]])} ones in group {int(group)}, the rule is"
                    f" {self.group_rule!r}; correct the row, the groups or the rule"
                )

    def _column_range(self) -> tuple[Array, Array]:
        """Least and greatest value of each scaled feature."""
        return self.X.min(axis=0).astype(np.float64) / self.scale, self.X.max(axis=0).astype(np.float64) / self.scale


def _features(name: str, value: Any) -> NDArray[Any]:
    X = np.asarray(value)
    if X.dtype.kind not in "biuf" or X.dtype.itemsize > 8:
        raise InputError(f"data: {name} has dtype {X.dtype}; give float64, float32 or uint8")
    if X.ndim != 2 or 0 in X.shape:
        raise InputError(f"data: {name} has shape {X.shape}; give (n, d) with n, d >= 1")
    if X.dtype.kind in "iu" and X.dtype != np.uint8 and max(-int(X.min()), int(X.max())) > EXACT_INTEGER:
        raise InputError(f"data: {name} has integers beyond 2^53, which float64 cannot hold; rescale them")
    if X.dtype.kind == "f" and not np.isfinite(X).all():
        i, j = (int(k) for k in np.argwhere(~np.isfinite(X))[0])
        raise InputError(f"data: {name} has the value {X[i, j]} at row {i}, feature {j}; remove or impute it")
    native = X.dtype.newbyteorder("=")
    kept = native if native in (np.dtype(np.float32), np.dtype(np.uint8)) else np.dtype(np.float64)
    return np.ascontiguousarray(X, dtype=kept)


def _labels(name: str, value: Any, n: int) -> Array:
    y = np.asarray(value)
    if y.dtype.kind not in "biuf" or y.dtype.itemsize > 8:
        raise InputError(f"data: {name} has dtype {y.dtype}; give numbers -1 and +1")
    if y.shape != (n,):
        raise InputError(f"data: {name} has shape {y.shape}; its features have {n} rows, so give shape ({n},)")
    wrong = np.flatnonzero(~np.isin(y, (-1, 1)))
    if wrong.size:
        i = int(wrong[0])
        raise InputError(f"data: label {y[i]} at row {i} of {name} is not -1 or +1; map the labels to -1 and +1")
    return np.ascontiguousarray(y, dtype=np.float64)


def _scale(value: Any, X: NDArray[Any]) -> float:
    number = np.asarray(value)
    if number.shape != () or number.dtype.kind not in "iuf" or not np.isfinite(number) or number <= 0:
        raise InputError(f"data: scale {value!r}; give one finite number > 0")
    if number != 1 and X.dtype != np.uint8:
        raise InputError(
            f"data: scale {float(number):g} with {X.dtype} features; a scale is for uint8 X, divide X by it"
        )
    return float(number)


def _bound(name: str, value: Any, default: Array) -> Array:
    if value is None:
        return default
    bound = np.asarray(value)
    if bound.dtype.kind not in "biuf" or bound.shape != default.shape:
        raise InputError(
            f"data: {name} has dtype {bound.dtype}, shape {bound.shape}; give numbers of shape {default.shape}"
        )
    return np.array(bound, dtype=np.float64)


def _integer(value: Any, d: int) -> NDArray[np.bool_]:
    if value is None:
        return np.zeros(d, dtype=bool)
    mark = np.asarray(value)
    if mark.dtype != np.bool_ or mark.shape != (d,):
        raise InputError(f"data: integer has dtype {mark.dtype}, shape {mark.shape}; give bool of shape ({d},)")
    return mark.astype(bool)


def _groups(value: Any, d: int) -> NDArray[np.int64]:
    if value is None:
        return np.full(d, -1, dtype=np.int64)
    groups = np.asarray(value)
    if groups.dtype.kind not in "iu" or groups.shape != (d,):
        raise InputError(f"data: groups has dtype {groups.dtype}, shape {groups.shape}; give integers of shape ({d},)")
    if groups.min() < -1 or groups.max() > EXACT_INTEGER:
        raise InputError(f"data: group number {int(groups.min())}; give -1 for no group, else a small number >= 0")
    return groups.astype(np.int64)


__all__ = ["EXACT_INTEGER", "GROUP_RULES", "Dataset"]
