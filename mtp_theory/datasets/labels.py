"""Labels of any two kinds as -1 and +1."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import inputs
from ..errors import InputError
from ..losses import Array
from .frames import is_frame
from .rows import plain_array

#: So many labels are shown in a message.
_SHOWN = 4


def read_labels(y: Any, n: int, y_test: Any, n_test: int | None, positive: Any = None) -> tuple[Array, Array | None]:
    """``y`` (n,) and ``y_test`` (n_test,; None where ``n_test`` is) as -1 and +1.

    ``positive``: the label that becomes +1, the other one becomes -1; None: the labels are -1 and +1 already.
    Raises InputError: another shape, a missing label, more than two kinds, labels without ``positive``.
    """
    if positive is not None and not isinstance(positive, str | bytes | int | float | np.generic):
        raise InputError(f"data: positive = {inputs.shown(positive)}; give one of the labels")
    train = _column("y", y, n)
    test = None if n_test is None else _column("y_test", y_test, n_test)
    both = [("y", train)] if test is None else [("y", train), ("y_test", test)]
    if positive is None and all(v.dtype.kind in "iuf" and np.isin(v, (-1, 1)).all() for _, v in both):
        return _float(train), None if test is None else _float(test)
    kinds = _kinds(both)
    if len(kinds) > 2:
        more = ", ..." if len(kinds) > _SHOWN else ""
        shown = ", ".join(repr(kind) for kind in kinds[:_SHOWN])
        one, two = (kinds[0], kinds[1]) if positive is None or positive not in kinds else (
            positive, next(kind for kind in kinds if kind != positive))  # fmt: skip
        raise InputError(
            f"data: y has {len(kinds)} kinds of labels, {shown}{more}, and two classes are meant; keep the rows of one"
            f" pair: keep = np.isin(y, [{one!r}, {two!r}]), then X[keep], y[keep] and positive={one!r}"
        )
    if positive is None:
        shown = " and ".join(repr(kind) for kind in kinds)
        raise InputError(
            f"data: the labels are {shown}, not -1 and +1; name the one that is +1: positive={kinds[-1]!r}"
            f" (command line: mtp-theory data FILE --positive {kinds[-1]} --out D.npz)"
        )
    if positive not in kinds:
        raise InputError(f"data: positive={positive!r} is none of the labels {', '.join(repr(kind) for kind in kinds)}")

    def signed(values: NDArray[Any]) -> Array:
        return np.array([1.0 if value == positive else -1.0 for value in values.tolist()])

    return signed(train), None if test is None else signed(test)


def _float(values: NDArray[Any]) -> Array:
    return np.ascontiguousarray(values, dtype=np.float64)


def _column(name: str, value: Any, n: int) -> NDArray[Any]:
    """The labels as a vector of length n; one column (n, 1) is as good."""
    labels = plain_array(name, value.to_numpy() if is_frame(value) else value)
    if labels.shape == (n, 1):
        labels = labels[:, 0]
    if labels.shape != (n,):
        raise InputError(f"data: {name} has shape {labels.shape}; its features have {n} rows, so give shape ({n},)")
    if labels.dtype.kind not in "biufUSO":
        raise InputError(f"data: {name} has dtype {labels.dtype}; give numbers -1 and +1, or words and positive=")
    return labels


def _kinds(both: list[tuple[str, NDArray[Any]]]) -> list[Any]:
    """The different labels, in ascending order (numbers before words). InputError for a missing one."""
    kinds: dict[Any, None] = {}
    for name, values in both:
        for row, value in enumerate(values.tolist()):
            if not isinstance(value, str | bytes | int | float | bool) or value != value:
                raise InputError(f"data: label {value!r} at row {row} of {name}; a label is a word or a number")
            kinds[value] = None
    return sorted(
        kinds, key=lambda kind: (isinstance(kind, str | bytes), str(kind) if isinstance(kind, str | bytes) else kind)
    )


__all__ = ["read_labels"]
