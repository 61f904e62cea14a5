"""Data frames of pandas, polars and their like: columns by name. No such package is imported here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, unknown_name
from ..inputs import each


def is_frame(value: Any) -> bool:
    """Does ``value`` have columns by name, as pandas' and polars' frames do?"""
    return hasattr(value, "columns") and hasattr(value, "to_numpy") and not isinstance(value, np.ndarray)


def column_names(name: str, frame: Any) -> tuple[str, ...]:
    """The names of the columns as text. InputError where one stands twice."""
    names = tuple(str(column) for column in frame.columns)
    for k, column in enumerate(names):
        if column in names[:k]:
            raise InputError(f"data: {name} has two columns {column!r}; rename one")
    return names


def frame_rows(name: str, frame: Any) -> tuple[NDArray[Any], tuple[str, ...]]:
    """All columns side by side (n, d), and their names. InputError that names a column which is no number."""
    names = column_names(name, frame)
    columns = [_numbers(name, column, frame[key]) for column, key in zip(names, frame.columns, strict=True)]
    return (np.column_stack(columns) if columns else np.zeros((0, 0))), names


def one_hot(
    frame: Any, test: Any, categorical: Iterable[str] | None, without: str | None
) -> tuple[NDArray[Any], NDArray[Any] | None, NDArray[np.int64], tuple[str, ...]]:
    """Rows with each categorical column as one 0/1 column per level, rows of ``test``, group of each, names.

    ``categorical``: names of the columns to encode; None takes those that are no numbers. ``without``: a column that
    is left out (the label). Levels, in ascending order, are those of both frames.
    """
    if not is_frame(frame) or not (test is None or is_frame(test)):
        kind = type(test if is_frame(frame) else frame).__name__
        raise InputError(f"data: {kind} is no data frame; give one of pandas or polars, or Dataset(X, y) an array")
    names = [c for c in column_names("X", frame) if c != without]
    keys = dict(zip(column_names("X", frame), frame.columns, strict=True))
    if test is not None:
        missing = [c for c in names if c not in column_names("X_test", test)]
        if missing:
            raise InputError(f"data: X_test has no column {missing[0]!r}, X has; give both the same columns")
    chosen = None if categorical is None else set(map(str, each("categorical", categorical, "columns' names")))
    for column in chosen or ():
        if column not in names:
            raise unknown_name("column", column, names)
    columns: list[NDArray[Any]] = []
    test_columns: list[NDArray[Any]] = []
    groups: list[int] = []
    titles: list[str] = []
    group = -1
    for column in names:
        train = _values(frame[keys[column]])
        other = None if test is None else _values(test[keys[column]])
        if column not in chosen if chosen is not None else train.dtype.kind in "biuf":
            columns.append(_numbers("X", column, train))
            if other is not None:
                test_columns.append(_numbers("X_test", column, other))
            groups.append(-1)
            titles.append(column)
            continue
        group += 1
        words = _words("X", column, train)
        test_words = None if other is None else _words("X_test", column, other)
        for level in sorted({*words, *(test_words or ())}, key=_order):
            columns.append(np.array([word == level for word in words], dtype=np.float64))
            if test_words is not None:
                test_columns.append(np.array([word == level for word in test_words], dtype=np.float64))
            groups.append(group)
            titles.append(f"{column}={level}")
    if not columns:
        raise InputError("data: X has no columns; give at least one feature")
    X_test = np.column_stack(test_columns).astype(np.float64) if test is not None else None
    return np.column_stack(columns).astype(np.float64), X_test, np.array(groups, dtype=np.int64), tuple(titles)


def _order(level: Any) -> tuple[str, Any]:
    """Levels in ascending order; those of different types by the types' names."""
    return ("number" if isinstance(level, bool | int | float) else type(level).__name__, level)


def _values(column: Any) -> NDArray[Any]:
    return np.asarray(column.to_numpy() if hasattr(column, "to_numpy") else column)


def _numbers(name: str, column: str, values: Any) -> NDArray[Any]:
    array = _values(values)
    if array.dtype.kind == "O":
        # Nullable columns and columns of mixed numbers arrive as objects.
        array = np.array(array.tolist())
    if array.dtype.kind in "biuf" and array.ndim == 1:
        return array
    odd = [value for value in _values(values).tolist() if not isinstance(value, int | float)]
    found = repr(odd[0]) if odd else f"values of dtype {_values(values).dtype}"
    raise InputError(
        f"data: column {column!r} of {name} holds {found}, which is no number; encode it (Dataset.from_frame does"
        " so and fills the one-hot groups), impute it or leave it out"
    )


def _words(name: str, column: str, values: NDArray[Any]) -> list[Any]:
    words: list[Any] = values.tolist()
    for i, word in enumerate(words):
        if not isinstance(word, str | int | float | bool) or word != word:
            raise InputError(
                f"data: column {column!r} of {name} holds {word!r} at row {i}; a category is a word or a number,"
                " so give missing ones a word of their own"
            )
    return words


__all__ = ["column_names", "frame_rows", "is_frame", "one_hot"]
