"""A data set with its feature domain: what the data file holds, in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, InitVar, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import inputs
from ..domains import MEMBERSHIP_TOLERANCE, Box, MixedBox
from ..errors import InputError, unknown_name
from ..losses import Array, MarginLoss
from ..problem import Problem
from .frames import column_names, one_hot
from .labels import read_labels
from .rows import EXACT_INTEGER, column_range, feature, read_rows, row_blocks

GROUP_RULES = ("at_most_one", "exactly_one")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Clean data, an optional test split and the box in which poisoning points may lie.

    ``X`` (n, d): an array of numbers (float64, float32 and uint8 are kept, others become float64), a data frame with
    columns of numbers, or a scipy sparse matrix (held as CSR of float64, never unpacked as a whole).
    ``y`` (n,): -1 or +1, or labels of any two kinds and ``positive``, the one that becomes +1.
    ``X_test``, ``y_test``: rows of the same kind, or both None.
    ``scale``: uint8 X stands for X / ``scale``, exactly; for other X it is 1.
    ``lower``, ``upper`` (d,): bounds of the scaled features; by default 0 and 1 when the scaled X lies in [0, 1],
    else X's column range. ``integer`` (d,): features that take every integer in [lower, upper]; members of a group
    are always integer. ``groups`` (d,): number of each feature's one-hot group, -1 for none; ``group_rule``
    says whether 'at_most_one' or 'exactly_one' member of a group is 1; :meth:`from_frame` fills them.
    ``feature_names``: the columns' names, by default a data frame's; for messages and for the columns of answers as
    data frames, not part of the identity or file.

    Features far from 0 weaken certified bounds, and at an offset of 10^4 training in float64 cannot reach its gap:
    subtract an offset first, from the data and the bounds alike.

    One-class data and rows outside the box are accepted here; ``check_clean`` (used by the file loaders and the
    command line) rejects them. Raises InputError for wrong shapes, types, labels and bounds, and for NaN and infinity.
    """

    X: Any
    #: (n,) float64 in {-1, +1}, whatever labels were given; ``y_test`` alike.
    y: Any
    X_test: Any = None
    y_test: Any = None
    _: KW_ONLY
    name: str = "data"
    positive: InitVar[Any] = None
    scale: float = 1.0
    # None stands for the default; __post_init__ puts an array in its place.
    lower: Array = None  # type: ignore[assignment]
    upper: Array = None  # type: ignore[assignment]
    integer: NDArray[np.bool_] = None  # type: ignore[assignment]
    groups: NDArray[np.int64] = None  # type: ignore[assignment]
    group_rule: str = "at_most_one"
    feature_names: tuple[str, ...] | None = None

    def __post_init__(self, positive: Any) -> None:
        def put(field: str, value: Any) -> None:
            object.__setattr__(self, field, value)

        X, names = read_rows("X", self.X)
        n, d = X.shape
        put("X", X)
        inputs.word("data: name", self.name)
        if (self.X_test is None) != (self.y_test is None):
            missing = "X_test" if self.X_test is None else "y_test"
            raise InputError(f"data: {missing} is missing; give X_test and y_test, or neither")
        if self.X_test is not None:
            X_test, test_names = read_rows("X_test", self.X_test)
            put("X_test", X_test)
            self._check_test_rows(names, test_names)
        y, y_test = read_labels(self.y, n, self.y_test, None if self.X_test is None else self.X_test.shape[0], positive)
        put("y", y)
        put("y_test", y_test)
        put("feature_names", _feature_names(self.feature_names, names, d))
        put("scale", _scale(self.scale, self.X))
        low, high = column_range(self.X, self.scale)
        unit = bool(low.min() >= 0.0 and high.max() <= 1.0)
        put("lower", _bound("lower", self.lower, np.zeros(d) if unit else low))
        put("upper", _bound("upper", self.upper, np.ones(d) if unit else high))
        inputs.one_of("data: group_rule", self.group_rule, GROUP_RULES)
        put("groups", _groups(self.groups, d))
        put("integer", _integer(self.integer, d) | (self.groups >= 0))
        self.domain()  # raises for an empty box and for groups whose bounds are not 0 and 1

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        y: Any,
        *,
        categorical: Iterable[str] | None = None,
        X_test: Any = None,
        y_test: Any = None,
        positive: Any = None,
        name: str = "data",
        lower: Mapping[str, float] | None = None,
        upper: Mapping[str, float] | None = None,
        integer: Iterable[str] = (),
    ) -> Dataset:
        """The data frame with its categorical columns one-hot encoded and numbered as groups.

        ``y``: the labels, or the name of their column (in ``X_test`` too). ``categorical``: names of the columns to
        encode, by default those that are no numbers. A column ``job`` becomes one 0/1 feature per level, named
        ``job=clerk``, the levels of both frames in ascending order, with the rule 'exactly_one'. ``integer``: names
        of columns that take every integer in their bounds; ``lower``, ``upper``: bounds of columns by name, by default
        the column's range. Raises InputError where a column is no number or has a missing value.
        """
        label = y if isinstance(y, str) else None
        if label is not None:
            if label not in column_names("X", frame):
                raise unknown_name("column", label, column_names("X", frame))
            y = frame[label]
            if X_test is not None and y_test is None and label in column_names("X_test", X_test):
                y_test = X_test[label]
        X, rows, groups, names = one_hot(frame, X_test, categorical, label)
        marks = set(map(str, inputs.each("integer", integer, "columns' names")))
        below, above = (
            inputs.mapping("lower", lower, "columns' bounds"),
            inputs.mapping("upper", upper, "columns' bounds"),
        )
        for column in {*marks, *below, *above}:
            if column not in names:
                raise unknown_name("feature", column, names)
        low, high = X.min(axis=0), X.max(axis=0)
        low[groups >= 0], high[groups >= 0] = 0.0, 1.0
        for name_, given, ends in (("lower", below, low), ("upper", above, high)):
            for column, value in given.items():
                ends[names.index(column)] = inputs.real(f"{name_} of {column}", value)
        return cls(
            X,
            y,
            rows,
            y_test,
            name=name,
            positive=positive,
            lower=low,
            upper=high,
            integer=np.array([column in marks for column in names]),
            groups=groups,
            group_rule="exactly_one" if groups.max() >= 0 else GROUP_RULES[0],
            feature_names=names,
        )

    def _check_test_rows(self, names: Sequence[str] | None, test_names: Sequence[str] | None) -> None:
        if self.X_test.shape[1] != self.X.shape[1]:
            raise InputError(
                f"data: X_test has {self.X_test.shape[1]} features, X has {self.X.shape[1]}; make them equal"
            )
        if names is not None and test_names is not None and names != test_names:
            j = next(j for j, (a, b) in enumerate(zip(names, test_names, strict=True)) if a != b)
            raise InputError(f"data: column {j} is {names[j]!r} in X and {test_names[j]!r} in X_test; order them alike")
        if (self.X.dtype == np.uint8) != (self.X_test.dtype == np.uint8):
            raise InputError(
                f"data: X is {self.X.dtype} and X_test {self.X_test.dtype}; store both as uint8 or neither"
            )

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
        return Problem(
            self.X, self.y, loss, c_r, self.domain(),  # type: ignore[arg-type]  # a name is read by Problem
            bias=bias, scale=self.scale, test=test, feature_names=self.feature_names,
        )  # fmt: skip

    @cached_property
    def identity(self) -> str:
        """SHA-256 (64 hex digits) that names the training data and its domain; certificates carry it.

        Hashed, in this order, is one record for each of the arrays X, y, scale, lower, upper, integer, groups as
        they stand after defaults (the attributes of this object):

            field name, 0x00, dtype, 0x00, shape, 0x00, data

        *field name*: ASCII, as spelt above. *dtype*: numpy's string in little-endian form: ``<f8``, ``<f4`` or
        ``|u1`` for X; ``<f8`` for y, scale, lower, upper; ``|b1`` for integer; ``<i8`` for groups. *shape*: decimal
        lengths joined by commas (``361,64``; empty for scale, which is one number). *data*: the elements in C order,
        little-endian; a sparse X is hashed as the float64 array that it stands for. Test rows, the data set's name and
        the features' names are not part of it. ``integer`` holds True for every member
        of a group. Where ``group_rule`` is 'exactly_one' a last record follows, field name ``group_rule``, dtype
        ``|u1``, its shape ``11`` and the ASCII bytes of the word; the default rule adds none.
        """
        digest = hashlib.sha256()
        fields: list[tuple[str, Any]] = [
            ("X", self.X),
            ("y", self.y),
            ("scale", np.array([self.scale])),
            ("lower", self.lower),
            ("upper", self.upper),
            ("integer", self.integer),
            ("groups", self.groups),
        ]
        if self.group_rule != GROUP_RULES[0]:
            fields.append(("group_rule", np.frombuffer(self.group_rule.encode("ascii"), dtype=np.uint8)))
        for name, value in fields:
            stored = value.dtype.newbyteorder("<")
            shape = ",".join(str(length) for length in (() if name == "scale" else value.shape))
            digest.update(f"{name}\0{stored.str}\0{shape}\0".encode("ascii"))
            for block in row_blocks(value):
                digest.update(np.ascontiguousarray(block, dtype=stored))
        return digest.hexdigest()

    def check_clean(self) -> None:
        """Raise InputError unless both labels occur and every row of X lies in the domain."""
        if np.all(self.y == self.y[0]):
            raise InputError(f"data: every label is {self.y[0]:+g}; rows of both classes are needed")
        low, high = column_range(self.X, self.scale)
        room = MEMBERSHIP_TOLERANCE * np.maximum(1.0, np.maximum(np.abs(self.lower), np.abs(self.upper)))
        outside = np.flatnonzero((low < self.lower - room) | (high > self.upper + room))
        if outside.size:
            j = int(outside[0])
            raise InputError(
                f"data: {feature(j, self.feature_names)} of X ranges over [{low[j]:g}, {high[j]:g}], outside its bounds"
                f" [{self.lower[j]:g}, {self.upper[j]:g}]; widen the bounds or remove the rows"
            )
        if self.integer.any():
            self._check_integers()

    def _check_integers(self) -> None:
        columns = np.flatnonzero(self.integer)
        start = 0
        for block in row_blocks(self.X):
            values = block[:, columns].astype(np.float64) / self.scale
            whole = np.rint(values)
            off = np.argwhere(np.abs(values - whole) > MEMBERSHIP_TOLERANCE)
            if off.size:
                i, k = (int(index) for index in off[0])
                raise InputError(
                    f"data: row {start + i}, {feature(int(columns[k]), self.feature_names)} is {values[i, k]:g} but the"
                    " feature is marked integer; correct the value or the mark"
                )
            for group in np.unique(self.groups[self.groups >= 0]):
                sums = whole[:, self.groups[columns] == group].sum(axis=1)
                bad = np.flatnonzero(sums != 1 if self.group_rule == "exactly_one" else sums > 1)
                if bad.size:
                    raise InputError(
                        f"data: row {start + int(bad[0])} has {int(sums[bad[0]])} ones in group {int(group)}, the rule"
                        f" is {self.group_rule!r}; correct the row, the groups or the rule"
                    )
            start += len(block)


def _feature_names(given: Any, found: tuple[str, ...] | None, d: int) -> tuple[str, ...] | None:
    names = found if given is None else tuple(str(n) for n in inputs.each("feature_names", given, "the columns' names"))
    if names is not None and len(names) != d:
        raise InputError(f"data: {len(names)} feature names for {d} features; give one for each")
    return names


def _scale(value: Any, X: Any) -> float:
    number = inputs.numbers("data: scale", value)
    if number.shape == (1,):
        raise InputError(f"data: scale has shape (1,); give one number, {value[0]!r}, not an array of one")
    if number.shape != () or number.dtype.kind not in "iuf" or not np.isfinite(number) or number <= 0:
        raise InputError(f"data: scale {inputs.shown(value)}; give one finite number > 0")
    if number != 1 and X.dtype != np.uint8:
        raise InputError(
            f"data: scale {float(number):g} with {X.dtype} features; a scale is for uint8 X, divide X by it"
        )
    return float(number)


def _bound(name: str, value: Any, default: Array) -> Array:
    if value is None:
        return default
    bound = inputs.numbers(f"data: {name}", value)
    if bound.dtype.kind not in "biuf" or bound.shape != default.shape:
        raise InputError(
            f"data: {name} has dtype {bound.dtype}, shape {bound.shape}; give numbers of shape {default.shape}"
        )
    return np.array(bound, dtype=np.float64)


def _integer(value: Any, d: int) -> NDArray[np.bool_]:
    if value is None:
        return np.zeros(d, dtype=bool)
    mark = inputs.numbers("data: integer", value)
    if mark.dtype != np.bool_ or mark.shape != (d,):
        raise InputError(f"data: integer has dtype {mark.dtype}, shape {mark.shape}; give bool of shape ({d},)")
    return mark.astype(bool)


def _groups(value: Any, d: int) -> NDArray[np.int64]:
    if value is None:
        return np.full(d, -1, dtype=np.int64)
    groups = inputs.numbers("data: groups", value)
    if groups.dtype.kind not in "iu" or groups.shape != (d,):
        raise InputError(f"data: groups has dtype {groups.dtype}, shape {groups.shape}; give integers of shape ({d},)")
    if groups.min() < -1 or groups.max() > EXACT_INTEGER:
        raise InputError(f"data: group number {int(groups.min())}; give -1 for no group, else a small number >= 0")
    return groups.astype(np.int64)


__all__ = ["GROUP_RULES", "Dataset"]
